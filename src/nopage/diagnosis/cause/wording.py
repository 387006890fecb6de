"""The sentences and numbers that show a cause to an operator."""
from __future__ import annotations

from nopage.diagnosis.cause.asker import Asker
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
from nopage.kernel.facts import MemInfo

ORDERS_SHOWN = 11
ZONES_SHOWN = 6


def state_words(request: Request, decision: Decision) -> tuple[str, ...]:
    """The cause, the zone that shows it best, and what every other zone says."""
    replay, best = decision.replay, decision.best
    words = [cause_sentence(request, decision)]
    if best is not None:
        words.append(floor_sentence(request, best))
        words.append(best.words + ".")
        if request.order:
            words.append(blocks_sentence(best))
    others = [verdict for verdict in replay.verdicts if best is None or verdict.zone is not best.zone]
    words.extend(f"{verdict.words}." for verdict in others[:ZONES_SHOWN])
    if len(others) > ZONES_SHOWN:
        words.append(f"{len(others) - ZONES_SHOWN} more zones were checked.")
    words.extend(f"{note[0].upper()}{note[1:]}." for note in replay.zonelist.notes)
    return tuple(words)


def cause_sentence(request: Request, decision: Decision) -> str:
    """What the cause means for this request, in one sentence."""
    order, best = request.order, decision.best
    name = best.name if best else "the zone"
    elsewhere = ", ".join(decision.elsewhere[:4]) + (" and more" if len(decision.elsewhere) > 4 else "")
    pages = "one page" if order == 0 else f"{1 << order} pages in one piece (order {order})"
    sentences = {
        EXHAUSTED: f"Out of pages: no zone that this request may use has {pages} above what it must leave untouched.",
        ZONE_EXHAUSTED: f"Out of pages in the zones that this request is limited to ({request.zone_limit} and below), "
                        f"while {elsewhere} had enough.",
        NODE_EXHAUSTED: f"Out of pages on the node that this request is limited to, while {elsewhere} had enough.",
        FRAGMENTED: f"Fragmented: {name} has enough free pages, but no free block of order {order} that the request "
                    "may take.",
        WATERMARK_ORDER: f"{name} has a free block of order {order} or larger, but this kernel's per-order watermark "
                         "rule does not give it away.",
        TRANSIENT: f"On the printed state this request would have succeeded in {name}: memory came back between the "
                   "failure and the report.",
    }
    if decision.cause == EXHAUSTED and best is not None and best.test == FREE_LIST:
        return (f"Out of pages that it may take: what is free in {name} is in the lists of {lists_of(best.zone)}, "
                "which this request may not take from.")
    return sentences.get(decision.cause, decision.reason)


def floor_sentence(request: Request, best: ZoneVerdict) -> str:
    """What part of min the request had to leave: 3/8 for GFP_ATOMIC."""
    minimum = best.zone.min_pages or 0
    if request.no_watermarks:
        return "The request may ignore the watermarks (__GFP_MEMALLOC)."
    if best.floor_pages < minimum:
        share = "3/8" if request.high and request.harder else "half" if request.high else "3/4"
        boosted = " without its boost" if best.zone.boost_pages and best.floor_pages * 8 < minimum * 3 - 8 else ""
        return (f"{best.name}: {best.zone.free_pages} pages are free; the request must leave {share} of min{boosted}, "
                f"{best.floor_pages} of {minimum} pages.")
    return f"{best.name}: {best.zone.free_pages} pages are free; the request must leave all of min, {minimum} pages."


def blocks_sentence(best: ZoneVerdict) -> str:
    """The free list by order, as counts."""
    if not best.zone.free_area:
        return f"{best.name}: its free list was not printed."
    counts = [(column.order, column.count, column.migratetypes) for column in best.zone.free_area[:ORDERS_SHOWN]]
    listed = ", ".join(f"{count}{f' ({types})' if types else ''}" for _, count, types in counts)
    return f"{best.name}: free blocks by order from {counts[0][0]}: {listed}."


def collected_words(request: Request, memory: MemInfo) -> tuple[str, ...]:
    """What the state at collection time has for such a request; it says nothing certain of the failure."""
    zones = zonelist(request, memory).usable
    listed = [zone for zone in zones if zone.free_area]
    if not listed:
        return ()
    have = [zone for zone in listed if has_usable_block(zone, request, EL8)]
    free = sum(zone.free_pages or 0 for zone in zones)
    return (f"When the host was collected, later, {free} pages were free in its zones and {len(have)} of {len(listed)} "
            f"zones had a block of order {request.order}.",)


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
