"""On a Dask cluster: batches of sources; each worker has kept children, since Dask cannot end a task that hangs."""
from __future__ import annotations

import logging
import queue
import time
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from nopage.fleet.engine.batch import scan_batch
from nopage.fleet.engine.job import EngineError, Job, Outcome, failed
from nopage.fleet.sources import Target

BATCH_S = 1.0  # of work in a batch: between two of them a child waits for some 10 ms
LARGEST_BATCH = 64
AHEAD = 3  # batches a thread of a worker
MOST_IN_FLIGHT = 2_000
TICK_S = 0.5
COUNTED_EVERY_S = 2.0
LOST_AFTER_S = 60.0
CONNECT_S = 20.0


class Cluster:
    """Scans on the workers of the scheduler at `address`, or of a client's. Raises EngineError."""

    def __init__(self, job: Job, address: str | None = None, client: Any = None) -> None:
        try:
            import distributed
        except ImportError as error:
            raise EngineError("--dask needs dask.distributed: pip install 'nopage[fleet]'") from error
        for name in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it is said here
        self._job = job
        self._own = client is None
        self._where = address or "given"
        try:
            self._client = client or distributed.Client(address, set_as_default=False, timeout=CONNECT_S)
        except Exception as error:  # OSError, TimeoutError, ValueError for a bad address
            said = " ".join(str(error).split())[:200]
            raise EngineError(f"no Dask scheduler answers at {address}: {said}") from error
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._running: dict[Any, tuple[Target, ...]] = {}
        self._mean_s: float | None = None
        self._threads = 0
        self._counted = 0.0
        self._heard = time.monotonic()

    @property
    def words(self) -> str:
        has_one = "dashboard" in self._client.scheduler_info(n_workers=0).get("services", {})
        return f"Dask at {self._client.scheduler.address}" + (
            f", dashboard {self._client.dashboard_link}" if has_one else ""
        )

    def run(self, targets: Iterator[Target]) -> Iterator[Outcome | None]:
        """The outcomes as they come; None now and then, where nothing has. Raises EngineError when it is lost."""
        again: deque[Target] = deque()
        while True:
            self._count_threads()
            while len(self._running) < min(MOST_IN_FLIGHT, max(1, self._threads * AHEAD)):
                batch = (again.popleft(),) if again else tuple(islice(targets, self._size()))
                if not batch:
                    break
                self._submit(batch)
            if not self._running:
                return
            try:
                future = self._done.get(timeout=TICK_S)
            except queue.Empty:
                self._must_be_there()
                yield None
                continue
            self._heard = time.monotonic()
            batch = self._running.pop(future, ())
            yield from self._outcomes(future, batch, again)

    def _outcomes(self, future: Any, batch: tuple[Target, ...], again: deque[Target]) -> Iterator[Outcome]:
        try:
            told: list[tuple[Any, int]] = future.result()
        except Exception as error:  # KilledWorker after four workers; whatever the network breaks
            if len(batch) > 1:
                again.extend(batch)  # one by one: only the one that does it is recorded
                return
            for target in batch:
                words = " ".join(f"{type(error).__name__}: {error}".split())[:200]
                yield Outcome(target, failed(target, f"the cluster gave it up: {words}", 0.0, 1))
            return
        spent = [hosts[0].row.duration_s for hosts, _ in told]
        mean = sum(spent) / len(spent)
        self._mean_s = mean if self._mean_s is None else 0.8 * self._mean_s + 0.2 * mean
        for target, (hosts, peak_kb) in zip(batch, told, strict=True):
            yield Outcome(target, hosts, peak_kb)

    def _submit(self, batch: tuple[Target, ...]) -> None:
        try:
            future = self._client.submit(scan_batch, batch, self._job, pure=False)
        except Exception as error:
            raise EngineError(f"the Dask scheduler at {self._where} is gone") from error
        self._running[future] = batch
        future.add_done_callback(self._done.put)

    def _size(self) -> int:
        """How many sources make a batch worth its cost, by what they took so far."""
        if self._mean_s is None:
            return 1
        return max(1, min(LARGEST_BATCH, int(BATCH_S / max(self._mean_s, 0.001))))

    def _count_threads(self) -> None:
        if time.monotonic() - self._counted < COUNTED_EVERY_S:
            return
        self._counted = time.monotonic()
        try:
            threads: Mapping[str, int] = self._client.nthreads()
        except Exception:  # told by _must_be_there when it lasts
            return
        self._threads = sum(threads.values())

    def _must_be_there(self) -> None:
        if self._client.status == "running":
            self._heard = time.monotonic()
        elif self._client.status == "closed" or time.monotonic() - self._heard > LOST_AFTER_S:
            raise EngineError(f"the Dask scheduler at {self._where} is gone")

    def close(self) -> None:
        """Take back what was not done; what runs ends within its deadline."""
        try:
            if self._running:
                self._client.cancel(list(self._running))
            if self._own:
                self._client.close(timeout=5)
        except Exception:  # a scheduler that has gone has nothing to take back
            return
