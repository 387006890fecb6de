"""Two collections of one host: what became of the failures, and whether the remedy was applied and worked."""

from __future__ import annotations

from nopage.kernel.message import NOTHING, Message, say
from nopage.result.answers import Difference, FindingChange, How, Outcome, Side
from nopage.result.base import SourceKind
from nopage.result.compare.host import counters_changed, settings_changed
from nopage.result.compare.since import Cut, Tally, after, before, cut_of, has_gap
from nopage.result.compare.steps import steps_done
from nopage.result.compare.times import made_at
from nopage.result.compare.verdict import outcome_of, steps_said, verdict_of
from nopage.result.finding import Finding
from nopage.result.result import Result
from nopage.result.said import said_all, texts

OFTEN = 2.0  # times as often, or as seldom, before a change is told
ORDER = (How.NEW, How.MORE, How.HERE, How.SAME, How.FEWER, How.NONE_SINCE, How.GONE)
LOGS = frozenset({"kernel_log", "vmcore"})
NO_TALLY = Tally(0, False, 0, None)


def compare(old: Result, new: Result) -> Difference:
    """What changed from `old` to `new`. Pure; failures that both logs hold count for the old side alone."""
    cut = cut_of(old)
    first, second = before(old), after(new, cut)
    wrong = cannot_compare(old, new)
    outcome = Outcome.CANNOT_BE_TOLD if wrong else outcome_of(first, second)
    changes = tuple(sorted(findings_changed(old, new, cut), key=lambda one: ORDER.index(one.how)))
    steps = steps_done(old, new)
    messages = (wrong or verdict_of(outcome, first, second), *steps_said(steps, outcome), *others(changes))
    return Difference(
        outcome=outcome,
        verdict=" ".join(texts(messages)),
        verdict_said=said_all(messages),
        old=side(old, first),
        new=side(new, second),
        findings=changes,
        steps=steps,
        settings=settings_changed(old, new),
        counters=counters_changed(old, new),
        notes=said_all(notes(old, new, cut, second)),
    )


def cannot_compare(old: Result, new: Result) -> Message:
    """Why nothing can be said of the failures; NOTHING where something can."""
    first, second = made_at(old), made_at(new)
    if first is not None and second is not None and second < first:
        return say(
            "diff.wrong_order", "The new collection was made before the old one ({new_time} and {old_time}): name the "
            "older one first.", new_time=second.isoformat(" "), old_time=first.isoformat(" "),
        )
    if first is not None and first == second:
        return say("diff.same_time", "Both collections are of the same moment, {time}: nothing lies between them.",
                   time=first.isoformat(" "))
    for result in (old, new):
        if not has_logs(result):
            return say("diff.no_log", "Whether it failed cannot be told: {path} holds no kernel log.",
                       path=result.source.path)
    return NOTHING


def has_logs(result: Result) -> bool:
    """Whether a kernel log was there; failures prove one."""
    found = result.source.coverage.found
    return bool(result.failures) or result.source.kind in (SourceKind.LOG, SourceKind.TEXT, SourceKind.VMCORE) or (
        not LOGS.isdisjoint(found)
    )


def side(result: Result, tally: Tally) -> Side:
    made = made_at(result)
    return Side(
        path=result.source.path,
        host=result.host,
        kernel=result.kernel.release,
        rhel=result.kernel.rhel,
        collected_at=made.isoformat() if made else None,
        complete=result.source.complete,
        severity=result.severity,
        reports=tally.reports,
        at_least=tally.at_least,
        bursts=tally.bursts,
        hours=tally.hours,
    )


def findings_changed(old: Result, new: Result, cut: Cut) -> list[FindingChange]:
    """Each finding of either side once: the same problem by its fingerprint, else the same key."""
    left = list(new.findings)
    changes = []
    for one in old.findings:
        same = [other for other in left if other.fingerprint == one.fingerprint]
        same += [other for other in left if other.key == one.key and other not in same]
        other = same[0] if same else None
        if other is not None:
            left.remove(other)
        changes.append(change(one, other, old, new, cut))
    return changes + [change(None, one, old, new, cut) for one in left]


def change(one: Finding | None, other: Finding | None, old: Result, new: Result, cut: Cut) -> FindingChange:
    """One finding on both sides; None where it is not there."""
    first = before(old, one) if one is not None and one.reports else NO_TALLY
    second = after(new, cut, other) if other is not None and other.reports else NO_TALLY
    told = other or one
    assert told is not None  # one of them is there
    counts = bool(told.reports)
    return FindingChange(
        key=told.key,
        how=how_of(one, other, first, second),
        type=told.type,
        fingerprint=told.fingerprint,
        cause=told.cause,
        driver=told.driver,
        summary=told.summary,
        reports_before=first.reports if counts else None,
        reports_after=second.reports if counts else None,
        before_per_hour=first.per_hour if counts else None,
        after_per_hour=second.per_hour if counts else None,
        severity_before=one.severity if one is not None else None,
        severity_after=other.severity if other is not None else None,
    )


def how_of(one: Finding | None, other: Finding | None, first: Tally, second: Tally) -> How:
    if other is None:
        return How.NONE_SINCE if one is not None and one.reports else How.GONE
    if other.reports and not second.reports:
        return How.NONE_SINCE
    if one is None:
        return How.NEW
    return how_often(first, second) if other.reports else How.HERE


def how_often(first: Tally, second: Tally) -> How:
    """Whether it comes more often, where the time of both sides is known."""
    if not first.per_hour or not second.per_hour:
        return How.HERE
    times = second.per_hour / first.per_hour
    return How.MORE if times >= OFTEN else How.FEWER if times <= 1 / OFTEN else How.SAME


def others(changes: tuple[FindingChange, ...]) -> tuple[Message, ...]:
    """The findings that are no matter of counting and came or went."""
    plain = [one for one in changes if one.reports_before is None]
    came = tuple(one.key for one in plain if one.how is How.NEW)
    went = tuple(one.key for one in plain if one.how is How.GONE)
    return (
        say("diff.findings_new", "New: {keys}.", keys=came) if came else NOTHING,
        say("diff.findings_gone", "No longer there: {keys}.", keys=went) if went else NOTHING,
    )


def notes(old: Result, new: Result, cut: Cut, second: Tally) -> tuple[Message, ...]:
    """What limits the comparison."""
    other_host = old.host and new.host and old.host != new.host
    return (
        say("diff.note.other_host", "The two are of different hosts: {old_host} and {new_host}.",
            old_host=str(old.host), new_host=str(new.host)) if other_host else NOTHING,
        say("diff.note.gap", "The new logs begin after the old collection was made: what failed between is not known.")
        if has_gap(new, cut) else NOTHING,
        say("diff.note.no_date", "When the old collection was made is not known: a failure counts as new where the old "
            "one does not hold it.") if cut.at is None else NOTHING,
        say("diff.note.at_least", "Some reports were only counted or cannot be dated: the numbers of the new side are "
            "uncertain.") if second.at_least else NOTHING,
        *(
            say("diff.note.partly_read", "{path} could not be read wholly.", path=one.source.path)
            for one in (old, new) if not one.source.complete
        ),
    )
