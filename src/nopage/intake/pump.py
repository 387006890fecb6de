"""Decompression in a thread of its own: the C libraries release the GIL, so searching costs no wall time."""
from __future__ import annotations

import queue
import threading

from nopage.intake.reader import Reader

DEPTH = 8  # blocks waiting at most: flat memory


class Pump:
    """A reader that reads `upstream` ahead in a thread. `close()` ends the thread, whatever it was doing."""

    def __init__(self, upstream: Reader) -> None:
        self._upstream = upstream
        self._queue: queue.Queue[bytes | BaseException] = queue.Queue(DEPTH)
        self._stop = False
        self._end: bytes | BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="nopage-unpack", daemon=True)
        self._thread.start()

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
        if self._end is None:
            item = self._queue.get()
            if isinstance(item, bytes) and item:
                return item
            self._end = item
        if isinstance(self._end, bytes):
            return self._end
        raise self._end

    def close(self) -> None:
        self._stop = True
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=0.05)
            except queue.Empty:
                self._thread.join(0.05)
