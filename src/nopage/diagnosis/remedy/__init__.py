"""What to do on a host: one plan, each step with its value, tried on the printed state before it is offered."""
from __future__ import annotations

from nopage.diagnosis.remedy.persist import load_command
from nopage.diagnosis.remedy.plan import plan_host
from nopage.diagnosis.remedy.problem import Kind, Problem, failure_problem
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import PARAGRAPH, DoNot, HostPlan, Persist, Stage, Step
from nopage.diagnosis.remedy.trial import mtu_now, mtu_told, tried
from nopage.diagnosis.remedy.values import (
    SHARE_DENOMINATOR,
    SHARE_NUMERATOR,
    STANDARD_MTU,
    nic_needs,
    reserve_for,
)

__all__ = [
    "PARAGRAPH",
    "SHARE_DENOMINATOR",
    "SHARE_NUMERATOR",
    "STANDARD_MTU",
    "DoNot",
    "HostPlan",
    "Kind",
    "Persist",
    "Problem",
    "Situation",
    "Stage",
    "Step",
    "failure_problem",
    "load_command",
    "mtu_now",
    "mtu_told",
    "nic_needs",
    "plan_host",
    "reserve_for",
    "tried",
]
