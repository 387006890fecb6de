"""The three pictures as numbers: each is a table first, which Charts.css draws and a screen reader reads."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import log10

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.report.screen import moment
from nopage.report.speaker import Speaker, grouped, quantity
from nopage.result import Failure, Result, Zone

BINS = 24
CLOCK_END_S = 2**63 / 1e9  # the kernel's clock counts nanoseconds in 64 bits
USABLE = frozenset("UEMR")


@dataclass(frozen=True, slots=True)
class Bar:
    """One row or column: its label, its number in words, its length from 0 to 1, and how it looks."""

    label: str
    value: str
    size: float
    kind: str = ""


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
    told: list[tuple[Message, int, str]] = [
        (say("ladder.free", "free"), free, "good" if free > floor else "bad"),
        (say("ladder.floor", "floor of this request"), floor, "bad"),
        (say("ladder.min", "min (c): the reserve below"), minimum, "mark"),
        (say("ladder.low", "low (b): kswapd wakes"), low, "mark"),
        (say("ladder.high", "high (a): kswapd sleeps again"), high, "mark"),
    ]
    bars = tuple(
        Bar(speak(label), quantity(pages, page_kb) + (" →" if broken and pages is free else ""),
            min(pages / scale, 1.0), kind)
        for label, pages, kind in told
    )
    if free > floor:
        note = say("ladder.enough",
                   "{free} are free and the request may go down to {floor}: pages are not what is short.",
                   free=quantity(free, page_kb), floor=quantity(floor, page_kb))
    else:
        note = say("ladder.short", "{free} are free and the request must leave {floor}.",
                   free=quantity(free, page_kb), floor=quantity(floor, page_kb))
    caption = say("ladder.caption", "{zone}: memory to scale", zone=evidence.zone)
    return Picture(speak(caption), speak(note), bars)


def blocks(zone: Zone, failure: Failure, speak: Speaker) -> Picture | None:
    """Free blocks by order on a log scale; the asked order and larger ones are marked, unusable ones greyed."""
    if not zone.free_area:
        return None
    most = max((column.count for column in zone.free_area), default=0)
    bars = []
    for column in zone.free_area:
        usable = not column.migratetypes or bool(USABLE & set(column.migratetypes))
        kind = "unusable" if not usable else "asked" if column.order >= failure.order else ""
        letters = f" ({column.migratetypes})" if column.migratetypes else ""
        size = log10(column.count + 1) / log10(most + 1) if most else 0.0
        label = f"{column.order}{'*' if column.order == failure.order else ''}"
        bars.append(Bar(label, grouped(column.count) + letters if column.count else "", size, kind))
    enough = sum(column.count for column in zone.free_area if column.order >= failure.order)
    note = say(
        "blocks.note", "Free blocks of 2^order pages, log scale. Order {order}* was asked for; "
        "{blocks:# such or larger block is|# such or larger blocks are} free.", order=failure.order, blocks=enough,
    )
    return Picture(speak(say("blocks.caption", "Free blocks by order")), speak(note), tuple(bars), columns=True)


def over_time(result: Result, speak: Speaker) -> Picture | None:
    """Failures in equal spans of time from the first to the last."""
    times = sorted(points(result.failures))
    if not times:
        return None
    first, last = times[0], times[-1]
    span = last - first
    count = 1 if not span else min(BINS, max(2, len(times)))
    width = span / count if count > 1 else 1.0
    found = [0] * count
    for second in times:
        found[min(int((second - first) / width) if span else 0, count - 1)] += 1
    most = max(found)
    walls = [time for one in result.failures if (time := moment(one.time)) is not None]
    begin = min(walls, key=lambda time: time.replace(tzinfo=None)) if walls else None
    bars = tuple(
        Bar(label_of(begin, number * width, first), str(many) if many else "", many / most, "bad")
        for number, many in enumerate(found)
    )
    suppressed = result.suppressed
    note = say(
        "when.note", "{count:# failure|# failures} over {span}; "
        "{suppressed:# kernel message was|# kernel messages were} held back by rate limits.",
        count=len(times), span=str(timedelta(seconds=round(span))), suppressed=suppressed,
    )
    return Picture(speak(say("when.caption", "When")), speak(note), bars, columns=True)


def points(failures: Sequence[Failure]) -> list[float]:
    """The times of the failures as seconds of one clock."""
    walls = [time.replace(tzinfo=None) for one in failures if (time := moment(one.time)) is not None]
    if walls:
        return [(time - datetime(1970, 1, 1)).total_seconds() for time in walls]
    return [one.monotonic_s for one in failures if one.monotonic_s is not None and 0 <= one.monotonic_s < CLOCK_END_S]


def label_of(begin: datetime | None, offset_s: float, first_s: float) -> str:
    """The beginning of a span: a clock time, else seconds since boot."""
    if begin is None:
        return f"{first_s + offset_s:,.0f} s"
    return (begin + timedelta(seconds=offset_s)).strftime("%H:%M:%S")
