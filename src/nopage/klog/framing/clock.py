"""Wall time stamps of log lines as ISO 8601, to the second; year and offset stand only where the log has them."""
from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from nopage.kernel.pattern import later

_SYSLOG: Final = later(r"([A-Za-z]{3}) +(\d{1,2})(?: +(\d{4}))?,? +(\d\d:\d\d:\d\d)")
# Names of zones but UTC's say no offset: CST is of America, China and Cuba, IST of India, Ireland and Israel.
_ZONE: Final = r"(Z|UTC|GMT|[+-]\d\d:?\d\d)"
_ISO: Final = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(?: ?" + _ZONE + r"(?![\w:]))?"
)
_EPOCH: Final = re.compile(r"(\d{10})(?:\.\d{1,9})?")
_CTIME: Final = re.compile(
    r"(?:\S+ +)?([^\s\d]\S*|\d{1,2}\D) +(\d{1,2}) +(\d\d:\d\d:\d\d)(?:[.,]\d+)?(?: (?:(UTC|GMT)|[A-Z]{2,5}))? (\d{4})"
)
_YEAR_FIRST: Final = later(r"(\d{4}) ([A-Za-z]{3}) +(\d{1,2}),? +(\d\d:\d\d:\d\d)")
_DAY_FIRST: Final = later(
    r"(?:[^\s\d]\S* +)?(\d{1,2})\.?[ /-]+([^\s\d/-]+\.?)[ /-]+(?:(\d{4})[ :]+)?(\d\d:\d\d:\d\d)(?: +(\d{4}))?"
)
_DIGITS: Final = re.compile(r"\d{1,2}(?=\D|$)")

# dmesg -T prints the month of the locale (strftime %b). First letters, lower case, that tell the months apart in
# English, German, Dutch, French, Spanish, Italian, Portuguese, Polish, Swedish, Czech, Russian, Turkish.
_MONTHS: Final = (
    ("jan", "ene", "gen", "sty", "led", "янв", "oca", "січ"),
    ("feb", "fév", "fev", "lut", "úno", "фев", "şub", "лют"),
    ("mar", "mär", "mrz", "maa", "mrt", "bře", "мар", "бер"),
    ("apr", "avr", "abr", "kwi", "dub", "апр", "nis", "кві"),
    ("may", "mai", "mei", "mag", "maj", "kvě", "мая", "май", "тра"),
    ("jun", "juin", "giu", "cze", "čer", "чер", "июн", "haz"),
    ("jul", "juil", "lug", "lip", "čec", "июл", "tem", "лип"),
    ("aug", "aoû", "ago", "sie", "srp", "авг", "ağu", "сер"),
    ("sep", "set", "wrz", "zář", "сен", "eyl", "вер"),
    ("oct", "okt", "out", "ott", "paź", "říj", "окт", "eki", "жов"),
    ("nov", "lis", "noy", "ноя", "kas", "лис"),
    ("dec", "dez", "déc", "dic", "gru", "pro", "дек", "ara", "гру"),
)
_MONTH_OF: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}


def month_number(name: str) -> int | None:
    """The month a locale calls `name`; Chinese, Japanese and Korean write its number (`7月`, `7월`)."""
    digits = _DIGITS.match(name)
    if digits:
        number = int(digits[0])
        return number if 1 <= number <= 12 else None
    word = name.lower().rstrip(".,")
    return _MONTH_OF.get(word[:4]) or _MONTH_OF.get(word[:3])


def iso_time(stamp: str | None) -> str | None:
    """`Feb 14 18:26:56` -> `02-14T18:26:56`, `Fri Aug 11 16:51:47 2017` -> `2017-08-11T16:51:47`; None if unreadable.

    The clock is the one the log shows; its offset (`2017-08-11T16:51:47+02:00`) stands where the log tells it.
    Fractions are dropped.
    """
    if not stamp or len(stamp) > 64:
        return None
    match = _EPOCH.fullmatch(stamp)
    if match:
        return _utc(int(match[1]))
    match = _ISO.search(stamp)
    if match:
        return _joined(match[1], int(match[2]), match[3], match[4], match[5])
    match = _CTIME.match(stamp)  # before syslog's: `Jan  1 00:00:10 2015`
    if match and (month := month_number(match[1])):
        return _joined(match[5], month, match[2], match[3], match[4])
    match = _SYSLOG.match(stamp)
    if match and (month := month_number(match[1])):
        return _joined(match[3], month, match[2], match[4])
    match = _YEAR_FIRST.match(stamp)
    if match and (month := month_number(match[2])):
        return _joined(match[1], month, match[3], match[4])
    match = _DAY_FIRST.match(stamp)
    if match and (month := month_number(match[2])):
        return _joined(match[3] or match[5], month, match[1], match[4])
    return None


def _joined(year: str | None, month: int, day: str, clock: str, zone: str | None = None) -> str | None:
    if not (1 <= month <= 12 and 1 <= int(day) <= 31 and clock < "24" and clock[3] < "6"):
        return None
    date = f"{month:02d}-{int(day):02d}T{clock}"
    return f"{year}-{date}{_offset(zone)}" if year else date


def _offset(zone: str | None) -> str:
    """`+08:00`; empty where none is told. `-00:00` (RFC 3339: UTC, the local offset unknown) is UTC."""
    if not zone:
        return ""
    if zone[0] not in "+-":
        return "+00:00"
    hours, minutes = zone[1:3], zone[-2:]
    if hours > "14" or minutes > "59":
        return ""
    return f"{zone[0]}{hours}:{minutes}" if (hours, minutes) != ("00", "00") else "+00:00"


def _utc(since_epoch_s: int) -> str:
    return datetime.fromtimestamp(since_epoch_s, UTC).isoformat()


def from_microseconds(since_epoch: str | None) -> str | None:
    """The journal's __REALTIME_TIMESTAMP, microseconds since 1970, as ISO time in UTC."""
    if not since_epoch or not since_epoch.isdecimal() or len(since_epoch) > 17:
        return None
    return _utc(int(since_epoch) // 1_000_000)


def least_seconds_between(earlier: str | None, later: str | None) -> float | None:
    """The least time between two wall stamps of one log; they are read to the second, so 44 to 46 may be a bare second.

    None where either cannot be read, or where the clock was set back between them.
    """
    return least_seconds_of_iso(iso_time(earlier), iso_time(later))


def least_seconds_of_iso(began: str | None, ended: str | None) -> float | None:
    """The same of two times that `iso_time` gave."""
    if began is None or ended is None or len(began) != len(ended):
        return None
    year = "" if len(began) > len("02-14T18:26:56") else "2000-"  # a leap year, so that 02-29 is a date
    try:
        apart = (datetime.fromisoformat(year + ended) - datetime.fromisoformat(year + began)).total_seconds()
    except ValueError:
        return None
    return max(apart - 1.0, 0.0) if apart >= 0 else None


def seconds(monotonic: str | None) -> float | None:
    """The time since boot that printk wrote (`12.345678`)."""
    return float(monotonic) if monotonic else None
