"""ethtool, `ip -s link`, ifconfig, netstat and /proc/net: each text with the name that tells what it is

The numbers are read from all of them together (`nopage.kernel.procfs.read_network`), by the combiner `Network`.
"""
from __future__ import annotations

from typing import Any

from insights.core.plugins import parser

from nopage.diagnosis.picture import NETWORK_SPECS
from nopage.parsers.fact_file import FactFile
from nopage.parsers.specs import Specs


class NetworkText(FactFile):
    """One text; `said` is its name and all of it."""

    @property
    def name(self) -> str:
        """Its path in the source, which tells what it is."""
        return str(self.said[0])

    @property
    def text(self) -> str:
        """All of it."""
        return str(self.said[1])


@parser(Specs.ethtool)
class Ethtool(NetworkText):
    """`ethtool [-S] eth0`, whose path ends in "ethtool_-S_eth0"."""

    SPEC = "ethtool"


@parser(Specs.ifconfig)
class Ifconfig(NetworkText):
    """`ifconfig -a`."""

    SPEC, NAMED = "ifconfig", "ifconfig_-a"


@parser(Specs.ip_addr)
class IpAddr(NetworkText):
    """`ip -d address`."""

    SPEC, NAMED = "ip_addr", "ip_-d_address"


@parser(Specs.ip_s_link)
class IpLink(NetworkText):
    """`ip -s -d link`."""

    SPEC, NAMED = "ip_s_link", "ip_-s_-d_link"


@parser(Specs.net_dev)
class NetDev(NetworkText):
    """/proc/net/dev."""

    SPEC, NAMED = "net_dev", "proc/net/dev"


@parser(Specs.net_netstat)
class NetNetstat(NetworkText):
    """/proc/net/netstat."""

    SPEC, NAMED = "net_netstat", "proc/net/netstat"


@parser(Specs.net_snmp)
class NetSnmp(NetworkText):
    """/proc/net/snmp."""

    SPEC, NAMED = "net_snmp", "proc/net/snmp"


@parser(Specs.netstat_s)
class NetstatS(NetworkText):
    """`netstat -s`."""

    SPEC, NAMED = "netstat_s", "netstat_-s"


@parser(Specs.softnet_stat)
class SoftnetStat(NetworkText):
    """/proc/net/softnet_stat."""

    SPEC, NAMED = "softnet_stat", "proc/net/softnet_stat"


NETWORK_TEXTS: tuple[Any, ...] = tuple(
    sorted(NetworkText.__subclasses__(), key=lambda one: NETWORK_SPECS.index(one.SPEC))
)
