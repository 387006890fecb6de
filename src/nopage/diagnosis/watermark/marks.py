"""Watermarks as the kernel would compute them, beside the printed ones.

Source: KERNEL.md 3.2. A report shows the watermarks of its moment, /proc those of the collection.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from nopage.diagnosis.watermark.boost import (
    MARK_TOLERANCE_PAGES,
    MARK_TOLERANCE_PERCENT,
    Boosts,
    boost_of,
    boosts_by_share,
    is_anchor,
    is_share,
)
from nopage.kernel.facts import Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release
from nopage.kernel.watermarks import has_tunable, lowmem_pages, pageblock_pages, watermarks

TOTAL_TOLERANCE_PERCENT = 3
DEFAULT_SCALE_FACTOR = 10


@dataclass(frozen=True, slots=True)
class ZoneCheck:
    """One zone's watermarks in pages, printed and expected. `boosted_pages` is what watermark_boost explains."""

    name: str
    printed: tuple[int, int, int]
    expected: tuple[int, int, int]
    boosted_pages: int = 0

    @property
    def agrees(self) -> bool:
        """Equal, but for the boost, rounding, and what the zone has grown by since boot."""
        return all(alike(mark - self.boosted_pages, want)
                   for mark, want in zip(self.printed, self.expected, strict=True))

    @property
    def min_agrees(self) -> bool:
        """min alone is what it should be."""
        return alike(self.printed[0] - self.boosted_pages, self.expected[0])

    @property
    def spans_differ(self) -> bool:
        """low - min and high - min are not what they should be."""
        return not all(alike(self.printed[mark] - self.printed[0], self.expected[mark] - self.expected[0])
                       for mark in (1, 2))


@dataclass(frozen=True, slots=True)
class WatermarkCheck:
    """Whether the printed watermarks follow from the settings: `words` say what does not, `reason` why nobody knows."""

    agrees: bool | None
    zones: tuple[ZoneCheck, ...] = ()
    implied_min_free_kbytes: int | None = None
    words: tuple[Message, ...] = ()
    reason: Message = NOTHING


def zone_name(zone: Zone) -> str:
    """As the kernel prints it."""
    return zone.name if zone.node is None else f"Node {zone.node} {zone.name}"


def sized(zones: Sequence[Zone]) -> tuple[Zone, ...]:
    """The populated zones; () when a size is not known, since every share depends on all of them."""
    if any(zone.size_pages is None or zone.size_pages < 0 for zone in zones):
        return ()
    return tuple(zone for zone in zones if zone.size_pages and zone.name != "Device")


def check_watermarks(
    release: Release | None,
    zones: Sequence[Zone],
    settings: Mapping[str, int],
    *,
    all_zones: Sequence[Zone] = (),
    block_pages: int | None = None,
) -> WatermarkCheck:
    """Compare the printed watermarks with what `settings` (vm.* without "vm.") give.

    `all_zones` are all zones of the host where `zones` may be only some of them (RHEL 9.5 on prints those that the
    request could use). `block_pages` is the pageblock's size where the host tells it.
    """
    whole = sized(all_zones or zones)
    current = settings.get("min_free_kbytes")
    if not whole:
        return WatermarkCheck(None, reason=say("missing.zones.sizes", "the zones' sizes are not known"))
    if current is None:
        reason = say("missing.settings.min_free_kbytes", "vm.min_free_kbytes was not collected")
        return WatermarkCheck(None, reason=reason)
    marks = watermarks(
        release, whole, min_free_kbytes=current, extra_free_kbytes=settings.get("extra_free_kbytes", 0),
        watermark_scale_factor=settings.get("watermark_scale_factor", DEFAULT_SCALE_FACTOR),
    )
    expected = {(zone.node or 0, zone.name): (mark.min_pages, mark.low_pages, mark.high_pages)
                for zone, mark in zip(whole, marks, strict=False)}
    boosts = release is None or has_tunable(release, "watermark_boost_factor")
    pairs = []
    for zone in zones:
        want = expected.get((zone.node or 0, zone.name))
        if want is None or zone.min_pages is None or zone.low_pages is None or zone.high_pages is None:
            continue
        pairs.append((zone, (zone.min_pages, zone.low_pages, zone.high_pages), want))
    anchored = any(is_anchor(printed[0], want[0]) for _, printed, want in pairs)
    if boosts and not anchored and len(pairs) == len(whole) > 1:
        boosts = not in_proportion(release, [zone for zone, _, _ in pairs])
    block = (block_pages or pageblock_pages(release, whole[0].page_kb)) if boosts else 0
    checks = [
        ZoneCheck(zone_name(zone), printed, want, boost_of(zone, printed, want, block, anchored=anchored))
        for zone, printed, want in pairs
    ]
    if not checks:
        return WatermarkCheck(None, reason=say("missing.zones.marks", "no watermarks were printed"))
    wrong = [check for check in checks if not check.agrees]
    implied = implied_min_free_kbytes(release, zones, checks) if len(checks) == len(whole) else None
    page_kb = whole[0].page_kb
    rounding = page_kb * len(whole) + current * TOTAL_TOLERANCE_PERCENT // 100
    if implied is not None and abs(implied - current) <= rounding:
        wrong = [check for check in wrong if check.spans_differ]
    elif implied is not None and not wrong:
        wrong = [max(checks, key=lambda check: abs(check.printed[0] - check.boosted_pages - check.expected[0]))]
    if not wrong:
        return WatermarkCheck(True, tuple(checks), implied)
    changed = implied is not None and abs(implied - current) > rounding
    return WatermarkCheck(False, tuple(checks), implied, mismatch_words(wrong, current, implied, changed))


def in_proportion(release: Release | None, zones: Sequence[Zone]) -> bool:
    """Every zone's min is its share of one setting, whichever: no boost stands on all zones like that."""
    pages = sum(zone.min_pages or 0 for zone in zones if zone.name not in ("HighMem", "Movable"))
    marks = watermarks(release, zones, min_free_kbytes=pages * zones[0].page_kb)
    return all(is_share(zone.min_pages or 0, mark.min_pages) for zone, mark in zip(zones, marks, strict=True))


def implied_min_free_kbytes(
    release: Release | None, zones: Sequence[Zone], checks: Sequence[ZoneCheck] = ()
) -> int | None:
    """The min_free_kbytes that the printed min marks add up to, but for rounding; None where one is missing.

    `checks` of the same zones tell which boost to take off where the kernel printed none, else the zones' shares.
    """
    populated = sized(zones)
    lowmem = lowmem_pages(release, populated)
    if not populated or lowmem is None or any(zone.min_pages is None for zone in populated):
        return None
    boosts: Mapping[str, int] = {check.name: check.boosted_pages for check in checks}
    if not checks:
        boosts = {zone_name(zone): pages for zone, pages in boosted(populated, boosts_by_share(release, populated))}
    shares = [zone for zone in populated if zone.name not in ("HighMem", "Movable")]
    pages = sum((zone.min_pages or 0) - (zone.boost_pages or boosts.get(zone_name(zone), 0)) for zone in shares)
    return max(0, pages) * populated[0].page_kb


def boosted(zones: Sequence[Zone], found: Boosts) -> Iterator[tuple[Zone, int]]:
    """The zones that have a boost, with it."""
    for zone in zones:
        pages = found.get((zone.node or 0, zone.name))
        if pages:
            yield zone, pages


def boosts_in(
    release: Release | None,
    zones: Sequence[Zone],
    settings: Mapping[str, int],
    *,
    all_zones: Sequence[Zone] = (),
    block_pages: int | None = None,
) -> Boosts:
    """The boost in the printed marks of each zone that has one, in pages: by the setting, else by the zones' shares."""
    told = {(zone.node or 0, zone.name): zone.boost_pages for zone in zones if zone.boost_pages}
    if told or any(zone.boost_pages is not None for zone in zones):
        return told
    checked = check_watermarks(release, zones, settings, all_zones=all_zones, block_pages=block_pages)
    by_name = {check.name: check.boosted_pages for check in checked.zones}
    found = {(zone.node or 0, zone.name): by_name.get(zone_name(zone), 0) for zone in zones}
    if any(found.values()):
        return {key: pages for key, pages in found.items() if pages}
    return {} if checked.agrees else boosts_by_share(release, zones)


def mismatch_words(
    wrong: Sequence[ZoneCheck], current: int, implied: int | None, changed: bool
) -> tuple[Message, ...]:
    """What differs, and which setting explains it; `changed` where min_free_kbytes surely was another."""
    first = wrong[0]
    words = [say(
        "marks.differ",
        "{zone}: min/low/high are {min_pages}/{low_pages}/{high_pages} pages, but vm.min_free_kbytes = "
        "{min_free_kb} gives {expected_min_pages}/{expected_low_pages}/{expected_high_pages}.",
        zone=first.name, min_pages=first.printed[0], low_pages=first.printed[1], high_pages=first.printed[2],
        min_free_kb=current, expected_min_pages=first.expected[0], expected_low_pages=first.expected[1],
        expected_high_pages=first.expected[2],
    )]
    if not changed and all(check.spans_differ and check.min_agrees for check in wrong):
        words.append(say("marks.low_high_setting", "min agrees, low and high do not: vm.extra_free_kbytes or "
                         "vm.watermark_scale_factor was another."))
    elif implied is not None:
        words.append(say("marks.changed_from", "vm.min_free_kbytes was about {implied_kb} kB when this was printed: it "
                         "was changed since, or before.", implied_kb=implied))
    else:
        words.append(say("marks.changed", "vm.min_free_kbytes was another value when this was printed: it was changed "
                         "since, or before."))
    if len(wrong) > 1:
        words.append(say("marks.zones_differ", "{zones} zones differ in all.", zones=len(wrong)))
    return tuple(words)


def alike(pages: int, want: int) -> bool:
    """Equal but for rounding and for pages that came to the zone after boot."""
    return abs(pages - want) <= MARK_TOLERANCE_PAGES + want * MARK_TOLERANCE_PERCENT // 100


def near(value: int, wanted: int, percent: int) -> bool:
    """Within `percent` of each other."""
    return abs(value - wanted) * 100 <= wanted * percent


def with_watermarks(
    release: Release | None,
    zones: Sequence[Zone],
    *,
    min_free_kbytes: int,
    extra_free_kbytes: int = 0,
    watermark_scale_factor: int = DEFAULT_SCALE_FACTOR,
) -> tuple[Zone, ...]:
    """The zones as they would be under other settings; () when a size is not known. Free pages stay as they are."""
    populated = sized(zones)
    marks = watermarks(
        release, populated, min_free_kbytes=min_free_kbytes, extra_free_kbytes=extra_free_kbytes,
        watermark_scale_factor=watermark_scale_factor,
    )
    return tuple(
        replace(zone, min_pages=mark.min_pages, low_pages=mark.low_pages, high_pages=mark.high_pages, boost_pages=None)
        for zone, mark in zip(populated, marks, strict=False)
    )


def percent_of(part: int, whole: int | None) -> float:
    """Share in percent, rounded to one decimal; 0 where the whole is not known."""
    return round(part * 100 / whole, 1) if whole else 0.0
