"""The three pictures as numbers: each is a table first, which Charts.css draws and a screen reader reads."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import log10

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.report import labels
from nopage.report.screen import moment
from nopage.report.series import series
from nopage.report.speaker import Speaker, grouped, quantity
from nopage.result import Failure, Result, Zone

BINS = 24
FLOOR = say("ladder.floor", "floor of this request")
MIN = say("ladder.min", "min (c): the reserve below")
LOW = say("ladder.low", "low (b): kswapd wakes")
HIGH = say("ladder.high", "high (a): kswapd sleeps again")
USABLE = frozenset("UEMR")
FIRST_TEST = "watermark"  # is enough free at all


@dataclass(frozen=True, slots=True)
class Bar:
    """One row or column: its label, its number in words, its length from 0 to 1, how it looks, its migratetypes."""

    label: str
    value: str
    size: float
    kind: str = ""
    letters: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A caption, what it shows in a sentence, and its bars."""

    caption: str
    note: str
    bars: tuple[Bar, ...]
    columns: bool = False


def ladder(zone: Zone, failure: Failure, speak: Speaker) -> Picture | None:
    """The zone's marks to one scale with the request's floor and what is free.

    Where far more is free than high, the free bar ends at the picture's edge and says so: the marks stay readable.
    """
    evidence, page_kb = failure.evidence, zone.page_kb
    marks = (zone.min_pages, zone.low_pages, zone.high_pages, zone.free_pages)
    if any(mark is None for mark in marks) or evidence.floor_pages is None:
        return None
    minimum, low, high, free = (mark or 0 for mark in marks)
    floor = evidence.floor_pages + (evidence.reserve_pages or 0)
    top = max(high, floor, 1)
    scale = max(free, top) if free <= 3 * top else top * 3 // 2
    broken = free > scale
    short = evidence.test == FIRST_TEST and (evidence.margin_pages or 0) < 0
    told: list[tuple[Message, int, str]] = [
        (labels.FREE, free, "bad" if short else "good"),
        (FLOOR, floor, "bad"),
        (MIN, minimum, "mark"),
        (LOW, low, "mark"),
        (HIGH, high, "mark"),
    ]
    bars = tuple(
        Bar(speak(label), quantity(pages, page_kb) + (" →" if broken and pages is free else ""),
            min(pages / scale, 1.0), kind)
        for label, pages, kind in told
    )
    if not short:
        note = say("ladder.enough",
                   "{free} are free and the request may go down to {floor}: pages are not what is short.",
                   free=quantity(free, page_kb), floor=quantity(floor, page_kb))
    else:
        note = say("ladder.short_by", "{free} are free and the request must leave {floor}: short by {short_by}.",
                   free=quantity(free, page_kb), floor=quantity(floor, page_kb),
                   short_by=quantity(-(evidence.margin_pages or 0), page_kb))
    caption = say("ladder.caption", "{zone}: memory to scale", zone=evidence.zone)
    return Picture(speak(caption), speak(note), bars)


def blocks(zone: Zone, failure: Failure, speak: Speaker) -> Picture | None:
    """Free blocks by order on a log scale; the asked order and larger ones are marked, unusable ones greyed."""
    if not zone.free_area:
        return None
    most = max((column.count for column in zone.free_area), default=0)
    takes_reserve = failure.atomic and failure.uses_reserve and failure.order > 0
    own = USABLE | {"H"} if takes_reserve else USABLE
    bars = []
    for column in zone.free_area:
        usable = not column.migratetypes or bool(own & set(column.migratetypes))
        kind = "unusable" if not usable else "asked" if column.order >= failure.order else ""
        size = log10(column.count + 1) / log10(most + 1) if most else 0.0
        label = f"{column.order}{'*' if column.order == failure.order else ''}"
        bars.append(Bar(label, grouped(column.count) if column.count else "", size, kind,
                        column.migratetypes if column.count else ""))
    large = [column for column in zone.free_area if column.order >= failure.order]
    enough = sum(one.count for one in large if not one.migratetypes or own & set(one.migratetypes))
    barred = sum(one.count for one in large) - enough
    note = say(
        "blocks.note", "Free blocks of 2^order pages, log scale. Order {order}* was asked for; "
        "{blocks:# such or larger block is|# such or larger blocks are} free.", order=failure.order, blocks=enough,
    )
    told = [speak(note)]
    if barred:
        told.append(speak(say("blocks.barred", "{blocks:# more is|# more are} in lists of (H), (C) or (I), not for it.",
                              blocks=barred)))
    return Picture(speak(say("blocks.caption", "Free blocks by order")), speak.joined(told), tuple(bars), columns=True)


def over_time(result: Result, speak: Speaker) -> Picture | None:
    """Failures in equal spans of time from the first to the last."""
    found = series(result, BINS)
    if found is None:
        return None
    beside = measured(result)
    if found.reports == 1 and not found.counted_only and not result.suppressed and not beside:
        return None  # one moment is no course of events
    most = max(found.spans)
    walls = [time for one in result.failures if (time := moment(one.time)) is not None]
    begin = min(walls, key=lambda time: time.replace(tzinfo=None)) if walls else None
    bars = tuple(
        Bar(label_of(begin, number * found.span_s, found.first_s), grouped(many) if many else "", many / most, "bad")
        for number, many in enumerate(found.spans)
    )
    whole = found.span_s * len(found.spans) if len(found.spans) > 1 else 0
    note = say(
        "when.note", "{count:# failure|# failures} over {span}; "
        "{suppressed:# kernel message was|# kernel messages were} held back by rate limits.",
        count=found.reports, span=str(timedelta(seconds=round(whole))), suppressed=result.suppressed,
    )
    told = [speak(note)]
    if found.counted_only:
        told.append(speak(say("when.counted", "{counted} were only counted and are spread between the others.",
                              counted=grouped(found.counted_only))))
    told += [speak(one) for one in beside]
    return Picture(speak(say("when.caption", "When")), speak.joined(told), bars, columns=True)


def measured(result: Result) -> list[Message]:
    """What sar measured in the interval in which most requests failed: traffic, drops, scanning, swapping."""
    activity = result.memory.activity if result.memory is not None else ()
    if not activity:
        return []
    busiest = max(activity, key=lambda one: one.failures)
    rates: list[tuple[float | None, Callable[[str], Message]]] = [
        (busiest.receive_mbps, lambda rate: say("sar.received", "{mbps} Mbit/s received", mbps=rate)),
        (busiest.transmit_mbps, lambda rate: say("sar.sent", "{mbps} Mbit/s sent", mbps=rate)),
        (busiest.receive_dropped_per_s, lambda rate: say("sar.dropped", "{rate} packets/s dropped", rate=rate)),
        (busiest.kswapd_scanned_per_s, lambda rate: say("sar.kswapd", "kswapd scanned {rate} pages/s", rate=rate)),
        (busiest.direct_scanned_per_s, lambda rate: say("sar.direct", "callers scanned {rate} pages/s", rate=rate)),
        (busiest.swapped_out_per_s, lambda rate: say("sar.swapped", "{rate} pages/s swapped out", rate=rate)),
    ]
    said = tuple(tell(f"{rate:,.0f}") for rate, tell in rates if rate is not None)
    if not said:
        return []
    until = moment(busiest.time)
    return [say("sar.busiest", "sar, until {time} ({interface}): {rates}.",
                time=until.strftime("%H:%M:%S") if until else busiest.time, interface=busiest.interface or "-",
                rates=said)]


def label_of(begin: datetime | None, offset_s: float, first_s: float) -> str:
    """The beginning of a span: a clock time, else seconds since boot."""
    if begin is None:
        return f"{first_s + offset_s:,.0f} s"
    return (begin + timedelta(seconds=offset_s)).strftime("%H:%M:%S")
