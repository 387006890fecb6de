"""What the logs of one host tell together: copies of one event are one, events of one kind are a group."""
from __future__ import annotations

from nopage.diagnosis.host.activity import Moments, activity
from nopage.diagnosis.host.events import (
    Event,
    merge,
    report_key,
    reports_alike,
    reports_damaged,
    shown_report,
    suppressed_key,
)
from nopage.diagnosis.host.facts import Activity, HostFacts, Pressure, SettingSource
from nopage.diagnosis.host.gather import (
    balloons,
    huge_pages,
    nic_nodes,
    pageblock_pages,
    setting_sources,
    slab_kb,
    tuned_profile,
    zones_kb,
)
from nopage.diagnosis.host.groups import Diagnosed, Failure, Group, grouped, signature_of
from nopage.diagnosis.host.page_size import VMCORE, PageSize, page_size
from nopage.kernel.facts import HugePages

__all__ = [
    "VMCORE",
    "Activity",
    "Diagnosed",
    "Event",
    "Failure",
    "Group",
    "HostFacts",
    "HugePages",
    "Moments",
    "PageSize",
    "Pressure",
    "SettingSource",
    "activity",
    "balloons",
    "grouped",
    "huge_pages",
    "merge",
    "nic_nodes",
    "page_size",
    "pageblock_pages",
    "report_key",
    "reports_alike",
    "reports_damaged",
    "setting_sources",
    "shown_report",
    "signature_of",
    "slab_kb",
    "suppressed_key",
    "tuned_profile",
    "zones_kb",
]
