"""SILENT_ALLOCATION_FAILURE: counters say that memory was asked for in vain, and no report tells of it."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import rule
from msgspec.structs import replace

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.kernel import Kernel
from nopage.combiners.network import Network
from nopage.diagnosis.cause import NETWORK_PATHS
from nopage.diagnosis.silent import Silent, silent_failures
from nopage.kernel.message import Message, say
from nopage.parsers.host_facts import Hostname
from nopage.result import FindingType, Path, Severity, said_all, texts
from nopage.rules.knowledge import knowledge
from nopage.rules.remedies import remedies_in_words
from nopage.rules.response import CONTENT as FINDING
from nopage.rules.response import fingerprint, respond, rule_links, setting_finding

KEY = "SILENT_ALLOCATION_FAILURE"
KNOWN = knowledge(KEY)
CONTENT = {KEY: FINDING}
STANDARD_MTU = 1500


@rule(Network, Kernel, optional=[Diagnoses, Hostname], links=rule_links(KNOWN), tags=list(KNOWN.tags))
def report(network: Network, kernel: Kernel, diagnoses: Diagnoses | None, hostname: list[Hostname] | None) -> Any:
    """Counters of the interfaces that mean "no memory"; a failure where packets were lost with them or they grow.

    Silent where a failed request on a network path was reported: then that failure's own finding tells the counters.
    """
    groups = diagnoses.of(atomic=True) if diagnoses else ()
    if any(group.example.path in NETWORK_PATHS for group in groups):
        return None
    found = silent_failures(network.facts, kernel.release)
    if found is None:
        return None
    known = knowledge(KEY)
    drivers = sorted({nic.driver for nic in found.nics if nic.driver})
    jumbo = any((nic.mtu or 0) > STANDARD_MTU for nic in found.nics)
    remedies = [one for one in remedies_in_words(known, kernel.release) if jumbo or one.action != "lower_order"]
    finding = setting_finding(known, kernel, summary(found), remedies, severity(found))
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
