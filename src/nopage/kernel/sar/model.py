"""What sar measured, interval by interval."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeAlias

MOST_INTERVALS: Final = 20_000  # of one file: a day has 144, one at every second 86,400
MOST_INTERFACES: Final = 2_000
KB: Final = 1024  # sysstat's kB; versions up to 7 print bytes

# Column of sar, of `sadf -d` -> what it is; those of interfaces stand in INTERFACE.
PLAIN: Final = {
    "pgscank/s": "kswapd_scanned_per_s",
    "pgscand/s": "direct_scanned_per_s",
    "kbmemfree": "free_kb",
    "pswpout/s": "swapped_out_per_s",
}
INTERFACE: Final = {
    "rxkB/s": ("receive_mbps", KB * 8 / 1e6),
    "rxbyt/s": ("receive_mbps", 8 / 1e6),
    "txkB/s": ("transmit_mbps", KB * 8 / 1e6),
    "txbyt/s": ("transmit_mbps", 8 / 1e6),
    "rxdrop/s": ("receive_dropped_per_s", 1.0),
    "rxfifo/s": ("receive_fifo_per_s", 1.0),
}
SKIPPED: Final = ("lo",)

Wanted: TypeAlias = Callable[[date], bool]
"""Whether anything of a day is looked for; a file of another day is not read further."""


@dataclass(slots=True)
class Interval:
    """From `begin` to `end`, as the clock stood that wrote them; in UTC where `utc`.

    `values` hold what PLAIN names, `interfaces` by interface what INTERFACE names.
    """

    end: datetime
    utc: bool = False
    begin: datetime | None = None
    values: dict[str, float] = field(default_factory=dict)
    interfaces: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def seconds(self) -> float | None:
        return (self.end - self.begin).total_seconds() if self.begin is not None else None

    def take(self, heads: Iterable[str], numbers: Iterable[float | None], interface: str | None) -> None:
        """One line's columns."""
        for head, number in zip(heads, numbers, strict=False):
            if number is None:
                continue
            if interface is None:
                if head in PLAIN:
                    self.values[PLAIN[head]] = number
            elif head in INTERFACE and interface not in SKIPPED and len(self.interfaces) < MOST_INTERFACES:
                name, factor = INTERFACE[head]
                self.interfaces.setdefault(interface[:64], {})[name] = number * factor


class Intervals:
    """The intervals of one file, by their end."""

    def __init__(self) -> None:
        self._by_end: dict[datetime, Interval] = {}

    def at(self, end: datetime, begin: datetime | None, *, utc: bool) -> Interval | None:
        """The interval with that end; None where there are too many."""
        found = self._by_end.get(end)
        if found is None:
            if len(self._by_end) >= MOST_INTERVALS:
                return None
            found = self._by_end[end] = Interval(end, utc)
        if begin is not None and begin < end and (found.begin is None or found.begin < begin):
            found.begin = begin  # a section that misses a line has a longer one
        return found

    def all(self) -> tuple[Interval, ...]:
        """In order of time."""
        return tuple(self._by_end[end] for end in sorted(self._by_end))
