"""What a file is that has lost its folder: told by what stands in it, else by its name."""
from __future__ import annotations

import re
from typing import NamedTuple

from nopage.intake.single import bare_facts
from nopage.intake.sources import FACT, SAR, classify
from nopage.intake.streams import printable

PLACES = ("", "proc/", "sos_commands/kernel/")
INTERFACE = re.compile(r"(?:\A|[_\W])(?!ethtool)((?:eth|en[ospx]|em|ib|p\d+p|bond)\w{0,24}?)(?=[_\W]|\Z)")


class Shown(NamedTuple):
    """A kind of file by what its beginning shows: the spec, and the name that it has in a sosreport.

    `{nic}` is the interface: the group of the pattern, else of the file's own name.
    """

    spec: str
    name: str
    pattern: re.Pattern[bytes]


def _shown(spec: str, name: str, pattern: bytes) -> Shown:
    return Shown(spec, name, re.compile(pattern, re.MULTILINE))


SHOWN = (
    _shown("meminfo", "proc/meminfo", rb"\AMemTotal: +\d+ kB"),
    _shown("sysctl", "sysctl_-a", rb"\A(?:(?:sysctl|error): .*\n)*(?:[a-z0-9_]+\.)+[\w/:.-]+ = "),
    _shown("vmstat", "proc/vmstat", rb"\Anr_\w+ \d+$"),
    _shown("pagetypeinfo", "proc/pagetypeinfo", rb"\APage block order: \d"),
    _shown("slabinfo", "proc/slabinfo", rb"\Aslabinfo - version"),
    _shown("lsmod", "lsmod", rb"\AModule +Size +Used by"),
    _shown("uname", "uname_-a", rb"\ALinux \S+ \d+\.\d+\.\d+\S* #"),
    _shown("ethtool", "ethtool_-S_{nic}", rb"\ANIC statistics:"),
    _shown("ethtool", "ethtool_-i_{nic}", rb"\Adriver: \S+\s*\nversion:"),
    _shown("ethtool", "ethtool_-g_{nic}", rb"\ARing parameters for ([\w.@-]{1,32}):"),
    _shown("ethtool", "ethtool_-k_{nic}", rb"\A(?:Features|Offload parameters) for ([\w.@-]{1,32}):"),
    _shown("ethtool", "ethtool_{nic}", rb"\ASettings for ([\w.@-]{1,32}):"),
    _shown("ip_s_link", "ip_-s_-d_link", rb"\A\d+: [\w.@-]{1,32}: <[A-Z_,-]+> mtu \d"),
    _shown("ifconfig", "ifconfig_-a", rb"\A[\w.:-]{1,32}(?: +Link encap:|: flags=\d+<)"),
    _shown("net_netstat", "proc/net/netstat", rb"\ATcpExt: Syncookies"),
    _shown("netstat_s", "netstat_-s", rb"\AIp:\s*\n\s+(?:Forwarding: |\d+ total packets)"),
    _shown("net_dev", "proc/net/dev", rb"\AInter-\| +Receive"),
    _shown("net_snmp", "proc/net/snmp", rb"\AIp: Forwarding DefaultTTL"),
    _shown("softnet_stat", "proc/net/softnet_stat", rb"\A(?:[0-9a-f]{8} ){8,}[0-9a-f]{8} ?$"),
    _shown("sar", "sos_commands/sar/sar", rb"\ALinux \S+ \(\S+\)\s+\d"),
)  # fmt: skip


class Kind(NamedTuple):
    """Which specs a file feeds, () for a log, under which name; `{nic}` stands there where it tells no interface."""

    specs: tuple[str, ...]
    name: str


def kind_of(name: str, head: bytes) -> Kind:
    """What a file is."""
    zones = bare_facts(head)
    if zones:
        return Kind(zones, printable(name))
    begin = head.lstrip()
    for one in SHOWN:
        found = one.pattern.search(begin)
        if found:
            told = found[1].decode("ascii", "replace") if one.pattern.groups else interface_in(name)
            return Kind((one.spec,), one.name.replace("{nic}", told or "{nic}"))
    plain = name.rpartition("/")[2].rpartition("\\")[2]
    for stem in dict.fromkeys((plain, plain.rpartition(".")[0])):
        for place in PLACES:
            match = classify(place + stem) if stem else None
            if match is not None and match.source.kind in (FACT, SAR):
                return Kind((match.source.spec,), printable(match.name))
    return Kind((), printable(name))


def interface_in(name: str) -> str | None:
    """The network interface that a file is named after."""
    found = INTERFACE.search(name.rpartition("/")[2])
    return found[1] if found else None
