"""How far vm.min_free_kbytes may go, in all and in one step.

Red Hat's RHEL 6 tuning guide warns of 5 to 10 % of memory, Oracle's memstate asks for 1 GB a node, a proposal on lkml
caps at 1 % (KERNEL.md 5.6): 3 % in all; one step as far as 4 times the present value, or 1 %, and no more at once than
1 GB a node, or twice the present value.
"""
from __future__ import annotations

from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.watermark import BOUND_PERCENT, STEP_KB, MemoryBase, Provenance
from nopage.kernel.frozen import dataclass

STEP_PERCENT, STEP_TIMES = 1, 4
NODE_KB = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """`own_kb` is what the kernel surely sets by itself on this host; None where it cannot be computed."""

    base: MemoryBase
    nodes: int
    origin: Provenance

    @property
    def own_kb(self) -> int | None:
        """Without the raise for huge pages where that is more than would be advised: with 64 kB pages it is 5 %."""
        own = self.origin.own_kb
        return own if own is None or own * 100 <= self.base.base_kb * BOUND_PERCENT else self.origin.default_kb

    @property
    def usual_kb(self) -> int | None:
        """What a host like this has as long as nobody sets it: with huge pages where it shows that they are on."""
        return self.origin.own_most_kb if self.origin.kind == "thp" else self.own_kb

    @property
    def most_kb(self) -> int:
        """The largest value that is advised here."""
        bound = self.base.bound_kb(self.origin.own_most_kb)
        return bound or self.base.base_kb * BOUND_PERCENT // 100

    def step_kb(self, present_kb: int) -> int:
        """Where one step from `present_kb` ends."""
        far = max(STEP_TIMES * present_kb, self.base.base_kb * STEP_PERCENT // 100)
        at_once = max(NODE_KB * self.nodes, 2 * present_kb)
        step = min(far, at_once, self.most_kb)
        return max(step // STEP_KB * STEP_KB, self.own_kb or 0)


def bounds_of(situation: Situation) -> Bounds | None:
    """None where the memory's size is not known."""
    base = situation.base
    if base is None:
        return None
    return Bounds(base, len({zone.node or 0 for zone in situation.zones}) or 1, situation.provenance)
