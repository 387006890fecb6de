"""The Mem-Info block of show_mem(), every generation (KERNEL.md 2.5), read by key and never by position."""
from __future__ import annotations

import re
from math import gcd
from typing import Final

from nopage.kernel.facts import FreeBlocks, MemInfo, Zone
from nopage.klog.zone_lines import (
    COUNTER,
    FREE_LIST,
    LOWMEM,
    NODE,
    PAIR,
    TRAILERS,
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

    __slots__ = ("_counters", "_free", "_last", "_nodes", "_open_list", "_zones", "found", "titled", "unreclaimable")

    def __init__(self) -> None:
        self.found = False
        self.titled = False
        self._zones: dict[ZoneKey, ZoneLine] = {}
        self._free: dict[ZoneKey, FreeList] = {}
        self._nodes: dict[int, dict[str, int]] = {}
        self._counters: dict[str, int] = {}
        self._last: ZoneLine | None = None
        self._open_list: ZoneKey | None = None
        self.unreclaimable: dict[int, bool] = {}

    @property
    def began(self) -> bool:
        """Anything of a block was seen."""
        return self.titled or self.found

    def has(self, key: ZoneKey) -> bool:
        return key in self._zones

    def add(self, text: str) -> bool:
        """Take one line; False when it is none of the block's."""
        known = self._add(text)
        self.found = self.found or known
        return known

    def _add(self, text: str) -> bool:
        if "kB" in text:
            if "*" in text:
                return self._add_free_list(text)
            if " free:" in text:
                match = ZONE.match(text)
                if match is not None:
                    return self._add_zone(match, text)
            return self._add_node(text) or self._add_rest_of_zone(text) or self._add_trailer(text)
        if "[]:" in text:
            return self._add_reserve(text)
        if text.startswith("Mem-"):
            self.titled = True
            return True
        if ":" in text and COUNTER.match(text):
            for key, number, _ in PAIR.findall(text):
                self._counters[key.lower()] = int(number)
            return True
        return self._add_trailer(text)

    def _add_zone(self, match: re.Match[str], text: str) -> bool:
        key = zone_name(match)
        line = ZoneLine()
        self._zones.setdefault(key, line)
        self._last = self._zones[key] if self._zones[key] is line else line
        self._fill(line, text[match.end() :])
        return True

    @staticmethod
    def _fill(line: ZoneLine, text: str) -> None:
        for key, number, unit in PAIR.findall(text):
            if unit:  # pages_scanned has none; a value without one is cut
                line.kb.setdefault(key, int(number))
        if "all_unreclaimable? " in text:
            line.unreclaimable = "all_unreclaimable? yes" in text

    def _add_rest_of_zone(self, text: str) -> bool:
        """`present:14739kB pages_scanned:0 ...`: mail wrapping broke the zone line."""
        if self._last is None or not PAIR.match(text):
            return False
        self._fill(self._last, text)
        return True

    def _add_node(self, text: str) -> bool:
        match = NODE.match(text)
        if match is None:
            return False
        node = int(match["node"])
        values = self._nodes.setdefault(node, {})
        for key, number, unit in PAIR.findall(text):
            if unit:
                values[key] = int(number)
        if "all_unreclaimable? " in text:
            self.unreclaimable[node] = "all_unreclaimable? yes" in text
        self._last = None
        return True

    def _add_reserve(self, text: str) -> bool:
        match = LOWMEM.search(text)
        if match is None:
            return False
        if self._last is not None and not self._last.reserve:
            self._last.reserve = tuple(map(int, match["pages"].split()))
        return True

    def _add_free_list(self, text: str) -> bool:
        match = FREE_LIST.match(text)
        if match is None:
            if self._open_list is None or not text[:1].isdigit():
                return False
            whole = self._free[self._open_list].text + " " + text
            key = self._open_list
        else:
            key = zone_name(match)
            whole = text[match.end() :]
            if key in self._free:
                return True
        self._free[key] = free = read_free_list(whole)
        self._open_list = key if free.total_kb is None else None
        return True

    def _add_trailer(self, text: str) -> bool:
        for key, pattern in TRAILERS:
            match = pattern.match(text)
            if match is not None:
                if key:
                    self._counters.setdefault(key, int(match[1]))
                return True
        if self._open_list is not None and text[:1].isdigit() and self._free[self._open_list].total_kb is None:
            return False
        return False

    def build(self) -> MemInfo | None:
        """The block, None when nothing of it stands in the log."""
        if not self.found or not (self._zones or self._free or self._counters or self._nodes):
            return None
        missing: list[str] = []
        page_kb = self._page_kb(missing)
        zones = tuple(self._zone(key, page_kb, missing) for key in dict.fromkeys([*self._zones, *self._free]))
        if not self._zones:
            missing.append("Mem-Info has no zone lines with watermarks")
        elif not self._free:
            missing.append("Mem-Info has no free lists")
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

    def _page_kb(self, missing: list[str]) -> int:
        """The page size: the first column of the free lists; else what divides every figure of the zones."""
        for free in self._free.values():
            if free.blocks and free.whole and free.blocks[0][1] in PAGE_SIZES_KB:
                return free.blocks[0][1]
        figures = [number for line in self._zones.values() for number in line.kb.values() if number]
        if len(figures) >= 6 and gcd(*figures) % 16 == 0:
            size = 64 if gcd(*figures) % 64 == 0 else 16
            missing.append(f"the page size is not printed; every figure is a multiple of {size} kB")
            return size
        if self._zones or self._free:
            missing.append("the page size is not printed; 4 kB taken")
        return 4

    def _zone(self, key: ZoneKey, page_kb: int, missing: list[str]) -> Zone:
        node, name = key
        line = self._zones.get(key) or ZoneLine()
        title = f"Node {node} {name}" if node is not None else name
        blocks: tuple[FreeBlocks, ...] = ()
        free = self._free.get(key)
        if free is not None:
            blocks = tuple(
                FreeBlocks((size_kb // page_kb).bit_length() - 1, count, letters)
                for count, size_kb, letters in free.blocks
                if size_kb >= page_kb
            )
            summed = sum(count * size_kb for count, size_kb, _ in free.blocks)
            if free.total_kb is None:
                if free.blocks:
                    missing.append(f"the free list of {title} is cut")
            elif summed != free.total_kb:
                missing.append(f"the free list of {title} adds up to {summed} kB, printed {free.total_kb} kB")
        elif self._free and self._zones:
            missing.append(f"no free list of {title}")
        kb = dict(line.kb)

        def pages(name: str) -> int | None:
            value = kb.pop(name, None)
            return None if value is None else value // page_kb

        unreclaimable = line.unreclaimable
        if unreclaimable is None and node is not None:
            unreclaimable = self.unreclaimable.get(node)
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
