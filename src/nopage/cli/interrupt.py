"""Ctrl-C, from the first moment on: one line, and the process is over. And nothing half-written stays behind.

No KeyboardInterrupt: raised inside an import or a destructor it would end in a traceback, or be swallowed. This module
imports nothing that is not there when Python starts: `signal` itself takes ten milliseconds, in which Ctrl-C may come.
"""
from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import os

TYPE_CHECKING = False  # as typing has it
if TYPE_CHECKING:
    from collections.abc import Callable

STATUS = 130
undo: list[Callable[[], object]] = []


def end_in_one_line() -> None:
    """From now on; where interrupts are ignored (a background job) they stay so."""
    if _signal.getsignal(_signal.SIGINT) == _signal.SIG_IGN:
        return
    owner = os.getpid()

    def end(*_: object) -> None:
        if os.getpid() == owner:  # a process forked off says nothing
            _leave_nothing()
            try:
                os.write(2, b"nopage: interrupted\n")
            except OSError:
                pass
        os._exit(STATUS)

    _signal.signal(_signal.SIGINT, end)


class Undone:
    """While it lasts, a signal that ends the process has `step` taken before."""

    def __init__(self, step: Callable[[], object]) -> None:
        self._step = step
        self._handled: list[int] = []

    def __enter__(self) -> None:
        undo.append(self._step)
        owner = os.getpid()

        def end(number: int, _frame: object) -> None:
            if os.getpid() == owner:
                _leave_nothing()
            _signal.signal(number, _signal.SIG_DFL)
            os.kill(os.getpid(), number)

        for number in (_signal.SIGTERM, _signal.SIGHUP):
            if _signal.getsignal(number) == _signal.SIG_DFL:
                try:
                    _signal.signal(number, end)
                except ValueError:  # not in the main thread
                    return
                self._handled.append(number)

    def __exit__(self, *_: object) -> None:
        for number in self._handled:
            _signal.signal(number, _signal.SIG_DFL)
        undo.remove(self._step)


def _leave_nothing() -> None:
    for step in reversed(undo):
        try:
            step()
        except OSError:
            continue
