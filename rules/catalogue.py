"""Every rule of nopage, in the order their findings are shown. A new rule is one row here."""
from __future__ import annotations

from typing import Any

from nopage.rules import (
    atomic_allocation_failure,
    atomic_reserve_at_risk,
    min_free_kbytes_too_high,
    min_free_kbytes_too_low,
    sleeping_allocation_failure,
)

RULES: tuple[Any, ...] = (
    atomic_allocation_failure.report,
    sleeping_allocation_failure.report,
    min_free_kbytes_too_high.report,
    min_free_kbytes_too_low.report,
    atomic_reserve_at_risk.report,
)
