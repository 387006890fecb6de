"""The windows of a log: block search for needles, whole lines around the hits, flat memory.

The window of a hit is its line, the lines before it that its needle asks for, and what follows until as many lines in a
row as the needle says look like no part of a kernel report. That of a log's first report has more lines before it: they
tell who started what. Hits less than NEAR bytes apart belong together. Windows
that touch are one. Where the lines stand newest first a report stands before its header.
"""
from __future__ import annotations

from collections.abc import Callable

from nopage.intake.model import Limits
from nopage.intake.search.fields import lines_of_a_message
from nopage.intake.search.finder import finder
from nopage.intake.search.needles import BY_TEXT, EARLY, LONGEST, Needle, is_report_line
from nopage.intake.search.other import OtherEvents
from nopage.intake.search.quick import newlines
from nopage.intake.search.storm import Keeper, LogWindows, Segment
from nopage.kernel.header import AROUND_HEADER, begins_report

BEFORE = 8 << 10  # most bytes kept before a hit
REPORT_BYTES = 64 << 10  # most bytes of a report that stands before its header
CONTEXT = 40  # lines kept before the first report of a log
NEAR = 16 << 10  # about one large report: what stands between two hits so close is not looked at
REACH = 2 << 20  # most bytes that a window goes on after its last hit
PART = 256 << 10  # a window of hits without reports is kept in parts of about this size
LINE = 1 << 20  # a longer line is cut into pieces of about this size
WHOLE = 64 << 10  # a log up to this size is kept whole where it has a hit at all
EDGE = 256  # bytes of the first and last line kept for their times


class WindowSearch:
    """Searches one log that is fed block by block; `finish()` gives its windows.

    `width` says how many bytes of the file a piece of the fed bytes stands for, where these were transcoded; `start`
    is where in the file the first fed byte stands.
    """

    def __init__(self, file: str, limits: Limits, width: Callable[[bytes], int] | None = None, start: int = 0) -> None:
        self._width = width
        self._keeper = Keeper(file, limits)
        self._other = OtherEvents()
        self._context_bytes = min(BEFORE, limits.log_bytes // 8)  # where little may be kept, reports come first
        self._reported = False
        self._met = False  # a hit of a report, or of what stands before one, has been met; there is one context a log
        self._backwards: bool | None = None  # the lines stand newest first; None: no header has told yet
        self._held = REPORT_BYTES  # bytes that are held to look back at: less where no report stands there
        self._find_all = finder(True, True)
        self._find = finder(False, True)
        self._buf = b""
        self._low = 0  # what stands in _buf before this is forgotten; a line begins here, or the piece of a cut one
        self._done = 0  # _buf has been searched up to here, the end of a line or of a piece
        self._seen = 0  # up to here _buf holds no needle that has not been found
        self._closed = 0  # what stands before this has been handed to the keeper already
        self._closed_line = 1  # number of the line there
        self._seg = -1  # where the open window's current part begins; -1: none is open
        self._last = 0  # end of the last hit's line
        self._scan = 0  # lines up to here have been looked at for the open window
        self._quiet = 0
        self._limit = 0
        self._headed = False  # the open part has a report's header already
        self._stretch = 1  # lines that one message takes: exports spread its fields over several
        self._fresh = True
        self._end = start  # offset in the file of the end of _buf
        self._newlines = 0  # in the file up to the end of _buf
        self._head = b""
        self._tail = b""

    def feed(self, block: bytes) -> None:
        if len(block) > LINE:
            for at in range(0, len(block), LINE):
                self.feed(block[at : at + LINE])
            return
        if len(self._head) < EDGE:
            self._head += block[:EDGE]
        self._tail = block[-EDGE:] if len(block) >= EDGE else (self._tail + block)[-EDGE:]
        self._newlines += newlines(block)
        self._other.feed(block)
        self._end += self._width(block) if self._width else len(block)
        if self._fresh or self._seg >= 0 or not self._pass_over(block):
            self._search(block)
        self._find = finder(self._reported, self._end < EARLY)

    def finish(self) -> LogWindows:
        """The windows, after the last byte was fed."""
        end = len(self._buf)
        if self._fresh:
            if self._find_all(self._buf):
                self._seg = 0
                self._emit(end)
        else:
            self._advance(end)
            self._leave(end)
        return self._keeper.finish(self._head, self._tail)._replace(other_events=dict(self._other.counts))

    def _pass_over(self, block: bytes) -> bool:
        """Take a block without a hit as it is, uncopied; False where it has to be looked at line by line."""
        if self._find(block) or self._find(self._buf[max(0, self._seen - LONGEST) :] + block[:LONGEST]):
            return False
        newline = block.find(b"\n")
        done = block.rfind(b"\n") + 1
        low = block.find(b"\n", done - self._held - 1) + 1 if done > self._held else 0
        if not low or len(self._buf) - self._done + newline > LINE:
            return False
        self._buf, self._low, self._done, self._closed, self._seen = block, low, done, 0, len(block)
        return True

    def _search(self, block: bytes) -> None:
        low = self._low
        self._buf = self._buf[low:] + block if self._buf else block
        if low:
            self._low = 0
            self._done -= low
            self._last -= low
            self._scan -= low
            self._closed = max(0, self._closed - low)
            if self._seg >= 0:
                self._seg -= low
        if self._fresh:
            if len(self._buf) <= WHOLE:
                return
            self._begin()
        while True:
            newline = self._buf.find(b"\n", self._done)
            if (newline if newline >= 0 else len(self._buf)) - self._done <= LINE + 2 * LONGEST:
                break
            self._cut_line()
        self._advance(self._buf.rfind(b"\n") + 1)
        self._seen = self._done

    def _begin(self) -> None:
        self._fresh = False
        self._stretch = lines_of_a_message(self._buf[:WHOLE])
        self._held = REPORT_BYTES * self._stretch

    def _cut_line(self) -> None:
        """End the piece of an overlong line, not inside a needle; the rest goes on as another piece of that line."""
        cut = self._done + LINE
        for _ in range(4):  # a header holds several needles; the cut goes before the first
            around = self._buf[cut - LONGEST : cut + 2 * LONGEST]
            moved = min((cut - 2 * LONGEST + around.find(text) for text in self._find_all(around)), default=cut)
            if moved >= cut:
                break
            cut = moved
        self._advance(cut)
        self._leave(cut)
        self._low = cut

    def _leave(self, end: int) -> None:
        """Close the window that is open, at `end` at the latest."""
        if self._seg >= 0:
            stop = self._run(end)
            self._emit(stop if stop >= 0 else end)
            self._seg = -1

    def _hits(self, end: int) -> list[tuple[int, Needle]]:
        """Places of needles in what stands from _done to `end`, in order."""
        buf, start = self._buf, self._done
        hits: list[tuple[int, Needle]] = []
        for text in self._find(buf if not start and end == len(buf) else buf[start:end]):
            at = buf.find(text, start, end)
            needle = BY_TEXT[text]
            while at >= 0:
                if not needle.behind or buf.endswith(needle.behind, 0, at):
                    hits.append((at, needle))
                at = buf.find(text, at + len(text), end)
        hits.sort(key=lambda hit: hit[0])
        if any(needle.early for _, needle in hits):
            begin = self._end - len(buf)
            hits = [(at, needle) for at, needle in hits if not needle.early or begin + at < EARLY]
        if self._reported or not any(needle.before for _, needle in hits):
            return hits
        start = next(at for at, needle in hits if needle.before)
        self._reported, self._find = True, self._find_all
        return [(at, needle) for at, needle in hits if at < start] + [hit for hit in self._hits(end) if hit[0] >= start]

    def _advance(self, end: int) -> None:
        """Search up to `end`, which stands behind a whole line or a piece of one."""
        if end <= self._done:
            return
        for at, needle in self._hits(end):
            self._hit(at, needle, end)
        self._done = end
        if self._seg >= 0:
            stop = self._run(end)
            if stop >= 0 and end - self._last > NEAR:  # else a hit may still come that is near
                self._emit(stop)
                self._seg = -1
        if self._seg >= 0:
            self._low = self._seg
        elif end - self._low > self._held:
            self._low = self._buf.find(b"\n", end - self._held - 1, end) + 1 or end

    def _hit(self, at: int, needle: Needle, end: int) -> None:
        buf = self._buf
        start = max(buf.rfind(b"\n", self._low, at) + 1, self._low)
        stop = buf.find(b"\n", at, end) + 1 or end
        if self._backwards is not False and needle.report and buf.endswith(needle.report, 0, at):
            if self._backwards is None:
                self._backwards = self._stands_before(start, stop)
                if not self._backwards:
                    self._held = BEFORE
            if self._backwards:
                self._emit_back(start, stop)
                return
        if self._seg >= 0 and start - self._last > NEAR:
            closed = self._run(start)
            if closed >= 0:
                self._emit(closed)
                self._seg = -1
        if self._seg < 0:
            begin = self._back(start, needle.before, BEFORE)
            if needle.before and not self._met:
                begin = min(begin, self._back(start, CONTEXT, self._context_bytes))
            self._seg = max(begin, self._closed)
            self._limit = 0
            self._headed = False
        elif start >= self._last and ((self._headed and needle.before) or start - self._seg > PART):
            self._emit(start)  # each report a part of its own, so that a storm can be thinned out
            self._seg = start
            self._headed = False
        self._met = self._met or bool(needle.before)
        self._headed = self._headed or (bool(needle.report) and buf.endswith(needle.report, 0, at))
        self._limit = max(self._limit, needle.quiet * self._stretch)
        self._quiet = 0
        self._last = self._scan = stop

    def _stands_before(self, start: int, stop: int) -> bool:
        """Around a header, which stands at `start`, are the lines that follow one: before it, the last one first."""
        behind = stop
        for _ in range(AROUND_HEADER * self._stretch):
            behind = self._buf.find(b"\n", behind) + 1 or len(self._buf)
        before = self._buf[self._back(start, AROUND_HEADER, BEFORE) : stop].decode("latin-1").splitlines()
        return begins_report(before[::-1]) and not begins_report(
            self._buf[start : min(behind, stop + BEFORE)].decode("latin-1").splitlines()
        )

    def _emit_back(self, start: int, stop: int) -> None:
        """Hand over the report of a header at `start`, all of which stands before it."""
        buf, scan, quiet = self._buf, start, 0
        begin, low = start, max(self._low, self._closed, start - self._held)
        while scan > low and quiet < BY_TEXT[b"allocation failure"].quiet * self._stretch:
            before = max(buf.rfind(b"\n", low, scan - 1) + 1, low)
            if is_report_line(buf, before, scan):
                begin, quiet = before, 0
            else:
                quiet += 1
            scan = before
        self._seg = begin if self._seg < 0 else max(min(begin, self._seg), self._closed)
        self._emit(stop)
        self._seg, self._met = -1, True
        self._last = self._scan = stop

    def _back(self, start: int, lines: int, most_bytes: int) -> int:
        """Where that many lines before the one at `start` begin, fewer where they are longer than `most_bytes`."""
        buf, low, at = self._buf, max(self._low, start - most_bytes), start
        for _ in range(lines * self._stretch):
            if at <= low:
                break
            previous = buf.rfind(b"\n", low, at - 1) + 1
            if not previous:
                if buf.endswith(b"\n", 0, low) or low == self._low:
                    at = low
                break  # else that line begins farther back than is looked
            at = previous
        return at

    def _run(self, end: int) -> int:
        """Go on with the open window up to `end`; where it ends before, the place it ends at, else -1."""
        buf, scan, quiet = self._buf, self._scan, self._quiet
        most = self._last + REACH
        ended = -1
        while scan < end:
            stop = buf.find(b"\n", scan, end) + 1 or end
            if is_report_line(buf, scan, stop):
                quiet = 0
            elif quiet >= self._limit:
                ended = scan
                break
            else:
                quiet += 1
            if stop > most:
                ended = scan
                break
            scan = stop
        self._scan, self._quiet = scan, quiet
        return ended

    def _emit(self, stop: int) -> None:
        """Hand the open window's part up to `stop` to the keeper."""
        start, buf = self._seg, self._buf
        if stop > start:
            if self._closed:
                line = self._closed_line + buf.count(b"\n", self._closed, start)
            else:
                line = self._newlines - buf.count(b"\n", start) + 1
            behind = self._width(buf[start:]) if self._width else len(buf) - start
            self._keeper.add(Segment(line, self._end - behind, buf[start:stop]))
            self._closed, self._closed_line = stop, line + buf.count(b"\n", start, stop)
