"""What the logs of one host tell together: copies of one event are one, events of one kind are a group."""
from __future__ import annotations

from nopage.diagnosis.host.events import Event, merge, report_key, report_worth, reports_alike, suppressed_key
from nopage.diagnosis.host.facts import Activity, HostFacts, HugePages, Pressure, SettingSource
from nopage.diagnosis.host.groups import Diagnosed, Failure, Group, grouped, signature_of
from nopage.diagnosis.host.page_size import PageSize, page_size

__all__ = [
    "Activity",
    "Diagnosed",
    "Event",
    "Failure",
    "Group",
    "HostFacts",
    "HugePages",
    "PageSize",
    "Pressure",
    "SettingSource",
    "grouped",
    "merge",
    "page_size",
    "report_key",
    "report_worth",
    "reports_alike",
    "signature_of",
    "suppressed_key",
]
