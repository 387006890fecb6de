"""One source to scan: where it is, and which version of it."""
from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Target(NamedTuple):
    """A source as it was found. `path` opens it, `name` is what it is called in the store.

    `mtime_ns` is 0 where the storage does not tell; `fault` says why it cannot be looked at at all.
    """

    path: str
    name: str
    size_bytes: int | None = None
    mtime_ns: int | None = None
    etag: str = ""
    is_url: bool = False
    fault: str = ""

    def is_version(self, size_bytes: int | None, mtime_ns: int | None, etag: str) -> bool:
        """The same version of the source: by its etag where both have one, else by size and time."""
        if self.etag and etag:
            return self.etag == etag
        return self.size_bytes == size_bytes and self.mtime_ns == mtime_ns


def name_of(path: str) -> str:
    """A path as text that means it alone: bytes that are no UTF-8 make it a file:// address (RFC 8089)."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return Path(os.path.abspath(path)).as_uri()
    return path
