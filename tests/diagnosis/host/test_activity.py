"""sar's intervals at the failures."""
from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from nopage.diagnosis.host import Moments, activity
from nopage.kernel.sar import Interval

NOON = datetime(2024, 5, 1, 12, 0, 1)


def interval(end: datetime = NOON, minutes: int = 10, *, utc: bool = False, mbps: float = 100.0) -> Interval:
    return Interval(
        end, utc, end - timedelta(minutes=minutes), {"free_kb": 4096.0},
        {"eth0": {"receive_mbps": mbps},
         "eth1": {"receive_mbps": 1.0, "transmit_mbps": 2.0, "receive_dropped_per_s": 3.5}},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("times", "collected", "utc", "inside"),
    [
        (["2024-05-01T11:55:00"], None, False, 1),
        (["2024-05-01T11:55:00+02:00"], None, False, 1),
        (["2024-05-01T11:55:00", "2024-05-01T11:56:00", "2024-05-01T12:01:00", None, "05-01T11:55:00"], None, False, 2),
        (["2024-05-01T12:00:01"], None, False, 1),
        (["2024-05-01T11:49:59"], None, False, 0),
        (["2024-05-01T09:55:00+00:00"], "2024-05-02T08:00:00+02:00", False, 1),  # an export in UTC
        (["2024-05-01T11:55:00"], "2024-05-02T08:00:00+02:00", True, 0),
        (["2024-05-01T13:55:00"], "2024-05-02T08:00:00+02:00", True, 1),
        (["2024-05-01T13:55:00+02:00"], None, True, 1),
        (["2024-05-01T11:55:00"], None, True, 0),  # what the offset is, nothing tells
    ],
)
def test_a_moment_in_an_interval(times: list[str | None], collected: str | None, utc: bool, inside: int) -> None:
    assert Moments(times, collected).inside(interval(utc=utc)) == inside


def test_the_busiest_interface_is_shown() -> None:
    (one,) = activity([[interval(), interval(NOON + timedelta(minutes=10))]], Moments(["2024-05-01T11:55:00"]))
    assert (one.time, one.interval_s, one.failures) == ("2024-05-01T12:00:01", 600.0, 1)
    assert (one.interface, one.receive_mbps, one.transmit_mbps) == ("eth0", 100.0, None)
    assert (one.receive_dropped_per_s, one.free_kb, one.kswapd_scanned_per_s) == (3.5, 4096, None)


def test_the_fuller_copy_of_an_interval_counts() -> None:
    bare = Interval(NOON, False, NOON - timedelta(minutes=10), {"free_kb": 1.0})
    for files in ([[bare], [interval()]], [[interval()], [bare]]):
        assert [one.free_kb for one in activity(files, Moments(["2024-05-01T11:55:00"]))] == [4096]


def test_at_most_fifty_and_those_with_most_failures() -> None:
    ends = [NOON + timedelta(minutes=10 * number) for number in range(200)]
    moments = [end - timedelta(minutes=5) for end in ends] + [ends[150] - timedelta(minutes=1)]
    times = [moment.isoformat() for moment in moments]
    found = activity([[interval(end) for end in ends]], Moments(times))
    assert len(found) == 50
    assert max(found, key=lambda one: one.failures).time == ends[150].isoformat()
    assert [one.time for one in found] == sorted(one.time for one in found)


def test_a_gap_of_a_day_is_no_interval() -> None:
    assert activity([[interval(minutes=24 * 60)]], Moments(["2024-05-01T11:55:00"])) == ()


def test_days_that_matter() -> None:
    moments = Moments(["2024-05-01T00:00:05"])
    assert moments
    assert [day for day in range(28, 31) if moments.wanted(NOON.date().replace(month=4, day=day))] == [30]
    assert not Moments([None, "05-01T11:55:00x"])
