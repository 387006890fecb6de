"""The watermarks of a host as a table and, for each zone, a ladder drawn to scale."""
from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from rich.console import Console

from nopage.diagnosis.watermark import Ladder, LadderRow, Marks
from nopage.engine.ladders import HostLadder
from nopage.kernel.message import NOTHING, Message, say
from nopage.report import labels
from nopage.report.screen import PROSE_MOST, padded, wrapped
from nopage.report.speaker import Speaker
from nopage.report.text import escape

BAR_MOST = 40
BROKEN = "#" * (BAR_MOST - 8) + "//" + "#" * 6
RUNGS = (("high", "high_pages"), ("low", "low_pages"), ("min", "min_pages"), ("atomic", "atomic_floor_pages"))
LETTERS: Mapping[str, str | Message] = {
    "high": "(a)", "low": "(b)", "min": "(c)", "atomic": labels.FLOOR,
}
LEGEND = (
    say("ladder.high_is", "(a) low to high: kswapd goes on until here, then sleeps"),
    say("ladder.low_is", "(b) min to low: kswapd starts here; callers do not reclaim yet"),
    say("ladder.min_is", "(c) below min: only requests that cannot wait get parts of this"),
    say("ladder.atomic_is", "floor: GFP_ATOMIC gets nothing below it"),
)
NAME = 7  # columns of a mark's name
NOW, THEN = say("ladder.now", "now"), say("ladder.then", "then")
HEAD = (
    labels.ZONE, NOTHING, say("ladder.size_kb", "size kB"), labels.FREE_KB, say("ladder.atomic", "atomic"),
    "min", "low", "high", say("ladder.gets", "GFP_ATOMIC gets"),
)  # fmt: skip
LEFT = (0, 1, len(HEAD) - 1)


def print_host(host: HostLadder, shown: Console, speak: Speaker) -> None:
    """A table for each moment, one ladder a zone (of the failure, where there is one), and what is to be known."""
    shown.print(f"[bold]{escape(host.title)}[/]")
    first = host.tables[0].ladder
    for name, value in sorted({**first.settings_now, **first.settings_then}.items()):
        if name in first.settings_then:
            present = first.settings_now.get(name)
            now = speak(say("ladder.not_collected", "not collected")) if present is None else str(present)
            shown.print(escape(speak(say("ladder.asked_about", "vm.{setting} = {present}, asked about: {value}",
                                         setting=name, present=now, value=value))), soft_wrap=True)
        elif name == "min_free_kbytes":
            shown.print(f"vm.{name} = {value}")
    for one in host.tables:
        shown.print()
        if one.at_failure or len(host.tables) > 1:
            shown.print(f"{escape(speak(one.title))}:", soft_wrap=True)
        for line in table(one.ladder, speak):
            shown.print(escape(line), soft_wrap=True)
        for row in one.ladder.rows:
            if row.boost_pages:
                shown.print(escape(speak(boost_words(row)) + speak.stop), soft_wrap=True)
    told = next((one for one in host.tables if one.at_failure), host.tables[0])
    drawn = sorted((row for row in told.ladder.rows if row.now.high_pages), key=lambda row: -(row.size_pages or 0))
    for row in drawn:
        shown.print()
        for line in drawing(row, speak, at_failure=told.at_failure):
            shown.print(escape(line), soft_wrap=True)
    for one_mark in LEGEND if drawn else ():
        shown.print(f"  {escape(speak(one_mark))}", soft_wrap=True)
    if host.rings:
        shown.print()
        shown.print(speak(say("ladder.rings", "Receive rings when full:")))
        for text in host.rings:
            print_wrapped(f"  {speak(text)}", shown)
    for text in dict.fromkeys((*host.notes, *(text for one in host.tables for text in one.ladder.missing))):
        print_wrapped(f"{speak(labels.NOTE)}: {speak(text)}", shown)
    if host.caution:
        print_wrapped(f"{speak(say('ladder.caution', 'Caution'))}: {speak(host.caution)}", shown)


def print_wrapped(text: str, shown: Console) -> None:
    """Prose, never wider than prose is."""
    indent = " " * (len(text) - len(text.lstrip()))
    for line in wrapped(text.strip(), min(shown.width, PROSE_MOST) - len(indent)):
        shown.print(f"{indent}{escape(line)}", soft_wrap=True)


def boost_words(row: LadderRow) -> Message:
    """The boost of one zone, which the table leaves out."""
    if row.boost_told:
        return say("ladder.boost", "{zone}: a watermark boost of {boost_kb} kB stands on top of min, low and high for "
                   "now", zone=row.name, boost_kb=row.boost_pages * row.page_kb)
    return say("ladder.boost.hidden", "{zone}: a watermark boost of {boost_kb} kB stands on top of min, low and high "
               "for now; the kernel does not print it, it is what they are above the setting", zone=row.name,
               boost_kb=row.boost_pages * row.page_kb)


def table(ladder: Ladder, speak: Speaker) -> list[str]:
    """One line a zone, a second one under the settings asked about; sizes in kB."""
    rows: list[tuple[str, ...]] = [speak.row(HEAD)]
    for row in ladder.rows:
        sizes = kb(row.size_pages, row), kb(row.free_pages, row)
        rows.append((row.name, speak(NOW), *sizes, *cells(row.now, row, speak)))
        if row.then is not None:
            rows.append(("", speak(THEN), "", "", *cells(row.then, row, speak)))
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            padded(cell, width, right=place not in LEFT)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def cells(marks: Marks, row: LadderRow, speak: Speaker) -> tuple[str, ...]:
    """The marks in kB, and the orders an atomic request would get from this zone."""
    pages = (marks.atomic_floor_pages, marks.min_pages, marks.low_pages, marks.high_pages)
    gets = orders_of(marks.orders, speak)
    if marks.orders == () and (row.free_pages or 0) > (marks.atomic_floor_pages or 0) + 1:
        kept = say("ladder.kept_back", "kept back by lowmem_reserve for requests limited to this zone")
        gets += f" ({speak(kept)})"
    return (*(kb(one, row) for one in pages), gets)


def kb(pages: int | None, row: LadderRow) -> str:
    return "-" if pages is None else f"{pages * row.page_kb:,}"


def orders_of(orders: tuple[int, ...] | None, speak: Speaker) -> str:
    """'orders 0-3'; '-' where it is not known."""
    if orders is None:
        return "-"
    if not orders:
        return speak(say("ladder.no_order", "nothing"))
    if len(orders) == 1:
        return speak(say("size.order", "order {order}", order=orders[0]))
    if orders == tuple(range(orders[0], orders[-1] + 1)):
        return speak(say("ladder.orders", "orders {first_order}-{last_order}", first_order=orders[0],
                         last_order=orders[-1]))
    return speak(say("ladder.orders_apart", "orders {orders}", orders=orders))


def drawing(row: LadderRow, speak: Speaker, *, at_failure: bool = False) -> list[str]:
    """Marks of one zone to scale, free pages beside them; '=' now, '-' under the settings asked about.

    The scale is that of the marks; free pages beyond it are a broken bar with their number.
    """
    states = [("=", row.now)] + ([("-", row.then)] if row.then is not None else [])
    marks = [getattr(state, field) or 0 for _bar, state in states for _name, field in RUNGS]
    top = max(marks, default=0)
    free = row.free_pages or 0
    scale = max(top + top // 8, 1) if top else max(free, 1)
    if at_failure:
        title = say("ladder.to_scale.failure", "{zone} at the failure: free beside the marks, to scale ({width_kb} kB "
                    "wide)", zone=row.name, width_kb=kb(scale, row))
    else:
        title = say("ladder.to_scale", "{zone}: free beside the marks, to scale ({width_kb} kB wide)", zone=row.name,
                    width_kb=kb(scale, row))
    lines = [speak(title)]
    times = f"  {free / row.now.high_pages:.1f} x high" if row.now.high_pages and row.free_pages is not None else ""
    filled = BROKEN if free > scale else "#" * bar(free, scale)
    lines.append(f"  {padded(speak(labels.FREE), NAME)} {filled:<{BAR_MOST}} {kb(row.free_pages, row):>11} kB{times}")
    for name, field in RUNGS:
        for sign, state in states:
            pages = getattr(state, field)
            words = "".join(speak.row([LETTERS[name] if sign == "=" else THEN]))
            label = name if sign == "=" else ""
            drawn = f"{sign * bar(pages or 0, scale):<{BAR_MOST}} {kb(pages, row):>11} kB"
            lines.append(f"  {padded(label, NAME)} {drawn}  {words}")
    return lines


def bar(pages: int, scale: int) -> int:
    """How many characters `pages` take; at least one for any page at all."""
    if pages <= 0:
        return 0
    return min(max(pages * BAR_MOST // scale, 1), BAR_MOST)
