"""What the watermark check says of one zone: the test that decided, its numbers, and their sentence."""
from __future__ import annotations

from nopage.diagnosis.watermark.rules import WatermarkRule
from nopage.kernel.facts import Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say

EXHAUSTION, FRAGMENTATION = "exhaustion", "fragmentation"
FIRST_TEST, FREE_LIST, NO_WATERMARKS = "watermark", "free list", "no watermarks"
ORDER_TEST = "order "
FREE_LISTS = {
    "C": say("free_list.cma", "CMA"),
    "I": say("free_list.isolated", "isolated blocks"),
    "H": say("free_list.highatomic", "the high-order atomic reserve"),
}
PASSES = say("verdict.passes", "passes")
FAILS = {
    EXHAUSTION: say("verdict.fails.exhaustion", "fails (exhaustion)"),
    FRAGMENTATION: say("verdict.fails.fragmentation", "fails (fragmentation)"),
}


@dataclass(frozen=True, slots=True)
class ZoneVerdict:
    """What the check says of one zone. `ok` None: it cannot be decided, `reason` says why.

    `test` is the one that decided: "watermark" (the first), "order K" (of the order loop), "free list" or
    "no watermarks"; of a pass it is the tightest. It passes when `left` > `right` (RHEL 4: >=). `margin_pages` is by
    how much: 0 and more is a pass, -1 a fail by one page. `blocks` counts free blocks of the order or larger,
    `usable_blocks` says whether one of them is of a type that the request may take.
    """

    zone: Zone
    ok: bool | None
    failed: str = ""
    test: str = ""
    left: int = 0
    right: int = 0
    margin_pages: int = 0
    floor_pages: int = 0
    reserve_pages: int = 0
    blocks: int | None = None
    usable_blocks: bool | None = None
    drift_pages: int = 0
    order: int = 0
    rule: WatermarkRule | None = None
    reason: Message = NOTHING

    @property
    def margin_kb(self) -> int:
        """The margin in KiB."""
        return self.margin_pages * self.zone.page_kb

    @property
    def name(self) -> str:
        """The zone as the kernel prints it: "Node 0 Normal", or "Normal" without NUMA."""
        return self.zone.name if self.zone.node is None else f"Node {self.zone.node} {self.zone.name}"

    @property
    def request_pages(self) -> int:
        """What the rule takes off the free pages for the request itself; it may be a page or two more or less."""
        return self.rule.taken_pages(self.order) if self.rule is not None else 0

    @property
    def words(self) -> Message:
        """The verdict as one sentence with its numbers, without a full stop."""
        if self.ok is None:
            return say("verdict.undecided", "{zone}: cannot be decided, {reason}", zone=self.name, reason=self.reason)
        if self.test == FREE_LIST:
            return self.free_list_words()
        if self.test == NO_WATERMARKS:
            return say(
                "verdict.no_watermarks",
                "{zone}: watermarks do not bind this request; free blocks of its order: {outcome}",
                zone=self.name, outcome=self.outcome(),
            )
        return self.first_test_words() if self.test == FIRST_TEST else self.order_words()

    def outcome(self) -> Message:
        """Passed or not."""
        return PASSES if self.ok else FAILS.get(self.failed, NOTHING)

    def outcome_by(self) -> Message:
        """Passed or not, and by how much."""
        return say("verdict.by", "{outcome} by {by_pages}", outcome=self.outcome(), by_pages=abs(self.margin_pages))

    def free_list_words(self) -> Message:
        """What the free lists have for the request."""
        if self.order == 0:
            return say(
                "verdict.all_in_lists",
                "{zone}: {free_pages:# page is|# pages are} free, but all in the lists of {lists}, which the request "
                "may not take from: {outcome}",
                zone=self.name, free_pages=self.zone.free_pages or 0, lists=lists_of(self.zone), outcome=self.outcome(),
            )
        if self.blocks:
            return say(
                "verdict.blocks",
                "{zone}: {blocks:# free block|# free blocks} of order {order} or larger, but all in the lists of "
                "{lists}, which the request may not take from: {outcome}",
                zone=self.name, blocks=self.blocks, order=self.order, lists=lists_of(self.zone, self.order),
                outcome=self.outcome(),
            )
        return say(
            "verdict.no_block",
            "{zone}: no free block that the request may use, order {order} wanted: {outcome}",
            zone=self.name, order=self.order, outcome=self.outcome(),
        )

    def first_test_words(self) -> Message:
        """The first test: what counts as free, and what it must exceed (RHEL 4: reach)."""
        zone, wanted, floor, reserve = self.name, self.right, self.floor_pages, self.reserve_pages
        taken, outcome = self.request_pages, self.outcome_by()
        if self.rule is not None and self.rule.at_least:
            return say(
                "verdict.watermark.at_least",
                "{zone}: {free_pages:# page is|# pages are} free, at least {wanted_pages} must be ({floor_pages} of "
                "min, {reserve_pages} of lowmem_reserve, {request_pages} for the request): {outcome}",
                zone=zone, free_pages=self.left, wanted_pages=wanted, floor_pages=floor, reserve_pages=reserve,
                request_pages=taken, outcome=outcome,
            )
        free = self.zone.free_pages or 0
        aside = free - self.left
        if aside <= 0:
            return say(
                "verdict.watermark.all_count",
                "{zone}: {counted_pages:# page counts|# pages count} as free, more than {wanted_pages} must "
                "({floor_pages} of min, {reserve_pages} of lowmem_reserve): {outcome}",
                zone=zone, counted_pages=self.left, wanted_pages=wanted, floor_pages=floor, reserve_pages=reserve,
                outcome=outcome,
            )
        if aside > taken:
            return say(
                "verdict.watermark.hidden",
                "{zone}: {free_pages:# page is|# pages are} free; after the {aside_pages} that do not count "
                "({request_pages} for the request, {hidden_pages} of CMA or the high-order reserve) more than "
                "{wanted_pages} must be left ({floor_pages} of min, {reserve_pages} of lowmem_reserve): {outcome}",
                zone=zone, free_pages=free, aside_pages=aside, request_pages=taken, hidden_pages=aside - taken,
                wanted_pages=wanted, floor_pages=floor, reserve_pages=reserve, outcome=outcome,
            )
        return say(
            "verdict.watermark.plain",
            "{zone}: {free_pages:# page is|# pages are} free; after the {aside_pages} that the rule sets aside for the "
            "request more than {wanted_pages} must be left ({floor_pages} of min, {reserve_pages} of lowmem_reserve): "
            "{outcome}",
            zone=zone, free_pages=free, aside_pages=aside, wanted_pages=wanted, floor_pages=floor,
            reserve_pages=reserve, outcome=outcome,
        )

    def order_words(self) -> Message:
        """A test of the order loop: what is left in the larger blocks, and what must be."""
        larger = max(0, self.left + self.request_pages - self.drift_pages)
        below = int(self.test.removeprefix(ORDER_TEST))
        if self.drift_pages:
            return say(
                "verdict.order.drift",
                "{zone}: {larger_pages:# page is|# pages are} in blocks larger than order {below_order} (the free "
                "counter differs from the list by {drift_pages}); after the {request_pages} that the rule sets aside "
                "for the request more than {wanted_pages} must be left: {outcome}",
                zone=self.name, larger_pages=larger, below_order=below, drift_pages=abs(self.drift_pages),
                request_pages=self.request_pages, wanted_pages=self.right, outcome=self.outcome_by(),
            )
        return say(
            "verdict.order.plain",
            "{zone}: {larger_pages:# page is|# pages are} in blocks larger than order {below_order}; after the "
            "{request_pages} that the rule sets aside for the request more than {wanted_pages} must be left: {outcome}",
            zone=self.name, larger_pages=larger, below_order=below, request_pages=self.request_pages,
            wanted_pages=self.right, outcome=self.outcome_by(),
        )


def lists_of(zone: Zone, order: int = 0) -> Message:
    """The kinds of free lists that hold the zone's free blocks of the order or larger."""
    large = [column for column in zone.free_area if column.count > 0 and column.order >= order]
    held = {letter for column in large for letter in column.migratetypes}
    lists = tuple(said for letter, said in FREE_LISTS.items() if letter in held)
    if not lists:
        return say("free_list.none", "no type it may use")
    return say("free_list.some", "{lists:join and }", lists=lists)
