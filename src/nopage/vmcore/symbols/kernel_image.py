"""Looking through the kernel's own read-only data for what VMCOREINFO does not point to: kallsyms and BTF.

The tables are told by their looks: kallsyms_token_table has the digits one after the other, each a token of its own,
and token_index, the markers and the names have to agree with it; BTF has a magic number and a plausible header.
"""
from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import ReadFault
from nopage.vmcore.symbols.btf import btf_size
from nopage.vmcore.symbols.kallsyms import KallsymsTables

_SPAN = 96 << 20  # from _stext on: text, then .rodata with both tables
_BLOCK = 2 << 20
_OVERLAP = 4096
_ABSENT_BLOCKS = 3
_DIGITS = b"".join(b"%c\0" % digit for digit in b"0123456789")
_MARKER_NAMES = 256  # kernel/kallsyms.c: one marker for each 256 names
_MARKERS = 1 << 14
_LAST_BLOCK = 64 << 10


@dataclass(slots=True)
class InImage:
    """Where the tables were found."""

    kallsyms: KallsymsTables | None = None
    btf: int | None = None


def find_in_image(memory: KernelMemory) -> InImage:
    """Reads at most 96 MiB of the kernel's image; ends early where the core does not hold it."""
    found = InImage()
    start = memory.info.symbols.get("_stext")
    if start is None:
        return found
    magic = struct.pack(memory.order + "HBBI", 0xEB9F, 1, 0, 24)
    for address, block in _blocks(memory, start & ~0xFFF):
        if found.btf is None:
            at = block.find(magic)
            if at >= 0 and btf_size(block[at : at + 24], memory.order):
                found.btf = address + at
        if found.kallsyms is None:
            at = block.find(_DIGITS)
            while at >= 0 and found.kallsyms is None:
                try:
                    found.kallsyms = _kallsyms(memory, address + at)
                except (ReadFault, struct.error):
                    pass
                at = block.find(_DIGITS, at + 1)
        if found.btf is not None and found.kallsyms is not None:
            break
    return found


def _blocks(memory: KernelMemory, start: int) -> Iterator[tuple[int, bytes]]:
    absent_run = 0
    for address in range(start, min(start + _SPAN, (1 << 8 * memory.word_bytes) - _BLOCK), _BLOCK - _OVERLAP):
        if _present(memory, address):
            absent_run = 0
            yield address, memory.read_around(address, _BLOCK)[0]
            continue
        absent_run += 1
        if absent_run >= _ABSENT_BLOCKS:
            return


def _present(memory: KernelMemory, start: int) -> bool:
    """Whether one page of each 64 KiB of a block is in the core: cheaper than to miss all of them one by one."""
    for address in range(start, start + _BLOCK, 64 << 10):
        try:
            memory.read(address, 1)
        except ReadFault:
            continue
        return True
    return False


def _kallsyms(memory: KernelMemory, digits: int) -> KallsymsTables | None:
    """From the token "0" back to the table's start, on to its index, back over the markers to names and addresses."""
    before = memory.read_around(digits - 2048, 2048)[0]
    starts = _token_starts(before)
    if starts is None:
        return None
    token_table = digits - 2048 + starts
    token_table += -token_table % memory.word_bytes  # the table is aligned; what stands before need not end in zeros
    table = memory.read_around(token_table, 8192)[0]
    at, offsets = 0, list[int]()
    for _ in range(256):
        offsets.append(at)
        at = table.find(b"\0", at) + 1
        if at <= 0:
            return None
    index = struct.pack(memory.order + "256H", *offsets)
    place = table.find(index, at, at + 64 + len(index))
    if place < 0:
        return None
    markers_at, count = _markers(memory, token_table)
    return _names(memory, markers_at, count, token_table, token_table + place)


def _token_starts(before: bytes) -> int | None:
    """Where token 0 begins in what lies before token "0" (0x30), the 49th: 48 strings back."""
    at = len(before) - 1
    for _ in range(0x30):
        at = before.rfind(b"\0", 0, at)
        if at < 0:
            return None
    return at + 1


def _markers(memory: KernelMemory, token_table: int) -> tuple[int, int]:
    """(address, number) of the markers that end before the token table: growing offsets from 0 on.

    Their elements are 32 bits wide since Linux 4.20, longs before.
    """
    for width in sorted({4, memory.word_bytes}):
        size = _MARKERS * width
        data = memory.read_around(token_table - size, size)[0]
        values = struct.unpack(f"{memory.order}{_MARKERS}{'I' if width == 4 else 'Q'}", data)
        at = _MARKERS - 1
        while at > 0 and values[at] == 0:  # padding
            at -= 1
        last = at
        while at > 0 and 0 < values[at] - values[at - 1] < _LAST_BLOCK and values[at]:
            at -= 1
        if values[at] == 0 and last - at >= 16:
            return token_table - size + at * width, last - at + 1
    raise ReadFault("no markers")


def _names(
    memory: KernelMemory, markers_at: int, markers: int, token_table: int, token_index: int
) -> KallsymsTables | None:
    """The names end where the markers begin; their number stands, aligned, before them."""
    width = 4
    last = memory.u32(markers_at + (markers - 1) * width)
    if memory.u32(markers_at + width) == 0:  # longs
        width = memory.word_bytes
        last = memory.word(markers_at + (markers - 1) * width)
    word = memory.word_bytes
    low = (markers_at - last - _LAST_BLOCK) & ~(word - 1)
    data = memory.read_around(low, _LAST_BLOCK)[0]
    most, least = markers * _MARKER_NAMES, (markers - 1) * _MARKER_NAMES
    for at in range(len(data) - 4, -1, -4):
        (count,) = struct.unpack_from(memory.order + "I", data, at)
        if not least < count <= most:
            continue
        for gap in sorted({4, word}):
            names = low + at + gap
            if names % 4 == 0 and _ends_at(memory, names + last, count - least, markers_at):
                return _with_addresses(memory, low + at, count, names, token_table, token_index)
    return None


def _ends_at(memory: KernelMemory, address: int, names: int, end: int) -> bool:
    """`names` more names from `address` on end right before `end`, but for padding."""
    if not 0 < end - address <= _LAST_BLOCK:
        return False
    data = memory.read_around(address, end - address)[0]
    at = 0
    for _ in range(names):
        if at >= len(data) or data[at] == 0:
            return False
        length = data[at]
        if length & 0x80 and at + 1 < len(data):
            length = (length & 0x7F | data[at + 1] << 7) + 1
        at += 1 + length
    return 0 <= len(data) - at < 16 and not any(data[at:])


def _with_addresses(
    memory: KernelMemory, count_at: int, count: int, names: int, token_table: int, token_index: int
) -> KallsymsTables:
    """Before the number of symbols: offsets and their base (4.6 on, KALLSYMS_BASE_RELATIVE), or addresses."""
    word = memory.word_bytes
    base = memory.word(count_at - word)
    offsets = (count_at - word - 4 * count) // word * word
    addresses = count_at - word * count
    return KallsymsTables(count, names, token_table, token_index, offsets=offsets, relative_base=base,
                          addresses=addresses)
