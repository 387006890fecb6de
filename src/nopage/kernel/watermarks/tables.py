"""Which watermark arithmetic and which tunables a kernel has, as data (KERNEL.md 3.1 and 5.6).

A row holds for Red Hat builds between two builds, and for other kernels between two upstream versions. Upstream bounds
that KERNEL.md does not give come from the kernel's history.
"""
from __future__ import annotations

from typing import Final, NamedTuple

from nopage.kernel.release import Release, Version

NEVER: Final[Version] = (1 << 30, 0, 0)


class Span(NamedTuple):
    """From `since` on and below `below`: Red Hat builds as text ("" is no bound), upstream versions as numbers."""

    since: str = ""
    below: str = ""
    upstream_since: Version = (0, 0, 0)
    upstream_below: Version = NEVER

    def holds(self, release: Release) -> bool:
        """Whether this kernel lies within."""
        if not release.exact:
            return self.upstream_since <= release.version < self.upstream_below
        if self.since and not release.at_least(self.since):
            return False
        return not (self.below and release.at_least(self.below))


ALWAYS: Final = Span()


class DefaultRow(NamedTuple):
    """min_free_kbytes = int_sqrt(`factor` * lowmem_kbytes), at least 128, at most `ceiling_kb`."""

    span: Span
    factor: int
    ceiling_kb: int


FLOOR_KB: Final = 128

# init_per_zone_pages_min() / init_per_zone_wmark_min(); the newest row comes last.
DEFAULTS: Final = (
    DefaultRow(Span(below="2.6.9-55.0.6", upstream_below=(2, 6, 12)), 1, 16384),
    DefaultRow(Span("2.6.9-55.0.6", "4.18.0-193.9", (2, 6, 12), (5, 8, 0)), 16, 65536),
    DefaultRow(Span("4.18.0-193.9", upstream_since=(5, 8, 0)), 16, 262144),
)

# vm.* names, and what the other modules ask for by the same means ("transparent_hugepage" is no sysctl).
TUNABLES: Final[dict[str, Span]] = {
    "min_free_kbytes": ALWAYS,
    "extra_free_kbytes": Span("2.6.32-220", "3.10.0-0", NEVER),
    "watermark_scale_factor": Span("4.18.0-0", upstream_since=(4, 6, 0)),
    "watermark_boost_factor": Span("4.18.0-305", upstream_since=(5, 0, 0)),
    "lowmem_reserve_ratio": Span("2.6.18-0", upstream_since=(2, 6, 12)),
    "lower_zone_protection": Span(below="2.6.18-0", upstream_below=(2, 6, 12)),
    "percpu_pagelist_fraction": Span("2.6.9-42", "5.14.0-0", (2, 6, 16), (5, 14, 0)),
    "zone_reclaim_mode": ALWAYS,
    "compact_memory": Span("2.6.32-0", upstream_since=(2, 6, 35)),
    "numa_zonelist_order": Span("2.6.18-92", "4.18.0-0", (2, 6, 23), (4, 14, 0)),
    "transparent_hugepage": Span("2.6.32-0", upstream_since=(2, 6, 38)),
}

# Least and greatest value that the kernel takes; None is no bound. RHEL 4-6 do not even enforce min_free_kbytes >= 0.
LIMITS: Final[tuple[tuple[str, Span, int, int | None], ...]] = (
    ("min_free_kbytes", ALWAYS, 0, None),
    ("extra_free_kbytes", TUNABLES["extra_free_kbytes"], 0, None),
    ("watermark_scale_factor", Span("4.18.0-0", "6.12.0-0", (4, 6, 0), (5, 18, 0)), 1, 1000),
    ("watermark_scale_factor", Span("6.12.0-0", upstream_since=(5, 18, 0)), 1, 3000),
)

# How far low and high are from min: "double" low = 2 min, high = 3 min; "quarter" t/4 and t/2; "scaled" the larger of
# t/4 and the zone's share of watermark_scale_factor, once and twice.
STEPS: Final[tuple[tuple[Span, str], ...]] = (
    (Span(below="2.6.18-0", upstream_below=(2, 6, 11)), "double"),
    (Span("2.6.18-0", "4.18.0-0", (2, 6, 11), (4, 6, 0)), "quarter"),
    (TUNABLES["watermark_scale_factor"], "scaled"),
)

# ZONE_MOVABLE gets the small min of highmem zones and no part of min_free_kbytes (el10:mm/page_alloc.c).
MOVABLE_IS_APART: Final = Span("6.12.0-0", upstream_since=(6, 5, 0))

# khugepaged counts only zones up to that of GFP_USER (el8:mm/khugepaged.c).
THP_COUNTS_LOW_ZONES: Final = Span("4.18.0-0", upstream_since=(4, 18, 0))

# lowmem_reserve of an empty zone is 0; in Red Hat's el10 also towards an empty upper zone, which Debian's 6.12 has not.
RESERVE_SKIPS_EMPTY: Final = Span("5.14.0-0", upstream_since=(5, 8, 0))
RESERVE_SKIPS_EMPTY_UPPER: Final = Span("6.12.0-0", upstream_since=NEVER)

# The zones' order in memory and in lowmem_reserve[].
ZONE_ORDER: Final = ("DMA", "DMA32", "Normal", "HighMem", "Movable", "Device")

# Default vm.lowmem_reserve_ratio by zone. From RHEL 8 on 0 is "no reserve", and the default of HighMem.
RESERVE_RATIOS: Final = {"DMA": 256, "DMA32": 256, "Normal": 32, "HighMem": 32, "Movable": 0, "Device": 0}
ZERO_RATIO_IS_NONE: Final = Span("4.18.0-0", upstream_since=(4, 18, 0))

# pageblock_nr_pages by (page_kb, arch); None stands for every other arch. i386 without PAE has 4 MB blocks.
PAGEBLOCK_PAGES: Final[dict[tuple[int, str | None], int]] = {
    (4, None): 512,
    (4, "s390x"): 256,
    (16, None): 2048,
    (64, None): 256,
    (64, "aarch64"): 8192,
}

# i386: 1 GB of addresses for the kernel, 128 MB of them for vmalloc (arch/i386/mm/init.c); RHEL 4's hugemem has 4 GB.
LOWMEM_KB: Final = 896 << 10
LOWMEM_MOST_KB: Final[dict[str, int]] = {"hugemem": 4 << 20}

# 2.6.9-89.29.1.EL mm/page_alloc.c:1175-1177: `break` in build_zonelists_node() since 2.6.9-11.EL, on x86_64 but not
# under Xen, and on i686 with HIGHMEM64G.
NO_DMA_FALLBACK: Final = Span("2.6.9-11", "2.6.18-0", NEVER)
NO_DMA_FALLBACK_FLAVOURS: Final = ("smp", "hugemem")
NO_DMA_FALLBACK_NEVER: Final = frozenset(("ia64", "ppc64", "s390", "s390x"))
ISA_DMA_KB: Final = 16 << 10
