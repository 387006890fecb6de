"""Readers: objects that hand out a byte stream block by block, and the faults they end with."""
from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from nopage.kernel.bounds import BOUNDS

READING = 0.8  # of the time for a source: what was read by then is still to be parsed and diagnosed
BLOCK = 256 << 10  # four searches over one block stay in the second-level cache


class Reader(Protocol):
    """A stream: `read()` gives the next bytes, of any length, and b"" at its end, again and again."""

    def read(self) -> bytes: ...


class Damage(Exception):
    """The bytes of `origin` are broken or end early. What was read before stays good."""

    def __init__(self, reason: str, origin: object = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.origin = origin


class OwnDamage(Damage):
    """The member's own compression is damaged; the source that holds it is not."""


class LimitReached(Exception):
    """One of the limits was passed; reading stops here."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FileReader:
    """Reads through a `read(n)` callable, the way files, pipes and fsspec files offer it."""

    def __init__(self, read: Callable[[int], bytes | None], name: str = "") -> None:
        self._read = read
        self.name = name
        self.offset = 0

    def read(self) -> bytes:
        try:
            data = self._read(BLOCK) or b""
        except (OSError, ValueError) as error:
            raise Damage(f"cannot be read at byte {self.offset}: {error_text(error)}", self) from error
        self.offset += len(data)
        return data


class Peeked:
    """A reader whose first bytes may be looked at before they are read."""

    def __init__(self, upstream: Reader, size: int = 1024) -> None:
        self._upstream = upstream
        self._fault: Exception | None = None
        parts: list[bytes] = []
        have = 0
        while have < size:
            try:
                data = upstream.read()
            except (Damage, LimitReached) as fault:
                if not have:
                    raise
                self._fault = fault  # the good bytes before it come first
                break
            if not data:
                break
            parts.append(data)
            have += len(data)
        self.head = b"".join(parts)
        self._unread = True

    def read(self) -> bytes:
        if self._unread:
            self._unread = False
            if self.head:
                head, self.head = self.head, self.head[:1024]
                return head
        if self._fault is not None:
            raise self._fault
        return self._upstream.read()


class Windows:
    """Bytes that the decoders of one source keep to copy from, in whichever of its threads they work."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.held = 0

    def add(self, size: int) -> bool:
        """Account for so many more, or fewer; False where all together are more than there may be."""
        with self._lock:
            self.held += size
            return self.held <= BOUNDS.unpacking_bytes


class Budget:
    """The limits of one source, counted down across everything that is read of it."""

    def __init__(self, unpacked_bytes: int, members: int, seconds: float, threads: bool = True) -> None:
        self.unpacked_limit = unpacked_bytes
        self.unpacked = 0
        self.member_limit = members
        self.members = 0
        self.seconds = seconds
        self.threads = threads
        now = time.monotonic()
        self.reading_ends = now + READING * seconds
        self.deadline = now + seconds
        self.windows = Windows()
        self.room = BOUNDS.zip_held_bytes  # for what has to be held whole while it is read

    def count(self, size: int) -> None:
        """Account for `size` unpacked bytes. Raises LimitReached."""
        self.unpacked += size
        if self.unpacked > self.unpacked_limit:
            raise LimitReached(f"more than {size_text(self.unpacked_limit)} unpacked; raise the limit to read on")
        self.check_time()

    def check_time(self) -> None:
        if time.monotonic() > self.reading_ends:
            share = READING * self.seconds
            raise LimitReached(f"took longer than {share:g} of {self.seconds:g} s to read; raise the limit to read on")

    def member(self) -> None:
        """Account for one member. Raises LimitReached."""
        self.members += 1
        if self.members > self.member_limit:
            raise LimitReached(f"more than {self.member_limit} members; raise the limit to read on")
        if not self.members & 1023:
            self.check_time()


class Timed:
    """A reader that is left when the time of a budget is over: what it feeds may unpack to nothing for hours."""

    def __init__(self, upstream: Reader, budget: Budget) -> None:
        self._upstream = upstream
        self._budget = budget

    def read(self) -> bytes:
        self._budget.check_time()
        return self._upstream.read()


class Metered:
    """A reader whose bytes count against a budget."""

    def __init__(self, upstream: Reader, budget: Budget) -> None:
        self._upstream = upstream
        self._budget = budget

    def read(self) -> bytes:
        data = self._upstream.read()
        self._budget.count(len(data))
        return data


def size_text(size: int) -> str:
    for unit, shift in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if size >= 1 << shift:
            return f"{size / (1 << shift):.3g} {unit}"
    return f"{size} bytes"


def error_text(error: BaseException) -> str:
    """An operating system's or library's error as one short line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:200] or type(error).__name__
