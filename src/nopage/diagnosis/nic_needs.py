"""How much memory the receive rings can ask for at once: rings x buffer size x queues."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nopage.diagnosis.drops import HostNetwork, NicFacts

# What an skb needs beside the frame: head room, Ethernet header, VLAN tag, struct skb_shared_info.
OVERHEAD_BYTES = 384
SMALLEST_BUFFER_BYTES = 2048
# Of min, an atomic request may use 5/8 (KERNEL.md 3.4).
SHARE_NUMERATOR, SHARE_DENOMINATOR = 5, 8
TEN_GIGABIT_MBPS = 10000
# Interfaces without rings of their own.
VIRTUAL_DRIVERS = frozenset(("bonding", "bridge", "802.1Q VLAN Support", "8021q", "tun", "veth", "dummy", "team",
                             "openvswitch", "macvlan", "vxlan"))


@dataclass(frozen=True, slots=True)
class NicNeed:
    """What one interface's receive rings hold when full, in KiB."""

    name: str
    driver: str | None
    rx_ring: int
    queues: int
    buffer_kb: int
    need_kb: int

    @property
    def words(self) -> str:
        return (f"{self.name}: {self.rx_ring} descriptors x {self.queues} queues x {self.buffer_kb} kB "
                f"= {self.need_kb} kB")


def buffer_kb(mtu: int) -> int:
    """The receive buffer that a driver with one piece a packet takes: the next power of two, at least 2 kB."""
    size = SMALLEST_BUFFER_BYTES
    while size < mtu + OVERHEAD_BYTES and size < 1 << 20:
        size <<= 1
    return size // 1024


def nic_need(nic: NicFacts) -> NicNeed | None:
    """None where the ring's size was not collected or the interface has none."""
    if not nic.rx_ring or nic.rx_ring < 0 or nic.driver in VIRTUAL_DRIVERS or not nic.speed_mbps:
        return None
    queues = max(1, nic.queues or 1)
    size = buffer_kb(nic.mtu or 1500)
    return NicNeed(nic.name, nic.driver, nic.rx_ring, queues, size, nic.rx_ring * queues * size)


def nic_needs(network: HostNetwork | None) -> tuple[NicNeed, ...]:
    """The needs of all interfaces whose link is up, largest first."""
    found = [need for nic in (network.nics if network else ()) for need in (nic_need(nic),) if need]
    return tuple(sorted(found, key=lambda need: -need.need_kb))


def reserve_for(needs: Iterable[NicNeed]) -> int:
    """The min_free_kbytes whose atomic share holds one refill of all these rings."""
    total = sum(need.need_kb for need in needs)
    return (total * SHARE_DENOMINATOR + SHARE_NUMERATOR - 1) // SHARE_NUMERATOR


def is_fast(network: HostNetwork | None, driver: str | None) -> bool:
    """Whether an interface of the driver (any, where it is not known) runs at 10 Gbit/s or more."""
    nics = network.nics if network else ()
    own = [nic for nic in nics if driver is not None and nic.driver == driver] or list(nics)
    return any((nic.speed_mbps or 0) >= TEN_GIGABIT_MBPS for nic in own)
