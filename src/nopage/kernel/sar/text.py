"""The text of `sar -A` and of its parts: sections with column heads of their own, a day after the other.

A section begins with a line of the time and the names of its columns; that time is the beginning of the first interval.
After "LINUX RESTART" the heads are printed again. Lines of averages bear no time.
"""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from nopage.kernel.numbers import decimal_number
from nopage.kernel.sar.clock import TIME, header_date, seconds_of_day
from nopage.kernel.sar.model import INTERFACE, PLAIN, Interval, Intervals, Wanted

HALF_A_DAY_S: Final = 12 * 3600
LONGEST_LINE: Final = 2_000


def sar_text(text: str, name: str = "", wanted: Wanted = lambda _day: True) -> tuple[Interval, ...]:
    """The intervals of a text; `name` is the file's, whose number may tell the day."""
    reader = _Reader(name, wanted)
    for line in text.split("\n"):
        reader.line(line[:LONGEST_LINE].rstrip())
    return reader.found.all()


class _Reader:
    def __init__(self, name: str, wanted: Wanted) -> None:
        self.found = Intervals()
        self._name = name
        self._wanted = wanted
        self._day: date | None = None  # of the file's head
        self._heads: tuple[str, ...] = ()
        self._of_interface = False
        self._before: datetime | None = None  # the end of the interval before, in this section
        self._now: datetime | None = None

    def line(self, line: str) -> None:
        if line.startswith("Linux "):
            day = header_date(line, self._name)
            self._day = day if day is not None and self._wanted(day) else None
            self._heads = ()
            return
        if self._day is None:
            return
        found = TIME.match(line)
        second = seconds_of_day(found) if found else None
        if found is None or second is None:
            return
        words = line[found.end() :].split()
        if not words or words[0] in ("LINUX", "LINUX-RESTART"):
            self._heads = ()
            return
        moment = datetime.combine(self._day, time()) + timedelta(seconds=second)
        if decimal_number(words[-1]) is None:
            self._begin_section(words, moment)
        elif self._heads and len(words) == len(self._heads):
            if self._now is not None and (self._now - moment).total_seconds() > HALF_A_DAY_S:
                moment += timedelta(days=1)  # the day's last line is of the next midnight
            self._row(words, moment)

    def _begin_section(self, words: list[str], moment: datetime) -> None:
        self._of_interface = words[0] == "IFACE"
        of_use = INTERFACE if self._of_interface else PLAIN
        self._heads = tuple(words) if any(word in of_use for word in words) else ()
        self._before, self._now = moment, moment

    def _row(self, words: list[str], moment: datetime) -> None:
        if moment != self._now:
            self._before, self._now = self._now, moment
        interval = self.found.at(moment, self._before, utc=False)
        if interval is not None:
            interval.take(self._heads, map(decimal_number, words), words[0] if self._of_interface else None)
