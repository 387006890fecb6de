"""What new settings move: each zone's marks now and then, and what the printed state would say under them."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nopage.diagnosis.cause import decide
from nopage.diagnosis.remedy.reserve_value import Situation
from nopage.diagnosis.watermark import DEFAULT_SCALE_FACTOR, rules_for, with_watermarks, zone_name
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.watermarks import atomic_floor_pages


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """One zone's marks in pages, now and under the proposed settings; `floor` is what GFP_ATOMIC must leave."""

    name: str
    min_now: int
    low_now: int
    high_now: int
    floor_now: int
    min_then: int
    low_then: int
    high_then: int
    floor_then: int


def changes(situation: Situation, settings: Mapping[str, int]) -> tuple[ZoneChange, ...]:
    """Each zone's marks now and under `settings` (what they do not name stays); () when sizes are not known."""
    current = situation.current_kb
    if current is None:
        return ()
    now = {"min_free_kbytes": current, "extra_free_kbytes": situation.settings.get("extra_free_kbytes", 0),
           "watermark_scale_factor": situation.settings.get("watermark_scale_factor", DEFAULT_SCALE_FACTOR)}
    before = marks_under(situation, now)
    after = marks_under(situation, {**now, **settings})
    floor = situation.release

    def floor_pages(zone: Zone) -> int:
        return atomic_floor_pages(floor, zone.min_pages or 0)

    return tuple(
        ZoneChange(zone_name(old), old.min_pages or 0, old.low_pages or 0, old.high_pages or 0, floor_pages(old),
                   new.min_pages or 0, new.low_pages or 0, new.high_pages or 0, floor_pages(new))
        for old, new in zip(before, after, strict=True)
    )


def marks_under(situation: Situation, settings: Mapping[str, int]) -> tuple[Zone, ...]:
    return with_watermarks(
        situation.release, situation.zones, min_free_kbytes=settings["min_free_kbytes"],
        extra_free_kbytes=settings["extra_free_kbytes"], watermark_scale_factor=settings["watermark_scale_factor"],
    )


def replay_under(situation: Situation, marks: tuple[ZoneChange, ...]) -> Message:
    """What the printed state would say under the new marks: mostly the same; kswapd would have begun earlier."""
    state, request = situation.failed_in, situation.diagnosis.request
    if state is None or request is None or not state.zones or not marks:
        return NOTHING
    new = dict(zip(((zone.node or 0, zone.name) for zone in situation.zones), marks, strict=False))
    rules, _ = rules_for(situation.release)
    populated = [zone for zone in state.zones if zone.size_pages]
    if not rules or not all((zone.node or 0, zone.name) in new for zone in populated):
        return NOTHING
    zones = tuple(moved(zone, new[zone.node or 0, zone.name]) for zone in populated)
    then = decide(request, MemInfo(zones=zones, page_kb=state.page_kb, counters_pages=state.counters_pages), rules[0])
    earlier = sum(mark.low_then - mark.low_now for mark in marks) * state.page_kb
    if then.replay.ok is None:
        return say(
            "replay.unknown",
            "The printed state cannot be judged under the new marks; kswapd would have started {earlier_kb} kB "
            "earlier.",
            earlier_kb=earlier,
        )
    if then.replay.ok:
        return say(
            "replay.passes",
            "Replayed under the new marks, the printed state passes; kswapd would have started {earlier_kb} kB "
            "earlier.",
            earlier_kb=earlier,
        )
    return say(
        "replay.fails",
        "Replayed under the new marks, the printed state still fails: what changes is that kswapd would have started "
        "{earlier_kb} kB earlier.",
        earlier_kb=earlier,
    )


def moved(zone: Zone, mark: ZoneChange) -> Zone:
    """The zone as printed, with the new marks."""
    return Zone(
        name=zone.name, node=zone.node, page_kb=zone.page_kb, free_pages=zone.free_pages, min_pages=mark.min_then,
        low_pages=mark.low_then, high_pages=mark.high_then, highatomic_pages=zone.highatomic_pages,
        free_cma_pages=zone.free_cma_pages, present_pages=zone.present_pages, managed_pages=zone.managed_pages,
        lowmem_reserve_pages=zone.lowmem_reserve_pages, free_area=zone.free_area,
    )
