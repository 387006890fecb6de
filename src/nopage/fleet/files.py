"""A file for other programs that is there whole or not at all: a collector may read it at any moment."""
from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TextIO


@contextlib.contextmanager
def whole_file(path: str | None, otherwise: TextIO) -> Iterator[TextIO]:
    """`path` to write to, put in its place at the end; `otherwise` where there is no path."""
    if path is None:
        yield otherwise
        return
    folder, leaf = os.path.split(os.path.abspath(path))
    temporary = os.path.join(folder, f".{leaf}.{os.getpid()}")
    try:
        with open(temporary, "w", encoding="utf-8", errors="backslashreplace", newline="") as out:
            yield out
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
