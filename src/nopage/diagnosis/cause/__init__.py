"""Why did it fail: the replay's verdict as one word, who asked, what counters and the series add."""
from __future__ import annotations

from nopage.diagnosis.cause.asking import Asker
from nopage.diagnosis.cause.decide import decide
from nopage.diagnosis.cause.diagnose import diagnose, diagnose_all
from nopage.diagnosis.cause.diagnosis import (
    CAUSES,
    COSTLY_ORDER,
    EXHAUSTED,
    FRAGMENTED,
    NODE_EXHAUSTED,
    OUT_OF_BLOCKS,
    OUT_OF_PAGES,
    REPLAYED,
    TRANSIENT,
    UNKNOWN,
    WATERMARK_ORDER,
    ZONE_EXHAUSTED,
    Diagnosis,
)
from nopage.diagnosis.cause.drops import (
    NETWORK_PATHS,
    NOT_SHOWN,
    SHOWN,
    Drops,
    drops_of,
    empty_words,
    failed_words,
    protocol_words,
)
from nopage.diagnosis.cause.fixes import fixes_of
from nopage.diagnosis.cause.nics import HostNetwork, NicFacts, host_network, nics_of
from nopage.diagnosis.cause.timeline import Timeline, boots_of, timeline

__all__ = [
    "CAUSES",
    "COSTLY_ORDER",
    "EXHAUSTED",
    "FRAGMENTED",
    "NETWORK_PATHS",
    "NODE_EXHAUSTED",
    "NOT_SHOWN",
    "OUT_OF_BLOCKS",
    "OUT_OF_PAGES",
    "REPLAYED",
    "SHOWN",
    "TRANSIENT",
    "UNKNOWN",
    "WATERMARK_ORDER",
    "ZONE_EXHAUSTED",
    "Asker",
    "Diagnosis",
    "Drops",
    "HostNetwork",
    "NicFacts",
    "Timeline",
    "boots_of",
    "decide",
    "diagnose",
    "diagnose_all",
    "drops_of",
    "empty_words",
    "failed_words",
    "fixes_of",
    "host_network",
    "nics_of",
    "protocol_words",
    "timeline",
]
