"""Failures over time: counts that add up, those of a storm that were only counted between the others."""
from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import nopage
from nopage.report.screen import first_screen
from nopage.report.series import LEVELS, series
from nopage.report.speaker import Speaker
from nopage.result import Result

HEADER = "swapper: page allocation failure. order:2, mode:0x4020"


def of(seconds: list[float], template: str = "[{:.6f}] ") -> Result:
    """The result of a log with a report at each of these seconds since boot."""
    return nopage.diagnose_text("".join(template.format(second) + HEADER + "\n" for second in seconds))


@pytest.mark.parametrize(
    ("seconds", "most", "spans"),
    [
        ([10.0], 8, (1,)),
        ([0.0, 10.0], 8, (1, 1)),
        ([0.0, 1.0, 2.0, 100.0], 4, (3, 0, 0, 1)),
        ([float(number) for number in range(100)], 10, (10,) * 10),
    ],
)
def test_spans_are_equal_and_add_up(seconds: list[float], most: int, spans: tuple[int, ...]) -> None:
    found = series(of(seconds), most)
    assert found is not None
    assert found.spans == spans
    assert found.reports == found.kept == sum(spans) == len(seconds)


def test_nothing_has_a_time() -> None:
    assert series(nopage.diagnose_text(HEADER + "\n"), 8) is None


def test_a_line_has_a_character_a_span() -> None:
    found = series(of([0.0, 1.0, 2.0, 100.0]), 4)
    assert found is not None
    assert found.line == LEVELS[-1] + "  " + LEVELS[2]


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """10,001 reports, so many that most are only counted; nine of ten in the first half of the time."""
    log: Path = tmp_path_factory.mktemp("storm") / "messages"
    times = [number * 0.5 for number in range(9001)] + [4500.0 + number * 4.5 for number in range(1, 1001)]
    log.write_text("".join(f"[{time:.6f}] {HEADER}\n[{time:.6f}] Call Trace:\n" for time in times))
    (result,) = nopage.diagnose(str(log))
    return result


def test_a_storms_counts_add_up(storm: Result) -> None:
    found = series(storm, 10)
    assert found is not None
    assert found.reports == sum(found.spans) == 10_001
    assert 0 < found.kept < 10_001, "the storm is too small for this test"
    assert storm.timeline is not None
    assert storm.timeline.reports == storm.findings[0].reports == 10_001
    assert "10001 failures" in storm.timeline.said[0].text
    assert sum(found.spans[:5]) > 8000, "the first half had nine of ten"
    assert all(many > 0 for many in found.spans)
    assert not any(one > 20 * two for one, two in pairwise(found.spans[:4]))


def test_the_first_screen_says_how_many_there_were_and_were_kept(storm: Result) -> None:
    text = "\n".join(line.text for line in first_screen(storm, Speaker()))
    found = series(storm, 32)
    assert found is not None
    assert f"10,001 reports, {found.kept:,} kept, first to last" in text
    assert f"{found.counted_only:,} of these reports are a storm's" in text
    assert found.line in text
