"""ethtool, `ip -s link`, ifconfig, netstat and /proc/net: each text with the name that tells what it is

The numbers are read from all of them together (`nopage.kernel.procfs.read_network`), by the combiner `Network`.
"""
from __future__ import annotations

from typing import Any

from insights.core import Parser
from insights.core.plugins import parser

from nopage.parsers.collection import StreamContent
from nopage.parsers.specs import Specs


class NetworkText(Parser):
    """One text.

    Attributes:
        name (str): its path in the source; of a text that comes from elsewhere (a test, `insights run -b`) the name
            that this spec has in a sosreport, `NAMED`, unless that is empty: then the path has to tell.
        text (str): all of it.
    """

    NAMED = ""
    name: str
    text: str

    def _handle_content(self, context: Any) -> None:
        if isinstance(context, StreamContent):
            self.name, self.text = context.collected.name, context.collected.text
        else:
            self.name = self.NAMED or (context.relative_path or "").lstrip("/")
            self.text = "\n".join(context.content)


@parser(Specs.ethtool)
class Ethtool(NetworkText):
    """`ethtool [-S] eth0`, whose path ends in "ethtool_-S_eth0"."""


@parser(Specs.ifconfig)
class Ifconfig(NetworkText):
    """`ifconfig -a`."""

    NAMED = "ifconfig_-a"


@parser(Specs.ip_addr)
class IpAddr(NetworkText):
    """`ip -d address`."""

    NAMED = "ip_-d_address"


@parser(Specs.ip_s_link)
class IpLink(NetworkText):
    """`ip -s -d link`."""

    NAMED = "ip_-s_-d_link"


@parser(Specs.net_dev)
class NetDev(NetworkText):
    """/proc/net/dev."""

    NAMED = "proc/net/dev"


@parser(Specs.net_netstat)
class NetNetstat(NetworkText):
    """/proc/net/netstat."""

    NAMED = "proc/net/netstat"


@parser(Specs.net_snmp)
class NetSnmp(NetworkText):
    """/proc/net/snmp."""

    NAMED = "proc/net/snmp"


@parser(Specs.netstat_s)
class NetstatS(NetworkText):
    """`netstat -s`."""

    NAMED = "netstat_-s"


@parser(Specs.softnet_stat)
class SoftnetStat(NetworkText):
    """/proc/net/softnet_stat."""

    NAMED = "proc/net/softnet_stat"


# By name of the spec, as the streams of a source are sorted: where two texts tell of one counter, the later one counts.
NETWORK_TEXTS: tuple[Any, ...] = (
    Ethtool, Ifconfig, IpAddr, IpLink, NetDev, NetNetstat, NetSnmp, NetstatS, SoftnetStat,
)
