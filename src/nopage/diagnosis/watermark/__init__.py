"""Would it fail: the kernel's watermark check replayed for one request and one memory state, by release."""
from __future__ import annotations

from nopage.diagnosis.watermark.base import BOUND_PERCENT, MOST_PERCENT, STEP_KB, MemoryBase, memory_base
from nopage.diagnosis.watermark.boost import with_boosts
from nopage.diagnosis.watermark.ladder import Ladder, LadderRow, Marks, ladder
from nopage.diagnosis.watermark.marks import (
    DEFAULT_SCALE_FACTOR,
    WatermarkCheck,
    boosts_in,
    check_watermarks,
    implied_min_free_kbytes,
    percent_of,
    sized,
    with_watermarks,
    zone_name,
)
from nopage.diagnosis.watermark.provenance import (
    FLOOR_KB,
    LEAST_KB,
    Provenance,
    part_of,
    provenance,
    too_high,
    too_low,
)
from nopage.diagnosis.watermark.replay import Replay, best_of, check_zone, has_usable_block, no_such_order, replay
from nopage.diagnosis.watermark.request import (
    LARGEST_ORDER,
    ZONE_RANK,
    NodeSet,
    Request,
    gfp_atomic,
    request_of,
    zone_rank,
    zonelist,
)
from nopage.diagnosis.watermark.rules import EL8, RED_HAT, WatermarkRule, fitting, rule_of, rules_for
from nopage.diagnosis.watermark.verdict import EXHAUSTION, FRAGMENTATION, FREE_LIST, ZoneVerdict, lists_of

__all__ = [
    "BOUND_PERCENT",
    "DEFAULT_SCALE_FACTOR",
    "EL8",
    "EXHAUSTION",
    "FLOOR_KB",
    "FRAGMENTATION",
    "FREE_LIST",
    "LARGEST_ORDER",
    "LEAST_KB",
    "MOST_PERCENT",
    "RED_HAT",
    "STEP_KB",
    "ZONE_RANK",
    "Ladder",
    "LadderRow",
    "Marks",
    "MemoryBase",
    "NodeSet",
    "Provenance",
    "Replay",
    "Request",
    "WatermarkCheck",
    "WatermarkRule",
    "ZoneVerdict",
    "best_of",
    "boosts_in",
    "check_watermarks",
    "check_zone",
    "fitting",
    "gfp_atomic",
    "has_usable_block",
    "implied_min_free_kbytes",
    "ladder",
    "lists_of",
    "memory_base",
    "no_such_order",
    "part_of",
    "percent_of",
    "provenance",
    "replay",
    "request_of",
    "rule_of",
    "rules_for",
    "sized",
    "too_high",
    "too_low",
    "with_boosts",
    "with_watermarks",
    "zone_name",
    "zone_rank",
    "zonelist",
]
