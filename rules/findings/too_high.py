"""MIN_FREE_KBYTES_TOO_HIGH: more than 5 % of the memory that is really there is held back."""

from __future__ import annotations

from msgspec.structs import replace

from nopage.diagnosis.picture import Picture
from nopage.diagnosis.watermark import memory_base, provenance, too_high
from nopage.result import Finding, Severity
from nopage.rules.findings.remedies import planned
from nopage.rules.findings.shared import setting_finding
from nopage.rules.knowledge import knowledge

KEY = "MIN_FREE_KBYTES_TOO_HIGH"


def min_free_kbytes_too_high(picture: Picture) -> Finding | None:
    """Found by the collected value; a value in a report of long ago says nothing of today."""
    host, plan, kernel = picture.host, picture.plan, picture.kernel
    if host is None or plan is None or kernel is None:
        return None
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
    return replace(found, min_free_kbytes=current, total_kb=facts.total_kb)
