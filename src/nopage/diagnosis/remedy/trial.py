"""Settings that somebody asks about, tried on the printed state as the plan's own steps are."""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import replace

from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.values import STANDARD_MTU, scheme_of
from nopage.diagnosis.remedy.what_if import LowerOrder, NewMarks, ground_of, what_if
from nopage.kernel.message import Message, say

JUMBO_MTU, MOST_MTU = 9000, 65520  # the latter of IP over InfiniBand, connected


def tried(situation: Situation, settings: Mapping[str, int], mtu: int | None = None) -> list[Message]:
    """What the printed state says of the failed request under vm.* `settings` and at another MTU: each, then both."""
    ground = ground_of(situation)
    if ground is None:
        return []
    now = ground.settings_now or {}
    changed = {name: value for name, value in settings.items() if value != now.get(name)}
    marks = NewMarks(**changed) if changed else None
    order = order_at(situation, mtu)
    lower = LowerOrder(order) if order is not None and order < ground.request.order else None
    told = [what_if(ground, change).words for change in (marks, lower) if change is not None]
    if marks is not None and lower is not None:
        both = replace(ground, request=replace(ground.request, order=lower.order))
        told.append(say("what_if.both", "Both together: {words}", words=what_if(both, marks).words))
    elif order is not None and lower is None:
        told.append(say("what_if.mtu_same", "With MTU {mtu} {driver} still asks for order {order}.", mtu=mtu,
                        driver=situation.driver, order=ground.request.order))
    return told


def mtu_now(situation: Situation) -> int | None:
    """The MTU behind the failed request: of the driver's interfaces, else one that makes the driver ask for that order;
    None where the request is no receive buffer of several pages.
    """
    request, asker = situation.request, situation.asker
    if request is None or asker is None or not request.order or not asker.receive_buffer or not situation.driver:
        return None
    mtu = mtu_told(situation) or mtu_of_order(situation, request.order)
    return mtu if mtu > STANDARD_MTU else None


def mtu_told(situation: Situation) -> int | None:
    """The largest MTU of the driver's interfaces; None where none is told."""
    nics = situation.network.nics if situation.network else ()
    return max((nic.mtu for nic in nics if nic.driver == situation.driver and nic.mtu), default=None)


def mtu_of_order(situation: Situation, order: int) -> int:
    """The MTU nearest to the usual jumbo one at which the driver's buffers are of this order; that one itself where
    none explains it.
    """
    scheme = scheme_of(situation.driver, situation.printed_by)

    def asked_at(mtu: int) -> int:
        return scheme.asks_for(mtu, situation.page_kb)

    usual = asked_at(JUMBO_MTU)
    if usual > order > asked_at(STANDARD_MTU):
        return bisect_right(range(JUMBO_MTU), order, lo=STANDARD_MTU, key=asked_at) - 1
    if usual < order <= asked_at(MOST_MTU):
        return bisect_left(range(MOST_MTU + 1), order, lo=JUMBO_MTU, key=asked_at)
    return JUMBO_MTU


def order_at(situation: Situation, mtu: int | None) -> int | None:
    """The order of a receive buffer at another MTU; None where the MTU is as it was."""
    request, now = situation.request, mtu_now(situation)
    if mtu is None or now is None or request is None or mtu >= now:
        return None
    return min(request.order, scheme_of(situation.driver, situation.printed_by).asks_for(mtu, situation.page_kb))
