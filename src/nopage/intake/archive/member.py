"""One file of a source, wherever it comes from: what the walkers give and the collector takes."""
from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from nopage.intake.reader import Reader

FILE = "file"
LINK = "link"  # symbolic; never followed: what it points to stands in the source under its own name, or is not read
HARDLINK = "hard link"
FOLDER = "folder"
OTHER = "special file"


class Member(NamedTuple):
    """A file of a source; a tuple, as there are thousands.

    `open` gives a reader of its bytes, which is only good until the next member is asked for. `size` is what the
    source says, None where it says nothing. `target` is where a link points to.
    """

    path: str
    kind: str
    size: int | None
    open: Callable[[], Reader]
    target: str = ""


def normal(path: str) -> str | None:
    """A member's name without "./", "//" and leading "/"; None where it leads out of the source by ".."."""
    if path.startswith(("/", "./")) or "//" in path or "/." in path or path.endswith("/"):
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if ".." in parts:
            return None
        return "/".join(parts)
    return None if path.startswith("../") or path in ("..", "") else path
