"""Kernel virtual memory of a core: what the container maps, the linear maps of the architecture, its page tables."""
from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from nopage.vmcore.address.paging import Paging, paging_for
from nopage.vmcore.address.vmcoreinfo import VmcoreInfo
from nopage.vmcore.container import Image, Segment
from nopage.vmcore.facts import ReadFault

_PIECE = 1 << 20
_X86_TEXT = 0xFFFF_FFFF_8000_0000  # arch/x86/include/asm/page_64_types.h: __START_KERNEL_map
_X86_TEXT_BYTES = 512 << 20
# Documentation/arch/x86/x86_64/mm.rst: where the direct map begins without KASLR, newest first, and in RHEL 5
_X86_DIRECT = (0xFFFF_8880_0000_0000, 0xFF11_0000_0000_0000, 0xFFFF_8800_0000_0000, 0xFFFF_8100_0000_0000)
_X86_DIRECT_BYTES = 1 << 46


class Segments:
    """Mappings by virtual address; of overlapping ones the one that begins last serves."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self._segments = sorted(segments, key=lambda segment: segment.virtual)
        self._starts = [segment.virtual for segment in self._segments]

    def find(self, address: int) -> tuple[int, int]:
        """(physical address, bytes that follow it in the mapping)."""
        index = bisect_right(self._starts, address) - 1
        if index >= 0:
            segment = self._segments[index]
            within = address - segment.virtual
            if within < segment.size:
                return (segment.physical + within) & (1 << 64) - 1, segment.size - within
        raise ReadFault(f"kernel address {address:#x} is not mapped")


class KernelMemory:
    """Reads kernel addresses of an image. Every read is of bounded size and either whole or a ReadFault."""

    def __init__(self, image: Image, info: VmcoreInfo) -> None:
        self.image = image
        self.info = info
        self.order = image.order
        self.word_bytes = image.word_bytes
        self._word = struct.Struct(image.order + ("Q" if image.word_bytes == 8 else "I"))
        self._pages: dict[int, tuple[int, int]] = {}
        self._segments = Segments(_kernel_segments(image))
        self._linear = self._fallback = Segments(())
        self._root: int | None = None
        self._paging: Paging | None = None
        self._linear = Segments(self._text_map())
        found = paging_for(image.arch, info)
        if found is not None and found[0] in info.symbols:
            try:
                self._root = self._mapped(info.symbols[found[0]])[0]
                self._paging = found[1]
            except ReadFault:
                pass
        self._fallback = Segments(self._direct_maps())

    def _text_map(self) -> Iterator[Segment]:
        """Maps that hold by the architecture's own rule; more exact than page tables and there without them."""
        arch, numbers = self.image.arch, self.info.numbers
        if arch == "x86_64":
            base = self._phys_base()
            if base is not None:
                size = min(numbers.get("KERNEL_IMAGE_SIZE", _X86_TEXT_BYTES), 1 << 30)
                yield Segment(_X86_TEXT, max(size, 0), base)
        elif arch == "i386":
            yield Segment(0xC000_0000, 16 << 20, 0)
        elif arch == "aarch64" and "kimage_voffset" in numbers:
            text = self.info.symbols.get("_text") or self.info.symbols.get("_stext") or 0
            if text:
                start = text & ~0xFFFF
                yield Segment(start, 256 << 20, start - numbers["kimage_voffset"] & (1 << 64) - 1)
        elif arch == "riscv64" and "va_kernel_pa_offset" in numbers:
            start = numbers.get("KERNEL_LINK_ADDR", 0) & (1 << 64) - 1
            yield Segment(start, 256 << 20, start - numbers["va_kernel_pa_offset"] & (1 << 64) - 1)

    def _direct_maps(self) -> Iterator[Segment]:
        arch, numbers = self.image.arch, self.info.numbers
        if arch == "x86_64":
            for base in _X86_DIRECT:
                yield Segment(base, _X86_DIRECT_BYTES, 0)
        elif arch in ("i386", "ppc"):
            yield Segment(0xC000_0000, 0x3800_0000, 0)
        elif arch in ("ppc64", "ppc64le"):
            yield Segment(0xC000_0000_0000_0000, 1 << 52, 0)
        elif arch == "s390x":
            yield Segment(0, 1 << 47, 0)
        elif arch == "aarch64" and "PHYS_OFFSET" in numbers and 36 <= numbers.get("VA_BITS", 0) <= 52:
            bits = numbers["VA_BITS"]
            old = (1 << 64) - (1 << bits - 1)  # before Linux 5.4 the linear map had the upper half
            new = (1 << 64) - (1 << bits)
            text = self.info.symbols.get("_stext", 0)
            yield Segment(new if text >= old else old, 1 << bits - 1, numbers["PHYS_OFFSET"])

    def _phys_base(self) -> int | None:
        """x86_64: how far the kernel was moved from where it is linked (64-bit two's complement)."""
        if "phys_base" in self.info.numbers:
            return self.info.numbers["phys_base"]
        if self.image.phys_base is not None:
            return self.image.phys_base
        symbol = self.info.symbols.get("phys_base")
        if symbol is not None:
            try:  # before Linux 4.10 only its address is told: the container has to map it
                value = self._word.unpack(self.read(symbol, self.word_bytes))[0]
            except ReadFault:
                return 0
            return int(value)
        return 0

    def translate(self, address: int) -> tuple[int, int]:
        """(physical address, how many bytes follow it contiguously)."""
        if not 0 <= address < 1 << 8 * self.word_bytes:
            raise ReadFault(f"{address:#x} is no address of a {8 * self.word_bytes}-bit kernel")
        try:
            return self._mapped(address)
        except ReadFault:
            if self._root is None or self._paging is None:
                return self._fallback.find(address)
        page = address & ~0xFFF
        known = self._pages.get(page)
        if known is None:
            try:
                known = self._paging.walk(self._root, page, self._entry)
            except ReadFault:
                known = self._fallback.find(page)
            if len(self._pages) < 100_000:
                self._pages[page] = known
        return known[0] + (address - page), known[1] - (address - page)

    def _mapped(self, address: int) -> tuple[int, int]:
        try:
            return self._segments.find(address)
        except ReadFault:
            return self._linear.find(address)

    def _entry(self, physical: int, size: int) -> int:
        return int.from_bytes(self.image.read_physical(physical, size), "little" if self.order == "<" else "big")

    def read(self, address: int, length: int) -> bytes:
        """Exactly `length` bytes."""
        if not 0 <= length <= 1 << 31:
            raise ReadFault(f"{length} bytes at {address:#x}: not believable")
        parts: list[bytes] = []
        while length:
            physical, run = self.translate(address)
            take = min(run, length)
            parts.append(self.image.read_physical(physical, take))
            address += take
            length -= take
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def read_around(self, address: int, length: int) -> tuple[bytes, int]:
        """`length` bytes with zeros for the pages that are not there, and how many bytes those are."""
        out = bytearray()
        absent = 0
        step = _PIECE
        while len(out) < length:
            take = min(step - (address + len(out)) % step, length - len(out))
            try:
                out += self.read(address + len(out), take)
            except ReadFault:
                if step > 4096:
                    step = 4096
                    continue
                out += bytes(take)
                absent += take
            if step < _PIECE and (address + len(out)) % _PIECE == 0:
                step = _PIECE
        return bytes(out), absent

    def word(self, address: int) -> int:
        """An unsigned long."""
        return int(self._word.unpack(self.read(address, self.word_bytes))[0])

    def u32(self, address: int) -> int:
        return int.from_bytes(self.read(address, 4), "little" if self.order == "<" else "big")


def _kernel_segments(image: Image) -> list[Segment]:
    """The container's own mappings, without those that a QEMU dump of a paging guest makes of user space."""
    if image.word_bytes == 4:
        return [segment for segment in image.virtual if segment.virtual >= 0x4000_0000]
    if image.arch == "s390x":
        return list(image.virtual)
    return [segment for segment in image.virtual if segment.virtual >= 1 << 63]
