"""MIN_FREE_KBYTES_TOO_HIGH: more than 5 % of memory is held back."""
from __future__ import annotations

from typing import Any

from insights.core.plugins import make_fail, rule

from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.diagnosis.watermark import too_high
from nopage.rules.knowledge_base import knowledge
from nopage.rules.remedies import most_kb, own_default_kb, set_min_free_kbytes, words_of
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import rule_links, setting_fields

KEY = "MIN_FREE_KBYTES_TOO_HIGH"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(Memory, Kernel, links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(memory: Memory, kernel: Kernel) -> Any:
    """Fires on the collected value; a value in a report of long ago says nothing of today."""
    current, total_kb = memory.settings.get("min_free_kbytes"), memory.total_kb
    why = str(too_high(total_kb, current))
    if not why or not total_kb:
        return None
    known = knowledge(KEY)
    most = most_kb(total_kb)
    default = own_default_kb(kernel, memory)
    value = min(max(default or 0, total_kb * 5 // 1000), most)
    own = f"; the kernel's own default here is {default} kB" if default else ""
    reason = f"0.5 % of memory or the kernel's own default, whichever is more; never above {most} kB (5 %){own}."
    risk = "If atomic failures begin, raise it again in steps."
    lower = set_min_free_kbytes(known, "lower_min_free_kbytes", value, reason, risk, kernel, memory)
    others = [one for one in words_of(known, kernel.release) if one["action"] != "lower_min_free_kbytes"]
    fields = setting_fields(known, kernel, why, [lower, *others])
    return make_fail(KEY, **fields, min_free_kbytes=current, total_kb=total_kb)
