"""The Mem-Info block of show_mem(), every generation (KERNEL.md 2.5), read by key and never by position."""
from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache
from math import gcd
from sys import intern
from typing import Final

from nopage.kernel.facts import FreeBlocks, MemInfo, Zone
from nopage.kernel.message import Message, say
from nopage.klog.report.zone_lines import (
    COUNTER,
    EMPTY_ZONE,
    FREE_LIST,
    LOWMEM,
    NODE,
    PAIR,
    TRAILER,
    TRAILER_STARTS,
    ZONE,
    FreeList,
    ZoneKey,
    ZoneLine,
    read_free_list,
    zone_name,
)

PAGE_SIZES_KB: Final = (4, 8, 16, 64)


class MemInfoBuilder:
    """Collects the lines of one block; `add()` says whether a line belongs to it."""

    __slots__ = (
        "_counters", "_empty", "_free", "_nodes", "_open_list", "_unreclaimable", "_wrapped", "_zone", "_zones", "began"
    )  # fmt: skip

    def __init__(self) -> None:
        self.began = False
        self._zones: dict[ZoneKey, ZoneLine] = {}
        self._free: dict[ZoneKey, FreeList] = {}
        self._empty: set[ZoneKey] = set()
        self._nodes: dict[int, dict[str, int]] = {}
        self._counters: dict[str, int] = {}
        self._zone: ZoneLine | None = None  # the zone line that a lowmem_reserve[] line belongs to
        self._wrapped: ZoneLine | int | None = None  # zone or node that the rest of a wrapped line goes to
        self._open_list: ZoneKey | None = None
        self._unreclaimable: dict[int, bool] = {}

    def add(self, text: str) -> bool:
        """Take one line; False when it is none of the block's."""
        known = self._add(text)
        if known:
            self.began = True
        return known

    def _add(self, text: str) -> bool:
        if "kB" in text:
            if self._open_list is not None and text[0] in "0123456789(=":
                return self._add_to_list(self._open_list, text)
            if "*" in text:
                match = FREE_LIST.match(text)
                return match is not None and self._add_list(match, text)
            match = ZONE.match(text) or NODE.match(text)
            if match is not None:
                return self._add_zone_or_node(match, text)
            if self._wrapped is not None and PAIR.match(text):
                self._fill(text)
                return True
        elif "[]:" in text:
            return self._add_reserve(text)
        elif self._wrapped is not None and text.startswith("all_unreclaimable? "):
            self._fill(text)
            return True
        elif text.startswith("Mem-") and text[4:9].lower() == "info:":
            return True
        elif COUNTER.match(text):
            for key, number, unit in PAIR.findall(text):
                if not unit:
                    self._counters.setdefault(intern(key.lower()), int(number))
            return True
        return text[0] in TRAILER_STARTS and self._add_trailer(text)

    def _add_zone_or_node(self, match: re.Match[str], text: str) -> bool:
        if match.re is ZONE:
            line = ZoneLine()
            self._zones.setdefault(zone_name(match), line)
            self._wrapped = self._zone = line  # the same zone again is another CPU's block: dropped
        else:
            self._zone = None
            self._wrapped = int(match["node"])
            self._nodes.setdefault(self._wrapped, {})
        self._fill(text[match.end() :])
        return True

    def _fill(self, text: str) -> None:
        """Values of the zone or node line that began last."""
        owner = self._wrapped
        values = owner.kb if isinstance(owner, ZoneLine) else self._nodes[owner or 0]
        for key, number, unit in PAIR.findall(text):
            if unit:  # pages_scanned has none; elsewhere a value without one is cut
                values.setdefault(intern(key), int(number))
        if "all_unreclaimable? " in text:
            yes = "all_unreclaimable? yes" in text
            if isinstance(owner, ZoneLine):
                owner.unreclaimable = yes
            else:
                self._unreclaimable[owner or 0] = yes

    def _add_reserve(self, text: str) -> bool:
        match = LOWMEM.match(text)
        if match is None:
            return False
        if self._zone is not None and not self._zone.reserve:
            self._zone.reserve = tuple(map(int, match["pages"].split()))
        self._wrapped = None
        return True

    def _add_list(self, match: re.Match[str], text: str) -> bool:
        key = zone_name(match)
        self._wrapped = None
        if key not in self._free:
            self._add_to_list(key, text[match.end() :])
        return True

    def _add_to_list(self, key: ZoneKey, text: str) -> bool:
        before = self._free.get(key)
        self._free[key] = free = read_free_list(f"{before.text} {text}" if before else text)
        self._open_list = key if free.total_kb is None else None
        return True

    def _add_trailer(self, text: str) -> bool:
        match = EMPTY_ZONE.match(text)
        if match is not None:
            self._empty.add(zone_name(match))
            return True
        match = TRAILER.match(text)
        if match is None:
            return False
        key = match.lastgroup
        if key is not None:
            self._counters.setdefault(key, int(match[key]))
        return True

    def build(self) -> MemInfo | None:
        """The block, None when nothing of it stands in the log."""
        if not (self._zones or self._free or self._counters or self._nodes):
            return None
        missing: list[Message] = []
        page_kb = self._page_kb(missing)
        zones = tuple(self._built_zone(key, page_kb, missing) for key in dict.fromkeys([*self._zones, *self._free]))
        if not self._zones:
            missing.append(say("missing.zones.no_lines", "Mem-Info has no zone lines with watermarks"))
        elif not self._free:
            missing.append(say("missing.zones.no_free_lists", "Mem-Info has no free lists"))
        counters = dict(self._counters)
        return MemInfo(
            zones=zones,
            page_kb=page_kb,
            swap_free_kb=counters.pop("swap_free_kb", None),
            swap_total_kb=counters.pop("swap_total_kb", None),
            ram_pages=counters.pop("ram", None),
            reserved_pages=counters.pop("reserved", None),
            counters_pages=counters,
            nodes_kb=self._nodes,
            missing=tuple(missing),
        )

    def _page_kb(self, missing: list[Message]) -> int:
        """The page size: the first column of the free lists; else what divides every figure of the zones."""
        for free in self._free.values():
            if free.blocks and free.blocks[0][1] in PAGE_SIZES_KB:
                return free.blocks[0][1]
        figures = {number for line in self._zones.values() for number in line.kb.values() if number}
        if len(figures) >= 8 and gcd(*figures) % 64 == 0:  # by chance on one host of 16**8 with 4 kB
            missing.append(say("missing.page_size.from_figures",
                               "the page size is not printed; every figure is a multiple of 64 kB"))
            return 64
        if self._zones or self._free:
            missing.append(say("missing.page_size.assumed", "the page size is not printed; 4 kB taken"))
        return 4

    def _built_zone(self, key: ZoneKey, page_kb: int, missing: list[Message]) -> Zone:
        node, name = key
        line = self._zones.get(key) or ZoneLine()
        title = f"Node {node} {name}" if node is not None else name
        blocks: tuple[FreeBlocks, ...] = ()
        free = self._free.get(key)
        if free is not None:
            blocks = tuple(
                _free_blocks((size_kb // page_kb).bit_length() - 1, count, letters)
                for count, size_kb, letters in free.blocks
                if size_kb >= page_kb
            )
            lost = _lost_sizes({size_kb for _, size_kb, _ in free.blocks}, page_kb)
            if lost:
                missing.append(say("missing.free_list.columns",
                                   "the free list of {zone} lacks the blocks of {sizes_kb} kB",
                                   zone=title, sizes_kb=tuple(lost)))
            summed = sum(count * size_kb for count, size_kb, _ in free.blocks)
            if free.total_kb is None:
                if free.blocks:
                    missing.append(say("missing.free_list.cut", "the free list of {zone} is cut", zone=title))
            elif summed != free.total_kb:
                missing.append(say("missing.free_list.sum",
                                   "the free list of {zone} adds up to {summed_kb} kB, printed {printed_kb} kB",
                                   zone=title, summed_kb=summed, printed_kb=free.total_kb))
        elif self._free and self._zones and key not in self._empty:
            missing.append(say("missing.free_list.none", "no free list of {zone}", zone=title))
        kb = dict(line.kb)

        def pages(name: str) -> int | None:
            value = kb.pop(name, None)
            return None if value is None else value // page_kb

        unreclaimable = line.unreclaimable
        if unreclaimable is None and node is not None:
            unreclaimable = self._unreclaimable.get(node)
        return Zone(
            name=name,
            node=node,
            page_kb=page_kb,
            free_pages=pages("free"),
            min_pages=pages("min"),
            low_pages=pages("low"),
            high_pages=pages("high"),
            boost_pages=pages("boost"),
            highatomic_pages=pages("reserved_highatomic"),
            free_cma_pages=pages("free_cma"),
            present_pages=pages("present"),
            managed_pages=pages("managed"),
            lowmem_reserve_pages=line.reserve,
            free_area=blocks,
            all_unreclaimable=unreclaimable,
            stats_kb=kb,
        )


def _lost_sizes(sizes_kb: Set[int], page_kb: int) -> list[int]:
    """The orders below the highest printed that have no column; the kernel prints every order from 0 on."""
    top = max(sizes_kb, default=0) // page_kb
    return [page_kb << order for order in range(top.bit_length()) if page_kb << order not in sizes_kb]


@lru_cache(maxsize=4096)
def _free_blocks(order: int, count: int, letters: str) -> FreeBlocks:
    """Reports of one storm repeat their columns: one object serves all."""
    return FreeBlocks(order, count, letters)
