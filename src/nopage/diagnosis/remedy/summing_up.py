"""What the plan comes to, in a sentence; and where the article's remedy does not help on this host."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.cause import OUT_OF_BLOCKS, TRANSIENT
from nopage.diagnosis.remedy.actions import above_high
from nopage.diagnosis.remedy.calm import calm_words
from nopage.diagnosis.remedy.harm import RAISE, why_not_raise
from nopage.diagnosis.remedy.problem import Kind
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import DoNot, Step, paragraph
from nopage.diagnosis.remedy.what_if import Verdict
from nopage.kernel.message import NOTHING, Message, say

ARTICLE_GENERATIONS = ("el4", "el5", "el6", "el7")


def verdict_words(
    situations: Sequence[Situation], calm: Sequence[Situation], steps: Sequence[Step], later: Sequence[Step]
) -> Message:
    """What all steps together come to: for the failure that is shown, or the first that is not `calm`."""
    pressing = [situation for situation in situations if situation not in calm]
    if calm and not pressing:
        return unless_it_comes_back(situations[0], later)
    first = pressing[0]
    if first is not situations[0]:
        return paragraph(calm_words(situations[0]), verdict_on(first, pressing, steps, shown=False))
    return verdict_on(first, pressing, steps, shown=True)


def verdict_on(first: Situation, situations: Sequence[Situation], steps: Sequence[Step], *, shown: bool) -> Message:
    """What the steps come to for one failure, or where nothing failed."""
    if first.capture_kernel:
        return say("plan.verdict.capture_kernel", "Only the kernel that reserves its memory can help a capture kernel.")
    if steps and all(step.action == "none_needed" for step in steps):
        return paragraph(*(step.reason for step in steps))
    if first.request is None or not first.is_failure:
        return unless_it_fails(situations, steps)
    once = NOTHING
    if first.timeline is not None and first.timeline.harmless:
        once = say("plan.verdict.once", "It has not come back: if it does not, nothing has to be done.")
    curing = [number for number, step in enumerate(steps, 1)
              if step.effect is not None and step.effect.cures and step.effect.of_others is not shown]
    short = NOTHING
    if first.shortage:
        short = say("plan.verdict.shortage", "Memory is short for what runs here: no setting makes up for that.")
    if curing:
        cured = say("plan.verdict.cured",
                    "With {numbers:join or } alone the request would have passed.",
                    numbers=tuple(say("plan.step", "step {number}", number=number) for number in curing))
        if short:
            short = say("plan.verdict.short_besides", "Memory is short here besides, and no setting makes up for that.")
        return paragraph(cured, short, once)
    if short:
        return short
    if steps and all(step.action == "lower_min_free_kbytes" for step in steps):
        return paragraph(say(
            "plan.verdict.lower_only", "The reserve is larger than it should be, and still it failed: beside putting "
            "that right there is no setting against it."), once)
    if first.cause == TRANSIENT:
        return paragraph(say(
            "plan.verdict.over", "The shortage was over before the report was printed, so what these steps would have "
            "done cannot be computed; they make such failures rarer."), once)
    if any(step.effect is not None and step.effect.verdict is Verdict.KSWAPD_EARLIER for step in steps):
        return paragraph(say(
            "plan.verdict.earlier", "No step would have let the request pass; with the first ones kswapd would have "
            "been at work before it came to that."), once)
    if any(step.effect is not None and step.effect.verdict is Verdict.STILL_FAILS for step in steps):
        return paragraph(say("plan.verdict.rarer",
                             "No step would have let the request pass; they make such moments rarer."), once)
    return paragraph(say("plan.verdict.untried", "What these steps would have done cannot be computed; they are "
                         "what there is against such failures."), once)


def unless_it_fails(situations: Sequence[Situation], steps: Sequence[Step]) -> Message:
    """Nothing was reported: what is wrong all the same."""
    if not steps:
        return NOTHING
    if situations[0].problem.kind in (Kind.TOO_LOW, Kind.TOO_HIGH):
        return say("plan.verdict.setting", "One setting is wrong; nothing has failed by it.")
    if situations[0].problem.kind is Kind.SILENT:
        return say("plan.verdict.silent", "Counters tell of failures that no report tells of; these steps make them "
                   "rarer.")
    return say("plan.verdict.at_risk", "Nothing has failed yet; these steps are against the next request.")


def unless_it_comes_back(situation: Situation, later: Sequence[Step]) -> Message:
    """Nothing now, and what then."""
    if not later:
        return say("plan.verdict.nothing", "Nothing needs doing unless it comes back.")
    step = later[0]
    if step.setting is not None and step.value is not None:
        return say("plan.verdict.nothing_then_set",
                   "Nothing needs doing unless it comes back; then set {setting} = {value} first.",
                   setting=step.setting, value=step.value)
    if step.value is not None:
        return say("plan.verdict.nothing_then_do", "Nothing needs doing unless it comes back; then first: {value}.",
                   value=step.value)
    return say("plan.verdict.nothing_then", "Nothing needs doing unless it comes back; then first: {reason}",
               reason=step.reason)


def article_words(situations: Sequence[Situation], steps: Sequence[Step], not_to: Sequence[DoNot]) -> Message:
    """Where the article's remedy does not help here, and why."""
    first = situations[0]
    release = first.release
    if not first.is_failure or not first.atomic or release is None or release.generation not in ARTICLE_GENERATIONS:
        return NOTHING
    why = why_not_raise(first) if any(one.action == RAISE for one in not_to) else NOTHING
    raising = next((step for step in steps if step.action == RAISE), None)
    if not why and raising is not None and isinstance(raising.value, int) and first.cause in OUT_OF_BLOCKS:
        why = above_high(first, raising.value)
    if not why:
        return NOTHING
    return say(
        "plan.article",
        "The article advises a larger {setting} in general; here it does not help, because: {why}",
        setting="vm.min_free_kbytes", why=why,
    )
