"""What was named on the command line -> targets, each once."""
from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from nopage.fleet.sources.remote import URL, find_remote
from nopage.fleet.sources.target import Target, name_of
from nopage.fleet.sources.tell import SourcesError, is_source, is_tree

STORE_MARK = "nopage-fleet.json"


def find(named: Iterable[str], options: Mapping[str, Any] | None = None) -> Iterator[Target]:
    """The targets that the names lead to, in their order, each once.

    A folder is walked unless it is an unpacked report, a pattern is filled in, a URL is listed. A name that leads to
    nothing is a target with a fault. Raises SourcesError for a storage that cannot be listed.
    """
    seen: set[str] = set()
    for name in named:
        for target in _found(name, options or {}):
            if target.name not in seen:
                seen.add(target.name)
                yield target


def listed(text: bytes) -> list[str]:
    """The names in a list: one a line, or each ended by a NUL (`find -print0`)."""
    ends = b"\0" if b"\0" in text else b"\n"
    names = (name.rstrip(b"\r") if ends == b"\n" else name for name in text.split(ends))
    return [os.fsdecode(name) for name in names if name]


def _found(name: str, options: Mapping[str, Any]) -> Iterator[Target]:
    if URL.match(name) and not os.path.lexists(name):
        yield from find_remote(name, options)
        return
    paths = [name]
    if glob.has_magic(name) and not os.path.lexists(name):
        paths = sorted(glob.iglob(name, recursive=True))
        if not paths:
            yield Target(name, name_of(name), fault="no file fits this pattern")
    for path in paths:
        yield from _local(os.path.abspath(path))


def _local(path: str) -> Iterator[Target]:
    """A file as it is, whatever its name; a folder by what is in it."""
    try:
        told = os.stat(path)
    except (OSError, ValueError) as error:
        yield _faulty(path, error)
        return
    if stat.S_ISDIR(told.st_mode):
        yield from _walk(path)
    else:
        yield _target(path, told)


def _walk(root: str) -> Iterator[Target]:
    """The sources below a folder, in order of their names; links to folders are not followed."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield _faulty(folder, error)
            continue
        names = {entry.name for entry in inside}
        if STORE_MARK in names:
            continue
        if is_tree(names):
            yield _tree(folder)
            continue
        files = [entry for entry in inside if is_source(entry.name) and _is(entry, os.DirEntry.is_file)]
        for entry in files:
            try:
                yield _target(entry.path, entry.stat())
            except OSError:  # it has gone meanwhile
                continue
        waiting += [
            entry.path
            for entry in reversed(inside)
            if not entry.name.startswith(".") and not entry.is_symlink() and _is(entry, os.DirEntry.is_dir)
        ]


def _is(entry: os.DirEntry[str], kind: Callable[[os.DirEntry[str]], bool]) -> bool:
    try:
        return kind(entry)
    except OSError:
        return False


def _target(path: str, told: os.stat_result) -> Target:
    return Target(path, name_of(path), told.st_size, told.st_mtime_ns)


def _tree(path: str) -> Target:
    try:
        return Target(path, name_of(path), None, os.stat(path).st_mtime_ns)
    except OSError as error:
        return _faulty(path, error)


def _faulty(path: str, error: Exception) -> Target:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Target(path, name_of(path.replace("\0", "\\0")), fault=f"cannot be read: {reason}")


__all__ = ["SourcesError", "find", "listed"]
