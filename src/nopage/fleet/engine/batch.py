"""A task of Dask: some sources one after the other, in a child of the worker that can be ended."""
from __future__ import annotations

import multiprocessing
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.util import Finalize

from nopage.fleet.engine.children import Children
from nopage.fleet.engine.job import Job, Outcome
from nopage.fleet.sources import Target
from nopage.fleet.store import Packed

TRIMMED = "MALLOC_TRIM_THRESHOLD_"  # of glibc: how much may lie free at the top of the heap

_kept: dict[int, Children] = {}
_making = threading.Lock()


def scan_batch(targets: tuple[Target, ...], job: Job) -> list[tuple[tuple[Packed, ...], int]]:
    """The hosts of each target, in order, and the peak of its child in KiB."""
    children = _children(job)
    done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    for target in targets:  # as many batches run at once as the worker has threads, and so children
        children.scan(target, job, done.put)
    told: dict[Target, tuple[tuple[Packed, ...], int]] = {}
    while len(told) < len(targets):
        outcome = done.get()
        told[outcome.target] = (outcome.hosts, outcome.peak_kb)
    return [told[target] for target in targets]


def _children(job: Job) -> Children:
    """Those of this worker, kept from batch to batch."""
    with _making:
        if job.memory_bytes not in _kept:
            # A worker under a nanny is a daemonic process, which multiprocessing lets have no children; ours end with
            # it all the same (child.begin).
            multiprocessing.current_process()._config.pop("daemon", None)  # type: ignore[attr-defined]
            with _memory_kept():
                made = _kept[job.memory_bytes] = Children(_threads(), job.memory_bytes)
            Finalize(None, made.close, exitpriority=100)  # before multiprocessing waits for them: no atexit in workers
        return _kept[job.memory_bytes]


@contextmanager
def _memory_kept() -> Iterator[None]:
    """Children keep what they freed for their next source, as those of a local scan do.

    Dask's nannies set 64 KiB (distributed.nanny.pre-spawn-environ), which made a child take the same pages of the
    kernel again for every source: seventeen times the page faults and a twentieth of all time.
    """
    given = os.environ.pop(TRIMMED, None)
    try:
        yield
    finally:
        if given is not None:
            os.environ[TRIMMED] = given


def _threads() -> int:
    import distributed

    try:
        return int(distributed.get_worker().state.nthreads)
    except ValueError:  # no worker: called directly
        return 1
