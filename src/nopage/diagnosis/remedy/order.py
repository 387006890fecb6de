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


def place(step: Step, situation: Situation, problem: int) -> tuple[int, ...]:
    """What the steps are sorted by; `problem` is the place of its problem among the host's."""
    effect = step.effect
    passes = effect is not None and effect.verdict is Verdict.PASSES
    cures = effect is not None and effect.cures
    row = row_of(situation)
    if step.action == "update_kernel" and not cures and not is_resolution(step, situation):
        row = (*(name for name in row if name != "update_kernel"), "update_kernel")
    if step.action in row:
        known = min(row.index(name) for name in EARLIER if name in row) if step.action in EARLIER else row.index(
            step.action)
    else:
        known = len(row) + (TABLE.index(step.action) if step.action in TABLE else len(TABLE))
    asleep = effect is None or effect.verdict is not Verdict.KSWAPD_EARLIER
    return (not passes, not cures, problem, known, asleep, row.index(step.action) if step.action in row else 0)


def row_of(situation: Situation) -> tuple[str, ...]:
    """The row of the cause, with the earlier kswapd behind the reserve where it does not come first."""
    row = (*FIRST, *BY_CAUSE.get(situation.cause, EARLIER))
    if scale_first(situation):
        return row
    row = tuple(name for name in row if name != SCALE)
    at = row.index(RESERVE) + 1
    return (*row[:at], SCALE, *row[at:])


def is_resolution(step: Step, situation: Situation) -> bool:
    """The update is the article's own resolution, or that of a driver: it stands where the cause has it."""
    if situation.order == 0:
        return False
    release = situation.release
    return situation.cause != UNKNOWN or step.driver_fix or (
        release is not None and release.exact and release.generation == "el6" and not release.at_least("2.6.32-358"))


def scale_first(situation: Situation) -> bool:
    """For bursts an earlier kswapd is better than a larger part that nobody may use; not where the reserve is too low.

    vm.extra_free_kbytes (RHEL 6) comes after it, as the article names min_free_kbytes only.
    """
    low = bool(situation.too_low)
    return has_tunable(situation.release, "watermark_scale_factor") and not low
