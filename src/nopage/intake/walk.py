"""The files of a directory, as members: sorted, links not followed, nothing opened that is no regular file."""
from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from nopage.intake.member import FILE, LINK, OTHER, Member
from nopage.intake.reader import BLOCK, Damage, error_text


class OpenFile:
    """A regular file read block by block; opened at the first read, closed at its end."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._fd = -1
        self._ended = False

    def read(self) -> bytes:
        if self._ended:
            return b""
        try:
            if self._fd < 0:
                self._fd = open_regular(self._path)
            data = os.read(self._fd, BLOCK)
        except OSError as error:
            self.close()
            raise Damage(f"cannot be read: {error_text(error)}", self) from error
        if not data:
            self.close()
        return data

    def close(self) -> None:
        self._ended = True
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def open_regular(path: str) -> int:
    """A descriptor of a regular file. Raises OSError for anything else: a FIFO would wait for ever."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(0, "is no regular file")
    return fd


def walk(root: str, problems: list[str]) -> Iterator[Member]:
    """The files below `root` in the order of their names; what cannot be listed goes to `problems`, in words.

    Of a live host's /proc and /sys only what a report has of them is entered: no process, no device.
    """
    yield from _walk(root, "", problems)


def _walk(folder: str, prefix: str, problems: list[str]) -> Iterator[Member]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        problems.append(f"{prefix.rstrip('/') or '.'}: cannot be listed: {error_text(error)}")
        return
    for entry in entries:
        path = prefix + entry.name
        try:
            if entry.is_symlink():
                yield Member(path, LINK, 0, _Nothing, os.readlink(entry.path))
            elif entry.is_dir(follow_symlinks=False):
                if not (prefix.endswith("proc/") and entry.name.isdigit()):
                    yield from _walk(entry.path, path + "/", problems)
            elif entry.is_file(follow_symlinks=False):
                yield Member(path, FILE, entry.stat(follow_symlinks=False).st_size, _Opener(entry.path))
            else:
                yield Member(path, OTHER, 0, _Nothing)
        except OSError as error:
            problems.append(f"{path}: {error_text(error)}")


class _Nothing:
    """What is never opened."""

    def read(self) -> bytes:
        return b""


class _Opener:
    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self) -> OpenFile:
        return OpenFile(self.path)
