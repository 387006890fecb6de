"""`zone_watermark_ok()` again, on the zones that a report printed: did this request have to fail, and at which test?

Only the min pass is replayed: a failure is reported after it, never before (KERNEL.md section 4). All numbers are
pages of the machine that printed them; all divisions are C integer divisions.
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.watermark.request import LARGEST_ORDER, Request, Zonelist, reserve_for, zone_names, zonelist
from nopage.diagnosis.watermark.rules import WatermarkRule
from nopage.diagnosis.watermark.verdict import (
    EXHAUSTION,
    FIRST_TEST,
    FRAGMENTATION,
    FREE_LIST,
    NO_WATERMARKS,
    ORDER_TEST,
    ZoneVerdict,
)
from nopage.kernel.facts import FreeBlocks, MemInfo, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.watermarks import ISA_DMA_KB

# 2.6.32-431.el6: `if (o < (pageblock_order >> 2)) min >>= 1`; pageblock_order is 8 to 10 wherever RHEL 6 runs.
RELAXED_HALVINGS = 2
NO_RESERVE = say("zone.no_reserve", "its lowmem_reserve[] was not printed")
NO_FREE_LIST = say("zone.no_free_list", "its free list was not printed")


@dataclass(frozen=True, slots=True)
class Replay:
    """The check over all zones that the request may look in.

    `best` is the zone that came nearest; None where none could be decided. `ok` True means that the request would
    have succeeded on the printed state.
    """

    rule: WatermarkRule
    zonelist: Zonelist
    verdicts: tuple[ZoneVerdict, ...]
    best: ZoneVerdict | None
    ok: bool | None


def replay(request: Request, memory: MemInfo, rule: WatermarkRule) -> Replay:
    """Check every zone of the request's zonelist under `rule`."""
    zones = zonelist(request, memory)
    built_with = zone_names(memory, rule)
    verdicts = tuple(
        check_zone(zone, request, rule, reserve_for(zone, zones, built_with, request, rule)) for zone in zones.usable
    )
    best = best_of(verdicts)
    undecided = [verdict for verdict in verdicts if verdict.ok is None]
    ok = best.ok if best else None
    if not ok and undecided:
        ok = None  # the one that cannot be decided may have passed
    return Replay(rule, zones, verdicts, best, ok)


def best_of(verdicts: Sequence[ZoneVerdict]) -> ZoneVerdict | None:
    """The zone to tell of, nearest to a success: a pass, a failure for the order only, for the pages; by margin."""
    decided = [verdict for verdict in verdicts if verdict.ok is not None]
    return max(decided, key=nearness, default=None)


def nearness(verdict: ZoneVerdict) -> tuple[bool, bool, bool, int, int]:
    """Orders verdicts by how near they are to a success; the 16 MB for ISA devices come last of their kind."""
    return (bool(verdict.ok), verdict.failed == FRAGMENTATION, not is_isa_dma(verdict.zone), verdict.margin_pages,
            verdict.zone.free_pages or 0)


def is_isa_dma(zone: Zone) -> bool:
    """A DMA zone of 16 MB; those of other machines hold gigabytes."""
    return zone.name == "DMA" and (zone.size_pages or 0) * zone.page_kb <= ISA_DMA_KB


def check_zone(zone: Zone, request: Request, rule: WatermarkRule, reserve: int | None) -> ZoneVerdict:
    """`zone_watermark_ok()` for the min mark, then the free lists that the allocator would have to take from.

    `reserve` is lowmem_reserve[classzone] of the zone, None where it was not printed.
    """
    order = request.order
    problem = absurd(zone, order)
    free, minimum = zone.free_pages, zone.min_pages
    if problem or free is None or minimum is None:
        return ZoneVerdict(zone, None, order=order, rule=rule, reason=problem)
    blocks = sum(column.count for column in zone.free_area if column.order >= order) if zone.free_area else None
    usable = has_usable_block(zone, request, rule) if zone.free_area else None
    in_lists = sum(column.count << column.order for column in zone.free_area) if zone.free_area else free
    floor = floor_pages(zone, request, rule)

    def verdict(
        ok: bool | None, test: str, left: int, right: int, failed: str = "", reason: Message = NOTHING
    ) -> ZoneVerdict:
        margin = left - right - (0 if rule.at_least else 1)
        if test in (FREE_LIST, NO_WATERMARKS):
            margin = 0 if ok else -1  # a block is there or is not
        return ZoneVerdict(zone, ok, failed, test, left, right, margin, floor, reserve or 0, blocks, usable,
                           free - in_lists, order, rule, reason)

    if request.no_watermarks:
        has_block = free >= 1 << order if usable is None else usable
        failed = "" if has_block else FRAGMENTATION if order and free >= 1 << order else EXHAUSTION
        return verdict(has_block, NO_WATERMARKS, free, (1 << order) - 1, failed)
    test = FIRST_TEST
    left = free - rule.taken_pages(order) - hidden_pages(zone, request, rule)
    if rule.at_least:
        left, right = free, floor + rule.taken_pages(order) + (reserve or 0)
    else:
        right = floor + (reserve or 0)
    if left - right < (0 if rule.at_least else 1):
        return verdict(False, FIRST_TEST, left, right, EXHAUSTION)
    if reserve is None:
        return verdict(None, FIRST_TEST, left, right, reason=NO_RESERVE)
    if order == 0 and usable is False and any(column.migratetypes for column in zone.free_area):
        # RHEL 8 to 9.5 count H pages as free for GFP_ATOMIC, but its order 0 cannot take them (KERNEL.md 4, case e).
        return verdict(False, FREE_LIST, 0, 0, EXHAUSTION)
    if order == 0 or (rule.order_test == "none" and usable is None):
        return verdict(True, FIRST_TEST, left, right)
    if not zone.free_area:
        return verdict(None, FIRST_TEST, left, right, reason=NO_FREE_LIST)
    if rule.order_test in ("halving", "relaxed"):
        by_order = {column.order: column.count for column in zone.free_area}
        f = free - rule.taken_pages(order)
        x = floor if rule.order_test == "halving" else 0
        for o in range(order):
            f -= by_order.get(o, 0) << o
            if rule.order_test == "halving" or o < RELAXED_HALVINGS:
                x >>= 1
            if f <= x:
                return verdict(False, f"{ORDER_TEST}{o}", f, x, FRAGMENTATION)
            if f - x < left - right:
                test, left, right = f"{ORDER_TEST}{o}", f, x
    if not usable:
        # Also after a pass: the counter may run ahead of the lists, and C, I and H lists are not for everybody.
        return verdict(False, FREE_LIST, 0, 0, FRAGMENTATION)
    return verdict(True, test, left, right)


def floor_pages(zone: Zone, request: Request, rule: WatermarkRule) -> int:
    """The part of the zone's min that this request may not go below: 3/8 for GFP_ATOMIC (KERNEL.md 3.4)."""
    x = zone.min_pages or 0
    exempt = {"atomic": request.gfp_atomic, "reserve": request.high}.get(rule.boost_exempt, False)
    if exempt and request.order == 0:
        x -= min(zone.boost_pages or 0, x)
    if request.high:
        x = x // 2 if rule.at_least else x - x // 2  # RHEL 4 halves, the others take half away
    if request.harder and (request.high or not rule.nonblock_needs_high):
        x -= x // 4
    return x


def hidden_pages(zone: Zone, request: Request, rule: WatermarkRule) -> int:
    """Free pages that do not count for this request: CMA, and the high-order atomic reserve."""
    pages = 0
    if rule.cma and not request.movable:
        pages += zone.free_cma_pages or 0
    if rule.highatomic and not uses_highatomic(request, rule):
        pages += highatomic_free_pages(zone)
    return pages


def highatomic_free_pages(zone: Zone) -> int:
    """What of the high-order atomic reserve is free: where that is printed (RHEL 10), else all that is reserved."""
    free_kb = zone.stats_kb.get("free_highatomic")
    return (zone.highatomic_pages or 0) if free_kb is None else max(0, free_kb) // max(1, zone.page_kb)


def uses_highatomic(request: Request, rule: WatermarkRule) -> bool:
    """Whether the pages reserved for high-order atomic requests count as free for this one."""
    if rule.nonblock_needs_high:
        return request.high or request.nonblock
    return request.harder


def has_usable_block(zone: Zone, request: Request, rule: WatermarkRule) -> bool:
    """Whether the free lists hold a block of the order or larger of a type that this request may take from."""
    return any(column.count > 0 and column.order >= request.order and usable_types(column, request, rule)
               for column in zone.free_area)


def usable_types(column: FreeBlocks, request: Request, rule: WatermarkRule) -> bool:
    """Whether one of the column's migratetypes is for this request; yes where none were printed.

    `R` (RHEL 7's reserve) is everybody's last resort; `H` only for who may use the high-order atomic reserve.
    """
    if not column.migratetypes:
        return True
    allowed = "UEMR"
    if request.movable:
        allowed += "C"
    if takes_highatomic(request, rule):
        allowed += "H"
    return any(letter in allowed for letter in column.migratetypes)


def takes_highatomic(request: Request, rule: WatermarkRule) -> bool:
    """Whether the allocator gives this request blocks of the high-order atomic reserve."""
    if not rule.highatomic or not request.nonblock:
        return False
    if request.order == 0:
        return rule.order0_takes_highatomic
    return rule.nonblock_needs_high or request.harder


def absurd(zone: Zone, order: int) -> Message:
    """Why nothing can be computed from this zone; NOTHING when it can."""
    if not 0 <= order <= LARGEST_ORDER:
        return no_such_order(order)
    if zone.free_area and zone.free_pages is None and zone.min_pages is None:
        listed = sum(column.count << max(0, min(column.order, LARGEST_ORDER)) for column in zone.free_area)
        return say("zone.only_free_list", "only its free list was printed ({listed_pages} pages), not its free counter "
                   "and its watermarks", listed_pages=listed)
    for counter, value in (("free", zone.free_pages), ("min", zone.min_pages)):
        if value is None:
            return say("zone.no_counter", "its {counter} pages were not printed, or not readably", counter=counter)
        if value < 0:
            return say("zone.negative_counter", "its {counter} pages are negative", counter=counter)
    if any(column.count < 0 or not 0 <= column.order <= LARGEST_ORDER for column in zone.free_area):
        return say("zone.negative_blocks", "its free list holds a negative count")
    if any(pages < 0 for pages in zone.lowmem_reserve_pages):
        return say("zone.negative_reserve", "its lowmem_reserve[] is negative")
    present = zone.present_pages
    if present is not None and zone.free_pages is not None and zone.free_pages > present and not less_memmap(zone):
        return say("zone.more_free_than_present", "more pages are free ({free_pages}) than it has ({present_pages})",
                   free_pages=zone.free_pages, present_pages=present)
    return NOTHING


def less_memmap(zone: Zone) -> bool:
    """A DMA zone whose present pages are less than it has: 2.6.15 to 2.6.28 took memmap and dma_reserve off them."""
    free_kb = (zone.free_pages or 0) * zone.page_kb
    return zone.name == "DMA" and zone.managed_pages is None and free_kb <= ISA_DMA_KB


def no_such_order(order: int) -> Message:
    """The order is no number that any kernel asks for."""
    return say("request.no_such_order", "order {order} does not exist", order=order)
