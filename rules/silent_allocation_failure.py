"""SILENT_ALLOCATION_FAILURE: counters say that memory was asked for in vain, and no report tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insights.core.plugins import rule

from nopage.combiners.kernel import Kernel
from nopage.combiners.network import Network
from nopage.combiners.outlook import Outlook
from nopage.combiners.plan import Plan
from nopage.diagnosis.picture import Picture
from nopage.parsers.host_facts import Hostname, name_of
from nopage.rules.findings import silent_failures as finding
from nopage.rules.knowledge import knowledge
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links

KEY = "SILENT_ALLOCATION_FAILURE"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(
    Outlook, Network, Kernel, Plan, optional=[Hostname],
    links=rule_links(KNOWN),
    tags=list(KNOWN.tags),
)
def report(
    outlook: Outlook,
    network: Network,
    kernel: Kernel,
    plan: Plan,
    hostname: Sequence[Hostname] | None,
) -> Any:
    """Counters of the interfaces that mean "no memory"; a failure where packets were lost with them or they grow.

    Silent where a failed request on a network path was reported: then that failure's own finding tells the counters.
    """
    picture = Picture(outlook=outlook, network=network, kernel=kernel, plan=plan, hostname=name_of(hostname))
    return respond(finding(picture), picture)
