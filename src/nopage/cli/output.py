"""`-o FILE`: written beside FILE and put in its place when it is whole; never over what is read."""
from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TextIO

from nopage.cli.interrupt import Undone

if TYPE_CHECKING:
    from nopage.result.base import Fact


def refusal(output: str, sources: Sequence[str]) -> str:
    """In words why `output` may not be written while `sources` are read; "" where it may."""
    real = os.path.realpath(output)
    for source in sources:
        if source == "-":
            if _is_standard_input(output):
                return "is what standard input reads; name another file to write to"
            continue
        with contextlib.suppress(OSError):
            if os.path.samefile(output, source):
                return "is one of the sources; name another file to write to"
        if os.path.isdir(source) and (real + os.sep).startswith(os.path.join(os.path.realpath(source), "")):
            return f"stands inside the source {source}; name a file elsewhere"
    return ""


def _is_standard_input(output: str) -> bool:
    try:
        return os.path.samestat(os.stat(output), os.fstat(sys.stdin.fileno()))
    except (OSError, ValueError):
        return False


class UnwritableError(Exception):
    """The file cannot be written; `str()` is the reason."""


@contextlib.contextmanager
def written(path: str) -> Iterator[TextIO]:
    """What to write to; it becomes the file at `path` when the body ends without an exception.

    A device or pipe is written to as it is. What is no character of Unicode (names of files) stands there as its code.
    Raises UnwritableError where `path` cannot be written from the beginning, OSError where it cannot be later.
    """
    try:
        real = os.path.realpath(path)
        mode = _mode(real)
        if mode is not None and not stat.S_ISREG(mode):
            fd = os.open(real, os.O_WRONLY | os.O_CLOEXEC)
        elif mode is None and path.endswith(os.sep):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        else:
            fd = -1
            if mode is not None:
                os.close(os.open(real, os.O_WRONLY | os.O_CLOEXEC))  # may it be written at all?
    except OSError as error:
        raise UnwritableError(error.strerror or str(error)) from error
    if fd >= 0:
        with _text(fd) as out:
            yield out
        return
    beside = os.path.join(os.path.dirname(real), f".{os.path.basename(real)[:200]}.{os.getpid()}.nopage")
    with Undone(partial(os.unlink, beside)):  # before it is there: a signal may come as soon as it is
        yield from _replaced(real, beside, mode)


def _replaced(real: str, beside: str, mode: int | None) -> Iterator[TextIO]:
    """Written to the file `beside`, which then takes the place of `real`; where none can be there, held until then."""
    try:
        fd = _new(beside, needed=mode is None)
    except OSError as error:
        raise UnwritableError(error.strerror or str(error)) from error
    if fd < 0:
        yield from _held(real)
        return
    try:
        if mode is not None:
            os.fchmod(fd, stat.S_IMODE(mode))
        with _text(fd) as out:
            yield out
        os.replace(beside, real)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def json_text(found: Fact) -> str:
    """A value of the contract, indented."""
    from nopage.result import to_json

    return to_json(found, indent=2).decode() + "\n"


def print_json(found: Fact) -> None:
    """The same on standard output."""
    sys.stdout.write(json_text(found))


def _text(fd: int) -> TextIO:
    return open(fd, "w", encoding="utf-8", errors="backslashreplace")


def _new(path: str, *, needed: bool) -> int:
    """A descriptor of a new file; -1 where its folder takes none. Raises OSError where one is `needed`."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError:
        if needed:
            raise
        return -1


def _held(real: str) -> Iterator[TextIO]:
    """The text is held in memory until it is whole."""
    whole = io.BytesIO()
    out = io.TextIOWrapper(whole, encoding="utf-8", errors="backslashreplace")
    yield out
    out.flush()
    with open(real, "wb") as file:
        file.write(whole.getvalue())


def _mode(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None
