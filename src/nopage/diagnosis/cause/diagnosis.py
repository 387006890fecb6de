"""What a diagnosis consists of."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from nopage.diagnosis.cause.asking import Asker
from nopage.diagnosis.cause.memory_use import MemoryUse
from nopage.diagnosis.watermark import Request, ZoneVerdict
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message

EXHAUSTED, ZONE_EXHAUSTED, NODE_EXHAUSTED, FRAGMENTED, WATERMARK_ORDER, TRANSIENT, UNKNOWN = (
    "exhausted", "zone_exhausted", "node_exhausted", "fragmented", "watermark_order", "transient", "unknown",
)
CAUSES = (EXHAUSTED, ZONE_EXHAUSTED, NODE_EXHAUSTED, FRAGMENTED, WATERMARK_ORDER, TRANSIENT, UNKNOWN)
OUT_OF_PAGES = frozenset((EXHAUSTED, ZONE_EXHAUSTED, NODE_EXHAUSTED))
OUT_OF_BLOCKS = frozenset((FRAGMENTED, WATERMARK_ORDER))

# include/linux/mmzone.h PAGE_ALLOC_COSTLY_ORDER: above it the kernel gives up early and kswapd may compact.
COSTLY_ORDER = 3

REPLAYED, FROM_TRACE, FROM_ORDER, COLLECTED_STATE, NONE = (
    "replayed", "from trace", "from order", "collected state", "none",
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the trace, the memory's use or the release adds to the cause.

    `key` is fixed ("page_frag", "jumbo_rx", "genuine_shortage", ...; see notes.py), `text` a sentence.
    """

    key: str
    text: Message


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why one request failed.

    `cause` is one of CAUSES, None for a request that could sleep: it failed after reclaim, which no replay of one
    state explains. `state_cause` is what the replay shows of the printed state, for sleeping requests too.
    `confidence` says what the cause rests on. `words` are sentences for an operator, `evidence` the numbers behind
    them (pages unless the key says otherwise), `reason` why the cause is unknown.
    """

    cause: str | None
    state_cause: str
    confidence: str
    words: tuple[Message, ...]
    evidence: Mapping[str, int | str] = field(default_factory=dict)
    reason: Message = NOTHING
    notes: tuple[Note, ...] = ()
    rule: str = ""
    rule_from: str = ""
    zones: tuple[ZoneVerdict, ...] = ()
    best: ZoneVerdict | None = None
    request: Request | None = None
    asker: Asker | None = None
    use: MemoryUse | None = None

    def has(self, key: str) -> bool:
        """Whether there is a note of this key."""
        return any(note.key == key for note in self.notes)
