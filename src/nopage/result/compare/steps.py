"""Whether the steps of the old plan were carried out, by what the new collection shows."""

from __future__ import annotations

import re

from nopage.kernel.release import parse_release
from nopage.result.answers import StepDone, StepState
from nopage.result.plan import Step
from nopage.result.result import Result

BUILD = re.compile(r"\b\d\.\d+\.\d+-\d[\d.]*\d|\b\d\.\d+\.\d+-\d")
MTU = re.compile(r"MTU (\d+) on (\S+)")


def steps_done(old: Result, new: Result) -> tuple[StepDone, ...]:
    """Each step of the old plan, and what became of it."""
    return tuple(step_done(one, old, new) for one in old.plan.steps if one.action != "none_needed")


def step_done(step: Step, old: Result, new: Result) -> StepDone:
    before: str | int | None = step.before
    after: str | int | None = None
    state = StepState.CANNOT_BE_TOLD
    if step.action == "update_kernel":
        before, after = old.kernel.release, new.kernel.release
        state = kernel_state(step.value, before, after)
    elif step.setting is not None and step.setting.startswith("vm."):
        name = step.setting.removeprefix("vm.")
        after = new.memory.settings.get(name) if new.memory is not None else None
        state = setting_state(step.value, step.before, after)
    elif step.action == "lower_order":
        asked = MTU.search(str(step.value or ""))
        if asked is not None:
            before, after = (mtu_of(result, asked[2]) for result in (old, new))
            state = mtu_state(int(asked[1]), before, after)
    elif step.action == "add_memory":
        before, after = (result.memory.total_kb if result.memory else None for result in (old, new))
        state = memory_state(before, after)
    return StepDone(
        number=step.number, action=step.action, setting=step.setting, wanted=step.value, before=before, after=after,
        wanted_said=step.value_said, state=state,
    )


def mtu_of(result: Result, interface: str) -> int | None:
    """The MTU of one interface."""
    interfaces = result.network.interfaces if result.network else ()
    return next((one.mtu for one in interfaces if one.name == interface), None)


def setting_state(value: str | int | None, then: str | int | None, now: int | None) -> StepState:
    """A sysctl: as it was to become or beyond it, on the way, as before, or the other way."""
    wanted, before = number(value), number(then)
    if now is None or wanted is None:
        return StepState.CANNOT_BE_TOLD
    if before is None or wanted == before:
        return StepState.DONE if now == wanted else StepState.CANNOT_BE_TOLD
    gone, whole = now - before, wanted - before
    if gone == 0:
        return StepState.NOT_DONE
    if (gone > 0) is not (whole > 0):
        return StepState.UNDONE
    return StepState.DONE if abs(gone) >= abs(whole) else StepState.PARTLY


def kernel_state(value: str | int | None, before: str | None, after: str | None) -> StepState:
    """An update: to the build that was named, to another one, or none."""
    asked = BUILD.search(str(value or ""))
    release = parse_release(after) if after else None
    if asked is None or release is None:
        return StepState.NOT_DONE if after and after == before else StepState.CANNOT_BE_TOLD
    if release.at_least(asked[0]):
        return StepState.DONE
    return StepState.NOT_DONE if after == before else StepState.PARTLY


def mtu_state(wanted: int, before: int | None, after: int | None) -> StepState:
    """A smaller MTU on the interface that was named."""
    if after is None:
        return StepState.CANNOT_BE_TOLD
    if after <= wanted:
        return StepState.DONE
    return StepState.NOT_DONE if after == before else StepState.PARTLY


def memory_state(before_kb: int | None, after_kb: int | None) -> StepState:
    """More memory; a few per cent come and go with the kernel."""
    if before_kb is None or after_kb is None:
        return StepState.CANNOT_BE_TOLD
    return StepState.DONE if after_kb > before_kb * 1.05 else StepState.NOT_DONE


def number(value: str | int | None) -> int | None:
    """A value as a number; None where it is none."""
    if isinstance(value, int):
        return value
    return int(value) if value is not None and value.isdecimal() else None
