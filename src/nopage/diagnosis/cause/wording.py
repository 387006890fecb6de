"""The sentences and numbers that show a cause to an operator."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from nopage.diagnosis.cause.asking import Asker
from nopage.diagnosis.cause.decide import Decision
from nopage.diagnosis.cause.diagnosis import (
    EXHAUSTED,
    FRAGMENTED,
    NODE_EXHAUSTED,
    TRANSIENT,
    WATERMARK_ORDER,
    ZONE_EXHAUSTED,
    Diagnosis,
)
from nopage.diagnosis.cause.memory_use import MemoryUse
from nopage.diagnosis.watermark import EL8, FREE_LIST, Request, ZoneVerdict, has_usable_block, lists_of, zonelist
from nopage.kernel.facts import FreeBlocks, MemInfo
from nopage.kernel.message import Message, say

ORDERS_SHOWN = 11
ZONES_SHOWN = 6
ELSEWHERE_SHOWN = 4
NAMELESS_ZONE = say("zone.nameless", "the zone")
# What is left of min by (high, harder); only a request without either must leave all of it (KERNEL.md 3.4).
THREE_QUARTERS = say("share.three_quarters", "3/4")
SHARES: Mapping[tuple[bool, bool], Message] = {
    (True, True): say("share.three_eighths", "3/8"),
    (True, False): say("share.half", "half"),
    (False, True): THREE_QUARTERS,
    (False, False): THREE_QUARTERS,
}


def replay_words(request: Request, decision: Decision) -> tuple[Message, ...]:
    """The cause, the zone that shows it best, and what every other zone says."""
    replay, best = decision.replay, decision.best
    words = [cause_sentence(request, decision)]
    if best is not None:
        words.append(floor_sentence(request, best))
        words.append(sentence(best))
        if request.order:
            words.append(blocks_sentence(best))
    others = [verdict for verdict in replay.verdicts if best is None or verdict.zone is not best.zone]
    words.extend(sentence(verdict) for verdict in others[:ZONES_SHOWN])
    if len(others) > ZONES_SHOWN:
        words.append(say("verdict.more_zones", "{zones} more zones were checked.", zones=len(others) - ZONES_SHOWN))
    if request.one_node:
        words.append(node_sentence(decision))
    words.extend(replay.zonelist.notes)
    return tuple(words)


def sentence(verdict: ZoneVerdict) -> Message:
    """The verdict with its full stop."""
    return say("verdict.sentence", "{verdict}.", verdict=verdict.words)


def cause_sentence(request: Request, decision: Decision) -> Message:
    """What the cause means for this request, in one sentence."""
    row = CAUSE_SENTENCES.get(decision.cause)
    return row(request, decision) if row is not None else decision.reason


def exhausted(request: Request, decision: Decision) -> Message:
    """No zone had the pages, or none in lists that the request may take from."""
    best = decision.best
    if best is not None and best.test == FREE_LIST:
        return say(
            "cause.exhausted.lists",
            "Out of pages that it may take: what is free in {zone} is in the lists of {lists}, which this request may "
            "not take from.",
            zone=best.name, lists=lists_of(best.zone),
        )
    if request.order == 0:
        return say("cause.exhausted.page", "Out of pages: no zone that this request may use has one page above what it "
                   "must leave untouched.")
    return say(
        "cause.exhausted.pages",
        "Out of pages: no zone that this request may use has {wanted_pages} pages in one piece (order {order}) above "
        "what it must leave untouched.",
        wanted_pages=1 << request.order, order=request.order,
    )


def node_sentence(decision: Decision) -> Message:
    """__GFP_THISNODE: the report does not name the node, so those that refuse are all that is known of it."""
    refuses: dict[int, bool] = {}
    for verdict in decision.replay.verdicts:
        node = verdict.zone.node or 0
        refuses[node] = refuses.get(node, True) and verdict.ok is False
    nodes = tuple(sorted(node for node, refused in refuses.items() if refused))
    if not nodes:
        return say("node.not_printed", "The request was bound to one NUMA node (__GFP_THISNODE), which the report does "
                   "not print.")
    return say(
        "node.not_printed.refusing",
        "The request was bound to one NUMA node (__GFP_THISNODE), which the report does not print; on the printed "
        "state {nodes:join or } would refuse it.",
        nodes=tuple(say("node.number", "node {node}", node=node) for node in nodes[:ELSEWHERE_SHOWN]),
    )


def zone_of(decision: Decision) -> str | Message:
    """The zone that shows the cause."""
    return decision.best.name if decision.best is not None else NAMELESS_ZONE


def elsewhere(decision: Decision) -> tuple[str | Message, ...] | Message:
    """The first of the zones or nodes that had enough."""
    places = decision.elsewhere
    if len(places) <= ELSEWHERE_SHOWN:
        return places
    return say("elsewhere.more", "{places} and more", places=places[:ELSEWHERE_SHOWN])


CAUSE_SENTENCES: Mapping[str, Callable[[Request, Decision], Message]] = {
    EXHAUSTED: exhausted,
    ZONE_EXHAUSTED: lambda request, decision: say(
        "cause.zone_exhausted", "Out of pages in the zones that this request is limited to ({zone_limit} and below), "
        "while {elsewhere} had enough.", zone_limit=request.zone_limit, elsewhere=elsewhere(decision)),
    NODE_EXHAUSTED: lambda _, decision: say(
        "cause.node_exhausted", "Out of pages on the node that this request is limited to, while {elsewhere} had "
        "enough.", elsewhere=elsewhere(decision)),
    FRAGMENTED: lambda request, decision: say(
        "cause.fragmented", "Fragmented: {zone} has enough free pages, but no free block of order {order} that the "
        "request may take.", zone=zone_of(decision), order=request.order),
    WATERMARK_ORDER: lambda request, decision: say(
        "cause.watermark_order", "{zone} has a free block of order {order} or larger, but this kernel's per-order "
        "watermark rule does not give it away.", zone=zone_of(decision), order=request.order),
    TRANSIENT: lambda _, decision: say(
        "cause.transient", "On the printed state this request would have succeeded in {zone}: memory came back between "
        "the failure and the report.", zone=zone_of(decision)),
}


def floor_sentence(request: Request, best: ZoneVerdict) -> Message:
    """What part of min the request had to leave: 3/8 for GFP_ATOMIC."""
    zone, free, minimum, floor = best.name, best.zone.free_pages, best.zone.min_pages or 0, best.floor_pages
    if request.no_watermarks:
        return say("floor.none", "The request may ignore the watermarks (__GFP_MEMALLOC).")
    if floor >= minimum:
        return say("floor.all", "{zone}: {free_pages} pages are free; the request must leave all of min, {min_pages} "
                   "pages.", zone=zone, free_pages=free, min_pages=minimum)
    share = SHARES[request.high, request.harder]
    if best.zone.boost_pages and floor * 8 < minimum * 3 - 8:
        return say(
            "floor.share.unboosted",
            "{zone}: {free_pages} pages are free; the request must leave {share} of min without its boost, "
            "{floor_pages} of {min_pages} pages.",
            zone=zone, free_pages=free, share=share, floor_pages=floor, min_pages=minimum,
        )
    return say(
        "floor.share",
        "{zone}: {free_pages} pages are free; the request must leave {share} of min, {floor_pages} of {min_pages} "
        "pages.",
        zone=zone, free_pages=free, share=share, floor_pages=floor, min_pages=minimum,
    )


def blocks_sentence(best: ZoneVerdict) -> Message:
    """The free list by order, as counts."""
    columns = best.zone.free_area[:ORDERS_SHOWN]
    if not columns:
        return say("blocks.not_printed", "{zone}: its free list was not printed.", zone=best.name)
    return say("blocks.by_order", "{zone}: free blocks by order from {first_order}: {blocks}.", zone=best.name,
               first_order=columns[0].order, blocks=tuple(map(counted, columns)))


def counted(column: FreeBlocks) -> int | Message:
    """How many blocks there are of one order, with the letters of their types."""
    if not column.migratetypes:
        return column.count
    return say("blocks.typed", "{blocks} ({migratetypes})", blocks=column.count, migratetypes=column.migratetypes)


def collected_words(request: Request, mem_info: MemInfo) -> tuple[Message, ...]:
    """What the state at collection time has for such a request; it says nothing certain of the failure."""
    zones = zonelist(request, mem_info).usable
    listed = [zone for zone in zones if zone.free_area]
    if not listed:
        return ()
    return (say(
        "collected.blocks",
        "When the host was collected, later, {free_pages} pages were free in its zones and {having_zones} of "
        "{listed_zones} zones had a block of order {order}.",
        free_pages=sum(zone.free_pages or 0 for zone in zones),
        having_zones=sum(1 for zone in listed if has_usable_block(zone, request, EL8)),
        listed_zones=len(listed), order=request.order,
    ),)


def evidence_of(found: Diagnosis, use: MemoryUse | None, asker: Asker) -> dict[str, int | str]:
    """The numbers behind the words; pages unless the key says otherwise."""
    evidence: dict[str, int | str] = {}
    best = found.best
    if best is not None:
        zone = best.zone
        evidence = {
            "zone": best.name,
            "test": best.test,
            "left_pages": best.left,
            "right_pages": best.right,
            "margin_pages": best.margin_pages,
            "margin_kb": best.margin_kb,
            "floor_pages": best.floor_pages,
            "reserve_pages": best.reserve_pages,
            "page_kb": zone.page_kb,
        }
        optional = {"free_pages": zone.free_pages, "min_pages": zone.min_pages, "low_pages": zone.low_pages,
                    "blocks_at_order": best.blocks, "free_cma_pages": zone.free_cma_pages or None,
                    "highatomic_pages": zone.highatomic_pages or None, "boost_pages": zone.boost_pages or None}
        evidence.update({key: value for key, value in optional.items() if value is not None})
    if found.rule:
        evidence["rule"] = found.rule
    if asker.function:
        evidence["asked_by"] = asker.function
    if use is not None:
        counted = {"total_pages": use.total_pages, "cache_pages": use.cache_pages, "anon_pages": use.anon_pages,
                   "slab_pages": use.slab_pages, "unaccounted_pages": use.unaccounted_pages,
                   "swap_free_kb": use.swap_free_kb, "swap_total_kb": use.swap_total_kb}
        evidence.update({key: value for key, value in counted.items() if value is not None})
    return evidence
