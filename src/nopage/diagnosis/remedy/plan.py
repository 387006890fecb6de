"""One plan for one host: every action that may apply, tried on the printed state, put in order, each setting once.

Pure: from facts and problems to typed steps, so that a combiner, a notebook or a page in a browser can ask for it.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nopage.diagnosis.cause import NOT_SHOWN, SHOWN, TRANSIENT, HostNetwork
from nopage.diagnosis.host import HostFacts
from nopage.diagnosis.remedy.actions import ROWS, Context, Proposal, nothing_else
from nopage.diagnosis.remedy.harm import harmful
from nopage.diagnosis.remedy.order import place
from nopage.diagnosis.remedy.persist import with_persistence
from nopage.diagnosis.remedy.problem import Kind, Problem
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import DoNot, HostPlan, Step
from nopage.diagnosis.remedy.summing_up import article_words, no_step_words, verdict_words
from nopage.diagnosis.remedy.values import reserve_value
from nopage.diagnosis.remedy.what_if import Effect, Verdict, cannot_try, ground_of, what_if
from nopage.diagnosis.watermark import too_low
from nopage.kernel.message import say

NO_STATE = say("what_if.no_state", "no memory state was printed with it, and the collected one has what it asked for")
NOT_A_STATE = say("what_if.no_replay", "what it does is not in a printed state")
# What is done with the next update rather than now, where nothing is urgent.
AT_MAINTENANCE = frozenset(("update_kernel",))


def plan_host(host: HostFacts, problems: Sequence[Problem], network: HostNetwork | None = None) -> HostPlan:
    """What to do on this host about these problems, the most important one first."""
    if not problems:
        return HostPlan()
    situations = tuple(Situation(host, problem, network) for problem in problems)
    context = Context(situations, reserve_value(situations))
    harmless = [situation for situation in situations if is_harmless(situation)]
    urgent = [situation for situation in situations if situation not in harmless]
    not_to = harmful(situations, context)
    steps = planned(urgent, context, not_to)
    later: tuple[Step, ...] = ()
    if harmless:
        wanted = planned(harmless, context, not_to)
        taken = {key_of(step) for step in steps}
        later = tuple(step for step in wanted if key_of(step) not in taken and step.action not in AT_MAINTENANCE)
        steps += tuple(at_maintenance(step) for step in wanted
                       if step.action in AT_MAINTENANCE and key_of(step) not in taken)
        shared = {key_of(step): step.findings for step in wanted}
        steps = tuple(replace(step, findings=tuple(dict.fromkeys((*step.findings, *shared.get(key_of(step), ())))))
                      for step in steps)
    if not steps:
        steps = tuple(nothing_to_do(situations, context, harmless))
    actions = {step.action for step in (*steps, *later)}
    not_to = tuple(one for one in not_to if one.action not in actions)
    return HostPlan(
        steps, later, not_to, verdict_words(situations, steps, later, harmless=bool(harmless) and not urgent),
        article_words(situations, steps, not_to),
    )


def planned(situations: Sequence[Situation], context: Context, not_to: Sequence[DoNot]) -> tuple[Step, ...]:
    """The steps for these problems in order: of two that set one thing the first problem's, for both findings."""
    forbidden = {one.action for one in not_to}
    found: dict[str, tuple[tuple[int, int, int, int], Step]] = {}
    for number, situation in enumerate(situations):
        for row in ROWS:
            if row.action in forbidden and situation.problem.kind is not Kind.TOO_LOW:
                continue
            proposal = row.propose(situation, context) if row.applies(situation) else None
            if proposal is None:
                continue
            step = finished(situation, proposal)
            key = key_of(step)
            kept = found.get(key)
            if kept is None:
                found[key] = (place(step, situation, number), step)
            else:
                findings = tuple(dict.fromkeys((*kept[1].findings, *step.findings)))
                found[key] = (kept[0], replace(kept[1], findings=findings))
    return tuple(step for _, step in sorted(found.values(), key=lambda one: one[0]))


def key_of(step: Step) -> str:
    """What two steps must not both say: a setting has one value, an action without one stands once."""
    return step.setting or step.action


def finished(situation: Situation, proposal: Proposal) -> Step:
    """The step with what it does to the printed state, the file that makes it last, and whom it is for."""
    step = replace(proposal.step, findings=(situation.problem.finding,), effect=tried(situation, proposal))
    return with_persistence(step, situation.host, situation.release)


def tried(situation: Situation, proposal: Proposal) -> Effect | None:
    """What the printed, else the collected, state says of the request under the step; None where nothing failed."""
    if situation.request is None:
        return None
    ground = ground_of(situation)
    if proposal.change is None:
        return cannot_try(NOT_A_STATE)
    if ground is None:
        return cannot_try(NO_STATE, proposal.change)
    effect = what_if(ground, proposal.change)
    if situation.failed_in is None and situation.is_failure and effect.before is not Verdict.STILL_FAILS:
        return cannot_try(NO_STATE, proposal.change)
    return effect


def is_harmless(situation: Situation) -> bool:
    """One burst that did not come back and cost nothing, on a host whose reserve is no danger of its own."""
    if not situation.is_failure or not situation.atomic or situation.capture_kernel or situation.shortage:
        return False
    if situation.timeline is None or not situation.timeline.harmless:
        return False
    if situation.current_kb is not None and too_low(situation.release, situation.zones, situation.current_kb):
        return False
    verdict = situation.drops.verdict if situation.drops is not None else ""
    if situation.cause == TRANSIENT:
        return verdict != SHOWN
    return verdict == NOT_SHOWN and situation.on_network


def at_maintenance(step: Step) -> Step:
    """The same, for when somebody is at it anyway."""
    return replace(step, maintenance=True, reason=say(
        "remedy.at_the_next_maintenance",
        "Nothing needs doing now; at the next maintenance it is worthwhile: {reason}", reason=step.reason,
    ))


def nothing_to_do(
    situations: Sequence[Situation], context: Context, harmless: Sequence[Situation]
) -> list[Step]:
    """No step at all: said, since that is an answer too."""
    findings = tuple(dict.fromkeys(situation.problem.finding for situation in situations))
    first = situations[0]
    if harmless:
        step = Step("none_needed", None, no_step_words(harmless[0]))
    elif first.request is not None:
        step = nothing_else(first, context.value.why_not)
    else:
        return []
    return [replace(step, findings=findings)]
