"""SILENT_ALLOCATION_FAILURE: counters say that memory was asked for in vain, and no report tells of it."""

from __future__ import annotations

from msgspec.structs import replace

from nopage.diagnosis.picture import Picture
from nopage.diagnosis.silent import Silent
from nopage.kernel.message import Message, say
from nopage.result import Finding, FindingType, Path, Severity, said_all, texts
from nopage.rules.findings.remedies import planned
from nopage.rules.findings.shared import fingerprint, setting_finding
from nopage.rules.knowledge import knowledge

KEY = "SILENT_ALLOCATION_FAILURE"


def silent_failures(picture: Picture) -> Finding | None:
    """Counters of the interfaces that mean "no memory"; a failure where packets were lost with them or they grow.

    None where a failed request on a network path was reported: then that failure's own finding tells the counters.
    """
    outlook, plan, kernel = picture.outlook, picture.plan, picture.kernel
    if outlook is None or plan is None or kernel is None or outlook.silent is None:
        return None
    found = outlook.silent
    known = knowledge(KEY)
    drivers = sorted({nic.driver for nic in found.nics if nic.driver})
    return replace(
        setting_finding(known, kernel, summary(found), planned(plan, known, kernel.release), severity(found)),
        type=FindingType.FAIL if found.matters else FindingType.INFO,
        why=texts(found.words),
        why_said=said_all(found.words),
        path=Path.NETWORK_RECEIVE if found.nics else Path.SOCKETS,
        driver=drivers[0] if len(drivers) == 1 else None,
        silent_failures=found.failures,
        lost_packets=found.lost_packets,
        fingerprint=fingerprint(KEY, kernel.generation, *drivers, *sorted(found.protocol)),
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
