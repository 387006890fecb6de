"""ATOMIC_RESERVE_AT_RISK: nothing has failed yet, but there is evidence that the next request that cannot wait will."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.failures import Failures
from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.diagnosis.at_risk import Asked, AtRisk, Limits, at_risk
from nopage.kernel.facts import SlubBlock
from nopage.kernel.gfp import decode
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
CACHES_MOST = 16


@rule(Memory, Kernel, optional=[Failures, Network, Hostname, Host], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(
    memory: Memory,
    kernel: Kernel,
    failures: Failures | None,
    network: Network | None,
    hostname: list[Hostname] | None,
    host: Host | None,
) -> Any:
    """Replays on the collected state the orders that something here asks for, and reads the pressure counters.

    Silent where an atomic request has failed already: then the failure's own finding says more.
    """
    if failures is not None and failures.atomic:
        return None
    risk = at_risk(
        kernel.release,
        memory.state,
        network=network.facts if network else None,
        host=host.facts if host else None,
        seen=seen_failing(failures.slub if failures else (), kernel),
        limits=Limits(**KNOWN.thresholds),
    )
    if not risk.at_risk:
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
            min_free_kbytes=memory.settings.get("min_free_kbytes"),
            fingerprint=fingerprint(KEY, kernel.generation, *(f"{one.order}{one.cause}" for one in risk.orders)),
        ),
        hostname,
    )


def seen_failing(blocks: Iterable[SlubBlock], kernel: Kernel) -> list[Asked]:
    """The orders of slab caches that could not grow for a request that could not wait, without a report of its own.

    The cache of a memory cgroup is at its own limit, whatever the zones have.
    """
    found: dict[str, Asked] = {}
    for block in blocks:
        cache = block.cache or ""
        if block.min_order is None or "(" in cache or not decode(block.gfp_mask, kernel.release, block.gfp_text).atomic:
            continue
        who = say("at_risk.asks.slab", "slab cache {cache}, which could not grow before", cache=cache)
        found.setdefault(cache, Asked(block.min_order, who))
    return list(found.values())[:CACHES_MOST]


def summary(risk: AtRisk) -> Message:
    """What would fail now, in one sentence."""
    if not risk.orders:
        return say(
            "at_risk.summary.pressure",
            "No failure yet, but by the kernel's counters memory is short so often that atomic requests may fail",
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
    current, total_kb = memory.settings.get("min_free_kbytes"), memory.total_kb
    pages_short = any(one.order == 0 for one in risk.orders)
    useful = {RAISE} if pages_short or not risk.orders else {RAISE, "lower_order", "update_kernel"}
    found = [one for one in remedies_in_words(known, kernel.release) if one.action in useful]
    if current is None or not total_kb:
        return found
    wanted = max(2 * current, total_kb * 5 // 1000)
    value = min(wanted, most_kb(total_kb))
    if value <= current:
        return [one for one in found if one.action != RAISE]
    reason = say(
        "remedy.reserve_at_risk.reason",
        "At least twice the present value, and 0.5 % of memory{capped}.",
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
