"""SLEEPING_ALLOCATION_FAILURE: the look-alike. The request could sleep and reclaim, and failed nevertheless."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.plan import Plan
from nopage.parsers.host_facts import Hostname
from nopage.result.build import failures_of, groups_of, severity_of_failures
from nopage.rules.allocation_failure import finding
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import planned
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
    hostname: list[Hostname] | None,
) -> Any:
    """One response for all failures whose request could sleep; its remedies are not those of atomic failures."""
    if not failures.sleeping:
        return None
    known = knowledge(KEY)
    groups = diagnoses.of(atomic=False)
    found = finding(
        known,
        diagnoses,
        failures,
        kernel,
        memory,
        atomic=False,
        plan=planned(plan, known, kernel.release or groups[0].example.failure.release),
        matters=[known.said("impact")],
        severity=severity_of_failures(groups[0].example, diagnoses.timeline, None),
    )
    chosen = [one for one in diagnoses.all if one.failure.gfp.atomic is False]
    return respond(found, hostname, failures_of(chosen, trace=False), len(chosen), groups_of(groups))
