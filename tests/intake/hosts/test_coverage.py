"""How complete a host's collection is: the span of time that its logs cover, and what was left out of it."""
from __future__ import annotations

import pytest

from nopage.intake.hosts.coverage import coverage, notes
from nopage.intake.model import Stream


def log(name: str, first: str | None, last: str | None) -> Stream:
    return Stream("kernel_log", name, first_time=first, last_time=last)


@pytest.mark.parametrize(
    ("date", "oldest", "newest"),
    [
        ("Wed Feb 14 11:00:00 UTC 2024\n", "2023-12-24T00:00:00", "2024-02-14T10:00:00"),
        ("2024-02-14 11:00:00\n", "2023-12-24T00:00:00", "2024-02-14T10:00:00"),
        ("no date\n", "01-28T00:00:00", "12-24T00:00:00"),
    ],
)
def test_times_without_a_year_take_that_of_the_collection(date: str, oldest: str, newest: str) -> None:
    streams = [
        Stream("date", "date", text=date),
        log("messages-1", "12-24T00:00:00", "01-28T00:00:00"),
        log("messages", "01-28T00:00:00", "02-14T10:00:00"),
        log("dmesg", None, None),
    ]
    found = coverage(streams)
    assert (found.oldest_log_time, found.newest_log_time) == (oldest, newest)


@pytest.mark.parametrize(
    ("logs", "events"),
    [
        ({"var/log/messages": {"oom_kill": 2}, "sos_commands/kernel/dmesg": {"oom_kill": 1}}, {"oom_kill": 2}),
        ({"var/log/messages": {"oom_kill": 2}, "var/log/messages-20240214": {"oom_kill": 3}}, {"oom_kill": 5}),
        ({"var/log/messages": {"oom_kill": 1}, "dmesg": {"hung_task": 4}}, {"hung_task": 4, "oom_kill": 1}),
        ({"dmesg": {}}, {}),
    ],
)
def test_events_of_copies_count_once(logs: dict[str, dict[str, int]], events: dict[str, int]) -> None:
    streams = [Stream("kernel_log", name, other_events=counts) for name, counts in logs.items()]
    assert coverage(streams).other_events == events


def test_what_sos_says_of_its_own_work() -> None:
    text = (
        "2024-02-14 11:00:00,1 WARNING: [plugin:networking] command 'ethtool -S eth1' timed out after 300s\n"
        "[plugin:logs] collecting tail of '/var/log/messages' due to size limit\n"
        "Plugin lvm2 timed out\n"
    )
    assert notes(text) == (["ethtool -S eth1", "plugin lvm2"], ["/var/log/messages"])
