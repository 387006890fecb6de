"""Reading a source while the caller still gets ready: importing the rule engine takes as long as unpacking 50 MB.

The reading is done in a forked process, so that neither waits for the other's hold of the interpreter.
"""
from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Generator, Iterator
from typing import Any

from nopage.intake.model import Collection, Limits, SourceError

# What both processes need is imported before the fork; all else behind it.


def read_ahead(path: str, limits: Limits | None = None) -> Generator[Collection, None, None]:
    """`collect(path, limits)`, begun at once in a process of its own; the same results and errors.

    With one processor, threads already running, or where no process can be had, it is plain `collect`. `close()` ends
    the reading.
    """
    if len(os.sched_getaffinity(0)) < 2 or _threads() > 1:
        return _plain(path, limits)
    parent = os.getpid()
    try:
        taking, giving = os.pipe()
    except OSError:  # no descriptor is left
        return _plain(path, limits)
    try:
        child = os.fork()
    except OSError:  # no process or no memory for one
        os.close(taking)
        os.close(giving)
        return _plain(path, limits)
    if not child:
        os.close(taking)
        _give(path, limits, giving, parent)
    os.close(giving)
    reading = _take(path, limits, child, taking)
    next(reading)
    return reading  # type: ignore[return-value]  # what it gave so far is the None


def _plain(path: str, limits: Limits | None) -> Generator[Collection, None, None]:
    from nopage.intake.collect import collect

    yield from collect(path, limits)


def _threads() -> int:
    threading = sys.modules.get("threading")  # who has not imported it has started none
    return threading.active_count() if threading else 1


def _give(path: str, limits: Limits | None, giving: int, parent: int) -> None:
    """The child's whole life: read, hand over, end. Nothing of the parent's is flushed or torn down."""
    status = 1
    try:
        import gc

        gc.disable()  # it lives for one source
        _die_with(parent)
        with os.fdopen(giving, "wb") as out:
            for item in _items(path, limits):
                pickle.dump(item, out, protocol=pickle.HIGHEST_PROTOCOL)  # large texts are not copied for it
                out.flush()
        status = 0
    except BaseException:
        status = 1  # the parent reads the source itself, and meets the same error where it can be told
    finally:
        os._exit(status)


def _items(path: str, limits: Limits | None) -> Iterator[Any]:
    from nopage.intake.collect import collect

    try:
        yield from collect(path, limits)
    except SourceError as error:
        yield (error.path, error.reason)
    yield None


def _take(path: str, limits: Limits | None, child: int, taking: int) -> Generator[Collection | None, None, None]:
    """What the child gives, behind a None: from there on closing this ends the child."""
    given = 0
    try:
        with os.fdopen(taking, "rb") as source:
            yield None
            while True:
                try:
                    item = pickle.load(source)
                except (EOFError, pickle.UnpicklingError):
                    break
                if item is None:
                    return
                if isinstance(item, tuple):
                    raise SourceError(*item)
                given += 1
                yield item
    finally:
        _end(child)
    if path == "-":
        raise SourceError(path, "could not be read: the reading process ended early")
    for at, collection in enumerate(_plain(path, limits)):
        if at >= given:
            yield collection


def _end(child: int) -> None:
    """Wait for the child, which has nothing left to do or is not listened to any more."""
    try:
        if os.waitpid(child, os.WNOHANG) == (0, 0):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    except (ChildProcessError, ProcessLookupError):
        return


def _die_with(parent: int) -> None:
    """End this process a second after its parent at the latest; nobody waits for what it reads then."""

    def look(*_: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
