"""Findings, purely: the host's picture to what is wrong on it. The insights rules call these, one each."""

from __future__ import annotations

from nopage.rules.findings.at_risk import atomic_reserve_at_risk
from nopage.rules.findings.atomic import atomic_failures
from nopage.rules.findings.fields import bounded, fields_of, fitting, found_in, shortened
from nopage.rules.findings.silent import silent_failures
from nopage.rules.findings.sleeping import sleeping_failures
from nopage.rules.findings.table import FINDINGS, looked_for
from nopage.rules.findings.too_high import min_free_kbytes_too_high
from nopage.rules.findings.too_low import min_free_kbytes_too_low

__all__ = [
    "FINDINGS",
    "atomic_failures",
    "atomic_reserve_at_risk",
    "bounded",
    "fields_of",
    "fitting",
    "found_in",
    "looked_for",
    "min_free_kbytes_too_high",
    "min_free_kbytes_too_low",
    "shortened",
    "silent_failures",
    "sleeping_failures",
]
