"""The failures over time: how many in each of equal spans, those of a storm that were only counted among them."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from nopage.kernel.frozen import dataclass
from nopage.result import Failure, Result

CLOCK_END_S = 2**63 / 1e9  # the kernel's clock counts nanoseconds in 64 bits
EPOCH = datetime(1970, 1, 1)
LEVELS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Series:
    """`spans` counts in equal spans of `span_s` seconds from `first_s` on; they add up to `kept` and `counted_only`."""

    first_s: float
    span_s: float
    spans: tuple[int, ...]
    kept: int
    counted_only: int

    @property
    def reports(self) -> int:
        """All of them."""
        return self.kept + self.counted_only

    @property
    def line(self) -> str:
        """A character a span, a blank where nothing failed."""
        most = max(self.spans)
        return "".join(LEVELS[(many * len(LEVELS) - 1) // most] if many else " " for many in self.spans)


def series(result: Result, spans_most: int) -> Series | None:
    """The series in at most so many spans; None where no failure has a time.

    A storm's counted reports have no time of their own: they are spread evenly over the time between the kept ones
    that their log's lines lie between.
    """
    timed = sorted(points(result.failures))
    if not timed:
        return None
    first, last = timed[0][0], timed[-1][0]
    whole = last - first
    spans = 1 if not whole else min(spans_most, max(2, len(timed)))
    width = whole / spans if whole else 1.0
    found = [0.0] * spans

    def place(second: float) -> int:
        return min(int((second - first) / width), spans - 1) if whole else 0

    kept = 0
    for second, weight, _line in timed:
        found[place(second)] += weight
        kept += weight
    counted = sum(one.reports_counted_only or 0 for one in result.findings)
    for begin, end, share in gaps(timed) if counted else ():
        low, high = place(begin), place(end)
        for number in range(low, high + 1):
            inside = min(end, first + (number + 1) * width) - max(begin, first + number * width)
            found[number] += counted * share * (max(inside, 0.0) / (end - begin) if end > begin else number == low)
    return Series(first, width, whole_numbers(found, kept + counted), kept, counted)


def points(failures: Sequence[Failure]) -> list[tuple[float, int, int]]:
    """The times of the failures as seconds of one clock, how many each stands for, and the line it stands at."""
    walls: list[tuple[float, int, int]] = []
    boots: list[tuple[float, int, int]] = []
    for one in failures:
        told = (1 + one.repeated, one.seen_in[0].line if one.seen_in else 0)
        time = _wall(one.time)
        if time is not None:
            walls.append(((time.replace(tzinfo=None) - EPOCH).total_seconds(), *told))
        elif one.monotonic_s is not None and 0 <= one.monotonic_s < CLOCK_END_S:
            boots.append((one.monotonic_s, *told))
    return walls or boots


def gaps(timed: Sequence[tuple[float, int, int]]) -> list[tuple[float, float, float]]:
    """Where the log goes on without kept reports: from when to when, and its share of all such lines."""
    usual = sorted(abs(two[2] - one[2]) for one, two in pairwise(timed))
    middle = usual[len(usual) // 2] if usual else 0
    found = [(one[0], two[0], two[2] - one[2] - middle) for one, two in pairwise(timed) if two[2] - one[2] > 2 * middle]
    lines = sum(more for _, _, more in found)
    if not lines:
        return [(timed[0][0], timed[-1][0], 1.0)]
    return [(begin, end, more / lines) for begin, end, more in found]


def whole_numbers(found: Sequence[float], total: int) -> tuple[int, ...]:
    """The counts as whole numbers that still add up."""
    counts = [int(many) for many in found]
    short = sorted(range(len(found)), key=lambda number: counts[number] - found[number])
    for number in (short * 2)[: max(0, total - sum(counts))]:
        counts[number] += 1
    return tuple(counts)


def _wall(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
