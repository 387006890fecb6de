"""The watermarks of a host as a table and, for each zone, a ladder drawn to scale."""
from __future__ import annotations

from rich.console import Console

from nopage.diagnosis.watermark import Ladder, LadderRow, Marks
from nopage.engine.ladders import HostLadder
from nopage.kernel.message import Message, say
from nopage.report.screen import PROSE_MOST, wrapped
from nopage.report.text import escape

BAR_MOST = 40
BROKEN = "#" * (BAR_MOST - 8) + "//" + "#" * 6
RUNGS = (("high", "high_pages"), ("low", "low_pages"), ("min", "min_pages"), ("atomic", "atomic_floor_pages"))
LETTERS = {"high": "(a)", "low": "(b)", "min": "(c)", "atomic": "floor"}
LEGEND = (
    "(a) low to high: kswapd goes on until here, then sleeps",
    "(b) min to low: kswapd starts here; callers do not reclaim yet",
    "(c) below min: only requests that cannot wait get parts of this",
    "floor: GFP_ATOMIC gets nothing below it",
)


def print_host(host: HostLadder, shown: Console) -> None:
    """A table for each moment, one ladder a zone (of the failure, where there is one), and what is to be known."""
    shown.print(f"[bold]{escape(host.title)}[/]")
    first = host.tables[0].ladder
    for name, value in sorted({**first.settings_now, **first.settings_then}.items()):
        if name in first.settings_then:
            shown.print(f"vm.{name} = {first.settings_now.get(name, 'not collected')}, asked about: {value}")
        elif name == "min_free_kbytes":
            shown.print(f"vm.{name} = {value}")
    for one in host.tables:
        shown.print()
        if one.at_failure or len(host.tables) > 1:
            shown.print(f"{escape(one.title)}:")
        for line in table(one.ladder):
            shown.print(escape(line), soft_wrap=True)
        for row in one.ladder.rows:
            if row.boost_pages:
                shown.print(escape(f"{boost_words(row)}."), soft_wrap=True)
    told = next((one for one in host.tables if one.at_failure), host.tables[0])
    drawn = sorted((row for row in told.ladder.rows if row.now.high_pages), key=lambda row: -(row.size_pages or 0))
    for row in drawn:
        shown.print()
        for line in drawing(row, "at the failure" if told.at_failure else ""):
            shown.print(escape(line), soft_wrap=True)
    for line in LEGEND if drawn else ():
        shown.print(f"  {line}")
    if host.rings:
        shown.print()
        shown.print("Receive rings when full:")
        for text in host.rings:
            print_wrapped(f"  {text}", shown)
    for text in dict.fromkeys((*host.notes, *(text for one in host.tables for text in one.ladder.missing))):
        print_wrapped(f"Note: {text}", shown)
    if host.caution:
        print_wrapped(f"Caution: {host.caution}", shown)


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


def table(ladder: Ladder) -> list[str]:
    """One line a zone, a second one under the settings asked about; sizes in kB."""
    head = ("zone", "", "size kB", "free kB", "atomic", "min", "low", "high", "GFP_ATOMIC gets")
    rows: list[tuple[str, ...]] = [head]
    for row in ladder.rows:
        rows.append((row.name, "now", kb(row.size_pages, row), kb(row.free_pages, row), *cells(row.now, row)))
        if row.then is not None:
            rows.append(("", "then", "", "", *cells(row.then, row)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    left = (0, 1, len(head) - 1)
    return [
        "  ".join(
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def cells(marks: Marks, row: LadderRow) -> tuple[str, ...]:
    """The marks in kB, and the orders an atomic request would get from this zone."""
    pages = (marks.atomic_floor_pages, marks.min_pages, marks.low_pages, marks.high_pages)
    gets = order_words(marks.orders)
    if marks.orders == () and (row.free_pages or 0) > (marks.atomic_floor_pages or 0) + 1:
        gets += " (kept back by lowmem_reserve for requests limited to this zone)"
    return (*(kb(one, row) for one in pages), gets)


def kb(pages: int | None, row: LadderRow) -> str:
    return "-" if pages is None else f"{pages * row.page_kb:,}"


def order_words(orders: tuple[int, ...] | None) -> str:
    """'orders 0-3'; '-' where it is not known."""
    if orders is None:
        return "-"
    if not orders:
        return "nothing"
    if orders == tuple(range(orders[0], orders[-1] + 1)):
        return f"order {orders[0]}" if len(orders) == 1 else f"orders {orders[0]}-{orders[-1]}"
    return "orders " + ", ".join(map(str, orders))


def drawing(row: LadderRow, moment: str = "") -> list[str]:
    """Marks of one zone to scale, free pages beside them; '=' now, '-' under the settings asked about.

    The scale is that of the marks; free pages beyond it are a broken bar with their number.
    """
    states = [("=", row.now)] + ([("-", row.then)] if row.then is not None else [])
    marks = [getattr(state, field) or 0 for _bar, state in states for _name, field in RUNGS]
    top = max(marks, default=0)
    free = row.free_pages or 0
    scale = max(top + top // 8, 1) if top else max(free, 1)
    lines = [f"{row.name}{moment and ' '}{moment}: free beside the marks, to scale ({kb(scale, row)} kB wide)"]
    times = f"  {free / row.now.high_pages:.1f} x high" if row.now.high_pages and row.free_pages is not None else ""
    filled = BROKEN if free > scale else "#" * bar(free, scale)
    lines.append(f"  {'free':<7} {filled:<{BAR_MOST}} {kb(row.free_pages, row):>11} kB{times}")
    for name, field in RUNGS:
        for sign, state in states:
            pages = getattr(state, field)
            words = f"  {LETTERS[name]}" if sign == "=" else "  then"
            label = name if sign == "=" else ""
            lines.append(f"  {label:<7} {sign * bar(pages or 0, scale):<{BAR_MOST}} {kb(pages, row):>11} kB{words}")
    return lines


def bar(pages: int, scale: int) -> int:
    """How many characters `pages` take; at least one for any page at all."""
    if pages <= 0:
        return 0
    return min(max(pages * BAR_MOST // scale, 1), BAR_MOST)
