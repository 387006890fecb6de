"""Many hosts: a row each, the most urgent first, totals, and what could not be read last."""
from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

import nopage
from nopage.report.screen import Many

SAMPLES = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    many = Many()
    for name in ("clean_host", "rhel7", "rhel8"):
        for result in nopage.diagnose(str(SAMPLES / "atomic_allocation_failure" / name)):
            many.add(result)
    for result in nopage.diagnose(str(SAMPLES / "no such file")):
        many.add(result)
    return [line.text for line in many.lines(200)]


def test_rows_are_aligned_and_ranked(lines: list[str]) -> None:
    head = next(line for line in lines if line.startswith("HOST"))
    place = lines.index(head)
    assert head.split() == ["HOST", "KERNEL", "REPORTS", "LAST", "CAUSE", "WHO", "DROPS", "FIRST-STEP"]
    rows = lines[place + 1 : place + 4]
    columns = head.index("CAUSE")
    assert all(row[columns - 1] == " " for row in rows)
    assert rows[-1].split()[-1] == "-", "a host without findings comes last"


def test_totals_and_the_unreadable_come_last(lines: list[str]) -> None:
    assert "3 hosts read, 2 with findings, 1 not readable." in lines
    assert any(line.startswith("By cause:") for line in lines)
    assert lines[-2] == "Could not be read:"
    assert "no such file" in lines[-1]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_it_fits_the_screen_in_aligned_columns(width: int) -> None:
    many = Many()
    for name in ("rhel6_before_358", "rhel7", "rhel8"):
        for result in nopage.diagnose(str(SAMPLES / "atomic_allocation_failure" / name)):
            many.add(replace(result, host=f"{name}-a-host-with-a-name-of-many-letters.example.com"))
    lines = [line.text for line in many.lines(width)]
    assert [line for line in lines if len(line) > width] == []
    head = next(line for line in lines if line.startswith("HOST"))
    rows = [line for line in lines if line.startswith("rhel")]
    assert len(rows) == 3
    told = head.split() if width >= 120 else [*head.split(), lines[lines.index(head) + 1].strip()]
    assert told[-1] == "FIRST-STEP"
    for name in ("LAST", "CAUSE") if width >= 80 else ("LAST",):
        assert all(row[head.index(name) - 2 : head.index(name)] == "  " for row in rows), name
    assert all(row[head.index("KERNEL") :].startswith(f"RHEL {row[4]}.") for row in rows), "a release is never cut"


def test_nothing_at_all() -> None:
    assert [line.text for line in Many().lines(80)] == [
        "", "0 hosts read, 0 with findings, 0 not readable."
    ]
