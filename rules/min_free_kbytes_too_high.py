"""MIN_FREE_KBYTES_TOO_HIGH: more than 5 % of memory is held back."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.diagnosis.watermark import too_high
from nopage.kernel.message import NOTHING, say
from nopage.parsers.host_facts import Hostname
from nopage.result import Severity
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import most_kb, own_default_kb, remedies_in_words, set_min_free_kbytes
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links, setting_finding

KEY = "MIN_FREE_KBYTES_TOO_HIGH"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}
LOWER = "lower_min_free_kbytes"


@rule(Memory, Kernel, optional=[Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(memory: Memory, kernel: Kernel, hostname: list[Hostname] | None) -> Any:
    """Fires on the collected value; a value in a report of long ago says nothing of today."""
    current, total_kb = memory.settings.get("min_free_kbytes"), memory.total_kb
    why = too_high(total_kb, current)
    if not why or not total_kb:
        return None
    known = knowledge(KEY)
    most = most_kb(total_kb)
    default = own_default_kb(kernel, memory)
    value = min(max(default or 0, total_kb * 5 // 1000), most)
    reason = say(
        "remedy.lower_min_free_kbytes.reason",
        "0.5 % of memory or the kernel's own default, whichever is more; never above {most_kb} kB (5 %){own}.",
        most_kb=most,
        own=say(
            "remedy.lower_min_free_kbytes.own", "; the kernel's own default here is {default_kb} kB", default_kb=default
        )
        if default
        else NOTHING,
    )
    risk = say("remedy.lower_min_free_kbytes.risk", "If atomic failures begin, raise it again in steps.")
    lower = set_min_free_kbytes(known, LOWER, value, reason, risk, kernel, memory)
    others = [one for one in remedies_in_words(known, kernel.release) if one.action != LOWER]
    found = setting_finding(known, kernel, why, [lower, *others], Severity.MODERATE)
    return respond(replace(found, min_free_kbytes=current, total_kb=total_kb), hostname)
