"""The host's plan out of the remedies of its findings: each step once, one value a setting."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from nopage.result import Finding, Plan, Remedy, Step


def plan_of(findings: Sequence[Finding]) -> tuple[Plan, tuple[Finding, ...]]:
    """The plan, and the findings with the numbers of their steps in it.

    A setting that two findings would set stands once, with the larger value.
    """
    steps: dict[tuple[str, str], tuple[Remedy, list[str]]] = {}
    of_finding: list[list[tuple[str, str]]] = []
    for finding in findings:
        mine: list[tuple[str, str]] = []
        for remedy in finding.remedies:
            key = (remedy.setting or remedy.action, "" if remedy.setting else str(remedy.value or ""))
            kept = steps.get(key)
            if kept is None:
                steps[key] = (remedy, [finding.key])
            else:
                steps[key] = (larger(kept[0], remedy), list(dict.fromkeys([*kept[1], finding.key])))
            mine.append(key)
        of_finding.append(mine)
    numbers = {key: number for number, key in enumerate(steps, 1)}
    return (
        Plan(steps=tuple(step_of(numbers[key], remedy, keys) for key, (remedy, keys) in steps.items())),
        tuple(
            replace(finding, steps=tuple(dict.fromkeys(numbers[key] for key in mine)))
            for finding, mine in zip(findings, of_finding, strict=True)
        ),
    )


def larger(one: Remedy, other: Remedy) -> Remedy:
    """Of two values of a setting the larger one; a value wins over none."""
    if one.value is None:
        return other
    if isinstance(one.value, int) and isinstance(other.value, int) and other.value > one.value:
        return other
    return one


def step_of(number: int, remedy: Remedy, keys: Sequence[str]) -> Step:
    """One remedy as a step."""
    return Step(
        number=number,
        action=remedy.action,
        findings=tuple(keys),
        value=remedy.value,
        setting=remedy.setting,
        before=remedy.before,
        commands=(remedy.command,) if remedy.command else (),
        persist=(remedy.persist,) if remedy.persist else (),
        way_back=(remedy.way_back_command,) if remedy.way_back_command else (),
        file=remedy.file,
        reason=remedy.reason_said,
        effect=remedy.replay_said,
        risk=remedy.risk_said,
    )
