"""From the replayed zones to one word for the cause (the design's words; KERNEL.md 6.1)."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nopage.diagnosis.cause.diagnosis import (
    EXHAUSTED,
    FRAGMENTED,
    NODE_EXHAUSTED,
    TRANSIENT,
    UNKNOWN,
    WATERMARK_ORDER,
    ZONE_EXHAUSTED,
)
from nopage.diagnosis.watermark import (
    EXHAUSTION,
    FRAGMENTATION,
    ZONE_RANK,
    Replay,
    Request,
    WatermarkRule,
    ZoneVerdict,
    best_of,
    check_zone,
    zone_rank,
)
from nopage.diagnosis.watermark import replay as replay_zones
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say

# The counter and the lists are printed at different moments, and the counter lags by the per-cpu deltas (up to 125
# pages a cpu): only a difference beyond both says that one of them cannot be believed.
DRIFT_MOST_PAGES = 4096
UNPRINTED_LEAST_PAGES = 64
ZONES_TOLD = 3
UNPRINTED_ZONES = say("elsewhere.unprinted", "zones that the report leaves out")


@dataclass(frozen=True, slots=True)
class Decision:
    """The cause that one rule gives, the zone that shows it, and the reason where it cannot be known.

    `elsewhere` names the zones or nodes closed to the request that had enough.
    """

    cause: str
    replay: Replay
    best: ZoneVerdict | None
    reason: Message = NOTHING
    elsewhere: tuple[str | Message, ...] = ()


def decide(request: Request, memory: MemInfo, rule: WatermarkRule) -> Decision:
    """The cause under `rule`, checked against free lists that contradict their own counter."""
    decision = decide_as_printed(request, memory, rule)
    torn = [verdict for verdict in decision.replay.verdicts if is_torn(verdict)]
    if not torn or decision.cause == UNKNOWN:
        return decision
    other = decide_as_printed(request, with_list_sums(memory, torn), rule)
    if other.cause == decision.cause:
        return decision
    reason = say(
        "unknown.torn",
        "the free counter and the free list of {zones} differ by {drift_pages} pages; by the counter it is "
        "{counter_cause}, by the list {list_cause}",
        zones=tuple(verdict.name for verdict in torn), drift_pages=max(abs(verdict.drift_pages) for verdict in torn),
        counter_cause=decision.cause, list_cause=other.cause,
    )
    return replace(decision, cause=UNKNOWN, reason=reason)


def decide_as_printed(request: Request, memory: MemInfo, rule: WatermarkRule) -> Decision:
    """The cause under `rule` on the numbers as they are printed."""
    replay = replay_zones(request, memory, rule)
    if not replay.verdicts:
        return Decision(UNKNOWN, replay, None, no_usable_zone(memory))
    if request.one_node:
        return decide_one_node(request, memory, replay)
    if replay.ok:
        return Decision(TRANSIENT, replay, replay.best)
    if replay.ok is None:
        return Decision(UNKNOWN, replay, replay.best, undecided(replay.verdicts))
    cause = cause_of_failures(replay.verdicts)
    if cause != EXHAUSTED:
        return Decision(cause, replay, failed_for_order(replay.verdicts))
    on_nodes = with_pages(replay.zonelist.excluded_by_node, request, rule)
    if on_nodes:
        return Decision(NODE_EXHAUSTED, replay, replay.best, elsewhere=on_nodes)
    above_min = [zone for zone in replay.zonelist.excluded_by_zone if has_more_than_min(zone, request)]
    in_zones: tuple[str | Message, ...] = with_pages(above_min, request, rule)
    if not in_zones:
        in_zones = unprinted_zones(request, memory, replay)
    if in_zones:
        return Decision(ZONE_EXHAUSTED, replay, replay.best, elsewhere=in_zones)
    return Decision(EXHAUSTED, replay, replay.best)


def no_usable_zone(memory: MemInfo) -> Message:
    """Why there is nothing to replay although zones were printed."""
    empty = sum(1 for zone in memory.zones if zone.size_pages == 0)
    if empty == len(memory.zones):
        return say("unknown.zones_empty", "the printed {empty_zones:zone is|zones are} empty (no present or managed "
                   "pages): nothing to replay", empty_zones=empty)
    if empty:
        return say("unknown.no_usable_zone.empty", "none of the printed zones is one that the request may use "
                   "({empty_zones:one of them is|# of them are} empty)", empty_zones=empty)
    return say("unknown.no_usable_zone", "none of the printed zones is one that the request may use")


def decide_one_node(request: Request, memory: MemInfo, replay: Replay) -> Decision:
    """__GFP_THISNODE: the report does not name the node, so it is one of those whose zones all fail."""
    nodes: dict[int, list[ZoneVerdict]] = {}
    for verdict in replay.verdicts:
        nodes.setdefault(verdict.zone.node or 0, []).append(verdict)
    short = {node: verdicts for node, verdicts in nodes.items() if all(v.ok is False for v in verdicts)}
    if not short:
        undecidable = [verdict for verdict in replay.verdicts if verdict.ok is None]
        if undecidable:
            return Decision(UNKNOWN, replay, replay.best, undecided(undecidable))
        return Decision(TRANSIENT, replay, replay.best)
    causes = {node: cause_of_failures(verdicts) for node, verdicts in short.items()}
    exhausted = [node for node, cause in causes.items() if cause == EXHAUSTED]
    if not exhausted:
        verdicts = [verdict for node in short for verdict in short[node]]
        return Decision(cause_of_failures(verdicts), replay, failed_for_order(verdicts))
    best = best_of(short[exhausted[0]])
    if len(exhausted) == len(nodes):
        return Decision(EXHAUSTED, replay, best)
    elsewhere = tuple(say("node.number", "node {node}", node=node) for node in nodes if node not in exhausted)
    return Decision(NODE_EXHAUSTED, replay, best, elsewhere=elsewhere)


def cause_of_failures(verdicts: Iterable[ZoneVerdict]) -> str:
    """The cause when every zone failed: pages nowhere, or pages but no block, or a block that the rule refuses."""
    for_order = [verdict for verdict in verdicts if verdict.failed == FRAGMENTATION]
    if not for_order:
        return EXHAUSTED
    return WATERMARK_ORDER if any(refused_a_block(verdict) for verdict in for_order) else FRAGMENTED


def refused_a_block(verdict: ZoneVerdict) -> bool:
    """The zone had a block that the request could have taken, and the rule's order loop said no."""
    return verdict.failed == FRAGMENTATION and verdict.test.startswith("order") and bool(verdict.usable_blocks)


def failed_for_order(verdicts: Sequence[ZoneVerdict]) -> ZoneVerdict | None:
    """The zone that shows the cause best: one with a refused block before one without any."""
    for_order = [verdict for verdict in verdicts if verdict.failed == FRAGMENTATION]
    refused = [verdict for verdict in for_order if refused_a_block(verdict)]
    return best_of(refused or for_order)


def with_pages(zones: Sequence[Zone], request: Request, rule: WatermarkRule) -> tuple[str, ...]:
    """The zones closed to the request that have the pages it wanted (whatever their blocks)."""
    verdicts = [check_zone(zone, request, rule, 0) for zone in zones]
    return tuple(verdict.name for verdict in verdicts if verdict.test and verdict.failed != EXHAUSTION)


def has_more_than_min(zone: Zone, request: Request) -> bool:
    """A zone below its own min is as short as the request's: it had not enough, whatever an atomic request may take."""
    return zone.min_pages is None or (zone.free_pages or 0) - (1 << request.order) >= zone.min_pages


def unprinted_zones(request: Request, memory: MemInfo, replay: Replay) -> tuple[Message, ...]:
    """Zones above the request's, which Linux 6.1 and RHEL 9.5 leave out of the report (KERNEL.md 2.2).

    The summary's free counter is of all zones, so what the printed ones lack stands in the others; they are held to
    the same share of min as the printed ones. Only where the printed zones end with the request's own: otherwise a
    line may have been lost.
    """
    total = {key.lower(): pages for key, pages in memory.counters_pages.items()}.get("free")
    top = max((zone_rank(zone) for zone in memory.zones), default=0)
    if total is None or not memory.ram_pages or not replay.rule.highatomic or top != ZONE_RANK.get(request.zone_limit):
        return ()
    printed_free = sum(zone.free_pages or 0 for zone in memory.zones)
    printed_size = sum(zone.size_pages or 0 for zone in memory.zones)
    size = memory.ram_pages - (memory.reserved_pages or 0) - printed_size
    free = total - printed_free
    floors = sum(verdict.floor_pages for verdict in replay.verdicts)
    if size <= 0 or printed_size <= 0 or free < UNPRINTED_LEAST_PAGES + (1 << request.order):
        return ()
    return (UNPRINTED_ZONES,) if free > floors * size // printed_size else ()


def is_torn(verdict: ZoneVerdict) -> bool:
    """The zone's counter and its free list cannot both be right."""
    drift = abs(verdict.drift_pages)
    return drift > DRIFT_MOST_PAGES and drift * 4 > max(verdict.zone.free_pages or 0, 1)


def with_list_sums(memory: MemInfo, torn: Sequence[ZoneVerdict]) -> MemInfo:
    """The memory state with the torn zones' counters replaced by the sums of their lists."""
    sums = {id(verdict.zone): (verdict.zone.free_pages or 0) - verdict.drift_pages for verdict in torn}
    return replace(memory, zones=tuple(
        replace(zone, free_pages=sums[id(zone)]) if id(zone) in sums else zone for zone in memory.zones))


def undecided(verdicts: Sequence[ZoneVerdict]) -> Message:
    """Why the zones that matter cannot be judged."""
    reasons = tuple(dict.fromkeys(
        say("unknown.zone", "{zone}: {reason}", zone=verdict.name, reason=verdict.reason)
        for verdict in verdicts if verdict.ok is None
    ))
    if len(reasons) <= ZONES_TOLD:
        return say("unknown.zones", "{zones:join; }", zones=reasons)
    return say("unknown.zones.more", "{zones:join; }; and {more_zones} zones more", zones=reasons[:ZONES_TOLD],
               more_zones=len(reasons) - ZONES_TOLD)
