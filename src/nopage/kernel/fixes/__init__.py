"""Known problems of kernels and drivers with the build that has the fix."""
from __future__ import annotations

from nopage.kernel.fixes.match import fixes_for
from nopage.kernel.fixes.tables import (
    EASES,
    FIXES,
    HIDES,
    ORDER_0_TAKES_HIGHATOMIC,
    ORDER_0_TAKES_HIGHATOMIC_UPSTREAM,
    TABLE,
    Fix,
)

__all__ = [
    "EASES",
    "FIXES",
    "HIDES",
    "ORDER_0_TAKES_HIGHATOMIC",
    "ORDER_0_TAKES_HIGHATOMIC_UPSTREAM",
    "TABLE",
    "Fix",
    "fixes_for",
]
