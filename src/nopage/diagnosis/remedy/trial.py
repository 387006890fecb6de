"""Settings that somebody asks about, tried on the printed state as the plan's own steps are."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.values import STANDARD_MTU, scheme_of
from nopage.diagnosis.remedy.what_if import LowerOrder, NewMarks, ground_of, what_if
from nopage.kernel.message import Message, say

JUMBO_MTU = 9000


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
    """The MTU behind the failed request: of the driver's interfaces, else the usual jumbo one; None where the request
    is no receive buffer of several pages.
    """
    request, asker = situation.request, situation.asker
    if request is None or asker is None or not request.order or not asker.receive_buffer or not situation.driver:
        return None
    nics = situation.network.nics if situation.network else ()
    told = [nic.mtu for nic in nics if nic.driver == situation.driver and nic.mtu]
    mtu = max(told, default=JUMBO_MTU)
    return mtu if mtu > STANDARD_MTU else None


def order_at(situation: Situation, mtu: int | None) -> int | None:
    """The order of a receive buffer at another MTU; None where the MTU is as it was."""
    request, now = situation.request, mtu_now(situation)
    if mtu is None or now is None or request is None or mtu >= now:
        return None
    return min(request.order, scheme_of(situation.driver, situation.printed_by).asks_for(mtu, situation.page_kb))
