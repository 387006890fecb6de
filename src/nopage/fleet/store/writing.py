"""Adds parts to a store. What a part holds of a source it holds wholly."""
from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from nopage.fleet.store.folder import Folder
from nopage.fleet.store.lock import Lock
from nopage.fleet.store.parts import begin, file_of, numbers, sweep
from nopage.fleet.store.rows import GroupRow, Packed, Row, StepRow
from nopage.fleet.store.schema import table_of

MOST_ROWS = 5_000
MOST_BYTES = 32 << 20
MOST_SECONDS = 20.0  # of work that a killed scan has to do again


class Writer:
    """The one writer of a store. Raises StoreError where there is another, or where the folder holds something else."""

    def __init__(self, folder: Folder, options: Mapping[str, Any] | None = None) -> None:
        folder.make_root()
        self._folder = folder
        self._lock = Lock(folder)
        try:
            begin(folder, dict(options or {}))
            sweep(folder)
            self._number = max(numbers(folder, "rows"), default=0) + 1
        except BaseException:
            self._lock.release()
            raise
        self._rows: list[Row] = []
        self._groups: list[GroupRow] = []
        self._steps: list[StepRow] = []
        self._results: list[bytes] = []
        self._bytes = 0
        self._begun = time.monotonic()

    def add(self, hosts: Iterable[Packed]) -> None:
        """Keep all hosts of one source; written with the next part."""
        if not self._rows:
            self._begun = time.monotonic()
        for host in hosts:
            placed = {"part": self._number}
            if host.result:
                placed |= {
                    "result_part": self._number,
                    "result_line": len(self._results) + 1,
                    "result_offset": self._bytes,
                    "result_bytes": len(host.result),
                }
                self._results.append(host.result)
                self._bytes += len(host.result)
            self._rows.append(replace(host.row, **placed))
            self._groups += [replace(group, part=self._number) for group in host.groups]
            self._steps += [replace(step, part=self._number) for step in host.steps]

    def tick(self) -> bool:
        """Write a part where it is time to; True where one was written."""
        self._lock.refresh()
        full = len(self._rows) >= MOST_ROWS or self._bytes >= MOST_BYTES
        if not self._rows or not (full or time.monotonic() - self._begun >= MOST_SECONDS):
            return False
        self.flush()
        return True

    def flush(self) -> None:
        """Write what was added. The rows come last: with them the part is there."""
        if not self._rows:
            return
        if self._results:
            self._folder.put(file_of("results", self._number), b"".join(self._results))
        if self._groups:
            self._folder.put(file_of("groups", self._number), _parquet(self._groups, GroupRow))
        if self._steps:
            self._folder.put(file_of("steps", self._number), _parquet(self._steps, StepRow))
        self._folder.put(file_of("rows", self._number), _parquet(self._rows, Row))
        self._number += 1
        self._rows, self._groups, self._steps, self._results, self._bytes = [], [], [], [], 0

    def close(self) -> None:
        """Let others write. What was added and not written is forgotten."""
        self._lock.release()


def _parquet(rows: list[Any], kind: type[Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = pa.BufferOutputStream()
    pq.write_table(table_of(rows, kind), out, compression="zstd")
    return bytes(out.getvalue().to_pybytes())
