"""Words of the contract as a person reads them: findings, causes, how soon, what the failures look like over time."""
from __future__ import annotations

from collections.abc import Mapping

from nopage.kernel.message import Message, say
from nopage.report.speaker import Speaker

LABELS: Mapping[str, Message] = {
    "ATOMIC_ALLOCATION_FAILURE": say("label.atomic", "atomic requests failed"),
    "SLEEPING_ALLOCATION_FAILURE": say("label.sleeping", "requests that may wait failed"),
    "SILENT_ALLOCATION_FAILURE": say("label.silent", "failures without a report"),
    "ATOMIC_RESERVE_AT_RISK": say("label.at_risk", "reserve at risk"),
    "MIN_FREE_KBYTES_TOO_HIGH": say("label.too_high", "min_free_kbytes too high"),
    "MIN_FREE_KBYTES_TOO_LOW": say("label.too_low", "min_free_kbytes too low"),
    "exhausted": say("label.exhausted", "out of free pages"),
    "zone_exhausted": say("label.zone_exhausted", "one zone out of free pages"),
    "node_exhausted": say("label.node_exhausted", "one node out of free pages"),
    "fragmented": say("label.fragmented", "memory fragmented"),
    "watermark_order": say("label.watermark_order", "refused by the watermark"),
    "transient": say("label.transient", "short for a moment"),
    "unknown": say("label.unknown", "cause not known"),
    "single": say("label.single", "once"),
    "burst": say("label.burst", "one burst"),
    "storm": say("label.storm", "a storm"),
    "recurring": say("label.recurring", "comes back"),
    "urgent": say("label.urgent", "urgent: now"),
    "important": say("label.important", "important: today"),
    "moderate": say("label.moderate", "moderate: with the next maintenance"),
    "low": say("label.low", "low: when at it"),
}


def label_of(word: str, speak: Speaker) -> str:
    """The word as a person reads it; one that has no label as it is."""
    told = LABELS.get(word)
    return speak(told) if told is not None else word
