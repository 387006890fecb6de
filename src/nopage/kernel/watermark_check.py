"""Watermarks backward: what printed ones say of the tunables that made them, and whether both agree.

The kernel computes watermarks at boot, before it frees its init memory, and again only when a tunable is written or
memory comes or goes. So a zone's own share may differ by some per cent from what its present size gives, while the sum
of the shares stays that of min_free_kbytes; that sum is what is compared.
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.facts import Zone
from nopage.kernel.release import Release
from nopage.kernel.watermark_tables import ZONE_ORDER
from nopage.kernel.watermarks import (
    default_min_free_kbytes,
    has_tunable,
    lowmem_pages,
    pageblock_pages,
    thp_min_free_kbytes,
    watermarks,
)

# What a zone may have grown by since: 10 MB were seen to be freed after boot, 7 % of a small guest.
_INIT_MEMORY_KB = 48 * 1024
_GROWTH_PERCENT = 10


def implied_min_free_kbytes(zones: Sequence[Zone]) -> tuple[int, int] | None:
    """The least and greatest vm.min_free_kbytes that gives the printed min watermarks, in kB.

    `zones` must be all zones of the host below highmem. Each zone loses less than a page to truncation. None when a
    watermark is missing. Where a boost is included but not printed (RHEL 8.10, 9.0, 9.1) the result is too high.
    """
    low_zones = [zone for zone in zones if zone.name in ZONE_ORDER[:3] and zone.size_pages != 0]
    mins = [zone.min_pages - (zone.boost_pages or 0) for zone in low_zones if zone.min_pages is not None]
    if not low_zones or len(mins) != len(low_zones) or any(low_min < 0 for low_min in mins):
        return None
    page_kb = max(low_zones[0].page_kb, 1)
    shared = sum(mins)
    return shared * page_kb, (shared + len(mins) - 1) * page_kb + page_kb - 1


def hides_boost(release: Release | None, zones: Sequence[Zone]) -> bool:
    """Whether the printed watermarks may include a boost that is not printed itself."""
    can = release is None or has_tunable(release, "watermark_boost_factor")
    return can and all(zone.boost_pages is None for zone in zones)


def check_watermarks(
    release: Release | None,
    zones: Sequence[Zone],
    *,
    min_free_kbytes: int,
    extra_free_kbytes: int = 0,
    watermark_scale_factor: int = 10,
) -> tuple[str, ...]:
    """In words, where the printed watermarks cannot come from these tunables; empty when they agree or cannot be told.

    The usual reason is that a tunable was changed between the failure and the collection of the files.
    """
    found = []
    implied = implied_min_free_kbytes(zones)
    if implied is not None:
        least, greatest = implied
        too_low = min_free_kbytes < least and not hides_boost(release, zones)
        if too_low or min_free_kbytes > greatest:
            found.append(
                f"the printed min watermarks belong to vm.min_free_kbytes {least}..{greatest} kB, "
                f"not {min_free_kbytes} kB"
            )
    base_kb = implied[0] if implied is not None and not hides_boost(release, zones) else min_free_kbytes
    if release is not None:
        found += _check_distances(release, zones, base_kb, extra_free_kbytes, watermark_scale_factor)
    return tuple(found)


def provenance(release: Release | None, zones: Sequence[Zone], min_free_kbytes: int) -> str:
    """Where a value of vm.min_free_kbytes comes from: "default", "thp" (khugepaged raised it), "set" or "unknown".

    The zones were a little smaller when the kernel computed its default, so a value slightly below it counts as that.
    """
    lowmem = lowmem_pages(release, zones)
    if not lowmem or not zones:
        return "unknown"
    lowmem_kb = lowmem * zones[0].page_kb
    default = default_min_free_kbytes(release, lowmem_kb)
    if default_min_free_kbytes(release, lowmem_kb - _INIT_MEMORY_KB) <= min_free_kbytes <= default:
        return "default"
    raised = thp_min_free_kbytes(release, zones)
    if raised is None or raised <= default:
        return "set"
    uncapped = raised % (pageblock_pages(release, zones[0].page_kb) * zones[0].page_kb) == 0
    least = raised if uncapped else raised - _INIT_MEMORY_KB // 20  # khugepaged's cap is 5 % of lowmem
    return "thp" if least <= min_free_kbytes <= raised else "set"


def _check_distances(
    release: Release, zones: Sequence[Zone], min_free_kbytes: int, extra_free_kbytes: int, scale_factor: int
) -> list[str]:
    """low - min of each zone below highmem against what the tunables besides min_free_kbytes make it."""
    computed = watermarks(
        release,
        zones,
        min_free_kbytes=min_free_kbytes,
        extra_free_kbytes=extra_free_kbytes,
        watermark_scale_factor=scale_factor,
    )
    cause = "this kernel's rule"
    for tunable, value in (("watermark_scale_factor", scale_factor), ("extra_free_kbytes", extra_free_kbytes)):
        if has_tunable(release, tunable):
            cause = f"vm.{tunable} {value}"
    hidden = hides_boost(release, zones)
    found = []
    for zone, marks in zip(zones, computed, strict=bool(computed)):
        if zone.name not in ZONE_ORDER[:3] or zone.min_pages is None or zone.low_pages is None or not zone.size_pages:
            continue
        apart, expected = zone.low_pages - zone.min_pages, marks.low_pages - marks.min_pages
        most = max(expected, zone.min_pages // 4) if hidden else expected
        slack = 2 + most * _GROWTH_PERCENT // 100
        if not expected - slack <= apart <= most + slack:
            where = f"{zone.name} of node {zone.node}" if zone.node is not None else zone.name
            found.append(f"{where}: low is {apart} pages above min, where {cause} makes it {expected}")
    return found
