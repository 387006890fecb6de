"""ATOMIC_ALLOCATION_FAILURE: a request that could not sleep found no memory.

Fires for every request that the generation's own test calls unable to sleep (KERNEL.md 1.3): with bit 5 it is
GFP_ATOMIC proper, without it GFP_NOWAIT.
"""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.failures import Failures
from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.combiners.plan import Plan
from nopage.diagnosis.article import Case, article_points
from nopage.diagnosis.host import Diagnosed
from nopage.kernel.message import Message
from nopage.parsers.host_facts import Hostname
from nopage.result.build import failures_of, groups_of, severity_of_failures
from nopage.rules.allocation_failure import finding
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import planned
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links

KEY = "ATOMIC_ALLOCATION_FAILURE"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(
    Diagnoses, Failures, Kernel, Plan, optional=[Memory, Network, Hostname, Host],
    links=rule_links(KNOWN),
    tags=list(KNOWN.tags),
)
def report(
    diagnoses: Diagnoses,
    failures: Failures,
    kernel: Kernel,
    plan: Plan,
    memory: Memory | None,
    network: Network | None,
    hostname: list[Hostname] | None,
    host: Host | None,
) -> Any:
    """One response for all atomic failures of the host, grouped, with cause, drops and remedies."""
    if not failures.atomic:
        return None
    known = knowledge(KEY)
    groups = diagnoses.of(atomic=True)
    drops = network.drops if network else None
    found = finding(
        known,
        diagnoses,
        failures,
        kernel,
        memory,
        atomic=True,
        plan=planned(plan, known, kernel.release or groups[0].example.failure.release),
        matters=drops.words if drops else [known.said("impact")],
        severity=severity_of_failures(groups[0].example, diagnoses.timeline, drops),
        article=article(groups[0].example, kernel, memory, network, host),
    )
    chosen = [one for one in diagnoses.all if one.failure.gfp.atomic is True]
    return respond(found, hostname, failures_of(chosen, trace=False), len(chosen), groups_of(groups))


def article(
    one: Diagnosed, kernel: Kernel, memory: Memory | None, network: Network | None, host: Host | None
) -> tuple[Message, ...]:
    """What the article says of the failure that is shown, for this host."""
    release = one.failure.release or kernel.release
    if release is None:
        return ()
    return article_points(
        Case(
            diagnosis=one.diagnosis,
            gfp=one.failure.gfp,
            release=release,
            kernel=kernel.release or release,
            collected=memory.state if memory else None,
            network=network.facts if network else None,
            drops=network.drops if network else None,
            activity=host.facts.activity if host else (),
            current_kb=memory.settings.get("min_free_kbytes") if memory else None,
        )
    )
