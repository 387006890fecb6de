"""KernelLog - the allocation failures of one kernel log

Reads dmesg, messages, kern.log, journal exports and vmcore-dmesg.txt through a spec of its own: the filterable specs
of insights-core lose backtrace and Mem-Info as soon as any plugin adds a filter.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insights.core import Parser
from insights.core.exceptions import ContentException, SkipComponent
from insights.core.plugins import parser
from insights.core.spec_factory import FileProvider

from nopage.intake.model import Limits, StormCount, Stream
from nopage.kernel.facts import FailureReport, LogFacts, LoggedLine
from nopage.kernel.window import Window
from nopage.klog.reading import excerpt, lines_before, read_log
from nopage.parsers.collection import StreamContent
from nopage.parsers.specs import Specs


@parser(Specs.kernel_log)
class KernelLog(Parser):
    """What one log says of allocation failures.

    Attributes:
        facts (LogFacts): reports, SLUB blocks, suppressed counts, releases named, warnings.
        storm (StormCount | None): set when the log held more reports than were kept whole.
        before (tuple[LoggedLine, ...]): what stands before the first failure and belongs to no report.
        last_time (str | None): time of the last line that bears one, ISO 8601 as far as the log tells it.
    """

    facts: LogFacts
    storm: StormCount | None
    last_time: str | None
    before: tuple[LoggedLine, ...]

    def _handle_content(self, context: Any) -> None:
        stream = stream_of(context)
        self.storm = stream.counted if stream else None
        self.last_time = stream.last_time if stream else None
        windows = stream.windows if stream else whole(context)
        self.facts = read_log(windows, until=getattr(context, "deadline", None))
        self.before = lines_before(windows, self.facts.reports)
        self._windows = windows

    def excerpt(self, report: FailureReport) -> tuple[str, ...]:
        """The lines of one of its reports as they stand in the log."""
        later = (one.place.line for one in self.facts.reports if one.place.file == report.place.file)
        until = min((line for line in later if line > report.place.line), default=None)
        return excerpt(self._windows, report, until)


def stream_of(context: Any) -> Stream | None:
    """The searched log behind a spec's content; None where the content is just lines."""
    if isinstance(context, StreamContent):
        return context.collected
    if not isinstance(context, FileProvider):
        return None
    # A file (`insights run -b`, somebody's own simple_file): insights-core would read its last 200 MB into memory.
    from nopage.intake import streams
    from nopage.intake.archive import OpenFile
    from nopage.intake.reader import Budget

    limits = Limits()
    budget = Budget(limits.unpacked_bytes, limits.members, limits.seconds)
    taken = streams.read_log("kernel_log", context.relative_path, OpenFile(context.path), limits, budget)
    if taken.stream is None:
        raise SkipComponent(f"{context.path}: {taken.skipped}")
    if taken.stream.cut is not None and not taken.stream.bytes_read:
        raise ContentException(f"{context.path}: {taken.stream.cut}")
    return taken.stream


def whole(context: Any) -> Sequence[Window]:
    """All lines of the content as one window."""
    name = (context.relative_path or "log").lstrip("/")
    return (Window(name, 1, 0, tuple(context.content)),)
