"""What a scan leaves: Parquet parts with a row a host, a failure group and a step, and whole results beside them.

A part is there whole or not at all. `Store` reads, `Writer` adds parts, one writer at a time; `row_of` makes the rows.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from nopage.fleet.store.making import AT_RISK, SILENT, failed_row, groups_of, packed_result, row_of, steps_of
from nopage.fleet.store.rows import GroupRow, Packed, Row, StepRow, described
from nopage.kernel.lazy import lazily

if TYPE_CHECKING:
    from nopage.fleet.store.folder import Folder, StoreError
    from nopage.fleet.store.reading import Answer, Known, Store, known_of, scratch
    from nopage.fleet.store.writing import Writer

__all__ = [
    "AT_RISK",
    "SILENT",
    "Answer",
    "Folder",
    "GroupRow",
    "Known",
    "Packed",
    "Row",
    "StepRow",
    "Store",
    "StoreError",
    "Writer",
    "described",
    "failed_row",
    "groups_of",
    "known_of",
    "packed_result",
    "row_of",
    "scratch",
    "steps_of",
]
HOMES = {
    "Answer": "reading",
    "Folder": "folder",
    "StoreError": "folder",
    "Known": "reading",
    "Store": "reading",
    "known_of": "reading",
    "scratch": "reading",
    "Writer": "writing",
}
# The store itself needs pyarrow and duckdb, which a worker does not load.
__getattr__ = lazily(__name__, HOMES)
