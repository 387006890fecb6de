"""The members of a zip archive. Its directory stands at the end: a short stream that cannot seek is held in memory."""
from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from nopage.intake.archive.member import FILE, FOLDER, LINK, OTHER, Member
from nopage.intake.archive.zip_local import walk_local
from nopage.intake.reader import BLOCK, Budget, Damage, FileReader, Metered, OwnDamage, Peeked, Reader, error_text

HELD = 48 << 20
# zipfile meets damage with errors of many kinds, its own and those of what it calls.
ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
)


def walk_zip(source: Reader, seekable: Any, budget: Budget) -> Iterator[Member]:
    """The members in the order of the directory; `seekable` is the file itself where it can seek.

    Without a directory, and in a stream that is too long to be held, in the order of the local headers. What is
    unpacked counts against the budget.
    """
    if seekable is None:
        held = Peeked(source, HELD + 1)
        if len(held.head) > HELD:
            yield from walk_local(held, budget.count)
            return
        seekable = io.BytesIO(held.head)
    try:
        archive = zipfile.ZipFile(seekable)
        entries = archive.infolist()
    except ERRORS as error:
        seekable.seek(0)
        yield from walk_local(FileReader(seekable.read), budget.count)
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
        yield Member(entry.filename, kind, entry.file_size, _Opener(archive, entry, budget))


class _Opener:
    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> None:
        self._archive = archive
        self._entry = entry
        self._budget = budget

    def __call__(self) -> Reader:
        return Metered(_Entry(self._archive, self._entry), self._budget)


class _Entry:
    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._entry = entry
        self._file: Any = None

    def read(self) -> bytes:
        try:
            if self._file is None:
                self._file = self._archive.open(self._entry)
            data: bytes = self._file.read(BLOCK)
            return data
        except ERRORS as error:
            raise OwnDamage(
                f"the zip member {self._entry.filename[:200]} is damaged ({error_text(error)})", self
            ) from error
