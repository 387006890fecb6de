"""One plan for one host: every action that may apply, tried on the printed state, put in order, each setting once.

Pure: from facts and problems to typed steps, so that a combiner, a notebook or a page in a browser can ask for it.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nopage.diagnosis.cause import SHOWN, HostNetwork
from nopage.diagnosis.host import HostFacts
from nopage.diagnosis.remedy.actions import ROWS, Context, Proposal, further_reserve, newest_update, nothing_else
from nopage.diagnosis.remedy.calm import calm_words, is_harmless, let_in_now
from nopage.diagnosis.remedy.harm import harmful
from nopage.diagnosis.remedy.order import place
from nopage.diagnosis.remedy.persist import in_one_profile, with_persistence
from nopage.diagnosis.remedy.problem import Kind, Problem
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import DoNot, HostPlan, Step
from nopage.diagnosis.remedy.summing_up import article_words, verdict_words
from nopage.diagnosis.remedy.values import reserve_value
from nopage.diagnosis.remedy.what_if import Effect, Verdict, cannot_try, ground_of, what_if
from nopage.kernel.message import NOTHING, say

NO_STATE = say("what_if.no_state", "no memory state was printed with it, and the collected one has what it asked for")
NOT_A_STATE = say("what_if.no_replay", "what it does is not in a printed state")
# What is done with the next update rather than now, where nothing is urgent.
AT_MAINTENANCE = frozenset(("update_kernel",))
# Another caller needs another step: such an action stands once for each value, not once for all.
PER_CALLER = frozenset(("lower_order",))
# Once, for a state that has passed: no step for the kinds of failures that are not the one shown.
ONE_OFF = frozenset(("compact_memory",))


def plan_host(host: HostFacts, problems: Sequence[Problem], network: HostNetwork | None = None) -> HostPlan:
    """What to do on this host about these problems, the most important one first."""
    if not problems:
        return HostPlan()
    situations = tuple(Situation(host, problem, network) for problem in problems)
    if any(situation.is_failure and situation.shortage for situation in situations):
        situations = tuple(replace(situation, host_short=True) for situation in situations)
    context = Context(situations, reserve_value(situations))
    calm = [situation for situation in situations if is_harmless(situation) or let_in_now(situation)]
    pressing = [situation for situation in situations if situation not in calm]
    not_to = harmful(situations, context)
    steps, later = parted(planned(pressing, context, not_to), planned(calm, context, not_to))
    again = further_reserve(situations, context)
    if again is not None and all(again.setting != step.setting for step in (*steps, *later)):
        later = (*later, with_persistence(again, host, situations[0].release))
    together = in_one_profile((*steps, *later))
    steps, later = together[: len(steps)], together[len(steps) :]
    if not steps:
        steps = nothing_to_do(situations, context, calm)
    actions = {step.action for step in (*steps, *later)}
    not_to = tuple(one for one in not_to if one.action not in actions)
    return HostPlan(
        steps, later, not_to, verdict_words(situations, calm, steps, later),
        article_words(pressing or situations, steps, not_to),
    )


def parted(
    steps: tuple[Step, ...], calm: tuple[Step, ...]
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """What to do now, and what only if it comes back; of the calm problems only an update is worthwhile before."""
    taken = {key_of(step): step for step in calm}
    shared = tuple(
        replace(step, findings=merged(step.findings, taken[key_of(step)].findings)) if key_of(step) in taken else step
        for step in steps
    )
    now = {key_of(step) for step in steps}
    rest = [step for step in calm if key_of(step) not in now]
    return (
        (*shared, *(at_maintenance(step) for step in rest if step.action in AT_MAINTENANCE)),
        tuple(step for step in rest if step.action not in AT_MAINTENANCE),
    )


def planned(situations: Sequence[Situation], context: Context, not_to: Sequence[DoNot]) -> tuple[Step, ...]:
    """The steps for these problems in order: of two that set one thing the first problem's, for both findings."""
    forbidden = {one.action for one in not_to}
    shown = shown_failure(context)
    found: dict[str, tuple[tuple[int, ...], Step]] = {}
    for number, situation in enumerate(situations):
        for row in ROWS:
            if row.action in forbidden and situation.problem.kind not in (Kind.TOO_LOW, Kind.TOO_HIGH):
                continue
            if row.action in ONE_OFF and situation.is_failure and situation != shown:
                continue
            proposal = row.propose(situation, context) if row.applies(situation) else None
            if proposal is None:
                continue
            step = soon_enough(finished(situation, context, proposal), situation)
            kept = found.get(key_of(step))
            if kept is not None:
                known = newest_update(kept[1], step) if step.action == "update_kernel" else kept[1]
                step = replace(known, findings=merged(kept[1].findings, step.findings))
            found[key_of(step)] = (kept[0] if kept is not None else place(step, situation, number), step)
    return tuple(step for _, step in sorted(found.values(), key=lambda one: one[0]))


def key_of(step: Step) -> str:
    """What two steps must not both say: a setting has one value, an action without one stands once."""
    if step.action in PER_CALLER and step.value is not None:
        return f"{step.action} {step.value}"
    return step.setting or step.action


def merged(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Both, each once."""
    return tuple(dict.fromkeys((*one, *other)))


def finished(situation: Situation, context: Context, proposal: Proposal) -> Step:
    """The step with what it does to the printed state, the file that makes it last, and whom it is for."""
    tried_on = [situation]
    if situation.problem.kind is Kind.TOO_HIGH:
        # The same value is what the failures of this host are given.
        tried_on += [one for one in context.situations if one.is_failure and one.wants_reserve]
    shown = shown_failure(context)
    effects = [effect if one == shown or not one.is_failure else of_others(effect, one)
               for one in tried_on if (effect := tried(one, proposal)) is not None]
    findings = tuple(dict.fromkeys(one.problem.finding for one in tried_on))
    step = replace(proposal.step, findings=findings, effect=effects[0] if effects else None)
    return with_persistence(step, situation.host, situation.release)


def shown_failure(context: Context) -> Situation | None:
    """The failure that the finding shows; the others of the host are told apart from it."""
    return next((one for one in context.situations if one.is_failure), None)


def of_others(effect: Effect, situation: Situation) -> Effect:
    """The effect on another request than the one that is shown: it says so."""
    asker = situation.asker
    name = situation.driver or (asker.function if asker is not None else None)
    who = say("what_if.of_others.who", " that {asker} asked for", asker=name) if name else NOTHING
    words = say("what_if.of_others", "Of the failures of order {order}{who}: {effect}", order=situation.order, who=who,
                effect=effect.words)
    return replace(effect, words=words, of_others=True)


def tried(situation: Situation, proposal: Proposal) -> Effect | None:
    """What the printed, else the collected, state says of the request under the step; None where nothing failed."""
    if situation.request is None:
        return None
    if proposal.change is None:
        return cannot_try(NOT_A_STATE)
    ground = ground_of(situation)
    if ground is None:
        return cannot_try(NO_STATE, proposal.change)
    effect = what_if(ground, proposal.change)
    if not ground.printed and situation.is_failure and effect.before is not Verdict.STILL_FAILS:
        return cannot_try(NO_STATE, proposal.change)
    return effect


def soon_enough(step: Step, situation: Situation) -> Step:
    """An update for what happened once and showed no loss: no reason to boot in a hurry."""
    once = situation.timeline is not None and situation.timeline.harmless
    lost = situation.drops is not None and situation.drops.verdict == SHOWN
    if step.action not in AT_MAINTENANCE or not once or lost:
        return step
    return replace(step, maintenance=True, reason=say(
        "remedy.soon_enough", "It has not come back, so at the next maintenance is soon enough: {reason}",
        reason=step.reason,
    ))


def at_maintenance(step: Step) -> Step:
    """The same, for when somebody is at it anyway."""
    reason = step.reason.named.get("reason") if step.reason.id == "remedy.soon_enough" else step.reason
    return replace(step, maintenance=True, reason=say(
        "remedy.at_the_next_maintenance",
        "Nothing needs doing now; at the next maintenance it is worthwhile: {reason}", reason=reason,
    ))


def nothing_to_do(
    situations: Sequence[Situation], context: Context, calm: Sequence[Situation]
) -> tuple[Step, ...]:
    """No step at all: said, since that is an answer too."""
    findings = tuple(dict.fromkeys(situation.problem.finding for situation in situations))
    first = situations[0]
    if calm:
        step = Step("none_needed", None, calm_words(calm[0]))
    elif first.request is not None:
        step = nothing_else(first, context.value)
    else:
        return ()
    return (replace(step, findings=findings),)
