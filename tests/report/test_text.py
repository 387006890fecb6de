"""Lines reach a terminal or a pipe as they are: nothing in them is markup."""
from __future__ import annotations

import io

import pytest

from nopage.report.screen import Line
from nopage.report.text import console, print_lines

WILD = [
    r" \[\<ffffffff8112f9e7\>\] ? \_\_alloc_pages+0x1/0x2", "[bold]x[/bold]", "[mhi", "a96c]", "", ":smile:", r"\[/]",
    "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize("color", ["always", "never"])
def test_what_looks_like_markup_is_shown_as_it_stands(color: str) -> None:
    out = io.StringIO()
    print_lines([Line(text) for text in WILD], console(out, width=80, color=color))
    assert out.getvalue().split("\n") == [*WILD, ""]


def test_a_line_bears_its_style_alone() -> None:
    out = io.StringIO()
    print_lines([Line("one", "bad"), Line("two"), Line("three", "bold")], console(out, width=80, color="always"))
    bold, red, plain = "\x1b[1m", "\x1b[1;31m", "\x1b[0m"
    assert out.getvalue() == f"{red}one{plain}\ntwo\n{bold}three{plain}\n"


def test_no_line_prints_nothing() -> None:
    out = io.StringIO()
    print_lines([], console(out))
    assert out.getvalue() == ""
