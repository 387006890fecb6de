"""All that is known of the host beside its failures, in one place.

What the advice is made from: memory, page size, hugepages, who sets the sysctls, pressure counters, what sar measured
at the failures. It gathers; the reading and the judging are done by pure functions.
"""
from __future__ import annotations

import posixpath
from typing import Any

from nopage.diagnosis import host
from nopage.diagnosis.host import HostFacts, Moments, Pressure
from nopage.diagnosis.picture.failures import Failures
from nopage.diagnosis.picture.kernel import Kernel
from nopage.diagnosis.picture.memory import Memory
from nopage.diagnosis.picture.texts import Said
from nopage.kernel import procfs
from nopage.kernel.numbers import whole_number
from nopage.kernel.sar import read_sar


class Host:
    """The host.

    Attributes:
        facts (HostFacts): what was collected of it.
    """

    def __init__(
        self, said: Said, kernel: Kernel | None, memory: Memory | None, failures: Failures | None
    ) -> None:
        self.facts: HostFacts = gathered(said, kernel, memory, failures)


def gathered(said: Said, kernel: Kernel | None, memory: Memory | None, failures: Failures | None) -> HostFacts:
    """One host out of what its files say."""
    release = kernel.release if kernel else None
    state = memory.state if memory else None
    page_kb = memory.page.kb if memory else 4
    meminfo = first(said, "meminfo", {})
    nodes = {node: keys for one in said.get("node_meminfo", ()) for node, keys in one.items()}
    cmdline = first(said, "cmdline", None)
    thp = {path.rpartition("transparent_hugepage/")[2]: text for path, text in said.get("thp", ())}
    tuned = list(said.get("tuned", ()))
    vmstat = first(said, "vmstat", None)
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
            first(said, "pagetypeinfo", (None,))[0],
            whole_number(thp["hpage_pmd_size"].strip()) if "hpage_pmd_size" in thp else None,
            meminfo,
            page_kb,
        ),
        huge_pages=host.huge_pages(
            meminfo,
            nodes,
            said.get("hugepages", ()),
            cmdline,
        ),
        thp=procfs.bracketed(thp["enabled"]) if "enabled" in thp else None,
        thp_defrag=procfs.bracketed(thp["defrag"]) if "defrag" in thp else None,
        balloons=host.balloons(
            name for spec in ("lsmod", "modules") for names in said.get(spec, ()) for name in names
        ),
        setting_sources=host.setting_sources(
            [line for _path, lines in said.get("sysctl_conf", ()) for line in lines], tuned, release
        ),
        tuned_profile=host.tuned_profile(tuned),
        pressure=None
        if vmstat is None
        else Pressure(procfs.pressure_counters(vmstat), first(said, "proc_uptime", None)),
        activity=activity_of(said, failures),
        slab_kb=host.slab_kb(first(said, "slabinfo", {}), page_kb),
        zone_reclaim_mode=settings.get("zone_reclaim_mode"),
        nic_nodes=host.nic_nodes(
            said.get("net_class", ()),
            said.get("ethtool", ()),
            {address: node for one in said.get("lspci", ()) for address, node in one.items()},
        ),
        numa_misses=numa_misses_of(said),
        cmdline=cmdline,
    )


def activity_of(said: Said, failures: Failures | None) -> tuple[host.Activity, ...]:
    """What sar measured at the failures; its texts are not looked at where there are none."""
    if failures is None or not said.get("sar"):
        return ()
    moments = Moments([failure.time for failure in failures.failures], first(said, "date", None))
    if not moments:
        return ()
    return host.activity((read_sar(text, path, moments.wanted) for path, text in said["sar"]), moments)


def numa_misses_of(said: Said) -> dict[int, int]:
    """By node, of the files of /sys, else of `numastat`."""
    found: dict[int, int] = {}
    for path, text in said.get("node_vmstat", ()):
        folder, _, name = path.rpartition("/")
        node = whole_number(posixpath.basename(folder).removeprefix("node"))
        if name == "numastat" and node is not None:
            found.update(procfs.numa_misses(text, node))
    return found or next((procfs.numa_misses(text) for _path, text in said.get("numastat", ())), {})


def first(said: Said, spec: str, otherwise: Any) -> Any:
    """What the first of several files of one kind says."""
    found = said.get(spec)
    return found[0] if found else otherwise
