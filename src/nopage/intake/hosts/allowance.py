"""What is kept of one archive or directory, in all: bounded, however many files it has."""
from __future__ import annotations

from dataclasses import replace

from nopage.intake.lines import Lines
from nopage.intake.model import Limits, Stream
from nopage.intake.reader import LimitReached, size_text
from nopage.intake.sources import SAR

NOTES = 500  # remarks of one kind


class Allowance:
    """Counts down what may still be kept."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._files = limits.kept_files
        self._fact_bytes = limits.kept_fact_bytes
        self._sar_bytes = limits.kept_sar_bytes
        self._log_bytes = limits.kept_log_bytes
        self._reports = limits.kept_reports

    def limits(self) -> Limits:
        """Those for the next file: of logs never more than a third of what is left, so that each gets some."""
        return replace(
            self._limits,
            sar_bytes=min(self._limits.sar_bytes, max(0, self._sar_bytes)),
            log_bytes=min(self._limits.log_bytes, self._log_bytes // 3),
            log_reports=min(self._limits.log_reports, self._reports // 3),
        )

    def take(self, stream: Stream) -> None:
        """Account for a stream that is kept. Raises LimitReached where the next one has no room."""
        self._files -= 1
        if stream.spec == SAR:
            self._sar_bytes -= len(stream.text)
        else:
            self._fact_bytes -= len(stream.text)
        for window in stream.windows:
            raw = window.lines.raw if isinstance(window.lines, Lines) else b""
            self._log_bytes -= len(raw)
            self._reports -= raw.count(b"page allocation failure")
        if self._files <= 0:
            raise LimitReached(f"more than {self._limits.kept_files} files of use")
        if self._fact_bytes <= 0:
            raise LimitReached(f"more than {size_text(self._limits.kept_fact_bytes)} of facts")


def note(notes: list[str], remark: str) -> None:
    """Add a remark, unless there are too many of its kind."""
    if len(notes) < NOTES:
        notes.append(remark)
    elif len(notes) == NOTES:
        notes.append("and more of these")
