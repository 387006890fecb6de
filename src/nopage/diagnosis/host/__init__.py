"""What the logs of one host tell together: copies of one event are one, events of one kind are a group."""
from __future__ import annotations

from nopage.diagnosis.host.events import (
    Event,
    merge,
    report_key,
    reports_alike,
    reports_damaged,
    shown_report,
    suppressed_key,
)
from nopage.diagnosis.host.facts import Activity, HostFacts, HugePages, Pressure, SettingSource
from nopage.diagnosis.host.groups import Diagnosed, Failure, Group, grouped, signature_of

__all__ = [
    "Activity",
    "Diagnosed",
    "Event",
    "Failure",
    "Group",
    "HostFacts",
    "HugePages",
    "Pressure",
    "SettingSource",
    "grouped",
    "merge",
    "report_key",
    "reports_alike",
    "reports_damaged",
    "shown_report",
    "signature_of",
    "suppressed_key",
]
