"""The watermark boost in marks that do not say so."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from nopage.diagnosis.watermark import (
    boosts_in,
    check_watermarks,
    implied_min_free_kbytes,
    with_boosts,
    with_watermarks,
)
from nopage.kernel.facts import Zone
from nopage.kernel.release import parse_release

EL83 = parse_release("4.18.0-240.el8.x86_64")
EL84 = parse_release("4.18.0-305.el8.x86_64")
EL90 = parse_release("5.14.0-70.30.1.el9_0.x86_64")
SIZES = (Zone("DMA", 0, managed_pages=3840), Zone("DMA32", 0, managed_pages=700000),
         Zone("Normal", 0, managed_pages=3200000))


def marked(boosts: Sequence[int], setting: int = 67584, sizes: tuple[Zone, ...] = SIZES) -> tuple[Zone, ...]:
    """The zones' marks under a setting, each with its boost on top."""
    return tuple(
        replace(zone, min_pages=(zone.min_pages or 0) + boost, low_pages=(zone.low_pages or 0) + boost,
                high_pages=(zone.high_pages or 0) + boost)
        for zone, boost in zip(with_watermarks(EL84, sizes, min_free_kbytes=setting), boosts, strict=True)
    )


@pytest.mark.parametrize(("release", "boosts", "setting", "collected", "found"), [
    (EL84, (0, 0, 0), 67584, 67584, {}),
    # what kswapd has left of it is no number of pageblocks
    (EL84, (0, 0, 7123), 67584, 67584, {(0, "Normal"): 7123}),
    (EL84, (0, 512, 7123), 67584, 67584, {(0, "DMA32"): 512, (0, "Normal"): 7123}),
    (EL90, (0, 0, 1536), 67584, None, {(0, "Normal"): 1539}),  # by the shares, but for rounding
    # a setting that was another stands on every zone
    (EL84, (0, 0, 0), 90112, 67584, {}),
    (EL84, (0, 0, 0), 90112, None, {}),
    # all zones above the collected setting: by the shares
    (EL84, (0, 0, 9000), 90112, 67584, {(0, "Normal"): 9002}),
    # no boost before 8.4
    (EL83, (0, 0, 7123), 67584, 67584, {}),
    (EL83, (0, 0, 7123), 67584, None, {}),
    (None, (0, 0, 7123), 67584, None, {}),
])
def test_boosts(
    release: object, boosts: tuple[int, ...], setting: int, collected: int | None, found: dict[tuple[int, str], int]
) -> None:
    settings = {} if collected is None else {"min_free_kbytes": collected}
    assert boosts_in(release, marked(boosts, setting), settings) == found  # type: ignore[arg-type]


def test_a_printed_boost_is_taken_as_it_is() -> None:
    zones = tuple(replace(zone, boost_pages=3 if zone.name == "Normal" else 0) for zone in marked((0, 0, 7123)))
    assert boosts_in(EL90, zones, {"min_free_kbytes": 67584}) == {(0, "Normal"): 3}
    assert with_boosts(zones, {(0, "DMA"): 9}) == zones


def test_the_setting_behind_boosted_marks() -> None:
    zones = marked((0, 0, 7123))
    assert abs((implied_min_free_kbytes(EL84, zones) or 0) - 67584) <= 40
    assert abs((implied_min_free_kbytes(EL83, zones) or 0) - 67584 - 7123 * 4) <= 12
    checked = check_watermarks(EL84, zones, {"min_free_kbytes": 67584})
    assert (checked.agrees, [one.boosted_pages for one in checked.zones]) == (True, [0, 0, 7123])


def test_a_pageblock_of_the_host_is_the_step() -> None:
    """One zone alone: only whole pageblocks are told from another setting; ppc64le's are of 32 pages or of 256."""
    release = parse_release("4.18.0-553.66.1.el8_10.ppc64le")
    sizes = (Zone("Normal", 0, page_kb=64, managed_pages=200000),)
    zones = tuple(replace(zone, min_pages=(zone.min_pages or 0) + 96, low_pages=(zone.low_pages or 0) + 96,
                          high_pages=(zone.high_pages or 0) + 96)
                  for zone in with_watermarks(release, sizes, min_free_kbytes=64000))
    settings = {"min_free_kbytes": 64000}
    assert boosts_in(release, zones, settings, block_pages=32) == {(0, "Normal"): 96}
    assert boosts_in(release, zones, settings, block_pages=256) == {}
