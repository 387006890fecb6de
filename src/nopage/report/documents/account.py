"""What a case comment and Markdown tell of one host, in the same words: taken from the result, put in order."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say
from nopage.report import labels
from nopage.report.documents.needs import Need, needs
from nopage.report.documents.plain import plain
from nopage.report.screen import (
    action_words,
    ago,
    kernel_said,
    no_host,
    now_said,
    risk_said,
    shown_failure,
    span,
    update_said,
)
from nopage.report.speaker import Speaker, size_of
from nopage.report.words import capital
from nopage.result import Cause, EffectVerdict, Failure, Finding, Link, Place, Result, SourceKind, Step

HEADER = re.compile(r"page allocation failure|unable to allocate memory", re.IGNORECASE)
CAUSE_IDS = re.compile(rf"\b(?:{'|'.join(one.value for one in Cause if '_' in one.value)})\b")
FAILS_YET = (EffectVerdict.STILL_FAILS, EffectVerdict.KSWAPD_EARLIER)
WHY_IDS = ("cause.", "floor.", "verdict.sentence", "collected.", "at_risk.")
WHY = labels.WHY
HAPPENED = say("document.happened", "What happened")
MATTERS = say("document.matters", "Does it matter")
RECOMMEND = say("document.recommend", "What we recommend")
LATER = say("document.later", "If it comes back")
LIMITS = say("document.limits", "What this does not do")
DO_NOT = say("document.do_not", "Please do not")
NEED = say("document.need", "What we need from you")
LINKS = say("document.links", "Worth reading")


@dataclass(frozen=True, slots=True)
class Quote:
    """A line of the source, with the place it stands at."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One step: commands or, where none does it, words; what it does, how it lasts, how it is undone."""

    number: int
    title: str
    commands: tuple[str, ...]
    notes: tuple[str, ...]
    reason: tuple[str, ...]
    last_words: str
    last_lines: tuple[str, ...]
    last_commands: tuple[str, ...]
    back: tuple[str, ...]
    back_words: str


@dataclass(frozen=True, slots=True)
class Account:
    """One host."""

    result: Result
    title: str
    source: str
    warnings: tuple[str, ...]
    happened: tuple[str, ...]
    quotes: tuple[Quote, ...]
    why: tuple[str, ...]
    matters: tuple[str, ...]
    steps: tuple[Deed, ...]
    later: tuple[Deed, ...]
    lead: tuple[str, ...]
    limits: tuple[str, ...]
    short_limits: tuple[str, ...]
    do_not: tuple[str, ...]
    needs: tuple[Need, ...]
    links: tuple[Link, ...]


def account_of(result: Result, speak: Speaker) -> Account:
    """The host's account."""
    first = result.findings[0] if result.findings else None
    shown = shown_failure(first, result) if first is not None else None
    plan = result.plan
    return Account(
        result=result,
        title=title(result, speak),
        source=speak(source_words(result)),
        warnings=tuple(without_path(warning, result) for warning in result.source.warnings),
        happened=tuple(capital(text) for text in speak.each(result.verdict_said) or [result.verdict]),
        quotes=tuple(quotes(result, first, shown)),
        why=tuple(why(first, speak)) if first is not None else (),
        matters=tuple(speak.each(first.matters_said)) if first is not None else (),
        steps=tuple(deed(step, speak) for step in plan.steps),
        later=tuple(deed(step, speak) for step in plan.later),
        lead=tuple(speak.each(plan.verdict)),
        limits=(*undone(plan.steps, speak, whole=True), *speak.each(plan.article)),
        short_limits=(*undone(plan.steps, speak, whole=False), *speak.each(plan.article)),
        do_not=tuple(
            f"{one.setting or action_words(one.action, speak)}: {speak.together(one.reason)}" for one in plan.do_not
        ),
        needs=tuple(needs(result, first, shown)),
        links=tuple(link for link in dict.fromkeys(first.links) if link.url) if first is not None else (),
    )


def title(result: Result, speak: Speaker) -> str:
    """Who, which release, when."""
    name = plain(result.host)[:80] if result.host else speak(no_host())
    return ", ".join(filter(None, (name, speak(kernel_said(result)), speak(span(result)), speak(ago(result)))))


def base_name(result: Result) -> str:
    """The source's own name, without the folders of the machine that it is read on."""
    return plain(result.source.path.rstrip("/").rpartition("/")[2])[:120]


def source_words(result: Result) -> Message:
    """What was read and whether wholly; the name alone, no path."""
    if result.source.kind is SourceKind.HOST:
        return NOTHING
    if result.source.complete:
        return say("document.source", "Read from {name}.", name=base_name(result))
    return say("document.source.partly", "Read from {name}, NOT wholly.", name=base_name(result))


def without_path(text: str, result: Result) -> str:
    path = result.source.path
    return plain(text.replace(path, base_name(result)) if "/" in path.rstrip("/") else text)


def why(finding: Finding, speak: Speaker) -> Iterator[str]:
    """The cause, and the proof for the zone that decides: what stands before the next zone's."""
    proofs = 0
    for one in finding.why_said:
        proofs += one.id == "verdict.sentence"
        if one.id.startswith(WHY_IDS) and not (one.id == "verdict.sentence" and proofs > 1):
            yield CAUSE_IDS.sub(lambda found: found[0].replace("_", " "), speak(one))


def quotes(result: Result, finding: Finding | None, shown: Failure | None) -> Iterator[Quote]:
    """The header, who asked and the deciding zone of one report as they stand in the log; else what sets the value."""
    kept = (one for one in (shown, *reversed(result.failures)) if one is not None and one.log and one.log_from)
    told = next(kept, None)
    if told is not None and told.log_from is not None:
        for number in quoted_lines(told):
            yield Quote(Place(file=told.log_from.file, line=told.log_from.line + number), told.log[number])
    elif shown is None and finding is not None and result.memory is not None:
        wanted = {step.setting for step in result.plan.steps}
        for one in result.memory.setting_sources:
            if one.wins and one.setting in wanted:
                yield Quote(Place(file=one.file, line=one.line), f"{one.setting} = {one.value}")


def quoted_lines(told: Failure) -> list[int]:
    """Which lines of the report prove most: at most one of each kind."""
    zone = told.evidence.zone
    wanted = [HEADER]
    if told.function:
        wanted.append(re.compile(rf"(?<![\w.]){re.escape(told.function)}\+0x"))
    if zone:
        wanted += [re.compile(rf"{re.escape(zone)} free:"), re.compile(rf"{re.escape(zone)}: [\d]")]
    found = (next((n for n, line in enumerate(told.log) if wish.search(line)), None) for wish in wanted)
    return sorted({number for number in found if number is not None})


def undone(steps: tuple[Step, ...], speak: Speaker, *, whole: bool) -> Iterator[str]:
    """Steps under which the printed state would fail all the same."""
    for step in steps:
        if step.verdict in FAILS_YET and step.effect:
            told = speak.together(step.effect) if whole else effect(step, speak)
            yield speak(say("document.step_fails", "Step {number}: {effect}", number=step.number, effect=told))


EFFECTS: Mapping[EffectVerdict, Message] = {
    EffectVerdict.PASSES: say("document.effect.passes", "with it the failed request would have passed"),
    EffectVerdict.STILL_FAILS: say("document.effect.still_fails", "with it the request would still have failed"),
    EffectVerdict.CANNOT_BE_TOLD: say("document.effect.cannot_be_told", "what it would have done cannot be computed"),
}


def effect(step: Step, speak: Speaker) -> str:
    """What the printed state says of a step, in a sentence; "" where nothing was to be tried."""
    if step.verdict is None or not step.effect:
        return ""
    if step.verdict is EffectVerdict.KSWAPD_EARLIER:
        return speak(say("document.effect.kswapd_earlier", "with it the request would still have failed, but kswapd "
                         "would have begun {size} earlier", size=size_of(step.kswapd_earlier_kb)))
    return speak(EFFECTS[step.verdict])


def deed(step: Step, speak: Speaker) -> Deed:
    """A step in words and commands."""
    notes: list[str] = []
    update = update_said(step, speak)
    if update is not None and step.commands:
        notes.append(speak(update))
    if step.before is not None:
        notes.append(speak(now_said(step)))
    notes += filter(None, [effect(step, speak)])
    notes += filter(None, [risk_said(step, speak)])
    words, lines, commands = lasting(step, speak)
    back = step.way_back
    return Deed(
        number=step.number,
        title=deed_title(step, speak),
        commands=step.commands,
        notes=tuple(notes),
        reason=tuple(speak.each(step.reason)),
        last_words=words,
        last_lines=lines,
        last_commands=commands,
        back=back,
        back_words=speak(way_back(step)),
    )


def deed_title(step: Step, speak: Speaker) -> str:
    """What a step asks for, in words."""
    update = update_said(step, speak)
    if update is not None:
        return speak(update)
    if step.reason:
        return speak(step.reason[0])
    return action_words(step.action, speak)


def lasting(step: Step, speak: Speaker) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """How a value lasts over a boot: words, lines of a file, commands."""
    if not step.file or step.setting is None:
        return "", (), step.persist
    if step.line is not None:
        words = say("document.change_line", "To last, change line {line} of {file}:", line=step.line, file=step.file)
        return speak(words), () if step.persist else (f"{step.setting} = {step.value}",), step.persist
    lines = tuple(line for line in step.lines.splitlines() if not line.startswith("#"))
    if not lines:
        return "", (), step.persist
    return speak(say("document.add_line", "To last, write into {file}:", file=step.file)), lines, step.persist


def way_back(step: Step) -> Message:
    """What undoes a step beside its commands."""
    if step.action == "update_kernel":
        return say("document.back.kernel", "boot the present kernel again")
    if step.way_back and step.line is not None:
        return say("document.back.line", "and the old value in that line again")
    return say("document.back.remove", "and remove the line again") if step.way_back and step.file else NOTHING
