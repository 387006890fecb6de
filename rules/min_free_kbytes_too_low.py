"""MIN_FREE_KBYTES_TOO_LOW: below 1024 kB, or below what this kernel would set by itself."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.diagnosis.watermark import LEAST_KB, too_low
from nopage.kernel.message import NOTHING, say
from nopage.parsers.host_facts import Hostname
from nopage.result import Severity
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import own_default_kb, set_min_free_kbytes
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import respond, rule_links, setting_finding

KEY = "MIN_FREE_KBYTES_TOO_LOW"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(Memory, Kernel, optional=[Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(memory: Memory, kernel: Kernel, hostname: list[Hostname] | None) -> Any:
    """Fires on the collected value and the zones' collected sizes."""
    current = memory.settings.get("min_free_kbytes")
    why = too_low(kernel.release, memory.state.zones if memory.state else (), current)
    if not why:
        return None
    known = knowledge(KEY)
    default = own_default_kb(kernel, memory)
    value = max(default or 0, LEAST_KB)
    reason = say(
        "remedy.own_default.reason", "What this kernel sets by itself for this much memory, huge pages included."
    )
    if default is None:
        reason = say(
            "remedy.least.reason",
            "The least that the kernel's documentation calls safe; the default could not be computed.",
        )
    remedy = set_min_free_kbytes(known, "raise_min_free_kbytes", value, reason, NOTHING, kernel, memory)
    found = setting_finding(known, kernel, why, [remedy], Severity.LOW)
    return respond(replace(found, min_free_kbytes=current), hostname)
