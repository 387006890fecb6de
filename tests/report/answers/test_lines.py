"""Differences, masks and rules as lines: the verdict first, tables aligned, hostile names shown as codes."""
from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

import nopage
from nopage.kernel.gfp import decode
from nopage.report.answers import difference_lines, mask_lines
from nopage.report.speaker import Speaker
from nopage.result import Result
from nopage.result.answers import mask_explained
from nopage.result.compare import compare

EXAMPLE = "docs/example/sosreport-example-rhel6"


@pytest.fixture(scope="module")
def old(root: Path) -> Result:
    (found,) = nopage.diagnose(root / EXAMPLE)
    return found


def ten_days_on(result: Result) -> Result:
    return replace(result, source=replace(result.source, collected_at="2012-02-24T18:40:02"))


def test_the_verdict_is_the_second_line(old: Result) -> None:
    found = compare(old, ten_days_on(old))
    lines = [line.text for line in difference_lines(found, Speaker(), 100)]
    assert lines[0] == "stor1.example.com"
    assert found.verdict.startswith(lines[1])
    for title in ("FINDINGS", "PLAN"):
        assert title in lines
    assert "CHANGED" not in lines  # nothing was set


def test_names_of_an_archive_steer_no_terminal(old: Result) -> None:
    hostile = replace(ten_days_on(old), host="a\x1b[31m\u202eb", kernel=replace(old.kernel, release="\x1b]0;x\x07"))
    text = "\n".join(line.text for line in difference_lines(compare(old, hostile), Speaker(), 100))
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "\\x1b[31m" in text


def test_bits_without_a_name_are_told() -> None:
    lines = [line.text for line in mask_lines(mask_explained(decode(1 << 60 | 0x20), None), Speaker())]
    assert any("no flag of this kernel" in line for line in lines)
