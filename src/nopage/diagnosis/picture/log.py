"""What one kernel log of the host says."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.facts import FailureReport, LogFacts, LoggedLine
from nopage.kernel.frozen import dataclass
from nopage.kernel.window import StormCount, Window
from nopage.klog.reading import excerpt, lines_before, read_log


@dataclass(frozen=True, slots=True)
class HostLog:
    """One log, read.

    `name` is its path inside the source. `facts` are its reports, SLUB blocks, suppressed counts, releases, warnings;
    `storm` is set when it held more reports than were kept whole; `before` stands before the first failure and belongs
    to no report; `last_time` is that of the last line that bears one, ISO 8601 as far as the log tells it.
    """

    name: str
    facts: LogFacts
    before: tuple[LoggedLine, ...]
    windows: Sequence[Window]
    storm: StormCount | None = None
    last_time: str | None = None

    def excerpt(self, report: FailureReport) -> tuple[str, ...]:
        """The lines of one of its reports as they stand in the log."""
        later = (one.place.line for one in self.facts.reports if one.place.file == report.place.file)
        until = min((line for line in later if line > report.place.line), default=None)
        return excerpt(self.windows, report, until)


def host_log(
    name: str,
    windows: Sequence[Window],
    *,
    storm: StormCount | None = None,
    last_time: str | None = None,
    until: float | None = None,
) -> HostLog:
    """A log out of its windows; `until` is when to stop, by time.monotonic()."""
    facts = read_log(windows, until=until)
    return HostLog(name, facts, lines_before(windows, facts.reports), windows, storm, last_time)
