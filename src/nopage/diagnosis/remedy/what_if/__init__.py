"""Every step is tried before it is offered: the printed state, replayed for the failed request after a change."""
from __future__ import annotations

from nopage.diagnosis.remedy.what_if.change import (
    AnyNode,
    Change,
    HugePagesBack,
    LowerOrder,
    NewerRule,
    NewMarks,
    NoBoost,
    newer_rules,
)
from nopage.diagnosis.remedy.what_if.effect import Effect, Verdict, cannot_try, what_if
from nopage.diagnosis.remedy.what_if.ground import Ground, ground_of

__all__ = [
    "AnyNode",
    "Change",
    "Effect",
    "Ground",
    "HugePagesBack",
    "LowerOrder",
    "NewMarks",
    "NewerRule",
    "NoBoost",
    "Verdict",
    "cannot_try",
    "ground_of",
    "newer_rules",
    "what_if",
]
