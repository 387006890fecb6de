"""What not to do here: what harms, or costs much and cannot help, each with its reason."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.remedy.actions import MIN_FREE, Context
from nopage.diagnosis.remedy.problem import Kind
from nopage.diagnosis.remedy.situation import CMA, HIGHATOMIC, Situation
from nopage.diagnosis.remedy.step import DoNot
from nopage.kernel.message import NOTHING, Message, say

RAISE = "raise_min_free_kbytes"


def harmful(situations: Sequence[Situation], context: Context) -> tuple[DoNot, ...]:
    """One line an action; nothing that another problem of the host needs."""
    needed = any(situation.problem.kind is Kind.TOO_LOW for situation in situations) or any(
        situation.wants_reserve and situation.is_failure for situation in situations)
    if needed:
        return ()
    for situation in situations:
        reason = why_not_raise(situation) if situation.is_failure and situation.atomic else NOTHING
        if reason:
            return (DoNot(RAISE, MIN_FREE, reason, (situation.problem.finding,)),)
    return ()


def why_not_raise(situation: Situation) -> Message:
    """Why a larger vm.min_free_kbytes is wrong for this failure; NOTHING where it is not."""
    best = situation.best
    if situation.capture_kernel:
        return say("do_not.raise.capture_kernel", "In a capture kernel every page that is held back is missing for the "
                   "dump, and no setting of it lasts.")
    if situation.shortage:
        return say("do_not.raise.shortage", "Memory is short for what runs here: a larger reserve takes more from "
                   "processes and brings the OOM killer sooner.")
    if situation.has("caller_bug"):
        return say("do_not.raise.caller_bug", "No kernel can grant this request, whatever is free.")
    if situation.device_zone:
        return say(
            "do_not.raise.device_zone",
            "{zone} gets only its share of it, by size: what would help there costs gigabytes in the other zones.",
            zone=situation.device_zone,
        )
    held = situation.held_by
    free_kb = (best.zone.free_pages or 0) * best.zone.page_kb if best is not None else 0
    if held == CMA and best is not None:
        return say(
            "do_not.raise.cma",
            "{zone} has {free_kb} kB free, but they lie in the contiguous memory area, which this request may not use: "
            "no reserve value helps, since kswapd counts them as free.",
            zone=best.name, free_kb=free_kb,
        )
    if held and best is not None:
        if held == HIGHATOMIC:
            return say(
                "do_not.raise.highatomic",
                "{zone} has {free_kb} kB free: it is no shortage. They lie in the reserve for atomic requests of "
                "higher order, and kswapd counts them as free, so no reserve value helps.",
                zone=best.name, free_kb=free_kb,
            )
        return say(
            "do_not.raise.reserved",
            "{zone} has {free_kb} kB free, in lists that this request may not take from: no reserve value helps.",
            zone=best.name, free_kb=free_kb,
        )
    return NOTHING
