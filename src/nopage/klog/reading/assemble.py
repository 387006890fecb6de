"""Gives each line to the report it belongs to.

Lines of several CPUs mix. Caller id or vendor prefix, the comm of the `Comm:` line, what the reports still lack tell
them apart. Another event (an OOM kill, a stall) ends its report; what follows it is dropped until the next header.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Final

from nopage.kernel.bounds import BOUNDS
from nopage.kernel.facts import FailureReport, LogFacts, Place, SlubBlock
from nopage.kernel.message import Message, say
from nopage.klog.framing import Record, split_body
from nopage.klog.reading.building import FrameCache, LineCache, ReportBuilder
from nopage.klog.reading.counted import SuppressedLines, repeated
from nopage.klog.reading.crowd import pieces
from nopage.klog.reading.hosts import Hosts
from nopage.klog.reading.others import ends_report, ends_trace, is_note
from nopage.klog.reading.owner import mode_taken, owner_of, unfinished
from nopage.klog.reading.slub import SlubBlocks, with_rate_limited
from nopage.klog.reading.unread import Unread
from nopage.klog.report import (
    NEXT,
    OTHER,
    Prelude,
    banner_release,
    find_header,
    is_prelude,
    may_hold_header,
    read_prelude,
)

MAX_FOREIGN_LINES: Final = 60  # lines of nobody after which an open report is taken as ended
MAX_OPEN: Final = 8  # reports whose lines may still come
MIN_JOINED: Final = 60  # characters that two lines of a report have at least

Source = str | None


class Assembler:
    """Takes the records of one log in order; `facts()` ends it."""

    def __init__(self, release: str | None = None) -> None:
        self._release = release
        self._file = ""
        self._first_line = 1
        self._reports: list[FailureReport] = []
        self._loose: list[SlubBlock] = []
        self._building: list[ReportBuilder] = []
        self._open: list[ReportBuilder] = []
        self._current: dict[Source, ReportBuilder | None] = {}
        self._slub = SlubBlocks()
        self.unread = Unread()
        self._suppressed = SuppressedLines()
        self._releases: dict[str, None] = {}
        self._running: str | None = None  # the release that the log named last
        self._warnings: dict[Message, None] = {}
        self._lines: LineCache = {}
        self._frames: FrameCache = {}
        self._last_mem_info: Record | None = None
        self._shown_in_interrupt: set[str | None] = set()  # releases that printed a Mem-Info from an interrupt
        self._note: tuple[str, int] | None = None
        self._last_header: tuple[ReportBuilder, int] | None = None
        self._last_source: Source = None
        self._foreign = 0
        self._modeless = 0
        self._pending: list[Record] = []
        self._joined = 0  # reports and SLUB blocks found on the line that is read
        self._backwards = False
        self._half = ""  # a `Comm:` line of another event, wrapped before its release
        self._hosts = Hosts()

    @property
    def idle(self) -> bool:
        """No report is open, so only lines that begin something matter."""
        return not self._open and not self._slub.open and not self._half

    def warn(self, warning: Message) -> None:
        self._warnings.setdefault(warning)

    @property
    def found(self) -> int:
        """Headers read so far."""
        return len(self._reports) + len(self._building)

    def newest_first(self, file: str) -> None:
        """The lines of the log were turned round; the reports of its windows are, too, in the end."""
        self._backwards = True
        self.warn(say("log.newest_first", "{file}: the lines stand newest first and were read backwards", file=file))

    def begin_window(self, file: str, first_line: int) -> None:
        """What follows does not continue the lines before."""
        self.end_window()
        self._file, self._first_line = file, first_line

    def end_window(self) -> None:
        self._finish()
        self._open.clear()
        self._current.clear()
        self._slub.close()
        self._note = self._last_header = self._last_source = None
        self._foreign = self._modeless = 0

    def add(self, record: Record) -> None:
        """Take one record; what it turns out to be joined from is taken in order, however much that is."""
        self._joined = 0
        if record.host is not None:
            record.source = self._hosts.source_of(self._file, record)
        for part in pieces(record):
            self._add(part)

    def _add(self, record: Record) -> None:
        before, self._pending = self._pending, [record]
        while self._pending:
            self._add_one(self._pending.pop())
        self._pending = before

    def _add_one(self, record: Record) -> None:
        text = record.text
        if not record.kernel:
            self._add_repeated(record)
        if not text or not record.kernel:
            return
        source = record.source
        if source is None and not record.framed:
            source = self._last_source
        else:
            self._last_source = source
        if "+0x" in text and "page alloc" not in text:
            builder = self._current.get(source)
            if builder is not None and builder.begun and builder.take(record):
                self._foreign = 0
                return
        if "message repeated" in text and self._add_repeated(record):
            return
        if may_hold_header(text):
            if self._add_header(record):
                return
            if self.unread.line(text, self._place(record)):
                return
        if len(text) > MIN_JOINED and (parts := split_body(text)):
            self._pending += [record.part(part) for part in reversed(parts)]
            return
        if self._modeless and "mode:0x" in text and "vmalloc" not in text and self._add_mode(record):
            return
        if self._add_single(record, source):
            return
        if self._slub.open and self._slub.take(source, text):
            return
        if self._half and not record.framed:
            text = f"{self._half} {text}"
        if is_prelude(text):
            told = read_prelude(text)
            if told is not None:
                self._add_prelude(told, record, source)
                return
        self._half = ""
        builder = self._current.get(source)
        if builder is None:
            return
        if not builder.begun:
            builder = unfinished(self._open, builder, text) or builder
        if builder.take(record):
            self._foreign = 0
            return
        self._foreign += 1
        if self._foreign > MAX_FOREIGN_LINES or ends_report(text):
            self._close(source)
        elif builder.prelude is not None and ends_trace(text):
            builder.trace_closed = True

    # -- headers -------------------------------------------------------------------------------------------------------

    def _add_header(self, record: Record) -> bool:
        """The first header in the record; what stands around it is read as records of their own."""
        found = find_header(record.text, framed=record.framed)
        if found is None:
            return False
        lead, header = found
        if self._crowded(record):
            return True
        if lead.strip():
            self._add(record.part(lead))
        after, header = header.after, replace(header, after="")  # else each on a long line held the rest of it
        builder = ReportBuilder(header, record.part(header.text), self._place(record), self._lines)
        builder.running = self._running
        self._take_over(record.source, builder)
        self._modeless += header.mode is None
        if self._note is not None and record.index - self._note[1] <= 3:
            builder.note = self._note[0]
        self._note = None
        self._building.append(builder)
        if record.host is not None and (told := self._hosts.told(record.host)) is not None:
            self.warn(told)
        self.unread.read(self._file)
        self._last_header = None
        if after.strip(" .,"):
            self._pending.append(record.part(after))
        else:
            self._last_header = (builder, record.index)
        return True

    def _crowded(self, record: Record) -> bool:
        """More stands on the line than any log joins there: each costs a look at the whole rest."""
        self._joined += 1
        if self._joined <= BOUNDS.line_headers:
            return False
        at = self._place(record)
        self.warn(say("log.line_crowded", "{file}:{line}: only the first {most} reports on the line were read",
                      file=at.file, line=at.line, most=BOUNDS.line_headers))
        return True

    def _take_over(self, source: Source, builder: ReportBuilder) -> None:
        """The new report is the one that lines of `source` go to; older ones stay open while lines may still come."""
        for other in self._open:
            other.end = NEXT
        previous = self._current.get(source)
        if previous is not None and source is not None and previous in self._open:
            self._open.remove(previous)
        self._open = [*self._open[1 - MAX_OPEN :], builder]
        self._current[source] = builder
        self._last_source = source
        self._foreign = 0

    def _add_mode(self, record: Record) -> bool:
        """`, mode:0x..` that another CPU's words tore from its header: the oldest header without one."""
        taken = mode_taken(self._open, record.text)
        self._modeless = 0 if taken is None else self._modeless - taken
        return bool(taken)

    def _close(self, source: Source) -> None:
        builder = self._current.get(source)
        self._current[source] = None
        self._foreign = 0
        if builder is not None and builder in self._open:
            self._open.remove(builder)
            builder.end = OTHER

    # -- lines that stand for themselves -------------------------------------------------------------------------------

    def _add_single(self, record: Record, source: Source) -> bool:
        text = record.text
        if "suppressed" in text and self._suppressed.take(record, self._place(record)):
            return True
        if "Unable to allocate memory on" in text:
            if self._crowded(record):
                return True
            rest = self._slub.begin(record, self._place(record), source, self._current.get(source))
            if rest is not None:
                self._pending.append(record.part(rest))
                return True
        if "Linux version" in text:
            release = banner_release(text)
            if release is not None:
                self._releases.setdefault(release)
                self._running = release
        if "vmalloc" in text and is_note(text):
            self._note = (text, record.index)
            return True
        return False

    def _add_repeated(self, record: Record) -> bool:
        """syslog folded equal lines into one: they count where the line before was a header."""
        told = repeated(record.text)
        if told is None:
            return False
        count, text = told
        if self._last_header is not None and abs(record.index - self._last_header[1]) == 1:
            self._last_header[0].repeated += count
            self._last_header = (self._last_header[0], record.index)
        elif text and may_hold_header(text):
            before = len(self._building)
            record.kernel = True
            self._add(record.part(text))
            if len(self._building) > before:
                self._building[-1].repeated += count - 1
        return True

    # -- whose trace ---------------------------------------------------------------------------------------------------

    def _add_prelude(self, told: Prelude, record: Record, source: Source) -> None:
        if told.release:
            self._releases.setdefault(told.release)
            self._running = told.release
        if not self._open:
            self._half = "" if told.release or self._half else record.text
            return
        builder = owner_of(self._open, told, record, source)
        if builder is None:
            self._close(source)
            return
        other = self._current.get(source)
        if other is not builder:
            if other is not None and other.prelude is not None and not other.trace_closed:
                other.interleaved = builder.interleaved = True
            self._current[source] = builder
        builder.set_prelude(builder.joined_prelude(told) or told, record.text)

    # -- the end -------------------------------------------------------------------------------------------------------

    def _place(self, record: Record) -> Place:
        return Place(self._file, self._first_line + record.index)

    def _finish(self) -> None:
        """Builds what was collected: no more of its lines can come."""
        self._loose += self._slub.give()
        for builder in self._building:
            builder.settle(self._frames)
            if builder.mem.began and builder.interrupt:
                self._shown_in_interrupt.add(self._release_of(builder))
        for builder in self._building:
            if builder.mode is None:
                self.warn(say("log.header_without_mode", "{file}:{line}: a header without mode, not counted: {header}",
                              file=builder.place.file, line=builder.place.line, header=builder.header.text))
                continue
            last = self._last_mem_info
            release = self._release_of(builder)
            report = builder.build(
                release,
                None if last is None else builder.record.least_seconds_since(last),
                shown_in_interrupt=release in self._shown_in_interrupt,
            )
            if report.mem_info is not None and builder.mem_record is not None:
                self._last_mem_info = builder.mem_record
            if report.kernel:
                self._releases.setdefault(report.kernel)
            self._reports.append(report)
        self._building.clear()

    def _release_of(self, builder: ReportBuilder) -> str | None:
        """Its own line's, else that of the log before it, else the host's, else the only one that the log names."""
        named = builder.release or builder.running or self._release
        return named or (next(iter(self._releases)) if len(self._releases) == 1 else None)

    def facts(self) -> LogFacts:
        """All that was read."""
        self.end_window()
        self._reports, self._loose = with_rate_limited(self._reports, self._loose, self._release or self._running)
        self._warnings |= dict.fromkeys(self.unread.warnings())
        if self._backwards:
            self._reports.sort(key=lambda report: -report.place.line)
        return LogFacts(
            reports=tuple(self._reports),
            slub=tuple(self._loose),
            suppressed=tuple(self._suppressed.found),
            releases=tuple(self._releases),
            warnings=tuple(self._warnings),
        )
