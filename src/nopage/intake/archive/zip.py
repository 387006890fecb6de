"""The members of a zip archive. Its directory stands at the end: a short stream that cannot seek is held in memory.

`zipfile` reads the directory; what the members hold is unpacked here, piece by piece.
"""
from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from nopage.intake.archive.member import FILE, FOLDER, LINK, OTHER, Member
from nopage.intake.archive.zip_local import HEADER, LOCAL, UNSIZED, Data, Feed, Header, walk_local
from nopage.intake.reader import BLOCK, Budget, Damage, FileReader, OwnDamage, Peeked, Reader, error_text
from nopage.kernel.bounds import BOUNDS

# zipfile meets damage with errors of many kinds, its own and those of what it calls.
ERRORS = (
    zipfile.BadZipFile,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
)


class LongDirectory(Exception):
    """The directory is too long to be loaded."""


def walk_zip(source: Reader, seekable: Any, budget: Budget) -> Iterator[Member]:
    """The members in the order of the directory; `seekable` is the file itself where it can seek.

    Without a directory or with one that is too long, and in a stream that is too long to be held, in the order of the
    local headers. What is unpacked counts against the budget.
    """
    if seekable is not None:
        yield from _walk(seekable, budget)
        return
    held = Peeked(source, budget.room + 1)
    if len(held.head) > budget.room:
        yield from walk_local(held, budget)
        return
    size = len(held.head)
    budget.room -= size
    try:
        yield from _walk(io.BytesIO(held.head), budget)
    finally:
        budget.room += size


def _walk(file: Any, budget: Budget) -> Iterator[Member]:
    try:
        entries = zipfile.ZipFile(_Sober(file)).infolist()
    except LongDirectory:
        file.seek(0)
        yield from walk_local(FileReader(file.read), budget)
        return
    except ERRORS as error:
        file.seek(0)
        yield from walk_local(FileReader(file.read), budget)
        raise Damage(f"the zip archive is damaged or cut ({error_text(error)})") from error
    for entry in entries:
        mode = entry.external_attr >> 16
        kind = FILE
        if entry.filename.endswith("/"):
            kind = FOLDER
        elif stat.S_ISLNK(mode):
            kind = LINK
        elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            kind = OTHER
        yield Member(entry.filename, kind, entry.file_size, _Opener(file, entry, budget))


class _Sober:
    """The file as zipfile sees it while it looks for the directory: no single read gives more than that may have."""

    def __init__(self, file: Any) -> None:
        self.seek, self.tell = file.seek, file.tell
        self._read = file.read

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > BOUNDS.zip_directory_bytes:
            raise LongDirectory
        data: bytes = self._read(size if size >= 0 else BOUNDS.zip_directory_bytes)
        return data


class _Opener:
    def __init__(self, file: Any, entry: zipfile.ZipInfo, budget: Budget) -> None:
        self._file = file
        self._entry = entry
        self._budget = budget

    def __call__(self) -> Reader:
        return _Entry(self._file, self._entry, self._budget)


class _Entry:
    """One member's bytes."""

    def __init__(self, file: Any, entry: zipfile.ZipInfo, budget: Budget) -> None:
        self._file = file
        self._entry = entry
        self._budget = budget
        self._data: Data | None = None

    def read(self) -> bytes:
        try:
            if self._data is None:
                self._data = self._opened()
            return self._data.read()
        except OwnDamage:
            raise
        except (Damage, *ERRORS) as error:
            raise self._damaged(error_text(error)) from error

    def _opened(self) -> Data:
        entry = self._entry
        self._file.seek(entry.header_offset)
        local = self._file.read(HEADER.size)
        if len(local) < HEADER.size or not local.startswith(LOCAL):
            raise self._damaged("its header is not where the directory says")
        name_length, extra_length = HEADER.unpack(local)[-2:]
        at = entry.header_offset + HEADER.size + name_length + extra_length
        flags = entry.flag_bits & ~UNSIZED  # the directory says how long it is
        header = Header(
            entry.filename, flags, entry.compress_type, entry.CRC, packed=entry.compress_size, size=entry.file_size
        )
        return Data(Feed(_Span(self._file, at, entry.compress_size)), header, self._budget)

    def _damaged(self, what: str) -> OwnDamage:
        return OwnDamage(f"the zip member {self._entry.filename[:200]} is damaged ({what})", self)


class _Span:
    """A part of the file."""

    def __init__(self, file: Any, at: int, size: int) -> None:
        self._file = file
        self._at = at
        self._left = size

    def read(self) -> bytes:
        if self._left <= 0:
            return b""
        self._file.seek(self._at)
        data: bytes = self._file.read(min(BLOCK, self._left)) or b""
        self._at += len(data)
        self._left -= len(data)
        return data
