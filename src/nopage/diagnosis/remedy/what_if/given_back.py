"""The memory state after static hugepages were given back to the page allocator."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nopage.diagnosis.watermark import zone_rank
from nopage.kernel.facts import FreeBlocks, HugePages, MemInfo, Zone

# The zones that hugepages come from, by preference: the highest first (mm/hugetlb.c: htlb_alloc_mask()). DMA is too
# small to matter, and what Movable holds no atomic request may take.
HOLDS = frozenset(("DMA32", "Normal", "HighMem"))


def given_back(state: MemInfo, pools: Sequence[HugePages]) -> MemInfo | None:
    """The state with the hugepages' pages free; None where it is not known which node they are on.

    What does not fit into a node's zones is left out.
    """
    zones = list(state.zones)
    nodes = {zone.node or 0 for zone in zones if zone.size_pages != 0}
    for pool in pools:
        node = pool.node if pool.node is not None else min(nodes, default=0) if len(nodes) < 2 else None
        if node is None:
            return None
        pages = max(0, pool.count) * max(0, pool.size_kb) // max(1, state.page_kb)
        block = max(1, pool.size_kb // max(1, state.page_kb)).bit_length() - 1
        places = [place for place, zone in enumerate(zones)
                  if zone.name in HOLDS and zone.size_pages != 0 and (zone.node or 0) == node]
        for place in sorted(places, key=lambda place: -zone_rank(zones[place])):
            here = min(pages, room_pages(zones[place], pages))
            zones[place] = with_free(zones[place], here, block)
            pages -= here
    return replace(state, zones=tuple(zones))


def room_pages(zone: Zone, most: int) -> int:
    """The pages of the zone that are not free; `most` where its size is not known."""
    size = zone.size_pages
    return most if size is None or zone.free_pages is None else max(0, size - zone.free_pages)


def with_free(zone: Zone, pages: int, block: int) -> Zone:
    """The zone with so many pages more free, in blocks of this order or of the largest that its list has."""
    if zone.free_pages is None or not zone.free_area:
        return replace(zone, free_pages=None if zone.free_pages is None else zone.free_pages + pages)
    order = min(block, max(column.order for column in zone.free_area))
    blocks = pages >> order
    letters = "M" if any(column.migratetypes for column in zone.free_area) else ""
    area = tuple(
        FreeBlocks(column.order, column.count + blocks, column.migratetypes if "M" in column.migratetypes else
                   column.migratetypes + letters)
        if column.order == order and blocks else column
        for column in zone.free_area
    )
    return replace(zone, free_pages=zone.free_pages + (blocks << order), free_area=area)
