"""Each zone's marks as rows: sizes in kB, and what an atomic request would get."""
from __future__ import annotations

from rich.cells import cell_len

from nopage.diagnosis.watermark import Ladder, LadderRow, Marks
from nopage.kernel.message import NOTHING, say
from nopage.report import labels
from nopage.report.screen import padded
from nopage.report.speaker import Speaker

NOW, THEN = say("ladder.now", "now"), say("ladder.then", "then")
HEAD = (
    labels.ZONE, NOTHING, say("ladder.size_kb", "size kB"), labels.FREE_KB, say("ladder.atomic", "atomic"),
    "min", "low", "high", say("ladder.gets", "GFP_ATOMIC gets"),
)  # fmt: skip
LEFT = (0, 1, len(HEAD) - 1)


def rows_of(ladder: Ladder, speak: Speaker) -> list[tuple[str, ...]]:
    """A heading, and one row a zone, a second one under the settings asked about; sizes in kB."""
    rows: list[tuple[str, ...]] = [speak.row(HEAD)]
    for row in ladder.rows:
        sizes = kb(row.size_pages, row), kb(row.free_pages, row)
        rows.append((row.name, speak(NOW), *sizes, *cells(row.now, row, speak)))
        if row.then is not None:
            rows.append(("", speak(THEN), "", "", *cells(row.then, row, speak)))
    return rows


def table(ladder: Ladder, speak: Speaker) -> list[str]:
    """The same as aligned lines."""
    rows = rows_of(ladder, speak)
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
