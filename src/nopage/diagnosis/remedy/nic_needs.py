"""How much memory the receive rings can ask for at once: rings x buffer size x queues."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nopage.diagnosis.cause import HostNetwork, NicFacts
from nopage.kernel.message import Message, say

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
class Observed:
    """The receive buffer that a failed request of this driver was for: 2**order pages of `page_kb`."""

    driver: str | None
    order: int
    page_kb: int


@dataclass(frozen=True, slots=True)
class NicNeed:
    """What one interface's receive rings hold when full, in KiB; of one queue where `queues` is not known (None).

    `observed` is the order that the driver was seen to ask for; None where the buffer's size follows from the MTU.
    """

    name: str
    driver: str | None
    rx_ring: int
    queues: int | None
    buffer_kb: int
    need_kb: int
    observed: int | None = None

    @property
    def words(self) -> Message:
        """The product with its factors."""
        if self.queues is None:
            return say(
                "rings.need.one_queue",
                "{interface}: {descriptors} descriptors x {buffer} = {need_kb} kB a queue, and the number of queues is "
                "not known",
                interface=self.name, descriptors=self.rx_ring, buffer=self.buffer_words, need_kb=self.need_kb,
            )
        return say(
            "rings.need",
            "{interface}: {descriptors} descriptors x {queues:# queue|# queues} x {buffer} = {need_kb} kB",
            interface=self.name, descriptors=self.rx_ring, queues=self.queues, buffer=self.buffer_words,
            need_kb=self.need_kb,
        )

    @property
    def buffer_words(self) -> Message:
        """One buffer's size, and how it is known."""
        if self.observed is None:
            return say("rings.buffer", "{buffer_kb} kB", buffer_kb=self.buffer_kb)
        return say("rings.buffer.observed", "{buffer_kb} kB (order {order}, as it asked)", buffer_kb=self.buffer_kb,
                   order=self.observed)


def buffer_kb(mtu: int) -> int:
    """The receive buffer that a driver with one piece a packet takes: the next power of two, at least 2 kB."""
    size = SMALLEST_BUFFER_BYTES
    while size < mtu + OVERHEAD_BYTES and size < 1 << 20:
        size <<= 1
    return size // 1024


def nic_need(nic: NicFacts, observed: Observed | None = None) -> NicNeed | None:
    """None where the ring's size was not collected or the interface has none."""
    if not nic.rx_ring or nic.rx_ring < 0 or nic.driver in VIRTUAL_DRIVERS or not nic.speed_mbps:
        return None
    size, order = buffer_kb(nic.mtu or 1500), None
    if observed is not None and observed.driver is not None and nic.driver == observed.driver:
        order = max(0, min(observed.order, 10))
        # Single pages: several descriptors a packet, or two buffers a page where the packet is small.
        size = observed.page_kb << order if order else min(size, observed.page_kb)
    queues = nic.queues if nic.queues and nic.queues > 0 else None
    return NicNeed(nic.name, nic.driver, nic.rx_ring, queues, size, nic.rx_ring * (queues or 1) * size, order)


def nic_needs(network: HostNetwork | None, observed: Observed | None = None) -> tuple[NicNeed, ...]:
    """The needs of all interfaces whose link is up, largest first; `observed` is one driver's buffer as it failed."""
    found = [need for nic in (network.nics if network else ()) for need in (nic_need(nic, observed),) if need]
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
