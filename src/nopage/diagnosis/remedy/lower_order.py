"""The remedy for failures of order 1 and more that no reserve cures: ask for smaller pieces."""
from __future__ import annotations

import re
from dataclasses import dataclass

from nopage.diagnosis.cause import COSTLY_ORDER, OUT_OF_BLOCKS, UNKNOWN, Asker, NicFacts, nics_of
from nopage.diagnosis.remedy.remedy import Remedy
from nopage.diagnosis.remedy.reserve_value import Situation
from nopage.kernel.symbols import IPOIB_CONNECTED, NETWORK_MODULES

STANDARD_MTU = 1500
DATAGRAM_MTU = 2044
MOST_DATAGRAM_MTU = 4092
# A socket's own buffers, sized by the MTU of the route (KERNEL.md 6, row 8): no function of ib_ipoib in the trace.
SOCKET_SENDS = frozenset(("tcp_sendmsg", "tcp_sendmsg_locked", "sk_stream_alloc_skb", "tcp_stream_alloc_skb",
                          "__alloc_skb"))
CONNECTED_ORDERS = (4, 5)
IB_NAME = re.compile(r"ib\d|ibp\d|ibs\d")
TOGETHER = ("tso", "gso", "lro", "gro", "ufo")


@dataclass(frozen=True, slots=True)
class Named:
    """The interfaces that the advice is about, as words for commands."""

    first: str
    all: str
    mtu: int | None


def lower_order(situation: Situation) -> Remedy | None:
    """Which MTU, offload or caller asks for the large pieces; None at order 0 and where nobody can be named."""
    diagnosis = situation.diagnosis
    request, asker = diagnosis.request, diagnosis.asker
    if request is None or asker is None:
        return None
    if diagnosis.has("caller_bug"):
        who = asker.driver or asker.function or "the caller"
        reason = next(str(note.text) for note in diagnosis.notes if note.key == "caller_bug")
        return Remedy("lower_order", f"report to the vendor of {who}", reason, "")
    if request.order == 0:
        return None
    if request.order <= COSTLY_ORDER and (diagnosis.cause or diagnosis.state_cause) not in (*OUT_OF_BLOCKS, UNKNOWN):
        return None
    driver = asker.driver or "the driver"
    nics = nics_of(situation.network, asker.driver)
    if diagnosis.has("ipoib"):
        connected = request.order > COSTLY_ORDER or any(IPOIB_CONNECTED.search(name) for name in asker.stack)
        return datagram_mode(driver, named(nics)) if connected else datagram_mtu(driver, named(nics))
    if diagnosis.has("skb_copy"):
        return offloads_off(nics)
    over_ib = ipoib_nics(situation)
    if over_ib and is_socket_send(request.order, asker):
        return datagram_mode("ib_ipoib", named(over_ib))
    if diagnosis.has("third_party") or diagnosis.has("third_party_maybe"):
        reason = (
            f"{driver} asks for order {request.order} in one piece. Only its vendor can change that; loaded early at "
            "boot it finds memory less fragmented."
        )
        return Remedy("lower_order", f"vendor of {driver}", reason, "")
    if asker.receive_buffer and (asker.driver is None or asker.driver in NETWORK_MODULES):
        return receive_buffers(request.order, driver, named(nics))
    if request.order > COSTLY_ORDER:
        reason = (
            f"Order {request.order} is more than the kernel tries hard for: {asker.function or driver} has to ask for "
            "less or be able to do without. Look for an update of it; no reserve helps."
        )
        return Remedy("lower_order", None, reason, "")
    return None


def is_socket_send(order: int, asker: Asker) -> bool:
    """A socket's own buffer of the orders that connected mode's MTU takes; no NIC's receive ring."""
    own = asker.receive_buffer or asker.driver in NETWORK_MODULES
    return order in CONNECTED_ORDERS and not own and not SOCKET_SENDS.isdisjoint({*asker.stack, *asker.helpers})


def ipoib_nics(situation: Situation) -> tuple[NicFacts, ...]:
    """The host's interfaces over InfiniBand whose MTU, as far as it is known, only connected mode has."""
    nics = situation.network.nics if situation.network is not None else ()
    return tuple(nic for nic in nics if (nic.driver == "ib_ipoib" or IB_NAME.match(nic.name))
                 and (nic.mtu is None or nic.mtu > MOST_DATAGRAM_MTU))


def datagram_mode(driver: str, names: Named) -> Remedy:
    """IP over InfiniBand: connected mode has an MTU of 64 kB."""
    reason = (
        f"IP over InfiniBand ({driver}) in connected mode asks for up to order 5, in datagram mode with MTU "
        f"{DATAGRAM_MTU} for one page. echo datagram > /sys/class/net/{names.first}/mode; ip link set dev "
        f"{names.first} mtu {DATAGRAM_MTU}"
    )
    risk = "Less throughput; every host of the subnet has to agree."
    return Remedy("lower_order", f"datagram mode, MTU {DATAGRAM_MTU}", reason, risk)


def datagram_mtu(driver: str, names: Named) -> Remedy | None:
    """Datagram mode whose packets are larger than a page; None where the MTU is small already."""
    if names.mtu is not None and names.mtu <= DATAGRAM_MTU:
        return None
    now = f" (now {names.mtu})" if names.mtu is not None else ""
    reason = (
        f"IP over InfiniBand ({driver}) in datagram mode takes one piece a packet: with an MTU of 4092 that is more "
        f"than a page, with {DATAGRAM_MTU} it fits in one. ip link set dev {names.first} mtu {DATAGRAM_MTU}"
    )
    risk = "Less throughput; every host of the subnet has to agree."
    return Remedy("lower_order", f"MTU {DATAGRAM_MTU} on {names.all}{now}", reason, risk)


def offloads_off(nics: tuple[NicFacts, ...]) -> Remedy:
    """Packets that are larger than the MTU only because of offloads."""
    off = [name for name in TOGETHER if any(nic.offloads.get(name) for nic in nics)] or ["tso", "gso", "lro"]
    switch = " ".join(f"{name} off" for name in off)
    reason = (
        f"Packets larger than the MTU have to be copied into one piece on this path: without {', '.join(off)} they "
        f"stay small. ethtool -K {named(nics).first} {switch}"
    )
    return Remedy("lower_order", switch, reason, "More CPU time a byte.")


def receive_buffers(order: int, driver: str, names: Named) -> Remedy:
    """A NIC driver whose buffers are larger than a page."""
    if names.mtu is not None and names.mtu <= STANDARD_MTU:
        reason = (
            f"{driver} asks for order {order} a buffer although the MTU is {names.mtu}: LRO (bnx2x: disable_tpa=1) or "
            f"the driver itself wants large buffers. ethtool -K {names.first} lro off; a newer driver may take single "
            "pages."
        )
        return Remedy("lower_order", "lro off", reason, "More CPU time a byte.")
    now = f" (now {names.mtu})" if names.mtu is not None else ""
    reason = (
        f"{driver} asks for order {order} a receive buffer. With MTU {STANDARD_MTU} a buffer fits in one page, and one "
        f"page is hardly ever missing. ip link set dev {names.first} mtu {STANDARD_MTU}; smaller receive rings "
        f"(ethtool -G {names.first} rx N) ask for less at one time; a driver with page-split receive keeps the MTU."
    )
    risk = "Jumbo frames from others no longer fit: change the whole subnet. Smaller rings drop earlier in a burst."
    return Remedy("lower_order", f"MTU {STANDARD_MTU} on {names.all}{now}", reason, risk)


def named(nics: tuple[NicFacts, ...]) -> Named:
    """The interfaces by name; "IFACE" where none is known."""
    real = [nic for nic in nics if nic.name != "lo"]
    mtus = [nic.mtu for nic in real if nic.mtu is not None]
    first = max(real, key=lambda nic: nic.mtu or 0).name if real else "IFACE"
    return Named(first, ", ".join(nic.name for nic in real[:4]) or "the interface", max(mtus, default=None))
