"""What of a result counts: failures within a span of time, findings that are severe enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from nopage.kernel.message import Message, say
from nopage.result.base import Severity
from nopage.result.compare.times import moment
from nopage.result.failure import Failure
from nopage.result.finding import Finding
from nopage.result.result import Result
from nopage.result.said import said

ORDER = tuple(Severity)


def in_time(result: Result, since: datetime | None = None, until: datetime | None = None) -> Result:
    """The result with each finding marked `old` whose failures all lie before `since` or from `until` on.

    Times are those of the host's own clock. Nothing is left out: such findings get a note, and the severity of the
    result is that of the others. A failure that cannot be dated counts as one within the span.
    """
    if since is None and until is None:
        return result
    findings = tuple(marked(one, failures_of(one, result), since, until) for one in result.findings)
    old = [one for one in findings if one.old]
    if not old:
        return replace(result, findings=findings)
    counted = tuple(one for one in findings if not one.old)
    told = said(say("verdict.old", "Old: no failure lies within the time asked about.") if not any(
        one.reports for one in counted
    ) else say("verdict.partly_old", "Some findings are older than the time asked about."))
    return replace(
        result,
        findings=(*counted, *old),
        severity=min((one.severity for one in counted), key=ORDER.index, default=Severity.NONE),
        verdict=f"{told.text} {result.verdict}".strip(),
        verdict_said=(told, *result.verdict_said),
    )


def failures_of(finding: Finding, result: Result) -> list[Failure]:
    """The failures that a finding tells of: those of its kinds, else those of its sort."""
    if not finding.reports:
        return []
    mine = set(finding.signatures)
    found = [one for one in result.failures if one.signature in mine]
    return found or [one for one in result.failures if one.atomic == finding.atomic]


def marked(
    finding: Finding, failures: Sequence[Failure], since: datetime | None, until: datetime | None
) -> Finding:
    """The finding with `old` where none of its failures counts, and a note where only some do."""
    if not failures:
        return finding
    inside = sum(within(one, since, until) for one in failures)
    if inside == len(failures):
        return finding
    note = span_note(inside, len(failures), since, until)
    return replace(
        finding, old=inside == 0, notes=(str(note), *finding.notes), notes_said=(said(note), *finding.notes_said)
    )


def within(failure: Failure, since: datetime | None, until: datetime | None) -> bool:
    """Whether it lies in the span, or cannot be dated."""
    time = moment(failure.time)
    return time is None or ((since is None or time >= since) and (until is None or time < until))


def span_note(inside: int, all_of_them: int, since: datetime | None, until: datetime | None) -> Message:
    """How many of the failures lie in the span."""
    if since is not None and until is not None:
        return say(
            "note.in_time.between", "{inside} of {failures:# failure lies|# failures lie} from {since} to {until}",
            inside=inside, failures=all_of_them, since=since.isoformat(" "), until=until.isoformat(" "),
        )
    if since is not None:
        return say(
            "note.in_time.since", "{inside} of {failures:# failure lies|# failures lie} at or after {since}",
            inside=inside, failures=all_of_them, since=since.isoformat(" "),
        )
    return say(
        "note.in_time.until", "{inside} of {failures:# failure lies|# failures lie} before {until}",
        inside=inside, failures=all_of_them, until=until.isoformat(" ") if until else "",
    )


def at_least(result: Result, least: Severity) -> Result:
    """The result without findings below a severity, and without steps that are for those alone. Failures stay."""
    kept = tuple(one for one in result.findings if ORDER.index(one.severity) <= ORDER.index(least))
    if len(kept) == len(result.findings):
        return result
    keys = {one.key for one in kept}
    plan = result.plan
    steps = tuple(one for one in plan.steps if keys.intersection(one.findings) or not one.findings)
    left = len(result.findings) - len(kept)
    told = said(say(
        "verdict.below_severity", "{left_out:# finding|# findings} below {least} left out.", left_out=left,
        least=least.value,
    ))
    return replace(
        result,
        findings=kept,
        plan=replace(plan, steps=steps),
        verdict=f"{result.verdict} {told.text}".strip(),
        verdict_said=(*result.verdict_said, told),
    )
