"""Each zone's watermarks as numbers for a table and a drawn ladder: now, and under other settings.

The article's intervals: (a) between low and high kswapd goes on, (b) between min and low it has this much to reclaim
before callers must, (c) below min only requests that cannot wait get parts.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nopage.diagnosis.watermark.boost import with_boosts
from nopage.diagnosis.watermark.marks import DEFAULT_SCALE_FACTOR, boosts_in, sized, with_watermarks, zone_name
from nopage.diagnosis.watermark.replay import check_zone, floor_pages
from nopage.diagnosis.watermark.request import LARGEST_ORDER, gfp_atomic, reserve_for, zone_names, zonelist
from nopage.diagnosis.watermark.rules import WatermarkRule, rule_of
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release
from nopage.kernel.watermarks import atomic_floor_pages, has_tunable, lowmem_pages, tunable_limits

LEAST_ORDERS = 11
WHOLE_PERCENT = 97
LARGEST_KB = 1 << 53


@dataclass(frozen=True, slots=True)
class Marks:
    """One zone's marks in pages, without boost. `orders` are what GFP_ATOMIC would get from this zone as it is.

    `atomic_floor_pages` is what such a request for one page must leave, lowmem_reserve aside: with the boost where that
    release counts it. None where it is not known.
    """

    min_pages: int | None
    low_pages: int | None
    high_pages: int | None
    atomic_floor_pages: int | None
    orders: tuple[int, ...] | None

    @property
    def interval_a_pages(self) -> int | None:
        """high - low: kswapd goes on reclaiming."""
        return None if self.high_pages is None or self.low_pages is None else self.high_pages - self.low_pages

    @property
    def interval_b_pages(self) -> int | None:
        """low - min: what kswapd has before callers must reclaim themselves."""
        return None if self.low_pages is None or self.min_pages is None else self.low_pages - self.min_pages

    @property
    def reserve_c_pages(self) -> int | None:
        """min: only requests that cannot wait, and those that free memory, get parts of it."""
        return self.min_pages


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One zone: its size and free pages, its marks now and under the settings asked about (None: none were).

    `boost_pages` is the watermark boost that stands on top of the marks for now, `boost_told` whether the kernel said
    so or it follows from the setting.
    """

    name: str
    node: int | None
    zone: str
    page_kb: int
    size_pages: int | None
    free_pages: int | None
    now: Marks
    then: Marks | None
    boost_pages: int = 0
    boost_told: bool = True


@dataclass(frozen=True, slots=True)
class Ladder:
    """All zones; `missing` says what could not be computed, `refused` which settings this kernel does not take."""

    rows: tuple[LadderRow, ...]
    settings_now: Mapping[str, int]
    settings_then: Mapping[str, int]
    missing: tuple[Message, ...] = ()
    refused: tuple[Message, ...] = ()


def ladder(
    release: Release | None,
    memory: MemInfo,
    settings: Mapping[str, int],
    asked: Mapping[str, int],
    *,
    all_zones: Sequence[Zone] = (),
    block_pages: int | None = None,
) -> Ladder:
    """The zones as they are, and as they would be with `asked` ({"min_free_kbytes": 262144, ...}) set.

    `all_zones` are all zones of the host where `memory` may show only some (a report of RHEL 9.5 and later shows those
    that the request could use), `block_pages` a pageblock's size where the host tells it.
    """
    missing: list[Message] = []
    told = any(zone.boost_pages is not None for zone in memory.zones)
    boosts = boosts_in(release, memory.zones, settings, all_zones=all_zones, block_pages=block_pages)
    memory = replace(memory, zones=with_boosts(memory.zones, boosts))
    zones = tuple(zone for zone in memory.zones if zone.size_pages != 0)
    answers = {name: refusal(release, name, value, zones) for name, value in asked.items()}
    refused = tuple(answer for answer in answers.values() if answer)
    wanted = {name: value for name, value in asked.items() if not answers[name]}
    rule = rule_of(release, memory)
    if rule is None:
        missing.append(say("missing.ladder.release",
                           "the kernel's release is not known: what a request could get is left out"))
    if not any(zone.free_area for zone in zones):
        missing.append(say("missing.ladder.free_lists",
                           "the free lists (/proc/buddyinfo) were not collected: only order 0 can be judged"))
    whole = all_zones if all_zones and known_in(memory.zones, all_zones) else memory.zones
    then: Mapping[tuple[int, str], Zone] = {}
    if wanted and is_part(whole, memory):
        missing.append(say("missing.ladder.zones", "the report shows only some of the host's zones, and each zone's "
                           "share depends on all: nothing can be computed"))
    elif wanted:
        then = zones_then(release, whole, {**settings, **wanted})
        if not then:
            missing.append(say(
                "missing.ladder.settings",
                "the zones' sizes or the present vm.min_free_kbytes are not known: nothing can be computed"))
    rows = tuple(row(zone, memory, rule, release, then.get((zone.node or 0, zone.name)), told) for zone in zones)
    return Ladder(rows, dict(settings), wanted, tuple(missing), refused)


def refusal(release: Release | None, name: str, value: int, zones: tuple[Zone, ...]) -> Message:
    """Why this kernel does not take this setting; NOTHING when it does."""
    if not has_tunable(release, name):
        if release:
            return say("setting.not_here", "vm.{setting} does not exist on this kernel", setting=name)
        return say("setting.perhaps_not_here", "vm.{setting}: no release, so it may not exist", setting=name)
    least, greatest = tunable_limits(release, name) or (0, None)
    if value < least or value > (greatest if greatest is not None else LARGEST_KB):
        if greatest is None:
            return say("setting.below_least", "vm.{setting} takes {least} and more, not {value}", setting=name,
                       least=least, value=value)
        return say("setting.out_of_range", "vm.{setting} takes {least} to {greatest}, not {value}", setting=name,
                   least=least, greatest=greatest, value=value)
    lowmem = lowmem_pages(release, sized(zones))
    if name.endswith("_kbytes") and lowmem and value >= lowmem * zones[0].page_kb:
        return say("setting.more_than_memory", "vm.{setting} of {value_kb} kB is more than the memory it is spread "
                   "over", setting=name, value_kb=value)
    return NOTHING


def known_in(zones: Sequence[Zone], all_zones: Sequence[Zone]) -> bool:
    """Whether `all_zones` are the same host's: every zone is there, with its size."""
    sizes = {(zone.node or 0, zone.name): zone.size_pages for zone in all_zones}
    return all(sizes.get((zone.node or 0, zone.name)) == zone.size_pages for zone in zones if zone.size_pages)


def is_part(zones: Sequence[Zone], memory: MemInfo) -> bool:
    """Whether the zones hold clearly less than the host's memory, as its summary counts it."""
    total = (memory.ram_pages or 0) - (memory.reserved_pages or 0)
    return sum(zone.size_pages or 0 for zone in zones) * 100 < total * WHOLE_PERCENT


def zones_then(
    release: Release | None, zones: Sequence[Zone], settings: Mapping[str, int]
) -> dict[tuple[int, str], Zone]:
    """The zones under these settings, by node and name; {} when they cannot be computed."""
    current = settings.get("min_free_kbytes")
    if current is None:
        return {}
    changed = with_watermarks(
        release, zones, min_free_kbytes=current, extra_free_kbytes=settings.get("extra_free_kbytes", 0),
        watermark_scale_factor=settings.get("watermark_scale_factor", DEFAULT_SCALE_FACTOR),
    )
    return {(zone.node or 0, zone.name): zone for zone in changed}


def row(
    zone: Zone, memory: MemInfo, rule: WatermarkRule | None, release: Release | None, changed: Zone | None, told: bool
) -> LadderRow:
    """One zone's line; `changed` has the marks under the settings asked about."""
    then = None
    if changed is not None:
        then = replace(zone, min_pages=changed.min_pages, low_pages=changed.low_pages, high_pages=changed.high_pages,
                       boost_pages=None)
    return LadderRow(
        zone_name(zone), zone.node, zone.name, zone.page_kb, zone.size_pages, zone.free_pages,
        marks(zone, memory, rule, release),
        marks(then, memory, rule, release) if then is not None else None,
        zone.boost_pages or 0, told,
    )


def marks(zone: Zone, memory: MemInfo, rule: WatermarkRule | None, release: Release | None) -> Marks:
    """The marks of one zone and the orders that GFP_ATOMIC would get from it."""
    floor = None
    if zone.min_pages is not None and zone.min_pages >= 0:
        floor = atomic_floor_pages(release, zone.min_pages) if rule is None else floor_pages(zone, gfp_atomic(0), rule)
    boost = zone.boost_pages or 0
    low_min, low, high = (
        None if mark is None else max(mark - boost, 0) for mark in (zone.min_pages, zone.low_pages, zone.high_pages)
    )
    return Marks(low_min, low, high, floor, orders(zone, memory, rule))


def orders(zone: Zone, memory: MemInfo, rule: WatermarkRule | None) -> tuple[int, ...] | None:
    """The orders that a GFP_ATOMIC request would get from this zone; None when it cannot be judged."""
    if rule is None or zone.min_pages is None or zone.free_pages is None:
        return None
    plain = gfp_atomic(0)
    open_to = zonelist(plain, memory)
    reserve = reserve_for(zone, open_to, zone_names(memory, rule), plain, rule)
    if zone.name not in {usable.name for usable in open_to.usable}:
        return ()
    largest = max((column.order for column in zone.free_area if column.order <= LARGEST_ORDER), default=0)
    all_orders = range(max(LEAST_ORDERS, largest + 1))
    return tuple(order for order in all_orders if check_zone(zone, gfp_atomic(order), rule, reserve).ok)
