"""What of a log's windows is kept: everything, or in a storm the first, the last and the strongest, all counted."""
from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from nopage.intake.lines import Lines, decode
from nopage.intake.model import Limits, Signature, StormCount
from nopage.intake.search.needles import FREE_KB, HEADER, SUPPRESSED
from nopage.intake.search.times import first_time, last_time
from nopage.kernel.numbers import counted, whole_number
from nopage.kernel.pattern import later
from nopage.kernel.window import Window

REPORT = b"page allocation failure"
KIND_BYTES = 24  # of an order or mode, more than a number has
KINDS = 1000  # kinds of report told apart in the count
STRONGEST = 32  # reports, at most
BETWEEN = 64  # and of those between the first and the last, evenly: they tell when a storm was strong
ORDERS = 64  # no kernel asks for more than 2**14 pages
WIDEST = later(rb"[\xf0-\xf7]")


LINE_BYTES = 48  # what a line takes as text of its own, however short


def cost_bytes(raw: bytes) -> int:
    """What the lines of `raw` take as text, about: mostly their length; many short ones, and wide characters, more."""
    if not raw.isascii():
        # one wide character makes a whole line's characters wide: two bytes each, or four (from U+10000 on)
        return max(len(raw) * (4 if WIDEST.search(raw) else 2), LINE_BYTES * raw.count(b"\n"))
    return max(len(raw), LINE_BYTES * raw.count(b"\n"))


class Segment(NamedTuple):
    """Consecutive whole lines of a log: its first line's number and offset, and the bytes (as UTF-8 or Latin-1)."""

    line: int
    offset: int
    raw: bytes


class LogWindows(NamedTuple):
    """What one log gave."""

    windows: tuple[Window, ...]
    counted: StormCount | None
    first_time: str | None
    last_time: str | None
    other_events: Mapping[str, int] = MappingProxyType({})


class Keeper:
    """Takes a log's segments in order and keeps at most `limits.log_bytes` and `limits.log_reports` of them.

    Half of the room is for the first ones, a quarter for the last, an eighth for the strongest reports (the highest
    order, and among these the least free memory), an eighth for some between, as evenly as they come.
    """

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._room = max(limits.log_bytes, 4096)
        self._reports = max(limits.log_reports, 4)
        self._last_most = self._reports // 4 - self._reports // 16
        self._strong_most = min(STRONGEST, self._reports // 4)
        self._first: list[Segment] = []
        self._first_bytes = self._first_reports = 0
        self._full = False
        self._last: deque[tuple[Segment, int, int]] = deque()  # with its reports and cost
        self._last_bytes = self._last_reports = 0
        self._strongest: list[tuple[tuple[int, int], int, Segment]] = []
        self._strong_bytes = 0
        self._between: list[Segment] = []
        self._between_most = min(BETWEEN, self._reports // 16)
        self._passed = 0
        self._step = 1
        self._kinds: Counter[tuple[bytes, bytes, bytes]] = Counter()
        self._other = 0
        self._seen = 0
        self._suppressed = 0

    def add(self, segment: Segment) -> None:
        """Take the next segment; one too large for its share of the room is taken in pieces."""
        most = self._room // 4
        while (size := cost_bytes(segment.raw)) > most:
            end = max(len(segment.raw) * most // size, 1)
            cut = segment.raw.rfind(b"\n", 0, end) + 1 or end
            first = Segment(segment.line, segment.offset, segment.raw[:cut])
            self._add(first)
            segment = Segment(_after(first), segment.offset + cut, segment.raw[cut:])
        self._add(segment)

    def _add(self, segment: Segment) -> None:
        raw = segment.raw
        size = cost_bytes(raw)
        reports = raw.count(REPORT)
        self._seen += reports
        if b" suppressed" in raw:
            self._suppressed += _suppressed(raw)
        if not self._full and (
            self._first_bytes + size <= self._room // 2 and self._first_reports + reports <= self._reports // 2
        ):
            self._first.append(segment)
            self._first_bytes += size
            self._first_reports += reports
            return
        if not self._full:
            self._full = True
            for kept in self._first:
                self._count(kept.raw)
        self._count(raw)
        self._last.append((segment, reports, size))
        self._last_bytes += size
        self._last_reports += reports
        while self._last and (self._last_bytes > self._room // 4 or self._last_reports > self._last_most):
            gone, fewer, smaller = self._last.popleft()
            self._last_bytes -= smaller
            self._last_reports -= fewer
            if fewer:
                self._consider(gone)
                self._pass(gone)

    def finish(self, head: bytes, tail: bytes) -> LogWindows:
        """The windows that are kept; `head` and `tail` are the log's own first and last bytes, for their times."""
        strongest = (segment for _, _, segment in self._strongest)
        every = (*self._first, *strongest, *self._between, *(segment for segment, _, _ in self._last))
        kept = sorted({segment.offset: segment for segment in every}.values(), key=lambda segment: segment.offset)
        counted = None
        reports = sum(segment.raw.count(REPORT) for segment in kept)
        suppressed = sum(_suppressed(segment.raw) for segment in kept)
        if reports < self._seen or suppressed < self._suppressed:
            kinds = tuple(
                Signature(decode(comm), whole_number(decode(order)), decode(mode), seen)
                for (comm, order, mode), seen in sorted(self._kinds.items(), key=lambda kind: (-kind[1], kind[0]))
            )
            counted = StormCount(self._seen, reports, self._suppressed, suppressed, kinds, self._other)
        head, tail = head.replace(b"\0", b""), tail.replace(b"\0", b"")
        return LogWindows(_windows(self._file, kept), counted, first_time(head), last_time(tail))

    def _count(self, raw: bytes) -> None:
        at = raw.find(REPORT)
        while at >= 0:
            found = HEADER.match(raw, at)
            if found:
                kind = (_comm(raw, at), found["order"][:KIND_BYTES], found["mode"][:KIND_BYTES])
                if kind in self._kinds or len(self._kinds) < KINDS:
                    self._kinds[kind] += 1
                else:
                    self._other += 1
            at = raw.find(REPORT, at + len(REPORT))

    def _consider(self, segment: Segment) -> None:
        """Keep a report that falls out of the last ones where it is among the strongest."""
        raw = segment.raw
        if len(raw) > self._room // 16:
            return
        found = HEADER.search(raw)
        order = counted(found["order"]) if found else 0
        order = order if order < ORDERS else 0
        full = len(self._strongest) >= self._strong_most
        if full and order < self._strongest[0][0][0]:
            return
        free = FREE_KB.findall(raw)
        strength = (order, -sum(map(counted, free)) if free else -(1 << 62))
        if full and strength <= self._strongest[0][0]:
            return
        heapq.heappush(self._strongest, (strength, -segment.offset, segment))
        self._strong_bytes += len(raw)
        while len(self._strongest) > self._strong_most or self._strong_bytes > self._room // 8:
            self._strong_bytes -= len(heapq.heappop(self._strongest)[2].raw)

    def _pass(self, segment: Segment) -> None:
        """Keep every so many of the reports that fall out of the last ones; the longer the storm, the fewer."""
        if self._passed % self._step == 0 and len(segment.raw) <= self._room // 8:
            self._between.append(segment)
        self._passed += 1
        while self._between and (
            len(self._between) > self._between_most or sum(len(one.raw) for one in self._between) > self._room // 8
        ):
            self._between = self._between[::2] if len(self._between) > 1 else []
            self._step *= 2


def _comm(raw: bytes, at: int) -> bytes:
    """The command in front of a header at `at`, behind the log's own prefix."""
    before = raw[max(0, at - 48) : at].rsplit(b"\n", 1)[-1].removesuffix(b": ")
    for end in (b": ", b"] ", b">", b"]"):
        before = before.rsplit(end, 1)[-1]
    return before.strip()


def _suppressed(raw: bytes) -> int:
    """The sum of the counts in "N callbacks suppressed" and "N messages suppressed"."""
    total = 0
    at = raw.find(b"s suppressed")
    while at >= 0:
        found = SUPPRESSED.search(raw, max(0, at - 24), at)
        total += counted(found[1]) if found else 0
        at = raw.find(b"s suppressed", at + 1)
    return total


def _windows(file: str, kept: list[Segment]) -> tuple[Window, ...]:
    """Segments as windows, those that follow each other joined."""
    windows: list[Window] = []
    run: list[Segment] = []
    for segment in [*kept, None]:
        if run and segment is not None and run[-1].raw.endswith(b"\n") and _after(run[-1]) == segment.line:
            run.append(segment)
            continue
        if run:
            raw = b"".join(part.raw for part in run)
            windows.append(Window(file, run[0].line, run[0].offset, Lines(raw)))
        run = [segment] if segment is not None else []
    return tuple(windows)


def _after(segment: Segment) -> int:
    return segment.line + segment.raw.count(b"\n")
