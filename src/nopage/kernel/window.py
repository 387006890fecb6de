"""Windows of a log, and what was counted beside them: apart from the other facts, as the intake needs no more."""
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


@dataclass(frozen=True, slots=True)
class Signature:
    """How often one kind of report was seen in a log: same command, order and mode (as printed)."""

    comm: str
    order: int | None
    mode: str
    seen: int


@dataclass(frozen=True, slots=True)
class StormCount:
    """What a log with more reports than are kept holds: reports and suppressed messages, seen and kept.

    `signatures` are sorted by how often they were seen; those beyond the thousandth kind are in `other`.
    """

    reports_seen: int
    reports_kept: int
    suppressed_seen: int
    suppressed_kept: int
    signatures: tuple[Signature, ...] = ()
    other: int = 0
