"""One gzip member, with its header and check sum looked at here: so a wrong sum costs none of the data before it.

RFC 1952. The decoder of `inflate` unpacks what stands between, and gives its sum.
"""
from __future__ import annotations

from typing import Any

from nopage.intake.unpack.inflate import inflate

HEADER = 10
TEXT, SUM, EXTRA, NAME, COMMENT = 1, 2, 4, 8, 16  # bits of the flags
LONGEST = 128 << 10  # of a header: 64 KiB extra field, a name, a comment
TRAILER = 8


class GzipDecoder:
    """In the shape of Python's own decompressors. A fault is raised by the call behind the one that gave the data."""

    def __init__(self) -> None:
        self._inflate: Any
        self._inflate, self.faults = inflate()
        self._begun = False
        self._head = b""
        self._behind = b""
        self._given = 0
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, most: int) -> bytes:
        """The next unpacked bytes. Raises ValueError and one of `faults` for what is no gzip data."""
        if not self._begun:
            self._head += data
            at = header_end(self._head)
            if at is None:
                return b""
            data, self._head, self._begun = self._head[at:], b"", True
        if self._inflate.eof:
            return self._end(data)
        out: bytes = self._inflate.decompress(data, most)
        self._given += len(out)
        self.needs_input = self._inflate.needs_input
        if self._inflate.eof:
            self.needs_input = False
            self._behind = self._inflate.unused_data
            return out or self._end(b"")
        return out

    def _end(self, data: bytes) -> bytes:
        self._behind += data
        if len(self._behind) < TRAILER:
            self.needs_input = True
            return b""
        wanted, length = self._behind[:4], self._behind[4:TRAILER]
        if wanted != self._inflate.crc.to_bytes(4, "little"):
            raise ValueError("wrong check sum")
        if length != (self._given & 0xFFFFFFFF).to_bytes(4, "little"):
            raise ValueError("wrong length")
        self.eof, self.unused_data = True, self._behind[TRAILER:]
        return b""


def header_end(head: bytes) -> int | None:
    """Where a member's data begin; None where more of its header has to be read. Raises ValueError."""
    if len(head) < HEADER:
        return None
    if head[:3] != b"\x1f\x8b\x08" or head[3] & 0xE0:
        raise ValueError("wrong header")
    flags, at = head[3], HEADER
    if flags & EXTRA:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    for bit in (NAME, COMMENT):
        if flags & bit and at <= len(head):
            at = head.find(b"\0", at) + 1 or len(head) + 1
    at += 2 if flags & SUM else 0
    if at <= len(head):
        return at
    if len(head) > LONGEST:
        raise ValueError("a header without end")
    return None
