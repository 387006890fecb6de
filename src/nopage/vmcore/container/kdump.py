"""kdump-compressed dumps (makedumpfile -c, -l, -p, -z, QEMU's kdump-*), whole or split; diskdump_mod.h."""
from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from nopage.vmcore.container.decompress import METHODS, Unpacker
from nopage.vmcore.container.elf_notes import vmcoreinfo_note
from nopage.vmcore.container.image import Image
from nopage.vmcore.container.kdump_header import read_header
from nopage.vmcore.container.raw import Bytes
from nopage.vmcore.facts import CoreLimits, ReadFault

_INCOMPLETE = 0x8  # DUMP_DH_COMPRESSED_INCOMPLETE
_BITMAP_CHUNK = 1 << 16
_BITMAP_BYTES = 4 << 30
_CACHED_BYTES = 8 << 20
_BULK_PAGES, _BULK_BYTES = 16, 1 << 20
_DESC = struct.Struct("<QIIQ")  # struct page_desc: offset, size, flags, page_flags
_ARCHES = {"i486": "i386", "i586": "i386", "i686": "i386", "athlon": "i386", "ppc64": "ppc64", "s390": "s390x"}


class _Part:
    """One file of a dump: its header, and the index of its pages."""

    def __init__(self, source: Bytes) -> None:
        self.source = source
        self.header = header = read_header(source)
        bitmap_bytes = header.bitmap_blocks * header.block
        self.descs_at = (1 + header.sub_blocks) * header.block + bitmap_bytes
        # two bitmaps of equal size: which pages exist, and which of them are in the dump
        half = bitmap_bytes // 2 if header.max_mapnr <= bitmap_bytes * 4 else bitmap_bytes
        self.bitmap_at = (1 + header.sub_blocks) * header.block + (bitmap_bytes - half)
        self.bitmap_bytes = min(half, (header.max_mapnr + 7) // 8, _BITMAP_BYTES)
        self.first = header.start_pfn if header.split else 0
        self.last = min(header.end_pfn if header.split else header.max_mapnr, self.bitmap_bytes * 8)
        self._ranks: list[int] | None = None
        self._skipped = 0
        self._chunk: tuple[int, bytes] = (-1, b"")

    def chunk(self, index: int) -> bytes:
        """A part of the bitmap of dumped pages."""
        if self._chunk[0] != index:
            at = index * _BITMAP_CHUNK
            self._chunk = index, self.source.read(self.bitmap_at + at, min(_BITMAP_CHUNK, self.bitmap_bytes - at))
        return self._chunk[1]

    def chunks(self) -> int:
        return -(-self.bitmap_bytes // _BITMAP_CHUNK)

    def rank(self, pfn: int) -> int | None:
        """The number of the page's descriptor in this file; None for a page that was left out."""
        chunk = self.chunk(pfn // 8 // _BITMAP_CHUNK)
        byte, bit = pfn // 8 % _BITMAP_CHUNK, pfn % 8
        if byte >= len(chunk) or not chunk[byte] >> bit & 1:
            return None
        below = int.from_bytes(chunk[:byte], "little").bit_count() + (chunk[byte] & (1 << bit) - 1).bit_count()
        return self._before(pfn // 8 // _BITMAP_CHUNK) + below - self._skipped

    def _before(self, index: int) -> int:
        if self._ranks is None:
            self._ranks = [0]
            for number in range(self.chunks()):
                count = int.from_bytes(self.chunk(number), "little").bit_count()
                self._ranks.append(self._ranks[-1] + count)
            self._skipped = self._below_first()
        return self._ranks[index]

    def _below_first(self) -> int:
        """A split file carries the whole bitmap but only the descriptors of its own pages."""
        if not self.first or self._ranks is None:
            return 0
        chunk = self.chunk(self.first // 8 // _BITMAP_CHUNK)
        byte, bit = self.first // 8 % _BITMAP_CHUNK, self.first % 8
        part = chunk[byte] & (1 << bit) - 1 if byte < len(chunk) else 0
        return (
            self._ranks[min(self.first // 8 // _BITMAP_CHUNK, len(self._ranks) - 1)]
            + int.from_bytes(chunk[:byte], "little").bit_count()
            + part.bit_count()
        )


class KdumpImage(Image):
    """The pages of one dump, from one file or from all parts of a split one."""

    def __init__(self, sources: Sequence[Bytes], limits: CoreLimits) -> None:
        super().__init__()
        self.kind = "kdump"
        self._parts = sorted((_Part(source) for source in sources), key=lambda part: part.first)
        self._firsts = [part.first for part in self._parts]
        header = self._parts[0].header
        self.order, self.word_bytes, self._block = header.order, header.word_bytes, header.block
        self.page_bytes = header.block
        self._desc = struct.Struct(header.order + "QIIQ")
        self._cache: dict[int, bytes] = {}
        self._unpacker = Unpacker(header.block, limits.damaged_seconds)
        _, self.hostname, self.release, _, machine, _ = (text or None for text in header.uts)
        if self.hostname == "(none)":  # never set
            self.hostname = None
        if header.word_bytes == 4 and machine == "x86_64":  # a 32-bit kernel under a 64-bit personality
            machine = "i386"
        self.arch = _ARCHES.get(machine or "", machine)
        self.phys_base = header.phys_base
        self._vmcoreinfo(limits)
        self._check()

    def _vmcoreinfo(self, limits: CoreLimits) -> None:
        for part in self._parts:
            at, size = part.header.vmcoreinfo
            if at and size:
                self.vmcoreinfo = part.source.read(at, min(size, 1 << 20))
                return
            at, size = part.header.notes
            if at and size:
                self.vmcoreinfo, _ = vmcoreinfo_note(part.source.read(at, min(size, limits.notes_bytes)), self.order)

    def _check(self) -> None:
        header = self._parts[0].header
        if header.status & _INCOMPLETE:
            self.warnings.append("the dump says of itself that it is incomplete: makedumpfile ran out of space")
        for part in self._parts:
            if part.descs_at >= part.source.size:
                self.warnings.append("the file is cut inside its page bitmap: no memory of it can be read")
        if header.split and (self._firsts[0] > 0 or self._parts[-1].last < header.max_mapnr):
            self.warnings.append("a part of a split dump: memory that is in the other parts is missing")

    def read_physical(self, address: int, length: int) -> bytes:
        pfn, within = divmod(address, self._block)
        count = -(-(within + length) // self._block)
        if count == 1:
            return self._page(pfn)[within : within + length]
        if count < _BULK_PAGES:
            data = b"".join(self._page(number) for number in range(pfn, pfn + count))
        else:
            data = b"".join(self._many(pfn, count))
        return data[within : within + length]

    def _part(self, pfn: int) -> tuple[_Part, int]:
        """The file that holds a page, and the number of its descriptor there."""
        part = self._parts[max(bisect_right(self._firsts, pfn) - 1, 0)]
        rank = part.rank(pfn) if part.first <= pfn < part.last else None
        if rank is None:
            raise ReadFault(f"physical address {pfn * self._block:#x} is not in the dump")
        return part, rank

    def _page(self, pfn: int) -> bytes:
        known = self._cache.get(pfn)
        if known is not None:
            return known
        part, rank = self._part(pfn)
        desc = part.source.read(part.descs_at + rank * _DESC.size, _DESC.size)
        if len(desc) < _DESC.size:
            raise ReadFault("the dump is cut inside its page descriptors")
        offset, size, flags, _ = self._desc.unpack(desc)
        if size > 2 * self._block or offset + size > part.source.size:
            raise ReadFault(f"the page at physical address {pfn * self._block:#x} lies beyond the end of the file")
        data = self._unpacked(part.source.read(offset, size), flags, pfn)
        if len(self._cache) * self._block >= _CACHED_BYTES:
            self._cache.pop(next(iter(self._cache)))
        self._cache[pfn] = data
        return data

    def _many(self, pfn: int, count: int) -> Iterator[bytes]:
        """A run of pages, with few reads: their descriptors, and mostly their data too, lie one after the other."""
        part, rank = self._part(pfn)
        last, end = self._part(pfn + count - 1)
        if last is not part or end - rank != count - 1:
            yield from (self._page(number) for number in range(pfn, pfn + count))
            return
        descs = part.source.read(part.descs_at + rank * _DESC.size, count * _DESC.size)
        if len(descs) < count * _DESC.size:
            raise ReadFault("the dump is cut inside its page descriptors")
        at, data = 0, b""
        for number, (offset, size, flags, _) in enumerate(self._desc.iter_unpack(descs)):
            if size > 2 * self._block:
                raise ReadFault(f"the page at physical address {(pfn + number) * self._block:#x} is damaged")
            if not at <= offset <= offset + size <= at + len(data):
                at, data = offset, part.source.read(offset, max(size, _BULK_BYTES))
            piece = data[offset - at : offset - at + size]
            yield self._unpacked(piece, flags, pfn + number)

    def _unpacked(self, data: bytes, flags: int, pfn: int) -> bytes:
        if flags & METHODS:
            return self._unpacker.page(data, flags)
        if len(data) != self._block:
            raise ReadFault(f"the page at physical address {pfn * self._block:#x} is damaged")
        return data

    def ranges(self) -> Iterator[tuple[int, int]]:
        for part in self._parts:
            begin: int | None = None
            for index in range(part.chunks()):
                base = index * _BITMAP_CHUNK * 8
                for start, stop in _runs(part.chunk(index)):
                    first, last = max(base + start, part.first), min(base + stop, part.last)
                    if first >= last:
                        continue
                    if begin is None:
                        begin, end = first, last
                    elif first == end:
                        end = last
                    else:
                        yield begin * self._block, (end - begin) * self._block
                        begin, end = first, last
            if begin is not None:
                yield begin * self._block, (end - begin) * self._block


def _runs(bitmap: bytes) -> Iterator[tuple[int, int]]:
    """(first, behind the last) of each run of set bits."""
    bits = int.from_bytes(bitmap, "little")
    at = 0
    text = bin(bits)[:1:-1]
    while (start := text.find("1", at)) >= 0:
        stop = text.find("0", start)
        at = len(text) if stop < 0 else stop
        yield start, at
