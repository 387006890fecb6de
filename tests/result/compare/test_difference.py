"""Two collections of one host: the outcome and what it rests on, as a table of cases."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import nopage
from nopage.result import Failure, Memory, Network, Result, load, to_json
from nopage.result.answers import Difference, How, Outcome, StepState
from nopage.result.compare import compare, pairs_of

EXAMPLE = "docs/example/sosreport-example-rhel6"
MADE = datetime(2012, 2, 14, 18, 40, 2)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def old() -> Result:
    """Three failures, one burst, in logs of twenty minutes; RHEL 6.1, vm.min_free_kbytes 90112."""
    return example()


@cache
def example() -> Result:
    """Where failures and findings are taken from."""
    (found,) = nopage.diagnose(Path(__file__).resolve().parents[3] / EXAMPLE)
    return found


def later(
    result: Result, hours: float, failed_at: Sequence[float] = (), *, keep: bool = True, kernel: str | None = None,
    setting: int | None = None, log_from: str | None = None,
) -> Result:
    """The same host so many hours on; failures at these hours after the first collection, the old ones in its logs."""
    new = [
        replace(
            example().failures[0], time=(MADE + hour * HOUR).isoformat(), time_printed=None,
            monotonic_s=9e6 + hour * 3600,
        )
        for hour in failed_at
    ]
    failures = (*(result.failures if keep else ()), *new)
    made = (MADE + hours * HOUR).isoformat()
    coverage = replace(result.source.coverage, newest_log_time=made, oldest_log_time=log_from or "2012-02-14T18:20:01")
    changed: dict[str, Any] = {
        "failures": failures,
        "source": replace(result.source, collected_at=made, coverage=coverage),
        "findings": tuple(replace(one, reports=len(failures)) for one in example().findings) if failures else (),
    }
    if kernel is not None:
        changed["kernel"] = replace(result.kernel, release=kernel, rhel=None)
    if setting is not None:
        assert result.memory is not None
        changed["memory"] = replace(result.memory, settings={**result.memory.settings, "min_free_kbytes": setting})
    return replace(result, **changed)


def before(result: Result, hours: float, failed_at: Sequence[float]) -> Result:
    """The old side with logs of so many hours, and failures at these hours before it was made."""
    failures: tuple[Failure, ...] = tuple(
        replace(example().failures[0], time=(MADE - hour * HOUR).isoformat(), time_printed=None, monotonic_s=hour)
        for hour in failed_at
    )
    coverage = replace(result.source.coverage, oldest_log_time=(MADE - hours * HOUR).isoformat())
    return replace(
        result, failures=failures, source=replace(result.source, coverage=coverage),
        findings=tuple(replace(one, reports=len(failures)) for one in example().findings) if failures else (),
    )


@pytest.mark.parametrize(
    ("hours_before", "failed_before", "hours_after", "failed_after", "outcome"),
    [
        # One burst in ten hours: the chance that the next ten are quiet by luck is a half; two hundred: one in 21.
        (10, [5], 10, [], Outcome.TOO_EARLY),
        (10, [5], 189, [], Outcome.TOO_EARLY),
        (10, [5], 191, [], Outcome.GONE),
        # Five bursts: (1/2)**5 is less than one in twenty, (10/18)**5 is not.
        (10, [1, 3, 5, 7, 9], 10, [], Outcome.GONE),
        (10, [1, 3, 5, 7, 9], 8, [], Outcome.TOO_EARLY),
        # Ten reports in one burst are one burst.
        (10, [5 + n / 1000 for n in range(10)], 10, [], Outcome.TOO_EARLY),
        (10, [1, 3, 5], 10, [2, 4, 6], Outcome.SAME),
        (10, [1, 3], 10, [2, 4, 6, 8], Outcome.MORE),
        (10, [1, 3, 5, 7], 10, [2, 4], Outcome.FEWER),
        (10, [], 10, [2], Outcome.NEW),
        (10, [], 10, [], Outcome.NONE),
    ],
)
def test_outcomes(
    old: Result, hours_before: float, failed_before: list[float], hours_after: float, failed_after: list[float],
    outcome: Outcome,
) -> None:
    first = before(old, hours_before, failed_before)
    found = compare(first, later(first, hours_after, failed_after))
    assert found.outcome is outcome, found.verdict
    assert (found.old.reports, found.new.reports) == (len(failed_before), len(failed_after))
    assert found.verdict


def test_failures_that_both_logs_hold_are_the_old_ones(old: Result) -> None:
    found = compare(old, later(old, 1000))
    assert (found.new.reports, found.outcome) == (0, Outcome.GONE)
    assert [one.how for one in found.findings] == [How.NONE_SINCE]


def test_failures_without_a_wall_time_are_told_apart_by_the_old_ones(old: Result) -> None:
    undated = replace(old, failures=tuple(replace(one, time=None, time_printed=None) for one in old.failures))
    assert compare(undated, later(undated, 5)).new.reports == 0
    one_more = replace(undated.failures[0], monotonic_s=99999.5)
    new = later(undated, 5)
    found = compare(undated, replace(new, failures=(*new.failures, one_more)))
    assert (found.new.reports, found.new.at_least) == (1, True)


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        ({"setting": 180224}, StepState.DONE, "Done of the plan: vm.min_free_kbytes from 90112 to 180224."),
        ({"setting": 300000}, StepState.DONE, "from 90112 to 300000"),
        ({"setting": 135168}, StepState.PARTLY, "(advised: 180224)"),
        ({"setting": 90112}, StepState.NOT_DONE, "Not done: update_kernel, vm.min_free_kbytes"),
        ({"setting": 67584}, StepState.UNDONE, "Set the other way than advised"),
    ],
)
def test_whether_a_setting_was_made(old: Result, change: dict[str, Any], state: StepState, words: str) -> None:
    found = compare(old, later(old, 5, **change))
    assert {one.state for one in found.steps if one.setting == "vm.min_free_kbytes"} == {state}
    assert words in found.verdict


@pytest.mark.parametrize(
    ("kernel", "state"),
    [
        ("2.6.32-754.el6.x86_64", StepState.DONE),
        ("2.6.32-220.el6.x86_64", StepState.PARTLY),
        ("2.6.32-131.21.1.el6.x86_64", StepState.NOT_DONE),
    ],
)
def test_whether_the_kernel_was_updated(old: Result, kernel: str, state: StepState) -> None:
    found = compare(old, later(old, 5, kernel=kernel))
    assert [one.state for one in found.steps if one.action == "update_kernel"] == [state]
    assert ("kernel" in [one.name for one in found.settings]) is (state is not StepState.NOT_DONE)


def test_the_wrong_order_is_told(old: Result) -> None:
    found = compare(later(old, 5), old)
    assert found.outcome is Outcome.CANNOT_BE_TOLD
    assert [one.id for one in found.verdict_said][:1] == ["diff.wrong_order"]


def test_one_moment_is_told(old: Result) -> None:
    assert [one.id for one in compare(old, old).verdict_said][:1] == ["diff.same_time"]


def test_a_gap_between_the_logs_is_told(old: Result) -> None:
    found = compare(old, later(old, 100, keep=False, log_from="2012-02-16T00:00:00"))
    assert "diff.note.gap" in [one.id for one in found.notes]
    assert found.new.hours == pytest.approx(100 - (29 + 20 / 60 - 2 / 3600), abs=0.1)


def counting(result: Result, uptime_s: float, dropped: int, stalls: int) -> Result:
    """The host with these counters."""
    assert isinstance(result.memory, Memory)
    assert isinstance(result.network, Network)
    cards = tuple(replace(one, rx_dropped=dropped, ring_empty={}) for one in result.network.interfaces)
    return replace(
        result,
        memory=replace(result.memory, uptime_s=uptime_s, pressure={"allocstall": stalls}),
        network=replace(result.network, interfaces=cards),
    )


@pytest.mark.parametrize(
    ("uptime_after_h", "after", "rate", "booted"),
    [
        (20.0, 300, 20.0, False),  # the same boot: 200 more in ten hours
        (5.0, 300, 60.0, True),  # booted in between: 300 in five hours
        (20.0, 50, None, False),  # the driver was loaded anew: how many is not known
    ],
)
def test_counters_per_hour(old: Result, uptime_after_h: float, after: int, rate: float | None, booted: bool) -> None:
    found = compare(counting(old, 36000, 100, 0), counting(later(old, 10), uptime_after_h * 3600, after, 0))
    one = next(one for one in found.counters if one.name == "eth4 rx_dropped")
    assert one.before_per_hour == pytest.approx(10.0)
    assert one.after_per_hour == (None if rate is None else pytest.approx(rate))
    assert one.since_boot is booted
    assert "vmstat allocstall" not in [one.name for one in found.counters]  # 0 on both sides


def test_findings_that_are_no_failures_come_and_go(old: Result, samples: Path) -> None:
    (high,) = nopage.diagnose(samples / "min_free_kbytes_too_high" / "rhel7")
    came = compare(old, replace(later(old, 5), findings=(*old.findings, *high.findings)))
    assert (came.findings[0].key, came.findings[0].how) == ("MIN_FREE_KBYTES_TOO_HIGH", How.NEW)
    assert "New: MIN_FREE_KBYTES_TOO_HIGH." in came.verdict
    went = compare(replace(old, findings=(*old.findings, *high.findings)), later(old, 5))
    assert (went.findings[-1].key, went.findings[-1].how) == ("MIN_FREE_KBYTES_TOO_HIGH", How.GONE)
    assert "No longer there: MIN_FREE_KBYTES_TOO_HIGH." in went.verdict


def test_pairs_by_name_the_latest_of_each(old: Result) -> None:
    def named(name: str, hours: float) -> Result:
        return replace(later(old, hours), host=name)

    pairs = pairs_of([named("a", 1), named("b", 1), named("a", 2)], [named("a", 9), named("c", 9)])
    assert [(one.host, one.source.collected_at) for one, _ in pairs.both] == [("a", "2012-02-14T20:40:02")]
    assert (pairs.only_old, pairs.only_new) == (("b",), ("c",))
    alone = pairs_of([named("a", 1)], [named("b", 2)])
    assert len(alone.both) == 1
    assert "diff.note.other_host" in [one.id for one in compare(*alone.both[0]).notes]


def test_json_comes_back_as_it_was(old: Result) -> None:
    loaded = load(to_json(old))
    assert compare(loaded, later(loaded, 50)) == compare(old, later(old, 50))


@settings(deadline=None, max_examples=40)
@given(
    st.floats(0.1, 1e4), st.lists(st.floats(0.0, 1e4), max_size=6), st.floats(0.01, 1e4),
    st.lists(st.floats(0.01, 1e4), max_size=6),
)
def test_no_numbers_raise(
    hours_before: float, failed_before: list[float], hours_after: float, failed_after: list[float]
) -> None:
    (base,) = nopage.diagnose(b"swapper: page allocation failure. order:1, mode:0x20\n")
    first = before(base, hours_before, failed_before)
    found = compare(first, later(first, hours_after, failed_after))
    assert isinstance(found, Difference)
    assert found.verdict == " ".join(map(str, found.verdict_said))
