"""MIN_FREE_KBYTES_TOO_LOW: below what this kernel would set by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insights.core.plugins import rule

from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.plan import Plan
from nopage.diagnosis.picture import Picture
from nopage.parsers.host_facts import Hostname, name_of
from nopage.rules.findings import min_free_kbytes_too_low as finding
from nopage.rules.knowledge import knowledge
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links

KEY = "MIN_FREE_KBYTES_TOO_LOW"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(
    Host, Plan, Kernel, optional=[Hostname],
    links=rule_links(KNOWN),
    tags=list(KNOWN.tags),
)
def report(
    host: Host,
    plan: Plan,
    kernel: Kernel,
    hostname: Sequence[Hostname] | None,
) -> Any:
    """Fires on the collected value and the zones' collected sizes, without them on MemTotal."""
    picture = Picture(host=host, plan=plan, kernel=kernel, hostname=name_of(hostname))
    return respond(finding(picture), picture)
