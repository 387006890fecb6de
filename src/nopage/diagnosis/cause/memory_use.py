"""What fills the memory: reclaimable cache, anonymous pages, slab, and pages that nobody accounts for.

Sources: KERNEL.md 2.5 (the words of the summary block per generation) and 6, rows 1, 2, 15, 16, 17.
"""
from __future__ import annotations

from collections.abc import Mapping

from nopage.kernel.facts import MemInfo
from nopage.kernel.frozen import dataclass

# Shares of memory below or above which a word is used; thresholds of this tool, no vendor's.
SMALL_CACHE_PERCENT = 4
SWAP_FULL_PERCENT = 3
UNACCOUNTED_PERCENT = 30
# crashkernel= reservations of RHEL 5 to 10 start at 128 and mostly stay within 256 MB (KERNEL.md 6, row 17).
SMALL_KERNEL_KB = 256 * 1024


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """Sums over the whole host, in pages; None where the report does not say.

    `cache_pages` can be given back without swap: the file LRU lists and reclaimable slab. `unaccounted_pages` are
    neither free, on an LRU list, slab, page tables nor kernel stacks: hugepages, drivers, a balloon.
    """

    total_pages: int | None
    free_pages: int | None
    cache_pages: int | None
    anon_pages: int | None
    slab_pages: int | None
    slab_unreclaimable_pages: int | None
    unaccounted_pages: int | None
    swap_free_kb: int | None
    swap_total_kb: int | None
    page_kb: int

    @property
    def small_cache(self) -> bool:
        """Hardly any page can be had by dropping cache."""
        if self.cache_pages is None or not self.total_pages:
            return False
        return self.cache_pages * 100 < self.total_pages * SMALL_CACHE_PERCENT

    @property
    def swap_full(self) -> bool:
        """No swap, or (nearly) none of it free."""
        if self.swap_total_kb is None or self.swap_free_kb is None:
            return False
        return self.swap_free_kb * 100 <= self.swap_total_kb * SWAP_FULL_PERCENT

    @property
    def genuine_shortage(self) -> bool:
        """Neither cache to drop nor swap to write to: more reserve would only bring the OOM killer sooner."""
        return self.small_cache and self.swap_full

    @property
    def missing_pages(self) -> bool:
        """A large part of memory is in nobody's account."""
        if self.unaccounted_pages is None or not self.total_pages:
            return False
        return self.unaccounted_pages * 100 >= self.total_pages * UNACCOUNTED_PERCENT

    @property
    def small_kernel(self) -> bool:
        """As little memory as a kdump capture kernel or a tiny guest has."""
        return self.total_pages is not None and 0 < self.total_pages * self.page_kb <= SMALL_KERNEL_KB

    def percent(self, pages: int) -> int:
        """Share of all memory, in whole percent, rounded; 0 where the total is not known."""
        return (pages * 200 + self.total_pages) // (2 * self.total_pages) if self.total_pages else 0


def memory_use(memory: MemInfo, swap_total_kb: int | None = None) -> MemoryUse:
    """Add up what the summary block and the zones say; a counter that is not there stays None.

    `swap_total_kb` is SwapTotal of /proc/meminfo, for reports that print only what is free of it (RHEL 4).
    """
    counters = {key.lower(): pages for key, pages in memory.counters_pages.items() if pages >= 0}
    zones = [zone for zone in memory.zones if zone.size_pages]
    total = sum(zone.size_pages or 0 for zone in zones) or None
    if total is None and memory.ram_pages:
        total = memory.ram_pages - (memory.reserved_pages or 0)
    free = counters.get("free")
    if free is None and memory.zones and all(zone.free_pages is not None for zone in memory.zones):
        free = sum(zone.free_pages or 0 for zone in memory.zones)
    files = added(counters, "active_file", "inactive_file")
    anon = added(counters, "active_anon", "inactive_anon")
    # RHEL 4 and 5 count one LRU for both; mapped-anon is RHEL 5's only hint at the anonymous share.
    lru = added(counters, "active", "inactive")
    reclaimable, unreclaimable = counters.get("slab_reclaimable"), counters.get("slab_unreclaimable")
    slab = counters.get("slab")
    if slab is None and reclaimable is not None and unreclaimable is not None:
        slab = reclaimable + unreclaimable
    cache = files + (reclaimable or 0) if files is not None else None
    held = lru if files is None or anon is None else files + anon + counters.get("unevictable", 0)
    stacks = sum(zone.stats_kb.get("kernel_stack", 0) for zone in zones)
    stacks += sum(node.get("kernel_stack", 0) for node in memory.nodes_kb.values())
    unaccounted = None
    if total is not None and free is not None and held is not None and slab is not None:
        isolated = counters.get("isolated_anon", 0) + counters.get("isolated_file", 0)
        known = free + held + isolated + slab + counters.get("pagetables", 0) + counters.get("free_pcp", 0)
        unaccounted = max(0, total - known - stacks // max(1, memory.page_kb))
    return MemoryUse(
        total_pages=total,
        free_pages=free,
        cache_pages=cache,
        anon_pages=anon,
        slab_pages=slab,
        slab_unreclaimable_pages=unreclaimable,
        unaccounted_pages=unaccounted,
        swap_free_kb=memory.swap_free_kb,
        swap_total_kb=swap_total_kb if memory.swap_total_kb is None else memory.swap_total_kb,
        page_kb=memory.page_kb,
    )


def added(counters: Mapping[str, int], *names: str) -> int | None:
    """The sum of the counters; None when one of them was not printed."""
    values = [counters.get(name) for name in names]
    return None if any(value is None for value in values) else sum(value or 0 for value in values)
