"""Rows packed for a page: they come back as they were, and never need more room than there is."""
from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest

from nopage.report.fleet.packed import Column, packed

COLUMNS = (
    Column("name", "own", lambda row: row[0]), Column("cause", "text", lambda row: row[1], "cause"),
    Column("count", "number", lambda row: row[2]), Column("step", "list", lambda row: row[3]),
)  # fmt: skip
ROWS = [("a", "x", 1, (1, 2)), ("b", None, None, ()), ("c", "x", 3, (1, 2))]


def unpacked(text: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(text)))
    return {one["name"]: one for one in told["columns"]} | {"rows": told["rows"]}


def test_all_comes_back() -> None:
    text, count = packed(ROWS, COLUMNS, 10_000)
    told = unpacked(text)
    assert count == told["rows"] == 3
    assert told["name"]["values"] == ["a", "b", "c"]
    assert [told["cause"]["each"][place] for place in told["cause"]["values"]] == ["x", "", "x"]
    assert told["count"]["values"] == [1, -1, 3]
    assert [told["step"]["each"][place] for place in told["step"]["values"]] == [[1, 2], [], [1, 2]]


@pytest.mark.parametrize("most", [0, 400, 3_000, 40_000])
def test_as_many_as_there_is_room_for(most: int) -> None:
    rows = [(f"host {n * 7919 % 10007}", str(n * 31 % 997), n, (n % 5,)) for n in range(5_000)]
    text, count = packed(rows, COLUMNS, most)
    assert len(text) <= most or count == 0
    if count:
        assert unpacked(text)["name"]["values"] == [row[0] for row in rows[:count]]
    assert (count > 1_000) is (most >= 40_000)


@pytest.mark.parametrize(
    ("name", "shown"), [("a\u202eb", "a\\u202eb"), ("x" * 500, "x" * 159 + "…"), ("</script>", "</script>")]
)
def test_texts_are_shown_and_bounded(name: str, shown: str) -> None:
    text, _ = packed([(name, name, 1, ())], COLUMNS, 10_000)
    assert unpacked(text)["name"]["values"] == [shown]
    assert "<" not in text
