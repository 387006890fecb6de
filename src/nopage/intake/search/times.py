"""The time of a log's first and last line, for saying which span of time the logs cover."""
from __future__ import annotations

import re
from collections.abc import Iterable

MONTHS = dict(zip(re.findall("...", "JanFebMarAprMayJunJulAugSepOctNovDec"), range(1, 13), strict=True))
_MONTH = b"|".join(name.encode() for name in MONTHS)

ISO = re.compile(rb"(?<!\d)(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d)")
FULL = re.compile(rb"(" + _MONTH + rb") +(\d{1,2}) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4})\b")  # dmesg -T, ctime
_NO_BUILD_DATE = rb"(?! [A-Z]{3,5} \d{4}\b)"  # "#1 SMP Wed Aug 7 18:08:02 UTC 2019"
SYSLOG = re.compile(rb"(?:^|[> ])(" + _MONTH + rb") +(\d{1,2}) (\d\d:\d\d:\d\d)" + _NO_BUILD_DATE)
EPOCH = re.compile(rb'"__REALTIME_TIMESTAMP" ?: ?"(\d{10})\d{6}"')


def time_of(line: bytes) -> str | None:
    """The wall time a line begins with: ISO 8601, without the year where the line has none."""
    line = line[:200]
    if found := EPOCH.search(line):
        from datetime import UTC, datetime

        return datetime.fromtimestamp(int(found[1]), UTC).strftime("%Y-%m-%dT%H:%M:%S")
    if found := ISO.search(line):
        year, month, day, clock = (part.decode() for part in found.groups())
        return f"{year}-{month}-{day}T{clock}"
    if found := FULL.search(line):
        name, day, clock, year = (part.decode() for part in found.groups())
        return f"{year}-{MONTHS[name]:02d}-{int(day):02d}T{clock}"
    if found := SYSLOG.search(line):
        name, day, clock = (part.decode() for part in found.groups())
        return f"{MONTHS[name]:02d}-{int(day):02d}T{clock}"
    return None


def first_time(head: bytes) -> str | None:
    """The first time that the whole or cut lines of `head` bear."""
    return _first(time_of(line) for line in head.split(b"\n"))


def last_time(tail: bytes) -> str | None:
    """The last time that the whole or cut lines of `tail` bear."""
    return _first(time_of(line) for line in reversed(tail.split(b"\n")))


def _first(times: Iterable[str | None]) -> str | None:
    return next((time for time in times if time), None)
