"""The members of a zip archive. Its directory stands at the end, so a stream that cannot seek is held in memory."""
from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from nopage.intake.member import FILE, FOLDER, LINK, OTHER, Member
from nopage.intake.reader import BLOCK, Damage, Reader, error_text, size_text

HELD = 48 << 20
ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)


def walk(source: Reader, seekable: Any) -> Iterator[Member]:
    """The members in the order of the directory; `seekable` is the file itself where it can seek."""
    held = io.BytesIO(_held(source)) if seekable is None else seekable
    try:
        archive = zipfile.ZipFile(held)
        entries = archive.infolist()
    except ERRORS as error:
        raise Damage(f"the zip archive is damaged or cut ({error_text(error)})") from error
    for entry in entries:
        mode = entry.external_attr >> 16
        kind = FILE
        if entry.is_dir():
            kind = FOLDER
        elif stat.S_ISLNK(mode):
            kind = LINK
        elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            kind = OTHER
        yield Member(entry.filename, kind, entry.file_size, _Opener(archive, entry))


def _held(source: Reader) -> bytes:
    parts = []
    have = 0
    while data := source.read():
        parts.append(data)
        have += len(data)
        if have > HELD:
            raise Damage(f"is a zip archive of more than {size_text(HELD)} in a stream; give it as a file")
    return b"".join(parts)


class _Opener:
    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._entry = entry

    def __call__(self) -> _Entry:
        return _Entry(self._archive, self._entry)


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
            raise Damage(f"the zip member {self._entry.filename[:200]} is damaged ({error_text(error)})") from error
