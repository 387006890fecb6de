"""The watermark boost in printed marks: told by the kernel, or by what does not follow from vm.min_free_kbytes.

RHEL 8.4 to 9.0 and Linux 5.0 to 5.13 print min, low and high with the boost and do not say so. It stands on single
zones, while a changed setting stands on all in proportion. It grows by pageblocks up to 1.5 x high and shrinks by
whatever kswapd gets (mm/page_alloc.c: boost_watermark(), mm/vmscan.c: balance_pgdat()).
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nopage.kernel.facts import Zone
from nopage.kernel.release import Release
from nopage.kernel.watermarks import ZONE_ORDER, has_tunable

# The kernel computed the marks from the zones' sizes at boot; pages it freed later (init memory, balloons) are in the
# sizes printed since.
MARK_TOLERANCE_PERCENT, MARK_TOLERANCE_PAGES = 8, 2
# A zone whose min is smaller shows too little of the setting.
ANCHOR_LEAST_PAGES, ANCHOR_TOLERANCE_PERCENT = 16, 3
Boosts = Mapping[tuple[int, str], int]


def boost_of(zone: Zone, printed: Sequence[int], want: Sequence[int], block: int, *, anchored: bool = False) -> int:
    """The boost that the printed marks include: as printed, else one excess on all three that a boost can be.

    `block` is a pageblock in pages, 0 where there is no boost. `anchored`: another zone shows that the setting is as
    collected, so that any such excess is a boost; else it must be whole pageblocks, or the most there can be.
    """
    if zone.boost_pages is not None:
        return zone.boost_pages
    excess = sorted(mark - expected for mark, expected in zip(printed, want, strict=True))
    slack = MARK_TOLERANCE_PAGES + min(want[0] * MARK_TOLERANCE_PERCENT // 100, block // 16)
    if not block or excess[0] <= slack or excess[2] - excess[0] > slack:
        return 0
    blocks = (excess[1] + block // 2) // block * block
    if abs(blocks - excess[1]) <= slack:
        return blocks
    most = want[2] * 3 // 2
    return excess[1] if anchored or abs(excess[1] - most) * 100 <= most else 0


def is_anchor(printed_min: int, want_min: int) -> bool:
    """Whether the zone's min shows that the setting is as collected."""
    return want_min >= ANCHOR_LEAST_PAGES and is_share(printed_min, want_min)


def is_share(printed_min: int, want_min: int) -> bool:
    """The printed min is what is expected, but for rounding and what the zone has grown by since boot."""
    return abs(printed_min - want_min) <= 1 + want_min * ANCHOR_TOLERANCE_PERCENT // 100


def boosts_by_share(release: Release | None, zones: Sequence[Zone]) -> Boosts:
    """Boosts by (node, zone) where no setting is known: what a zone's min is above the lowest share of any zone."""
    if release is None or not has_tunable(release, "watermark_boost_factor"):
        return {}
    known = [
        (zone, zone.min_pages, zone.size_pages) for zone in zones
        if zone.name in ZONE_ORDER[:3] and zone.size_pages and (zone.min_pages or 0) >= ANCHOR_LEAST_PAGES
    ]
    if len(known) < 2 or any(zone.boost_pages is not None for zone, _, _ in known):
        return {}
    # min is rounded down, so a small zone's true share may be up to a page more.
    _, least_min, least_size = min(known, key=lambda one: ((one[1] or 0) + 1) / (one[2] or 1))
    found = {}
    for zone, low_min, size in known:
        share = (least_min or 0) * (size or 0) // (least_size or 1)
        most = ((least_min or 0) + 1) * (size or 0) // (least_size or 1)
        excess = (low_min or 0) - most
        if excess > MARK_TOLERANCE_PAGES + share * MARK_TOLERANCE_PERCENT // 100:
            found[zone.node or 0, zone.name] = (low_min or 0) - share
    return found


def with_boosts(zones: Sequence[Zone], found: Boosts) -> tuple[Zone, ...]:
    """The zones with the boost that was found in their marks; what the kernel printed stays."""
    return tuple(
        replace(zone, boost_pages=found[zone.node or 0, zone.name])
        if zone.boost_pages is None and found.get((zone.node or 0, zone.name))
        else zone
        for zone in zones
    )
