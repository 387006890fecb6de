"""What goes to standard error is bounded, and said once."""
from __future__ import annotations

import pytest
from msgspec.structs import replace

import nopage
from nopage.cli.complaint import MOST_WARNINGS, tell_warnings
from nopage.result import Result


def warned(path: str, *warnings: str) -> Result:
    result = nopage.diagnose_text("")
    return replace(result, source=replace(result.source, path=path, warnings=warnings))


def test_very_many_warnings_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    tell_warnings(warned("many.log", *(f"line {number}" for number in range(500))))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "nopage: many.log: line 0"
    more = 500 - MOST_WARNINGS
    assert lines[MOST_WARNINGS:] == [f"nopage: many.log: {more} warnings more; --format json has them all"]


def test_what_is_said_of_an_archive_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    for host in ("a", "b", "c"):
        tell_warnings(warned(f"x.tar!{host}", "more than 1000 hosts", f"{host} is cut"))
    tell_warnings(warned("y.tar!a", "more than 1000 hosts"))
    assert capsys.readouterr().err.splitlines() == [
        "nopage: x.tar!a: more than 1000 hosts", "nopage: x.tar!a: a is cut", "nopage: x.tar!b: b is cut",
        "nopage: x.tar!c: c is cut", "nopage: y.tar!a: more than 1000 hosts",
    ]  # fmt: skip


def test_a_source_given_twice_is_told_of_twice(capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("x.log", "x.log", "z.log", "x.log"):
        tell_warnings(warned(path, "ends early"))
    assert len(capsys.readouterr().err.splitlines()) == 4
