"""Remedies that are one vm.* value: which number, which file, and what they move."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nopage.diagnosis.remedy.plan import plan_host
from nopage.diagnosis.remedy.problem import Kind, Problem
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step
from nopage.diagnosis.watermark.marks import percent_of

Plan = Callable[[Situation], tuple[Step, ...]]
SHORT = {"free": 100, "active_file": 500, "inactive_file": 500, "active_anon": 2900000, "inactive_anon": 50000,
         "slab_reclaimable": 300, "slab_unreclaimable": 50000}


def actions(found: tuple[Step, ...]) -> list[str]:
    return [remedy.action for remedy in found]


def test_the_value_of_min_free_kbytes(situation: Callable[..., Situation], steps: Plan) -> None:
    one = situation()
    raise_it = steps(one)[0]
    assert (raise_it.setting, raise_it.value, raise_it.before) == ("vm.min_free_kbytes", 135168, 67584)
    assert "Twice the present 67584 kB is 135168 kB." in str(raise_it.reason)
    assert raise_it.percent_of_ram == 0.8
    assert (raise_it.cap_kb, raise_it.cap_percent) == (16415908 * 3 // 100 // 1024 * 1024, 3)
    assert raise_it.provenance == "thp"
    assert raise_it.persist.text.endswith("vm.min_free_kbytes = 135168\n")
    assert "/etc/sysctl.d/" in raise_it.persist.text
    assert raise_it.way_back == ("sysctl -w vm.min_free_kbytes=67584",)
    normal = raise_it.zones[2]
    assert (normal.min_now, normal.low_now, normal.min_then, normal.low_then) == (14821, 18526, 29642, 37052)
    assert raise_it.effect is not None
    assert (raise_it.effect.verdict, raise_it.effect.cures) == ("still_fails", False)
    assert str(raise_it.effect.words).startswith("With vm.min_free_kbytes=135168, this request still fails on the "
                                                 "printed state (Node 0 ")


@pytest.mark.parametrize(
    ("current", "extra_now", "offered"),
    [
        (67584, 0, True),
        (491520, 0, False),  # 1 kB below 3 % of memory
        (67584, 400000, False),  # min and extra together stay below 3 %
    ],
)
def test_extra_free_kbytes_only_in_steps_that_matter(
    situation: Callable[..., Situation], steps: Plan, current: int, extra_now: int, offered: bool
) -> None:
    one = situation("2.6.32-754.el6.x86_64", current=current)
    one = replace(one, host=replace(one.host, settings={**one.settings, "extra_free_kbytes": extra_now}))
    assert ("raise_extra_free_kbytes" in actions(steps(one))) is offered


def test_the_scale_factor_says_what_it_moves(situation: Callable[..., Situation], steps: Plan) -> None:
    """d = max(t / 4, zone x factor / 10000), with t = 67584 kB spread over DMA, DMA32 and Normal by size."""
    one = situation("4.18.0-553.el8_10.x86_64", mask=0x480020)
    known = replace(one, host=replace(one.host, settings={**one.settings, "watermark_scale_factor": 10}))
    factor = steps(known)[0]
    # now: t / 4 = 4 + 514 + 3705 pages (more than 0.1 % of each zone); then 0.5 %: 19 + 2500 + 18000
    assert factor.action == "raise_watermark_scale_factor"
    assert str(factor.reason).startswith("Low and high then stand 82076 and 164152 kB above min over all zones "
                                    "(now 16892 and 33784 kB)")
    assert factor.before == 10
    unknown = steps(one)[0]
    assert unknown.before is None
    assert "Remove the line" in str(unknown.way_back_words)


def test_a_scale_factor_that_moves_nothing_is_not_offered(situation: Callable[..., Situation], steps: Plan) -> None:
    """With min_free_kbytes at 4 % of memory a quarter of min is 1 % already."""
    one = situation("4.18.0-553.el8_10.x86_64", mask=0x480020, current=410000)
    assert "raise_watermark_scale_factor" not in actions(steps(one))


def test_a_reserve_below_the_default_comes_first(situation: Callable[..., Situation], steps: Plan) -> None:
    """It was 8000 kB when it failed: back to the default first, not twice the little there was."""
    one = situation("4.18.0-553.el8_10.x86_64", mask=0x480020, current=8000)
    found = steps(one)
    assert actions(found)[:2] == ["raise_min_free_kbytes", "raise_watermark_scale_factor"]
    assert found[0].value == 16384  # the default of 16206 kB, as a multiple of 1024; huge pages are not sure
    assert "What this kernel sets by itself on this host is 16206 kB." in str(found[0].reason)


def test_one_value_for_one_setting(situation: Callable[..., Situation], steps: Plan) -> None:
    """Where memory is short a larger reserve harms; one below the kernel's own default is another matter."""
    one = situation("4.18.0-553.el8_10.x86_64", mask=0x480020, counters=SHORT, swap=(0, 4194304), current=512, free=1)
    assert actions(steps(one)) == ["add_memory"]
    low = Problem("MIN_FREE_KBYTES_TOO_LOW", Kind.TOO_LOW)
    plan = plan_host(one.host, [one.problem, low])
    assert actions(plan.steps) == ["add_memory", "raise_min_free_kbytes"]
    assert plan.steps[1].value == 16206
    assert plan.do_not == ()
    assert plan.numbers("MIN_FREE_KBYTES_TOO_LOW") == (2,)


@pytest.mark.parametrize(
    ("release", "file"),
    [
        ("2.6.9-89.EL.x86_64", "/etc/sysctl.conf"),
        ("2.6.18-371.el5.x86_64", "/etc/sysctl.conf"),
        ("2.6.32-754.el6.x86_64", "/etc/sysctl.conf"),
        ("2.6.32-24-generic", "/etc/sysctl.conf"),  # Ubuntu of that time
        ("3.10.0-1160.el7.x86_64", "/etc/sysctl.d/90-nopage.conf"),
        ("5.10.0-46-amd64", "/etc/sysctl.d/90-nopage.conf"),
    ],
)
def test_the_file_that_makes_it_last(situation: Callable[..., Situation], steps: Plan, release: str, file: str) -> None:
    assert {one.persist.file for one in steps(situation(release)) if one.setting and one.value is not None} == {file}


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(180224, 32645196, 0.6), (1, 3, 33.3), (5, 0, 0.0), (5, None, 0.0)]
)
def test_shares_are_rounded(part: int, whole: int | None, share: float) -> None:
    assert percent_of(part, whole) == share


def test_old_releases_keep_sysctl_in_one_file(situation: Callable[..., Situation], steps: Plan) -> None:
    assert "/etc/sysctl.conf" in steps(situation("2.6.18-371.el5.x86_64"))[0].persist.text
