"""The host's plan of the pure floor as part of the result, and its steps as the remedies of findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from nopage.diagnosis import remedy
from nopage.diagnosis.remedy import PARAGRAPH, HostPlan
from nopage.kernel.message import NOTHING, Message
from nopage.result import (
    DoNot,
    EffectVerdict,
    Plan,
    Remedy,
    Said,
    Stage,
    Step,
    When,
    ZoneMarks,
    said_all,
    texts,
)

BETWEEN = "; "


def plan_of(plan: HostPlan | None) -> Plan:
    """The plan with its steps numbered from 1; what is for later is numbered on."""
    if plan is None:
        return Plan()
    count = len(plan.steps)
    return Plan(
        steps=tuple(step_of(number, step) for number, step in enumerate(plan.steps, 1)),
        later=tuple(step_of(number, step, later=True) for number, step in enumerate(plan.later, count + 1)),
        do_not=tuple(
            DoNot(action=one.action, setting=one.setting, reason=said_of(one.reason), findings=one.findings)
            for one in plan.do_not
        ),
        verdict=said_of(plan.verdict),
        article=said_of(plan.article),
    )


def step_of(number: int, step: remedy.Step, *, later: bool = False) -> Step:
    """One step."""
    effect = step.effect
    when = When.IF_IT_COMES_BACK if later else When.NEXT_MAINTENANCE if step.maintenance else When.NOW
    return Step(
        number=number,
        action=step.action,
        findings=step.findings,
        value=value_of(step),
        setting=step.setting,
        before=step.before,
        commands=tuple(filter(None, step.commands)),
        persist=tuple(filter(None, step.persist.commands)),
        way_back=step.way_back,
        file=step.persist.file,
        reason=said_of(step.reason),
        effect=said_of(effect.words) if effect is not None else (),
        risk=said_of(step.risk),
        verdict=EffectVerdict(effect.verdict) if effect is not None else None,
        cures=effect is not None and effect.cures,
        kswapd_earlier_kb=effect.earlier_kb if effect is not None else 0,
        when=when,
        stages=tuple(Stage(value=stage.value, reason=said_of(stage.words)) for stage in step.stages),
        lines=step.persist.text,
        line=step.persist.line,
        file_reason=said_of(step.persist.words),
        value_said=said_of(step.value) if isinstance(step.value, Message) else (),
    )


def remedy_of(step: remedy.Step, more: Message = NOTHING) -> Remedy:
    """A step as the remedy of a finding; `more` stands before its reason."""
    reasons = [*sentences(more), *sentences(step.reason)]
    risks = sentences(step.risk)
    effects = sentences(step.effect.words) if step.effect is not None else []
    return Remedy(
        action=step.action,
        value=value_of(step),
        value_said=said_of(step.value) if isinstance(step.value, Message) else (),
        reason=joined(reasons),
        reason_said=said_all(reasons),
        risk=joined(risks),
        risk_said=said_all(risks),
        setting=step.setting,
        before=step.before,
        way_back=str(step.way_back_words),
        file=step.persist.file,
        persistent=step.persist.text,
        replay=joined(effects),
        replay_said=said_all(effects),
        zones=tuple(ZoneMarks(**asdict(zone)) for zone in step.zones),
        command=BETWEEN.join(filter(None, step.commands)),
        way_back_command=BETWEEN.join(step.way_back),
        persist=BETWEEN.join(filter(None, step.persist.commands)),
        percent_of_ram=step.percent_of_ram,
        cap_kb=step.cap_kb,
        cap_percent=step.cap_percent,
        derivation=joined(step.derivation) or None,
        provenance=step.provenance or None,
        provenance_words=str(step.provenance_words) or None,
    )


def value_of(step: remedy.Step) -> int | str | None:
    return str(step.value) if isinstance(step.value, Message) else step.value


def sentences(message: Message) -> list[Message]:
    """The sentences of a paragraph; of anything else itself."""
    if message.id != PARAGRAPH:
        return [message] if message else []
    told = message.named["sentences"]
    return [one for one in told if isinstance(one, Message)] if isinstance(told, tuple) else []


def said_of(message: Message) -> tuple[Said, ...]:
    return said_all(sentences(message))


def joined(messages: Iterable[Message]) -> str:
    return " ".join(texts(messages))
