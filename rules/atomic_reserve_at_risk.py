"""ATOMIC_RESERVE_AT_RISK: nothing has failed yet, but the next request that cannot wait may."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.diagnosis.at_risk import AtRisk, at_risk
from nopage.kernel.message import NOTHING, Message, say
from nopage.parsers.host_facts import Hostname
from nopage.result import Cause, Remedy, Severity, said_all, texts
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import most_kb, remedies_in_words, set_min_free_kbytes
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import fingerprint, respond, rule_links, setting_finding

KEY = "ATOMIC_RESERVE_AT_RISK"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}
RAISE = "raise_min_free_kbytes"


@rule(Memory, Kernel, optional=[Failures, Network, Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(
    memory: Memory,
    kernel: Kernel,
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
    found = setting_finding(known, kernel, summary(risk), remedies(risk, kernel, memory), Severity.LOW)
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


def remedies(risk: AtRisk, kernel: Kernel, memory: Memory) -> list[Remedy]:
    """The knowledge's remedies for this release that can work here; the reserve with its value where one can be named.

    Smaller buffers and a newer per-order rule help only where single pages are not what is short.
    """
    known = knowledge(KEY)
    current, total_kb = risk.current_kb, memory.total_kb
    pages_short = any(one.order == 0 for one in risk.orders)
    useful = {RAISE} if pages_short or not risk.orders else {RAISE, "lower_order", "update_kernel"}
    found = [one for one in remedies_in_words(known, kernel.release) if one.action in useful]
    if current is None or not total_kb:
        return found
    wanted = max(2 * current, total_kb * 5 // 1000, risk.wanted_kb or 0)
    value = min(wanted, most_kb(total_kb))
    if value <= current:
        return [one for one in found if one.action != RAISE]
    reason = say(
        "remedy.reserve_at_risk.reason",
        "At least twice the present value, 0.5 % of memory and one refill of the receive rings{capped}.",
        capped=say("remedy.reserve_at_risk.capped", ", cut to 5 % of memory") if value < wanted else NOTHING,
    )
    risk_words = say(
        "remedy.reserve_at_risk.risk",
        "Programs can no longer use this memory; watch for out-of-memory kills and raise it in steps.",
    )
    return [
        set_min_free_kbytes(known, RAISE, value, reason, risk_words, kernel, memory) if one.action == RAISE else one
        for one in found
    ]
