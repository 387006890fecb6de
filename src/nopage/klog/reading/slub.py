"""SLUB's and SLAB's own out-of-memory block (KERNEL.md 2.6): three lines, and one a node."""
from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from nopage.kernel.bounds import BOUNDS
from nopage.kernel.facts import FailureReport, Place, SlubBlock
from nopage.kernel.release import parse_release
from nopage.klog.framing import Record, iso_time, least_seconds_of_iso, seconds
from nopage.klog.reading.building import MAX_PAUSE_S, ReportBuilder
from nopage.klog.report import flag_names

# nopage_rs: 5 s until 5.4, from 5.5 on one report in 10 s (KERNEL.md 2.2, 8). Before 4.6 ten reports pass in a window,
# so after one report none is held back.
RATE_LIMIT_S: Final = 5.0
RATE_LIMIT_S_SINCE_5_5: Final = 10.0
ONE_A_WINDOW: Final = (5, 5, 0)
NAMES_PRINTED: Final = (4, 6, 0)
MAX_STRANGERS: Final = 64  # lines of other CPUs after which a block has ended

_TITLE: Final = re.compile(
    r"SL[UA]B: Unable to allocate memory on (?:CPU \d{1,5} \(of node -?\d{1,5}\) on )?node (?P<node>-?\d{1,5}),? "
    r"\(?gfp=0x(?P<mask>[0-9a-f]{1,8})(?P<flags>\([^()]*\))?"
)
_CACHE: Final = re.compile(r"cache: ?(?P<cache>.{1,200}?), object size: ?(?P<size>\d{1,9})")
_ORDERS: Final = re.compile(r"(?:default )?order: ?(?P<default>\d{1,2})(?:, min order: ?(?P<min>\d{1,2}))?")
_NODE: Final = re.compile(
    r"node (?P<node>\d{1,5}): slabs: ?(?P<slabs>\d{1,15})(?:/\d{1,15})?, objs: ?(?P<objs>\d{1,15})(?:/\d{1,15})?, "
    r"free: ?(?P<free>\d{1,15})"
)


class SlubBuilder:
    """One block while it is read."""

    __slots__ = (
        "_cache", "_default", "_flags", "_mask", "_min", "_node", "_nodes", "_place", "_size", "record", "strangers"
    )  # fmt: skip

    def __init__(self, match: re.Match[str], record: Record, place: Place) -> None:
        self._node = int(match["node"])
        self._mask = int(match["mask"], 16)
        self._flags = flag_names(match["flags"]) if match["flags"] else None
        self._place = place
        self._cache: str | None = None
        self._size: int | None = None
        self._default: int | None = None
        self._min: int | None = None
        self._nodes: dict[int, tuple[int, int, int]] = {}
        self.record = record
        self.strangers = 0

    def take(self, text: str) -> bool:
        """Take one line; False when it is none of the block's."""
        known = self._take(text)
        self.strangers = 0 if known else self.strangers + 1
        return known

    def _take(self, text: str) -> bool:
        if text.startswith("cache:"):
            match = _CACHE.match(text)
            if match is None or self._cache is not None:
                return match is not None
            self._cache, self._size = match["cache"], int(match["size"])
            orders = _ORDERS.search(text, match.end())
            if orders is not None:
                self._default = int(orders["default"])
                self._min = int(orders["min"]) if orders["min"] else None
            return True
        if text.startswith("node "):
            match = _NODE.match(text)
            if match is None:
                return False
            self._nodes[int(match["node"])] = (int(match["slabs"]), int(match["objs"]), int(match["free"]))
            return True
        return " debugging increased min order" in text

    def build(self) -> SlubBlock:
        return SlubBlock(
            node=self._node,
            gfp_mask=self._mask,
            place=self._place,
            gfp_text=self._flags,
            cache=self._cache,
            object_size=self._size,
            default_order=self._default,
            min_order=self._min,
            nodes=self._nodes,
            time=iso_time(self.record.wall),
            monotonic_s=seconds(self.record.boot),
        )


class SlubBlocks:
    """All blocks of a log, and the reports they belong to."""

    def __init__(self) -> None:
        self.open: dict[str | None, SlubBuilder] = {}
        self._blocks: list[tuple[SlubBuilder, ReportBuilder | None]] = []
        self._left = BOUNDS.slub_blocks

    def begin(self, record: Record, place: Place, source: str | None, report: ReportBuilder | None) -> str | None:
        """A first line, with the report that `source` is printing; returns the rest of the line, None if it is none."""
        title = _TITLE.search(record.text)
        if title is None:
            return None
        if report is not None and report.begun and not (report.entries or report.mem.began):
            report = None  # SLUB prints after the trace of its own request: another CPU's
        rest = record.text[title.end() :].lstrip(")")
        if self._left > 0:
            self._left -= 1
            block = self.open[source] = SlubBuilder(title, record.part(title[0]), place)
            self._blocks.append((block, report))
        return rest

    def take(self, source: str | None, text: str) -> bool:
        """A line of the block that `source` is printing."""
        block = self.open.get(source)
        if block is None:
            return False
        if block.take(text):
            return True
        if block.strangers > MAX_STRANGERS:
            del self.open[source]
        return False

    def close(self) -> None:
        self.open.clear()

    def give(self) -> tuple[SlubBlock, ...]:
        """Hands each block to its report and returns those that have none.

        SLUB prints its block after the report of its own request, whose order is the min order of the cache.
        """
        loose: list[SlubBlock] = []
        for block, report in self._blocks:
            built = block.build()
            if (
                report is not None
                and not report.slub
                and built.min_order == report.header.order
                and report.record.pause(block.record) <= MAX_PAUSE_S
            ):
                report.slub.append(built)
            else:
                loose.append(built)
        self._blocks.clear()
        return tuple(loose)


def with_rate_limited(
    reports: Sequence[FailureReport], loose: Sequence[SlubBlock], release: str | None
) -> tuple[list[FailureReport], list[SlubBlock]]:
    """The reports with the blocks whose own report their rate limit held back, and the blocks that have none.

    Such a block stands within the limit's window behind a report: the page allocator did refuse the request.
    """
    lines = [(report.place.file, report.place.line) for report in reports]
    order = sorted(range(len(reports)), key=lines.__getitem__)
    places = [lines[number] for number in order]
    theirs: dict[int, list[SlubBlock]] = defaultdict(list)
    rest: list[SlubBlock] = []
    for block in loose:
        at = bisect_right(places, (block.place.file, block.place.line)) - 1
        if at >= 0 and places[at][0] == block.place.file and _is_held_back(block, reports[order[at]], release):
            theirs[order[at]].append(block)
        else:
            rest.append(block)
    found = [
        replace(report, slub=(*report.slub, *theirs[number])) if number in theirs else report
        for number, report in enumerate(reports)
    ]
    return found, rest


def _is_held_back(block: SlubBlock, report: FailureReport, release: str | None) -> bool:
    """The block stands within the window that the report, the last one before it, began."""
    if block.monotonic_s is not None and report.monotonic_s is not None:
        apart: float | None = block.monotonic_s - report.monotonic_s
    else:
        apart = least_seconds_of_iso(report.time, block.time)
    window = _window_s(report.kernel or release, block.gfp_text is not None)
    return apart is not None and 0 <= apart <= window and window > 0


@lru_cache(maxsize=64)
def _window_s(release: str | None, names_printed: bool) -> float:
    parsed = parse_release(release) if release else None
    if parsed is None:
        return RATE_LIMIT_S if names_printed else 0.0
    if parsed.version >= ONE_A_WINDOW:
        return RATE_LIMIT_S_SINCE_5_5
    return RATE_LIMIT_S if parsed.version >= NAMES_PRINTED else 0.0
