"""Gives each line to the report it belongs to, and each report to the log's facts.

Lines of several CPUs mix. What tells them apart, in this order: caller id or vendor prefix; the comm of the `Comm:`
line; what the report still lacks. A line that belongs to another event (an OOM kill, a stall, a WARNING) is dropped
with all that follows it until the next header.
"""
from __future__ import annotations

import re
from typing import Final

from nopage.kernel.facts import FailureReport, LogFacts, Place, SlubBlock, Suppressed
from nopage.klog.building import FrameCache, ReportBuilder
from nopage.klog.clock import iso_time, seconds
from nopage.klog.framing import Record
from nopage.klog.header import cpuset_line, find_header, find_mode, may_hold_header, placement
from nopage.klog.missing import NEXT, OTHER
from nopage.klog.prelude import (
    Prelude,
    banner_release,
    hardware_name,
    is_prelude,
    is_whole,
    read_prelude,
    workqueue_name,
)
from nopage.klog.slub import SlubBuilder, slub_title
from nopage.klog.trace import RawFrame, lone_module, read_frames, title_end

MAX_FOREIGN_LINES: Final = 60  # lines of nobody after which an open report is taken as ended
MAX_REPORTS: Final = 100_000
MAX_CACHED_LINES: Final = 20_000
MAX_PAUSE_S: Final = 10.0  # between the header and its trace; slow serial consoles take seconds

_SUPPRESSED: Final = re.compile(
    r"(?:^|\s)(?P<function>printk|__ratelimit|warn_alloc_failed|warn_alloc): "
    r"(?P<count>\d{1,12}) (?:messages|callbacks) suppressed"
)
_EXACT: Final = frozenset(("warn_alloc", "warn_alloc_failed"))
_REPEATED: Final = re.compile(r"(?:last )?message repeated (\d{1,9}) times?(?::? ?\[(.*)\])?")
_FOREIGN: Final = re.compile(
    r"invoked oom-killer|page allocation stalls for|vmalloc error|vmalloc: allocation failure: .*mode:|^BUG: |^WARNING: |"
    r"^INFO: |-\[ cut here \]-|^Oops|general protection fault|^Kernel panic|^Unable to handle|^Out of [Mm]emory|"
    r"soft lockup|hung_task|rcu: INFO|SysRq|^swapper pgtable|vmap allocation"
)
_NOTE: Final = re.compile(r"vmalloc: allocation failure|vmalloc error")
Source = str | None


class Assembler:
    """Takes the records of one log in order; `facts()` ends it."""

    def __init__(self, release: str | None = None) -> None:
        self._release = release
        self._file = ""
        self._first_line = 1
        self._reports: list[ReportBuilder] = []
        self._current: dict[Source, ReportBuilder | None] = {}
        self._open: list[ReportBuilder] = []
        self._slub: dict[Source, SlubBuilder] = {}
        self._blocks: list[tuple[SlubBuilder, ReportBuilder | None]] = []
        self._suppressed: list[Suppressed] = []
        self._releases: dict[str, None] = {}
        self._warnings: list[str] = []
        self._frames: dict[str, list[RawFrame | str]] = {}
        self._note: tuple[str, int] | None = None
        self._half_prelude: tuple[ReportBuilder, str] | None = None
        self._last_header: tuple[ReportBuilder, int] | None = None
        self._last_source: Source = None
        self._foreign = 0

    # -- the log's order of things -------------------------------------------------------------------------------

    @property
    def idle(self) -> bool:
        """No report is open, so only lines that begin something matter."""
        return not self._open and not self._slub

    def begin_window(self, file: str, first_line: int) -> None:
        self.end_window()
        self._file, self._first_line = file, first_line

    def end_window(self) -> None:
        self._open.clear()
        self._current.clear()
        self._slub.clear()
        self._note = self._half_prelude = self._last_header = self._last_source = None

    def add(self, record: Record) -> None:
        """Take one record."""
        text = record.text
        if not text:
            return
        if may_hold_header(text) and self._add_headers(record):
            return
        if self._add_single(record):
            return
        source = record.source if record.framed or record.source else self._last_source
        self._last_source = source
        if self._slub and self._add_slub_line(source, text):
            return
        builder = self._current_of(source)
        if builder is None:
            if is_prelude(text):
                self._add_prelude(record, source)
            return
        if self._add_line(builder, record, source):
            self._foreign = 0
            return
        self._foreign += 1
        if _FOREIGN.search(text) or self._foreign > MAX_FOREIGN_LINES:
            self._close(source, OTHER)

    def _current_of(self, source: Source) -> ReportBuilder | None:
        if source in self._current:
            return self._current[source]
        return None

    def _close(self, source: Source, why: str) -> None:
        builder = self._current.get(source)
        self._current[source] = None
        self._foreign = 0
        if builder is not None and builder in self._open:
            self._open.remove(builder)
            builder.end = why

    # -- headers -------------------------------------------------------------------------------------------------

    def _add_headers(self, record: Record) -> bool:
        """Every header in the record; what stands around them is read as lines of their own."""
        framed = record.framed and record.kernel
        found = find_header(record.text, kernel=record.kernel, framed=framed)
        if found is None:
            return False
        lead, header = found
        if lead.strip():
            self._add_part(record, lead)
        place = self._place(record)
        builder = ReportBuilder(header, record, place)
        source = record.source
        previous = self._current.get(source)
        if previous is not None and not previous.has_lines and previous in self._open:
            previous.end = NEXT
            if len(self._open) > 3:
                self._open.remove(previous)
        elif previous is not None and previous in self._open:
            previous.end = NEXT
            if previous.mem.began or source is not None or not previous.entries:
                self._open.remove(previous)
            elif not previous.trace_closed and len(self._open) > 3:
                self._open.remove(previous)
        self._open = self._open[-7:]
        self._open.append(builder)
        self._current[source] = builder
        self._last_source = source
        self._foreign = 0
        if self._note is not None and record.index - self._note[1] <= 3:
            builder.note = self._note[0]
        self._note = self._half_prelude = None
        if len(self._reports) < MAX_REPORTS:
            self._reports.append(builder)
        elif len(self._reports) == MAX_REPORTS:
            self._warnings.append(f"{self._file}: more than {MAX_REPORTS} reports, the rest is not read")
        after = header.after
        if after.strip(" .,"):
            self._add_part(record, after[len(header.text) - len(header.text) :])
            self._last_header = None
        else:
            self._last_header = (builder, record.index)
        return True

    def _add_part(self, record: Record, text: str) -> None:
        self.add(
            Record(record.index, text.strip(), record.wall, record.boot, record.source, record.framed, record.kernel)
        )

    # -- single lines ----------------------------------------------------------------------------------------------

    def _add_single(self, record: Record) -> bool:
        """Lines that stand for themselves: suppressed counts, repetitions, SLUB titles, banners, vmalloc's note."""
        text = record.text
        if "suppressed" in text:
            match = _SUPPRESSED.search(text)
            if match is not None:
                function = match["function"]
                self._suppressed.append(
                    Suppressed(
                        function,
                        int(match["count"]),
                        function in _EXACT,
                        self._place(record),
                        iso_time(record.wall),
                        seconds(record.boot),
                    )
                )
                return True
        if "repeated" in text:
            match = _REPEATED.match(text)
            if match is not None:
                self._add_repeated(record, match)
                return True
        if "Unable to allocate memory on" in text:
            title = slub_title(text)
            if title is not None:
                block = SlubBuilder(title, record, self._place(record))
                self._slub[record.source] = block
                self._blocks.append((block, self._current_of(record.source)))
                self._add_part(record, text[title.end() :].lstrip(")"))
                return True
        if "Linux version" in text:
            release = banner_release(text)
            if release is not None:
                self._releases.setdefault(release)
        if "vmalloc" in text and _NOTE.search(text) and "mode:" not in text:
            self._note = (text, record.index)
            return True
        return False

    def _add_repeated(self, record: Record, match: re.Match[str]) -> None:
        """syslog folded equal lines: they count only where the line before was a header."""
        count = int(match[1])
        if self._last_header is not None and record.index - self._last_header[1] == 1:
            self._last_header[0].repeated += count
            self._last_header = (self._last_header[0], record.index)
        elif match[2] and may_hold_header(match[2]):
            before = len(self._reports)
            self._add_part(record, match[2])
            if len(self._reports) > before:
                self._reports[-1].repeated += count - 1

    def _add_slub_line(self, source: Source, text: str) -> bool:
        block = self._slub.get(source)
        if block is None or not block.add(text):
            return False
        return True

    # -- lines of a report -----------------------------------------------------------------------------------------

    def _add_line(self, builder: ReportBuilder, record: Record, source: Source) -> bool:
        text = record.text
        if self._half_prelude is not None and self._half_prelude[0] is builder:
            half = self._half_prelude[1]
            self._half_prelude = None
            if not _begins_something(text):
                whole = read_prelude(f"{half} {text}")
                if whole is not None and (whole.release or whole.taint is not None):
                    self._set_prelude(builder, whole)
                    if not is_whole(f"{half} {text}") and whole.release is None:
                        self._half_prelude = (builder, f"{half} {text}")
                    return True
        if "+0x" in text and not text.startswith("Node "):
            return self._add_frames(builder, text)
        if "kB" in text or "[]:" in text:
            return self._add_mem(builder, text)
        if is_prelude(text) and ("omm: " in text or builder.prelude is None):
            return self._add_prelude(record, source)
        end = title_end(text)
        if end:
            return self._add_title(builder, record, text[end:])
        if "[<" in text or "{" in text or "<" in text[:1] or " from" in text or text.startswith("---"):
            return self._add_frames(builder, text)
        if builder.mode is None and "mode:" in text:
            self._add_mode(builder, text)
            return True
        if self._add_mem(builder, text):
            return True
        return self._add_rare(builder, text)

    def _add_rare(self, builder: ReportBuilder, text: str) -> bool:
        if text.startswith("Hardware name") and builder.hardware is None:
            builder.hardware = hardware_name(text)
            return True
        if text.startswith("Workqueue:") and builder.workqueue is None:
            builder.workqueue = workqueue_name(text)
            return True
        if " cpuset=" in text:
            comm = cpuset_line(text)
            if comm is not None and builder.is_of(comm) and builder.mems_allowed is None:
                _, builder.cpuset, builder.mems_allowed = placement(text)
            return True
        if "Stack pointer is garbage" in text:
            builder.missing.append("no call trace: the kernel said 'Stack pointer is garbage, not printing trace'")
            return True
        if builder.entries and not builder.trace_closed:
            module = lone_module(text)
            if module is not None:
                builder.set_module(module)
                return True
        if (builder.titles or builder.entries) and not builder.trace_closed:
            return self._add_frames(builder, text)
        return False

    def _add_frames(self, builder: ReportBuilder, text: str) -> bool:
        entries = self._frames.get(text)
        if entries is None:
            entries = read_frames(text)
            if len(self._frames) < MAX_CACHED_LINES:
                self._frames[text] = entries
        if not entries:
            return "+0x" in text
        if not builder.trace_closed:
            builder.add_entries(entries)
        return True

    def _add_title(self, builder: ReportBuilder, record: Record, rest: str) -> bool:
        if builder.titles and builder.entries:
            waiting = [other for other in self._open if not other.titles and other.record.source == record.source]
            builder.interleaved = bool(waiting)
            builder.trace_closed = True
        builder.titles += 1
        if rest.strip():
            self._add_part(record, rest)
        return True

    def _add_mem(self, builder: ReportBuilder, text: str) -> bool:
        if not builder.mem.add(text):
            return False
        if builder.entries:
            builder.trace_closed = True
        return True

    def _add_mode(self, builder: ReportBuilder, text: str) -> None:
        found = find_mode(text)
        if found is not None:
            builder.mode, builder.flags, after = found
            builder.nodemask, builder.cpuset, builder.mems_allowed = placement(after)

    def _add_prelude(self, record: Record, source: Source) -> bool:
        told = read_prelude(record.text)
        if told is None:
            return False
        if told.release:
            self._releases.setdefault(told.release)
        builder = self._owner_of(told, record, source)
        if builder is None:
            self._close(source, OTHER)
            return True
        if self._current.get(source) is not builder:
            other = self._current.get(source)
            if other is not None and other.entries and not other.trace_closed:
                other.interleaved = builder.interleaved = True
            self._current[source] = builder
        self._set_prelude(builder, told)
        if not told.release and not is_whole(record.text):
            self._half_prelude = (builder, record.text)
        return True

    def _set_prelude(self, builder: ReportBuilder, told: Prelude) -> None:
        builder.prelude = told
        if told.release:
            self._releases.setdefault(told.release)

    def _owner_of(self, told: Prelude, record: Record, source: Source) -> ReportBuilder | None:
        """The open report that a `Comm:` line belongs to: the newest of its comm that has none yet."""
        for builder in reversed(self._open):
            if builder.prelude is None and builder.is_of(told.comm) and builder.record.source == source:
                if builder.entries and builder.trace_closed:
                    continue
                if _pause(builder.record, record) <= MAX_PAUSE_S:
                    return builder
        return None

    # -- the end -----------------------------------------------------------------------------------------------------

    def _place(self, record: Record) -> Place:
        return Place(self._file, self._first_line + record.index)

    def warn(self, text: str) -> None:
        self._warnings.append(text)

    def facts(self) -> LogFacts:
        """All that was read."""
        self.end_window()
        loose = self._give_slub()
        cache: FrameCache = {}
        reports: list[FailureReport] = []
        last_mem_info: float | None = None
        for builder in self._reports:
            if builder.mode is None:
                self._warnings.append(
                    f"{builder.place.file}:{builder.place.line}: a header without mode, not counted: {builder.header.text}"
                )
                continue
            moment = seconds(builder.record.boot)
            since = None if moment is None or last_mem_info is None else moment - last_mem_info
            report = builder.build(cache, self._release, since)
            if report.mem_info is not None and moment is not None:
                last_mem_info = moment
            reports.append(report)
        return LogFacts(
            tuple(reports), loose, tuple(self._suppressed), tuple(self._releases), tuple(dict.fromkeys(self._warnings))
        )

    def _give_slub(self) -> tuple[SlubBlock, ...]:
        """SLUB prints its block after the report of its own request, whose order is the cache's min order."""
        loose: list[SlubBlock] = []
        for block, builder in self._blocks:
            built = block.build()
            own = (
                builder is not None
                and not builder.slub
                and built.min_order in (None, builder.header.order)
                and _pause(builder.record, block.record) <= MAX_PAUSE_S
            )
            if own and builder is not None:
                builder.slub.append(built)
            else:
                loose.append(built)
        return tuple(loose)


def _begins_something(text: str) -> bool:
    return "+0x" in text or ":" in text[:24] or text.startswith(("[<", "<", "Call", "Backtrace"))


def _pause(one: Record, other: Record) -> float:
    """Seconds from one record to the other, 0 where no clock since boot tells."""
    if one.boot is None or other.boot is None:
        return 0.0
    return abs(float(other.boot) - float(one.boot))
