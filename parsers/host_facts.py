"""Release, settings, zones and times of a host, over this package's own specs

Sysctl, BuddyInfo and MemInfo offer what insights-core's parsers of these names do; what is read stands in `said` too,
as in every `FactFile`. The release is read here: insights-core's Uname raises on kernels that it does not know.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insights.core.plugins import parser
from insights.parsers.buddyinfo import BuddyInfo as CoreBuddyInfo
from insights.parsers.meminfo import MemInfo as CoreMemInfo
from insights.parsers.sysctl import Sysctl as CoreSysctl

from nopage.kernel.facts import Zone
from nopage.parsers.fact_file import FactFile
from nopage.parsers.specs import Specs


class ReleaseLine(FactFile):
    """A file whose first line that names a kernel release is all that is wanted."""

    @property
    def release(self) -> str:
        """The release as printed, e.g. "5.10.0-46-amd64"."""
        return str(self.said)


@parser(Specs.uname)
class UnameRelease(ReleaseLine):
    """The release in `uname -a`, of any kernel."""

    SPEC = "uname"


@parser(Specs.proc_version)
class ProcVersion(ReleaseLine):
    """The release in /proc/version."""

    SPEC = "proc_version"


@parser(Specs.sysctl)
class Sysctl(FactFile, CoreSysctl):
    """`sysctl -a`, a dictionary; where it has more settings than are kept, those of `vm.` stay."""

    SPEC = "sysctl"

    def _handle_content(self, context: Any) -> None:
        super()._handle_content(context)
        self.update(self.said)


@parser(Specs.buddyinfo)
class BuddyInfo(FactFile, CoreBuddyInfo):
    """/proc/buddyinfo, a list; lines that are none (a cut file, an error message) are passed over."""

    SPEC = "buddyinfo"

    def _handle_content(self, context: Any) -> None:
        super()._handle_content(context)
        for (node, zone), counts in self.said.items():
            raw = f"Node {node}, zone {zone:>8} " + " ".join(f"{count:>6}" for count in counts)
            self.append({"node": str(node), "zone": zone, "counter": list(counts), "raw": raw})

    @property
    def counts(self) -> dict[tuple[int, str], tuple[int, ...]]:
        """Free blocks by (node, zone name), one count an order from 0."""
        return dict(self.said)


@parser(Specs.meminfo)
class MemInfo(FactFile, CoreMemInfo):
    """/proc/meminfo; insights-core's attributes in bytes, `said` by key as printed: KiB, HugePages_* in pages."""

    SPEC = "meminfo"

    def _handle_content(self, context: Any) -> None:
        super()._handle_content(context)
        self.data = {
            key: value if key in self.VALUE_IN_BYTES else value * 1024
            for key, value in ((key.lower(), value) for key, value in self.said.items())
        }


@parser(Specs.zoneinfo)
class ZoneInfo(FactFile):
    """/proc/zoneinfo."""

    SPEC = "zoneinfo"

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Sizes in pages, no free lists."""
        return tuple(self.said)


@parser(Specs.hostname)
class Hostname(FactFile):
    """The host's name."""

    SPEC = "hostname"

    @property
    def name(self) -> str:
        """First word of the file."""
        return str(self.said)


@parser(Specs.sysctl_vm)
class VmSetting(FactFile):
    """One file of /proc/sys/vm: the setting without "vm.", and its value as printed."""

    SPEC = "sysctl_vm"


@parser(Specs.date)
class CollectionDate(FactFile):
    """What `date` said when the host was collected: ISO 8601 with year; with the offset where the command tells it."""

    SPEC = "date"


@parser(Specs.proc_uptime)
class Uptime(FactFile):
    """/proc/uptime: seconds since boot."""

    SPEC = "proc_uptime"


def name_of(found: Sequence[Hostname] | None) -> str | None:
    """The name that the first file says."""
    return found[0].name if found else None
