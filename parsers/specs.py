"""Specs - what can be collected of a host, as registry points of insights-core

One point for each name that the intake's SOURCES table files its streams under. Parsers, ours and other people's,
stand on `Specs`; where the data comes from is a second class: `CollectedSpecs` takes it from the collected source, a
test puts it in with `InputData().add(Specs.kernel_log, text)`, `insights run -b` with
`-b nopage.parsers.specs.Specs.kernel_log=FILE`.

None is filterable: a filter that any plugin in the process adds to a filterable spec leaves only the matching lines,
and backtrace and Mem-Info are gone. All are `multi_output`, since a host may hold several files of each.
"""
from __future__ import annotations

from typing import Any

from insights.core.exceptions import SkipComponent
from insights.core.plugins import datasource
from insights.core.spec_factory import RegistryPoint, SpecSet, SpecSetMeta

from nopage.kernel.facts import MemInfo
from nopage.parsers.collection import StreamContent, collection


class Specs(SpecSet):
    """What is collected; which files of a source feed which spec stands in docs/sources.md."""

    # dmesg, messages, journal, crash logs; of a collected source only the windows around what matters
    kernel_log = RegistryPoint(multi_output=True)

    # The kernel and its settings
    uname = RegistryPoint(multi_output=True)
    proc_version = RegistryPoint(multi_output=True)
    sysctl = RegistryPoint(multi_output=True)
    sysctl_vm = RegistryPoint(multi_output=True)  # /proc/sys/vm/*: the path names the setting
    sysctl_kernel = RegistryPoint(multi_output=True)
    sysctl_net = RegistryPoint(multi_output=True)
    sysctl_conf = RegistryPoint(multi_output=True)
    cmdline = RegistryPoint(multi_output=True)
    modules = RegistryPoint(multi_output=True)
    lsmod = RegistryPoint(multi_output=True)
    modprobe = RegistryPoint(multi_output=True)
    tuned = RegistryPoint(multi_output=True)

    # Memory
    buddyinfo = RegistryPoint(multi_output=True)
    zoneinfo = RegistryPoint(multi_output=True)
    meminfo = RegistryPoint(multi_output=True)
    pagetypeinfo = RegistryPoint(multi_output=True)
    vmstat = RegistryPoint(multi_output=True)
    slabinfo = RegistryPoint(multi_output=True)
    node_meminfo = RegistryPoint(multi_output=True)
    node_vmstat = RegistryPoint(multi_output=True)
    extfrag = RegistryPoint(multi_output=True)
    swaps = RegistryPoint(multi_output=True)
    free = RegistryPoint(multi_output=True)
    numactl = RegistryPoint(multi_output=True)
    numastat = RegistryPoint(multi_output=True)
    thp = RegistryPoint(multi_output=True)  # transparent_hugepage/*: the path names the switch
    hugepages = RegistryPoint(multi_output=True)  # .../nr_hugepages: the path names node and size
    sar = RegistryPoint(multi_output=True)  # text of sar, output of sadf; the parts on memory and interfaces

    # Network; ethtool's path names option and interface, "ethtool_-S_eth0"
    ethtool = RegistryPoint(multi_output=True)
    ip_s_link = RegistryPoint(multi_output=True)
    ip_addr = RegistryPoint(multi_output=True)
    ifconfig = RegistryPoint(multi_output=True)
    ifcfg = RegistryPoint(multi_output=True)
    bonding = RegistryPoint(multi_output=True)
    net_class = RegistryPoint(multi_output=True)
    net_dev = RegistryPoint(multi_output=True)
    net_netstat = RegistryPoint(multi_output=True)
    net_snmp = RegistryPoint(multi_output=True)
    net_sockstat = RegistryPoint(multi_output=True)
    netstat_s = RegistryPoint(multi_output=True)
    softnet_stat = RegistryPoint(multi_output=True)
    interrupts = RegistryPoint(multi_output=True)
    softirqs = RegistryPoint(multi_output=True)

    # The host
    hostname = RegistryPoint(multi_output=True)
    date = RegistryPoint(multi_output=True)
    uptime = RegistryPoint(multi_output=True)
    proc_uptime = RegistryPoint(multi_output=True)
    redhat_release = RegistryPoint(multi_output=True)
    os_release = RegistryPoint(multi_output=True)
    cpuinfo = RegistryPoint(multi_output=True)
    lspci = RegistryPoint(multi_output=True)
    dmidecode = RegistryPoint(multi_output=True)
    fstab = RegistryPoint(multi_output=True)


def _collected(name: str) -> Any:
    """A datasource of all streams that the intake files under `name`; skipped when there is none."""

    def streams(broker: Any) -> list[StreamContent]:
        collected = broker[collection]
        found = [StreamContent(stream, collected.deadline) for stream in collected.streams if stream.spec == name]
        if not found:
            raise SkipComponent(f"{name}: not collected")
        return found

    return datasource(collection)(streams)


CollectedSpecs: Any = SpecSetMeta(
    "CollectedSpecs",
    (Specs,),
    {
        "__module__": __name__,
        "__doc__": "Every spec of `Specs`, from the collected source.",
        **{name: _collected(name) for name in Specs.registry},
    },
)


@datasource(collection)
def core_memory(broker: Any) -> MemInfo:
    """The memory state that a crash dump holds; the only fact that is no text, so it has no registry point."""
    for stream in broker[collection].streams:
        if stream.mem_info is not None:
            found: MemInfo = stream.mem_info
            return found
    raise SkipComponent("no crash dump with a memory state")
