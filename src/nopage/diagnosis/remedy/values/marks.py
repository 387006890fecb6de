"""What new settings move: each zone's marks now and then."""
from __future__ import annotations

from collections.abc import Mapping

from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.watermark import DEFAULT_SCALE_FACTOR, with_watermarks, zone_name
from nopage.kernel.facts import Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.watermarks import atomic_floor_pages

LARGE_SHARE = 4


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


def settings_now(situation: Situation) -> dict[str, int] | None:
    """The settings that make the marks; None where min_free_kbytes is not known."""
    current = situation.current_kb
    if current is None:
        return None
    return {"min_free_kbytes": current, "extra_free_kbytes": situation.settings.get("extra_free_kbytes", 0),
            "watermark_scale_factor": situation.settings.get("watermark_scale_factor", DEFAULT_SCALE_FACTOR)}


def changes(situation: Situation, settings: Mapping[str, int]) -> tuple[ZoneChange, ...]:
    """Each zone's marks now and under `settings` (what they do not name stays); () when sizes are not known."""
    now = settings_now(situation)
    if now is None:
        return ()
    before = marks_under(situation, now)
    after = marks_under(situation, {**now, **settings})
    release = situation.release

    def floor_pages(zone: Zone) -> int:
        return atomic_floor_pages(release, zone.min_pages or 0)

    return tuple(
        ZoneChange(zone_name(old), old.min_pages or 0, old.low_pages or 0, old.high_pages or 0, floor_pages(old),
                   new.min_pages or 0, new.low_pages or 0, new.high_pages or 0, floor_pages(new))
        for old, new in zip(before, after, strict=True)
    )


def all_above(situation: Situation, high_pages: Mapping[str, int]) -> bool:
    """Whether every large zone that the request could use has more free than these high marks, by zone name.

    A small one, such as DMA, says nothing about kswapd: what it holds is closed to most requests.
    """
    verdicts = situation.diagnosis.zones if situation.diagnosis is not None else ()
    most = max((verdict.zone.size_pages or 0 for verdict in verdicts), default=0)
    large = [verdict for verdict in verdicts if (verdict.zone.size_pages or 0) * LARGE_SHARE >= most]
    return bool(large) and all(
        verdict.zone.free_pages is not None and verdict.name in high_pages
        and verdict.zone.free_pages > high_pages[verdict.name] for verdict in large
    )


def marks_under(situation: Situation, settings: Mapping[str, int]) -> tuple[Zone, ...]:
    return with_watermarks(
        situation.release, situation.zones, min_free_kbytes=settings["min_free_kbytes"],
        extra_free_kbytes=settings["extra_free_kbytes"], watermark_scale_factor=settings["watermark_scale_factor"],
    )
