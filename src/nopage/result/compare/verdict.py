"""Did the remedy work: the answer in a sentence or three."""

from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.message import NOTHING, Message, say
from nopage.result.answers import Outcome, StepDone, StepState
from nopage.result.compare.since import Tally

OFTEN = 2.0
LUCK = 0.05  # none since is taken for an end where it would be luck in one case of twenty, had nothing changed


def outcome_of(first: Tally, second: Tally) -> Outcome:
    """What became of the failures, as far as times and numbers carry it."""
    if not second.reports:
        if not first.reports:
            return Outcome.NONE
        luck = chance(first, second)
        return Outcome.GONE if luck is not None and luck <= LUCK else Outcome.TOO_EARLY
    if not first.reports:
        return Outcome.NEW
    if not first.per_hour or not second.per_hour:
        return Outcome.STILL
    times = second.per_hour / first.per_hour
    return Outcome.MORE if times >= OFTEN else Outcome.FEWER if times <= 1 / OFTEN else Outcome.SAME


def chance(first: Tally, second: Tally) -> float | None:
    """How likely it is that all bursts lie in the old time by luck, had nothing changed; None where a time is unknown.

    Bursts that come at random at one pace fall into either time by its length, each for itself.
    """
    if not first.hours or not second.hours:
        return None
    return float((first.hours / (first.hours + second.hours)) ** first.bursts)


def verdict_of(outcome: Outcome, first: Tally, second: Tally) -> Message:
    """The outcome with its numbers."""
    luck_percent = round(100 * (chance(first, second) or 0), 1)
    span_before, span_after = span(first.hours), span(second.hours)
    if outcome is Outcome.NONE:
        return say("diff.none", "No failure before, none since.")
    if outcome is Outcome.GONE:
        return say(
            "diff.gone",
            "It ended: {before:# failure|# failures} in {span_before} before, none in {span_after} since; "
            "had nothing changed, the chance of that is {luck_percent:.1f} %.", before=first.reports,
            span_before=span_before, span_after=span_after, luck_percent=luck_percent,
        )
    if outcome is Outcome.TOO_EARLY:
        if not first.hours or not second.hours:
            return say(
                "diff.too_early.no_span", "None since ({before:# failure|# failures} before), but over what time is "
                "not known: whether it ended cannot be told.", before=first.reports,
            )
        return say(
            "diff.too_early", "None in {span_after} since, but it is too early to say that it ended: after "
            "{bursts:# burst|# bursts} in {span_before} the chance of that is {luck_percent:.0f} % had nothing "
            "changed.",
            span_after=span_after, span_before=span_before, bursts=first.bursts, luck_percent=luck_percent,
        )
    if outcome is Outcome.NEW:
        return say("diff.new", "It began: no failure before, {after} since.", after=second.reports)
    if outcome is Outcome.STILL:
        return say("diff.still", "It goes on: {before} before, {after} since; how often cannot be compared.",
                   before=first.reports, after=second.reports)
    return say(
        "diff.pace", "{word} {before:# failure|# failures} in {span_before} before, {after} in {span_after} since.",
        word=PACE[outcome], before=first.reports, after=second.reports, span_before=span_before, span_after=span_after,
    )


PACE = {
    Outcome.MORE: say("diff.pace.more", "It goes on, more often:"),
    Outcome.FEWER: say("diff.pace.fewer", "It goes on, less often:"),
    Outcome.SAME: say("diff.pace.same", "It goes on as before:"),
}


def span(hours: float | None) -> Message:
    """A time in days or hours."""
    if hours is None:
        return say("diff.span.unknown", "an unknown time")
    if hours >= 48:
        return say("diff.span.days", "{days} days", days=round(hours / 24))
    if hours >= 1.5:
        return say("diff.span.hours", "{hours} hours", hours=round(hours))
    return say("diff.span.minutes", "{minutes:# minute|# minutes}", minutes=max(1, round(hours * 60)))


def steps_said(steps: Sequence[StepDone], outcome: Outcome) -> tuple[Message, ...]:
    """What of the old plan was done, and what that says together with the outcome."""
    done = [one for one in steps if one.state in (StepState.DONE, StepState.PARTLY)]
    undone = [one for one in steps if one.state is StepState.UNDONE]
    left = [one for one in steps if one.state is StepState.NOT_DONE]
    messages = [
        say("diff.steps.done", "Done of the plan: {steps:join ; }.", steps=tuple(map(step_words, done)))
        if done else NOTHING,
        say("diff.steps.undone", "Set the other way than advised: {steps:join ; }.",
            steps=tuple(map(step_words, undone))) if undone else NOTHING,
        say("diff.steps.left", "Not done: {steps}.", steps=tuple(one.setting or one.action for one in left))
        if left else NOTHING,
    ]
    if outcome is Outcome.GONE and left and not done:
        messages.append(say("diff.gone_by_itself", "It ended without a step of the plan: load or hardware may have "
                            "changed."))
    if outcome in (Outcome.SAME, Outcome.MORE, Outcome.STILL) and done and not left:
        messages.append(say("diff.no_help", "The plan was carried out and did not end it: diagnose the new "
                            "collection."))
    return tuple(messages)


def step_words(step: StepDone) -> Message:
    """One step: what was set, from what to what."""
    name = step.setting or step.action
    if step.state is StepState.PARTLY:
        return say("diff.step.partly", "{name} from {before} to {after} (advised: {wanted})", name=name,
                   before=step.before, after=step.after, wanted=step.wanted)
    return say("diff.step", "{name} from {before} to {after}", name=name, before=step.before, after=step.after)
