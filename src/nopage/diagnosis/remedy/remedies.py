"""What to do about a failure, in order: only what this release has and what can work for this cause (KERNEL.md 5, 6).

Each action is one function from the situation to a `Remedy`, or None where it does not apply; `plan()` is their order.
"""
from __future__ import annotations

from collections.abc import Callable

from nopage.diagnosis.cause import (
    EXHAUSTED,
    NODE_EXHAUSTED,
    NOT_SHOWN,
    OUT_OF_BLOCKS,
    OUT_OF_PAGES,
    SHOWN,
    TRANSIENT,
    UNKNOWN,
    WATERMARK_ORDER,
)
from nopage.diagnosis.remedy.commands import COMPACT_NOW
from nopage.diagnosis.remedy.lower_order import THE_CALLER, lower_order
from nopage.diagnosis.remedy.lowmem_ratio import raise_lowmem_reserve
from nopage.diagnosis.remedy.remedy import Remedy, contains, paragraph
from nopage.diagnosis.remedy.reserve_value import ReserveValue, Situation, reserve_value
from nopage.diagnosis.remedy.vm_settings import (
    not_raised_further,
    raise_extra_free_kbytes,
    raise_min_free_kbytes,
    raise_watermark_scale_factor,
    reserve_below_least,
)
from nopage.diagnosis.watermark import too_low
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.watermarks import has_tunable

REBOOT = say("remedy.update_kernel.risk", "A reboot.")


def remedies(situation: Situation) -> tuple[Remedy, ...]:
    """All remedies that apply, the first the most advisable one; each action once.

    Where nothing is needed, nothing that changes a setting is offered beside it.
    """
    value = reserve_value(situation)
    harmless = none_needed(situation, value)
    if harmless is not None:
        return (harmless, *filter(None, (update_kernel_first(situation, value),)))
    found: dict[str, Remedy] = {}
    for action in plan(situation):
        remedy = action(situation, value)
        if remedy is not None:
            found.setdefault(remedy.action, remedy)
    if not found:
        more = nothing_more(situation, value)
        found[more.action] = more
    told = any(value.why_not and contains(remedy.reason, value.why_not) for remedy in found.values())
    for last in (None if told else not_raised_further(situation, value), none_needed_last(situation, value)):
        if last is not None:
            found.setdefault(last.action, last)
    return tuple(found.values())


def update_kernel_first(situation: Situation, _: ReserveValue) -> Remedy | None:
    """RHEL 6 below 2.6.32-358: the article's resolution."""
    release = situation.release
    if release is None or not release.exact or release.generation != "el6" or not situation.atomic:
        return None
    if release.at_least("2.6.32-358"):
        return None
    return Remedy(
        "update_kernel",
        or_later("2.6.32-358"),
        say(
            "remedy.update_kernel.resolution",
            "{kernel} is older than 2.6.32-358 (RHEL 6.4), which keeps memory less fragmented. Better still is "
            "2.6.32-431 (RHEL 6.5) or later, best the latest of RHEL 6.10: from there a request of order 1 and more no "
            "longer needs many free pages in larger blocks. It makes such failures rarer, it does not end them.",
            kernel=release.text,
        ),
        REBOOT,
    )


def or_later(kernel: str) -> Message:
    """The first build, or the release, that has what is missing."""
    return say("remedy.update_kernel.value", "{kernel} or later", kernel=kernel)


def update_kernel_for_order(situation: Situation, _: ReserveValue) -> Remedy | None:
    """A newer watermark rule grants a block that the old one refuses."""
    release, cause = situation.release, situation.cause
    if release is None or not release.exact or situation.order == 0 or not situation.atomic:
        return None
    if release.generation == "el6" and not release.at_least("2.6.32-431") and cause in (*OUT_OF_BLOCKS, UNKNOWN):
        return Remedy(
            "update_kernel",
            or_later("2.6.32-431"),
            say(
                "remedy.update_kernel.relaxed_rule",
                "From 2.6.32-431 (RHEL 6.5) a request of order 1 and more passes when two blocks of its order, or one "
                "larger, are free; this kernel wants many free pages in larger blocks as well.",
            ),
            REBOOT,
        )
    if release.generation in ("el4", "el5", "el7") and cause == WATERMARK_ORDER:
        return Remedy(
            "update_kernel",
            or_later("RHEL 8"),
            say(
                "remedy.update_kernel.major_release",
                "No kernel of this release relaxes the per-order rule that refused the free block; from RHEL 8 on one "
                "suitable free block is enough.",
            ),
            say("remedy.update_kernel.major_release.risk", "An upgrade to another major release."),
        )
    return None


def none_needed(situation: Situation, _: ReserveValue) -> Remedy | None:
    """Alone, where nothing was lost and nothing came back, and the reserve is not a danger of its own."""
    if not situation.atomic or situation.timeline is None or not situation.timeline.harmless:
        return None
    if situation.diagnosis.has("genuine_shortage"):
        return None
    if situation.current_kb is not None and too_low(situation.release, situation.zones, situation.current_kb):
        return None
    verdict = situation.drops.verdict if situation.drops is not None else ""
    if situation.cause == TRANSIENT and verdict != SHOWN:
        reason = say("remedy.none_needed.over",
                     "The shortage was over before the report was printed, and it did not come back.")
    elif verdict == NOT_SHOWN and situation.on_network:
        reason = say("remedy.none_needed.burst",
                     "One short burst of traffic, and no counter shows a lost packet: harmless unless it comes back.")
    else:
        return None
    return Remedy("none_needed", None, reason)


def none_needed_last(situation: Situation, _: ReserveValue) -> Remedy | None:
    """Last, where one burst did not come back but packets may have been lost in it."""
    if not situation.atomic or situation.timeline is None or not situation.timeline.harmless:
        return None
    if situation.diagnosis.has("genuine_shortage"):
        return None
    reason = say("remedy.none_needed.last", "If it does not come back: whoever asked went on without.")
    if situation.on_network:
        reason = say(
            "remedy.none_needed.last.network",
            "If it does not come back: a burst of traffic looks like this, and a packet lost in it is sent again "
            "by TCP.",
        )
    elif situation.maybe_on_network:
        reason = say("remedy.none_needed.last.unknown_path",
                     "If it does not come back: one shortage that is over needs no change.")
    return Remedy("none_needed", None, reason)


def add_memory(situation: Situation, value: ReserveValue) -> Remedy | None:
    """A genuine shortage, or a reserve at its cap that still runs dry."""
    if situation.cause not in OUT_OF_PAGES:
        return None
    if situation.diagnosis.has("genuine_shortage"):
        reason = say(
            "remedy.add_memory.shortage",
            "Memory is short for what runs here: no cache to give back and no free swap. A larger reserve will not "
            "help; less load, more memory or more swap will.",
        )
    elif value.at_cap and value.value_kb is None and situation.cause == EXHAUSTED:
        # More memory adds nothing to DMA, DMA32 or 32-bit lowmem, and other nodes had enough.
        reason = paragraph(value.why_not, say(
            "remedy.add_memory.at_cap",
            "What helps is more memory, less load at one time, or smaller bursts (rings, queues).",
        ))
    else:
        return None
    if situation.diagnosis.has("unaccounted"):
        reason = paragraph(reason, say(
            "remedy.add_memory.unaccounted",
            "First look at the pages that nobody accounts for: hugepages (vm.nr_hugepages), a balloon, a driver's own.",
        ))
    return Remedy("add_memory", None, reason)


def balance_nodes(situation: Situation, _: ReserveValue) -> Remedy | None:
    """Only the node that the request was bound to was short (KERNEL.md 6, row 6)."""
    if situation.cause != NODE_EXHAUSTED:
        return None
    reason = say(
        "remedy.balance_nodes.reason",
        "Other nodes had enough: bind less to this one, or spread it (numactl --interleave=all, cpusets); with "
        "vm.zone_reclaim_mode = 1 a node frees its own cache before it borrows from others. That never helps the "
        "atomic request itself, only what sleeping ones leave for it.",
    )
    risk = say(
        "remedy.balance_nodes.risk",
        "Memory of another node is slower. vm.zone_reclaim_mode = 1 is bad for file servers and databases: they lose "
        "cache while other nodes have free memory.",
    )
    return Remedy("balance_nodes", None, reason, risk)


def nothing_more(situation: Situation, value: ReserveValue) -> Remedy:
    """No action exists on this release that can work: say so, and what would."""
    asker = situation.diagnosis.asker
    who: str | Message = (asker.function if asker else None) or THE_CALLER
    if not situation.atomic:
        return Remedy("none_needed", None, say(
            "remedy.none_needed.could_sleep",
            "The request could sleep, and {asker} has to do without when it fails; no setting is for that.",
            asker=who,
        ))
    why = value.why_not if value.at_cap else NOTHING
    if situation.order:
        return Remedy("lower_order", None, paragraph(why, say(
            "remedy.lower_order.nothing_else",
            "No setting helps further: {asker} has to ask for smaller pieces.", asker=who,
        )))
    return Remedy("add_memory", None, paragraph(why, say(
        "remedy.add_memory.nothing_else", "No setting helps further: only less load or more memory.",
    )))


def compact_memory(situation: Situation, _: ReserveValue) -> Remedy | None:
    """One-off defragmentation, where the kernel has it."""
    if situation.cause not in OUT_OF_BLOCKS or situation.release is None or situation.diagnosis.has("caller_bug"):
        return None
    if not has_tunable(situation.release, "compact_memory"):
        return None
    reason = say("remedy.compact_memory.reason",
                 "{command} joins free pages into larger blocks now; they fall apart again.", command=COMPACT_NOW)
    risk = say("remedy.compact_memory.risk", "It costs CPU time while it runs.")
    return Remedy("compact_memory", 1, reason, risk, command=COMPACT_NOW)


Action = Callable[[Situation, ReserveValue], Remedy | None]
EARLIER_KSWAPD: tuple[Action, ...] = (raise_extra_free_kbytes, raise_watermark_scale_factor)
LARGER_RESERVE: tuple[Action, ...] = (raise_min_free_kbytes, reserve_below_least)
OTHERS: tuple[Action, ...] = (
    lambda situation, _: lower_order(situation),
    raise_lowmem_reserve,
    balance_nodes,
    compact_memory,
    update_kernel_for_order,
)


def plan(situation: Situation) -> tuple[Action, ...]:
    """The order of advice.

    vm.watermark_scale_factor (RHEL 8 on) comes before the reserve: for bursts an earlier kswapd is better than a larger
    part that nobody may use. Not where the reserve is below what the kernel itself would set. vm.extra_free_kbytes
    (RHEL 6) comes after it, as the article names min_free_kbytes only.
    """
    low = bool(too_low(situation.release, situation.zones, situation.current_kb))
    first = (*LARGER_RESERVE, *EARLIER_KSWAPD)
    if has_tunable(situation.release, "watermark_scale_factor") and not low:
        first = (*EARLIER_KSWAPD, *LARGER_RESERVE)
    return (update_kernel_first, add_memory, *first, *OTHERS)
