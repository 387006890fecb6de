"""Host - all that is known of the host beside its failures, in one place

What the advice is made from: memory, page size, hugepages, who sets the sysctls, pressure counters, what sar measured
at the failures. It gathers; the reading and the judging are done by pure functions.
"""
from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Any

from insights.core.plugins import combiner

from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.diagnosis import host
from nopage.diagnosis.host import HostFacts, Moments, Pressure
from nopage.kernel import procfs
from nopage.kernel.numbers import whole_number
from nopage.parsers import host_evidence, host_facts
from nopage.parsers.collection import collection
from nopage.parsers.network_texts import Ethtool

EVIDENCE: tuple[Any, ...] = (
    host_facts.MemInfo, host_facts.CollectionDate, host_facts.Uptime, Ethtool, host_evidence.VmStat,
    host_evidence.ThpSwitch, host_evidence.HugePagesFile, host_evidence.NodeMemInfo, host_evidence.NodeNumaStat,
    host_evidence.NumaStat, host_evidence.LsMod, host_evidence.ProcModules, host_evidence.PageTypeInfo,
    host_evidence.SlabInfo, host_evidence.CommandLine, host_evidence.PciNodes, host_evidence.NetClassFile,
    host_evidence.SysctlConf, host_evidence.TunedFile, host_evidence.SarFile,
)  # fmt: skip


@combiner([collection, Memory, *EVIDENCE], optional=[Kernel, Failures])
class Host:
    """The host.

    Attributes:
        facts (HostFacts): what was collected of it.
    """

    def __init__(self, _collected: object, memory: Memory | None, *found: Any) -> None:
        *evidence, kernel, failures = found
        files: dict[Any, list[Any]] = {kind: some or [] for kind, some in zip(EVIDENCE, evidence, strict=True)}
        self.facts: HostFacts = gathered(files, kernel, memory, failures)


def gathered(
    files: dict[Any, list[Any]], kernel: Kernel | None, memory: Memory | None, failures: Failures | None
) -> HostFacts:
    """One host out of what its files say."""
    release = kernel.release if kernel else None
    state = memory.state if memory else None
    page_kb = memory.page.kb if memory else 4
    meminfo = first(files[host_facts.MemInfo], "values", {})
    nodes = {node: keys for one in files[host_evidence.NodeMemInfo] for node, keys in one.nodes.items()}
    cmdline = first(files[host_evidence.CommandLine], "text", None)
    thp = {one.path.rpartition("transparent_hugepage/")[2]: one for one in files[host_evidence.ThpSwitch]}
    tuned = [(one.path, one.text) for one in files[host_evidence.TunedFile]]
    vmstat = first(files[host_evidence.VmStat], "counters", None)
    settings = memory.settings if memory else {}
    return HostFacts(
        release=release,
        collected=state,
        settings=settings,
        settings_text=memory.texts if memory else {},
        total_kb=memory.total_kb if memory else None,
        zones_kb=host.zones_kb(state.zones, page_kb) if state else None,
        page_kb=page_kb if memory and memory.page.told_by else None,
        page_from=memory.page.told_by if memory else "",
        pageblock_pages=host.pageblock_pages(
            first(files[host_evidence.PageTypeInfo], "pages_per_block", None),
            whole_number(thp["hpage_pmd_size"].text.strip()) if "hpage_pmd_size" in thp else None,
            meminfo,
            page_kb,
        ),
        huge_pages=host.huge_pages(
            meminfo,
            nodes,
            [(one.node, one.size_kb, one.count) for one in files[host_evidence.HugePagesFile]],
            cmdline,
        ),
        thp=thp["enabled"].word if "enabled" in thp else None,
        thp_defrag=thp["defrag"].word if "defrag" in thp else None,
        balloons=host.balloons(
            name
            for kind in (host_evidence.LsMod, host_evidence.ProcModules)
            for one in files[kind]
            for name in one.names
        ),
        setting_sources=host.setting_sources(
            [line for one in files[host_evidence.SysctlConf] for line in one.lines], tuned, release
        ),
        tuned_profile=host.tuned_profile(tuned),
        pressure=None
        if vmstat is None
        else Pressure(procfs.pressure_counters(vmstat), first(files[host_facts.Uptime], "seconds", None)),
        activity=activity_of(files, failures),
        slab_kb=host.slab_kb(first(files[host_evidence.SlabInfo], "pages", {}), page_kb),
        zone_reclaim_mode=settings.get("zone_reclaim_mode"),
        nic_nodes=host.nic_nodes(
            [(one.path, one.text) for one in files[host_evidence.NetClassFile]],
            [(one.name, one.text) for one in files[Ethtool]],
            {address: node for one in files[host_evidence.PciNodes] for address, node in one.nodes.items()},
        ),
        numa_misses=numa_misses_of(files),
        cmdline=cmdline,
    )


def activity_of(files: dict[Any, list[Any]], failures: Failures | None) -> tuple[host.Activity, ...]:
    """What sar measured at the failures; its texts are not looked at where there are none."""
    if failures is None or not files[host_evidence.SarFile]:
        return ()
    moments = Moments(
        [failure.time for failure in failures.failures], first(files[host_facts.CollectionDate], "time", None)
    )
    if not moments:
        return ()
    return host.activity((one.intervals(moments.wanted) for one in files[host_evidence.SarFile]), moments)


def numa_misses_of(files: dict[Any, list[Any]]) -> dict[int, int]:
    """By node, of the files of /sys, else of `numastat`."""
    found: dict[int, int] = {}
    for one in files[host_evidence.NodeNumaStat]:
        folder, _, name = one.path.rpartition("/")
        node = whole_number(posixpath.basename(folder).removeprefix("node"))
        if name == "numastat" and node is not None:
            found.update(procfs.numa_misses(one.text, node))
    return found or next((procfs.numa_misses(one.text) for one in files[host_evidence.NumaStat]), {})


def first(found: Sequence[Any], attribute: str, otherwise: Any) -> Any:
    """What the first of several files of one kind says."""
    return getattr(found[0], attribute) if found else otherwise
