"""From facts to the contract: the types filled, the plan drawn up, the whole result in one sentence."""
from __future__ import annotations

from nopage.result.build.facts import (
    context_of,
    failures_of,
    group_of,
    groups_of,
    network_of,
    slub_of,
    timeline_of,
)
from nopage.result.build.fixes import known_fixes_of
from nopage.result.build.memory import memory_of
from nopage.result.build.planning import plan_of, remedy_of
from nopage.result.build.verdict import severity_of, severity_of_failures, verdict_of

__all__ = [
    "context_of",
    "failures_of",
    "group_of",
    "groups_of",
    "known_fixes_of",
    "memory_of",
    "network_of",
    "plan_of",
    "remedy_of",
    "severity_of",
    "severity_of_failures",
    "slub_of",
    "timeline_of",
    "verdict_of",
]
