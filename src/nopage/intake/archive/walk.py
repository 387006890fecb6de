"""The files of a directory, as members: sorted, links not followed, nothing opened that is no regular file."""
from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from nopage.intake.archive.member import FILE, FOLDER, LINK, OTHER, Member
from nopage.intake.reader import Damage, error_text
from nopage.intake.sources import SOS_NAME, STRONG, leads_on
from nopage.kernel.bounds import BOUNDS

BLOCK = 512 << 10


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


def walk_directory(root: str, problems: list[str]) -> Iterator[Member]:
    """The files below `root` in the order of their names; what cannot be listed goes to `problems`, in words.

    Below a collected host's own folder only those folders are entered that may hold something of use; its tell-tale
    folders come first. Of a live host's /proc no process is entered.
    """
    inside = [_folder(root, "", None, problems)]  # one a folder that is walked; nested however deeply
    while inside:
        for found in inside[-1]:
            if isinstance(found, Member):
                yield found
                continue
            if len(inside) >= BOUNDS.nested_folders:
                _tell(problems, f"{found.prefix[:200]}...: folders nested more than {BOUNDS.nested_folders} deep")
                continue
            inside.append(_folder(found.path, found.prefix, found.top, problems))
            break
        else:
            inside.pop()


class _Enter(NamedTuple):
    """A folder to be walked next: its path, that below the root, and that of the collected host it belongs to."""

    path: str
    prefix: str
    top: str | None


def _folder(folder: str, prefix: str, top: str | None, problems: list[str]) -> Iterator[Member | _Enter]:
    """The members right in a folder, and the folders to enter at their places between them."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(islice(listing, BOUNDS.folder_entries + 1), key=lambda entry: entry.name)
    except OSError as error:
        _tell(problems, f"{prefix.rstrip('/') or '.'}: cannot be listed: {error_text(error)}")
        return
    if len(entries) > BOUNDS.folder_entries:
        _tell(problems, f"{prefix.rstrip('/') or '.'}: more than {BOUNDS.folder_entries} files in one folder")
    if top is None and prefix.count("/") < 2:
        marks = [entry.name for entry in entries if entry.name in STRONG]
        if marks:
            top = prefix
            for name in marks:
                yield Member(prefix + name, FOLDER, 0, _Nothing)
    for entry in entries:
        path = prefix + entry.name
        try:
            if entry.is_symlink():
                yield Member(path, LINK, 0, _Nothing, os.readlink(entry.path))
            elif entry.is_dir(follow_symlinks=False):
                if top is not None and _is_other_host(entry, prefix):
                    yield _Enter(entry.path, path + "/", None)
                elif _entered(path, prefix, entry.name, top):
                    yield _Enter(entry.path, path + "/", top)
            elif entry.is_file(follow_symlinks=False):
                yield Member(path, FILE, None, _Opener(entry.path))
            else:
                yield Member(path, OTHER, 0, _Nothing)
        except OSError as error:
            _tell(problems, f"{path}: {error_text(error)}")


def _tell(problems: list[str], problem: str) -> None:
    if len(problems) < BOUNDS.remarks:
        problems.append(problem)


def _is_other_host(entry: os.DirEntry[str], prefix: str) -> bool:
    """A folder inside a collected host is another one, as `judged` has it of an archive: by its name or its folders."""
    if entry.name in STRONG:
        return False
    if SOS_NAME.match(entry.name):
        return True
    return not prefix and any(os.path.lexists(os.path.join(entry.path, mark)) for mark in STRONG)


def _entered(path: str, prefix: str, name: str, top: str | None) -> bool:
    if top is not None:
        return leads_on(path[len(top) :])
    return not (name.isdigit() and prefix.endswith("proc/"))


class _Nothing:
    """What is never opened."""

    def read(self) -> bytes:
        return b""


class _Opener:
    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self) -> OpenFile:
        return OpenFile(self.path)
