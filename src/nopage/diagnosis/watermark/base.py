"""The memory that a reserve is taken from: what the kernel manages, less static hugepages; on 32-bit lowmem."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nopage.diagnosis.watermark.marks import sized
from nopage.kernel.facts import Zone
from nopage.kernel.release import Release
from nopage.kernel.watermarks import lowmem_pages


class Pool(Protocol):
    """Static hugepages of one size."""

    @property
    def size_kb(self) -> int: ...
    @property
    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class MemoryBase:
    """`base_kb` is what shares are taken of, `managed_kb` all that is managed; `lowmem`: base is lowmem only."""

    base_kb: int
    managed_kb: int
    huge_pages_kb: int = 0
    lowmem: bool = False


def memory_base(
    release: Release | None, zones: Sequence[Zone], total_kb: int | None, huge_pages: Sequence[Pool] = ()
) -> MemoryBase | None:
    """None where neither the zones' sizes nor MemTotal are known. The kernel's zones win over MemTotal."""
    populated = sized(zones)
    pages = sum(zone.size_pages or 0 for zone in populated)
    managed = pages * populated[0].page_kb if populated else total_kb
    if not managed or managed <= 0:
        return None
    huge = sum(max(0, pool.size_kb) * max(0, pool.count) for pool in huge_pages)
    low = (lowmem_pages(release, populated) or 0) * populated[0].page_kb if populated else managed
    if populated and 0 < low < managed * 9 // 10 and any(zone.name == "HighMem" for zone in populated):
        return MemoryBase(low, managed, huge, True)
    if huge >= managed:
        huge = 0
    return MemoryBase(managed - huge, managed, huge)
