"""What to do: each remedy with its value, what it does to the zones, its risk and its way back."""
from __future__ import annotations

from nopage.diagnosis.remedy.nic_needs import SHARE_DENOMINATOR, SHARE_NUMERATOR, nic_needs, reserve_for
from nopage.diagnosis.remedy.remedies import remedies
from nopage.diagnosis.remedy.remedy import Remedy, persistent_form, sysctl_file, sysctl_remedy, way_back
from nopage.diagnosis.remedy.reserve_value import Situation

__all__ = [
    "SHARE_DENOMINATOR",
    "SHARE_NUMERATOR",
    "Remedy",
    "Situation",
    "nic_needs",
    "persistent_form",
    "remedies",
    "reserve_for",
    "sysctl_file",
    "sysctl_remedy",
    "way_back",
]
