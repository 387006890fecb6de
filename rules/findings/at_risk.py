"""ATOMIC_RESERVE_AT_RISK: nothing has failed yet, but there is evidence that the next request that cannot wait will."""

from __future__ import annotations

from msgspec.structs import replace

from nopage.diagnosis.at_risk import AtRisk
from nopage.diagnosis.picture import Picture
from nopage.kernel.message import Message, say
from nopage.result import Cause, Finding, Severity, said_all, texts
from nopage.rules.findings.remedies import planned
from nopage.rules.findings.shared import fingerprint, setting_finding
from nopage.rules.knowledge import knowledge

KEY = "ATOMIC_RESERVE_AT_RISK"


def atomic_reserve_at_risk(picture: Picture) -> Finding | None:
    """Replays on the collected state the orders that something here asks for, and reads the pressure counters.

    None where an atomic request has failed already: then the failure's own finding says more.
    """
    outlook, host, kernel, plan = picture.outlook, picture.host, picture.kernel, picture.plan
    if outlook is None or host is None or kernel is None or plan is None:
        return None
    risk = outlook.risk
    if risk is None or not risk.at_risk:
        return None
    known = knowledge(KEY)
    notes = [risk.reason] if risk.reason else []
    return replace(
        setting_finding(known, kernel, summary(risk), planned(plan, known, kernel.release), Severity.LOW),
        cause=Cause(risk.orders[0].cause) if risk.orders else None,
        why=texts(risk.words),
        why_said=said_all(risk.words),
        notes=texts(notes),
        notes_said=said_all(notes),
        orders=tuple(one.order for one in risk.orders),
        min_free_kbytes=host.facts.settings.get("min_free_kbytes"),
        fingerprint=fingerprint(KEY, kernel.generation, *(f"{one.order}{one.cause}" for one in risk.orders)),
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
