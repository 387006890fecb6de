"""What a log says in the minutes before its first failure: who started what, which link went up, which MTU changed."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from nopage.kernel.facts import FailureReport, LoggedLine, Place
from nopage.kernel.window import Window
from nopage.klog.framing import Framer, Record
from nopage.klog.layers import is_json

LINES_MOST: Final = 5
LOOKED_AT: Final = 60
CHARACTERS_MOST: Final = 400
MINUTES_S: Final = 600.0
# Lines of another report of the kernel: dumps, traces, counters. Each says more in the report that it belongs to.
REPORT_LINE: Final = re.compile(
    r"^Linux version|^(?:Kernel )?[Cc]ommand line:|page allocation|\+0x[0-9a-f]+|\[<[0-9a-f]{8}|Mem-[Ii]nfo|Call Trace|"
    r"^Pid: |^CPU: |^CPU +\d+: |Hardware name|"
    r"^SLUB|"
    r"^ *(?:\w+:\d+[ ,]*){2,}$|vmalloc: |^(?:RIP|[ER]SP|Code|Stack|Modules linked in): ?|"
    r"^ *(?:cache|node \d+): |^Node \d|\d+\*\d+kB|_reserve\[\]|pagecache|swap|pages (?:RAM|reserved|HighMem)|"
    r"callbacks suppressed|messages suppressed|</?(?:IRQ|EOI|TASK)>|^(?:in)?active[_:(]|free:\d|^Workqueue|cut here|"
    r"end trace|^R[0-9A-DS][0-9XIPS]: |oom|killed process|[Oo]ut of memory|^\[ *\d+\] +\d+",
)


def lines_before(windows: Iterable[Window], reports: Sequence[FailureReport]) -> tuple[LoggedLine, ...]:
    """Up to five lines before the first report of one log that belong to no report; programs' rather than the kernel's.

    Lines more than ten minutes older than the report are left out where both tell their time.
    """
    if not reports:
        return ()
    first = min(reports, key=lambda report: report.place.line)
    window = next((one for one in windows if holds(one, first.place)), None)
    if window is None:
        return ()
    ahead = first.place.line - window.line
    lines = window.lines[max(0, ahead - LOOKED_AT) : ahead + 1]
    if is_json("\n".join(lines[:3])):
        return ()  # fields, not lines a person reads
    framer = Framer()
    told = [(index, line, one_record(framer, index, line)) for index, line in enumerate(lines)]
    if not told:
        return ()
    header = told.pop()[2]
    start = first.place.line - len(told)
    programs: list[tuple[int, str]] = []
    kernels: list[tuple[int, str]] = []
    for index, line, record in reversed(told):
        if record is None:
            continue
        kept = kernels if record.kernel else programs
        if len(kept) < LINES_MOST and fits(record, header):
            kept.append((index, line))
    chosen = sorted([*programs, *kernels[: LINES_MOST - len(programs)]])
    return tuple(
        LoggedLine(Place(window.file, start + index), line[:CHARACTERS_MOST].rstrip()) for index, line in chosen
    )


def fits(record: Record, header: Record | None) -> bool:
    """It is a line of the log, not of what stands around it (a mail, a table), is of no report, and not too old."""
    told = record.framed and bool(record.text.strip()) and not REPORT_LINE.search(record.text)
    return told and recent(record, header)


def holds(window: Window, place: Place) -> bool:
    return window.file == place.file and window.line <= place.line < window.line + len(window.lines)


def one_record(framer: Framer, index: int, line: str) -> Record | None:
    records = framer.records(index, line[:CHARACTERS_MOST])
    return records[0] if records else None


def recent(record: Record, header: Record | None) -> bool:
    """Within minutes of the report, as far as a clock of both tells; a clock that went back is of another boot."""
    apart = header.least_seconds_since(record) if header is not None else None
    return apart is None or 0 <= apart <= MINUTES_S
