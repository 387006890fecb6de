"""KernelLog - the allocation failures of one kernel log

Reads dmesg, messages, kern.log, journal exports and vmcore-dmesg.txt through a spec of its own: the filterable specs
of insights-core lose backtrace and Mem-Info as soon as any plugin adds a filter.
"""
from __future__ import annotations

from typing import Any

from insights.core import Parser
from insights.core.plugins import parser

from nopage.intake.model import StormCount
from nopage.kernel.facts import LogFacts
from nopage.kernel.window import Window
from nopage.klog.reading import read_log
from nopage.parsers.collection import spec

kernel_log = spec("kernel_log")


@parser(kernel_log)
class KernelLog(Parser):
    """What one log says of allocation failures.

    Attributes:
        facts (LogFacts): reports, SLUB blocks, suppressed counts, releases named, warnings.
        storm (StormCount | None): set when the log held more reports than were kept whole.
    """

    facts: LogFacts
    storm: StormCount | None

    def _handle_content(self, context: Any) -> None:
        stream = getattr(context, "stream", None)
        windows = getattr(stream, "windows", None)
        self.storm = getattr(stream, "counted", None)
        if windows is None:
            windows = (Window(context.relative_path or "log", 1, 0, tuple(context.content)),)
        self.facts = read_log(windows)
