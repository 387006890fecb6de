"""How a kernel sizes min, low and high, lowmem_reserve and min_free_kbytes, and which tunables it has."""
from __future__ import annotations

from nopage.kernel.watermarks.formula import (
    atomic_floor_pages,
    default_lowmem_kb,
    default_min_free_kbytes,
    dma_is_no_fallback,
    has_tunable,
    lowmem_most_kb,
    lowmem_pages,
    lowmem_reserve,
    pageblock_pages,
    step_of,
    thp_min_free_kbytes,
    tunable_limits,
    watermarks,
    zone_types,
)
from nopage.kernel.watermarks.tables import ISA_DMA_KB, RESERVE_RATIOS, ZERO_RATIO_IS_NONE, ZONE_ORDER

__all__ = [
    "ISA_DMA_KB",
    "RESERVE_RATIOS",
    "ZERO_RATIO_IS_NONE",
    "ZONE_ORDER",
    "atomic_floor_pages",
    "default_lowmem_kb",
    "default_min_free_kbytes",
    "dma_is_no_fallback",
    "has_tunable",
    "lowmem_most_kb",
    "lowmem_pages",
    "lowmem_reserve",
    "pageblock_pages",
    "step_of",
    "thp_min_free_kbytes",
    "tunable_limits",
    "watermarks",
    "zone_types",
]
