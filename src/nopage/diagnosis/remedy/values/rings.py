"""How much memory the receive rings hold when full: descriptors x queues x what a descriptor takes (`rx_buffers`)."""
from __future__ import annotations

from collections.abc import Iterable

from nopage.diagnosis.cause import HostNetwork, NicFacts
from nopage.diagnosis.remedy.values.rx_buffers import STANDARD_MTU, scheme_of
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.kernel.release import Release

# Of min, an atomic request may use 5/8 (KERNEL.md 3.4).
SHARE_NUMERATOR, SHARE_DENOMINATOR = 5, 8
TEN_GIGABIT_MBPS = 10000
# Interfaces without rings of their own.
VIRTUAL_DRIVERS = frozenset(("bonding", "bridge", "802.1Q VLAN Support", "8021q", "tun", "veth", "dummy", "team",
                             "openvswitch", "macvlan", "vxlan"))


@dataclass(frozen=True, slots=True)
class NicNeed:
    """What one interface's receive rings hold when full, in KiB; of one queue where `queues` is not known (None).

    `scheme` is how the driver fills them, as the table of drivers has it.
    """

    name: str
    driver: str | None
    rx_ring: int
    queues: int | None
    buffer_kb: int
    need_kb: int
    scheme: str = ""

    @property
    def words(self) -> Message:
        """The product with its factors."""
        if self.queues is None:
            return say(
                "rings.need.one_queue",
                "{interface}: {descriptors} descriptors x {buffer_kb} kB = {need_kb} kB a queue, and the number of "
                "queues is not known",
                interface=self.name, descriptors=self.rx_ring, buffer_kb=self.buffer_kb, need_kb=self.need_kb,
            )
        return say(
            "rings.need",
            "{interface}: {descriptors} descriptors x {queues:# queue|# queues} x {buffer_kb} kB = {need_kb} kB",
            interface=self.name, descriptors=self.rx_ring, queues=self.queues, buffer_kb=self.buffer_kb,
            need_kb=self.need_kb,
        )


def nic_need(nic: NicFacts, release: Release | None = None, page_kb: int = 4) -> NicNeed | None:
    """None where the ring's size was not collected or the interface has none."""
    if not nic.rx_ring or nic.rx_ring < 0 or nic.driver in VIRTUAL_DRIVERS or not nic.speed_mbps:
        return None
    scheme = scheme_of(nic.driver, release)
    size = scheme.buffer_kb(nic.mtu or STANDARD_MTU, max(1, page_kb))
    queues = nic.queues if nic.queues and nic.queues > 0 else None
    return NicNeed(nic.name, nic.driver, nic.rx_ring, queues, size, nic.rx_ring * (queues or 1) * size, scheme.kind)


def nic_needs(
    network: HostNetwork | None, release: Release | None = None, page_kb: int = 4
) -> tuple[NicNeed, ...]:
    """The needs of all interfaces whose link is up, largest first."""
    found = [need for nic in (network.nics if network else ()) for need in (nic_need(nic, release, page_kb),) if need]
    return tuple(sorted(found, key=lambda need: -need.need_kb))


def reserve_for(needs: Iterable[NicNeed]) -> int:
    """The min_free_kbytes whose atomic share holds all that these rings hold."""
    total = sum(need.need_kb for need in needs)
    return (total * SHARE_DENOMINATOR + SHARE_NUMERATOR - 1) // SHARE_NUMERATOR


def is_fast(network: HostNetwork | None, driver: str | None) -> bool:
    """Whether an interface of the driver (any, where it is not known) runs at 10 Gbit/s or more."""
    nics = network.nics if network else ()
    own = [nic for nic in nics if driver is not None and nic.driver == driver] or list(nics)
    return any((nic.speed_mbps or 0) >= TEN_GIGABIT_MBPS for nic in own)
