"""Several logs of a directory read at once: reading and searching release the GIL."""
from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Crew(Generic[T]):
    """Jobs that are done by a few threads, largest first; their results are taken in the order they were given."""

    def __init__(self) -> None:
        self._jobs: list[tuple[int, Callable[[], T], Callable[[T], None]]] = []

    def give(self, size: int, job: Callable[[], T], then: Callable[[T], None]) -> None:
        """Add a job; `then` is called with its result by `finish`."""
        self._jobs.append((size, job, then))

    def finish(self) -> None:
        """Do all jobs. A job's exception is raised where its result would have been taken."""
        results: list[T | Exception | None] = [None] * len(self._jobs)
        waiting = deque(sorted(range(len(self._jobs)), key=lambda at: -self._jobs[at][0]))

        def work() -> None:
            while waiting:
                try:
                    at = waiting.popleft()
                except IndexError:
                    return
                try:
                    results[at] = self._jobs[at][1]()
                except Exception as error:
                    results[at] = error
                except BaseException:
                    waiting.clear()  # interrupted: the other threads end with the job they are at
                    raise

        count = min(len(self._jobs), os.cpu_count() or 1, 4)
        threads = [threading.Thread(target=work, name="nopage-search", daemon=True) for _ in range(count - 1)]
        for thread in threads:
            thread.start()
        work()
        for thread in threads:
            thread.join()
        jobs, self._jobs = self._jobs, []
        for (_, _, then), result in zip(jobs, results, strict=True):
            if isinstance(result, Exception):
                raise result
            then(result)  # type: ignore[arg-type]
