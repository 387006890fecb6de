"""MIN_FREE_KBYTES_TOO_LOW: below what this kernel would set by itself."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.diagnosis.watermark import FLOOR_KB, provenance, too_low
from nopage.kernel.message import NOTHING, say
from nopage.parsers.host_facts import Hostname
from nopage.result import Severity
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import set_min_free_kbytes
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links, setting_finding

KEY = "MIN_FREE_KBYTES_TOO_LOW"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(Host, Memory, Kernel, optional=[Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(host: Host, memory: Memory, kernel: Kernel, hostname: list[Hostname] | None) -> Any:
    """Fires on the collected value and the zones' collected sizes, without them on MemTotal."""
    facts = host.facts
    zones = facts.collected.zones if facts.collected else ()
    current = facts.settings.get("min_free_kbytes")
    evidence = {"total_kb": facts.total_kb, "block_pages": facts.pageblock_pages}
    why = too_low(kernel.release, zones, current, thp=facts.thp, **evidence)
    if not why:
        return None
    own = provenance(kernel.release, zones, current, thp=facts.thp, **evidence)
    value = own.own_kb
    if value is None:
        value = FLOOR_KB
        reason = say(
            "remedy.floor.reason",
            "The least that any kernel sets by itself; this host's own default could not be computed.",
        )
    elif own.thp_sure and own.thp_kb == value:
        reason = say(
            "remedy.own_default.reason", "What this kernel sets by itself for this much memory, huge pages included."
        )
    else:
        reason = say("remedy.own_default.plain", "What this kernel sets by itself for this much memory.")
    known = knowledge(KEY)
    remedy = set_min_free_kbytes(known, "raise_min_free_kbytes", value, reason, NOTHING, kernel, memory)
    found = setting_finding(known, kernel, why, [remedy], Severity.LOW)
    return respond(replace(found, min_free_kbytes=current), hostname)
