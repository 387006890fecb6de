"""ATOMIC_RESERVE_AT_RISK: nothing has failed yet, but the next request that cannot wait may."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.combiners.plan import Plan
from nopage.diagnosis.at_risk import AtRisk, at_risk
from nopage.kernel.message import Message, say
from nopage.parsers.host_facts import Hostname
from nopage.result import Cause, Severity, said_all, texts
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import planned
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import fingerprint, respond, rule_links, setting_finding

KEY = "ATOMIC_RESERVE_AT_RISK"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(Memory, Kernel, Plan, optional=[Failures, Network, Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(
    memory: Memory,
    kernel: Kernel,
    plan: Plan,
    failures: Failures | None,
    network: Network | None,
    hostname: list[Hostname] | None,
) -> Any:
    """Replays orders 0 to 3 on the collected state, and holds the reserve against one refill of the receive rings.

    Silent where an atomic request has failed already: then the failure's own finding says more.
    """
    if failures is not None and failures.atomic:
        return None
    risk = at_risk(
        kernel.release,
        memory.state,
        memory.settings,
        total_kb=memory.total_kb,
        network=network.facts if network else None,
    )
    thin = risk.wanted_kb is not None and risk.current_kb is not None and risk.current_kb < risk.wanted_kb
    if not risk.orders and not thin:
        return None
    known = knowledge(KEY)
    notes = [risk.reason] if risk.reason else []
    found = setting_finding(known, kernel, summary(risk), planned(plan, known, kernel.release), Severity.LOW)
    return respond(
        replace(
            found,
            cause=Cause(risk.orders[0].cause) if risk.orders else None,
            why=texts(risk.words),
            why_said=said_all(risk.words),
            notes=texts(notes),
            notes_said=said_all(notes),
            orders=tuple(one.order for one in risk.orders),
            min_free_kbytes=risk.current_kb,
            rings_need_kb=risk.need_kb,
            fingerprint=fingerprint(KEY, kernel.generation, *(f"{one.order}{one.cause}" for one in risk.orders)),
        ),
        hostname,
    )


def summary(risk: AtRisk) -> Message:
    """What would fail now, in one sentence."""
    if not risk.orders:
        return say(
            "at_risk.rings",
            "vm.min_free_kbytes = {current_kb} kB is less than one refill of the receive rings asks for ({wanted_kb} "
            "kB)",
            current_kb=risk.current_kb,
            wanted_kb=risk.wanted_kb,
        )
    return say(
        "at_risk.orders",
        "No failure yet, but in the collected state an atomic request of order {orders} would fail",
        orders=tuple(one.order for one in risk.orders),
    )
