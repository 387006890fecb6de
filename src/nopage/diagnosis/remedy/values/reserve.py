"""A value for vm.min_free_kbytes, with where it comes from.

It rests on what the host is and on the value that was in force when the failure was printed, never on the present one
alone: so a host that has followed the advice is given the same value again, not twice it.
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.remedy.problem import Kind
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.values.bounds import Bounds, bounds_of
from nopage.diagnosis.remedy.values.wishes import own_words, wishes
from nopage.diagnosis.watermark import (
    BOUND_PERCENT,
    FLOOR_KB,
    STEP_KB,
    boosts_in,
    check_watermarks,
    part_of,
    with_boosts,
)
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say

# A smaller step is not worth a change of settings.
STEP_LEAST_KB, STEP_LEAST_PERCENT = 1024, 10
ROUNDING_PERCENT = 3
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
    most = max(bounds.most_kb - max(0, first.settings.get("extra_free_kbytes", 0)), own or 0)
    present = max(told) if told else bounds.own_kb or current
    wanted = wishes(asking, present, bounds, told=bool(told) or present == current)
    value = first_step(wanted, present, bounds, own, most)
    if not told and bounds.usual_kb is not None and bounds.usual_kb != present and value != current:
        # It looks like what huge pages raise it to, and is not what this very advice gives without them.
        present = bounds.usual_kb
        wanted = wishes(asking, present, bounds, told=present == current)
        value = first_step(wanted, present, bounds, own, most)
    best = max(kb for kb, _ in wanted)
    words = tuple(text for _, text in wanted)
    if value == own and value > best and own_words(own) not in words:
        words = (*words, own_words(own))
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


def first_step(
    wanted: Sequence[tuple[int, Message]], present: int, bounds: Bounds, own: int | None, most: int
) -> int:
    """As much as is wanted, as far as one step goes, and never below what the kernel sets by itself."""
    best = max(kb for kb, _ in wanted)
    value = min(-(-best // STEP_KB) * STEP_KB, bounds.step_kb(present), most)
    return max(value // STEP_KB * STEP_KB or value, own or 0)


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
