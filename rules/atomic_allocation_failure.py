"""ATOMIC_ALLOCATION_FAILURE: a request that could not sleep found no memory.

Fires for every request that the generation's own test calls unable to sleep (KERNEL.md 1.3): with bit 5 it is
GFP_ATOMIC proper, without it GFP_NOWAIT.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insights.core.plugins import rule

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.failures import Failures
from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.combiners.plan import Plan
from nopage.diagnosis.picture import Picture
from nopage.parsers.host_facts import Hostname, name_of
from nopage.rules.findings import atomic_failures as finding
from nopage.rules.knowledge import knowledge
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
    hostname: Sequence[Hostname] | None,
    host: Host | None,
) -> Any:
    """One response for all atomic failures of the host, grouped, with cause, drops and remedies."""
    picture = Picture(
        kernel, failures, memory, diagnoses, network, host, plan=plan, hostname=name_of(hostname)
    )
    return respond(finding(picture), picture)
