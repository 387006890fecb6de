"""The downloader: which sources messages may name. Nothing is copied, the intake reads them where they are."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nopage.engine.roots import Roots


class Sources:
    """Files and directories below `roots`, which are directories or URLs of fsspec."""

    def __init__(self, roots: Sequence[str]) -> None:
        self._roots = Roots([roots] if isinstance(roots, str) else roots)

    @contextmanager
    def get(self, src: str) -> Iterator[str]:
        """The path without links, or the URL. Raises SourceError for what may not be read."""
        yield self._roots.resolved(src)
