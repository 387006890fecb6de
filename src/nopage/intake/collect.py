"""The intake's door: a path, URL or '-' -> collections of named streams, one for each host that is found."""
from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from nopage.intake.model import Collection, Limits, SourceError, Stream
from nopage.intake.reader import Budget, FileReader, error_text
from nopage.intake.way import Way

__all__ = [
    "Collection",
    "Limits",
    "SourceError",
    "Stream",
    "collect",
    "collect_directory",
    "collect_file",
    "collect_host",
]

URL = re.compile(r"[a-z][a-z0-9+.-]*(?:::|://)", re.IGNORECASE)


def collect(
    path: str, limits: Limits | None = None, *, storage: Mapping[str, Any] | None = None
) -> Iterator[Collection]:
    """What can be read of a source: a file or directory, '-' (standard input) or an fsspec URL.

    Gives one collection for each host found; an archive of sosreports gives several. A source that is damaged, or goes
    past a limit, gives what was read, with `complete` False. Raises SourceError where nothing at all can be read.
    `storage` are fsspec's options for a URL.
    """
    if "\0" in path:
        raise SourceError(path, "is no path: it holds a NUL")
    way = _way(limits)
    if path == "-":
        stdin = getattr(sys.stdin, "buffer", None)
        if stdin is None:  # closed, or replaced by something that holds text
            raise SourceError(path, "standard input gives no bytes here")
        yield from way.stream("-", "-", FileReader(_reads(stdin)), None)
        return
    if URL.match(path) and not os.path.exists(path):
        with _open_url(path, storage or {}) as file:
            seekable = file if file.seekable() else None
            yield from way.stream(path, os.path.basename(path), FileReader(file.read), seekable)
        return
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            yield from way.directory(path)
            return
        if stat.S_ISBLK(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode):
            raise SourceError(path, "is a device or socket, no file")
        with open(path, "rb", buffering=0) as plain:
            seekable = plain if stat.S_ISREG(mode) else None
            yield from way.stream(path, os.path.basename(path), FileReader(plain.read), seekable)
    except OSError as error:
        raise SourceError(path, f"cannot be read: {error_text(error)}") from error


def collect_file(file: Any, name: str, limits: Limits | None = None) -> Iterator[Collection]:
    """What can be read of an open binary file, which is left open; `name` is what the results call it.

    Raises SourceError where nothing at all can be read.
    """
    # As a stream, even where it can seek: `name` leads to no file that a crash dump's reader could open by itself.
    yield from _way(limits).stream(name, name, FileReader(_reads(file)), None)


def collect_directory(root: str, limits: Limits | None = None) -> Collection:
    """What can be read of an unpacked report: the first host found. Raises SourceError where there is none."""
    return next(_way(limits).directory(root))


def collect_host(limits: Limits | None = None) -> Collection:
    """The live host: its kernel log and the state of its memory and network."""
    from nopage.intake.live import read_host

    return read_host(limits or Limits())


def _way(limits: Limits | None) -> Way:
    limits = limits or Limits()
    return Way(limits, Budget(limits.unpacked_bytes, limits.members, limits.seconds, limits.threads))


def _reads(file: Any) -> Any:
    """The read call that gives what is there now: a pipe's reader must not wait for a whole block."""
    return getattr(file, "read1", file.read)


def _open_url(url: str, storage: Mapping[str, Any]) -> Any:
    try:
        import fsspec
    except ImportError as error:
        raise SourceError(url, "reading a URL needs fsspec: pip install 'nopage[remote]'") from error
    try:
        return fsspec.open(url, "rb", **storage).open()
    except Exception as error:  # each file system raises its own kinds
        raise SourceError(url, f"cannot be opened: {error_text(error)}") from error
