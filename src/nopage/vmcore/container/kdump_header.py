"""The headers of kdump-compressed dumps: struct disk_dump_header and kdump_sub_header of makedumpfile, QEMU, crash."""
from __future__ import annotations

import struct

from nopage.kernel.frozen import dataclass
from nopage.vmcore.container.raw import Bytes
from nopage.vmcore.facts import ReadFault

_UTSNAME_AT, _UTS_FIELD = 12, 65
_BLOCKS = (4096, 8192, 16384, 32768, 65536)


@dataclass(frozen=True, slots=True)
class KdumpHeader:
    """As far as it matters here. `uts` holds sysname, nodename, release, version, machine, domainname.

    `vmcoreinfo` and `notes` are (offset in the file, size), (0, 0) where there are none. `start_pfn` and `end_pfn`
    bound the pages of one part of a split dump.
    """

    order: str
    word_bytes: int
    uts: tuple[str, ...]
    status: int
    block: int
    sub_blocks: int
    bitmap_blocks: int
    max_mapnr: int
    phys_base: int
    split: bool
    start_pfn: int
    end_pfn: int
    vmcoreinfo: tuple[int, int]
    notes: tuple[int, int]


def read_header(source: Bytes) -> KdumpHeader:
    """Word size and byte order are not said: they follow from where a believable block size stands."""
    head = source.read(0, 512)
    for order in "<", ">":
        # utsname ends at 402; a timeval follows, aligned to and made of words
        for word_bytes, at in ((8, 424), (4, 412)):
            if len(head) < at + 20:
                continue
            status, block, sub_blocks, bitmap_blocks, max_mapnr = struct.unpack_from(order + "5I", head, at)
            (version,) = struct.unpack_from(order + "I", head, 8)
            if block in _BLOCKS and 0 < version < 64 and 0 < sub_blocks < 4096:
                sub = source.read(block, 256).ljust(256, b"\0")
                fields = struct.unpack_from(order + ("qiiQQQQQQ" if word_bytes == 8 else "iiiIIQIQI"), sub)
                phys_base, _, split, start, end, info_at, info_size, note_at, note_size = fields
                if version >= 6:  # page numbers in 64 bits
                    start, end, wide = struct.unpack_from(order + "QQQ", sub, 80 if word_bytes == 8 else 56)
                    max_mapnr = wide or max_mapnr
                return KdumpHeader(
                    order, word_bytes, _utsname(head), status, block, sub_blocks, bitmap_blocks, max_mapnr, phys_base,
                    split=bool(split) and version >= 2, start_pfn=start, end_pfn=end,
                    vmcoreinfo=(info_at, info_size) if version >= 3 else (0, 0),
                    notes=(note_at, note_size) if version >= 4 else (0, 0),
                )
    raise ReadFault("the header of the kdump-compressed dump is cut or damaged")


def _utsname(head: bytes) -> tuple[str, ...]:
    fields = (head[_UTSNAME_AT + at : _UTSNAME_AT + at + _UTS_FIELD] for at in range(0, 6 * _UTS_FIELD, _UTS_FIELD))
    texts = (field.partition(b"\0")[0].decode("ascii", "replace") for field in fields)
    return tuple(text if text.isprintable() else "" for text in texts)
