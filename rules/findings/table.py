"""Every finding there is, in the order they are shown. A new one is a row here, and a rule in the rules' catalogue."""

from __future__ import annotations

from collections.abc import Callable

from nopage.diagnosis.picture import Picture
from nopage.result import Finding, FindingType
from nopage.rules.findings.at_risk import atomic_reserve_at_risk
from nopage.rules.findings.atomic import atomic_failures
from nopage.rules.findings.fields import fields_of, found_in
from nopage.rules.findings.silent import silent_failures
from nopage.rules.findings.sleeping import sleeping_failures
from nopage.rules.findings.too_high import min_free_kbytes_too_high
from nopage.rules.findings.too_low import min_free_kbytes_too_low

FINDINGS: tuple[Callable[[Picture], Finding | None], ...] = (
    atomic_failures,
    sleeping_failures,
    silent_failures,
    min_free_kbytes_too_high,
    min_free_kbytes_too_low,
    atomic_reserve_at_risk,
)


def looked_for(look: Callable[[Picture], Finding | None], picture: Picture) -> Finding | None:
    """One of FINDINGS on a host, bounded as a rule's response is; None where there is none."""
    found = look(picture)
    if found is None:
        return None
    fields = fields_of(found, picture)
    return found_in(fields, fields["key"], FindingType(fields["type"]))
