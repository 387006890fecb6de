"""Ctrl-C, from the first moment on: one line, and the process is over.

No KeyboardInterrupt: raised inside an import or a destructor it would end in a traceback, or be swallowed.
"""
from __future__ import annotations

import os
import signal

STATUS = 130
undo: list[object] = []  # callables: what must not stay behind, such as a half-written file


def end_in_one_line() -> None:
    """From now on; where interrupts are ignored (a background job) they stay so."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return
    owner = os.getpid()

    def end(*_: object) -> None:
        if os.getpid() == owner:  # a process forked off says nothing
            for step in reversed(undo):
                try:
                    step()  # type: ignore[operator]
                except OSError:
                    continue
            try:
                os.write(2, b"nopage: interrupted\n")
            except OSError:
                pass
        os._exit(STATUS)

    signal.signal(signal.SIGINT, end)
