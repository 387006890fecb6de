"""The times of lines in every framing, and the span of time that a host's logs cover."""
from __future__ import annotations

import pytest

from nopage.intake.coverage import coverage, notes
from nopage.intake.model import Stream
from nopage.intake.times import first_time, last_time, time_of


@pytest.mark.parametrize(
    ("line", "time"),
    [
        (b"Feb 14 18:26:56 host kernel: x", "02-14T18:26:56"),
        (b"Feb  4 08:06:05 host kernel: x", "02-04T08:06:05"),
        (b"> Feb  4 08:06:05 host kernel: x", "02-04T08:06:05"),
        (b"2024-02-14T18:26:56.123456+01:00 host kernel: x", "2024-02-14T18:26:56"),
        (b"2024-02-14 18:26:56 host kernel: x", "2024-02-14T18:26:56"),
        (b"[Wed Feb 14 18:26:56 2024] x", "2024-02-14T18:26:56"),
        (b"2024-02-14T18:26:56,123456+0000 x", "2024-02-14T18:26:56"),
        (b'{"__REALTIME_TIMESTAMP":"1707935216123456","MESSAGE":"x"}', "2024-02-14T18:26:56"),
        (b"[    2.558872] 65503 pages RAM", None),
        (b"", None),
        (b"\xff\0\xfe", None),
    ],
)
def test_time_of_a_line(line: bytes, time: str | None) -> None:
    assert time_of(line) == time


def test_the_first_and_last_lines_that_bear_one() -> None:
    text = b"cut\n\nFeb  1 00:00:01 a\nFeb  1 00:00:02 b\n-- end --\n"
    assert (first_time(text), last_time(text)) == ("02-01T00:00:01", "02-01T00:00:02")


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


def test_what_sos_says_of_its_own_work() -> None:
    text = (
        "2024-02-14 11:00:00,1 WARNING: [plugin:networking] command 'ethtool -S eth1' timed out after 300s\n"
        "[plugin:logs] collecting tail of '/var/log/messages' due to size limit\n"
        "Plugin lvm2 timed out\n"
    )
    assert notes(text) == (["ethtool -S eth1", "plugin lvm2"], ["/var/log/messages"])
