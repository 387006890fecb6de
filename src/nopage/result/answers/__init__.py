"""The contracts beside the result's: what explain, rules and diff print as JSON."""

from __future__ import annotations

from nopage.result.answers.difference import (
    CounterChange,
    Difference,
    Differences,
    FindingChange,
    How,
    Outcome,
    SettingChange,
    Side,
    StepDone,
    StepState,
)
from nopage.result.answers.mask import Flag, Mask, Masks, mask_explained
from nopage.result.answers.rules import Rule, RuleRemedy, RuleRow, Rules
from nopage.result.answers.schemas import SCHEMAS, answer_schema

__all__ = [
    "SCHEMAS",
    "CounterChange",
    "Difference",
    "Differences",
    "FindingChange",
    "Flag",
    "How",
    "Mask",
    "Masks",
    "Outcome",
    "Rule",
    "RuleRemedy",
    "RuleRow",
    "Rules",
    "SettingChange",
    "Side",
    "StepDone",
    "StepState",
    "answer_schema",
    "mask_explained",
]
