"""sysctl, buddyinfo and meminfo through insights-core's own parsers, over this package's own specs.

The specs are ours so that the same file is read whether `insights run` or nopage runs the rules; the reading is
insights-core's. The release is read here: insights-core's Uname raises on kernels that it does not know.
"""
from __future__ import annotations

import re
from typing import Any

from insights.core import Parser
from insights.core.exceptions import SkipComponent
from insights.core.plugins import parser
from insights.parsers.buddyinfo import BuddyInfo as CoreBuddyInfo
from insights.parsers.meminfo import MemInfo as CoreMemInfo
from insights.parsers.sysctl import Sysctl as CoreSysctl

from nopage.kernel.bounds import BOUNDS
from nopage.kernel.facts import Zone
from nopage.kernel.numbers import whole_number
from nopage.kernel.procfs import meminfo as read_meminfo
from nopage.kernel.procfs import uptime_seconds
from nopage.kernel.procfs import zoneinfo as read_zoneinfo
from nopage.kernel.release import find_release
from nopage.klog.framing import iso_time
from nopage.parsers.specs import Specs

BUDDYINFO_LINE = re.compile(r"\s*Node\s+\d{1,6},\s+zone\s+\S+(\s+\d{1,20})+\s*$")
MEMINFO_LINE = re.compile(r"\s*[\w()]+:\s+\d{1,15}(\s|$)")


class ReleaseLine(Parser):
    """A file whose first line that names a kernel release is all that is wanted.

    Attributes:
        release (str): the release as printed, e.g. "5.10.0-46-amd64".
    """

    release: str

    def parse_content(self, content: list[str]) -> None:
        for line in content[:50]:
            found = find_release(line)
            if found:
                self.release = found
                return
        raise SkipComponent("names no kernel release")


@parser(Specs.uname)
class UnameRelease(ReleaseLine):
    """The release in `uname -a`, of any kernel."""


@parser(Specs.proc_version)
class ProcVersion(ReleaseLine):
    """The release in /proc/version."""


@parser(Specs.sysctl)
class Sysctl(CoreSysctl):
    """`sysctl -a`; where it has more settings than are kept, those of `vm.` stay."""

    def parse_content(self, content: list[str]) -> None:
        if len(content) > BOUNDS.settings:
            of_use = [line for line in content if line.startswith("vm.")]
            content = (of_use + [line for line in content if not line.startswith("vm.")])[: BOUNDS.settings]
        super().parse_content(content)


@parser(Specs.buddyinfo)
class BuddyInfo(CoreBuddyInfo):
    """/proc/buddyinfo; lines that are none (a cut file, a message of the collecting command) are passed over."""

    def parse_content(self, content: list[str]) -> None:
        super().parse_content([line for line in content if BUDDYINFO_LINE.match(line)])

    @property
    def counts(self) -> dict[tuple[int, str], tuple[int, ...]]:
        """Free blocks by (node, zone name), one count an order from 0."""
        return {(int(line["node"]), line["zone"]): tuple(line["counter"]) for line in self}


@parser(Specs.meminfo)
class MemInfo(CoreMemInfo):
    """/proc/meminfo; sizes in bytes.

    Attributes:
        values (dict[str, int]): by key as printed: KiB, HugePages_* in pages.
    """

    values: dict[str, int]

    def parse_content(self, content: list[str]) -> None:
        self.values = read_meminfo(content)
        super().parse_content([line for line in content if MEMINFO_LINE.match(line)])


@parser(Specs.zoneinfo)
class ZoneInfo(Parser):
    """/proc/zoneinfo.

    Attributes:
        zones (tuple[Zone, ...]): sizes in pages, no free lists.
    """

    zones: tuple[Zone, ...]

    def parse_content(self, content: list[str]) -> None:
        self.zones = read_zoneinfo(content)
        if not self.zones:
            raise SkipComponent("holds no zone")


@parser(Specs.hostname)
class Hostname(Parser):
    """The host's name.

    Attributes:
        name (str): first word of the file.
    """

    name: str

    def parse_content(self, content: list[str]) -> None:
        words = " ".join(content[:1]).split()
        if not words:
            raise SkipComponent("empty")
        self.name = words[0]


@parser(Specs.sysctl_vm)
class VmSetting(Parser):
    """One file of /proc/sys/vm, which is named like the setting.

    Attributes:
        name (str): the setting without "vm.".
        value (str): as printed, without blanks around it.
    """

    name: str
    value: str

    def parse_content(self, content: list[str]) -> None:
        self.name = self.file_name or ""
        self.value = "\n".join(content).strip()


@parser(Specs.date)
class CollectionDate(Parser):
    """What `date` said when the host was collected.

    Attributes:
        time (str): ISO 8601 with year; with the offset where the command tells it.
    """

    time: str

    def parse_content(self, content: list[str]) -> None:
        for line in content[:20]:
            found = iso_time(line.strip())
            if found and found[:4].isdigit() and found[4:5] == "-":
                self.time = found
                return
        raise SkipComponent("tells no date")


@parser(Specs.proc_uptime)
class Uptime(Parser):
    """/proc/uptime.

    Attributes:
        seconds (float): since boot.
    """

    seconds: float

    def parse_content(self, content: list[str]) -> None:
        found = uptime_seconds(" ".join(content[:1]))
        if found is None:
            raise SkipComponent("tells no uptime")
        self.seconds = found


def integer(settings: Any, key: str) -> int | None:
    """The value of a sysctl as a number, None when absent or no number."""
    words = str(settings.get(key, ""))[:64].split()
    return whole_number(words[0]) if words else None
