"""Where min_free_kbytes comes from, and when it is too low or too high: KERNEL.md 3.1."""
from __future__ import annotations

import pytest

from nopage.diagnosis.watermark.provenance import provenance, too_high, too_low
from nopage.kernel.facts import Zone
from nopage.kernel.release.parse import parse_release

EL7 = parse_release("3.10.0-1062.el7.x86_64")
# 16 GB: DMA, DMA32, Normal of one node
SIZED = (Zone("DMA", 0, managed_pages=3977, present_pages=3998), Zone("DMA32", 0, managed_pages=500000),
         Zone("Normal", 0, managed_pages=3600000))


@pytest.mark.parametrize(
    ("current", "kind"),
    [
        (16208, "default"),  # 4 * sqrt(16.4 GB in kB)
        (67584, "thp"),  # 22528 kB a zone, three zones
        (262144, "user"),
        (None, "unknown"),
    ],
)
def test_provenance(current: int | None, kind: str) -> None:
    assert provenance(EL7, SIZED, current).kind == kind


def test_provenance_without_sizes_is_unknown() -> None:
    assert provenance(EL7, (Zone("Normal"),), 67584).kind == "unknown"


@pytest.mark.parametrize(
    ("current", "low"), [(512, "below 1024 kB"), (8192, "kernel's own default"), (16208, ""), (67584, ""), (None, "")]
)
def test_too_low(current: int | None, low: str) -> None:
    found = too_low(EL7, SIZED, current)
    assert low in str(found)
    assert bool(found) is bool(low)


@pytest.mark.parametrize(
    ("total", "current", "high"),
    [(16000000, 800000, False), (16000000, 800001, True), (16000000, None, False), (None, 800001, False),
     (0, 1, False), (-5, 1, False)],
)
def test_too_high(total: int | None, current: int | None, high: bool) -> None:
    assert bool(too_high(total, current)) is high


def test_a_share_that_rounds_to_the_limit_is_not_said_to_be_more_than_itself() -> None:
    assert str(too_high(16000000, 800001)) == "vm.min_free_kbytes = 800001 kB is just over 5 % of memory, more than 5 %"
    assert too_high(16000000, 1600000).named["share_percent"] == 10.0


@pytest.mark.parametrize(
    ("current", "id"),
    [(16208, "provenance.default"), (67584, "provenance.thp"), (262144, "provenance.user"),
     (None, "provenance.not_collected")],
)
def test_provenance_is_said(current: int | None, id: str) -> None:
    assert provenance(EL7, SIZED, current).words.id == id
