"""Which `zone_watermark_ok()` a kernel has: one row per generation of the rule (KERNEL.md section 4).

Adding a release is adding a row to `RED_HAT` (by build) or `UPSTREAM` (by version). What differs between the rules:

| field | meaning |
|---|---|
| slack_pages | added to 2**order before that is taken off the free pages: -1, or +1 where the kernel is off by two |
| order_test | what follows the first test: "none", "halving", "relaxed" or "list" |
| cma | free CMA pages do not count for a request that may not use them |
| highatomic | pages reserved for high-order atomic requests do not count for others |
| boost_exempt | who ignores the watermark boost at min: "", "atomic" (__GFP_ATOMIC) or "reserve" (__GFP_HIGH) |
| nonblock_needs_high | GFP_NOWAIT gets no share of the reserve of its own |
| order0_takes_highatomic | order 0 that cannot wait may take pages of the high-order reserve if no others are left |
| classzone_by_mask | lowmem_reserve[] is looked up by gfp_zone(mask), though empty, not by the highest usable zone |
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nopage.kernel.facts import MemInfo
from nopage.kernel.fixes import ORDER_0_TAKES_HIGHATOMIC, ORDER_0_TAKES_HIGHATOMIC_UPSTREAM
from nopage.kernel.frozen import dataclass
from nopage.kernel.release import Release
from nopage.kernel.watermarks import step_of


@dataclass(frozen=True, slots=True)
class WatermarkRule:
    """One generation of the kernel's watermark check; the module's table says what each field means."""

    key: str
    kernels: str
    slack_pages: int
    order_test: str
    at_least: bool = False
    cma: bool = False
    highatomic: bool = False
    boost_exempt: str = ""
    nonblock_needs_high: bool = False
    order0_takes_highatomic: bool = False
    classzone_by_mask: bool = False

    def taken_pages(self, order: int) -> int:
        """Pages that the rule takes off the free ones for the request itself."""
        return (1 << order) + self.slack_pages


# 2.6.9-89.29.1.EL mm/page_alloc.c:601-739: free >= mark + 2**order + protection, no order loop.
EL4 = WatermarkRule("el4", "RHEL 4", 0, "none", at_least=True)
# 2.6.18-274.7.1.el5 mm/page_alloc.c:857-882; 2.6.32-71.el6, -131.el6.
EL5 = WatermarkRule("el5", "RHEL 5, 6.0, 6.1", -1, "halving")
# 2.6.32-220.el6, -279, -358: zone_watermark_ok() takes two pages more.
EL6_2 = WatermarkRule("el6.2", "RHEL 6.2 to 6.4", 1, "halving")
# 2.6.32-431.el6 .. -754: the order loop measures against mark - min.
EL6_5 = WatermarkRule("el6.5", "RHEL 6.5 to 6.10", 1, "relaxed")
# 3.10.0-1062.el7 mm/page_alloc.c:2348-2381.
EL7 = WatermarkRule("el7", "RHEL 7", -1, "halving", cma=True)
# 4.18.0-240.el8: one suitable block is enough.
EL8 = WatermarkRule("el8", "RHEL 8.0 to 8.9", -1, "list", cma=True, highatomic=True)
# 4.18.0-553.el8_10: ac->highest_zoneidx is gfp_zone(mask) (KERNEL.md 3.3; 8.4 to 8.9 were not read).
EL8_10 = WatermarkRule("el8.10", "RHEL 8.10", -1, "list", cma=True, highatomic=True, classzone_by_mask=True)
# 5.14.0-70.el9 .. -427: as RHEL 8, order 0 with __GFP_ATOMIC ignores the boost.
EL9_0 = WatermarkRule("el9.0", "RHEL 9.0 to 9.4", -1, "list", cma=True, highatomic=True, boost_exempt="atomic",
                      classzone_by_mask=True)
# 5.14.0-503.el9: ALLOC_MIN_RESERVE and ALLOC_NON_BLOCK.
EL9_5 = WatermarkRule("el9.5", "RHEL 9.5", -1, "list", cma=True, highatomic=True, boost_exempt="reserve",
                      nonblock_needs_high=True, classzone_by_mask=True)
# 5.14.0-570.el9, 6.12.0-55.el10: order 0 takes pages of the high-order reserve where no others are left.
EL9_6 = replace(EL9_5, key="el9.6", kernels="RHEL 9.6, 10", order0_takes_highatomic=True)
# Linux kernel commit df0a6daa01fa "mm: fix off-by-two in __zone_watermark_ok()" (in v3.4) took back what
# 88f5acf88ae6 (in v2.6.38) had added; CMA came with v3.7.
V2_6_38 = WatermarkRule("v2.6.38", "Linux 2.6.38 to 3.3", 1, "halving")
V3_4 = WatermarkRule("v3.4", "Linux 3.4 to 4.3", -1, "halving", cma=True)

RULES: tuple[WatermarkRule, ...] = (EL4, EL5, EL6_2, EL6_5, EL7, EL8, EL8_10, EL9_0, EL9_5, EL9_6, V2_6_38, V3_4)

# Red Hat's builds: (generation, first build of the row, rule), newest first within a generation.
RED_HAT: tuple[tuple[str, tuple[int, ...], WatermarkRule], ...] = (
    ("el4", (0,), EL4),
    ("el5", (0,), EL5),
    ("el6", (431,), EL6_5),
    ("el6", (220,), EL6_2),
    ("el6", (0,), EL5),
    ("el7", (0,), EL7),
    ("el8", (553,), EL8_10),
    ("el8", (0,), EL8),
    ("el9", tuple(map(int, ORDER_0_TAKES_HIGHATOMIC.partition("-")[2].split("."))), EL9_6),
    ("el9", (503,), EL9_5),
    ("el9", (0,), EL9_0),
    ("el10", (0,), EL9_6),
)

# Everybody else's: (first upstream version of the row, rule), newest first. The order loop came with 2.6.10, one
# suitable block with 97a16fc82a7c (in v4.4), the boost exemption and the zone of the mask (3334a45eb9e2 "use
# ac->high_zoneidx for classzone_idx") with v5.8, ALLOC_MIN_RESERVE with v6.3, order 0 and the reserve with v6.12.
UPSTREAM: tuple[tuple[tuple[int, int, int], WatermarkRule], ...] = (
    (ORDER_0_TAKES_HIGHATOMIC_UPSTREAM, EL9_6),
    ((6, 3, 0), EL9_5),
    ((5, 8, 0), EL9_0),
    ((4, 4, 0), EL8),
    ((3, 4, 0), V3_4),
    ((2, 6, 38), V2_6_38),
    ((2, 6, 10), EL5),
    ((2, 6, 0), EL4),
)

# With no release, the layout of the mask is all there is: every rule of the kernels that have that layout.
BY_LAYOUT: dict[str, tuple[WatermarkRule, ...]] = {
    "el4": (EL4,),
    "el5": (EL5,),
    "el6": (EL5, EL6_2, EL6_5, V3_4),
    "el7": (EL7, V3_4),
    "v4.9": (EL8,),
    "v4.14": (EL8,),
    "el8": (EL8, EL8_10),
    "el9.0": (EL9_0,),
    "el9.5": (EL9_5, EL9_6),
    "el10": (EL9_5, EL9_6),
}


def fitting(rules: Sequence[WatermarkRule], memory: MemInfo) -> Sequence[WatermarkRule]:
    """Those of `rules` whose kernels print a memory state like this one; all of them where none would.

    Migratetype letters and managed pages came with 3.8 and 3.9 (RHEL 7), the split into anonymous and file pages with
    2.6.28 (RHEL 6); low = 2 x min is RHEL 4 (KERNEL.md 2.5, 3.2).
    """
    counters = {key.lower() for key in memory.counters_pages}
    if any(column.migratetypes for zone in memory.zones for column in zone.free_area) or any(
        zone.managed_pages is not None for zone in memory.zones
    ):
        some = [rule for rule in rules if rule.cma]
    elif "active_anon" in counters or any("active_anon" in zone.stats_kb for zone in memory.zones):
        some = [rule for rule in rules if rule.key != "el4"]
    elif "active" in counters or any("active" in zone.stats_kb for zone in memory.zones):
        doubles = any(step_of(zone) == "double" for zone in memory.zones)
        some = [rule for rule in (EL4, EL5) if (rule.key == "el4") == doubles]
    else:
        return rules
    return some or rules


def rules_for(release: Release | None, layout: str = "") -> tuple[Sequence[WatermarkRule], str]:
    """The rules that this kernel may have, and how that is known: "exact", "nearest" or "inferred".

    More than one rule comes back only where no release is known; the caller must then find them to agree.
    """
    if release is None:
        return BY_LAYOUT.get(layout, RULES), "inferred"
    if release.exact:
        for generation, first_build, rule in RED_HAT:
            if release.generation == generation and (release.build or (0,)) >= first_build:
                return (rule,), "exact"
    for first_version, rule in UPSTREAM:
        if release.version >= first_version:
            return (rule,), "nearest"
    return (), "inferred"


def rule_of(release: Release | None, memory: MemInfo | None) -> WatermarkRule | None:
    """The kernel's rule; without a release the one that the state itself leaves."""
    rules, _ = rules_for(release)
    if release is None and memory is not None:
        rules = fitting(rules, memory)
    return rules[0] if len(rules) == 1 else None
