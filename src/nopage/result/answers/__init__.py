"""The contracts beside the result's: what explain, rules, diff and the fleet's commands print as JSON."""

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
from nopage.result.answers.fleet_diff import (
    FleetDiff,
    HostChange,
    Moved,
    PlanDone,
    ProblemChange,
    Turn,
    TurnCount,
)
from nopage.result.answers.fleet_report import (
    Change,
    FleetReport,
    FleetTotals,
    HostLine,
    Period,
    Problem,
    Request,
    ReserveCell,
    Share,
    Unread,
)
from nopage.result.answers.mask import Flag, Mask, Masks, mask_explained
from nopage.result.answers.rules import Rule, RuleRemedy, RuleRow, Rules
from nopage.result.answers.schemas import SCHEMAS, answer_schema

__all__ = [
    "SCHEMAS",
    "Change",
    "CounterChange",
    "Difference",
    "Differences",
    "FindingChange",
    "Flag",
    "FleetDiff",
    "FleetReport",
    "FleetTotals",
    "HostChange",
    "HostLine",
    "How",
    "Mask",
    "Masks",
    "Moved",
    "Outcome",
    "Period",
    "PlanDone",
    "Problem",
    "ProblemChange",
    "Request",
    "ReserveCell",
    "Rule",
    "RuleRemedy",
    "RuleRow",
    "Rules",
    "SettingChange",
    "Share",
    "Side",
    "StepDone",
    "StepState",
    "Turn",
    "TurnCount",
    "Unread",
    "answer_schema",
    "mask_explained",
]
