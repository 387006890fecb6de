"""What a row of the table of actions is, and what it may look at beside its own problem."""
from __future__ import annotations

from collections.abc import Callable

from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step
from nopage.diagnosis.remedy.values import ReserveValue
from nopage.diagnosis.remedy.what_if import Change
from nopage.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """The host's one value of the reserve, and all of its problems."""

    situations: tuple[Situation, ...]
    value: ReserveValue


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step, and the change to try on the printed state; None where no replay can tell what the step does."""

    step: Step
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One action: when it may apply, and its step with its exact value (None where there is none after all)."""

    action: str
    applies: Callable[[Situation], bool]
    propose: Callable[[Situation, Context], Proposal | None]
