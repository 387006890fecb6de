"""vm.min_free_kbytes: the host's one value, raised or lowered, with what it does and costs."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nopage.diagnosis.cause import OUT_OF_BLOCKS, UNKNOWN, WATERMARK_ORDER
from nopage.diagnosis.remedy.actions.context import Context, Proposal
from nopage.diagnosis.remedy.problem import Kind
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Stage, Step, paragraph, sysctl_step
from nopage.diagnosis.remedy.values import all_above, changes, is_fast
from nopage.diagnosis.remedy.what_if import NewMarks
from nopage.diagnosis.watermark import BOUND_PERCENT, percent_of, sized, zone_name
from nopage.kernel.message import NOTHING, Message, say

MIN_FREE = "vm.min_free_kbytes"
RESERVE_RISK = say(
    "remedy.raise_min_free_kbytes.risk",
    "Processes can no longer use this memory; too high a value (5 % of memory and more) makes the OOM killer likelier.",
)
LOWER_RISK = say("remedy.lower_min_free_kbytes.risk", "If atomic failures begin, raise it again in steps.")


def set_min_free_kbytes(situation: Situation, context: Context) -> Proposal | None:
    """The host's one value of the reserve."""
    value, bounds = context.value, context.value.bounds
    if situation.problem.kind is Kind.TOO_HIGH:
        return lower_min_free_kbytes(situation, context)
    if value.action != "raise_min_free_kbytes":
        return None
    if value.value_kb is None:
        if value.current_kb is not None and bounds is not None:
            return None
        step = Step("raise_min_free_kbytes", None, value.why_not, RESERVE_RISK, setting=MIN_FREE)
        return Proposal(step)
    only_default = situation.problem.kind is Kind.TOO_LOW
    why = NOTHING if only_default else why_reserve(situation, value.value_kb)
    amount = say(
        "remedy.raise_min_free_kbytes.value",
        "To {value_kb} kB ({share}; now {current_kb} kB): {derivation:join }",
        value_kb=value.value_kb, share=share_words(situation, value.value_kb), current_kb=value.current_kb,
        derivation=value.derivation,
    )
    step = sysctl_step(
        "raise_min_free_kbytes", MIN_FREE, value.value_kb, value.current_kb,
        paragraph(why, amount, immediate(situation, value.value_kb), thp_words(context)),
        RESERVE_RISK if only_default else paragraph(*reserve_risks(situation)),
    )
    return Proposal(with_origin(situation, step, context), NewMarks(min_free_kbytes=value.value_kb))


def lower_min_free_kbytes(situation: Situation, context: Context) -> Proposal | None:
    """Down to the bound."""
    value = context.value
    if value.value_kb is None or value.current_kb is None:
        return None
    reason = say(
        "remedy.lower_min_free_kbytes.bound",
        "To {value_kb} kB ({share}; now {current_kb} kB): {limit:join }, and no lower at once, since somebody may have "
        "needed it.",
        value_kb=value.value_kb, share=share_words(situation, value.value_kb), current_kb=value.current_kb,
        limit=value.derivation,
    )
    step = sysctl_step("lower_min_free_kbytes", MIN_FREE, value.value_kb, value.current_kb, reason, LOWER_RISK)
    return Proposal(with_origin(situation, step, context), NewMarks(min_free_kbytes=value.value_kb))


def further_reserve(situations: Sequence[Situation], context: Context) -> Step | None:
    """The next value for when failures go on under the present one, where no report shows under which they happened."""
    value = context.value
    asking = [situation for situation in situations if situation.is_failure and situation.wants_reserve]
    if value.value_kb is not None or value.returns_kb is None or value.current_kb is None or not asking:
        return None
    reason = say(
        "remedy.raise_min_free_kbytes.returns",
        "If it fails again under the present {current_kb} kB: the next step is {value_kb} kB ({share}).",
        current_kb=value.current_kb, value_kb=value.returns_kb, share=share_words(asking[0], value.returns_kb),
    )
    step = sysctl_step("raise_min_free_kbytes", MIN_FREE, value.returns_kb, value.current_kb, reason, RESERVE_RISK)
    return replace(step, findings=tuple(dict.fromkeys(one.problem.finding for one in asking)),
                   zones=changes(asking[0], {"min_free_kbytes": value.returns_kb}))


def with_origin(situation: Situation, step: Step, context: Context) -> Step:
    """The step with what is known of the value beside the reason."""
    value, bounds = context.value, context.value.bounds
    assert isinstance(step.value, int)
    origin = bounds.origin if bounds is not None else None
    return replace(
        step,
        zones=changes(situation, {"min_free_kbytes": step.value}),
        stages=tuple(Stage(kb, stage_words(situation, kb)) for kb in value.stages),
        percent_of_ram=percent_of(step.value, situation.ram_kb),
        cap_kb=bounds.most_kb if bounds is not None else None,
        cap_percent=BOUND_PERCENT,
        derivation=value.derivation,
        provenance=origin.kind if origin is not None else "",
        provenance_words=origin.words if origin is not None else NOTHING,
    )


def stage_words(situation: Situation, kb: int) -> Message:
    """A further step, and what it does at once."""
    return paragraph(say(
        "remedy.stage", "If it still fails under the value before: {setting} = {value_kb} ({share}).",
        setting=MIN_FREE, value_kb=kb, share=share_words(situation, kb),
    ), immediate(situation, kb))


def immediate(situation: Situation, kb: int) -> Message:
    """Where less is free now than the new low marks ask for: what happens the moment it is set."""
    state = situation.memory
    marks = changes(situation, {"min_free_kbytes": kb})
    if state is None or not marks or any(zone.free_pages is None for zone in sized(state.zones)):
        return NOTHING
    by_name = {zone_name(zone): zone.free_pages or 0 for zone in sized(state.zones)}
    missing = sum(max(0, mark.low_then - by_name.get(mark.name, mark.low_then)) for mark in marks) * situation.page_kb
    if missing < max(1024, kb // 8):
        return NOTHING
    free = sum(by_name.values()) * situation.page_kb
    low = sum(mark.low_then for mark in marks) * situation.page_kb
    return say(
        "remedy.raise_min_free_kbytes.immediate",
        "{free_kb} kB are free now and low is then {low_kb} kB: kswapd has {missing_kb} kB and more to reclaim the "
        "moment it is set, so set it in a quiet hour.",
        free_kb=free, low_kb=low, missing_kb=missing,
    )


def share_words(situation: Situation, kb: int) -> Message:
    """The value as a share of memory, and of what it is taken from where that is less."""
    base, ram = situation.base, situation.ram_kb
    percent = percent_of(kb, ram)
    if base is not None and base.lowmem:
        return say("reserve.value_share.lowmem", "{memory_percent:.1f} % of memory, {lowmem_percent:.1f} % of lowmem",
                   memory_percent=percent, lowmem_percent=percent_of(kb, base.base_kb))
    if base is not None and base.huge_pages_kb:
        return say("reserve.value_share.huge_pages",
                   "{memory_percent:.1f} % of memory, {base_percent:.1f} % of what static hugepages leave",
                   memory_percent=percent, base_percent=percent_of(kb, base.base_kb))
    return say("reserve.value_share", "{memory_percent:.1f} % of memory", memory_percent=percent)


def why_reserve(situation: Situation, kb: int) -> Message:
    """What a larger reserve does about this cause."""
    cause = situation.cause
    if cause in OUT_OF_BLOCKS:
        over = above_high(situation, kb)
        return over or say("remedy.raise_min_free_kbytes.blocks",
                           "kswapd then keeps more pages free, and with them larger blocks: failures become rarer.")
    if cause == UNKNOWN or not situation.is_failure:
        return say("remedy.raise_min_free_kbytes.unknown",
                   "Whether pages or blocks ran out, more free pages make it rarer.")
    return say("remedy.raise_min_free_kbytes.pages",
               "kswapd then starts earlier and leaves more for requests that cannot wait.")


def above_high(situation: Situation, kb: int) -> Message:
    """Where all large zones that it could use have more free than even the new high mark: kswapd would not wake."""
    best = situation.best
    if best is None or situation.diagnosis is None or situation.cause not in OUT_OF_BLOCKS:
        return NOTHING
    high_of = {mark.name: mark.high_then for mark in changes(situation, {"min_free_kbytes": kb})}
    if not all_above(situation, high_of):
        return NOTHING
    # The largest zone tells most; DMA is above any mark.
    best = max(situation.diagnosis.zones, key=lambda one: (one.zone.size_pages or 0, one.zone.free_pages or 0))
    zone, high = best.zone, high_of.get(best.name, 0)
    if not high or zone.free_pages is None:
        return NOTHING
    return say(
        "remedy.raise_min_free_kbytes.above_high",
        "In {zone} free is already {times:.1f} x above the new high ({free_pages} against {high_pages} pages): kswapd "
        "would not wake, so this changes nothing about a state like the printed one; it only helps where less is free.",
        zone=best.name, times=zone.free_pages / high, free_pages=zone.free_pages, high_pages=high,
    )


def thp_words(context: Context) -> Message:
    """Other programs may raise it too: never lower what they set."""
    value = context.value
    origin = value.bounds.origin if value.bounds is not None else None
    if origin is None or value.value_kb is None:
        return NOTHING
    if origin.kind == "thp":
        return say("remedy.raise_min_free_kbytes.thp_raised",
                   "Transparent huge pages raised it to the present value and may again, and so may a tuned profile.")
    if origin.thp_kb is not None and origin.thp_kb > value.value_kb:
        return say("remedy.raise_min_free_kbytes.thp_may_raise",
                   "Transparent huge pages may raise it to {thp_kb} kB; leave it there then.", thp_kb=origin.thp_kb)
    return NOTHING


def reserve_risks(situation: Situation) -> list[Message]:
    """What a larger reserve costs, and where it is not enough."""
    risks = [RESERVE_RISK]
    if situation.maybe_on_network and is_fast(situation.network, situation.driver):
        risks.append(say(
            "remedy.raise_min_free_kbytes.risk.fast_traffic",
            "It cannot be raised enough for sustained traffic at 10 Gbit/s: there only smaller bursts help.",
        ))
    if situation.cause == WATERMARK_ORDER:
        risks.append(say("remedy.raise_min_free_kbytes.risk.per_order",
                         "This kernel's per-order rule demands more in larger blocks as min grows."))
    return risks
