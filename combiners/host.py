"""Host - all that is known of the host beside its failures, in one place

What the advice is made from: memory, page size, hugepages, who sets the sysctls, pressure counters, what sar measured
at the failures.
"""
from __future__ import annotations

from typing import Any

from insights.core.plugins import combiner

from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.diagnosis import picture
from nopage.parsers import host_evidence, host_facts
from nopage.parsers.collection import collection
from nopage.parsers.fact_file import said_by
from nopage.parsers.network_texts import Ethtool

EVIDENCE: tuple[Any, ...] = (
    host_facts.MemInfo, host_facts.CollectionDate, host_facts.Uptime, Ethtool, host_evidence.VmStat,
    host_evidence.ThpSwitch, host_evidence.HugePagesFile, host_evidence.NodeMemInfo, host_evidence.NodeNumaStat,
    host_evidence.NumaStat, host_evidence.LsMod, host_evidence.ProcModules, host_evidence.PageTypeInfo,
    host_evidence.SlabInfo, host_evidence.CommandLine, host_evidence.PciNodes, host_evidence.NetClassFile,
    host_evidence.SysctlConf, host_evidence.TunedFile, host_evidence.SarFile,
)  # fmt: skip


@combiner([collection, Memory, *EVIDENCE], optional=[Kernel, Failures])
class Host(picture.Host):
    """The host."""

    def __init__(self, _collected: object, memory: Memory | None, *found: Any) -> None:
        *evidence, kernel, failures = found
        super().__init__(said_by(*evidence), kernel, memory, failures)
