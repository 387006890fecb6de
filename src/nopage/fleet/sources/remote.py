"""Sources on a storage that fsspec knows: listed with size and version, without opening one of them."""
from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from nopage.fleet.sources.target import Target
from nopage.fleet.sources.tell import SourcesError, is_source

URL = re.compile(r"[a-z][a-z0-9+.-]*(?:::|://)", re.IGNORECASE)
TIMES = ("LastModified", "last_modified", "updated", "mtime", "created")
ETAGS = ("ETag", "etag", "content_md5", "md5Hash", "checksum")


def find_remote(url: str, options: Mapping[str, Any]) -> Iterator[Target]:
    """A file as it is; of a folder or pattern what is a source by its name. Raises SourcesError."""
    try:
        import fsspec
    except ImportError as error:
        raise SourcesError(f"{url}: reading a URL needs fsspec: pip install 'nopage[fleet]'") from error
    if "::" in url:  # one file system inside another: opened as it stands
        yield Target(url, url, is_url=True)
        return
    try:
        fs, path = fsspec.core.url_to_fs(url, **options)
        if "*" in path or "?" in path:
            found = fs.glob(path, detail=True)
        else:
            told = fs.info(path)
            if told.get("type") != "directory":
                yield _target(fs.unstrip_protocol(told["name"]), told)
                return
            found = fs.find(path, detail=True)
    except FileNotFoundError:
        yield Target(url, url, is_url=True, fault="is not there")
        return
    except Exception as error:  # each file system raises its own kinds
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise SourcesError(f"{url}: cannot be listed: {said}") from error
    for name in sorted(found):
        told = found[name]
        if told.get("type") != "directory" and is_source(posixpath.basename(name)):
            yield _target(fs.unstrip_protocol(name), told)


def _target(url: str, told: Mapping[str, Any]) -> Target:
    size = told.get("size")
    etag = next((str(told[name]).strip('"') for name in ETAGS if told.get(name)), "")
    return Target(url, url, size if isinstance(size, int) else None, _mtime_ns(told), etag, is_url=True)


def _mtime_ns(told: Mapping[str, Any]) -> int:
    for name in TIMES:
        value = told.get(name)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                continue
        if isinstance(value, datetime):
            value = (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return int(value * 1_000_000) * 1_000
    return 0
