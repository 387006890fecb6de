"""Decompression in a thread of its own: the C libraries release the GIL, so searching costs no wall time."""
from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from nopage.intake.reader import Reader

if TYPE_CHECKING:
    import queue
    import threading

DEPTH = 8  # blocks waiting at most: flat memory
# A short source is done before a thread pays: while the rule engine is imported, a third thread only takes turns.
START_S = 0.25


class Pump:
    """A reader that reads `upstream` ahead in a thread, once reading has taken `start_s` and where a second processor
    is there to run it. `close()` ends the thread, whatever it was doing.
    """

    def __init__(self, upstream: Reader, start_s: float = START_S) -> None:
        self._upstream = upstream
        self._start_at = time.monotonic() + start_s if len(os.sched_getaffinity(0)) > 1 else float("inf")
        self._thread: threading.Thread | None = None
        self._queue: queue.Queue[bytes | BaseException]
        self._stop = False
        self._end: bytes | BaseException | None = None

    def _start(self) -> None:
        import queue
        import threading

        self._queue = queue.Queue(DEPTH)
        thread = threading.Thread(target=self._run, name="nopage-unpack", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has none left
            self._start_at = float("inf")
            return
        self._thread = thread

    def _run(self) -> None:
        try:
            while not self._stop:
                block = self._upstream.read()
                self._queue.put(block)
                if not block:
                    return
        except BaseException as error:
            self._queue.put(error)

    def read(self) -> bytes:
        if self._thread is None and self._end is None:
            if time.monotonic() < self._start_at:
                return self._read()
            self._start()
            if self._thread is None:
                return self._read()
        if self._end is None:
            item = self._queue.get()
            if isinstance(item, bytes) and item:
                return item
            self._end = item
        if isinstance(self._end, bytes):
            return self._end
        raise self._end

    def _read(self) -> bytes:
        try:
            return self._upstream.read()
        except BaseException as error:
            self._end = error  # and again at every further read
            raise

    def close(self) -> None:
        self._stop = True
        if self._thread is None:
            return
        import queue

        while self._thread.is_alive():
            try:
                self._queue.get(timeout=0.05)
            except queue.Empty:
                self._thread.join(0.05)
