"""What advice needs to know of a host: hugepages, THP, who sets the sysctls, pressure counters, slabs, sar.

The reading is done by pure functions (`nopage.diagnosis.picture.READERS`); each parser's `said` is what one file says.
"""
from __future__ import annotations

from insights.core.plugins import parser

from nopage.parsers.fact_file import FactFile
from nopage.parsers.specs import Specs


@parser(Specs.vmstat)
class VmStat(FactFile):
    """/proc/vmstat: counters by name, since boot."""

    SPEC = "vmstat"


@parser(Specs.thp)
class ThpSwitch(FactFile):
    """One file of sys/kernel/mm/transparent_hugepage: its path and text."""

    SPEC = "thp"


@parser(Specs.hugepages)
class HugePagesFile(FactFile):
    """One nr_hugepages of /sys: node (None: of the host), size in kB, count."""

    SPEC = "hugepages"


@parser(Specs.node_meminfo)
class NodeMemInfo(FactFile):
    """sys/devices/system/node/node*/meminfo by node and key; KiB, HugePages_* in pages."""

    SPEC = "node_meminfo"


@parser(Specs.node_vmstat)
class NodeNumaStat(FactFile):
    """sys/devices/system/node/node*/numastat: its path and text."""

    SPEC = "node_vmstat"


@parser(Specs.numastat)
class NumaStat(FactFile):
    """`numastat`: its path and text."""

    SPEC = "numastat"


@parser(Specs.lsmod)
class LsMod(FactFile):
    """`lsmod`: loaded modules."""

    SPEC = "lsmod"


@parser(Specs.modules)
class ProcModules(FactFile):
    """/proc/modules: loaded modules."""

    SPEC = "modules"


@parser(Specs.pagetypeinfo)
class PageTypeInfo(FactFile):
    """/proc/pagetypeinfo: size of a pageblock in pages, None where it does not tell."""

    SPEC = "pagetypeinfo"


@parser(Specs.slabinfo)
class SlabInfo(FactFile):
    """/proc/slabinfo: pages that each cache holds."""

    SPEC = "slabinfo"


@parser(Specs.cmdline)
class CommandLine(FactFile):
    """/proc/cmdline: the kernel's command line."""

    SPEC = "cmdline"


@parser(Specs.lspci)
class PciNodes(FactFile):
    """`lspci -vv`: NUMA node by address with domain."""

    SPEC = "lspci"


@parser(Specs.net_class)
class NetClassFile(FactFile):
    """sys/class/net/*/{mtu,speed,duplex,device/numa_node}: its path and text."""

    SPEC = "net_class"


@parser(Specs.sysctl_conf)
class SysctlConf(FactFile):
    """One file of sysctl.d(5): its path, and what its lines set."""

    SPEC = "sysctl_conf"


@parser(Specs.tuned)
class TunedFile(FactFile):
    """One file or command of tuned: its path and text."""

    SPEC = "tuned"


@parser(Specs.sar)
class SarFile(FactFile):
    """A text of sar, or an output of sadf, with its path; read when it is known which days matter."""

    SPEC = "sar"
