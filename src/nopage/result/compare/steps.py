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
        before, after, state = kernel_state(step, old, new)
    elif step.setting is not None and step.setting.startswith("vm."):
        after, state = setting_state(step, new)
    elif step.action == "lower_order":
        before, after, state = mtu_state(step, old, new)
    elif step.action == "add_memory":
        before, after, state = memory_state(old, new)
    return StepDone(
        number=step.number, action=step.action, setting=step.setting, wanted=step.value, before=before, after=after,
        wanted_said=step.value_said, state=state,
    )


def setting_state(step: Step, new: Result) -> tuple[str | int | None, StepState]:
    """A sysctl: as it was to become or beyond it, on the way, as before, or the other way."""
    name = (step.setting or "").removeprefix("vm.")
    now = new.memory.settings.get(name) if new.memory is not None else None
    wanted, before = number(step.value), number(step.before)
    if now is None or wanted is None:
        return now, StepState.CANNOT_BE_TOLD
    if before is None or wanted == before:
        return now, StepState.DONE if now == wanted else StepState.CANNOT_BE_TOLD
    gone, whole = now - before, wanted - before
    if gone == 0:
        return now, StepState.NOT_DONE
    if (gone > 0) is not (whole > 0):
        return now, StepState.UNDONE
    return now, StepState.DONE if abs(gone) >= abs(whole) else StepState.PARTLY


def kernel_state(step: Step, old: Result, new: Result) -> tuple[str | None, str | None, StepState]:
    """An update: to the build that was named, to another one, or none."""
    before, after = old.kernel.release, new.kernel.release
    asked = BUILD.search(str(step.value or ""))
    release = parse_release(after) if after else None
    if asked is None or release is None:
        return before, after, StepState.NOT_DONE if after and after == before else StepState.CANNOT_BE_TOLD
    if release.at_least(asked[0]):
        return before, after, StepState.DONE
    return before, after, StepState.NOT_DONE if after == before else StepState.PARTLY


def mtu_state(step: Step, old: Result, new: Result) -> tuple[int | None, int | None, StepState]:
    """A smaller MTU on the interface that was named."""
    asked = MTU.search(str(step.value or ""))
    if asked is None:
        return None, None, StepState.CANNOT_BE_TOLD
    before, after = (
        next((one.mtu for one in (result.network.interfaces if result.network else ()) if one.name == asked[2]), None)
        for result in (old, new)
    )
    if after is None:
        return before, after, StepState.CANNOT_BE_TOLD
    if after <= int(asked[1]):
        return before, after, StepState.DONE
    return before, after, StepState.NOT_DONE if after == before else StepState.PARTLY


def memory_state(old: Result, new: Result) -> tuple[int | None, int | None, StepState]:
    """More memory; a few per cent come and go with the kernel."""
    before, after = (result.memory.total_kb if result.memory else None for result in (old, new))
    if before is None or after is None:
        return before, after, StepState.CANNOT_BE_TOLD
    return before, after, StepState.DONE if after > before * 1.05 else StepState.NOT_DONE


def number(value: str | int | None) -> int | None:
    """A value as a number; None where it is none."""
    if isinstance(value, int):
        return value
    return int(value) if value is not None and value.isdecimal() else None
