"""MIN_FREE_KBYTES_TOO_HIGH: more than 5 % of the memory that is really there is held back."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.diagnosis.watermark import BOUND_PERCENT, memory_base, part_of, provenance, too_high
from nopage.kernel.message import NOTHING, say
from nopage.parsers.host_facts import Hostname
from nopage.result import Severity
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import remedies_in_words, set_min_free_kbytes
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links, setting_finding

KEY = "MIN_FREE_KBYTES_TOO_HIGH"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}
LOWER = "lower_min_free_kbytes"


@rule(Host, Memory, Kernel, optional=[Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(host: Host, memory: Memory, kernel: Kernel, hostname: list[Hostname] | None) -> Any:
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
    value = base.bound_kb(own.own_most_kb)
    reason = say(
        "remedy.lower_min_free_kbytes.reason",
        "{bound_percent} % of {part}, or the kernel's own default where that is more{own}.",
        bound_percent=BOUND_PERCENT,
        part=part_of(base),
        own=say(
            "remedy.lower_min_free_kbytes.own", "; the kernel's own default here is {default_kb} kB",
            default_kb=own.own_kb,
        )
        if own.own_kb
        else NOTHING,
    )
    risk = say("remedy.lower_min_free_kbytes.risk", "If atomic failures begin, raise it again in steps.")
    lower = set_min_free_kbytes(known, LOWER, value, reason, risk, kernel, memory)
    others = [one for one in remedies_in_words(known, kernel.release) if one.action != LOWER]
    found = setting_finding(known, kernel, why, [lower, *others], Severity.MODERATE)
    return respond(replace(found, min_free_kbytes=current, total_kb=facts.total_kb), hostname)
