"""One report while its lines come in, and the FailureReport that they make."""
from __future__ import annotations

from nopage.kernel.facts import FailureReport, Frame, Place, SlubBlock
from nopage.klog.clock import iso_time, seconds
from nopage.klog.context import contexts
from nopage.klog.framing import Record
from nopage.klog.header import Header, placement
from nopage.klog.meminfo import MemInfoBuilder
from nopage.klog.missing import CUT, no_mem_info, no_trace
from nopage.klog.prelude import Prelude
from nopage.klog.trace import RawFrame

Entry = RawFrame | str
FrameCache = dict[tuple[RawFrame, str], Frame]


class ReportBuilder:
    """Collects header, prelude, call trace, Mem-Info and SLUB block of one failure."""

    __slots__ = (
        "cpuset", "end", "entries", "hardware", "header", "interleaved", "mem", "mode", "flags", "mems_allowed",
        "missing", "nodemask", "note", "place", "prelude", "record", "repeated", "slub", "titles", "trace_closed",
        "workqueue",
    )  # fmt: skip

    def __init__(self, header: Header, record: Record, place: Place) -> None:
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
        self.slub: list[SlubBlock] = []
        self.missing = list(header.damage)
        self.end = CUT

    @property
    def comm(self) -> str:
        return self.header.comm or (self.prelude.comm if self.prelude and self.prelude.comm else "")

    @property
    def has_lines(self) -> bool:
        """Anything beyond the header was read."""
        return bool(self.prelude or self.entries or self.titles or self.mem.began or self.hardware)

    def is_of(self, comm: str | None) -> bool:
        """A prelude of `comm` can belong to this report."""
        return comm is None or not self.header.comm or comm[:15] == self.header.comm

    def add_entries(self, entries: list[Entry]) -> None:
        """Frames and stack markers of one line; what klogd wrote twice is kept once."""
        for entry in entries:
            if isinstance(entry, RawFrame) and self.entries:
                last = self.entries[-1]
                if (
                    isinstance(last, RawFrame)
                    and last.symbol == entry.symbol
                    and last.offset == entry.offset
                    and (last.address is None or entry.address is None)
                    and not (last.address is None and entry.address is None and last.size != entry.size)
                ):
                    self.entries[-1] = last if last.address is not None else entry
                    continue
            self.entries.append(entry)

    def set_module(self, module: str) -> None:
        """The `[mod]` of the last frame, wrapped to the next line."""
        if self.entries and isinstance(self.entries[-1], RawFrame) and self.entries[-1].module is None:
            self.entries[-1] = self.entries[-1]._replace(module=module)

    def build(self, cache: FrameCache, release: str | None, since_last_mem_info_s: float | None) -> FailureReport:
        told = self.prelude or Prelude(None, None, None, None, None)
        frames = self._frames(cache)
        mem_info = self.mem.build()
        missing = self.missing
        if not frames:
            missing.append(no_trace(self.end, headers_only=not self.has_lines))
        if self.interleaved:
            missing.append("lines of another CPU stand between this report's; call trace and Mem-Info may be mixed")
        if mem_info is None:
            missing.append(
                no_mem_info(
                    self.end,
                    kernel=told.release or release,
                    interrupt=bool(frames) and frames[0].context in ("irq", "softirq", "nmi"),
                    frames=len(frames),
                    since_last_mem_info_s=since_last_mem_info_s,
                )
            )
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

    def _frames(self, cache: FrameCache) -> tuple[Frame, ...]:
        frames: list[Frame] = []
        raw = [entry for entry in self.entries if isinstance(entry, RawFrame)]
        for pair in zip(raw, contexts(self.entries), strict=True):
            frame = cache.get(pair)
            if frame is None:
                (symbol, module, offset, size, address, reliable), context = pair
                frame = cache[pair] = Frame(symbol, module, offset, size, address, reliable, context)
            frames.append(frame)
        return tuple(frames)
