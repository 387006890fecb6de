"""Each zone's marks as rows: sizes in kB, and what an atomic request would get."""
from __future__ import annotations

from nopage.diagnosis.watermark import Ladder, LadderRow, Marks


def cells_of(ladder: Ladder) -> list[tuple[str, ...]]:
    """A heading, and one row a zone, a second one under the settings asked about; sizes in kB."""
    head = ("zone", "", "size kB", "free kB", "atomic", "min", "low", "high", "GFP_ATOMIC gets")
    rows: list[tuple[str, ...]] = [head]
    for row in ladder.rows:
        rows.append((row.name, "now", kb(row.size_pages, row), kb(row.free_pages, row), *cells(row.now, row)))
        if row.then is not None:
            rows.append(("", "then", "", "", *cells(row.then, row)))
    return rows


def table(ladder: Ladder) -> list[str]:
    """The same as aligned lines."""
    rows = cells_of(ladder)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    left = (0, 1, len(rows[0]) - 1)
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
