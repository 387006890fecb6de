"""A spinner on stderr for work that takes longer than a second, on a terminal only."""
from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nopage.cli.interrupt import undo
from nopage.kernel.plain import plain

AFTER_S = 1.0


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Show `text` beside a spinner while the body runs, once it has run for a second."""
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
                status.start()
                shown.append(status)
                undo.append(status.stop)

    timer = threading.Timer(AFTER_S, show)
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
