"""ELF notes of a core: VMCOREINFO, and the signs of a process' core."""
from __future__ import annotations

import struct

_NAME = b"VMCOREINFO"
_TEXT_BYTES = 1 << 20
# Notes that the kernel writes for processes only: NT_PRPSINFO, NT_AUXV, NT_SIGINFO, NT_FILE (elf.h)
_PROCESS_NOTES = frozenset((3, 6, 0x53494749, 0x46494C45))


def vmcoreinfo_note(blob: bytes, order: str) -> tuple[bytes, bool]:
    """The VMCOREINFO text in a run of notes (b"" where there is none), and whether the notes are a process'.

    A damaged note header must not hide a VMCOREINFO behind it: where the walk finds none, its name is searched for.
    """
    at = 0
    process = False
    while at + 12 <= len(blob):
        name_bytes, text_bytes, kind = struct.unpack_from(order + "III", blob, at)
        name_end = at + 12 + name_bytes
        text_at = at + 12 + (name_bytes + 3 & ~3)
        if name_end > len(blob) or text_at > len(blob):
            break
        name = blob[at + 12 : name_end].rstrip(b"\0")
        if name == _NAME:
            return blob[text_at : text_at + min(text_bytes, _TEXT_BYTES)], False
        process = process or (name == b"CORE" and kind in _PROCESS_NOTES)
        at = text_at + (text_bytes + 3 & ~3)
    found = blob.find(_NAME + b"\0")
    if found >= 0:
        text_at = found + 12
        (text_bytes,) = struct.unpack_from(order + "I", blob, found - 8) if found >= 12 else (_TEXT_BYTES,)
        return blob[text_at : text_at + min(text_bytes or _TEXT_BYTES, _TEXT_BYTES)], False
    return b"", process
