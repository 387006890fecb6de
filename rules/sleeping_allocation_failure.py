"""SLEEPING_ALLOCATION_FAILURE: the look-alike. The request could sleep and reclaim, and failed nevertheless."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insights.core.plugins import rule

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.plan import Plan
from nopage.diagnosis.picture import Picture
from nopage.parsers.host_facts import Hostname, name_of
from nopage.rules.findings import sleeping_failures as finding
from nopage.rules.knowledge import knowledge
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links

KEY = "SLEEPING_ALLOCATION_FAILURE"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(
    Diagnoses, Failures, Kernel, Plan, optional=[Memory, Hostname],
    links=rule_links(KNOWN),
    tags=list(KNOWN.tags),
)
def report(
    diagnoses: Diagnoses,
    failures: Failures,
    kernel: Kernel,
    plan: Plan,
    memory: Memory | None,
    hostname: Sequence[Hostname] | None,
) -> Any:
    """One response for all failures whose request could sleep; its remedies are not those of atomic failures."""
    picture = Picture(
        diagnoses=diagnoses, failures=failures, kernel=kernel, plan=plan, memory=memory, hostname=name_of(hostname),
    )
    return respond(finding(picture), picture)
