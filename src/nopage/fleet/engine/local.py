"""On this machine: as many children as processors, a few sources ahead of them."""
from __future__ import annotations

import os
import queue
from collections.abc import Iterator

from nopage.fleet.engine.children import Children
from nopage.fleet.engine.job import Job, Outcome
from nopage.fleet.sources import Target

AHEAD = 4
TICK_S = 0.5


class Local:
    """Scans here. `words` say where for a person."""

    def __init__(self, job: Job, workers: int | None = None) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))
        self._children = Children(self.workers, job.memory_bytes)
        self._job = job
        self._done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()

    @property
    def words(self) -> str:
        return f"{self.workers} processes on this machine" if self.workers > 1 else "1 process on this machine"

    def run(self, targets: Iterator[Target]) -> Iterator[Outcome | None]:
        """The outcomes as they come; None now and then, where nothing has."""
        running = 0
        more = True
        while more or running:
            while more and running < self.workers * AHEAD:
                target = next(targets, None)
                if target is None:
                    more = False
                else:
                    self._children.scan(target, self._job, self._done.put)
                    running += 1
            try:
                outcome = self._done.get(timeout=TICK_S) if running else None
            except queue.Empty:
                yield None
                continue
            if outcome is not None:
                running -= 1
                yield outcome

    def close(self) -> None:
        self._children.close()
