"""Who sets a sysctl at boot: the files of sysctl.d(5), tuned, and their order."""
from __future__ import annotations

from nopage.kernel.sysctl.conf import Assignment, Profile, assignments, printed, profile
from nopage.kernel.sysctl.order import winners
from nopage.kernel.sysctl.tuned import active_profile, profile_settings, reapplies

__all__ = [
    "Assignment",
    "Profile",
    "active_profile",
    "assignments",
    "printed",
    "profile",
    "profile_settings",
    "reapplies",
    "winners",
]
