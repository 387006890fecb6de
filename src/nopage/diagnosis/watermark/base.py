"""The memory that vm.min_free_kbytes is taken from, and how much of it a sane reserve may be (KERNEL.md 3, 8.1).

Static hugepages are out of reach for everything else, and on 32-bit only lowmem holds the reserve. Where a host's zones
and its /proc/meminfo contradict each other the zones win: they are the kernel's, meminfo may be a container's (lxcfs).
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.watermark.marks import sized
from nopage.kernel.facts import HugePages, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release
from nopage.kernel.watermarks import lowmem_most_kb, lowmem_pages

# A reserve above MOST_PERCENT is too high; what is advised stays at BOUND_PERCENT. Multiples of STEP_KB.
MOST_PERCENT, BOUND_PERCENT, STEP_KB = 5, 3, 1024
# MemTotal is the sum of the managed pages to the page (RHEL 7 on). Present pages hold what was reserved at boot, too
# (crashkernel, kernel text) and what a balloon took: half of a small host.
AGREE_PERCENT_MANAGED, AGREE_PERCENT_PRESENT = 90, 50


@dataclass(frozen=True, slots=True)
class MemoryBase:
    """What a share of memory is measured on, in kB.

    `managed_kb` is all that the allocator has, `huge_pages_kb` what static hugepages took of it, `base_kb` what is left
    in the zones that min_free_kbytes is spread over: `lowmem` is True where those are not all of them (32-bit: without
    HighMem). `contradiction` says that two sources do not agree, and which was taken.
    """

    base_kb: int
    managed_kb: int
    huge_pages_kb: int = 0
    lowmem: bool = False
    contradiction: Message = NOTHING

    @property
    def most_kb(self) -> int:
        """The largest min_free_kbytes that is not too high."""
        return self.base_kb * MOST_PERCENT // 100

    def bound_kb(self, own_kb: int | None = None) -> int:
        """The largest min_free_kbytes to advise: 3 % of the base, or the kernel's own default where that is more."""
        return max(self.base_kb * BOUND_PERCENT // 100 // STEP_KB * STEP_KB, own_kb or 0)


def memory_base(
    release: Release | None, zones: Sequence[Zone], total_kb: int | None, huge_pages: Sequence[HugePages] = ()
) -> MemoryBase | None:
    """The base of one host; None where neither its zones' sizes nor MemTotal (`total_kb`) are known."""
    populated = sized(zones)
    lowmem = lowmem_pages(release, populated) if populated else None
    total = total_kb if total_kb and total_kb > 0 else None
    if not populated or not lowmem:
        return None if total is None else of_total(release, total, huge_pages)
    page_kb = max(populated[0].page_kb, 1)
    zones_kb = sum(zone.size_pages or 0 for zone in populated) * page_kb
    low_kb = lowmem * page_kb
    contradiction = NOTHING
    if total is not None and total * 10 > zones_kb * 11:
        contradiction = say(
            "base.zones_incomplete",
            "The zones hold {zones_kb} kB only, /proc/meminfo says MemTotal {total_kb} kB: not all of them are known, "
            "MemTotal is taken",
            zones_kb=zones_kb, total_kb=total)
        found = of_total(release, total, huge_pages)
        return MemoryBase(found.base_kb, found.managed_kb, found.huge_pages_kb, found.lowmem, contradiction)
    counted = all(zone.managed_pages is not None for zone in populated)
    if total is not None and total * 100 < zones_kb * (AGREE_PERCENT_MANAGED if counted else AGREE_PERCENT_PRESENT):
        contradiction = say(
            "base.meminfo_of_container",
            "/proc/meminfo says MemTotal {total_kb} kB, the kernel's zones hold {zones_kb} kB: that meminfo is not the "
            "host's but probably a container's, the zones are taken",
            total_kb=total, zones_kb=zones_kb)
    elif total is not None and not counted:
        # What is present but not in MemTotal was never given to the allocator; it lies in lowmem mostly.
        zones_kb, low_kb = min(zones_kb, total), low_kb if low_kb < zones_kb else min(low_kb, total)
    return less_huge_pages(low_kb, zones_kb, huge_pages, contradiction)


def of_total(release: Release | None, total_kb: int, huge_pages: Sequence[HugePages]) -> MemoryBase:
    """The base where MemTotal is all that is known."""
    most = lowmem_most_kb(release)
    return less_huge_pages(total_kb if most is None else min(total_kb, most), total_kb, huge_pages)


def less_huge_pages(
    low_kb: int, managed_kb: int, huge_pages: Sequence[HugePages], contradiction: Message = NOTHING
) -> MemoryBase:
    """Static hugepages are taken from HighMem and Movable first (htlb_alloc_mask: GFP_HIGHUSER), then from lowmem."""
    huge_kb = huge_pages_kb(huge_pages)
    if huge_kb >= managed_kb:
        said = say("base.huge_pages_absurd", "{huge_kb} kB of static hugepages are more than the memory there is, "
                   "{managed_kb} kB: they are not counted", huge_kb=huge_kb, managed_kb=managed_kb)
        return MemoryBase(low_kb, managed_kb, 0, low_kb < managed_kb, contradiction or said)
    from_low = max(0, huge_kb - (managed_kb - low_kb))
    return MemoryBase(low_kb - from_low, managed_kb, huge_kb, low_kb < managed_kb, contradiction)


def huge_pages_kb(huge_pages: Sequence[HugePages]) -> int:
    """What they take in all; of one size the host's own number counts, else the sum of its nodes."""
    total = 0
    for size_kb in {pool.size_kb for pool in huge_pages if pool.size_kb > 0}:
        pools = [pool for pool in huge_pages if pool.size_kb == size_kb and pool.count > 0]
        whole = [pool.count for pool in pools if pool.node is None]
        total += size_kb * (max(whole) if whole else sum(pool.count for pool in pools))
    return total
