"""Where a store stands: a folder, here or on a storage that fsspec knows. A file is put there whole or not at all."""
from __future__ import annotations

import contextlib
import os
import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any

URL = re.compile(r"[a-z][a-z0-9+.-]*(?:::|://)", re.IGNORECASE)
TEMPORARY = ".writing-"


class StoreError(Exception):
    """The store cannot be used as asked. `str()` is one line for a person."""


class Folder:
    """The files of a store, by their path below it."""

    def __init__(self, url: str, options: Mapping[str, Any] | None = None) -> None:
        self.url = url
        self.local = not URL.match(url)
        if self.local:
            url = os.path.abspath(url)
            try:
                url.encode()
            except UnicodeEncodeError as error:
                raise StoreError(f"{self.url}: the name is no UTF-8; name another folder") from error
            url = f"file://{url}"
        try:
            import fsspec

            self.fs, self.root = fsspec.core.url_to_fs(url, **({} if self.local else dict(options or {})))
            self.fs.use_listings_cache = False
        except ImportError as error:
            raise StoreError(f"{self.url}: needs a package that is not installed: {error.name}") from error
        except Exception as error:  # each file system raises its own kinds
            raise StoreError(f"{self.url}: cannot be opened: {_words(error)}") from error

    def path(self, name: str) -> str:
        """The path of a file as its file system names it."""
        return posixpath.join(self.root, name)

    def make_root(self) -> None:
        """The store's own folder. Raises StoreError."""
        try:
            self.fs.makedirs(self.root, exist_ok=True)
        except Exception as error:
            raise StoreError(f"{self.url}: cannot be made: {_words(error)}") from error

    def make(self, names: Iterable[str]) -> None:
        """The folders in it, where the storage has folders. Raises StoreError."""
        try:
            for name in names:
                self.fs.makedirs(self.path(name), exist_ok=True)
        except Exception as error:
            raise StoreError(f"{self.url}: cannot be written: {_words(error)}") from error

    def names(self, name: str = "") -> list[str]:
        """The names in a folder, sorted; none where it is not there."""
        try:
            self.fs.invalidate_cache()
            found = self.fs.ls(self.path(name) if name else self.root, detail=False)
        except FileNotFoundError:
            return []
        return sorted(posixpath.basename(one.rstrip("/")) for one in found)

    def put(self, name: str, data: bytes) -> None:
        """Write a file whole: under a temporary name first, or in one request to an object storage.

        Raises StoreError.
        """
        try:
            self._put(self.path(name), data)
        except Exception as error:  # OSError here; each storage raises its own kinds
            raise StoreError(f"{self.url}: cannot be written: {_words(error)}") from error

    def _put(self, path: str, data: bytes) -> None:
        if not self.local:
            self.fs.pipe_file(path, data)
            return
        folder, leaf = os.path.split(path)
        temporary = os.path.join(folder, TEMPORARY + leaf)
        try:
            with open(temporary, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def get(self, name: str, start: int | None = None, end: int | None = None) -> bytes:
        """A file's bytes, or some of them. Raises FileNotFoundError."""
        return bytes(self.fs.cat_file(self.path(name), start=start, end=end))

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.fs.rm_file(self.path(name))


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:200] or type(error).__name__
