"""Printed watermarks against the settings: KERNEL.md 3.2."""
from __future__ import annotations

from dataclasses import replace

import pytest

from nopage.diagnosis.watermark.marks import (
    check_watermarks,
    implied_min_free_kbytes,
    with_watermarks,
)
from nopage.kernel.facts import Zone
from nopage.kernel.release.parse import parse_release

EL7 = parse_release("3.10.0-1062.el7.x86_64")
EL64 = parse_release("2.6.32-358.el6.x86_64")
EL8 = parse_release("4.18.0-240.el8.x86_64")
EL810 = parse_release("4.18.0-553.el8_10.x86_64")
# 16 GB: DMA, DMA32, Normal of one node
SIZED = (Zone("DMA", 0, managed_pages=3977, present_pages=3998), Zone("DMA32", 0, managed_pages=500000),
         Zone("Normal", 0, managed_pages=3600000))


def marked(release: object, **settings: int) -> tuple[Zone, ...]:
    return with_watermarks(release, SIZED, **settings)  # type: ignore[arg-type]


def test_watermarks_that_follow_from_the_settings_agree() -> None:
    zones = marked(EL7, min_free_kbytes=67584)
    found = check_watermarks(EL7, zones, {"min_free_kbytes": 67584})
    assert (found.agrees, found.words) == (True, ())
    assert found.implied_min_free_kbytes == pytest.approx(67584, abs=12)


def test_a_setting_changed_since_is_told_with_the_old_value() -> None:
    zones = marked(EL7, min_free_kbytes=67584)
    found = check_watermarks(EL7, zones, {"min_free_kbytes": 262144})
    assert found.agrees is False
    assert "vm.min_free_kbytes = 262144 gives" in str(found.words[0])
    assert "about 67580 kB" in str(found.words[1])


def test_extra_free_kbytes_moves_low_and_high_only() -> None:
    zones = marked(EL64, min_free_kbytes=67584, extra_free_kbytes=200000)
    assert check_watermarks(EL64, zones, {"min_free_kbytes": 67584, "extra_free_kbytes": 200000}).agrees
    found = check_watermarks(EL64, zones, {"min_free_kbytes": 67584, "extra_free_kbytes": 0})
    assert found.agrees is False
    assert "extra_free_kbytes" in str(found.words[1])


def test_the_boost_is_no_change() -> None:
    """RHEL 8.10 prints min, low and high with it; it grows by pageblocks of 512 pages."""
    plain = marked(EL810, min_free_kbytes=67584)
    normal = plain[2]
    boosted = replace(normal, min_pages=normal.min_pages + 1024, low_pages=normal.low_pages + 1024,  # type: ignore[operator]
                      high_pages=normal.high_pages + 1024)  # type: ignore[operator]
    found = check_watermarks(EL810, (*plain[:2], boosted), {"min_free_kbytes": 67584})
    assert found.agrees is True
    assert found.zones[2].boosted_pages == 1024
    # RHEL 8.3 has no boost: there it is a change
    assert check_watermarks(EL8, (*plain[:2], boosted), {"min_free_kbytes": 67584}).agrees is False


def test_a_report_with_some_zones_needs_all_sizes() -> None:
    zones = marked(EL7, min_free_kbytes=67584)
    assert check_watermarks(EL7, zones[:1], {"min_free_kbytes": 67584}, all_zones=SIZED).agrees is True


@pytest.mark.parametrize(
    ("zones", "settings", "reason"),
    [
        ((Zone("Normal", min_pages=1),), {"min_free_kbytes": 1}, "sizes are not known"),
        (SIZED, {}, "was not collected"),
        (SIZED, {"min_free_kbytes": 67584}, "no watermarks were printed"),
        ((), {"min_free_kbytes": 67584}, "sizes are not known"),
        ((Zone("Normal", managed_pages=-5),), {"min_free_kbytes": 1}, "sizes are not known"),
    ],
)
def test_what_cannot_be_checked(zones: tuple[Zone, ...], settings: dict[str, int], reason: str) -> None:
    found = check_watermarks(EL7, zones, settings)
    assert found.agrees is None
    assert reason in str(found.reason)


def test_implied_value_needs_every_zone() -> None:
    assert implied_min_free_kbytes(EL7, (*marked(EL7, min_free_kbytes=67584)[:2], SIZED[2])) is None
