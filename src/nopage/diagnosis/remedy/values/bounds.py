"""How far vm.min_free_kbytes may go, in all and in one step.

Red Hat's RHEL 6 tuning guide warns of 5 to 10 % of memory, Oracle's memstate asks for 1 GB a node, a proposal on lkml
caps at 1 % (KERNEL.md 5.6): 3 % in all; one step as far as 4 times the present value, or 1 %, and no more at once than
1 GB a node, or twice the present value.
"""
from __future__ import annotations

from dataclasses import dataclass

from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.watermark import MemoryBase, Provenance, provenance
from nopage.kernel.watermarks import default_min_free_kbytes

BOUND_PERCENT, STEP_PERCENT, STEP_TIMES = 3, 1, 4
NODE_KB = 1 << 20
ROUND_KB = 1024
# mm/huge_memory.c: hugepage_init() leaves huge pages off below 512 MB.


@dataclass(frozen=True, slots=True)
class Bounds:
    """`own_kb` is the kernel's own default on this host, huge pages included; None where it cannot be computed."""

    base: MemoryBase
    nodes: int
    own_kb: int | None
    origin: Provenance | None

    @property
    def most_kb(self) -> int:
        """The largest value that is advised here."""
        share = self.base.base_kb * BOUND_PERCENT // 100
        return max(share // ROUND_KB * ROUND_KB or share, self.own_kb or 0)

    def step_kb(self, present_kb: int) -> int:
        """Where one step from `present_kb` ends."""
        far = max(STEP_TIMES * present_kb, self.base.base_kb * STEP_PERCENT // 100)
        at_once = max(NODE_KB * self.nodes, 2 * present_kb)
        step = min(far, at_once, self.most_kb)
        return max(step // ROUND_KB * ROUND_KB, min(self.own_kb or 0, self.most_kb))


def bounds_of(situation: Situation) -> Bounds | None:
    """None where the memory's size is not known."""
    base = situation.base
    if base is None:
        return None
    zones, release = situation.zones, situation.release
    nodes = len({zone.node or 0 for zone in zones}) or 1
    if not zones:
        return Bounds(base, nodes, default_min_free_kbytes(release, base.base_kb), None)
    host = situation.host
    origin = provenance(
        release, zones, situation.current_kb, thp=host.thp, total_kb=host.total_kb, block_pages=host.pageblock_pages
    )
    return Bounds(base, nodes, origin.own_kb, origin)
