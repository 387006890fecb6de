"""SILENT_ALLOCATION_FAILURE: counters say that memory was asked for in vain, and no report tells of it."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.kernel import Kernel
from nopage.combiners.network import Network
from nopage.combiners.outlook import Outlook
from nopage.combiners.plan import Plan
from nopage.diagnosis.silent import Silent
from nopage.kernel.message import Message, say
from nopage.parsers.host_facts import Hostname
from nopage.result import FindingType, Path, Severity, said_all, texts
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import planned
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import fingerprint, respond, rule_links, setting_finding

KEY = "SILENT_ALLOCATION_FAILURE"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}


@rule(Outlook, Network, Kernel, Plan, optional=[Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(
    outlook: Outlook, _counters: Network, kernel: Kernel, plan: Plan, hostname: list[Hostname] | None
) -> Any:
    """Counters of the interfaces that mean "no memory"; a failure where packets were lost with them or they grow.

    Silent where a failed request on a network path was reported: then that failure's own finding tells the counters.
    """
    found = outlook.silent
    if found is None:
        return None
    known = knowledge(KEY)
    drivers = sorted({nic.driver for nic in found.nics if nic.driver})
    finding = setting_finding(
        known, kernel, summary(found), planned(plan, known, kernel.release), severity(found)
    )
    return respond(
        replace(
            finding,
            type=FindingType.FAIL if found.matters else FindingType.INFO,
            why=texts(found.words),
            why_said=said_all(found.words),
            path=Path.NETWORK_RECEIVE if found.nics else Path.SOCKETS,
            driver=drivers[0] if len(drivers) == 1 else None,
            silent_failures=found.failures,
            lost_packets=found.lost_packets,
            fingerprint=fingerprint(KEY, kernel.generation, *drivers, *sorted(found.protocol)),
        ),
        hostname,
    )


def severity(found: Silent) -> Severity:
    """Growing counters are a problem of today; lost packets may be of last year."""
    if found.growing:
        return Severity.IMPORTANT
    return Severity.MODERATE if found.lost_packets else Severity.LOW


def summary(found: Silent) -> Message:
    """How often, where, and what was lost with it."""
    where = tuple(nic.name for nic in found.nics) or tuple(sorted(found.protocol))
    if found.lost_packets:
        return say(
            "summary.silent.lost",
            "{failures:,} {failures:allocation|allocations} failed without a report ({where}), and {packets:,} "
            "{packets:packet was|packets were} lost with no buffer for {packets:it|them}",
            failures=found.failures, where=where, packets=found.lost_packets,
        )
    return say(
        "summary.silent",
        "{failures:,} {failures:allocation|allocations} failed without a report ({where}); no packet is known to be "
        "lost with {failures:it|them}",
        failures=found.failures, where=where,
    )
