"""MIN_FREE_KBYTES_TOO_LOW: below what this kernel would set by itself."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.plan import Plan
from nopage.diagnosis.watermark import too_low
from nopage.parsers.host_facts import Hostname
from nopage.result import Severity
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import planned
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links, setting_finding

KEY = "MIN_FREE_KBYTES_TOO_LOW"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(Host, Plan, Kernel, optional=[Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(host: Host, plan: Plan, kernel: Kernel, hostname: list[Hostname] | None) -> Any:
    """Fires on the collected value and the zones' collected sizes, without them on MemTotal."""
    facts = host.facts
    zones = facts.collected.zones if facts.collected else ()
    current = facts.settings.get("min_free_kbytes")
    evidence = {"total_kb": facts.total_kb, "block_pages": facts.pageblock_pages}
    why = too_low(kernel.release, zones, current, thp=facts.thp, **evidence)
    if not why:
        return None
    known = knowledge(KEY)
    found = setting_finding(known, kernel, why, planned(plan, known, kernel.release), Severity.LOW)
    return respond(replace(found, min_free_kbytes=current), hostname)
