"""Tables: logs exported as CSV, with or without a row of names; one field of each row is the kernel's line."""
from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from nopage.kernel.pattern import later
from nopage.klog.framing import Record, iso_time

_HEADER: Final = re.compile(r"page[ \t]alloc")
_SEPARATORS: Final = (",", ";", "\t", "|")
_MOST_FIELDS: Final = 64
_STAMP: Final = later(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\d{10}(?:\.\d+)?$|[A-Z][a-z]{2} +\d{1,2} +\d\d:\d\d:\d\d$")


class Table(NamedTuple):
    """How a table is written: what stands between its fields, and in which field the line of the kernel stands."""

    separator: str
    column: int


def table_of(lines: Sequence[str]) -> Table | None:
    """The table that these lines are; None where they are text.

    The row of a header tells: its quoted field, behind others, holds the whole line.
    """
    for line in lines:
        if '"' not in line or _HEADER.search(line) is None:
            continue
        for separator in _SEPARATORS:
            if f'"{separator}' not in line and f'{separator}"' not in line:
                continue
            fields = _fields(line, separator)
            columns = [column for column, field in enumerate(fields) if _HEADER.search(field)]
            if columns and len(fields) > 1 and "order" in fields[columns[0]] and "mode" in fields[columns[0]]:
                return Table(separator, columns[0])
        return None
    return None


def rows(lines: Sequence[str], table: Table) -> Iterator[Record]:
    """The kernel's lines, with the time of another field of their row."""
    for index, line in enumerate(lines):
        fields = _fields(line, table.separator)
        if len(fields) <= table.column:
            yield Record(index, line[:-1] if line.count('"') % 2 else line)  # the rest of a field of several lines
            continue
        stamps = (field for column, field in enumerate(fields) if column != table.column)
        wall = next((field for field in stamps if _STAMP.match(field) and iso_time(field)), None)
        yield Record(index, fields[table.column], wall, framed=wall is not None)


def _fields(line: str, separator: str) -> list[str]:
    if separator not in line:
        return [line]
    try:
        return next(csv.reader([line], delimiter=separator), [])[:_MOST_FIELDS]
    except csv.Error:
        return [line]
