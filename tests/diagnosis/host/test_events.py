"""Copies of one event in several logs become one event; events of one log stay apart."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.diagnosis.host.events import merge, report_key, reports_alike, reports_damaged, same_time, shown_report
from nopage.kernel.facts import FailureReport, Frame, Place
from nopage.kernel.message import say


def told(file: str, line: int, comm: str = "swapper", **more: Any) -> FailureReport:
    return FailureReport(comm=comm, order=1, gfp_mask=0x20, place=Place(file, line), header="", **more)


def merged(*files: list[FailureReport]) -> list[list[str]]:
    events = merge(files, report_key, reports_alike, reports_damaged)
    return [[f"{place.file}:{place.line}" for place in event.places] for event in events]


def test_dmesg_and_messages_tell_the_same_event() -> None:
    dmesg = [told("dmesg", 1, monotonic_s=12.345678)]
    messages = [told("messages", 9, monotonic_s=12.345678, time="02-14T18:26:56")]
    assert merged(dmesg, messages) == [["dmesg:1", "messages:9"]]


def test_equal_reports_of_one_log_are_several_events() -> None:
    assert merged([told("dmesg", 1), told("dmesg", 2)]) == [["dmesg:1"], ["dmesg:2"]]


def test_a_ring_buffer_holds_the_last_events_of_the_log_on_disk() -> None:
    messages = [told("messages", line, time=f"02-14T18:{line:02}:00") for line in (1, 2, 3)]
    ring = [told("dmesg", 8), told("dmesg", 9)]
    assert merged(messages, ring) == [["messages:1"], ["dmesg:8", "messages:2"], ["dmesg:9", "messages:3"]]


def test_times_that_differ_keep_events_apart() -> None:
    first = [told("a", 1, monotonic_s=1.0)]
    second = [told("b", 1, monotonic_s=2.0)]
    assert len(merged(first, second)) == 2


def test_traces_that_differ_keep_events_without_time_apart() -> None:
    first = [told("a", 1, frames=(Frame("skb_copy"), Frame("tg3_start_xmit")))]
    second = [told("b", 1, frames=(Frame("sk_clone"), Frame("tcp_check_req")))]
    assert len(merged(first, second)) == 2


def test_a_log_that_lost_lines_still_agrees_as_far_as_it_goes() -> None:
    whole = [told("a", 1, frames=(Frame("skb_copy"), Frame("tg3_start_xmit")))]
    cut = [told("b", 1, frames=(Frame("skb_copy"),))]
    assert merged(whole, cut) == [["a:1", "b:1"]]


def test_rotated_logs_come_in_order_of_time() -> None:
    old = [told("messages-20130211", 3, time="02-10T23:58:12")]
    new = [told("messages", 3, time="02-14T04:14:02")]
    assert merged(new, old) == [["messages-20130211:3"], ["messages:3"]]


def test_an_event_that_only_one_log_has_stays_in_order() -> None:
    messages = [told("messages", 1, time="02-14T18:00:00"), told("messages", 2, comm="java", time="02-14T18:01:00")]
    dmesg = [told("dmesg", 5), told("dmesg", 6, comm="sshd"), told("dmesg", 7, comm="java")]
    assert merged(messages, dmesg) == [["dmesg:5", "messages:1"], ["dmesg:6"], ["dmesg:7", "messages:2"]]


@pytest.mark.parametrize(
    ("walls", "events"),
    [
        ((None, "02-14T18:26:56", None), 1),
        (("02-14T18:26:56", "2020-02-14T18:26:57", "02-14T18:26:56"), 1),
        (("02-14T18:26:56", "02-15T09:00:00"), 2),  # of two boots
        (("02-14T18:26:56", "02-15T09:00:00", "02-14T18:26:57"), 2),
    ],
)
def test_views_of_one_record_in_one_file_are_one_event(walls: tuple[str | None, ...], events: int) -> None:
    views = [told("case.txt", line, monotonic_s=12.345678, time=wall) for line, wall in enumerate(walls, 1)]
    assert len(merged(views)) == events


def test_the_same_record_twice_in_one_log_is_one_event() -> None:
    trace = (Frame("skb_copy"), Frame("tg3_start_xmit"))
    log = [told("dmesg", line, monotonic_s=12.345678, pid=4, cpu=1, frames=trace) for line in (1, 60)]
    assert merged(log) == [["dmesg:1", "dmesg:60"]]
    assert merged(log, [told("messages", 9, monotonic_s=12.345678)]) == [["dmesg:1", "dmesg:60", "messages:9"]]


def test_two_failures_of_one_microsecond_are_two_events() -> None:
    """A guest's clock may stand still in an interrupt."""
    log = [told("dmesg", 1, monotonic_s=4.0, frames=(Frame("a"),)),
           told("dmesg", 9, monotonic_s=4.0, frames=(Frame("b"),))]
    assert merged(log) == [["dmesg:1"], ["dmesg:9"]]


LOST = say("missing.header.comm", "the comm before 'page allocation failure' is lost")


@pytest.mark.parametrize(
    ("comm", "time", "one_event"),
    [
        ("", 12.345678, True), ("wapper", 12.345678, True), ("swapp", 12.345678, True), ("sshd", 12.345678, False),
        ("", 12.4, False),
    ],
)  # fmt: skip
def test_a_view_whose_comm_is_damaged_is_known_by_its_time(comm: str, time: float, one_event: bool) -> None:
    whole = [told("dmesg", 1, monotonic_s=12.345678)]
    damaged = [told("messages", 9, comm, monotonic_s=time)]
    assert merged(whole, damaged) == ([["dmesg:1", "messages:9"]] if one_event else [["dmesg:1"], ["messages:9"]])


def test_a_misread_header_is_known_by_its_time_and_shown_as_the_other_log_has_it() -> None:
    whole = [told("dmesg", 1, "java", monotonic_s=2.0, time="02-14T18:26:56")]
    frames = tuple(Frame(name) for name in ("a", "b", "c", "d"))
    damaged = [told("screen.txt", 3, "jova", monotonic_s=2.0, missing=(LOST,), frames=frames)]
    (event,) = merge([whole, damaged], report_key, reports_alike, reports_damaged)
    shown = shown_report(event)
    assert (shown.comm, shown.frames, shown.missing) == ("java", frames, ())


def test_a_trace_with_lost_lines_is_the_same_trace() -> None:
    names = ("dump_stack", "warn_alloc", "skb_copy", "demo_xmit", "net_rx", "do_softirq")
    whole = [told("a", 1, frames=tuple(map(Frame, names)))]
    assert merged(whole, [told("b", 1, frames=tuple(map(Frame, (*names[:2], *names[3:]))))]) == [["a:1", "b:1"]]
    other = [told("b", 1, frames=tuple(map(Frame, (*names[:2], "sk_clone", *names[3:]))))]
    assert len(merged(whole, other)) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2014-02-14T18:26:56", "2014-02-14T18:26:58", True),
        ("2014-02-14T18:26:56", "2014-02-14T18:36:56", False),
        ("2014-02-14T18:26:56", "2014-02-14T23:26:56", True),  # an export in UTC
        ("2014-02-14T18:26:56", "2014-02-16T18:26:56", False),
        ("02-14T18:26:56", "2014-02-14T18:26:57.123456", True),  # syslog prints no year
        ("02-29T18:26:56", "2016-02-29T18:26:56", True),
        ("not a time", "2014-02-14T18:26:56", None),
        (None, "2014-02-14T18:26:56", None),
    ],
)
def test_same_wall_time(one: str | None, other: str | None, same: bool | None) -> None:
    assert same_time(told("a", 1, time=one), told("b", 1, time=other)) is same


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["swapper", "java", "sshd"]), max_size=12), st.integers(0, 12))
def test_a_log_and_its_tail_hold_the_events_of_the_log(comms: list[str], start: int) -> None:
    log = [told("messages", line, comm, monotonic_s=float(line)) for line, comm in enumerate(comms)]
    tail = [told("dmesg", line, comm, monotonic_s=float(line)) for line, comm in list(enumerate(comms))[start:]]
    events = merged(log, tail)
    assert len(events) == len(comms)
    assert sum(map(len, events)) == len(comms) + len(comms[start:])
