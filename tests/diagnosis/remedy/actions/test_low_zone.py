"""vm.lowmem_reserve_ratio: the whole vector with the short zone's field changed (KERNEL.md 3.3)."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nopage.diagnosis.cause.diagnose import diagnose
from nopage.diagnosis.host.facts import HostFacts
from nopage.diagnosis.remedy.problem import failure_problem
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step
from nopage.diagnosis.watermark.marks import with_watermarks
from nopage.kernel.facts import FailureReport, MemInfo, Place, Zone
from nopage.kernel.procfs.zones import free_area
from nopage.kernel.release.parse import parse_release

Plan = Callable[[Situation], tuple[Step, ...]]


def actions(found: tuple[Step, ...]) -> list[str]:
    return [remedy.action for remedy in found]


def lowmem(release: str, text: str | None, *, high: int = 300000, settings: dict[str, int] | None = None) -> Situation:
    """A 32-bit host whose lowmem is short while HighMem has plenty."""
    known = parse_release(release)
    sizes = [Zone("DMA", present_pages=3980), Zone("Normal", present_pages=220000), Zone("HighMem", present_pages=high)]
    zones = [replace(zone, free_pages=free, free_area=free_area((free,)), lowmem_reserve_pages=reserve)
             for zone, free, reserve in zip(with_watermarks(known, sizes, min_free_kbytes=3700), (0, 20, 90000),
                                            ((0, 800, 1900, 1900), (0, 0, 9375, 9375), (0, 0, 0, 0)), strict=True)]
    memory = MemInfo(zones=tuple(zones))
    failure = FailureReport("x", 0, 0x20, Place("f", 1), "", mem_info=memory)
    problem = failure_problem("KEY", diagnose(failure, release=known), state=memory, release=known)
    texts = {"lowmem_reserve_ratio": text} if text is not None else {}
    host = HostFacts(known, memory, settings or {"min_free_kbytes": 3700}, texts, total_kb=2100000)
    return Situation(host, problem)


@pytest.mark.parametrize(
    ("release", "text", "value", "before"),
    [
        # DMA Normal HighMem (and Movable without a field): Normal's 32 becomes 16
        ("2.6.32-754.el6.i686", "256\t32\t32", "256 16 32", "256 32 32"),
        ("2.6.32-754.el6.i686", None, "256 16 32", None),
        ("2.6.32-754.el6.i686", "256 1024 32", "256 512 32", "256 1024 32"),
        ("2.6.32-754.el6.i686", "256 32", None, None),  # not this kernel's number of fields
        ("2.6.32-754.el6.i686", "256 x 32", None, None),
        ("2.6.32-754.el6.i686", "256 2 32", None, None),  # 300000 pages of HighMem / 1 are more than the zone
    ],
)
def test_lowmem_reserve_has_an_exact_value(
    steps: Plan, release: str, text: str | None, value: str | None, before: str | None
) -> None:
    one = lowmem(release, text)
    assert one.cause == "zone_exhausted"
    found = next(remedy for remedy in steps(one) if remedy.action == "raise_lowmem_reserve")
    assert (found.value, found.before) == (value, before)
    if value is None:
        assert found.setting is None
        assert "vm.lowmem_reserve_ratio" in str(found.reason)
        return
    assert found.setting == "vm.lowmem_reserve_ratio"
    assert found.persist.text.endswith(f"vm.lowmem_reserve_ratio = {value}\n")
    if text == "256\t32\t32":
        assert "leave 75000 instead of 37500 kB of Normal" in str(found.reason)  # 300000 pages / 16 and / 32
        assert found.way_back == ('sysctl -w vm.lowmem_reserve_ratio="256 32 32"',)


@pytest.mark.parametrize("text", ["256 16 32", "256 8 32"])
def test_who_changed_it_since_is_told_to_wait(steps: Plan, text: str) -> None:
    """9375 pages were kept when it failed, the 300000 of HighMem / 32."""
    every = steps(lowmem("2.6.32-754.el6.i686", text))
    found = next(remedy for remedy in every if remedy.action == "raise_lowmem_reserve")
    assert (found.value, found.setting) == (None, None)
    assert "more than when it failed, so wait whether it comes back" in str(found.reason)


def test_more_memory_adds_no_lowmem(steps: Plan) -> None:
    one = lowmem("2.6.32-754.el6.i686", None, settings={"min_free_kbytes": 44000})
    found = steps(one)
    assert "add_memory" not in actions(found)
    assert "raise_extra_free_kbytes" not in actions(found)
    assert "raise_min_free_kbytes" not in actions(found)  # above 3 % of lowmem already


def test_a_full_dma_zone(situation: Callable[..., Situation], steps: Plan) -> None:
    found = next(one for one in steps(situation(mask=0x21, free=900000)) if one.action == "raise_lowmem_reserve")
    assert (found.value, "all of DMA is closed to everybody else already" in str(found.reason)) == (None, True)
    old = next(one for one in steps(situation("2.6.9-89.ELsmp", mask=0x21, free=900000))
               if one.action == "raise_lowmem_reserve")
    assert (old.before, old.persist.file) == (None, "/etc/sysctl.conf")
