"""The one task: a target in, the rows of its hosts out. The same wherever it runs, and picklable."""
from __future__ import annotations

import os
import time
from collections.abc import Iterator

from nopage.engine.run import results_of
from nopage.fleet.engine.job import Job, stamped
from nopage.fleet.sources import Target
from nopage.fleet.store import Packed, failed_row, groups_of, packed_result, row_of, steps_of
from nopage.intake.collect import Collection, Limits, SourceError, collect, collect_file


def scan_one(target: Target, job: Job) -> tuple[Packed, ...]:
    """Diagnose one source. A source that cannot be read is a row that says so."""
    begun = time.monotonic()
    found: list[Packed] = []
    if target.fault:
        found.append(Packed(row=failed_row(target.name, target.fault)))
    else:
        for result in results_of(target.path, _collections(target, job)):
            row = row_of(result, target.name, target.path)
            packed = packed_result(result) if result.findings else b""
            groups, steps = tuple(groups_of(result, row)), tuple(steps_of(result, row))
            found.append(Packed(row=row, groups=groups, steps=steps, result=packed))
    if not found:
        found.append(Packed(row=failed_row(target.name, "holds no host")))
    return stamped(tuple(found), target, time.monotonic() - begun)


def _collections(target: Target, job: Job) -> Iterator[Collection]:
    limits = Limits(seconds=job.seconds, core_bytes=job.memory_bytes // 2, threads=target.is_url)
    try:
        if target.is_url:
            yield from _from_storage(target, job, limits)
        else:
            yield from collect(target.path, limits)
    except MemoryError as error:
        raise SourceError(target.path, job.too_large) from error


def _from_storage(target: Target, job: Job, limits: Limits) -> Iterator[Collection]:
    import fsspec

    try:
        file = fsspec.open(target.path, "rb", **job.storage).open()
    except Exception as error:  # each file system raises its own kinds
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise SourceError(target.path, f"cannot be opened: {said}") from error
    with file:
        yield from collect_file(file, os.path.basename(target.path), limits)
