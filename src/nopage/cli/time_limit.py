"""`--max-seconds` for all that is done with a source: reading and parsing look at the clock; the rest is ended here."""
from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nopage.result import Result

GRACE = 1.25  # what looks at the clock gives a partial result at the limit; only behind it the rest is ended
LEAST_GRACE_S = 1.0


class TimeUp(BaseException):
    """The time is over. No Exception: nothing between here and there is to take it for a fault of its own."""


class Clock:
    """The time that one source may take in all."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._until = time.monotonic() + max(seconds * GRACE, seconds + LEAST_GRACE_S)

    def next_of(self, reading: Iterator[Result], path: str | None) -> Result | None:
        """The next result; past the limit one that says so, and then None."""
        try:
            with self._running():
                return next(reading, None)
        except TimeUp:
            from nopage.engine.assemble import unreadable
            from nopage.engine.run import HOST

            return unreadable(path or HOST, f"took longer than {self.seconds:g} s; raise the limit to read on")

    @contextlib.contextmanager
    def _running(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield  # signals come to the main thread alone
            return

        def ended(*_: object) -> None:
            raise TimeUp

        before = signal.signal(signal.SIGALRM, ended)
        signal.setitimer(signal.ITIMER_REAL, max(self._until - time.monotonic(), 0.01))
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
