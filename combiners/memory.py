"""Memory - the host's zones, watermarks and free lists when it was collected, and its vm settings

From /proc/zoneinfo and /proc/buddyinfo (RHEL 4 has only the latter), `sysctl -a`, /proc/meminfo, and from a vmcore.
The state at each failure stands in the failure's own report.
"""
from __future__ import annotations

from typing import Any

from insights.core.plugins import combiner

from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.diagnosis import picture
from nopage.parsers import host_facts
from nopage.parsers.collection import collection
from nopage.parsers.fact_file import said_by
from nopage.parsers.specs import core_memory

FACTS = (host_facts.ZoneInfo, host_facts.BuddyInfo, host_facts.Sysctl, host_facts.VmSetting, host_facts.MemInfo)


@combiner([collection, *FACTS, core_memory], optional=[Failures, Kernel])  # the former tells what is missing, too
class Memory(picture.Memory):
    """The memory state at collection time."""

    def __init__(self, _collected: object, *found: Any) -> None:
        *facts, core, failures, kernel = found
        super().__init__(said_by(*facts), core, failures, kernel)
