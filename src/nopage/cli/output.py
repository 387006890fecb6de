"""`-o FILE`: written beside FILE and put in its place when it is whole; never over what is read."""
from __future__ import annotations

import contextlib
import io
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TextIO

from nopage.cli.interrupt import undo

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
    real = os.path.realpath(path)
    beside = os.path.join(os.path.dirname(real), f".{os.path.basename(real)[:200]}.{os.getpid()}.nopage")
    try:
        mode = _mode(real)
        if mode is None or stat.S_ISREG(mode):
            if mode is not None:
                os.close(os.open(real, os.O_WRONLY | os.O_CLOEXEC))  # may it be written at all?
            fd = _new(beside, needed=mode is None)
        else:
            fd = os.open(real, os.O_WRONLY | os.O_CLOEXEC)
    except OSError as error:
        raise UnwritableError(error.strerror or str(error)) from error
    if mode is not None and not stat.S_ISREG(mode):
        with _text(fd) as out:
            yield out
        return
    if fd < 0:
        yield from _held(real)
        return
    remove = partial(os.unlink, beside)
    undo.append(remove)
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
    finally:
        undo.remove(remove)


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
