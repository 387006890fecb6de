"""Kept children that scan one source after the other; one that dies or hangs costs its own source alone (Pebble)."""
from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TooLong
from typing import Any

from nopage.engine.faults import fault_words
from nopage.fleet.engine.job import EngineError, Job, Outcome, failed, stamped
from nopage.fleet.sources import Target

TRIES = 2
START_S = 60.0
RENEWED_AFTER = 1_000  # sources, should one leave memory behind
Done = Callable[[Outcome], None]


class Children:
    """As many kept children as `workers`."""

    def __init__(self, workers: int, memory_bytes: int) -> None:
        try:
            import pebble
        except ImportError as error:
            raise EngineError("a fleet scan needs pebble: pip install 'nopage[fleet]'") from error
        from nopage.fleet.engine.child import begin

        # Forked from a server that has loaded all and has no threads: a new child is there in milliseconds.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["nopage.fleet.engine.loaded"])
        self._expired = pebble.ProcessExpired
        self._pool = pebble.ProcessPool(
            max_workers=workers,
            max_tasks=RENEWED_AFTER,
            initializer=begin,
            initargs=(memory_bytes,),
            context=context,
        )
        try:
            self._pool.schedule(os.getpid).result(timeout=START_S)
        except Exception as error:  # such that die at once are started again and again
            self.close()
            raise EngineError("the processes that scan do not start; is there memory for them?") from error

    def call(self, function: Callable[..., Any], arguments: list[Any], seconds: float) -> Any:
        """A future of what the function, which children can import, gives; its child is ended after `seconds`."""
        try:
            return self._pool.schedule(function, args=arguments, timeout=seconds)
        except RuntimeError as error:  # it is being closed, or its processes do not start
            raise EngineError("the processes that scan cannot be started") from error

    def scan(self, target: Target, job: Job, done: Done, tries: int = 1, since: float | None = None) -> None:
        """Begin; `done` is called with the outcome, from another thread. A failed source is tried once more."""
        from nopage.fleet.engine.child import run

        since = time.monotonic() if since is None else since
        future = self.call(run, [target, job], job.killed_after_s)
        future.add_done_callback(lambda ended: self._ended(ended, target, job, done, tries, since))

    def _ended(self, future: Any, target: Target, job: Job, done: Done, tries: int, since: float) -> None:
        try:
            hosts, peak_kb = future.result()
        except CancelledError:
            return
        except Exception as error:
            reason = self.reason(error, job.seconds, job.too_large)
            hosts, peak_kb, again = failed(target, reason, time.monotonic() - since, tries), 0, True
        else:
            hosts = stamped(hosts, target, hosts[0].row.duration_s, tries)
            again = target.is_url and not target.fault and all(host.row.error for host in hosts)
        if again and tries < TRIES:
            try:
                self.scan(target, job, done, tries + 1, since)
                return
            except EngineError:  # the pool is being closed
                return
        done(Outcome(target, hosts, peak_kb))

    def reason(self, error: Exception, seconds: float, too_large: str) -> str:
        """Why a call gave nothing, for a person."""
        if isinstance(error, TooLong):
            return f"did not end within {seconds:g} s and was ended"
        if isinstance(error, self._expired):
            status = error.exitcode
            if status is None or status >= 0:
                return f"ended the process that read it (status {status})"
            number = -status
            name = signal.Signals(number).name if number in iter(signal.Signals) else str(number)
            return f"ended the process that read it ({name})"
        if isinstance(error, MemoryError):
            return too_large
        return fault_words(error)

    def close(self) -> None:
        """End the children, whatever they do."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
