"""What all layouts of the log share: rings in kernel memory, the text of a line, lines within a bound."""
from __future__ import annotations

import re
from collections.abc import Sequence

from nopage.kernel.frozen import dataclass
from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import ReadFault

_CHUNK = 1 << 20
LONGEST = 64 << 10  # of a line that records continue
LINE_COST = 56  # bytes that a line takes at least, however short
_UNPRINTABLE = re.compile(rb"[^\x20-\x7e\t-\r]")


@dataclass(frozen=True, slots=True)
class CoreLog:
    """The lines of a log as vmcore-dmesg prints them, oldest first; `warnings` says what of it was lost."""

    layout: str
    lines: Sequence[str]
    warnings: tuple[str, ...] = ()


class Ring:
    """A part of kernel memory, read in pieces as it is visited; pages that are not in the core read as zeros."""

    def __init__(self, memory: KernelMemory, address: int, size: int) -> None:
        self._memory = memory
        self._address = address
        self.size = size
        self._at = 0
        self._piece = b""
        self.absent = 0

    def read(self, offset: int, length: int) -> bytes:
        """`length` bytes, fewer at the end of the ring."""
        length = min(length, self.size - offset)
        if offset < 0 or length <= 0:
            return b""
        if not (self._at <= offset and offset + length <= self._at + len(self._piece)):
            if length > _CHUNK // 2:
                data, absent = self._memory.read_around(self._address + offset, length)
                self.absent += absent
                return data
            take = min(_CHUNK, self.size - offset)
            self._piece, absent = self._memory.read_around(self._address + offset, take)
            self._at = offset
            self.absent += absent
        start = offset - self._at
        return self._piece[start : start + length]


def printable(text: bytes) -> str:
    """As vmcore-dmesg and makedumpfile write it: what is neither printable nor a space becomes \\xNN."""
    if not text.isascii() or _UNPRINTABLE.search(text):
        text = _UNPRINTABLE.sub(lambda match: b"\\x%02x" % match.group()[0], text)
    return text.decode("ascii")


def stamp(nanoseconds: int) -> str:
    """The time of a record: C's "[%5llu.%06llu] "."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"[{seconds:5d}.{rest // 1000:06d}] "


class Lines:
    """Collects lines up to a number of bytes; when more come the oldest go."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._lines: list[str] = []
        self._first = 0
        self.dropped = 0

    def add(self, text: str) -> None:
        """`text` without its last newline; it may hold several lines."""
        for line in text.split("\n"):
            self._lines.append(line)
            self._bytes += _cost(line)
        while self._bytes > self._limit and self._first < len(self._lines) - 1:
            self._bytes -= _cost(self._lines[self._first])
            self._lines[self._first] = ""
            self._first += 1
            self.dropped += 1
        if self._first > 1 << 16:
            del self._lines[: self._first]
            self._first = 0

    def join(self, text: str) -> None:
        """Continue the last line."""
        if self._lines and len(self._lines[-1]) < LONGEST:
            before = self._lines.pop()
            self._bytes -= _cost(before)
            text = before + text
        self.add(text)

    def lines(self) -> list[str]:
        return self._lines[self._first :]


def _cost(line: str) -> int:
    return max(len(line) + 1, LINE_COST)


def require(missing: Sequence[str], layout: str) -> None:
    """ReadFault when VMCOREINFO lacks what a layout needs."""
    if missing:
        raise ReadFault(f"VMCOREINFO lacks {', '.join(missing[:4])}: the {layout} log cannot be read")
