"""ATOMIC_RESERVE_AT_RISK: nothing has failed yet, but there is evidence that the next request that cannot wait will."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insights.core.plugins import rule

from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.outlook import Outlook
from nopage.combiners.plan import Plan
from nopage.diagnosis.picture import Picture
from nopage.parsers.host_facts import Hostname, name_of
from nopage.rules.findings import atomic_reserve_at_risk as finding
from nopage.rules.knowledge import knowledge
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links

KEY = "ATOMIC_RESERVE_AT_RISK"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(
    Outlook, Host, Kernel, Plan, optional=[Hostname],
    links=rule_links(KNOWN),
    tags=list(KNOWN.tags),
)
def report(
    outlook: Outlook,
    host: Host,
    kernel: Kernel,
    plan: Plan,
    hostname: Sequence[Hostname] | None,
) -> Any:
    """Replays on the collected state the orders that something here asks for, and reads the pressure counters.

    Silent where an atomic request has failed already: then the failure's own finding says more.
    """
    picture = Picture(outlook=outlook, host=host, kernel=kernel, plan=plan, hostname=name_of(hostname))
    return respond(finding(picture), picture)
