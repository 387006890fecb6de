"""The sections of a text of sar that matter, block by block: `sar -A` of a host with many CPUs is mostly interrupts.

A section ends with an empty line and is known by its first line. JSON and the lines of sadf pass whole, up to the cap.
"""
from __future__ import annotations

from typing import Final

from nopage.kernel.pattern import later

GAP: Final = b"\n\n"
LONGEST_HEAD: Final = 8192
WANTED: Final = (b"pgscank/s", b"rxkB/s", b"rxbyt/s", b"rxdrop/s", b"kbmemfree", b"pswpout/s", b"RESTART", b"Linux ")
# Lines of interfaces that say nothing: the loopback, those of containers, those that carried nothing.
NOTHING: Final = later(
    rb"(?m)^[^\n]{5,40}?[ \t](?:(?:lo|veth[^\s]{1,60}|cali[^\s]{1,60}|tap[^\s]{1,60})[ \t][^\n]*"
    rb"|[^\s]{1,64}(?:[ \t]+0[.,]00)+[ \t]*)(?:\n|\Z)"
)


class SarSections:
    """Feed it blocks; `finish()` gives what is kept, at most `most` bytes. `full` once that is reached."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[bytes] = []
        self._have = 0
        self._rest = b""
        self._keeps: bool | None = None  # the section that is being read; None: its first line is not known yet
        self._whole: bool | None = None  # no text of sar
        self.size = 0
        self.full = most <= 0

    def feed(self, block: bytes) -> None:
        self.size += len(block)
        data = self._rest + block
        if self._whole is None:
            if len(data) < 16:
                self._rest = data
                return
            self._whole = not data.lstrip().startswith(b"Linux ")
        if self._whole:
            self._rest = b""
            self._keep(data)
            return
        self._rest = self._sections(data)

    def finish(self) -> bytes:
        if self._rest and (self._whole is not False or self._keeps or self._matters(self._rest)):
            self._keep(self._rest)
        self._rest = b""
        return b"".join(self._kept)

    def _sections(self, data: bytes) -> bytes:
        """What is left over: the begin of a section whose first line is not whole, or of a line."""
        at = 0
        while at < len(data):
            if self._keeps is None:
                while data.startswith(b"\n", at):
                    at += 1
                end = data.find(b"\n", at, at + LONGEST_HEAD)
                if end < 0:
                    if len(data) - at < LONGEST_HEAD:
                        return data[at:]
                    self._keeps = False
                else:
                    self._keeps = self._matters(data[at:end])
            end = data.find(GAP, at)
            if end >= 0:
                if self._keeps:
                    self._keep(data[at : end + 2])
                at, self._keeps = end + 2, None
                continue
            stop = data.rfind(b"\n", at)  # the line after it may be empty
            stop = at if stop < 0 else stop
            if self._keeps:
                self._keep(data[at:stop])
                return data[stop:]
            return data[-1:] if data.endswith(b"\n") else b""
        return b""

    @staticmethod
    def _matters(head: bytes) -> bool:
        return any(word in head for word in WANTED)

    def _keep(self, data: bytes) -> None:
        if not self._whole:
            data = NOTHING.sub(b"", data)
        room = self._most - self._have
        if len(data) > room:
            self.full = True
            data = data[: max(0, data.rfind(b"\n", 0, room) + 1)]
        self._have += len(data)
        self._kept.append(data)
