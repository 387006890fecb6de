"""MIN_FREE_KBYTES_TOO_HIGH: more than 5 % of memory is held back."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.plan import Plan
from nopage.diagnosis.watermark import too_high
from nopage.parsers.host_facts import Hostname
from nopage.result import Severity
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import planned
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links, setting_finding

KEY = "MIN_FREE_KBYTES_TOO_HIGH"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(Memory, Kernel, Plan, optional=[Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(memory: Memory, kernel: Kernel, plan: Plan, hostname: list[Hostname] | None) -> Any:
    """Fires on the collected value; a value in a report of long ago says nothing of today."""
    current, total_kb = memory.settings.get("min_free_kbytes"), memory.total_kb
    why = too_high(total_kb, current)
    if not why or not total_kb:
        return None
    known = knowledge(KEY)
    found = setting_finding(known, kernel, why, planned(plan, known, kernel.release), Severity.MODERATE)
    return respond(replace(found, min_free_kbytes=current, total_kb=total_kb), hostname)
