"""A report as it stands in its log: from its header to the last line that belongs to it."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nopage.kernel.facts import FailureReport
from nopage.kernel.window import Window
from nopage.klog.reading.before import REPORT_LINE, holds

LINES_MOST: Final = 200
CHARACTERS_MOST: Final = 400
PAUSE_LINES: Final = 12  # so many lines of nobody end a report


def excerpt(windows: Iterable[Window], report: FailureReport, until_line: int | None = None) -> tuple[str, ...]:
    """The lines of `report`, at most 200; `until_line` is where the next report of the file begins.

    Lines of others that stand between are in it, as in the log.
    """
    window = next((one for one in windows if holds(one, report.place)), None)
    if window is None:
        return ()
    first = report.place.line - window.line
    end = min(first + LINES_MOST, len(window.lines))
    if until_line is not None and until_line > report.place.line:
        end = min(end, until_line - window.line)
    lines = [line[:CHARACTERS_MOST].rstrip() for line in window.lines[first:end]]
    last = 0
    for number, line in enumerate(lines):
        if number - last > PAUSE_LINES:
            break
        if REPORT_LINE.search(without_prefix(line)):
            last = number
    return tuple(lines[: last + 1])


def without_prefix(line: str) -> str:
    """What follows the log daemon's prefix, as far as a bracket or `kernel:` tells where it ends."""
    return line.rpartition("kernel: ")[2].rpartition("] ")[2] if "+0x" not in line else line
