"""The first screen of one host: when, the verdict, what to do, what not to do, the proof, what could not be known."""
from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.kernel.plain import plain
from nopage.report import labels
from nopage.report.screen.host import (
    action_words,
    deed_said,
    kernel_said,
    no_host,
    now_said,
    risk_said,
    update_said,
    value_words,
)
from nopage.report.screen.layout import (
    LABEL,
    MARK,
    PROSE_MOST,
    Line,
    at_most,
    beside,
    cut,
    labelled,
    paragraph,
    wrapped,
)
from nopage.report.screen.when import ago, span
from nopage.report.screen.why import shown_failure, why_lines
from nopage.report.series import series
from nopage.report.speaker import STOPS, Speaker, grouped, size_of
from nopage.report.words import capital
from nopage.result import EffectVerdict, Finding, Plan, Result, Said, Severity, Step

LINES_MOST = 24
SPANS_MOST, SPARK_LEAST = 32, 8
LEVEL = re.compile(r"^<\d{1,3}>(?=\S)", re.ASCII)  # in front of a line of the kernel
DO = say("screen.do", "DO")
DO_NOT = say("screen.do_not", "DO NOT")
LATER = say("screen.later", "LATER")
WHY = say("screen.why", "WHY")
LIMITS = say("screen.limits", "LIMITS")
ALSO = say("screen.also", "ALSO")
OF_OTHERS = "what_if.of_others"
LIMIT_IDS = ("timeline.suppressed", "missing.", "note.older_kernel", "note.storm_counted")
STYLE = {Severity.URGENT: "bad", Severity.IMPORTANT: "bad"}
MORE = say("screen.more", "more: --why | --log | --links | -v     out: --format html|case|sysctl|ansible")


@dataclass(frozen=True, slots=True)
class Room:
    """How many lines each part may have; the next smaller one is taken until all fits."""

    verdict: int
    steps: int
    notes: int
    do_not: int
    why: int
    before: int
    limits: int
    also: int


ROOMS = (
    Room(6, 4, 2, 3, 7, 5, 2, 4),
    Room(6, 4, 2, 2, 7, 3, 2, 4),
    Room(6, 4, 2, 2, 7, 2, 2, 2),
    Room(6, 3, 2, 2, 6, 2, 2, 2),
    Room(6, 3, 2, 2, 5, 1, 1, 2),
    Room(6, 3, 2, 2, 5, 0, 1, 1),
    Room(5, 3, 1, 2, 4, 0, 1, 1),
    Room(5, 2, 1, 1, 3, 0, 1, 1),
    Room(4, 2, 1, 1, 2, 0, 1, 1),
)


def first_screen(
    result: Result, speak: Speaker, width: int = 80, most: int = LINES_MOST, *, more: bool = True
) -> list[Line]:
    """The host on one screen of `most` lines; the last one says how to see `more`, where the command can."""
    foot = [Line(cut(speak(MORE), width), "dim")] if more else []
    lines: list[Line] = []
    for room in ROOMS:
        lines = [*screen(result, speak, width, room), *foot]
        if len(lines) <= most:
            return lines
    kept = most - 1 - len(foot)
    return [*lines[:kept], Line(MARK.strip()), *foot]


def screen(result: Result, speak: Speaker, width: int, room: Room) -> list[Line]:
    """The parts that this host has, in order."""
    lines = [*head(result, speak, width), Line(), *verdict(result, speak, width, room.verdict)]
    plan = result.plan
    parts = [
        do_lines(plan.steps, DO, speak, width, room.steps, room.notes),
        do_lines(plan.later, LATER, speak, width, 2 if not plan.steps else 1, room.notes),
        do_not_lines(plan, speak, width, room.do_not),
    ]
    told = [line for part in parts for line in part]
    lines += [Line(), *told] if told else []
    if result.findings:
        first = result.findings[0]
        why = why_lines(first, shown_failure(first, result), speak, min(width, PROSE_MOST) - LABEL - 1, room.why)
        lines += [Line(), *labelled(speak(WHY), why)] if why else []
    lines += before_lines(result, speak, width, room.before)
    lines += beside(speak(LIMITS), [speak.joined(limits(result, speak))], width, room.limits)
    lines += also_lines(result.findings[1:], speak, width, room.also)
    return lines


def head(result: Result, speak: Speaker, width: int) -> list[Line]:
    """Who, which release, when."""
    host = plain(result.host or "") or speak(no_host())
    kernel, when = speak(kernel_said(result)), speak(span(result))
    before = speak(ago(result))
    title = f"{cut(host, 40)}  {kernel}"
    if cell_len(title) + 2 + cell_len(when) <= width:
        lines = [Line(f"{title}  {when}".rstrip(), "bold")]
    else:
        lines = [Line(cut(title, width), "bold"), Line(cut(when, width), "bold")]
    whole = result.source.complete
    state = "" if whole else speak(say("screen.not_whole", "NOT read wholly"))
    tail = ", ".join(filter(None, (before, state)))
    lines += [Line(cut(tail, width), "dim" if whole else "bad")] if tail else []
    return [*lines, *spark(result, speak, width)]


def spark(result: Result, speak: Speaker, width: int) -> list[Line]:
    """A storm, or what goes on, as a line over time: how many there were, and how many of them were kept."""
    found = series(result, SPANS_MOST)
    if found is None or len(found.spans) < 2 or found.reports < SPARK_LEAST:
        return []
    told = say("screen.spark", "{reports} reports, first to last", reports=grouped(found.reports))
    if found.counted_only:
        told = say("screen.spark_kept", "{reports} reports, {kept} kept, first to last",
                   reports=grouped(found.reports), kept=grouped(found.kept))
    return [Line(cut(f"|{found.line}|  {speak(told)}", width))]


def verdict(result: Result, speak: Speaker, width: int, most: int) -> list[Line]:
    """What happened, and what the plan comes to."""
    text = speak.together([*result.verdict_said, *result.plan.verdict]) or result.verdict
    lines = paragraph(capital(text), width, STYLE.get(result.severity, "bold"))
    texts = at_most([line.text for line in lines], most, min(width, PROSE_MOST))
    return [Line(one, line.style) for one, line in zip(texts, lines, strict=False)]


def do_lines(steps: Sequence[Step], label: Message, speak: Speaker, width: int, most: int, notes: int) -> list[Line]:
    """Numbered commands to paste, each with what it changes, what it does to the state, and its risk."""
    room = min(width, PROSE_MOST) - LABEL - 5
    lines: list[str] = []
    for step in steps[:most]:
        title = "" if step.commands else deed_said(step, speak)
        texts = [plain(step.commands[0])] if step.commands else wrapped(title, room)
        note = step_note(step, title, speak)
        texts += at_most(wrapped(note, room), notes, room) if note else []
        lines += [f"{f'{step.number:>2}' if number == 0 else '  '}  {text}" for number, text in enumerate(texts)]
    if len(steps) > most:
        lines.append("    " + speak(say("screen.more_steps", "and {count:# more step|# more steps}: nopage --why",
                                        count=len(steps) - most)))
    return labelled(speak(label), lines)


def step_note(step: Step, title: str, speak: Speaker) -> str:
    """'now 90112; STILL fails, kswapd wakes 48 MB earlier; costs memory'. `title` stands above it already."""
    said: list[str] = []
    update = update_said(step, speak)
    if update is not None and step.commands:
        said.append(speak(say("screen.update_to", "to {value}", value=value_words(step, speak))))
    elif step.before is not None:
        said.append(speak(now_said(step)))
    elif update is None and not step.commands and step.reason:
        said.append(speak.short(step.reason[0]))
    if step.kswapd_earlier_kb and not any(one.id == OF_OTHERS for one in step.effect):
        said.append(speak(say("screen.kswapd_earlier", "STILL fails, kswapd wakes {size} earlier",
                              size=size_of(step.kswapd_earlier_kb))))
    elif step.effect and (step.commands or step.verdict is not EffectVerdict.CANNOT_BE_TOLD):
        said.append(speak.short(step.effect[0]))
    return "; ".join(one for one in dict.fromkeys((*said, risk_said(step, speak))) if one and one != title)


def do_not_lines(plan: Plan, speak: Speaker, width: int, most: int) -> list[Line]:
    """What would harm here, with the reason; and where the article advises it."""
    texts = [
        f"{one.setting or action_words(one.action, speak)}: {speak.together(one.reason[:1])}" for one in plan.do_not
    ]
    return beside(speak(DO_NOT), [*texts, *speak.each(plan.article)], width, most) if texts else []


def before_lines(result: Result, speak: Speaker, width: int, most: int) -> list[Line]:
    """Lines of the same logs from the minutes before."""
    room = min(width, PROSE_MOST) - LABEL - 1
    shown = [cut(plain(LEVEL.sub("", one.text, count=1)), room) for one in result.context[-most:]] if most else []
    return labelled(speak(labels.BEFORE), shown) if shown else []


def limits(result: Result, speak: Speaker) -> list[str]:
    """What could not be known: rate limits, what the reports lack, what could not be read."""
    found: list[Said] = []
    for finding in result.findings[:1]:
        found += [one for one in finding.notes_said if one.id.startswith(LIMIT_IDS)]
    shown = shown_failure(result.findings[0], result) if result.findings else None
    found += shown.missing_said if shown is not None else ()
    texts = [speak.short(one) for one in found]
    warnings = [plain(one) for one in result.source.warnings[:1]]
    if len(result.source.warnings) > 1:
        warnings.append(speak(say("screen.more_warnings", "and {count:# more warning|# more warnings}",
                                  count=len(result.source.warnings) - 1)))
    texts = [*texts, *warnings] if result.source.complete else [*warnings, *texts]
    if result.source.coverage is not None and result.source.coverage.filtered:
        texts.append(speak(say("screen.filtered", "this archive's logs were filtered where they were collected")))
    return [speak.capital(text) + speak.stop for text in dict.fromkeys(text.rstrip(STOPS) for text in texts)]


def also_lines(findings: Sequence[Finding], speak: Speaker, width: int, most: int) -> list[Line]:
    """Each other finding in two lines."""
    each = 2 if len(findings) * 2 <= most else 1
    lines: list[Line] = []
    for finding in findings[:most]:
        text = f"{finding.key}: {speak.together(finding.summary_said) or finding.summary}"
        lines += beside(speak(ALSO), [text], width, each)
    return lines
