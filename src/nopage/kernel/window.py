"""Windows of a log: apart from the other facts, as the intake needs no more than these."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """Some whole, consecutive lines of one log file.

    `line` is the number (from 1) of the first line, `byte_offset` where it begins in the decompressed file.
    """

    file: str
    line: int
    byte_offset: int
    lines: Sequence[str]
