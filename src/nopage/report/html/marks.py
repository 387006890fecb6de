"""The marks of a host's zones, now and under other settings, as pictures and a table."""
from __future__ import annotations

from nopage.diagnosis.watermark import Ladder, LadderRow
from nopage.kernel.message import Message, say
from nopage.report.html.pictures import HIGH, LOW, MIN, Bar, Picture
from nopage.report.html.shell import page_environment
from nopage.report.labels import FREE
from nopage.report.speaker import Speaker, quantity
from nopage.report.zones import THEN, rows_of

PICTURES_MOST = 6
OTHERS = say("ladder.other_zones", "Other zones")
ATOMIC = say("ladder.atomic_floor", "floor of an atomic request")
MARKS: tuple[tuple[Message, str, str], ...] = (
    (ATOMIC, "atomic_floor_pages", "bad"),
    (MIN, "min_pages", "mark"),
    (LOW, "low_pages", "mark"),
    (HIGH, "high_pages", "mark"),
)
BEYOND = " \u2192"


def ladder_html(ladder: Ladder, title: str, speak: Speaker, first: str = "") -> str:
    """A piece of a page: the picture of one zone, `first` where it is named, the others folded; the numbers of all."""
    head, *rows = rows_of(ladder, speak)
    marked = [row for row in ladder.rows if row.now.high_pages]
    ordered = sorted(marked, key=lambda row: (row.name != first, -(row.size_pages or 0)))[:PICTURES_MOST]
    return page_environment().get_template("ladder.html").render(
        title=title,
        pictures=[picture(row, speak) for row in ordered],
        others=speak(OTHERS),
        head=head,
        rows=rows,
    )


def picture(row: LadderRow, speak: Speaker) -> Picture:
    """One zone: what is free, and each mark as it is and as it would be, to one scale."""
    told = [
        (speak(label), getattr(row.now, field), getattr(row.then, field, None), kind) for label, field, kind in MARKS
    ]
    marks = [pages for _, now, then, _ in told for pages in (now, then) if pages is not None]
    free, top = row.free_pages or 0, max(marks, default=1) or 1
    scale = max(free, top) if free <= 3 * top else top * 3 // 2
    floor = (row.then or row.now).atomic_floor_pages or 0
    bars = [bar(speak(FREE), free, scale, row, "good" if free > floor else "bad")]
    for label, now, then, kind in told:
        if now is not None:
            bars.append(bar(label, now, scale, row, kind))
        if then is not None and then != now:
            bars.append(bar(speak(THEN), then, scale, row, "asked"))
    caption = say("ladder.zone", "{zone}: the marks to scale", zone=row.name)
    return Picture(speak(caption), "", tuple(bars))


def bar(label: str, pages: int, scale: int, row: LadderRow, kind: str) -> Bar:
    """One row; what is longer than the picture ends at its edge."""
    return Bar(label, quantity(pages, row.page_kb) + (BEYOND if pages > scale else ""), min(pages / scale, 1.0), kind)
