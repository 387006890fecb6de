"""The files that a dump comes in: ELF, kdump-compressed, split, flattened."""
from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise

from cores.kernel import Core

PAGE = 4096


def _note(order: str, name: bytes, kind: int, data: bytes) -> bytes:
    return (struct.pack(order + "III", len(name) + 1, len(data), kind) + (name + b"\0").ljust(len(name) + 4 & ~3, b"\0")
            + data.ljust(len(data) + 3 & ~3, b"\0"))


def elf_core(
    core: Core, *, mapped: bool = True, notes: bool = True, pieces: int = 1, wide: bool | None = None
) -> bytes:
    """As /proc/vmcore gives it; `mapped` False leaves kernel addresses out, as QEMU does.

    `wide` makes a 64-bit ELF file of a 32-bit kernel's memory, as kexec does.
    """
    machine = core.machine
    order, word = machine.order, 8 if wide else machine.word
    blob = _note(order, b"CORE", 1, bytes(144)) + (_note(order, b"VMCOREINFO", 0, core.vmcoreinfo) if notes else b"")
    head_bytes, entry_bytes = (64, 56) if word == 8 else (52, 32)
    data_at = head_bytes + entry_bytes * (pieces + 1) + len(blob)
    data_at += -data_at % PAGE
    step = -(-len(core.memory) // pieces // PAGE) * PAGE
    entries = [(4, head_bytes + entry_bytes * (pieces + 1), 0, 0, len(blob))]
    for at in range(0, len(core.memory), step):
        size = min(step, len(core.memory) - at)
        physical = core.start + at
        entries.append((1, data_at + at, machine.virtual + physical if mapped else 0, physical, size))
    ident = b"\x7fELF" + bytes([2 if word == 8 else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    long = "Q" if word == 8 else "I"
    head = ident + struct.pack(
        f"{order}HHI{long}{long}{long}IHHHHHH", 4, machine.elf_machine, 1, 0, head_bytes, 0, 0, head_bytes, entry_bytes,
        len(entries), 0, 0, 0)
    for kind, offset, virtual, physical, size in entries:
        if word == 8:
            head += struct.pack(order + "IIQQQQQQ", kind, 7, offset, virtual, physical, size, size, 0)
        else:
            head += struct.pack(order + "IIIIIIII", kind, offset, virtual, physical, size, size, 7, 0)
    return (head + blob).ljust(data_at, b"\0") + bytes(core.memory)


def kdump_core(
    core: Core,
    *,
    pack: Callable[[bytes], bytes] = zlib.compress,
    method: int = 1,
    leave_out: Sequence[int] = (),
    version: int = 6,
    part: tuple[int, int] | None = None,
) -> bytes:
    """makedumpfile's format. `leave_out` are page numbers from the first one on; `part` bounds a split file's."""
    machine = core.machine
    order, word = machine.order, machine.word
    first = core.start // PAGE
    pages = [core.memory[at : at + PAGE] for at in range(0, len(core.memory), PAGE)]
    top = first + len(pages)
    bitmap_bytes = -(-top // 8)
    bitmap_bytes += -bitmap_bytes % PAGE
    dumped = bytearray(bitmap_bytes)
    existing = bytearray(bitmap_bytes)
    for number in range(len(pages)):
        pfn = first + number
        existing[pfn // 8] |= 1 << pfn % 8
        if number not in leave_out:
            dumped[pfn // 8] |= 1 << pfn % 8
    info = core.vmcoreinfo
    notes = _note(order, b"VMCOREINFO", 0, info)
    info_at = PAGE + 512
    sub_blocks = -(-(512 + len(info) + len(notes)) // PAGE)
    uts = [b"Linux", b"crashed.example", core.release.encode(), b"#1 SMP", machine.arch.encode(), b"(none)"]
    head = b"KDUMP   " + struct.pack(order + "I", version) + b"".join(text.ljust(65, b"\0") for text in uts)
    head = head.ljust(408, b"\0") + bytes(16) if word == 8 else head.ljust(404, b"\0") + bytes(8)
    head += struct.pack(order + "IIIIIIIII", 0, PAGE, sub_blocks, 2 * bitmap_bytes // PAGE, top, 0, 0, 0, 1)
    low, high = part or (0, 0)
    notes_at = info_at + len(info)
    form = order + ("qiiQQQQQQQQQQQ" if word == 8 else "iiiIIQIQIQIQQQ")
    sub = struct.pack(form, 0, 31, 1 if part else 0, low, high, info_at, len(info), notes_at, len(notes), 0, 0, low,
                      high, top)
    mine = [number for number in range(len(pages)) if number not in leave_out
            and (part is None or low <= first + number < high)]
    descs_at = (1 + sub_blocks) * PAGE + 2 * bitmap_bytes
    data_at = descs_at + 24 * len(mine)
    descs, data = bytearray(), bytearray()
    for number in mine:
        packed = pack(bytes(pages[number]))
        flags = method
        if len(packed) >= PAGE:
            packed, flags = bytes(pages[number]), 0
        descs += struct.pack(order + "QIIQ", data_at + len(data), len(packed), flags, 0)
        data += packed
    body = sub.ljust(512, b"\0") + info + notes
    return head.ljust(PAGE, b"\0") + body.ljust(sub_blocks * PAGE, b"\0") + bytes(existing + dumped + descs + data)


def split_core(core: Core, parts: int) -> list[bytes]:
    """As `makedumpfile --split` writes it."""
    first, pages = core.start // PAGE, len(core.memory) // PAGE
    edges = [0, *(first + pages * part // parts for part in range(1, parts)), first + pages]
    return [kdump_core(core, part=(low, high)) for low, high in pairwise(edges)]


def flatten(data: bytes, *, block: int = 10_000, rewrite: bool = True, end: bool = True) -> bytes:
    """makedumpfile -F; `rewrite` writes the first bytes last, as it does with its header."""
    out = (b"makedumpfile\0\0\0\0" + struct.pack(">qq", 1, 1)).ljust(PAGE, b"\0")

    def put(offset: int, part: bytes) -> bytes:
        return struct.pack(">qq", offset, len(part)) + part

    if rewrite:
        out += put(0, b"\xff" * min(512, len(data)))
    for at in range(512 if rewrite else 0, len(data), block):
        out += put(at, data[at : at + block])
    if rewrite:
        out += put(0, data[:512])
    return out + (struct.pack(">qq", -1, -1) if end else b"")
