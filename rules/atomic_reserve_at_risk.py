"""ATOMIC_RESERVE_AT_RISK: nothing has failed yet, but there is evidence that the next request that cannot wait will."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.outlook import Outlook
from nopage.combiners.plan import Plan
from nopage.diagnosis.at_risk import AtRisk
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


@rule(Outlook, Host, Kernel, Plan, optional=[Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(outlook: Outlook, host: Host, kernel: Kernel, plan: Plan, hostname: list[Hostname] | None) -> Any:
    """Replays on the collected state the orders that something here asks for, and reads the pressure counters.

    Silent where an atomic request has failed already: then the failure's own finding says more.
    """
    risk = outlook.risk
    if risk is None or not risk.at_risk:
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
            min_free_kbytes=host.facts.settings.get("min_free_kbytes"),
            fingerprint=fingerprint(KEY, kernel.generation, *(f"{one.order}{one.cause}" for one in risk.orders)),
        ),
        hostname,
    )


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
