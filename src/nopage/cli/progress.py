"""A spinner on stderr for work that takes longer than a second, on a terminal only; how far many sources are."""
from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nopage.cli.interrupt import undo
from nopage.kernel.plain import plain

AFTER_S = 1.0


class Pace:
    """How far the reading of many sources is: counts, and megabytes of the sources' own size a second."""

    def __init__(self, sources: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._sources = sources
        self._clock = clock
        self._begun = clock()
        self._read = 0
        self._bytes = 0

    def add(self, path: str | None) -> None:
        """One more is read."""
        self._read += 1
        with contextlib.suppress(OSError, ValueError):
            self._bytes += os.path.getsize(path) if path and os.path.isfile(path) else 0

    def text(self, path: str | None) -> str:
        """What to show while `path` is read."""
        if self._sources < 2:
            return f"reading {path or 'this host'}"
        seconds = self._clock() - self._begun
        pace = f", {self._bytes / 1e6 / seconds:.1f} MB/s" if self._bytes and seconds > 0 else ""
        return f"{self._read} of {self._sources} read{pace}; reading {path}"

    @property
    def after_s(self) -> float:
        """When to show it: a second after the first source was begun, not after each."""
        return max(AFTER_S - (self._clock() - self._begun), 0.0)


@contextmanager
def progress(text: str, after_s: float = AFTER_S) -> Iterator[None]:
    """Show `text` beside a spinner while the body runs, once it has run for `after_s`."""
    if not sys.stderr.isatty():
        yield
        return
    shown: list[Any] = []
    lock = threading.Lock()
    ended = False

    def show() -> None:
        from rich.console import Console
        from rich.markup import escape

        with lock:
            if not ended:
                status = Console(stderr=True).status(escape(plain(os.fsdecode(text))))
                shown.append(status)
                undo.append(status.stop)  # before it hides the cursor
                status.start()

    timer = threading.Timer(after_s, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:
            ended = True
        for status in shown:
            undo.remove(status.stop)
            status.stop()
