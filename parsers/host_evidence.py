"""What advice needs to know of a host: hugepages, THP, who sets the sysctls, pressure counters, slabs, sar.

The reading is done by pure functions of `nopage.kernel`; each parser holds what one file says.
"""
from __future__ import annotations

from typing import Any

from insights.core import Parser
from insights.core.exceptions import SkipComponent
from insights.core.plugins import parser

from nopage.kernel import procfs, sysctl
from nopage.kernel.sar import Interval, Wanted, read_sar
from nopage.parsers.collection import StreamContent
from nopage.parsers.specs import Specs


class NamedFile(Parser):
    """A file whose path tells a part of what it says.

    Attributes:
        path (str): inside the source.
        text (str): all of it.
    """

    path: str
    text: str

    def parse_content(self, content: list[str]) -> None:
        self.path = path_of(self)
        self.text = "\n".join(content)


def path_of(one: Any) -> str:
    """The file on its host; insights archives hold it below data/."""
    return str(one.file_path or "").lstrip("/").removeprefix("data/")


@parser(Specs.vmstat)
class VmStat(Parser):
    """/proc/vmstat.

    Attributes:
        counters (dict[str, int]): by name, since boot.
    """

    counters: dict[str, int]

    def parse_content(self, content: list[str]) -> None:
        self.counters = procfs.counters("\n".join(content))
        if not self.counters:
            raise SkipComponent("counts nothing")


@parser(Specs.thp)
class ThpSwitch(NamedFile):
    """One file of sys/kernel/mm/transparent_hugepage.

    Attributes:
        word (str | None): the bracketed word.
    """

    @property
    def word(self) -> str | None:
        return procfs.bracketed(self.text)


@parser(Specs.hugepages)
class HugePagesFile(Parser):
    """One nr_hugepages of /sys.

    Attributes:
        node (int | None): of which node; None: of the host.
        size_kb (int): size of the pages.
        count (int): how many there are.
    """

    node: int | None
    size_kb: int
    count: int

    def parse_content(self, content: list[str]) -> None:
        found = procfs.huge_page_file(path_of(self), "\n".join(content[:1]))
        if found is None:
            raise SkipComponent("tells no number of hugepages")
        self.node, self.size_kb, self.count = found


@parser(Specs.node_meminfo)
class NodeMemInfo(Parser):
    """sys/devices/system/node/node*/meminfo.

    Attributes:
        nodes (dict[int, dict[str, int]]): by node and key; KiB, HugePages_* in pages.
    """

    nodes: dict[int, dict[str, int]]

    def parse_content(self, content: list[str]) -> None:
        self.nodes = {node: keys for node, keys in procfs.node_meminfo(content).items() if node is not None}


@parser(Specs.node_vmstat)
class NodeNumaStat(NamedFile):
    """sys/devices/system/node/node*/numastat."""


@parser(Specs.numastat)
class NumaStat(NamedFile):
    """`numastat`."""


@parser(Specs.lsmod)
class LsMod(Parser):
    """`lsmod`.

    Attributes:
        names (tuple[str, ...]): loaded modules.
    """

    names: tuple[str, ...]

    def parse_content(self, content: list[str]) -> None:
        self.names = procfs.modules(content)


@parser(Specs.modules)
class ProcModules(LsMod):
    """/proc/modules."""


@parser(Specs.pagetypeinfo)
class PageTypeInfo(Parser):
    """/proc/pagetypeinfo.

    Attributes:
        pages_per_block (int | None): size of a pageblock.
    """

    pages_per_block: int | None

    def parse_content(self, content: list[str]) -> None:
        self.pages_per_block = procfs.pages_per_block("\n".join(content[:20]))


@parser(Specs.slabinfo)
class SlabInfo(Parser):
    """/proc/slabinfo.

    Attributes:
        pages (dict[str, int]): that each cache holds.
    """

    pages: dict[str, int]

    def parse_content(self, content: list[str]) -> None:
        self.pages = procfs.slab_pages(content)


@parser(Specs.cmdline)
class CommandLine(Parser):
    """/proc/cmdline.

    Attributes:
        text (str): the kernel's command line.
    """

    text: str

    def parse_content(self, content: list[str]) -> None:
        self.text = " ".join(content[:1]).strip()[:4096]
        if not self.text:
            raise SkipComponent("empty")


@parser(Specs.lspci)
class PciNodes(Parser):
    """`lspci -vv`.

    Attributes:
        nodes (dict[str, int]): NUMA node by address with domain.
    """

    nodes: dict[str, int]

    def parse_content(self, content: list[str]) -> None:
        self.nodes = procfs.pci_nodes(content)


@parser(Specs.net_class)
class NetClassFile(NamedFile):
    """sys/class/net/*/{mtu,speed,duplex,device/numa_node}."""


@parser(Specs.sysctl_conf)
class SysctlConf(Parser):
    """One file of sysctl.d(5).

    Attributes:
        path (str): inside the source.
        lines (tuple[Assignment, ...]): what it sets.
    """

    path: str
    lines: tuple[sysctl.Assignment, ...]

    def parse_content(self, content: list[str]) -> None:
        self.path = path_of(self)
        self.lines = sysctl.assignments(self.path, "\n".join(content))


@parser(Specs.tuned)
class TunedFile(NamedFile):
    """One file or command of tuned."""


@parser(Specs.sar)
class SarFile(Parser):
    """A text of sar, or an output of sadf, which is read when it is known which days matter."""

    def _handle_content(self, context: Any) -> None:
        stream = context.collected if isinstance(context, StreamContent) else None
        self.path = stream.name if stream else str(context.relative_path or "").lstrip("/")
        self._text = stream.text if stream else "\n".join(context.content)

    def intervals(self, wanted: Wanted) -> tuple[Interval, ...]:
        """What was measured on the days that are `wanted`."""
        return read_sar(self._text, self.path, wanted)
