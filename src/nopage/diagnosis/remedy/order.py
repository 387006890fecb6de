"""The order of steps: what makes the printed state pass, cheapest first; what makes a recurrence rarer; then others.

One row a cause; what a row does not name comes after it, in the order of the table of actions. A step under which the
printed state passes always stands above one under which it does not, whatever the row says.
"""
from __future__ import annotations

from collections.abc import Mapping

from nopage.diagnosis.cause import (
    EXHAUSTED,
    FRAGMENTED,
    NODE_EXHAUSTED,
    TRANSIENT,
    UNKNOWN,
    WATERMARK_ORDER,
    ZONE_EXHAUSTED,
)
from nopage.diagnosis.remedy.actions import ROWS
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step
from nopage.diagnosis.remedy.what_if import Verdict
from nopage.diagnosis.watermark import too_low
from nopage.kernel.watermarks import has_tunable

RESERVE, EXTRA, SCALE = "raise_min_free_kbytes", "raise_extra_free_kbytes", "raise_watermark_scale_factor"
FIRST = ("larger_crashkernel", "lower_min_free_kbytes", "no_watermark_boost")
HOLDERS = ("deflate_balloon", "reduce_huge_pages")
EARLIER = (SCALE, RESERVE, EXTRA)
BY_CAUSE: Mapping[str, tuple[str, ...]] = {
    EXHAUSTED: ("add_memory", *HOLDERS, *EARLIER, "lower_order", "compact_memory", "update_kernel"),
    ZONE_EXHAUSTED: ("raise_lowmem_reserve", *EARLIER, "update_kernel"),
    NODE_EXHAUSTED: ("balance_nodes", *EARLIER, "update_kernel"),
    FRAGMENTED: ("lower_order", "update_kernel", "compact_memory", *EARLIER),
    WATERMARK_ORDER: ("update_kernel", "lower_order", "compact_memory", *EARLIER),
    TRANSIENT: (*EARLIER, "lower_order", "update_kernel"),
    UNKNOWN: ("update_kernel", *EARLIER, "lower_order"),
}
TABLE = tuple(row.action for row in ROWS)


def place(step: Step, situation: Situation, problem: int) -> tuple[int, int, int, int]:
    """What the steps are sorted by; `problem` is the place of its problem among the host's."""
    passes = step.effect is not None and step.effect.verdict is Verdict.PASSES
    cures = step.effect is not None and step.effect.cures
    row = (*FIRST, *BY_CAUSE.get(situation.cause, EARLIER))
    if not scale_first(situation):
        row = tuple(name for name in row if name != SCALE)
        at = row.index(RESERVE) + 1 if RESERVE in row else len(row)
        row = (*row[:at], SCALE, *row[at:])
    if step.action == "update_kernel" and situation.order == 0 and not cures:
        row = (*(name for name in row if name != "update_kernel"), "update_kernel")
    known = row.index(step.action) if step.action in row else len(row) + (
        TABLE.index(step.action) if step.action in TABLE else len(TABLE))
    return (0 if passes else 1, 0 if cures else 1, problem, known)


def scale_first(situation: Situation) -> bool:
    """For bursts an earlier kswapd is better than a larger part that nobody may use; not where the reserve is too low.

    vm.extra_free_kbytes (RHEL 6) comes after it, as the article names min_free_kbytes only.
    """
    low = bool(too_low(situation.release, situation.zones, situation.current_kb))
    return has_tunable(situation.release, "watermark_scale_factor") and not low
