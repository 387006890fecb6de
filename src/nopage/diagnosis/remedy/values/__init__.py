"""How large a reserve may become and should be, and what new settings do to the zones' marks."""
from __future__ import annotations

from nopage.diagnosis.remedy.values.bounds import NODE_KB, Bounds, bounds_of
from nopage.diagnosis.remedy.values.marks import ZoneChange, all_above, changes
from nopage.diagnosis.remedy.values.reserve import ReserveValue, present_at_failure, reserve_value, worthwhile
from nopage.diagnosis.remedy.values.rings import SHARE_DENOMINATOR, SHARE_NUMERATOR, is_fast, nic_needs, reserve_for
from nopage.diagnosis.remedy.values.rx_buffers import STANDARD_MTU, Scheme, scheme_of

__all__ = [
    "NODE_KB",
    "SHARE_DENOMINATOR",
    "SHARE_NUMERATOR",
    "STANDARD_MTU",
    "Bounds",
    "ReserveValue",
    "Scheme",
    "ZoneChange",
    "all_above",
    "bounds_of",
    "changes",
    "is_fast",
    "nic_needs",
    "present_at_failure",
    "reserve_for",
    "reserve_value",
    "scheme_of",
    "worthwhile",
]
