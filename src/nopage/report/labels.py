"""Headings and labels that more than one format shows."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nopage.kernel.message import Message, say
from nopage.result import Cause, DropsVerdict, SeriesKind, Severity

WHAT = say("label.what", "What")
WHERE = say("label.where", "Where")
WHY = say("document.why", "Why")
MATTERS = say("label.matters", "Matters")
DO = say("label.do", "Do")
DO_NOT = say("label.do_not", "Do not")
EFFECT = say("label.effect", "Effect")
RISK = say("label.risk", "Risk")
NOTE = say("label.note", "Note")
ARTICLE = say("label.article", "Article")
SOURCE = say("label.source", "Source")
SEEN_IN = say("label.seen_in", "Seen in")
LINKS = say("label.links", "Links")
BEFORE = say("screen.before", "BEFORE")
KINDS = say("document.kinds", "Failures by kind")

FREE = say("ladder.free", "free")
FLOOR = say("page.floor", "floor")
FREE_KB = say("ladder.free_kb", "free kB")
ZONE = say("column.zone", "zone")
REPORTS = say("column.reports", "reports")
PATH = say("column.path", "path")
DRIVER = say("column.driver", "driver")
CAUSE = say("column.cause", "cause")
FIRST = say("column.first", "first")
LAST = say("column.last", "last")

ACTIONS: Final = {
    "add_memory": say("action.add_memory", "add memory"),
    "balance_nodes": say("action.balance_nodes", "balance nodes"),
    "compact_memory": say("action.compact_memory", "compact memory"),
    "deflate_balloon": say("action.deflate_balloon", "deflate balloon"),
    "larger_crashkernel": say("action.larger_crashkernel", "larger crashkernel"),
    "lower_min_free_kbytes": say("action.lower_min_free_kbytes", "lower min free kbytes"),
    "lower_order": say("action.lower_order", "lower order"),
    "no_watermark_boost": say("action.no_watermark_boost", "no watermark boost"),
    "none_needed": say("action.none_needed", "none needed"),
    "raise_extra_free_kbytes": say("action.raise_extra_free_kbytes", "raise extra free kbytes"),
    "raise_lowmem_reserve": say("action.raise_lowmem_reserve", "raise lowmem reserve"),
    "raise_min_free_kbytes": say("action.raise_min_free_kbytes", "raise min free kbytes"),
    "raise_watermark_scale_factor": say("action.raise_watermark_scale_factor", "raise watermark scale factor"),
    "reduce_huge_pages": say("action.reduce_huge_pages", "reduce huge pages"),
    "update_kernel": say("action.update_kernel", "update kernel"),
}
SEVERITIES: Final[Mapping[str, Message]] = {
    Severity.URGENT: say("severity.urgent", "urgent"),
    Severity.IMPORTANT: say("severity.important", "important"),
    Severity.MODERATE: say("severity.moderate", "moderate"),
    Severity.LOW: say("severity.low", "low"),
    Severity.NONE: say("severity.none", "none"),
}
SERIES: Final = {
    SeriesKind.SINGLE: say("series.single", "single"),
    SeriesKind.BURST: say("series.burst", "burst"),
    SeriesKind.STORM: say("series.storm", "storm"),
    SeriesKind.RECURRING: say("series.recurring", "recurring"),
    SeriesKind.UNKNOWN: say("series.unknown", "unknown"),
}
DROPS: Final = {
    DropsVerdict.SHOWN: say("drops.verdict.shown", "shown"),
    DropsVerdict.LIKELY: say("drops.verdict.likely", "likely"),
    DropsVerdict.NOT_SHOWN: say("drops.verdict.not_shown", "not shown"),
}
# What a finding is, in a few words; the knowledge has its title.
FINDINGS: Final[dict[str, Message]] = {
    "ATOMIC_ALLOCATION_FAILURE": say("finding.atomic", "atomic requests failed"),
    "SLEEPING_ALLOCATION_FAILURE": say("finding.sleeping", "requests that may wait failed"),
    "SILENT_ALLOCATION_FAILURE": say("finding.silent", "failures without a report"),
    "ATOMIC_RESERVE_AT_RISK": say("finding.at_risk", "reserve at risk"),
    "MIN_FREE_KBYTES_TOO_HIGH": say("finding.too_high", "min_free_kbytes too high"),
    "MIN_FREE_KBYTES_TOO_LOW": say("finding.too_low", "min_free_kbytes too low"),
}
CAUSES: Final[dict[str, Message]] = {
    Cause.EXHAUSTED: say("cause.exhausted.label", "out of free pages"),
    Cause.ZONE_EXHAUSTED: say("cause.zone_exhausted.label", "one zone out of free pages"),
    Cause.NODE_EXHAUSTED: say("cause.node_exhausted.label", "one node out of free pages"),
    Cause.FRAGMENTED: say("cause.fragmented.label", "memory fragmented"),
    Cause.WATERMARK_ORDER: say("cause.watermark_order.label", "refused by the watermark"),
    Cause.TRANSIENT: say("cause.transient.label", "short for a moment"),
    Cause.UNKNOWN: say("cause.unknown.label", "cause not known"),
}

