"""sar's dates and times: of every language that prints numbers, with 12 and 24 hours."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from nopage.kernel.pattern import later

# "12:10:01 AM", "00:10:01", Korean "00시 10분 01초", Chinese and Japanese "00时10分01秒"
TIME: Final = later(
    r"(?:(?P<before>오전|오후|上午|下午|午前|午後)\s?)?(?P<hour>\d{1,2})[:시时時h.]\s?(?P<minute>\d{2})[:분分m.]\s?(?P<second>\d{2})[초秒s]?"
    r"(?:\s?(?P<after>[AaPp][Mm]|오전|오후|上午|下午))?(?=\s|\Z)"
)
MORNING: Final = frozenset(("am", "오전", "上午", "午前"))
_ISO_DATE: Final = later(r"(?<!\d)(\d{4})[-/.년年]\s?(\d{1,2})[-/.월月]\s?(\d{1,2})(?!\d)")
_SHORT_DATE: Final = later(r"(?<![\d.-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d.-])")
_DAY_OF_NAME: Final = later(r"sar?(\d{2}|\d{8})(?=\D|\Z)")


def seconds_of_day(found: re.Match[str]) -> int | None:
    """A TIME as seconds from midnight."""
    hour, minute, second = (int(found[part]) for part in ("hour", "minute", "second"))
    half = (found["before"] or found["after"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (0 if half in MORNING else 12)
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour * 3600 + minute * 60 + second


def header_date(line: str, name: str = "") -> date | None:
    """The day in the line "Linux 2.6.32-... (host) 02/14/2012 _x86_64_ (8 CPU)".

    Where day and month could be either, the file's name (sar14) decides; else it is month first, as in C and en_US.
    """
    line = line[:512].partition(")")[2]
    day = _day_of(name)
    found = [one for one in _dates(line) if one is not None]
    return next((one for one in found if one.day == day), found[0] if found else None)


def _dates(line: str) -> Iterator[date | None]:
    iso = _ISO_DATE.search(line)
    if iso:
        yield _date(int(iso[1]), int(iso[2]), int(iso[3]))
        return
    short = _SHORT_DATE.search(line)
    if short:
        one, other, year = int(short[1]), int(short[3]), int(short[4])
        year += 2000 if year < 100 else 0
        month_first = (_date(year, one, other), _date(year, other, one))
        yield from month_first if short[2] == "/" else month_first[::-1]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1990 <= year <= 2200 else None
    except ValueError:
        return None


def _day_of(name: str) -> int | None:
    found = _DAY_OF_NAME.search(name.rpartition("/")[2])
    return int(found[1][-2:]) if found else None
