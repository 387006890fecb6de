"""Ask for smaller pieces: which MTU, offload, mode, module option or vendor is behind the order (KERNEL.md 6)."""
from __future__ import annotations

import re
from collections.abc import Mapping

from nopage.diagnosis.cause import COSTLY_ORDER, OUT_OF_BLOCKS, UNKNOWN, Asker, NicFacts
from nopage.diagnosis.remedy.actions.context import Context, Proposal
from nopage.diagnosis.remedy.actions.kernel import update_for_driver
from nopage.diagnosis.remedy.actions.memory import THE_CALLER
from nopage.diagnosis.remedy.actions.wireless import smaller_amsdu
from nopage.diagnosis.remedy.commands import (
    BETWEEN,
    all_or_nothing,
    is_interface,
    mode_command,
    mtu_command,
    mtu_commands,
    offload_command,
    offload_commands,
    ring_command,
)
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step
from nopage.diagnosis.remedy.values import STANDARD_MTU, scheme_of
from nopage.diagnosis.remedy.what_if import LowerOrder
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.kernel.symbols import IPOIB_CONNECTED, NETWORK_KIND, NETWORK_RECEIVE, NETWORK_TRANSMIT, kind_of_module

DATAGRAM_MTU = 2044
MOST_DATAGRAM_MTU = 4092
# A socket's own buffers, sized by the MTU of the route (KERNEL.md 6, row 8): no function of ib_ipoib in the trace.
SOCKET_SENDS = frozenset(("tcp_sendmsg", "tcp_sendmsg_locked", "sk_stream_alloc_skb", "tcp_stream_alloc_skb",
                          "__alloc_skb"))
CONNECTED_ORDERS = (4, 5)
IB_NAME = re.compile(r"ib\d|ibp\d|ibs\d")
# The offloads that make packets larger than the MTU, by direction: GRO and LRO join what is received, TSO and UFO
# leave to the device what is sent. GSO stays: without TSO the kernel itself cuts the packet before the driver sees it.
OFFLOADS: Mapping[str, tuple[str, ...]] = {NETWORK_TRANSMIT: ("tso", "ufo"), NETWORK_RECEIVE: ("lro", "gro")}
OF_BOTH = ("tso", "ufo", "lro", "gro")
USUAL: Mapping[str, tuple[str, ...]] = {NETWORK_TRANSMIT: ("tso",), NETWORK_RECEIVE: ("lro", "gro")}
PLACEHOLDER = "IFACE"
SHOWN_MOST = 4

THE_DRIVER = say("driver.nameless", "the driver")
LESS_THROUGHPUT = say("remedy.lower_order.infiniband.risk",
                      "Less throughput; every host of the subnet has to agree.")
MORE_CPU = say("remedy.lower_order.offloads.risk", "More CPU time a byte.")


@dataclass(frozen=True, slots=True)
class Named:
    """The interfaces that the advice is about.

    `first` is the one with the largest MTU, by a name that a command can hold. `nics` are those that are surely the
    driver's, for commands.
    """

    first: str
    shown: tuple[str, ...]
    mtu_bytes: int | None
    nics: tuple[NicFacts, ...]


def lower_order(situation: Situation, _: Context) -> Proposal | None:
    """Which MTU, offload or caller asks for the large pieces; None at order 0 and where nobody can be named."""
    request, asker = situation.request, situation.asker
    if request is None or asker is None:
        return None
    if situation.has("caller_bug"):
        return to_the_vendor(situation, asker.driver or asker.function or THE_CALLER)
    if request.order == 0:
        return None
    if request.order <= COSTLY_ORDER and situation.cause not in (*OUT_OF_BLOCKS, UNKNOWN):
        return None
    driver: str | Message = asker.driver or THE_DRIVER
    own = own_nics(situation)
    nics = named(own, asker.card)
    if situation.has("ipoib"):
        connected = request.order > COSTLY_ORDER or any(IPOIB_CONNECTED.search(name) for name in asker.stack)
        return datagram_mode(driver, nics) if connected else datagram_mtu(driver, nics)
    if situation.has("skb_copy"):
        return offloads_off(situation, own, nics)
    over_ib = ipoib_nics(situation)
    if over_ib and is_socket_send(request.order, asker):
        return datagram_mode("ib_ipoib", named(over_ib, "ib_ipoib", sure=True))
    wireless = smaller_amsdu(situation)
    if wireless is not None:
        return wireless
    if situation.has("third_party") or situation.has("third_party_maybe"):
        reason = say(
            "remedy.lower_order.vendor.reason",
            "{driver} asks for order {order} in one piece. Only its vendor can change that; loaded early at boot it "
            "finds memory less fragmented.",
            driver=driver, order=request.order,
        )
        value = say("remedy.lower_order.vendor.value", "vendor of {driver}", driver=driver)
        return Proposal(Step("lower_order", value, reason))
    if asker.receive_buffer and (asker.driver is None or kind_of_module(asker.driver) == NETWORK_KIND):
        return receive_buffers(situation, request.order, driver, nics)
    if request.order > COSTLY_ORDER:
        return Proposal(Step("lower_order", None, say(
            "remedy.lower_order.costly.reason",
            "Order {order} is more than the kernel tries hard for: {asker} has to ask for less or be able to do "
            "without. Look for an update of it; no reserve helps.",
            order=request.order, asker=asker.function or driver,
        )))
    return None


def own_nics(situation: Situation) -> tuple[NicFacts, ...]:
    """The interfaces of the driver that asked; all of them only where the driver is not known."""
    nics = situation.network.nics if situation.network is not None else ()
    if situation.driver is None:
        return nics
    return tuple(nic for nic in nics if nic.driver in (situation.driver, None))


def to_the_vendor(situation: Situation, who: str | Message) -> Proposal:
    """A request that no kernel can fulfil as it is."""
    notes = situation.diagnosis.notes if situation.diagnosis is not None else ()
    note = next(note.text for note in notes if note.key == "caller_bug")
    return Proposal(Step(
        "lower_order",
        say("remedy.lower_order.caller_bug.value", "report to the vendor of {asker}", asker=who),
        say("remedy.lower_order.caller_bug.reason", "{note}", note=note),
    ))


def is_socket_send(order: int, asker: Asker) -> bool:
    """A socket's own buffer of the orders that connected mode's MTU takes; no NIC's receive ring."""
    own = asker.receive_buffer or kind_of_module(asker.driver) == NETWORK_KIND
    return order in CONNECTED_ORDERS and not own and not SOCKET_SENDS.isdisjoint({*asker.stack, *asker.helpers})


def ipoib_nics(situation: Situation) -> tuple[NicFacts, ...]:
    """The host's interfaces over InfiniBand whose MTU, as far as it is known, only connected mode has."""
    nics = situation.network.nics if situation.network is not None else ()
    return tuple(nic for nic in nics if (nic.driver == "ib_ipoib" or IB_NAME.match(nic.name))
                 and (nic.mtu is None or nic.mtu > MOST_DATAGRAM_MTU))


def typed(line: str) -> tuple[str, ...]:
    """A line of commands as those; () for none."""
    return tuple(line.split(BETWEEN)) if line else ()


def datagram_mode(driver: str | Message, nics: Named) -> Proposal:
    """IP over InfiniBand: connected mode has an MTU of 64 kB."""
    reason = say(
        "remedy.lower_order.datagram_mode.reason",
        "IP over InfiniBand ({driver}) in connected mode asks for up to order 5, in datagram mode with MTU {mtu_bytes} "
        "for one page. {command}",
        driver=driver, mtu_bytes=DATAGRAM_MTU, command=datagram_command(nics.first),
    )
    value = say("remedy.lower_order.datagram_mode.value", "datagram mode, MTU {mtu_bytes}", mtu_bytes=DATAGRAM_MTU)
    # The mode is part of the way back: only connected mode takes an MTU above the datagram's most.
    back = [all_or_nothing((mode_command(nic.name, "connected"), mtu_command(nic.name, nic.mtu)))
            for nic in nics.nics if nic.mtu is None or nic.mtu > MOST_DATAGRAM_MTU]
    return Proposal(Step(
        "lower_order", value, reason, LESS_THROUGHPUT,
        commands=typed(all_or_nothing(datagram_command(nic.name) for nic in nics.nics)),
        way_back=typed(all_or_nothing(back)) if len(back) == len(nics.nics) else (),
    ), LowerOrder(0))


def datagram_command(interface: str) -> str:
    """Both parts; "" where the name is none for a shell."""
    return all_or_nothing((mode_command(interface, "datagram"), mtu_command(interface, DATAGRAM_MTU)))


def datagram_mtu(driver: str | Message, nics: Named) -> Proposal | None:
    """Datagram mode whose packets are larger than a page; None where the MTU is small already."""
    if nics.mtu_bytes is not None and nics.mtu_bytes <= DATAGRAM_MTU:
        return None
    reason = say(
        "remedy.lower_order.datagram_mtu.reason",
        "IP over InfiniBand ({driver}) in datagram mode takes one piece a packet: with an MTU of 4092 that is more "
        "than a page, with {mtu_bytes} it fits in one. {command}",
        driver=driver, mtu_bytes=DATAGRAM_MTU, command=mtu_command(nics.first, DATAGRAM_MTU),
    )
    command, back = mtu_commands(nics.nics, DATAGRAM_MTU)
    return Proposal(Step("lower_order", mtu_value(DATAGRAM_MTU, nics), reason, LESS_THROUGHPUT, commands=typed(command),
                         way_back=typed(back)), LowerOrder(0))


def mtu_value(mtu_bytes: int, nics: Named) -> Message:
    """Which MTU on which interfaces, and what they have now as far as it is known."""
    if not nics.shown:
        return say("remedy.lower_order.mtu.any", "MTU {mtu_bytes} on the interface", mtu_bytes=mtu_bytes)
    if nics.mtu_bytes is None:
        return say("remedy.lower_order.mtu.value", "MTU {mtu_bytes} on {interfaces}", mtu_bytes=mtu_bytes,
                   interfaces=nics.shown)
    return say("remedy.lower_order.mtu.now", "MTU {mtu_bytes} on {interfaces} (now {now_mtu_bytes})",
               mtu_bytes=mtu_bytes, interfaces=nics.shown, now_mtu_bytes=nics.mtu_bytes)


def offloads_off(situation: Situation, every: tuple[NicFacts, ...], nics: Named) -> Proposal | None:
    """Packets that are larger than the MTU only because of offloads of this direction; None where all are off."""
    asker = situation.asker
    path = asker.path if asker is not None else ""
    names = OFFLOADS.get(path, OF_BOTH)
    off = tuple(name for name in names if any(nic.offloads.get(name) for nic in every))
    if not off:
        if every and all(name in nic.offloads for nic in every for name in USUAL.get(path, OF_BOTH)):
            return None
        off = USUAL.get(path, ("tso", "lro"))
    switches = dict.fromkeys(off, False)
    reason = say(
        "remedy.lower_order.offloads.reason",
        "Packets larger than the MTU have to be copied into one piece on this path: without {offloads} they stay "
        "small. {command}",
        offloads=off, command=offload_command(nics.first, switches),
    )
    command, back = offload_commands(nics.nics, off)
    return Proposal(Step("lower_order", " ".join(f"{name} off" for name in off), reason, MORE_CPU,
                         commands=typed(command), way_back=typed(back)),
                    LowerOrder(order_of_packet(nics.mtu_bytes, situation.page_kb, situation.order)))


def order_of_packet(mtu_bytes: int | None, page_kb: int, most: int) -> int:
    """The order of a packet of the MTU in one piece."""
    pages = -(-((mtu_bytes or STANDARD_MTU) + 384) // (page_kb * 1024))
    return min(most, (pages - 1).bit_length())


def receive_buffers(situation: Situation, order: int, driver: str | Message, nics: Named) -> Proposal | None:
    """A NIC driver whose buffers are larger than a page; None where only an update of it helps."""
    mended = update_for_driver(situation) is not None
    if nics.mtu_bytes is not None and nics.mtu_bytes <= STANDARD_MTU:
        return None if mended else without_lro(order, driver, nics)
    scheme = scheme_of(situation.driver, situation.release)
    then = min(order, scheme.asks_for(STANDARD_MTU, situation.page_kb))
    if then >= order:
        return None if mended else large_pieces(order, driver, nics)  # the MTU changes nothing for this driver
    reason = say(
        "remedy.lower_order.mtu.reason",
        "{driver} asks for order {order} a receive buffer. With MTU {mtu_bytes} a buffer fits in one page, and one "
        "page is hardly ever missing. {command}; smaller receive rings ({ring_command}) ask for less at one time; a "
        "driver with page-split receive keeps the MTU.",
        driver=driver, order=order, mtu_bytes=STANDARD_MTU, command=mtu_command(nics.first, STANDARD_MTU),
        ring_command=ring_command(nics.first, "N"),
    )
    risk = say(
        "remedy.lower_order.mtu.risk",
        "Jumbo frames from others no longer fit: change the whole subnet. Smaller rings drop earlier in a burst.",
    )
    command, back = mtu_commands(nics.nics, STANDARD_MTU)
    return Proposal(Step("lower_order", mtu_value(STANDARD_MTU, nics), reason, risk, commands=typed(command),
                         way_back=typed(back)), LowerOrder(then))


def without_lro(order: int, driver: str | Message, nics: Named) -> Proposal | None:
    """The MTU is small: LRO may be what asks, where it is not off already."""
    own = nics.nics
    if own and all(nic.offloads.get("lro") is False for nic in own):
        return large_pieces(order, driver, nics)
    reason = say(
        "remedy.lower_order.lro.reason",
        "{driver} asks for order {order} a buffer although the MTU is {mtu_bytes}: LRO (bnx2x: disable_tpa=1) or "
        "the driver itself wants large buffers. {command}; a newer driver may take single pages.",
        driver=driver, order=order, mtu_bytes=nics.mtu_bytes,
        command=offload_command(nics.first, {"lro": False}),
    )
    command, back = offload_commands(own, ("lro",))
    return Proposal(Step("lower_order", "lro off", reason, MORE_CPU, commands=typed(command), way_back=typed(back)),
                    LowerOrder(0))


def large_pieces(order: int, driver: str | Message, nics: Named) -> Proposal:
    """Neither MTU nor LRO: the driver itself."""
    return Proposal(Step("lower_order", None, say(
        "remedy.lower_order.driver.reason",
        "{driver} itself asks for order {order} a receive buffer, whatever the MTU and without LRO: look for a newer "
        "driver, which may take single pages; smaller receive rings ({ring_command}) ask for less at one time.",
        driver=driver, order=order, ring_command=ring_command(nics.first, "N"),
    )))


def named(nics: tuple[NicFacts, ...], driver: str | None, *, sure: bool = False) -> Named:
    """The interfaces by name; a placeholder where none is known.

    Where none is known to be the driver's all of the host stand here: then only a single one is its for sure.
    """
    real = tuple(nic for nic in nics if nic.name != "lo")
    mtus = [nic.mtu for nic in real if nic.mtu is not None]
    first = max(real, key=lambda nic: nic.mtu or 0).name if real else PLACEHOLDER
    alone = len(real) == 1 and (driver is None or real[0].driver is None)
    own = sure or alone or (driver is not None and all(nic.driver == driver for nic in real))
    shown = tuple(nic.name for nic in real[:SHOWN_MOST]) + (("...",) if len(real) > SHOWN_MOST else ())
    return Named(first if is_interface(first) else PLACEHOLDER, shown, max(mtus, default=None), real if own else ())
