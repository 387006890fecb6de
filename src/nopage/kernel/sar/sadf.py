"""sadf's output: JSON (`sadf -j`), and lines for a database (`sadf -d`) or with commas (some tools rewrite it)."""
from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from nopage.kernel.numbers import decimal_number
from nopage.kernel.sar.model import Interval, Intervals, Wanted

MOST_LINES: Final = 500_000
# The names of the JSON -> columns of sar
PAGING: Final = {"pgscank": "pgscank/s", "pgscand": "pgscand/s"}
MEMORY: Final = {"memfree": "kbmemfree"}
SWAPPING: Final = {"pswpout": "pswpout/s"}
DEVICES: Final = {"rxkB": "rxkB/s", "txkB": "txkB/s", "rxbyt": "rxbyt/s", "txbyt": "txbyt/s"}
ERRORS: Final = {"rxdrop": "rxdrop/s", "rxfifo": "rxfifo/s"}


def sadf_json(text: str, wanted: Wanted = lambda _day: True) -> tuple[Interval, ...]:
    """The intervals of `sadf -j`; none where it is not whole."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    found = Intervals()
    for host in _list(_dict(_dict(told).get("sysstat")).get("hosts"))[:1]:
        for one in _list(_dict(host).get("statistics")):
            _statistics(_dict(one), found, wanted)
    return found.all()


def _statistics(one: dict[str, Any], found: Intervals, wanted: Wanted) -> None:
    stamp = _dict(one.get("timestamp"))
    end = _moment(f"{stamp.get('date')} {stamp.get('time')}")
    if end is None or not wanted(end.date()):
        return
    length = _number(stamp.get("interval"))
    begin = end - timedelta(seconds=length) if length and length < 7 * 86400 else None
    interval = found.at(end, begin, utc=stamp.get("utc") in (1, True, "1"))
    if interval is None:
        return
    network = _dict(one.get("network"))
    for part, columns in (("paging", PAGING), ("memory", MEMORY), ("swap-pages", SWAPPING)):
        _take(interval, _dict(one.get(part)), columns, None)
    for part, columns in (("net-dev", DEVICES), ("net-edev", ERRORS)):
        for device in _list(network.get(part)):
            name = _dict(device).get("iface")
            if isinstance(name, str):
                _take(interval, _dict(device), columns, name)


def _take(interval: Interval, told: dict[str, Any], columns: dict[str, str], interface: str | None) -> None:
    present = [key for key in columns if key in told]
    interval.take([columns[key] for key in present], [_number(told[key]) for key in present], interface)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> float | None:
    return decimal_number(str(value)) if isinstance(value, int | float | str) else None


def sadf_lines(text: str, wanted: Wanted = lambda _day: True) -> tuple[Interval, ...]:
    """The intervals of `sadf -d`: "# hostname;interval;timestamp;IFACE;rxpck/s;...", then a line each."""
    found = Intervals()
    heads: list[str] = []
    for mark, words in _fields(text):
        if mark:
            heads = words
        elif len(heads) == len(words) and len(words) > 3 and heads[2] == "timestamp":
            _line(heads, words, found, wanted)
    return found.all()


def _line(heads: list[str], words: list[str], found: Intervals, wanted: Wanted) -> None:
    stamp = words[2]
    end = _moment(stamp.removesuffix("UTC").strip())
    if end is None or not wanted(end.date()):
        return
    length = decimal_number(words[1])
    begin = end - timedelta(seconds=length) if length and length < 7 * 86400 else None
    interval = found.at(end, begin, utc=stamp.endswith("UTC"))
    if interval is not None:
        interval.take(heads[3:], map(decimal_number, words[3:]), words[3] if heads[3] == "IFACE" else None)


def _fields(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Each line's fields, and whether it names the columns."""
    separator = ";"
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        line = line.strip()[:4096]
        name = line.lstrip("# ")
        if name.startswith("hostname") and name[8:9] in (";", ","):
            separator = name[8]
            yield True, name.split(separator)
        elif line and not line.startswith("#"):
            yield False, line.split(separator)


def _moment(text: str) -> datetime | None:
    """"2012-02-14 18:30:01"."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None
