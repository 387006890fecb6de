"""A fleet on one screen."""
from __future__ import annotations

import pytest
from msgspec.structs import replace

from nopage.report.fleet import diff_lines, fleet_lines
from nopage.report.fleet.words import change_words, percent
from nopage.report.speaker import Speaker
from nopage.result.answers import Change, FleetDiff, FleetReport

CHANGE = Change(number=1, action="", setting=None, value=None, lowest=None, highest=None, driver=None, mtu=None,
                hosts=3, soon=1, later=0, passes=0, rhels=("6.1",), command=None, names=("a",))


@pytest.mark.parametrize("width", [80, 100, 160])
def test_one_screen_that_answers(fleet: FleetReport, width: int) -> None:
    texts = [line.text for line in fleet_lines(fleet, Speaker(), width)]
    assert len(texts) <= 32
    assert max(map(len, texts)) <= width
    whole = "\n".join(texts)
    for word in ("page allocation failures", "CHANGE ONCE FOR MANY",
                 "update the kernel to 2.6.32-431 or later",
                 "CAUSE", "DRIVER", "NIC", "RHEL", "KERNEL", "REQUEST", "RESERVE", "WORST", "NOT READ", "PARTLY",
                 "more:"):
        assert word in whole
    assert fleet.worst[0].name is not None
    assert fleet.worst[0].name in whole


@pytest.mark.parametrize("width", [80, 120])
def test_what_changed(since: FleetDiff, width: int) -> None:
    texts = [line.text for line in diff_lines(since, Speaker(), width)]
    assert len(texts) <= 32
    assert max(map(len, texts)) <= width
    assert any("began to fail" in text for text in texts)
    assert any("update the kernel to 2.6.32-431" in text for text in texts)


def test_a_healthy_fleet_is_told_in_few_lines(fleet: FleetReport) -> None:
    totals = replace(fleet.totals, affected=0, failing=0, silent=0, at_risk=0, dropping=0, unreadable=0, partly=0)
    none = replace(fleet, totals=totals, changes=(), causes=(), drivers=(), nics=(), rhels=(), kernels=(), requests=(),
                   reserves=(), worst=(), unreadable=(), partly=())
    texts = [line.text for line in fleet_lines(none, Speaker(), 100)]
    assert "No failure on any of" in "\n".join(texts)
    assert len(texts) <= 6


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "update_kernel", "value": "2.6.32-358 or later"}, "update the kernel to 2.6.32-358 or later"),
        ({"action": "lower_order", "value": "MTU 1500", "driver": "tg3", "mtu": 9000}, "tg3 at MTU 9000: MTU 1500"),
        ({"action": "lower_order"}, "who asks has to ask for less in one piece"),
        ({"action": "raise_x", "setting": "vm.x", "lowest": 5, "highest": 5}, "set vm.x to 5"),
        ({"action": "raise_x", "setting": "vm.x", "lowest": 5, "highest": 9000},
         "set vm.x (5 to 9,000, each host its own)"),
        ({"action": "raise_x", "setting": "vm.x", "value": "128 256"}, "set vm.x to 128 256"),
        ({"action": "balance_nodes"}, "balance nodes"),
        ({"action": "add_memory"}, "more memory, or less load"),
    ],
)
def test_changes_in_words(fields: dict[str, object], words: str) -> None:
    assert change_words(replace(CHANGE, **fields), Speaker()) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(0, 0, "-"), (0, 9, "0 %"), (1, 3, "33 %"), (1, 300, "0.3 %"), (1, 9999, "< 0.1 %")]
)
def test_percent(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


@pytest.mark.parametrize("text", ["a\x1b[31mb", "two\nlines", "a\u202eb"])
def test_nothing_steers_the_terminal(fleet: FleetReport, text: str) -> None:
    worst = (replace(fleet.worst[0], name=text, driver=text, cause=text, rhel=None, kernel=text, last_time=text),)
    shares = (replace(fleet.causes[0], value=text),)
    evil = replace(
        fleet, store=text, worst=worst, causes=shares, drivers=shares, nics=shares, rhels=shares, kernels=shares,
        changes=(replace(CHANGE, action="lower_order", driver=text, value=text, rhels=(text,)),),
        requests=(replace(fleet.requests[0], gfp_name=text),), unreadable=(replace(fleet.unreadable[0], reason=text),),
    )  # fmt: skip
    assert all(line.text.isprintable() for line in fleet_lines(evil, Speaker(), 100))
