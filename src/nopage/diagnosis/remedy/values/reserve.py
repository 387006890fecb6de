"""A value for vm.min_free_kbytes, with where it comes from.

It rests on what the host is and on the value that was in force when the failure was printed, never on the present one
alone: so a host that has followed the advice is given the same value again, not twice it.
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.cause import NETWORK_PATHS, OUT_OF_PAGES, HostNetwork
from nopage.diagnosis.remedy.problem import Kind
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.values.bounds import Bounds, bounds_of
from nopage.diagnosis.remedy.values.rings import SHARE_DENOMINATOR, SHARE_NUMERATOR, nic_needs, reserve_for
from nopage.diagnosis.watermark import (
    BOUND_PERCENT,
    FLOOR_KB,
    STEP_KB,
    boosts_in,
    check_watermarks,
    part_of,
    sized,
    with_boosts,
)
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say

LEAST_SHARE_PERMILLE = 5
# A smaller step is not worth a change of settings.
STEP_LEAST_KB, STEP_LEAST_PERCENT = 1024, 10
NEAR_PERCENT, ROUNDING_PERCENT = 5, 3
BURST_COUNTED_MOST = 1000
RINGS_TOLD = 3
STAGES_MOST = 4


@dataclass(frozen=True, slots=True)
class ReserveValue:
    """The min_free_kbytes of this host's plan; `value_kb` None where none can or should be named: `why_not` says so.

    `action` is raise_min_free_kbytes or lower_min_free_kbytes. `stages` are further values where the need is larger
    than one step, `returns_kb` the value for when failures go on under the present one. `need_kb` is all that was
    asked for.
    """

    value_kb: int | None
    current_kb: int | None
    bounds: Bounds | None
    action: str = "raise_min_free_kbytes"
    derivation: tuple[Message, ...] = ()
    stages: tuple[int, ...] = ()
    need_kb: int = 0
    returns_kb: int | None = None
    at_cap: bool = False
    why_not: Message = NOTHING

    @property
    def then_kb(self) -> int | None:
        """min_free_kbytes once the plan is followed."""
        return self.value_kb if self.value_kb is not None else self.current_kb


def worthwhile(value: int, current: int) -> bool:
    """Whether a step is large enough to change anything."""
    step = value - current
    return step >= STEP_LEAST_KB and step * 100 >= current * STEP_LEAST_PERCENT


def present_at_failure(situation: Situation) -> int | None:
    """The min_free_kbytes that was in force when the state was printed, by its marks; None where none were."""
    state, current = situation.failed_in, situation.current_kb
    if state is None or not situation.is_failure:
        return None
    settings = {"min_free_kbytes": current} if current is not None else {}
    for name in ("extra_free_kbytes", "watermark_scale_factor"):
        if name in situation.settings:
            settings[name] = situation.settings[name]
    release, every = situation.printed_by, situation.zones
    zones = with_boosts(state.zones, boosts_in(release, state.zones, settings, all_zones=every))
    check = check_watermarks(release, zones, settings, all_zones=every)
    implied = check.implied_min_free_kbytes
    if implied is None or current is None:
        return current if check.agrees else implied
    # Each zone's share is rounded down, and zones grow after boot (watermark/marks.py).
    rounding = situation.page_kb * len(check.zones) + current * ROUNDING_PERCENT // 100
    return current if abs(implied - current) <= rounding else implied


def reserve_value(situations: Sequence[Situation]) -> ReserveValue:
    """One value for the host, out of all its problems: the situations that a larger reserve can work for, and others.

    The kernel's own default is never held down; everything else ends at the bound, and at one step.
    """
    first = situations[0]
    current, bounds = first.current_kb, bounds_of(first)
    kinds = {situation.problem.kind for situation in situations}
    if Kind.TOO_LOW in kinds and current is not None and (bounds is None or bounds.own_kb is None):
        return ReserveValue(max(FLOOR_KB, current), current, bounds, derivation=(say(
            "reserve.floor", "The least that any kernel sets by itself; this host's own default could not be "
            "computed."),))
    if current is None or bounds is None:
        return ReserveValue(None, current, bounds, why_not=say(
            "reserve.unknown",
            "The present value or the memory's size is not known: double the present value, at most {cap_percent} % of "
            "memory.",
            cap_percent=BOUND_PERCENT,
        ))
    if Kind.TOO_HIGH in kinds:
        return lowered(current, bounds)
    asking = [situation for situation in situations if situation.wants_reserve
              and situation.problem.kind in (Kind.FAILURE, Kind.AT_RISK, Kind.SILENT)]
    own = bounds.origin.own_kb if Kind.TOO_LOW in kinds else bounds.own_kb
    if not asking:
        if Kind.TOO_LOW in kinds and own is not None and own > current:
            return ReserveValue(own, current, bounds, derivation=(own_words(own),), need_kb=own)
        return ReserveValue(None, current, bounds)
    told = [value for situation in asking if (value := present_at_failure(situation)) is not None]
    present = max(told) if told else bounds.usual_kb or current
    wanted = wishes(asking, present, bounds, told=bool(told) or present == current)
    best = max(kb for kb, _ in wanted)
    words = tuple(text for _, text in wanted)
    extra = first.settings.get("extra_free_kbytes", 0)
    most = max(bounds.most_kb - max(0, extra), own or 0)
    value = min(-(-best // STEP_KB) * STEP_KB, bounds.step_kb(present), most)
    value = max(value // STEP_KB * STEP_KB or value, min(own or 0, most))
    if own is not None and value < own:
        value = own
    returns = None if told else further(max(current, value), bounds, most)
    too_low = Kind.TOO_LOW in kinds and current < value
    if not worthwhile(value, current) and not too_low:
        at_cap = value >= most or current >= most
        why = no_further(value, current, bounds) if at_cap else raised_already(current, present) if told else NOTHING
        why = why or enough(current, value)
        return ReserveValue(None, current, bounds, derivation=words, need_kb=best, at_cap=at_cap, why_not=why,
                            returns_kb=returns)
    stages = stages_of(value, best, bounds, most)
    held = [say("reserve.held_down", "Held down to the cap: {limit}.", limit=cap_words(bounds))
            ] if best > value and value >= most else []
    if best > value and stages:
        held.append(say(
            "reserve.one_step", "Not in one step: from {present_kb} kB as far as {value_kb} kB first.",
            present_kb=present, value_kb=value,
        ))
    return ReserveValue(value, current, bounds, derivation=(*words, *held), stages=stages, need_kb=best,
                        at_cap=value >= most, returns_kb=returns)


def lowered(current: int, bounds: Bounds) -> ReserveValue:
    """Too high: down to the bound, not further, since somebody may have needed it."""
    value = bounds.most_kb
    if value >= current:
        return ReserveValue(None, current, bounds, "lower_min_free_kbytes", at_cap=True, why_not=say(
            "reserve.own_is_high", "The kernel's own default here is {value_kb} kB already.", value_kb=value))
    return ReserveValue(value, current, bounds, "lower_min_free_kbytes", need_kb=value, at_cap=True, derivation=(
        cap_words(bounds),))


def stages_of(value: int, need: int, bounds: Bounds, most: int) -> tuple[int, ...]:
    """The steps after the first one, up to the need."""
    need = min(-(-need // STEP_KB) * STEP_KB, most)
    found: list[int] = []
    while value < need and len(found) < STAGES_MOST:
        after = min(bounds.step_kb(value), need)
        if not worthwhile(after, value):
            break
        found.append(after)
        value = after
    return tuple(found)


def further(value: int, bounds: Bounds, most: int) -> int | None:
    """The next value after `value`, for when failures go on under it."""
    after = min(2 * value, bounds.step_kb(value), most) // STEP_KB * STEP_KB
    return after if worthwhile(after, value) else None


def own_words(own: int) -> Message:
    return say("reserve.own_default", "What this kernel sets by itself on this host is {own_kb} kB.", own_kb=own)


def cap_words(bounds: Bounds) -> Message:
    """The most that is advised, and what it is a share of."""
    kb = bounds.most_kb
    if kb == bounds.origin.own_most_kb:
        return say("reserve.cap.own", "the kernel's own default, {cap_kb} kB, is more than {cap_percent} % of {part}",
                   cap_kb=kb, cap_percent=BOUND_PERCENT, part=part_of(bounds.base))
    return say("reserve.cap", "{cap_percent} % of {part} is {cap_kb} kB", cap_percent=BOUND_PERCENT, cap_kb=kb,
               part=part_of(bounds.base))


def no_further(value_kb: int, current_kb: int, bounds: Bounds) -> Message:
    """Why a value at the cap is not raised."""
    if value_kb <= current_kb:
        return say(
            "reserve.at_cap",
            "vm.min_free_kbytes is {current_kb} kB already and {limit}: raising it further will not help and takes "
            "memory from processes.",
            current_kb=current_kb, limit=cap_words(bounds),
        )
    return say(
        "reserve.near_cap",
        "vm.min_free_kbytes is {current_kb} kB already and {limit}: to raise it by {step_kb} kB more will not help and "
        "takes memory from processes.",
        current_kb=current_kb, limit=cap_words(bounds), step_kb=value_kb - current_kb,
    )


def raised_already(current: int, present: int) -> Message:
    """It was raised after the failure."""
    if current <= present:
        return NOTHING
    return say(
        "reserve.raised_already",
        "vm.min_free_kbytes was {present_kb} kB when it failed and is {current_kb} kB now: it was raised since.",
        present_kb=present, current_kb=current,
    )


def enough(current: int, value: int) -> Message:
    """It is as large as what speaks for it."""
    return say("reserve.enough", "vm.min_free_kbytes is {current_kb} kB already, and what this host is and asks for is "
               "{wanted_kb} kB.", current_kb=current, wanted_kb=value)


def wishes(
    asking: Sequence[Situation], present: int, bounds: Bounds, *, told: bool
) -> list[tuple[int, Message]]:
    """(kB, why) for each thing that asks for a larger reserve; `present` is the value at the failure."""
    found: list[tuple[int, Message]] = []
    own, base = bounds.own_kb, bounds.base
    if own is not None and present * 100 < own * (100 - NEAR_PERCENT):
        found.append((own, own_words(own)))  # somebody lowered it: back first, more only for what was seen
    else:
        share = base.base_kb * LEAST_SHARE_PERMILLE // 1000
        twice = say("reserve.twice", "Twice the present {current_kb} kB is {twice_kb} kB.", current_kb=present,
                    twice_kb=2 * present)
        if not told:
            twice = say("reserve.twice_own", "Twice what this kernel sets by itself, {own_kb} kB, is {twice_kb} kB.",
                        own_kb=present, twice_kb=2 * present)
        found += [
            (2 * present, twice),
            (share, say("reserve.share", "0.5 % of {memory_kb} kB of memory is {share_kb} kB.",
                        memory_kb=base.base_kb, share_kb=share)),
        ]
    ringed = next((situation for situation in asking if is_of_rings(situation)), None)
    if ringed is not None:
        found += rings_wish(ringed.network, ringed)
    for situation in asking:
        burst = burst_wish(situation, present)
        if burst is not None:
            found.append(burst)
            break
    return found


def is_of_rings(situation: Situation) -> bool:
    """Whether the receive rings may be what asks: not where the caller is known to be none of the network's."""
    asker = situation.asker
    return asker is None or not asker.path_known or asker.path in NETWORK_PATHS


def rings_wish(network: HostNetwork | None, situation: Situation) -> list[tuple[int, Message]]:
    """All that the receive rings hold."""
    needs = nic_needs(network, situation.release, situation.page_kb)
    if not needs:
        return []
    return [(reserve_for(needs), say(
        "reserve.rings",
        "The receive rings hold {need_kb} kB when full ({rings:join; }); no driver refills a ring at once, so it is "
        "the most that a burst can ask for. Atomic requests may use {share_numerator}/{share_denominator} of min: "
        "{wanted_kb} kB.",
        need_kb=sum(need.need_kb for need in needs), rings=tuple(need.words for need in needs[:RINGS_TOLD]),
        share_numerator=SHARE_NUMERATOR, share_denominator=SHARE_DENOMINATOR, wanted_kb=reserve_for(needs),
    ))]


def burst_wish(situation: Situation, present: int) -> tuple[int, Message] | None:
    """What one burst asked for, where pages were short: each printed report its own order, a suppressed one a page.

    Counts that rate limits of RHEL 4-6 give are of other messages too and do not count.
    """
    series = situation.timeline
    if series is None or series.kind not in ("burst", "storm") or series.asked_pages <= 0:
        return None
    if situation.cause not in OUT_OF_PAGES or situation.failed_in is None or not sized(situation.failed_in.zones):
        return None
    pages = series.asked_pages
    if series.reports > BURST_COUNTED_MOST:
        pages = pages * BURST_COUNTED_MOST // series.reports
    hidden = min(series.suppressed, BURST_COUNTED_MOST) if series.suppressed_exact and series.suppressed > 0 else 0
    kb = (pages + hidden) * situation.page_kb
    wanted = present + kb * SHARE_DENOMINATOR // SHARE_NUMERATOR
    if not hidden:
        return wanted, say(
            "reserve.burst",
            "The burst asked for {asked_pages} pages ({asked_kb} kB) more than there was; atomic requests may use "
            "{share_numerator}/{share_denominator} of min: {wanted_kb} kB.",
            asked_pages=pages, asked_kb=kb, share_numerator=SHARE_NUMERATOR, share_denominator=SHARE_DENOMINATOR,
            wanted_kb=wanted,
        )
    return wanted, say(
        "reserve.burst.held_back",
        "The burst asked for {asked_pages} pages ({asked_kb} kB) more than there was, {hidden_pages} of them for "
        "reports that were held back, one page each at the least; atomic requests may use "
        "{share_numerator}/{share_denominator} of min: {wanted_kb} kB.",
        asked_pages=pages + hidden, asked_kb=kb, hidden_pages=hidden, share_numerator=SHARE_NUMERATOR,
        share_denominator=SHARE_DENOMINATOR, wanted_kb=wanted,
    )
