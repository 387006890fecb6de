"""The whole result in one sentence, and how soon somebody should act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from nopage.diagnosis.cause import SHOWN, Drops, Timeline
from nopage.diagnosis.host import Diagnosed
from nopage.kernel.message import NOTHING, Message, Param, say
from nopage.result import Cause, DropsVerdict, Finding, Memory, Network, Path, SeriesKind, Severity, Source, SourceKind
from nopage.result import Timeline as Series

ORDER = tuple(Severity)
GOES_ON = (SeriesKind.RECURRING, SeriesKind.STORM)
NETWORK = (Path.NETWORK_RECEIVE, Path.NETWORK_TRANSMIT, Path.SOCKETS)


def severity_of_failures(example: Diagnosed, series: Timeline, drops: Drops | None) -> Severity:
    """How soon to act on failures: whether they go on, and whether something was lost with them.

    A request that could sleep is answered by its caller: at most moderate.
    """
    goes_on = series.kind in GOES_ON
    if not example.failure.gfp.atomic:
        return Severity.MODERATE if goes_on else Severity.LOW
    lost = drops is not None and drops.verdict == SHOWN
    at_stake = example.path == Path.STORAGE or example.diagnosis.has("swap_out")
    if goes_on:
        return Severity.URGENT if lost or at_stake else Severity.IMPORTANT
    if lost or at_stake:
        return Severity.MODERATE
    certain = drops is not None and drops.verdict == DropsVerdict.NOT_SHOWN
    return Severity.LOW if certain or example.diagnosis.cause == Cause.TRANSIENT else Severity.MODERATE


def severity_of(findings: Sequence[Finding]) -> Severity:
    """That of the most severe finding."""
    return min((finding.severity for finding in findings), key=ORDER.index, default=Severity.NONE)


BECAUSE = {
    Cause.EXHAUSTED: say("verdict.because.exhausted", "no zone had a page left that it may take"),
    Cause.ZONE_EXHAUSTED: say("verdict.because.zone_exhausted", "the zones that it is limited to were out of pages"),
    Cause.NODE_EXHAUSTED: say("verdict.because.node_exhausted", "the node that it is limited to was out of pages"),
    Cause.FRAGMENTED: say("verdict.because.fragmented", "free memory lay in pieces too small for it"),
    Cause.WATERMARK_ORDER: say(
        "verdict.because.watermark_order", "this kernel's watermark rule refused the free blocks"
    ),
    Cause.TRANSIENT: say("verdict.because.transient", "memory was short for a moment and is back"),
}
SERIES = {
    SeriesKind.SINGLE: say("verdict.series.single", "It happened once."),
    SeriesKind.BURST: say("verdict.series.burst", "It was one burst."),
    SeriesKind.STORM: say("verdict.series.storm", "It was a storm of failures."),
    SeriesKind.RECURRING: say("verdict.series.recurring", "It goes on or comes back."),
    SeriesKind.UNKNOWN: NOTHING,
}


def verdict_of(
    findings: Sequence[Finding], series: Series | None, network: Network | None, source: Source, memory: Memory | None
) -> tuple[Message, ...]:
    """What happened, why, and whether it matters, in a sentence or two."""
    if not findings:
        return nothing_words(source, memory)
    first = findings[0]
    if first.silent_failures is not None:
        return (say("verdict.silent", "No failure was reported, but {summary}.", summary=summary_of(first)),)
    if first.reports is None:
        return (say("verdict.finding", "No request has failed, but: {summary}.", summary=summary_of(first)),)
    who = first.driver or say("verdict.who", "the kernel")
    cause = because(first.cause)
    count = first.reports
    if not first.atomic:
        told = say(
            "verdict.sleeping",
            "{who} asked for memory {count:once|# times} and got none, although it could wait and reclaim{because}.",
            who=who, count=count, because=cause,
        )
    elif first.path not in NETWORK:
        told = say(
            "verdict.other", "{who} could not wait for memory and got none {count:once|# times}{because}.",
            who=who, count=count, because=cause,
        )
    elif first.path == Path.SOCKETS and (network is None or network.drops == DropsVerdict.LIKELY):
        told = say(
            "verdict.refused",
            "A connection or a message was probably delayed or refused: {who} got no memory "
            "{count:once|# times}{because}.",
            who=who, count=count, because=cause,
        )
    elif network is None or network.drops == DropsVerdict.LIKELY:
        told = say(
            "verdict.likely",
            "Packets were probably lost: {who} got no memory {count:once|# times}{because}.",
            who=who, count=count, because=cause,
        )
    elif network.drops == DropsVerdict.SHOWN:
        told = say(
            "verdict.lost", "Packets were lost: {who} got no memory {count:once|# times}{because}.",
            who=who, count=count, because=cause,
        )
    else:
        told = say(
            "verdict.not_lost",
            "{who} got no memory {count:once|# times}{because}; no packet is known to be lost.",
            who=who, count=count, because=cause,
        )
    return tuple(message for message in (told, SERIES[series.kind] if series else NOTHING) if message)


def because(cause: Cause | None) -> Message:
    """The half sentence that says why; nothing for a request that could sleep."""
    if cause == Cause.UNKNOWN:
        return say("verdict.because.unknown", ", and the reports do not show why")
    return say("verdict.because", ", because {cause}", cause=BECAUSE[cause]) if cause else NOTHING


def summary_of(finding: Finding) -> Param:
    """Its summary as the message that it is, where it is one: so that it can be put in another language."""
    told = finding.summary_said
    return cast("Param", told[0]) if len(told) == 1 else finding.summary


OTHER_EVENTS: dict[str, Callable[[int], Message]] = {
    "oom_kill": lambda events: say("nothing.other.oom_kill", "{events:# OOM kill|# OOM kills}", events=events),
    "memcg_oom_kill": lambda events: say(
        "nothing.other.memcg_oom_kill",
        "{events:# OOM kill in a memory cgroup|# OOM kills in memory cgroups}",
        events=events,
    ),
    "soft_lockup": lambda events: say(
        "nothing.other.soft_lockup", "{events:# soft lockup|# soft lockups}", events=events
    ),
    "hard_lockup": lambda events: say(
        "nothing.other.hard_lockup", "{events:# hard lockup|# hard lockups}", events=events
    ),
    "rcu_stall": lambda events: say("nothing.other.rcu_stall", "{events:# RCU stall|# RCU stalls}", events=events),
    "hung_task": lambda events: say(
        "nothing.other.hung_task", "{events:# hung task|# reports of hung tasks}", events=events
    ),
    "vmalloc_failure": lambda events: say(
        "nothing.other.vmalloc_failure", "{events:# failure of vmalloc|# failures of vmalloc}", events=events
    ),
    "allocation_stall": lambda events: say(
        "nothing.other.allocation_stall", "{events:# stalled allocation|# stalled allocations}", events=events
    ),
}


def other_words(source: Source) -> Message:
    """What else the logs tell; it is counted, not explained."""
    counts = source.coverage.other_events
    told = tuple(OTHER_EVENTS[kind](count) for kind, count in counts.items() if kind in OTHER_EVENTS and count)
    if not told:
        return NOTHING
    return say("nothing.other_events", "The logs tell of something else: {events}.", events=told)


def nothing_words(source: Source, memory: Memory | None) -> tuple[Message, ...]:
    """What an empty result means, which is not the same as 'no failure'."""
    if source.kind == SourceKind.UNREADABLE:
        return (say("nothing.unreadable", "Nothing could be read, so nothing is known of this host."),)
    logs = "kernel_log" in source.coverage.found
    state = memory is not None and bool(memory.zones)
    if not logs and not state:
        return (
            say(
                "nothing.neither",
                "Neither a kernel log nor a memory state was in it, so nothing is known of this host's allocations.",
            ),
        )
    found = [
        say("nothing.in_logs", "No page allocation failure found in the logs that were read.")
        if logs
        else say("nothing.no_logs", "No kernel log was in it, so whether an allocation failed is not known."),
        say("nothing.at_risk", "Nothing is at risk in the memory state that was collected.")
        if state
        else say(
            "nothing.no_state",
            "No memory state was collected, so whether the next request would fail is not known.",
        ),
    ]
    if memory is not None and memory.contradiction_said is not None:
        one = memory.contradiction_said
        numbers = tuple((name, value) for name, value in one.params.items() if isinstance(value, int))
        told = Message(one.id, one.text, numbers)
        found.append(say("nothing.contradiction", "{contradiction}.", contradiction=told))
    if logs:
        if other := other_words(source):
            found.insert(1, other)
        found.append(
            say(
                "nothing.no_proof",
                "Reports are rate limited and many callers suppress them: drop counters, not their absence, prove that "
                "no packet was lost.",
            )
        )
    return tuple(found)
