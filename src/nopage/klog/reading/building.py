"""One report while its lines come in, and the FailureReport that they make."""
from __future__ import annotations

from typing import Final

from nopage.kernel.facts import FailureReport, Frame, Place, SlubBlock, asked_in_interrupt
from nopage.kernel.pattern import later
from nopage.klog.framing import Record, iso_time, seconds
from nopage.klog.report import (
    CALLEE,
    CONTEXT_LOST,
    CUT,
    GARBAGE_STACK,
    MAX_COMM,
    MIXED,
    TRACE,
    Entry,
    Header,
    MemInfoBuilder,
    Prelude,
    RawFrame,
    contexts,
    cpuset_line,
    find_mode,
    is_told,
    lone_module,
    no_mem_info,
    no_trace,
    placement,
    read_frames,
    read_prelude,
    title_end,
    unnamed,
)

FrameCache = dict[tuple[RawFrame, str], Frame]
LineCache = dict[str, list[Entry]]

MAX_CACHED_LINES: Final = 20_000
MAX_PAUSE_S: Final = 10.0  # between the parts of one report; slow serial consoles take seconds
_PRINTS_ONCE: Final = frozenset(("dump_stack", "dump_stack_lvl", "warn_alloc", "warn_alloc_failed"))
_BEGINS: Final = later(r"\[?<|\[[0-9a-f]|\S+\+0x|\? |[\w /()-]{1,24}:|[0-9a-f]{8,16} [0-9a-f]{8,16}")


class ReportBuilder:
    """Collects header, prelude, call trace, Mem-Info and SLUB block of one failure."""

    __slots__ = (
        "_half", "_lines", "cpuset", "end", "entries", "flags", "frames", "hardware", "header", "interleaved", "mem",
        "mem_record", "mems_allowed", "missing", "mode", "nodemask", "note", "place", "prelude", "record", "repeated",
        "running", "slub", "titles", "trace_closed", "workqueue",
    )  # fmt: skip

    def __init__(self, header: Header, record: Record, place: Place, lines: LineCache) -> None:
        self.header = header
        self.record = record
        self.place = place
        self.mode = header.mode
        self.flags = header.flags
        self.nodemask, self.cpuset, self.mems_allowed = placement(header.text)
        self.prelude: Prelude | None = None
        self.hardware: str | None = None
        self.workqueue: str | None = None
        self.note: str | None = None
        self.repeated = 0
        self.entries: list[Entry] = []
        self.titles = 0
        self.trace_closed = False
        self.interleaved = False
        self.mem = MemInfoBuilder()
        self.mem_record: Record | None = None  # the first line of its Mem-Info
        self.frames: tuple[Frame, ...] = ()
        self.slub: list[SlubBlock] = []
        self.missing = list(header.damage)
        self.end = CUT
        self.running: str | None = None  # the release that the log named last before it
        self._lines = lines
        self._half = ""

    @property
    def comm(self) -> str:
        """The header's, or what the `Comm:` line says of a header that was glued to another line."""
        told = self.prelude.comm if self.prelude is not None else None
        return told[:MAX_COMM] if told and told != self.header.comm and self.is_of(told) else self.header.comm

    @property
    def has_lines(self) -> bool:
        """Anything beyond the header was read."""
        return bool(self.prelude or self.entries or self.titles or self.mem.began or self.hardware)

    @property
    def begun(self) -> bool:
        """Its own trace has begun, so lines of a trace can be its own."""
        return self.prelude is not None or self.titles > 0 or bool(self.entries)

    @property
    def in_trace(self) -> bool:
        return self.titles > 0 and not self.trace_closed

    def expects(self, text: str) -> bool:
        """Whether `text` goes on with what this report has printed, where its kernel titles its traces."""
        if title_end(text):
            return self.prelude is not None and not self.titles
        if not self.titles:
            return self.prelude is not None
        if self.mem.began:
            return not text.startswith("Mem-")
        return self.in_trace

    def is_of(self, comm: str | None) -> bool:
        """A prelude of `comm` can belong to this report."""
        header = self.header
        return comm is None or not header.comm or comm[:MAX_COMM] == header.comm or header.name.endswith(comm)

    def joined_prelude(self, told: Prelude) -> Prelude | None:
        """The prelude with `told` as its next line; None when `told` begins another dump."""
        if self.prelude is None:
            return told
        return None if self.entries or self.titles or self.mem.began else self.prelude.joined(told)

    def set_prelude(self, told: Prelude, text: str) -> None:
        self.prelude = told
        self._half = "" if told.whole else text

    def take(self, record: Record) -> bool:
        """One line; False when it is none of a report's."""
        text = record.text
        if self._half and self._take_rest(record):
            return True
        if "+0x" in text and not text.startswith(("Call ", "Backtrace")):
            return self._take_frames(text)
        if self.mem.add(text):
            if self.mem_record is None:
                self.mem_record = record
            if self.entries:
                self.trace_closed = True
            return True
        end = title_end(text)
        if end:
            return self._take_title(text[end:])
        first = text[0]
        if first in "<[(" or first == "-" or " from" in text or "{" in text:
            module = lone_module(text) if first == "[" and self.entries and not self.trace_closed else None
            if module is not None:
                self._set_module(module)
                return True
            if self._take_frames(text):
                return True
        return self._take_rare(record)

    def take_mode(self, text: str) -> str | None:
        """`mode:` printed apart from the header; returns the rest of the line."""
        found = find_mode(text)
        if found is None:
            return None
        self.mode, self.flags, rest = found
        self.nodemask, self.cpuset, self.mems_allowed = placement(rest)
        return rest

    def _take_rest(self, record: Record) -> bool:
        """The second half of a wrapped `Comm:` or `Hardware name:` line."""
        half, self._half = self._half, ""
        text = record.text
        if record.framed and self.record.framed:
            return False
        if half.startswith("Hardware"):
            if self.record.framed and _BEGINS.match(text) is None and self.hardware is not None:
                self.hardware = f"{self.hardware} {text}"
                return True
            return False
        if _BEGINS.match(text) is not None and not text.startswith("Tainted:"):
            return False
        whole = read_prelude(f"{half} {text}")
        if whole is None or (whole.release is None and whole.taint is None):
            return False
        self.set_prelude(whole, f"{half} {text}")
        return True

    def _take_frames(self, text: str) -> bool:
        entries = self._lines.get(text)
        if entries is None:
            entries = read_frames(text)
            if len(self._lines) < MAX_CACHED_LINES:
                self._lines[text] = entries
        if not entries:
            return False
        if not self.trace_closed:
            for entry in entries:
                self._add(entry)
        return True

    def _add(self, entry: Entry) -> None:
        """A frame or stack marker; what klogd wrote twice, or two lines say of one call, is kept once."""
        entries = self.entries
        last = entries[-1] if entries else None
        if isinstance(entry, str) or last is None:
            entries.append(entry)
        elif isinstance(last, RawFrame):
            same = last.symbol == entry.symbol and last.offset == entry.offset
            if same and last.offset is not None and (last.address is None or entry.address is None):
                if last.address is None:
                    entries[-1] = entry
            else:
                entries.append(entry)
        elif last is CALLEE:
            entries.pop()
            caller = entries[-1] if entries else None
            if not (isinstance(caller, RawFrame) and caller.symbol == entry.symbol):
                entries.append(entry)
        elif last[0] == "@":
            entries.pop()
            if entry.address is None:
                entries.append(entry._replace(address=int(last[1:], 16)))
            else:
                entries += (unnamed(last[1:]), entry)
        else:
            entries.append(entry)

    def _set_module(self, module: str) -> None:
        """The `[mod]` of the last frame, wrapped to the next line."""
        last = self.entries[-1]
        if isinstance(last, RawFrame) and last.module is None:
            self.entries[-1] = last._replace(module=module)

    def _take_title(self, rest: str) -> bool:
        if self.titles and self.entries:
            self.trace_closed = True  # another dump begins
        self.titles += 1
        if rest.strip():
            self._take_frames(rest.strip())
        return True

    def _take_rare(self, record: Record) -> bool:
        text = record.text
        if text.startswith("Hardware name:") and self.hardware is None:
            self.hardware = text[14:].strip()
            self._half = text
            return True
        if text.startswith("Workqueue:") and self.workqueue is None:
            self.workqueue = text[10:].strip()
            return True
        if " cpuset=" in text:
            comm = cpuset_line(text)
            if comm is None or not self.is_of(comm):
                return False
            if self.mems_allowed is None:
                _, self.cpuset, self.mems_allowed = placement(text)
            return True
        if "Stack pointer is garbage" in text:
            self.missing.append(GARBAGE_STACK)
            self.titles += 1
            return True
        return self.begun and not self.trace_closed and self._take_frames(text)

    @property
    def release(self) -> str | None:
        """The kernel that its own lines name."""
        return self.prelude.release if self.prelude is not None else None

    @property
    def interrupt(self) -> bool:
        """Whether an interrupt asked, as its frames tell; they must be there (`settle`)."""
        return asked_in_interrupt(self.frames)

    def settle(self, cache: FrameCache) -> None:
        """Makes the frames, once no more of its lines can come."""
        self.frames = self._frames(cache)

    def build(
        self, release: str | None, since_last_mem_info_s: float | None, *, shown_in_interrupt: bool
    ) -> FailureReport:
        """The report, once it is settled. `mode` must be known; the rest is for `no_mem_info`."""
        told = self.prelude or Prelude()
        frames, interrupt = self.frames, self.interrupt
        mem_info = self.mem.build()
        missing = self.missing
        if not frames and not any(one.id.startswith(TRACE) for one in missing):
            missing.append(no_trace(self.end, headers_only=not self.has_lines))
        if self.interleaved or self._is_mixed():
            missing.append(MIXED)
        if mem_info is None:
            missing.append(
                no_mem_info(
                    self.end,
                    kernel=told.release or release,
                    interrupt=interrupt,
                    frames=len(frames),
                    headers_only=not self.has_lines,
                    since_last_mem_info_s=since_last_mem_info_s,
                    shown_in_interrupt=shown_in_interrupt,
                )
            )
            if frames and self.end == CUT and not interrupt and not is_told(self.entries):
                missing.append(CONTEXT_LOST)
        assert self.mode is not None
        return FailureReport(
            comm=self.comm,
            order=self.header.order,
            gfp_mask=self.mode,
            place=self.place,
            header=self.header.text,
            gfp_text=self.flags,
            time=iso_time(self.record.wall),
            monotonic_s=seconds(self.record.boot),
            pid=told.pid,
            cpu=told.cpu,
            kernel=told.release,
            taint=told.taint,
            hardware=self.hardware,
            workqueue=self.workqueue,
            nodemask=self.nodemask,
            cpuset=self.cpuset,
            mems_allowed=self.mems_allowed,
            note=self.note,
            repeated=self.repeated,
            frames=frames,
            mem_info=mem_info,
            slub=tuple(self.slub),
            missing=tuple(dict.fromkeys(missing)),
        )

    def _is_mixed(self) -> bool:
        """Functions that stand once in every trace stand twice in this."""
        seen = [entry.symbol for entry in self.entries if isinstance(entry, RawFrame) and entry.reliable]
        return any(seen.count(symbol) > 1 for symbol in _PRINTS_ONCE)

    def _frames(self, cache: FrameCache) -> tuple[Frame, ...]:
        self.entries = entries = [
            unnamed(entry[1:]) if isinstance(entry, str) and entry[:1] == "@" else entry
            for entry in self.entries
            if entry is not CALLEE
        ]
        frames: list[Frame] = []
        raw = [entry for entry in entries if isinstance(entry, RawFrame)]
        for pair in zip(raw, contexts(entries, self.comm), strict=True):
            frame = cache.get(pair)
            if frame is None:
                (symbol, module, offset, size, address, reliable), context = pair
                frame = cache[pair] = Frame(symbol, module, offset, size, address, reliable, context)
            frames.append(frame)
        return tuple(frames)
