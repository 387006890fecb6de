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

from nopage.diagnosis.picture import HostLog, host_log
from nopage.intake.model import Limits, Stream
from nopage.kernel.facts import LogFacts
from nopage.kernel.window import Window
from nopage.parsers.collection import StreamContent
from nopage.parsers.specs import Specs


@parser(Specs.kernel_log)
class KernelLog(Parser):
    """What one log says of allocation failures.

    Attributes:
        log (HostLog): the log, read.
    """

    log: HostLog

    def _handle_content(self, context: Any) -> None:
        stream = stream_of(context)
        self.log = host_log(
            (self.file_path or "").lstrip("/"),
            stream.windows if stream else whole(context),
            storm=stream.counted if stream else None,
            last_time=stream.last_time if stream else None,
            until=getattr(context, "deadline", None),
        )

    @property
    def facts(self) -> LogFacts:
        """Reports, SLUB blocks, suppressed counts, releases named, warnings."""
        return self.log.facts


def logs_of(parsed: Sequence[KernelLog] | None) -> list[HostLog]:
    """The logs, in their order."""
    return [one.log for one in parsed or ()]


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
