"""Every rule of nopage, in the order their findings are shown. A new rule is one row here."""

from __future__ import annotations

from typing import Any

from nopage.rules.atomic_allocation_failure import report as atomic_allocation_failure
from nopage.rules.atomic_reserve_at_risk import report as atomic_reserve_at_risk
from nopage.rules.min_free_kbytes_too_high import report as min_free_kbytes_too_high
from nopage.rules.min_free_kbytes_too_low import report as min_free_kbytes_too_low
from nopage.rules.silent_allocation_failure import report as silent_allocation_failure
from nopage.rules.sleeping_allocation_failure import report as sleeping_allocation_failure

RULES: tuple[Any, ...] = (
    atomic_allocation_failure,
    sleeping_allocation_failure,
    silent_allocation_failure,
    min_free_kbytes_too_high,
    min_free_kbytes_too_low,
    atomic_reserve_at_risk,
)
