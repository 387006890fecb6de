"""Tables for other programs: nothing in them steers a terminal, and a spreadsheet computes none of it."""
from __future__ import annotations

import csv
import io
import json

import pytest

from nopage.fleet.export import write
from nopage.fleet.store import Answer

# What a log made up -> the cell of a table.
CELLS = {
    "web1.example.com": "web1.example.com",
    "=cmd|' /c calc'!A0": "'=cmd|' /c calc'!A0",
    "+1": "'+1",
    "-x": "'-x",
    "@SUM(1)": "'@SUM(1)",
    "\uff1dA1": "'\uff1dA1",
    "\t=A1": "\\t=A1",
    "\u202eevil": "\\u202eevil",
    "\x1b[31m": "\\x1b[31m",
    'a,"b"': 'a,"b"',
    "two\nlines": "two\\nlines",
    "\u65e5\u672c": "\u65e5\u672c",
    "": "",
}


@pytest.mark.parametrize("text", CELLS)
def test_a_cell_and_an_object(text: str) -> None:
    found = Answer(columns=("host", "reports", "drivers"), rows=[(text, -5, [text, "x"])])
    out = io.StringIO()
    write(found, "csv", out)
    head, row = csv.reader(io.StringIO(out.getvalue()))
    assert head == ["host", "reports", "drivers"]
    assert row[:2] == [CELLS[text], "-5"]
    out = io.StringIO()
    write(found, "json", out)
    assert all(char.isprintable() or char == "\n" for char in out.getvalue())
    assert json.loads(out.getvalue()) == [{"host": text, "reports": -5, "drivers": [text, "x"]}]
