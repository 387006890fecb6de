"""Full wall times: what tells year and offset of each event, and that nothing else does."""
from __future__ import annotations

import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.kernel.facts import Place
from nopage.kernel.window import Window
from nopage.klog.framing import iso_time
from nopage.klog.reading import read_log
from nopage.klog.wall import Hints, WallTime, latest_year, wall_times


@dataclass(frozen=True)
class Copy:
    file: str
    time: str | None = None
    monotonic_s: float | None = None
    line: int = 1

    @property
    def place(self) -> Place:
        return Place(self.file, self.line)


def told(events: list[list[Copy]], **hints: object) -> list[tuple[str | None, str | None]]:
    return [(one.time, one.time_from) for one in wall_times(events, Hints(**hints))]  # type: ignore[arg-type]


def seconds(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()


COLLECTED = "2026-11-22T21:47:13+00:00"
NOTHING = (None, None)


@pytest.mark.parametrize(
    ("time", "bound", "year"),
    [
        ("11-22T21:47:13", "2026-11-22T21:47:13", 2026),
        ("11-22T21:47:14", "2026-11-22T21:47:13", 2025),
        ("01-01T00:00:00", "2026-12-31T23:59:59", 2026),
        ("12-31T23:59:59", "2027-01-01T00:00:00", 2026),
        ("02-29T12:00:00", "2026-11-22T21:47:13", 2024),
        ("02-29T12:00:00", "2024-02-28T00:00:00", 2020),
        ("02-29T12:00:00", "2103-05-01T00:00:00", 2096),
        ("02-30T12:00:00", "2026-11-22T21:47:13", None),
        ("05-01T12:00:00", "1970-01-02T00:00:00", None),
    ],
)
def test_latest_year(time: str, bound: str, year: int | None) -> None:
    assert latest_year(time, datetime.fromisoformat(bound)) == year


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ([Copy("m", "2026-11-22T21:46:50+02:00")], ("2026-11-22T21:46:50+02:00", "log")),
        ([Copy("dmesg_-T", "2026-11-22T21:46:50")], ("2026-11-22T21:46:50", "log")),
        ([Copy("dmesg", None, 10.1), Copy("dmesg_-T", "2026-11-22T21:46:50")], ("2026-11-22T21:46:50", "sibling")),
        # an offset is worth more than the own clock
        (
            [Copy("dmesg_-T", "2026-11-22T23:46:50"), Copy("journal", "2026-11-22T21:46:50+00:00", 10.1)],
            ("2026-11-22T21:46:50+00:00", "sibling"),
        ),
        (
            [Copy("messages", "11-22T23:46:50"), Copy("iso", "2026-11-22T21:46:50+00:00")],
            ("2026-11-22T21:46:50+00:00", "sibling"),
        ),
        ([Copy("messages", "11-22T23:46:50")], NOTHING),
        ([Copy("dmesg", None, 10.1)], NOTHING),
        ([Copy("dmesg")], NOTHING),
        ([Copy("iso", "2026-02-30T00:00:00")], NOTHING),
    ],
)
def test_what_the_copies_of_an_event_tell(copies: list[Copy], expected: tuple[str | None, str | None]) -> None:
    assert told([copies]) == [expected]


def test_a_line_with_both_clocks_tells_the_others() -> None:
    events = [
        [Copy("dmesg", None, 10.1, 1), Copy("dmesg_-T", "2026-11-22T21:46:50")],
        [Copy("dmesg", None, 3610.5, 2)],
        [Copy("dmesg_-J", None, 5.0)],  # another file of this boot
        [Copy("crash", None, 5.0)],  # of the boot before
    ]
    assert told(events, earlier_boots=frozenset({"crash"})) == [
        ("2026-11-22T21:46:50", "sibling"), ("2026-11-22T22:46:50", "sibling"), ("2026-11-22T21:46:44", "sibling"),
        NOTHING,
    ]  # fmt: skip


def test_a_crash_log_is_related_by_its_own_lines() -> None:
    events = [
        [Copy("crash", None, 100.0, 1), Copy("messages-1", "2026-10-01T10:00:00+02:00")],
        [Copy("crash", None, 160.0, 2)],
        [Copy("dmesg", None, 100.0, 1), Copy("dmesg_-T", "2026-11-22T21:46:50")],
        [Copy("dmesg", None, 101.0, 2)],
    ]
    assert told(events, earlier_boots=frozenset({"crash"}))[1::2] == [
        ("2026-10-01T10:01:00+02:00", "sibling"), ("2026-11-22T21:46:51", "sibling"),
    ]  # fmt: skip


def test_the_last_boot_is_the_one_that_dmesg_is_of() -> None:
    events = [
        [Copy("journal", "2026-11-01T00:01:40+00:00", 100.0)],
        [Copy("journal", "2026-11-20T00:01:40+00:00", 100.0, 2)],
        [Copy("dmesg", None, 130.0)],
    ]
    assert told(events)[2] == ("2026-11-20T00:02:10+00:00", "sibling")
    # a boot after all that the journal holds
    assert told(events, boot_s=seconds("2026-11-21T00:00:00+00:00"))[2] == ("2026-11-21T00:02:10+00:00", "boot time")


def test_date_and_uptime_are_asked_minutes_apart() -> None:
    """So what they tell of the boot is worth less than a line with both clocks, unless that is of another boot."""
    iso, dmesg = [Copy("iso", "2026-11-22T21:46:50+00:00", 10.0)], [Copy("dmesg", None, 20.0)]
    assert told([iso, dmesg], archive_date="2026-11-22T21:55:00+00:00", uptime_s=300.0)[1] == (
        "2026-11-22T21:47:00+00:00", "sibling",
    )  # fmt: skip
    assert told([iso, dmesg], archive_date="2026-11-25T00:00:00+00:00", uptime_s=300.0)[1] == (
        "2026-11-24T23:55:20+00:00", "boot time",
    )  # fmt: skip


def test_a_relation_that_leads_beyond_the_collection_is_of_another_boot() -> None:
    events = [[Copy("iso", "2026-11-22T21:46:50+00:00", 10.0)], [Copy("console.log", None, 5_000_000.0)]]
    assert told(events, archive_date=COLLECTED)[1] == NOTHING


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        ({"boot_s": 1795384001.0}, ("2026-11-22T21:46:51+00:00", "boot time")),
        ({"archive_date": "2026-11-22T22:47:13", "uptime_s": 32.12}, ("2026-11-22T22:46:50", "boot time")),
        ({"archive_date": COLLECTED, "uptime_s": 32.12}, ("2026-11-22T21:46:50+00:00", "boot time")),
        (
            {"archive_date": "2026-11-22T22:47:13+01:00", "boot_s": 1795384001.0},
            ("2026-11-22T22:46:51+01:00", "boot time"),
        ),
        ({"archive_date": COLLECTED}, NOTHING),
        ({"boot_s": 1795384001.0, "earlier_boots": frozenset({"dmesg"})}, NOTHING),
        ({"boot_s": 1e300}, NOTHING),
        ({"boot_s": float("nan")}, NOTHING),
        ({"archive_date": "yesterday", "uptime_s": 3.0}, NOTHING),
    ],
)
def test_the_time_of_the_boot(hints: dict[str, object], expected: tuple[str | None, str | None]) -> None:
    assert told([[Copy("dmesg", None, 10.098843)]], **hints) == [expected]


@pytest.mark.parametrize(
    ("time", "hints", "expected"),
    [
        ("11-22T21:46:50", {"archive_date": COLLECTED}, ("2026-11-22T21:46:50", "archive date")),
        ("11-23T21:46:50", {"archive_date": COLLECTED}, ("2026-11-23T21:46:50", "archive date")),  # another zone
        ("11-24T21:46:50", {"archive_date": COLLECTED}, ("2025-11-24T21:46:50", "archive date")),
        ("01-01T06:00:00", {"archive_date": "2026-12-31T20:00:00"}, ("2027-01-01T06:00:00", "archive date")),
        ("12-31T23:00:00", {"archive_date": "2027-01-01"}, ("2026-12-31T23:00:00", "archive date")),
        ("02-29T12:00:00", {"archive_date": COLLECTED}, ("2024-02-29T12:00:00", "archive date")),
        ("02-30T12:00:00", {"archive_date": COLLECTED}, NOTHING),
        ("11-22T21:46:50", {"modified_s": {"m": seconds(COLLECTED)}}, ("2026-11-22T21:46:50", "file time")),
        ("11-22T21:46:50", {"modified_s": {"other": seconds(COLLECTED)}}, NOTHING),
        # rotated away two years before
        (
            "05-01T12:00:00",
            {"archive_date": COLLECTED, "modified_s": {"m": seconds("2024-05-03T00:00:00+00:00")}},
            ("2024-05-01T12:00:00", "file time"),
        ),
        # copied after the collection
        (
            "05-01T12:00:00",
            {"archive_date": COLLECTED, "modified_s": {"m": seconds("2028-01-01T00:00:00+00:00")}},
            ("2026-05-01T12:00:00", "archive date"),
        ),
        # no time at all
        (
            "05-01T12:00:00",
            {"archive_date": COLLECTED, "modified_s": {"m": 0.0}},
            ("2026-05-01T12:00:00", "archive date"),
        ),
        ("05-01T12:00:00", {"modified_s": {"m": 1e300}}, NOTHING),
        ("05-01T12:00:00", {"archive_date": "9999-12-31T12:00:00"}, ("9999-05-01T12:00:00", "archive date")),
    ],
)
def test_the_year_that_syslog_leaves_out(
    time: str, hints: dict[str, object], expected: tuple[str | None, str | None]
) -> None:
    assert told([[Copy("m", time)]], **hints) == [expected]


@pytest.mark.parametrize(
    ("times", "full"),
    [
        (["11-20T00:00:00", "11-21T00:00:00"], ["2026", "2026"]),
        (["02-01T00:00:00", "12-20T00:00:00", "01-03T00:00:00"], ["2025", "2025", "2026"]),
        (["12-20T00:00:00", "12-19T23:59:58", "01-03T00:00:00"], ["2025", "2025", "2026"]),  # clock set back a little
        # a boot without a clock that keeps the time
        (["11-01T00:00:00", "01-01T00:00:09", "11-02T00:00:00"], ["2026", "2026", "2026"]),
    ],
)
def test_no_line_is_later_than_the_one_after_it(times: list[str], full: list[str]) -> None:
    events = [[Copy("m", time, None, line)] for line, time in enumerate(times, 1)]
    assert [one[0] for one in told(events, archive_date=COLLECTED)] == [
        f"{year}-{time}" for year, time in zip(full, times, strict=True)
    ]


def test_the_neighbours_in_a_file_tell_its_years() -> None:
    events = [
        [Copy("m", "12-30T10:00:00", None, 1)],
        [Copy("m", "01-02T10:00:00", None, 2), Copy("iso", "2026-01-02T09:00:00+00:00")],
    ]
    assert told(events)[0] == ("2025-12-30T10:00:00", "sibling")


def test_both_clocks_without_a_year() -> None:
    """The relation found elsewhere tells the year, and the offset where it has one; it must agree with the stamp."""
    iso = [Copy("iso", "2024-11-22T21:46:50+00:00", 10.0)]
    dmesg_t = [Copy("dmesg_-T", "2024-11-22T21:46:50", 10.0)]
    later, other = [Copy("m", "11-22T22:47:00", 20.0)], [Copy("m", "11-22T22:53:00", 20.0)]
    assert told([iso, later], archive_date=COLLECTED)[1] == ("2024-11-22T21:47:00+00:00", "sibling")
    assert told([dmesg_t, later], archive_date=COLLECTED)[1] == ("2024-11-22T22:47:00", "sibling")
    assert told([iso, other], archive_date=COLLECTED)[1] == ("2026-11-22T22:53:00", "archive date")
    assert told([later], boot_s=seconds("2024-11-22T21:46:40+00:00")) == [("2024-11-22T21:47:00+00:00", "boot time")]


def test_a_year_found_serves_lines_that_only_count_seconds() -> None:
    events = [[Copy("m", "11-22T21:46:50", 10.0)], [Copy("dmesg", None, 70.0)]]
    assert told(events, archive_date=COLLECTED) == [
        ("2026-11-22T21:46:50", "archive date"), ("2026-11-22T21:47:50", "sibling"),
    ]  # fmt: skip


STAMPS = st.one_of(
    st.none(),
    st.datetimes().map(lambda one: one.replace(microsecond=0).isoformat()),
    st.datetimes(timezones=st.just(UTC)).map(lambda one: one.replace(microsecond=0).isoformat()),
    st.datetimes().map(lambda one: one.strftime("%m-%dT%H:%M:%S")),
    st.sampled_from(["02-29T00:00:00", "02-30T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "x", ""]),
)
COPIES = st.builds(
    Copy, st.sampled_from("abc"), STAMPS, st.none() | st.floats(0, 1e10), st.integers(1, 9)
)
HINTS = st.builds(
    Hints, STAMPS, st.dictionaries(st.sampled_from("abc"), st.floats()), st.none() | st.floats(),
    st.none() | st.floats(0, 1e12), st.frozensets(st.sampled_from("abc")),
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.lists(COPIES, max_size=4), max_size=6), HINTS)
def test_any_input_gives_full_times_or_none(events: list[list[Copy]], hints: Hints) -> None:
    found = wall_times(events, hints)
    assert len(found) == len(events)
    for one, copies in zip(found, events, strict=True):
        assert (one.time is None) == (one.time_from is None)
        if one.time is None:
            continue
        moment = datetime.fromisoformat(one.time)
        known = [other.time for copies in events for other in copies] + [hints.archive_date]
        zoned = any(text and text[-6:] == "+00:00" for text in known) or hints.boot_s is not None
        assert moment.tzinfo is None or zoned, "an offset that nothing told"
        if one.time_from == "log":
            assert one.time == copies[0].time


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["k510-frag-orders", "k61-frag-orders", "net510-e1000-mtu9000"])
def test_cases_whose_wall_time_stands_in_a_sibling(shared: Path, name: str) -> None:
    """dmesg counts seconds; `dmesg -T` tells the year, the ISO copy the offset; date and uptime tell the same."""
    logs: dict[str, tuple[str, ...]] = {}
    with tarfile.open(shared / "cases" / f"{name}.tar.xz") as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member)
            if file is not None:
                logs[member.name.split("/", 1)[1]] = tuple(file.read().decode("utf-8", "replace").split("\n"))
    reports = {
        file: read_log([Window(file, 1, 0, lines)]).reports for file, lines in logs.items() if "/dmesg" in file
    }
    shown = "sos_commands/kernel/dmesg"
    collected = iso_time(logs["date"][0])
    assert collected is not None
    assert collected.endswith("+00:00")
    uptime_s = float(logs["proc/uptime"][0].split()[0])

    def times(*files: str, hints: Hints | None = None) -> tuple[WallTime, ...]:
        return wall_times(list(zip(*(reports[file] for file in files), strict=True)), hints)

    with_iso = times(shown, *(file for file in reports if file != shown))
    assert {one.time_from for one in with_iso} == {"sibling"}
    assert all(one.time and one.time.endswith("+00:00") for one in with_iso)
    with_ctime = times(shown, f"{shown}_-T")
    assert [f"{one.time}+00:00" for one in with_ctime] == [one.time for one in with_iso]
    alone = times(shown, hints=Hints(archive_date=collected, uptime_s=uptime_s))
    assert {one.time_from for one in alone} == {"boot time"}
    for one, other in zip(alone, with_iso, strict=True):
        assert one.time is not None
        assert other.time is not None
        late = datetime.fromisoformat(one.time) - datetime.fromisoformat(other.time)
        assert timedelta(seconds=-2) <= late <= timedelta(seconds=15), "date was asked some seconds after uptime"
    assert set(times(shown)) == {WallTime()}
