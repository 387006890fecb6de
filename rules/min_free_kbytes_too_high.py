"""MIN_FREE_KBYTES_TOO_HIGH: more than 5 % of the memory that is really there is held back."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.plan import Plan
from nopage.diagnosis.watermark import memory_base, provenance, too_high
from nopage.parsers.host_facts import Hostname
from nopage.result import Severity
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import planned
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links, setting_finding

KEY = "MIN_FREE_KBYTES_TOO_HIGH"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(Host, Plan, Kernel, optional=[Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(host: Host, plan: Plan, kernel: Kernel, hostname: list[Hostname] | None) -> Any:
    """Fires on the collected value; a value in a report of long ago says nothing of today."""
    facts = host.facts
    zones = facts.collected.zones if facts.collected else ()
    current = facts.settings.get("min_free_kbytes")
    base = memory_base(kernel.release, zones, facts.total_kb, facts.huge_pages)
    own = provenance(
        kernel.release, zones, current, thp=facts.thp, total_kb=facts.total_kb, block_pages=facts.pageblock_pages
    )
    why = too_high(base, current, own.own_most_kb)
    if not why or base is None:
        return None
    known = knowledge(KEY)
    found = setting_finding(known, kernel, why, planned(plan, known, kernel.release), Severity.MODERATE)
    return respond(replace(found, min_free_kbytes=current, total_kb=facts.total_kb), hostname)
