"""Before anything failed: is there evidence that the next request that cannot wait will fail?

Evidence is a replay on the collected state that fails for an order that something on this host asks for, or counters
that tell of pressure. How much the receive rings could take at once is none: they are not refilled at once.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from nopage.diagnosis.cause import NODE_EXHAUSTED, OUT_OF_BLOCKS, OUT_OF_PAGES, HostNetwork, decide
from nopage.diagnosis.host import HostFacts, Pressure
from nopage.diagnosis.watermark import LARGEST_ORDER, NodeSet, WatermarkRule, ZoneVerdict, gfp_atomic, rule_of
from nopage.kernel.facts import MemInfo
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.nic import receive_order
from nopage.kernel.release import Release

WOULD_FAIL = (*OUT_OF_PAGES, *OUT_OF_BLOCKS)
NODES_TOLD = 8
ASKERS_TOLD = 4
LEAST_UPTIME_S = 3600

SINGLE_PAGES = say("at_risk.asks.single_pages", "every driver and socket asks for single pages")
TCP_SOCKETS = say("at_risk.asks.tcp_sockets", "a new TCP connection takes a slab page of order 1 on RHEL 6")


@dataclass(frozen=True, slots=True)
class Limits:
    """Averages since boot from which on a counter is evidence: ten direct reclaims a minute, a failed compaction a
    second, are no ordinary day."""

    allocstall_per_hour: int = 600
    compact_fail_per_hour: int = 3600


ORDINARY = Limits()


@dataclass(frozen=True, slots=True)
class Asked:
    """An order that something on this host asks for without waiting, and who does."""

    order: int
    who: Message


@dataclass(frozen=True, slots=True)
class OrderRisk:
    """A GFP_ATOMIC request of this order would fail for this cause; `node` None means on the whole host.

    `askers` say who asks for it here.
    """

    order: int
    cause: str
    best: ZoneVerdict | None
    node: int | None = None
    askers: tuple[Message, ...] = ()

    @property
    def words(self) -> Message:
        """What would fail, and the zone that came nearest to a success."""
        if self.best is None:
            if self.node is None:
                return say("at_risk.order", "A GFP_ATOMIC request of order {order} would fail ({cause}).",
                           order=self.order, cause=self.cause)
            return say(
                "at_risk.node", "A GFP_ATOMIC request of order {order} would fail on node {node} alone ({cause}).",
                order=self.order, node=self.node, cause=self.cause,
            )
        if self.node is None:
            return say("at_risk.order.why", "A GFP_ATOMIC request of order {order} would fail ({cause}): {verdict}.",
                       order=self.order, cause=self.cause, verdict=self.best.words)
        return say(
            "at_risk.node.why",
            "A GFP_ATOMIC request of order {order} would fail on node {node} alone ({cause}): {verdict}.",
            order=self.order, node=self.node, cause=self.cause, verdict=self.best.words,
        )

    @property
    def asker_words(self) -> Message:
        """Who asks for it here."""
        if not self.askers:
            return NOTHING
        return say("at_risk.asked_by", "Order {order} is asked for here: {askers:join; }.", order=self.order,
                   askers=self.askers[:ASKERS_TOLD])


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What the collected state says of the next atomic request.

    `orders` would fail on the whole host, `pressure` are sentences about counters: each of them is a risk. `nodes`
    would fail if they were limited to one node; a GFP_ATOMIC request is not, so they are only told. `reason` says what
    could not be judged.
    """

    orders: tuple[OrderRisk, ...] = ()
    nodes: tuple[OrderRisk, ...] = ()
    pressure: tuple[Message, ...] = ()
    reason: Message = NOTHING

    @property
    def at_risk(self) -> bool:
        """Whether there is evidence."""
        return bool(self.orders or self.pressure)

    @property
    def words(self) -> tuple[Message, ...]:
        """The evidence in sentences."""
        of_orders = [message for one in self.orders for message in (one.words, one.asker_words) if message]
        return (*of_orders, *(one.words for one in self.nodes), *self.pressure)


def at_risk(
    release: Release | None,
    memory: MemInfo | None,
    *,
    network: HostNetwork | None = None,
    host: HostFacts | None = None,
    seen: Iterable[Asked] = (),
    limits: Limits = ORDINARY,
) -> AtRisk:
    """Judge the collected state; `seen` are orders that were seen failing before, without a report of their own."""
    zones = memory.zones if memory is not None else ()
    rule = rule_of(release, memory)
    asked = asked_orders(release, network, memory.page_kb if memory is not None else 4, seen)
    pressure = pressure_words(host, asked, limits) if host is not None else ()
    if memory is None or not zones:
        return AtRisk(pressure=pressure, reason=say("at_risk.missing.zones", "the zones were not collected"))
    if rule is None:
        return AtRisk(pressure=pressure, reason=say(
            "at_risk.missing.release", "the kernel's release is not known, and with it its watermark rule"))
    if all(zone.min_pages is None for zone in zones):
        return AtRisk(pressure=pressure, reason=say(
            "at_risk.missing.watermarks", "the zones' watermarks were not collected (/proc/zoneinfo)"))
    orders = failing_orders(memory, rule, asked)
    return AtRisk(orders, failing_nodes(memory, rule, asked, {one.order for one in orders}), pressure)


def asked_orders(
    release: Release | None, network: HostNetwork | None, page_kb: int, seen: Iterable[Asked] = ()
) -> tuple[Asked, ...]:
    """What is asked for on this host without waiting: single pages always, more only where that is known."""
    found = [Asked(0, SINGLE_PAGES)]
    for nic in network.nics if network is not None else ():
        order = receive_order(nic.driver, nic.mtu, release, page_kb) if nic.speed_mbps != 0 else 0
        if order:
            found.append(Asked(order, say(
                "at_risk.asks.receive", "a receive buffer of {nic} ({driver}, MTU {mtu_bytes})",
                nic=nic.name, driver=nic.driver or "", mtu_bytes=nic.mtu or 0)))
    if release is not None and release.exact and release.generation == "el6":
        found.append(Asked(1, TCP_SOCKETS))  # KERNEL.md 6, row 9: sk_prot_alloc < sk_clone
    found += [one for one in seen if 0 <= one.order <= LARGEST_ORDER]
    return tuple(dict.fromkeys(found))


def failing_orders(memory: MemInfo, rule: WatermarkRule, asked: Sequence[Asked]) -> tuple[OrderRisk, ...]:
    """The orders asked for of which a GFP_ATOMIC request would fail with every zone of the host open to it."""
    found = []
    for order in sorted({one.order for one in asked}):
        decision = decide(gfp_atomic(order), memory, rule)
        if decision.cause in WOULD_FAIL:
            askers = tuple(one.who for one in asked if one.order == order)
            found.append(OrderRisk(order, decision.cause, decision.best, askers=askers))
    return tuple(found)


def failing_nodes(
    memory: MemInfo, rule: WatermarkRule, asked: Sequence[Asked], everywhere: set[int]
) -> tuple[OrderRisk, ...]:
    """Per node, the lowest order that only this node could not give; orders that fail everywhere are told already."""
    nodes = sorted({zone.node or 0 for zone in memory.zones if zone.size_pages != 0})
    found: list[OrderRisk] = []
    if len(nodes) < 2:
        return ()
    for node in nodes:
        for order in sorted({one.order for one in asked}):
            if order in everywhere:
                break
            decision = decide(gfp_atomic(order, NodeSet(((node, node),))), memory, rule)
            if decision.cause in (*WOULD_FAIL, NODE_EXHAUSTED):
                found.append(OrderRisk(order, decision.cause, decision.best, node))
                break
        if len(found) >= NODES_TOLD:
            break
    return tuple(found)


def pressure_words(host: HostFacts, asked: Sequence[Asked], limits: Limits) -> tuple[Message, ...]:
    """Counters of /proc/vmstat whose average since boot is no ordinary one."""
    pressure = host.pressure
    if pressure is None or not pressure.uptime_s or pressure.uptime_s < LEAST_UPTIME_S:
        return ()
    found = []
    stalls = stalls_per_hour(pressure)
    if stalls is not None and stalls >= limits.allocstall_per_hour:
        found.append(say(
            "at_risk.allocstall",
            "Callers had to reclaim memory themselves {stalls_per_hour:.0f} times an hour since boot (allocstall): "
            "free memory was below the min mark then, and kswapd came too late.", stalls_per_hour=stalls))
    failed = pressure.per_hour("compact_fail")
    larger = sorted({one.order for one in asked if one.order})
    # Where huge pages are on, most compactions that fail are theirs
    if larger and host.thp == "never" and failed is not None and failed >= limits.compact_fail_per_hour:
        found.append(say(
            "at_risk.compact_fail",
            "Compaction failed {failed_per_hour:.0f} times an hour since boot (compact_fail), and order {orders} is "
            "asked for here.", failed_per_hour=failed, orders=tuple(larger)))
    return tuple(found)


def stalls_per_hour(pressure: Pressure) -> float | None:
    """allocstall, from RHEL 8 on the sum of those of the zones; None where it was not collected."""
    rates = [rate for name in pressure.counters if name.startswith("allocstall")
             if (rate := pressure.per_hour(name)) is not None]
    return sum(rates) if rates else None
