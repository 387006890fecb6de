"""A table of many rows for a page: column by column, each value once, deflated; the page's script unpacks it.

A hundred thousand rows are some 3 MB so; a page holds as many as fit, the first ones.
"""
from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from nopage.kernel.frozen import dataclass
from nopage.kernel.plain import plain

TEXT_MOST = 160  # characters of a text
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what the page calls it, what a row has there, and how the script treats it.

    `kind`: "text" (each value once), "own" (of each row its own), "number", "list" (numbers, each list once).
    Of a text, `words` are shown in the value's place, while filters take both; `rank` is where it is sorted to.
    """

    name: str
    kind: str
    value: Callable[[Any], Any]
    title: str = ""
    words: Callable[[str], str] | None = None
    rank: Callable[[str], int] | None = None


def packed(rows: Sequence[Row], columns: Sequence[Column], most_bytes: int) -> tuple[str, int]:
    """The rows as Base64 text of at most so many bytes, and how many of them it holds."""
    count = len(rows)
    while True:
        told = {"rows": count, "columns": [column_of(rows[:count], column) for column in columns]}
        text = json.dumps(told, separators=(",", ":"), ensure_ascii=True)
        found = base64.b64encode(zlib.compress(text.encode(), 6)).decode()
        if len(found) <= most_bytes or not count:
            return found, count
        count = min(count - 1, int(count * most_bytes / len(found) * 0.95))


def column_of(rows: Sequence[Row], column: Column) -> dict[str, Any]:
    """One column: its values in order of rows, or the numbers of its values and these."""
    values = [column.value(row) for row in rows]
    told: dict[str, Any] = {"name": column.name, "kind": column.kind, "title": column.title}
    if column.kind == "number":
        return {**told, "values": [-1 if value is None else value for value in values]}
    if column.kind == "own":
        return {**told, "values": [shown(value) for value in values]}
    numbers: dict[Any, int] = {}
    places = [numbers.setdefault(value, len(numbers)) for value in values]
    each = [list(value) if column.kind == "list" else shown(value) for value in numbers]
    if column.words is not None:
        told["words"] = [shown(column.words(value)) if value else "" for value in numbers]
    if column.rank is not None:
        told["rank"] = [column.rank(value) for value in numbers]
    return {**told, "each": each, "values": places}


def shown(value: object) -> str:
    """A text as a page may show it, with what steers as codes, and bounded."""
    text = "" if value is None else str(value)
    return plain(text if len(text) <= TEXT_MOST else text[: TEXT_MOST - 1] + "…")
