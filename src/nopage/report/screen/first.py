"""The first screen of one host: when, the verdict, what to do, what not to do, the proof, what could not be known."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nopage.kernel.message import Message, say
from nopage.kernel.plain import plain
from nopage.report.screen.host import kernel_said, no_host, now_said, update_said
from nopage.report.screen.layout import LABEL, PROSE_MOST, Line, beside, cut, labelled, paragraph, wrapped
from nopage.report.screen.when import ago, span
from nopage.report.screen.why import shown_failure, why_lines
from nopage.report.speaker import Speaker, grouped, size_of
from nopage.result import Finding, Plan, Result, Said, Severity, Step

LINES_MOST = 24
DO = say("screen.do", "DO")
DO_NOT = say("screen.do_not", "DO NOT")
LATER = say("screen.later", "LATER")
WHY = say("screen.why", "WHY")
BEFORE = say("screen.before", "BEFORE")
LIMITS = say("screen.limits", "LIMITS")
ALSO = say("screen.also", "ALSO")
LIMIT_IDS = ("timeline.suppressed", "missing.", "note.older_kernel", "note.storm_counted")
STYLE = {Severity.URGENT: "bad", Severity.IMPORTANT: "bad"}
MORE = say("screen.more", "more: nopage --why | --log | --links | -v     out: --format html|case|sysctl|ansible")


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
    Room(4, 4, 2, 3, 6, 5, 2, 4),
    Room(4, 4, 2, 2, 6, 3, 2, 4),
    Room(3, 4, 1, 2, 5, 2, 2, 2),
    Room(3, 3, 1, 2, 5, 2, 1, 2),
    Room(3, 3, 1, 2, 4, 1, 1, 2),
    Room(2, 3, 1, 1, 4, 1, 1, 1),
    Room(2, 2, 1, 1, 3, 1, 1, 1),
    Room(2, 2, 1, 1, 2, 0, 1, 1),
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
            break
    return lines[: most - len(foot)] + foot if len(lines) > most else lines


def screen(result: Result, speak: Speaker, width: int, room: Room) -> list[Line]:
    """The parts that this host has, in order."""
    lines = [*head(result, speak, width), Line(), *verdict(result, speak, width, room.verdict)]
    plan = result.plan
    parts = [
        do_lines(plan.steps, DO, speak, width, room.steps, room.notes),
        do_lines(plan.later, LATER, speak, width, 2 if not plan.steps else 1, room.notes),
        do_not_lines(plan, speak, width, room.do_not),
    ]
    for part in parts:
        if part:
            lines += [Line(), *part] if not any(line.text.startswith(speak(DO)) for line in lines[-3:]) else part
    if result.findings:
        first = result.findings[0]
        why = why_lines(first, shown_failure(first, result), speak, min(width, PROSE_MOST) - LABEL - 1, room.why)
        lines += [Line(), *labelled(speak(WHY), why)] if why else []
    lines += before_lines(result, speak, width, room.before)
    lines += beside(speak(LIMITS), limits(result, speak), width, room.limits) if room.limits else []
    lines += also_lines(result.findings[1:], speak, width, room.also)
    return lines


def head(result: Result, speak: Speaker, width: int) -> list[Line]:
    """Who, which release, when."""
    host = plain(result.host or "") or speak(no_host())
    kernel, when = speak(kernel_said(result)), speak(span(result))
    before = speak(ago(result))
    title = f"{cut(host, 40)}  {kernel}"
    if len(title) + 2 + len(when) <= width:
        lines = [Line(f"{title}  {when}".rstrip(), "bold")]
    else:
        lines = [Line(cut(title, width), "bold"), Line(cut(when, width), "bold")]
    whole = result.source.complete
    state = "" if whole else speak(say("screen.not_whole", "NOT read wholly"))
    tail = ", ".join(filter(None, (before, state)))
    return [*lines, *([Line(cut(tail, width), "dim" if whole else "bad")] if tail else [])]


def verdict(result: Result, speak: Speaker, width: int, most: int) -> list[Line]:
    """What happened, and what the plan comes to."""
    told = [*speak.each(result.verdict_said), *speak.each(result.plan.verdict)]
    text = " ".join(told) or result.verdict
    text = text[:1].upper() + text[1:] if text.startswith("the ") else text
    lines = paragraph(text, width, STYLE.get(result.severity, "bold"))
    return lines if len(lines) <= most else [*lines[: most - 1], Line(cut(lines[most - 1].text, width - 4) + " ...",
                                                                      lines[0].style)]


def do_lines(steps: Sequence[Step], label: Message, speak: Speaker, width: int, most: int, notes: int) -> list[Line]:
    """Numbered commands to paste, each with what it changes, what it does to the state, and its risk."""
    room = min(width, PROSE_MOST) - LABEL - 5
    lines: list[str] = []
    for step in steps[:most]:
        text = step.commands[0] if step.commands else in_short(step, speak)
        pieces = [plain(text)] if step.commands else wrapped(text, room)[:2]
        lines.append(f"{step.number:>2}  {pieces[0]}")
        lines += [f"    {piece}" for piece in pieces[1:]]
        lines += [f"    {piece}" for piece in wrapped(step_note(step, speak), room)[:notes]]
    if len(steps) > most:
        lines.append("    " + speak(say("screen.more_steps", "and {count:# more step|# more steps}: nopage --why",
                                        count=len(steps) - most)))
    return labelled(speak(label), lines)


def in_short(step: Step, speak: Speaker) -> str:
    """What a step without a command asks for."""
    update = update_said(step)
    if update is not None:
        return speak(update)
    return speak.short(step.reason[0]) if step.reason else step.action.replace("_", " ")


def step_note(step: Step, speak: Speaker) -> str:
    """'now 90112; this state would STILL fail, kswapd starts 48 MB earlier; costs memory'."""
    said: list[str] = []
    if step.before is not None:
        said.append(speak(now_said(step)))
    if step.kswapd_earlier_kb:
        said.append(speak(say("screen.kswapd_earlier", "this state would STILL fail, kswapd starts {size} earlier",
                              size=size_of(step.kswapd_earlier_kb))))
    elif step.effect:
        said += [speak.short(one) for one in step.effect[:1]]
    said += [speak.short(one) for one in step.risk[:1]]
    if not step.commands or not said:
        said += [speak.short(one) for one in step.reason[:1] if step.action != "lower_order" and step.commands]
    return "; ".join(dict.fromkeys(filter(None, said)))


def do_not_lines(plan: Plan, speak: Speaker, width: int, most: int) -> list[Line]:
    """What would harm here, with the reason; and where the article advises it."""
    texts = [
        f"{one.setting or one.action.replace('_', ' ')}: {' '.join(speak.each(one.reason[:1]))}" for one in plan.do_not
    ]
    return beside(speak(DO_NOT), [*texts, *speak.each(plan.article)], width, most) if texts else []


def before_lines(result: Result, speak: Speaker, width: int, most: int) -> list[Line]:
    """Lines of the same logs from the minutes before."""
    room = min(width, PROSE_MOST) - LABEL - 1
    shown = [cut(plain(one.text), room) for one in result.context[-most:]] if most else []
    return labelled(speak(BEFORE), shown) if shown else []


def limits(result: Result, speak: Speaker) -> list[str]:
    """What could not be known: rate limits, what the reports lack, what could not be read."""
    found: list[Said] = []
    for finding in result.findings[:1]:
        found += [one for one in finding.notes_said if one.id.startswith(LIMIT_IDS)]
    shown = shown_failure(result.findings[0], result) if result.findings else None
    found += shown.missing_said if shown is not None else ()
    texts = [speak.short(one) for one in found]
    if result.source.warnings:
        texts.append(plain(result.source.warnings[0]))
        if len(result.source.warnings) > 1:
            texts.append(speak(say("screen.more_warnings", "and {count:# more warning|# more warnings}",
                                   count=len(result.source.warnings) - 1)))
    if result.source.coverage is not None and result.source.coverage.filtered:
        texts.append(speak(say("screen.filtered", "this archive's logs were filtered where they were collected")))
    return [f"{text[:1].upper()}{text[1:]}." for text in dict.fromkeys(text.rstrip(".") for text in texts)]


def also_lines(findings: Sequence[Finding], speak: Speaker, width: int, most: int) -> list[Line]:
    """Each other finding in two lines."""
    lines: list[Line] = []
    for finding in findings:
        text = f"{finding.key}: {' '.join(speak.each(finding.summary_said)) or finding.summary}"
        lines += beside(speak(ALSO), [text], width, 2)
    return lines[:most]


def counted(result: Result) -> str:
    """How many failures, for a title."""
    return grouped(sum(group.count for group in result.groups))
