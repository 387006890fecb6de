"""/proc/zoneinfo and /proc/buddyinfo as `Zone`s: the memory state when the files were collected.

Sources: mm/vmstat.c zoneinfo_show_print() of 2.6.18 (RHEL 5) to 6.12; RHEL 4 has no /proc/zoneinfo. Read by key, since
every release adds and moves lines.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from nopage.kernel.facts import FreeBlocks, Zone
from nopage.kernel.numbers import added, counted, whole_number

ZONE_LINE = re.compile(r"^\s*Node\s+(\d+),\s+zone\s+(\S+)\s*$")
PROTECTION = re.compile(r"protection:\s*\(([\d,\s]*)\)")
BUDDYINFO_LINE = re.compile(r"\s*Node\s+(\d{1,6}),\s+zone\s+(\S+)((?:\s+\d{1,20})+)\s*$")
MAX_ORDERS = 64

# zoneinfo's word -> field of Zone. "pages free" and "nr_free_pages" are the same counter; the first wins.
FIELDS = {
    "free": "free_pages",
    "boost": "boost_pages",
    "min": "min_pages",
    "low": "low_pages",
    "high": "high_pages",
    "present": "present_pages",
    "managed": "managed_pages",
    "nr_free_pages": "free_pages",
    "nr_free_cma": "free_cma_pages",
    "nr_free_highatomic": "highatomic_pages",
    "nr_reserved_highatomic": "highatomic_pages",
}


def zoneinfo(lines: Iterable[str], page_kb: int = 4) -> tuple[Zone, ...]:
    """The zones of /proc/zoneinfo, unpopulated ones included; lines that cannot be read are passed over."""
    zones: list[Zone] = []
    name, node = "", 0
    found: dict[str, int] = {}
    reserve: tuple[int, ...] = ()
    in_pagesets = False

    def close() -> None:
        if name:
            zone = Zone(name=name, node=node, page_kb=page_kb, lowmem_reserve_pages=reserve)
            zones.append(replace(zone, **found))  # type: ignore[arg-type]

    for line in lines:
        header = ZONE_LINE.match(line)
        if header:
            close()
            node, name, found, reserve, in_pagesets = counted(header[1]), header[2], {}, (), False
            continue
        words = line.split()
        if not words or not name:
            continue
        if words[0] == "pagesets":
            in_pagesets = True  # its "high:" and "count:" belong to per-cpu lists
        elif words[0].startswith("protection:"):
            values = PROTECTION.search(line)
            if values:
                reserve = tuple(counted(value) for value in values[1].replace(",", " ").split())
        elif not in_pagesets:
            if words[0] == "pages":
                words = words[1:]
            field = FIELDS.get(words[0]) if len(words) >= 2 else None
            value = whole_number(words[1]) if field else None
            if field and value is not None:
                found.setdefault(field, value)
    close()
    return tuple(zones)


def buddyinfo(lines: Iterable[str]) -> dict[tuple[int, str], tuple[int, ...]]:
    """The free blocks of /proc/buddyinfo by (node, zone name), one count an order from 0.

    Lines that are none (a cut file, a message of the collecting command) are passed over.
    """
    return {
        (int(found[1]), found[2]): tuple(map(int, found[3].split()))
        for line in lines if (found := BUDDYINFO_LINE.match(line))
    }  # fmt: skip


def with_free_areas(zones: Iterable[Zone], counts: Mapping[tuple[int, str], tuple[int, ...]]) -> tuple[Zone, ...]:
    """`zones` with the free blocks of /proc/buddyinfo, keyed by (node, zone name); one count an order from 0."""
    return tuple(
        replace(zone, free_area=free_area(counts[zone.node or 0, zone.name]))
        if (zone.node or 0, zone.name) in counts
        else zone
        for zone in zones
    )


def free_area(counts: tuple[int, ...]) -> tuple[FreeBlocks, ...]:
    """The columns of one buddyinfo line."""
    return tuple(FreeBlocks(order, count) for order, count in enumerate(counts[:MAX_ORDERS]))


def zones_of_buddyinfo(counts: Mapping[tuple[int, str], tuple[int, ...]], page_kb: int = 4) -> tuple[Zone, ...]:
    """Zones known from /proc/buddyinfo alone: free lists and their sum, no watermarks (RHEL 4, filtered archives)."""
    return tuple(
        Zone(
            name=name,
            node=node,
            page_kb=page_kb,
            free_pages=added(*(count << order for order, count in enumerate(columns[:MAX_ORDERS]))),
            free_area=free_area(columns),
        )
        for (node, name), columns in counts.items()
    )
