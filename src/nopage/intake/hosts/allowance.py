"""What is kept of one archive or directory, in all: bounded, however many files it has."""
from __future__ import annotations

from dataclasses import replace
from sys import getsizeof

from nopage.intake.lines import Lines
from nopage.intake.model import Limits, Stream
from nopage.intake.reader import LimitReached, Windows, size_text
from nopage.intake.search import cost_bytes
from nopage.intake.sources import SAR
from nopage.kernel.bounds import BOUNDS
from nopage.kernel.plain import plain

FACT_LINE = 64  # bytes that a line of a fact takes in a table, however short


class Allowance:
    """Counts down what may still be kept of one source; that of an archive inside another has what is left there."""

    def __init__(self, limits: Limits, outer: Allowance | None, windows: Windows) -> None:
        self._limits = limits
        self._windows = windows
        self._files: int = outer._files if outer else limits.kept_files
        self._name_bytes: int = outer._name_bytes if outer else BOUNDS.kept_name_bytes
        self._fact_bytes: int = outer._fact_bytes if outer else limits.kept_fact_bytes
        self._sar_bytes: int = outer._sar_bytes if outer else limits.kept_sar_bytes
        self._log_bytes: int = outer._log_bytes if outer else limits.kept_log_bytes
        self._reports: int = outer._reports if outer else limits.kept_reports
        self._links: int = outer._links if outer else BOUNDS.links
        self._link_bytes: int = outer._link_bytes if outer else BOUNDS.link_bytes
        self._remarks: int = outer._remarks if outer else BOUNDS.remark_total

    def limits(self) -> Limits:
        """Those for the next log or text of sar: of logs at most a third of what is left, so that each gets some."""
        room = self._room()
        return replace(
            self._limits,
            sar_bytes=min(self._limits.sar_bytes, max(0, self._sar_bytes), room),
            log_bytes=min(self._limits.log_bytes, self._log_bytes // 3, room // 3),
            log_reports=min(self._limits.log_reports, self._reports // 3),
        )

    def take(self, stream: Stream) -> str:
        """Account for a stream; in words why there is no room to keep it, or "".

        Raises LimitReached where there is none for any other either.
        """
        self._files -= 1
        self._name_bytes -= len(stream.name)
        if self._files <= 0:
            raise LimitReached(f"more than {self._limits.kept_files} files of use")
        if self._name_bytes <= 0:
            raise LimitReached(f"more than {size_text(BOUNDS.kept_name_bytes)} of names of files of use")
        for window in stream.windows:
            raw = window.lines.raw if isinstance(window.lines, Lines) else b""
            self._log_bytes -= cost_bytes(raw)
            self._reports -= raw.count(b"page allocation failure")
        if not stream.text:
            return ""
        # one character outside Latin-1 makes all of a text wide; each line becomes an entry of a table
        size = max(getsizeof(stream.text), FACT_LINE * stream.text.count("\n"))
        if stream.spec == SAR:
            self._sar_bytes -= size
        elif size > min(self._fact_bytes, self._room()):
            return f"more than {size_text(self._limits.kept_fact_bytes)} of facts"
        else:
            self._fact_bytes -= size
        return ""

    def _room(self) -> int:
        """What is left for facts and logs beside the windows of the decoders and what is kept already."""
        kept = (
            self._limits.kept_fact_bytes + self._limits.kept_sar_bytes + self._limits.kept_log_bytes
            - self._fact_bytes - self._sar_bytes - self._log_bytes
        )  # fmt: skip
        return max(0, BOUNDS.reading_bytes - self._windows.held - kept)

    def link(self, path: str, target: str) -> bool:
        """Account for a link that is remembered; False where there is no room for it."""
        self._links -= 1
        self._link_bytes -= len(path) + len(target)
        return self._links >= 0 and self._link_bytes >= 0

    def note(self, notes: list[str], remark: str) -> None:
        """Add a remark, unless there are too many of its kind, or of all kinds."""
        if self._remarks > 0 and len(notes) <= BOUNDS.remarks:
            self._remarks -= 1
            note(notes, remark)


def note(notes: list[str], remark: str) -> None:
    """Add a remark, unless there are too many of its kind; of a long one the middle is left out."""
    if len(notes) < BOUNDS.remarks:
        notes.append(short(remark))
    elif len(notes) == BOUNDS.remarks:
        notes.append("and more of these")


def short(remark: str) -> str:
    """The remark as one line, with at most as many characters as one may have."""
    most = BOUNDS.remark_characters
    remark = plain(remark)
    return remark if len(remark) <= most else f"{remark[: most // 2 - 3]} ... {remark[len(remark) - most // 2 + 2 :]}"
