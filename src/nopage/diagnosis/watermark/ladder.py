"""Each zone's watermarks as numbers for a table and a drawn ladder: now, and under other settings.

The article's intervals: (a) between low and high kswapd goes on, (b) between min and low it has this much to reclaim
before callers must, (c) below min only requests that cannot wait get parts.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nopage.diagnosis.watermark.marks import DEFAULT_SCALE_FACTOR, sized, with_watermarks, zone_name
from nopage.diagnosis.watermark.replay import check_zone
from nopage.diagnosis.watermark.request import gfp_atomic, reserve_for, zone_names, zonelist
from nopage.diagnosis.watermark.rules import WatermarkRule, rule_of
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release
from nopage.kernel.watermarks import atomic_floor_pages, has_tunable, lowmem_pages, tunable_limits

ORDERS = tuple(range(11))
LARGEST_KB = 1 << 53


@dataclass(frozen=True, slots=True)
class Marks:
    """One zone's marks in pages. `orders` are those that a GFP_ATOMIC request would get from this zone as it is.

    `atomic_floor_pages` is what such a request must leave, lowmem_reserve aside. None where it is not known.
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
    """One zone: its size and free pages, its marks now and under the settings asked about (None: none were)."""

    name: str
    node: int | None
    zone: str
    page_kb: int
    size_pages: int | None
    free_pages: int | None
    now: Marks
    then: Marks | None


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
) -> Ladder:
    """The zones as they are, and as they would be with `asked` ({"min_free_kbytes": 262144, ...}) set."""
    missing: list[Message] = []
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
    then = zones_then(release, memory, {**settings, **wanted}) if wanted else {}
    if wanted and not then:
        missing.append(say("missing.ladder.settings",
                           "the zones' sizes or the present vm.min_free_kbytes are not known: nothing can be computed"))
    rows = tuple(row(zone, memory, rule, release, then.get((zone.node or 0, zone.name)), then) for zone in zones)
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


def zones_then(release: Release | None, memory: MemInfo, settings: Mapping[str, int]) -> dict[tuple[int, str], Zone]:
    """The zones under these settings, by node and name; {} when they cannot be computed."""
    current = settings.get("min_free_kbytes")
    if current is None:
        return {}
    zones = with_watermarks(
        release, memory.zones, min_free_kbytes=current, extra_free_kbytes=settings.get("extra_free_kbytes", 0),
        watermark_scale_factor=settings.get("watermark_scale_factor", DEFAULT_SCALE_FACTOR),
    )
    return {(zone.node or 0, zone.name): zone for zone in zones}


def row(
    zone: Zone,
    memory: MemInfo,
    rule: WatermarkRule | None,
    release: Release | None,
    changed: Zone | None,
    then: Mapping[tuple[int, str], Zone],
) -> LadderRow:
    """One zone's line."""
    return LadderRow(
        zone_name(zone), zone.node, zone.name, zone.page_kb, zone.size_pages, zone.free_pages,
        marks(zone, memory, rule, release),
        marks(changed, memory, rule, release) if changed is not None and then else None,
    )


def marks(zone: Zone, memory: MemInfo, rule: WatermarkRule | None, release: Release | None) -> Marks:
    """The marks of one zone and the orders that GFP_ATOMIC would get from it."""
    floor = None if zone.min_pages is None else atomic_floor_pages(release, zone.min_pages)
    return Marks(zone.min_pages, zone.low_pages, zone.high_pages, floor, orders(zone, memory, rule))


def orders(zone: Zone, memory: MemInfo, rule: WatermarkRule | None) -> tuple[int, ...] | None:
    """The orders that a GFP_ATOMIC request would get from this zone; None when it cannot be judged."""
    if rule is None or zone.min_pages is None or zone.free_pages is None:
        return None
    plain = gfp_atomic(0)
    open_to = zonelist(plain, memory)
    reserve = reserve_for(zone, open_to, zone_names(memory, rule), plain, rule)
    if zone.name not in {usable.name for usable in open_to.usable}:
        return ()
    return tuple(order for order in ORDERS if check_zone(zone, gfp_atomic(order), rule, reserve).ok)
