"""How a file becomes the descriptor that a core is read from."""
from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_HEAD = 64


class Opener:
    """Takes files as they are. The floor above knows compression and hands in one that unpacks."""

    def head(self, fd: int) -> bytes:
        """The first bytes of the core in the file; ReadFault where they cannot be had."""
        return os.pread(fd, _HEAD, 0)

    @contextmanager
    def opened(self, fd: int, warnings: list[str]) -> Iterator[int]:
        """A descriptor of the core in the file while it is read; what is lost on the way is said in `warnings`.

        ReadFault where there is nothing to read.
        """
        yield fd
