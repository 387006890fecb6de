"""A burst, a storm, one that comes back; slab that grows from report to report (KERNEL.md 6, rows 15 and 18)."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.cause.timeline import duration, timeline, wall_seconds
from nopage.kernel.facts import FailureReport, MemInfo, Zone

Make = Callable[..., FailureReport]


@pytest.mark.parametrize(
    ("seconds", "suppressed", "kind", "bursts"),
    [
        ([10.0], 0, "single", 1),
        ([10.0, 11.0, 12.5], 0, "burst", 1),
        ([10.0, 11.0, 12.5], 30, "storm", 1),
        ([10.0 + n / 100 for n in range(25)], 0, "storm", 1),
        ([10.0, 4000.0], 0, "recurring", 2),
        ([10.0, 300.0, 590.0, 880.0], 0, "recurring", 1),
        ([], 0, "unknown", 0),
    ],
)
def test_kinds(report: Make, seconds: list[float], suppressed: int, kind: str, bursts: int) -> None:
    reports = [report(monotonic_s=second) for second in seconds] or [report(), report()]
    found = timeline(reports, suppressed=suppressed)
    assert (found.kind, found.bursts, found.suppressed) == (kind, bursts, suppressed)
    assert found.harmless is (kind in ("single", "burst"))
    assert found.words


@pytest.mark.parametrize(
    ("seconds", "bursts", "span_s"),
    [
        ([36000.0, 36600.5, 900.0, 1000.0], 3, None),  # a boot between the second and the third
        ([900.0, 36000.0, 950.0], 3, None),
        ([100.0, 99.5, 101.0], 1, 1.5),  # lines of two CPUs
    ],
)
def test_boots_of_one_log_are_apart(report: Make, seconds: list[float], bursts: int, span_s: float | None) -> None:
    found = timeline([report(monotonic_s=second) for second in seconds])
    assert (found.bursts, found.span_s) == (bursts, span_s)
    assert ("timeline.recurring.boots" in [word.id for word in found.words]) is (span_s is None)


def test_wall_times_go_on_over_a_boot(report: Make) -> None:
    stamps = [(36000.0, "02-14T18:26:56"), (900.0, "02-14T20:26:56")]
    found = timeline([report(monotonic_s=second, time=time) for second, time in stamps])
    assert (found.bursts, found.span_s) == (2, 7200.0)


def test_copies_that_syslog_folded_count(report: Make) -> None:
    found = timeline([report(monotonic_s=1.0, repeated=30)])
    assert (found.kind, found.reports) == ("storm", 31)


def test_wall_times_serve_where_there_are_more_of_them(report: Make) -> None:
    reports = [report(time="02-14T18:26:56"), report(time="02-14T20:26:56"), report(monotonic_s=3.0)]
    assert timeline(reports).kind == "recurring"
    assert timeline(reports).span_s == 7200


@pytest.mark.parametrize(
    ("text", "seconds"), [("2014-02-14T18:26:56", True), ("02-29T00:00:00", True), ("yesterday", False), ("", False)]
)
def test_times(text: str, seconds: bool) -> None:
    assert (wall_seconds(text) is not None) is seconds


def test_suppressed_counts_of_other_messages_are_not_failures(report: Make) -> None:
    found = timeline([report(monotonic_s=1.0)], suppressed=500, suppressed_exact=False)
    assert found.kind == "single"
    assert any("any kind" in str(words) for words in found.words)


@pytest.mark.parametrize(
    ("seconds", "suppressed", "words"),
    [
        ([10.0, 11.0], 118, "A storm: 2 failures printed and 118 held back within a second."),
        ([10.0], 118, "A storm: 1 failure printed and 118 held back."),
        ([10.0, 10.5], 0, "One burst: 2 failures within a second, and none after it."),
        ([10.0, 11.4], 0, "One burst: 2 failures within a second, and none after it."),
        ([10.0, 11.6], 0, "One burst: 2 failures within 2 seconds, and none after it."),
        ([10.0, 500.0], 3, "It goes on: 2 failures printed and 3 held back within 8 minutes."),
    ],
)
def test_sentences(report: Make, seconds: list[float], suppressed: int, words: str) -> None:
    found = timeline([report(monotonic_s=second) for second in seconds], suppressed=suppressed)
    assert str(found.words[0]) == words
    assert not any("raffic" in str(text) for text in found.words)  # no path is known here


def test_one_held_back_is_singular(report: Make) -> None:
    assert "held back 1 failure;" in str(timeline([report(monotonic_s=1.0)], suppressed=1).words[1])


def test_the_pages_asked_for_are_each_report_s_own(report: Make) -> None:
    reports = [report(order, 0x20, monotonic_s=1.0, repeated=again) for order, again in ((0, 2), (3, 0), (9, 0))]
    found = timeline(reports, suppressed=50, suppressed_exact=False)
    assert (found.asked_pages, found.suppressed_exact) == (3 * 1 + 8, False)


def slab(*pages: int) -> list[MemInfo]:
    return [MemInfo(zones=(Zone("Normal"),), counters_pages={"slab_unreclaimable": value}) for value in pages]


@pytest.mark.parametrize(
    ("pages", "grows"),
    [
        ((10000, 14000, 18000, 22000), True),
        ((10000, 18000, 9000, 18000), False),  # falls in between
        ((10000, 10100, 10200), False),  # hardly any
        ((10000, 22000), False),  # two points are no series
    ],
)
def test_slab_that_grows(report: Make, pages: tuple[int, ...], grows: bool) -> None:
    reports = [report(memory=state, monotonic_s=float(n)) for n, state in enumerate(slab(*pages))]
    assert any(note.key == "slab_growth" for note in timeline(reports).notes) is grows


def test_nothing_at_all() -> None:
    found = timeline([])
    assert (found.kind, found.reports, found.words) == ("single", 0, ())


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "a second"), (59, "59 seconds"), (7200, "2 hours"), (86400 * 3, "3 days")]
)
def test_duration(seconds: float, words: str) -> None:
    assert str(duration(seconds)) == words
