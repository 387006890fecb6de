"""MIN_FREE_KBYTES_TOO_LOW: below what this kernel would set by itself."""

from __future__ import annotations

from msgspec.structs import replace

from nopage.diagnosis.picture import Picture
from nopage.diagnosis.watermark import too_low
from nopage.result import Finding, Severity
from nopage.rules.findings.remedies import planned
from nopage.rules.findings.shared import setting_finding
from nopage.rules.knowledge import knowledge

KEY = "MIN_FREE_KBYTES_TOO_LOW"


def min_free_kbytes_too_low(picture: Picture) -> Finding | None:
    """Found by the collected value and the zones' collected sizes, without them by MemTotal."""
    host, plan, kernel = picture.host, picture.plan, picture.kernel
    if host is None or plan is None or kernel is None:
        return None
    facts = host.facts
    zones = facts.collected.zones if facts.collected else ()
    current = facts.settings.get("min_free_kbytes")
    evidence = {"total_kb": facts.total_kb, "block_pages": facts.pageblock_pages}
    why = too_low(kernel.release, zones, current, thp=facts.thp, **evidence)
    if not why:
        return None
    known = knowledge(KEY)
    found = setting_finding(known, kernel, why, planned(plan, known, kernel.release), Severity.LOW)
    return replace(found, min_free_kbytes=current)
