"""Host - all that is known of the host beside its failures, in one place

What the advice is made from: memory, page size, hugepages, who sets the sysctls, pressure counters, what sar measured at
the failures. It gathers; the reading and the judging are done by pure functions.
"""
from __future__ import annotations

from insights.core.plugins import combiner

from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.diagnosis.host import HostFacts
from nopage.parsers.collection import collection


@combiner([collection, Memory], optional=[Kernel, Memory])
class Host:
    """The host.

    Attributes:
        facts (HostFacts): what was collected of it.
    """

    def __init__(self, _collected: object, kernel: Kernel | None, memory: Memory | None) -> None:
        self.facts = HostFacts(
            release=kernel.release if kernel else None,
            collected=memory.state if memory else None,
            settings=memory.settings if memory else {},
            settings_text=memory.texts if memory else {},
            total_kb=memory.total_kb if memory else None,
            page_kb=memory.page.kb if memory and memory.page.told_by else None,
            page_from=memory.page.told_by if memory else "",
        )
