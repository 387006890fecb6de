"""The host's interfaces as facts: what each is, and what of its counters says something about memory."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field

from nopage.kernel.frozen import dataclass
from nopage.kernel.nic import NO_BUFFER, NO_MEMORY, PROTOCOLS, counter_of, counts_failures, driver_names
from nopage.kernel.procfs import Interface, NetText, read_network

PROTOCOL_NAMES = frozenset(row.name for row in PROTOCOLS)
# Interfaces that have no ring of their own, by what `ethtool -i` says and, where that is missing, by name.
VIRTUAL_DRIVERS = frozenset(("bonding", "bridge", "802.1Q", "8021q", "tun", "veth", "dummy", "team", "openvswitch",
                             "macvlan", "vxlan", "ipip", "gre", "sit"))
VIRTUAL_NAMES = re.compile(r"(?:lo|bond\d|team\d|br\d|br-|virbr|docker|veth|tap|tun|vnet|vlan|dummy|sit\d|cni|flannel"
                           r"|cali|ovs)|.*[.:]\d+$")
QUEUE_NAME = re.compile(r"rx[-_]?(?:queue_?)?(\d+)[_.]")
# Keys of Interface.link that count packets lost on the way in; any of them tells that the kernel's counts were read.
LINK_COUNTS = frozenset(("rx_dropped", "rx_missed", "rx_fifo", "rx_overrun", "rx_overruns"))


@dataclass(frozen=True, slots=True)
class NicFacts:
    """One interface: what it is, how large its rings are, and what it has counted since boot.

    `allocation_failed` are driver counters of buffers it could not get, `ring_empty` of packets that found none, each
    above 0; `lost` says how many packets are lost by them for certain; `growing` by how much they grew between two
    collections. `has_statistics`: `ethtool -S` was collected; `has_counts`: `ip -s`, ifconfig or /proc/net/dev were.
    `counts_failures`: the driver is known to count its failed allocations.
    """

    name: str
    driver: str | None = None
    speed_mbps: int | None = None
    mtu: int | None = None
    rx_ring: int | None = None
    rx_ring_max: int | None = None
    queues: int | None = None
    offloads: Mapping[str, bool] = field(default_factory=dict)
    allocation_failed: Mapping[str, int] = field(default_factory=dict)
    ring_empty: Mapping[str, int] = field(default_factory=dict)
    rx_dropped: int | None = None
    rx_missed: int | None = None
    tx_dropped: int | None = None
    has_statistics: bool = False
    has_counts: bool = False
    counts_failures: bool = False
    growing: Mapping[str, int] = field(default_factory=dict)
    rx_packets: int | None = None

    @property
    def is_virtual(self) -> bool:
        """It has no ring of its own: its packets come from other interfaces."""
        if self.driver is not None:
            return self.driver.split()[0] in VIRTUAL_DRIVERS
        return VIRTUAL_NAMES.match(self.name) is not None

    @property
    def lost_for_memory(self) -> int:
        """Packets dropped because the driver got no memory, by counters that say just that."""
        return sum(count for name, count in self.allocation_failed.items() if is_loss(self.driver, name))

    def is_of(self, driver: str) -> bool:
        """Whether a module of this name drives it."""
        return not set(driver_names(driver)).isdisjoint(driver_names(self.driver))


@dataclass(frozen=True, slots=True)
class HostNetwork:
    """All interfaces with the counters that belong to none of them; None where a text was not collected."""

    nics: tuple[NicFacts, ...] = ()
    softnet_dropped: int | None = None
    softnet_squeezed: int | None = None
    protocol: Mapping[str, int] = field(default_factory=dict)
    has_protocol: bool = False


def is_loss(driver: str | None, name: str) -> bool:
    row = counter_of(driver, name)
    return row is not None and row.lost


def host_network(texts: Iterable[tuple[str, str]]) -> HostNetwork:
    """From (file name, text) pairs as sosreports and insights archives name them."""
    return from_text(read_network(texts))


def from_text(net: NetText) -> HostNetwork:
    """The facts that matter here out of everything that was read."""
    nics = tuple(nic_facts(interface) for name, interface in sorted(net.interfaces.items()) if name != "lo")
    protocol = {key: count for key, count in net.protocol.items() if key in PROTOCOL_NAMES and count > 0}
    return HostNetwork(nics, net.softnet_dropped, net.softnet_squeezed, protocol, bool(net.protocol))


def nic_facts(interface: Interface) -> NicFacts:
    """One interface's facts; queue counts come from `ethtool -l`, else from the statistics' own names."""
    statistics = interface.statistics
    queues = interface.queues or len({match[1] for match in map(QUEUE_NAME.match, statistics) if match}) or None
    told = {name: row.meaning for name, count in statistics.items()
            if count > 0 and (row := counter_of(interface.driver, name)) is not None}
    failed, empty = ({name: statistics[name] for name, meaning in told.items() if meaning == wanted}
                     for wanted in (NO_MEMORY, NO_BUFFER))
    return NicFacts(
        name=interface.name,
        driver=interface.driver,
        speed_mbps=interface.speed_mbps,
        mtu=interface.mtu,
        rx_ring=interface.rx_ring,
        rx_ring_max=interface.rx_ring_max,
        queues=queues,
        offloads=interface.offloads,
        allocation_failed=failed,
        ring_empty=empty,
        rx_dropped=interface.link.get("rx_dropped"),
        rx_missed=interface.link.get("rx_missed"),
        tx_dropped=interface.link.get("tx_dropped"),
        has_statistics=bool(statistics),
        has_counts=not LINK_COUNTS.isdisjoint(interface.link),
        counts_failures=bool(statistics) and counts_failures(interface.driver),
        growing={name: count for name, count in interface.grown.items() if name in failed},
        rx_packets=statistics.get("rx_packets", interface.link.get("rx_packets")),
    )


def nics_of(network: HostNetwork | None, driver: str | None) -> tuple[NicFacts, ...]:
    """The interfaces of `driver`; all of them where none is known to be its: for naming, never for counting."""
    if network is None:
        return ()
    own = tuple(nic for nic in network.nics if driver is not None and nic.is_of(driver))
    return own or network.nics


@dataclass(frozen=True, slots=True)
class Own:
    """The interfaces whose counters are about a request. `sure`: they are its driver's; else they may be."""

    nics: tuple[NicFacts, ...]
    sure: bool


def own_nics(network: HostNetwork | None, driver: str | None) -> Own:
    """Whose counters count for `driver`: never those of an interface that is known to be another's."""
    real = tuple(nic for nic in network.nics if not nic.is_virtual) if network is not None else ()
    if driver is None:
        return Own(real, len(real) == 1)
    own = tuple(nic for nic in (network.nics if network is not None else ()) if nic.is_of(driver))
    if own:
        return Own(own, True)
    nameless = tuple(nic for nic in real if nic.driver is None)
    return Own(nameless, len(real) == 1 and len(nameless) == 1)
