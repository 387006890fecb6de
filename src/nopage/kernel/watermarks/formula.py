"""Watermarks forward: from tunables and zone sizes to each zone's min, low, high and lowmem_reserve (KERNEL.md 3).

All results are without watermark_boost, which the kernel adds for a while (RHEL 8.10 on print it included). Arithmetic
is the kernel's: unsigned integers, divisions that truncate.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isqrt

from nopage.kernel.facts import Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.release import Release
from nopage.kernel.watermarks.tables import (
    DEFAULTS,
    FLOOR_KB,
    ISA_DMA_KB,
    LIMITS,
    LOWMEM_KB,
    LOWMEM_MOST_KB,
    MOVABLE_IS_APART,
    NO_DMA_FALLBACK,
    NO_DMA_FALLBACK_FLAVOURS,
    NO_DMA_FALLBACK_NEVER,
    PAGEBLOCK_PAGES,
    RESERVE_RATIOS,
    RESERVE_SKIPS_EMPTY,
    RESERVE_SKIPS_EMPTY_UPPER,
    STEPS,
    THP_COUNTS_LOW_ZONES,
    TUNABLES,
    ZERO_RATIO_IS_NONE,
    ZONE_ORDER,
    Span,
)

_SWAP_CLUSTER_MAX = 32
_HIGHMEM_MIN_MOST = 128


@dataclass(frozen=True, slots=True)
class ZoneWatermarks:
    """The watermarks of one zone, in pages."""

    min_pages: int
    low_pages: int
    high_pages: int


def has_tunable(release: Release | None, name: str) -> bool:
    """Whether this kernel has vm.`name`. Of an unknown kernel only what every kernel has is sure."""
    span = TUNABLES.get(name)
    if span is None:
        return False
    return span == Span() if release is None else span.holds(release)


def tunable_limits(release: Release | None, name: str) -> tuple[int, int | None] | None:
    """The least and the greatest value that vm.`name` takes (None: no upper bound); None where it does not exist."""
    if not has_tunable(release, name):
        return None
    for row, span, least, greatest in LIMITS:
        if row == name and (release is None or span.holds(release)):
            return least, greatest
    return None


def default_min_free_kbytes(release: Release | None, lowmem_kb: int) -> int:
    """What the kernel sets vm.min_free_kbytes to at boot, before transparent huge pages raise it, in kB.

    `lowmem_kb` as `default_lowmem_kb` has it. An unknown kernel is taken for a new one, which matters only
    above 256 GiB. mm/page_alloc.c: init_per_zone_wmark_min().
    """
    row = DEFAULTS[-1]
    if release is not None:
        row = next((row for row in DEFAULTS if row.span.holds(release)), row)
    return min(max(isqrt(row.factor * max(lowmem_kb, 0)), FLOOR_KB), row.ceiling_kb)


def lowmem_pages(release: Release | None, zones: Sequence[Zone]) -> int | None:
    """The pages that min_free_kbytes is spread over; None when a zone's size is not known."""
    sizes = _sizes(zones)
    if sizes is None:
        return None
    return sum(size for zone, size in zip(zones, sizes, strict=True) if not _is_apart(release, zones, zone))


def default_lowmem_kb(release: Release | None, zones: Sequence[Zone], total_kb: int | None = None) -> int | None:
    """The memory that the kernel computes its default from, in kB: what GFP_USER may use, nr_free_buffer_pages().

    Zones above Normal never count, nor does DMA where RHEL 4's zonelist of Normal has none (KERNEL.md 8). Where no
    zone's size is known `total_kb` (MemTotal) stands in for them; None where that is not known either.
    """
    sizes = _sizes(zones) if zones else None
    apart = dma_is_no_fallback(release)
    if sizes is not None and any(sizes):
        low = ZONE_ORDER[1:3] if apart else ZONE_ORDER[:3]
        return sum(size * zone.page_kb for zone, size in zip(zones, sizes, strict=True) if zone.name in low)
    if not total_kb or total_kb < 0:
        return None
    most = lowmem_most_kb(release)
    kb = total_kb if most is None else min(total_kb, most)
    return max(kb - ISA_DMA_KB, 0) if apart else kb


def dma_is_no_fallback(release: Release | None) -> bool:
    """Whether the kernel's flavour tells that requests for Normal never look in DMA (RHEL 4)."""
    if release is None or not release.exact or not NO_DMA_FALLBACK.holds(release) or "xenu" in release.flavours:
        return False
    if release.arch in NO_DMA_FALLBACK_NEVER:
        return False
    return release.arch == "x86_64" or any(flavour in release.text for flavour in NO_DMA_FALLBACK_FLAVOURS)


def lowmem_most_kb(release: Release | None) -> int | None:
    """How much lowmem a kernel can have, where only its release is known; None is no bound (64-bit)."""
    if release is None or not release.highmem:
        return None
    return LOWMEM_MOST_KB.get(next((name for name in release.flavours if name in LOWMEM_MOST_KB), ""), LOWMEM_KB)


def pageblock_pages(release: Release | None, page_kb: int) -> int:
    """pageblock_nr_pages: the unit in which the kernel groups free memory by mobility."""
    arch = release.arch if release is not None else None
    return PAGEBLOCK_PAGES.get((page_kb, arch)) or PAGEBLOCK_PAGES.get((page_kb, None), 512)


def thp_min_free_kbytes(
    release: Release | None,
    zones: Sequence[Zone],
    *,
    min_free_kbytes: int | None = None,
    block_pages: int | None = None,
) -> int | None:
    """What khugepaged raises vm.min_free_kbytes to while huge pages are enabled, in kB; it never lowers it.

    None where the kernel has no transparent huge pages or a zone's size is not known. `min_free_kbytes` is the value
    before (default: the kernel's own); it decides the 5 % cap a little. mm/khugepaged.c (RHEL 6, 7: mm/huge_memory.c):
    set_recommended_min_free_kbytes().
    """
    lowmem_kb = default_lowmem_kb(release, zones)
    if lowmem_kb is None or not zones or (release is not None and not has_tunable(release, "transparent_hugepage")):
        return None
    page_kb = zones[0].page_kb
    before = default_min_free_kbytes(release, lowmem_kb) if min_free_kbytes is None else min_free_kbytes
    low_only = release is None or THP_COUNTS_LOW_ZONES.holds(release)
    populated = sum(1 for zone in zones if zone.size_pages and (not low_only or zone.name in ZONE_ORDER[:3]))
    block = block_pages or pageblock_pages(release, page_kb)
    recommended = block * populated * (2 + 3 * 3)  # two blocks, and one of each of 3 mobilities for each fallback
    usable = sum(  # nr_free_buffer_pages()
        max((zone.size_pages or 0) - mark.high_pages, 0)
        for zone, mark in zip(zones, watermarks(release, zones, min_free_kbytes=before), strict=True)
        if zone.name in ZONE_ORDER[:3]
    )
    return min(recommended, usable // 20) * page_kb


def watermarks(
    release: Release | None,
    zones: Sequence[Zone],
    *,
    min_free_kbytes: int,
    extra_free_kbytes: int = 0,
    watermark_scale_factor: int = 10,
    total_pages: int | None = None,
) -> tuple[ZoneWatermarks, ...]:
    """min, low and high of each zone, in the order of `zones`: all zones of the host, of every node.

    Empty when a zone's size is not known, since each zone's share depends on all. An unknown kernel gets the rule of
    RHEL 5-7, unless its zones show another one (`step_of`). `total_pages` is vm_total_pages (default: all zones).
    mm/page_alloc.c: setup_per_zone_pages_min() / __setup_per_zone_wmarks().
    """
    lowmem = lowmem_pages(release, zones)
    sizes = _sizes(zones)
    if lowmem is None or sizes is None or not zones:
        return ()
    page_kb = max(zones[0].page_kb, 1)
    pages_min = max(min_free_kbytes, 0) // page_kb
    extra = max(extra_free_kbytes, 0) // page_kb if release is None or has_tunable(release, "extra_free_kbytes") else 0
    total = total_pages or sum(sizes)
    step = _step(release, zones)
    result = []
    for zone, size in zip(zones, sizes, strict=True):
        share = pages_min * size // lowmem if lowmem else 0
        low_min = share
        if _is_apart(release, zones, zone):
            low_min = min(max(size // 1024, _SWAP_CLUSTER_MAX), _HIGHMEM_MIN_MOST)
        if step == "double":
            result.append(ZoneWatermarks(low_min, low_min * 2, low_min * 3))
        elif step == "quarter":
            more = low_min + (extra * size // total if total else 0)
            result.append(ZoneWatermarks(low_min, more + share // 4, more + share // 2))
        else:
            apart = max(share // 4, size * max(watermark_scale_factor, 0) // 10000)
            result.append(ZoneWatermarks(low_min, low_min + apart, low_min + 2 * apart))
    return tuple(result)


def lowmem_reserve(
    release: Release | None,
    zones: Sequence[Zone],
    *,
    ratios: Mapping[str, int] | None = None,
    lower_zone_protection: int = 0,
) -> tuple[tuple[int, ...], ...]:
    """lowmem_reserve[] of each zone in pages, indexed as `zone_types` says; RHEL 4: protection[]. Empty: size unknown.

    `ratios` are vm.lowmem_reserve_ratio by zone name where they differ from the default.
    mm/page_alloc.c: setup_per_zone_lowmem_reserve(); el4: setup_per_zone_protection().
    """
    sizes = _sizes(zones)
    if sizes is None:
        return ()
    types = zone_types(release, zones)
    if release is not None and TUNABLES["lower_zone_protection"].holds(release):
        return tuple(_protection(zone, zones, types, lower_zone_protection) for zone in zones)
    ratio_of = dict(RESERVE_RATIOS)
    if release is not None and ZERO_RATIO_IS_NONE.holds(release):
        ratio_of["HighMem"] = 0
    ratio_of.update(ratios or {})
    rows = []
    for zone in zones:
        own = {other.name: other.size_pages or 0 for other in zones if other.node == zone.node}
        rows.append(_reserve(release, zone, own, types, ratio_of.get(zone.name, 0)))
    return tuple(rows)


def zone_types(release: Release | None, zones: Sequence[Zone]) -> tuple[str, ...]:
    """The zone types that lowmem_reserve[] is indexed by: those the host shows, and those its build has for sure.

    RHEL 4 has DMA, Normal, HighMem; RHEL 5 all four on every arch; later ones what was configured, from RHEL 8 on with
    Device on 64-bit.
    """
    shown = {zone.name for zone in zones}
    if release is not None:
        if release.generation == "el4":
            shown |= {"DMA", "Normal", "HighMem"}
        elif release.generation == "el5":
            shown |= {"DMA", "DMA32", "Normal", "HighMem"}
        else:
            shown |= {"Normal", "Movable"}
            if release.highmem:
                shown |= {"DMA", "HighMem"}
            elif release.arch == "x86_64":
                shown |= {"DMA", "DMA32"} | ({"Device"} if release.major >= 8 else set())
    return tuple(name for name in ZONE_ORDER if name in shown)


def atomic_floor_pages(
    release: Release | None, min_pages: int, *, uses_reserve: bool = True, harder: bool = True
) -> int:
    """The free pages that a request must leave in the min pass, lowmem_reserve aside: about 3/8 of min for GFP_ATOMIC.

    `uses_reserve` and `harder` as `GfpDecoded` has them. KERNEL.md 3.4, 4.
    """
    floor = max(min_pages, 0)
    if uses_reserve:
        # RHEL 4 halves, later kernels take the half away: an odd page more (el4:mm/page_alloc.c:639).
        floor = floor // 2 if release is not None and release.generation == "el4" else floor - floor // 2
    return floor - floor // 4 if harder else floor


def step_of(zone: Zone) -> str | None:
    """Which rule the printed watermarks of a zone below highmem follow (end of KERNEL.md 3.2).

    "double" is RHEL 4, "quarter" RHEL 5-7 without extra_free_kbytes, "wider" that tunable or RHEL 8 on. None when
    they are not printed, too small to tell, or follow none.
    """
    low_min, low = zone.min_pages, zone.low_pages
    if low_min is None or low is None or low_min < 8 or low < low_min:
        return None
    plain = low_min - max(zone.boost_pages or 0, 0)
    if low == 2 * low_min and zone.high_pages in (None, 3 * low_min):
        return "double"
    if low - low_min == plain // 4:
        return "quarter"
    return "wider" if low - low_min > plain // 4 else None


def _step(release: Release | None, zones: Sequence[Zone]) -> str:
    if release is not None:
        return next((step for span, step in STEPS if span.holds(release)), "scaled")
    seen = {step_of(zone) for zone in zones if zone.name in ZONE_ORDER[:3]} - {None}
    if seen == {"double"}:
        return "double"
    return "scaled" if seen == {"wider"} else "quarter"


def _sizes(zones: Sequence[Zone]) -> tuple[int, ...] | None:
    sizes = tuple(zone.size_pages for zone in zones)
    return tuple(size for size in sizes if size is not None) if all(s is not None and s >= 0 for s in sizes) else None


def _is_apart(release: Release | None, zones: Sequence[Zone], zone: Zone) -> bool:
    """is_highmem(): HighMem, Movable where it is cut from HighMem; RHEL 10: every Movable."""
    if zone.name == "HighMem":
        return True
    if zone.name != "Movable":
        return False
    if release is not None and MOVABLE_IS_APART.holds(release):
        return True
    return any(other.name == "HighMem" and other.size_pages for other in zones)


def _reserve(
    release: Release | None, zone: Zone, own: Mapping[str, int], types: Sequence[str], ratio: int
) -> tuple[int, ...]:
    place = types.index(zone.name) if zone.name in types else len(types)
    if 1 > ratio >= 0 and zone.name in types and release is not None and not ZERO_RATIO_IS_NONE.holds(release):
        ratio = 1  # RHEL 5-7 put 1 for anything less
    skips_empty = release is not None and RESERVE_SKIPS_EMPTY.holds(release)
    skips_upper = release is not None and RESERVE_SKIPS_EMPTY_UPPER.holds(release)
    nothing = ratio < 1 or (skips_empty and not zone.size_pages)
    row = [0] * len(types)
    above = 0
    for upper in range(place + 1, len(types)):
        size = own.get(types[upper], 0)
        above += size
        row[upper] = 0 if nothing or (skips_upper and not size) else above // ratio
    return tuple(row)


def _protection(zone: Zone, zones: Sequence[Zone], types: Sequence[str], factor: int) -> tuple[int, ...]:
    """protection_i[j] = protection_i+1[j] + pages_low_i+1 * lower_zone_protection (el4:1845-1929); by default 0."""
    low = {other.name: other.low_pages or 0 for other in zones if other.node == zone.node}
    place = types.index(zone.name) if zone.name in types else len(types)
    row = [0] * len(types)
    above = 0
    for upper in range(place + 1, len(types)):
        above += low.get(types[upper], 0) * max(factor, 0)
        row[upper] = above
    return tuple(row)
