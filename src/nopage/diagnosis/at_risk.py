"""Before anything failed: would a GFP_ATOMIC request of order 0 to 3 fail on the collected state, and is the reserve
large enough for the receive rings?"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nopage.diagnosis.cause import NODE_EXHAUSTED, OUT_OF_BLOCKS, OUT_OF_PAGES, HostNetwork, decide
from nopage.diagnosis.remedy import SHARE_DENOMINATOR, SHARE_NUMERATOR, nic_needs, reserve_for
from nopage.diagnosis.watermark import (
    NodeSet,
    WatermarkRule,
    ZoneVerdict,
    gfp_atomic,
    memory_base,
    provenance,
    rule_of,
    too_high,
    too_low,
)
from nopage.kernel.facts import MemInfo
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release

ORDERS = (0, 1, 2, 3)
WOULD_FAIL = (*OUT_OF_PAGES, *OUT_OF_BLOCKS)
NODES_TOLD = 8
RINGS_TOLD = 3


@dataclass(frozen=True, slots=True)
class OrderRisk:
    """A GFP_ATOMIC request of this order would fail for this cause; `node` None means on the whole host."""

    order: int
    cause: str
    best: ZoneVerdict | None
    node: int | None = None

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


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What the collected state says of the next atomic request.

    `orders` would fail on the whole host: that is the risk. `nodes` would fail if they were limited to one node; a
    GFP_ATOMIC request is not, so they are only told. `need_kb` is what one refill of all receive rings takes and
    `wanted_kb` the min_free_kbytes whose atomic share holds it; None where the rings were not collected.
    """

    at_risk: bool
    orders: tuple[OrderRisk, ...] = ()
    nodes: tuple[OrderRisk, ...] = ()
    current_kb: int | None = None
    need_kb: int | None = None
    wanted_kb: int | None = None
    too_low: Message = NOTHING
    too_high: Message = NOTHING
    words: tuple[Message, ...] = ()
    reason: Message = NOTHING


def at_risk(
    release: Release | None,
    memory: MemInfo | None,
    settings: Mapping[str, int],
    *,
    total_kb: int | None = None,
    network: HostNetwork | None = None,
) -> AtRisk:
    """Judge the collected state; `reason` says what could not be."""
    current = settings.get("min_free_kbytes")
    zones = memory.zones if memory is not None else ()
    low = too_low(release, zones, current, total_kb=total_kb)
    own_kb = provenance(release, zones, current, total_kb=total_kb).own_most_kb
    high = too_high(memory_base(release, zones, total_kb), current, own_kb)
    orders: tuple[OrderRisk, ...] = ()
    nodes: tuple[OrderRisk, ...] = ()
    reason = NOTHING
    rule = rule_of(release, memory)
    if memory is None or not zones:
        reason = say("at_risk.missing.zones", "the zones were not collected")
    elif rule is None:
        reason = say("at_risk.missing.release", "the kernel's release is not known, and with it its watermark rule")
    elif all(zone.min_pages is None for zone in zones):
        reason = say("at_risk.missing.watermarks", "the zones' watermarks were not collected (/proc/zoneinfo)")
    else:
        orders = failing_orders(memory, rule)
        nodes = failing_nodes(memory, rule, {risk.order for risk in orders})
    needs = nic_needs(network)
    need = sum(each.need_kb for each in needs) if needs else None
    wanted = reserve_for(needs) if needs else None
    words = [risk.words for risk in (*orders, *nodes)]
    small = current is not None and wanted is not None and current < wanted
    if current is not None and small:
        words.append(say(
            "at_risk.rings",
            "One refill of the receive rings takes {need_kb} kB ({rings:join; }); atomic requests may use "
            "{share_numerator}/{share_denominator} of vm.min_free_kbytes = {current_kb} kB, which is {share_kb} kB.",
            need_kb=need, rings=tuple(each.words for each in needs[:RINGS_TOLD]), share_numerator=SHARE_NUMERATOR,
            share_denominator=SHARE_DENOMINATOR, current_kb=current,
            share_kb=current * SHARE_NUMERATOR // SHARE_DENOMINATOR,
        ))
    if low:
        words.append(say("at_risk.too_low", "{too_low}.", too_low=low))
    risk = bool(orders) or small or bool(low)
    return AtRisk(risk, orders, nodes, current, need, wanted, low, high, tuple(words), reason)



def failing_orders(memory: MemInfo, rule: WatermarkRule) -> tuple[OrderRisk, ...]:
    """The orders of which a GFP_ATOMIC request would fail with every zone of the host open to it."""
    found = []
    for order in ORDERS:
        decision = decide(gfp_atomic(order), memory, rule)
        if decision.cause in WOULD_FAIL:
            found.append(OrderRisk(order, decision.cause, decision.best))
    return tuple(found)


def failing_nodes(memory: MemInfo, rule: WatermarkRule, everywhere: set[int]) -> tuple[OrderRisk, ...]:
    """Per node, the lowest order that only this node could not give; orders that fail everywhere are told already."""
    nodes = sorted({zone.node or 0 for zone in memory.zones if zone.size_pages != 0})
    found: list[OrderRisk] = []
    if len(nodes) < 2:
        return ()
    for node in nodes:
        for order in ORDERS:
            if order in everywhere:
                break
            decision = decide(gfp_atomic(order, NodeSet(((node, node),))), memory, rule)
            if decision.cause in (*WOULD_FAIL, NODE_EXHAUSTED):
                found.append(OrderRisk(order, decision.cause, decision.best, node))
                break
        if len(found) >= NODES_TOLD:
            break
    return tuple(found)
