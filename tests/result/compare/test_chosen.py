"""What is old is marked and stays; what is not severe enough goes."""
from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

import nopage
from nopage.result import Result, Severity
from nopage.result.compare import at_least, in_time

EXAMPLE = "docs/example/sosreport-example-rhel6"


@pytest.fixture(scope="module")
def result(root: Path) -> Result:
    """Three failures: 2012-02-14 18:26:56, 18:26:56 and 18:27:20."""
    (found,) = nopage.diagnose(root / EXAMPLE)
    return found


@pytest.mark.parametrize(
    ("since", "until", "old", "note"),
    [
        (None, None, False, None),
        ("2012-02-14", None, False, None),
        ("2012-02-14T18:27:20", None, False, "note.in_time.since"),
        ("2012-02-14T18:27:21", None, True, "note.in_time.since"),
        (None, "2012-02-14T18:27:20", False, "note.in_time.until"),
        (None, "2012-02-14", True, "note.in_time.until"),
        ("2012-02-14T18:27", "2012-02-15", False, "note.in_time.between"),
        ("2012-02-14T18:27", "2012-02-14T18:27:10", True, "note.in_time.between"),
    ],
)
def test_old_is_what_lies_outside(
    result: Result, since: str | None, until: str | None, old: bool, note: str | None
) -> None:
    span = (None if text is None else datetime.fromisoformat(text) for text in (since, until))
    seen = in_time(result, *span)
    (finding,) = seen.findings
    assert finding.old is old
    assert seen.failures == result.failures
    assert seen.plan == result.plan
    assert seen.severity == (Severity.NONE if old else result.severity)
    notes = [one.id for one in finding.notes_said]
    assert ([note] if note else []) == notes[: len(notes) - len(result.findings[0].notes_said)]
    assert seen.verdict.startswith("Old:") is old
    assert " ".join(map(str, seen.verdict_said)) == seen.verdict


def test_a_failure_without_a_time_counts(result: Result) -> None:
    undated = replace(result, failures=tuple(replace(one, time=None) for one in result.failures))
    assert not in_time(undated, datetime(2030, 1, 1)).findings[0].old


def test_other_findings_stay_as_they_are(samples: Path) -> None:
    (found,) = nopage.diagnose(samples / "min_free_kbytes_too_high" / "rhel7")
    assert found.findings
    assert in_time(found, datetime(2040, 1, 1)) == found


@pytest.mark.parametrize("least", list(Severity)[:-1])
def test_only_what_is_severe_enough_is_left(result: Result, least: Severity) -> None:
    order = list(Severity)
    kept = at_least(result, least)
    assert [one.key for one in kept.findings] == [
        one.key for one in result.findings if order.index(one.severity) <= order.index(least)
    ]
    assert kept.failures == result.failures
    assert bool(kept.plan.steps) is bool(kept.findings)
    assert ("left out" in kept.verdict) is (len(kept.findings) < len(result.findings))
