"""What the page shows of one host, put together from its result; the template only lays it out."""
from __future__ import annotations

from nopage.kernel.frozen import dataclass
from nopage.kernel.gfp import FLAG_WORDS
from nopage.report import labels
from nopage.report.html.pictures import Picture, blocks, ladder, over_time
from nopage.report.screen import (
    action_words,
    ago,
    deciding_zone,
    deed_said,
    finding_rows,
    kernel_said,
    limits,
    shown_failure,
    span,
    step_note,
)
from nopage.report.speaker import Speaker, grouped
from nopage.report.words import capital, label_of, leaf, source_said, summary_words
from nopage.result import Failure, Finding, Frame, Group, Result, Step

ROWS_MOST, LOGS_MOST = 1000, 20


@dataclass(frozen=True, slots=True)
class Deed:
    """One step as the page shows it."""

    number: int
    title: str
    commands: tuple[str, ...]
    note: str
    reason: str
    way_back: tuple[str, ...]
    persist: tuple[str, ...]
    later: bool = False


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One entry of the call trace; `asker` is the function that asked."""

    text: str
    asker: bool
    reliable: bool


@dataclass(frozen=True, slots=True)
class Host:
    """One host's part of the page."""

    anchor: str
    result: Result
    title: str
    kernel: str
    when: str
    source: str
    severity: str
    headline: str
    lead: str
    tags: tuple[tuple[str, bool], ...]
    steps: tuple[Deed, ...]
    do_not: tuple[tuple[str, str], ...]
    article_here: tuple[str, ...]
    pictures: tuple[Picture, ...]
    limits: str
    why: tuple[str, ...]
    flags: tuple[tuple[str, str], ...]
    trace: tuple[TraceLine, ...]
    first: Finding | None
    shown: Failure | None
    rows: tuple[tuple[Finding, str, tuple[tuple[str, str], ...]], ...]
    groups: tuple[Group, ...]
    logs: tuple[Failure, ...]


def host_of(number: int, result: Result, speak: Speaker) -> Host:
    """All that is shown of one host."""
    first = result.findings[0] if result.findings else None
    shown = shown_failure(first, result) if first is not None else None
    title = result.host or leaf(result.source.path)
    return Host(
        anchor=f"host-{number}",
        result=result,
        title=title,
        kernel=speak(kernel_said(result)),
        when=", ".join(filter(None, (speak(span(result)), speak(ago(result))))),
        source=speak(source_said(result, leaf(result.source.path))),
        severity=speak(labels.SEVERITIES[result.severity]),
        headline=capital((speak.each(result.verdict_said) or [result.verdict])[0]),
        lead=speak.together([*result.verdict_said[1:], *result.plan.verdict]),
        tags=tuple(tags(result, speak)),
        steps=(
            *(deed(step, speak) for step in result.plan.steps),
            *(deed(step, speak, later=True) for step in result.plan.later),
        ),
        do_not=tuple(
            (one.setting or action_words(one.action, speak), speak.together(one.reason))
            for one in result.plan.do_not
        ),
        article_here=tuple(speak.each(result.plan.article)),
        pictures=pictures(result, shown, speak),
        limits=speak.joined(limits(result, speak)),
        why=tuple(speak.each(first.why_said)) if first is not None else (),
        flags=flags(shown, speak),
        trace=tuple(trace_line(frame, shown) for frame in shown.frames) if shown is not None else (),
        first=first,
        shown=shown,
        rows=tuple(
            (finding, summary_words(finding, speak), tuple(finding_rows(finding, result, speak)))
            for finding in result.findings
        ),
        groups=result.groups[:ROWS_MOST],
        logs=tuple(one for one in result.failures if one.log)[:LOGS_MOST],
    )


def tags(result: Result, speak: Speaker) -> list[tuple[str, bool]]:
    """Short facts under the headline; True for those that are bad."""
    found: list[tuple[str, bool]] = []
    if result.findings:
        found.append((speak(labels.SEVERITIES[result.severity]), result.severity.value in ("urgent", "important")))
    for finding in result.findings:
        found.append((label_of(finding.key, speak), finding.type.value == "fail"))
    first = result.findings[0] if result.findings else None
    if first is not None and first.reports:
        found.append((f"{grouped(first.reports)} × order {first.order}, {first.gfp_name}", False))
        if first.cause is not None:
            found.append((label_of(first.cause, speak), False))
    if result.timeline is not None:
        found.append((speak(labels.SERIES[result.timeline.kind]), result.timeline.kind.value in ("storm", "recurring")))
    return found


def deed(step: Step, speak: Speaker, *, later: bool = False) -> Deed:
    """A step for the page."""
    title = deed_said(step, speak)
    return Deed(
        step.number, title, step.commands, step_note(step, title, speak), speak.together(step.reason),
        step.way_back, step.persist, later,
    )


def pictures(result: Result, shown: Failure | None, speak: Speaker) -> tuple[Picture, ...]:
    """Those of the three that this host has numbers for."""
    zone = deciding_zone(shown) if shown is not None else None
    found = [
        ladder(zone, shown, speak) if zone is not None and shown is not None else None,
        blocks(zone, shown, speak) if zone is not None and shown is not None else None,
        over_time(result, speak),
    ]
    return tuple(picture for picture in found if picture is not None)


def flags(shown: Failure | None, speak: Speaker) -> tuple[tuple[str, str], ...]:
    """The mask flag by flag, each with what it asks for."""
    if shown is None:
        return ()
    return tuple((flag, speak(FLAG_WORDS[flag]) if flag in FLAG_WORDS else "") for flag in shown.gfp_flags)


def trace_line(frame: Frame, shown: Failure) -> TraceLine:
    """One entry; the first that bears the asking function's name is the asker's."""
    text = frame.symbol
    if frame.offset is not None:
        text += f"+{frame.offset:#x}" + (f"/{frame.size:#x}" if frame.size is not None else "")
    if frame.module:
        text += f" [{frame.module}]"
    return TraceLine(text, frame.symbol.partition(".")[0] == shown.function, frame.reliable)
