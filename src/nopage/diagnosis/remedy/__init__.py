"""What to do: each remedy with its value, what it does to the zones, its risk and its way back."""
from __future__ import annotations

from nopage.diagnosis.remedy.nic_needs import SHARE_DENOMINATOR, SHARE_NUMERATOR, nic_needs, reserve_for
from nopage.diagnosis.remedy.remedies import remedies
from nopage.diagnosis.remedy.remedy import PARAGRAPH, Remedy, load_command, sysctl_remedy
from nopage.diagnosis.remedy.reserve_value import Situation

__all__ = [
    "PARAGRAPH",
    "SHARE_DENOMINATOR",
    "SHARE_NUMERATOR",
    "Remedy",
    "Situation",
    "load_command",
    "nic_needs",
    "remedies",
    "reserve_for",
    "sysctl_remedy",
]
