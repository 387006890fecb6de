"""`read_log()`: windows of a kernel log in, failure reports out. Pure, never raises, says what it could not read."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import Final

from nopage.kernel.facts import LogFacts
from nopage.kernel.message import say
from nopage.kernel.pattern import later
from nopage.kernel.window import Window
from nopage.klog.framing import Record, continues
from nopage.klog.layers import MAX_LINE, Layers
from nopage.klog.quoting import shortened
from nopage.klog.reading.assemble import Assembler

# Outside a report only lines with one of these matter.
_NEEDED: Final = re.compile("page alloc|ocat|suppressed|repeated|Linux version|omm: |ainted|Process |vmalloc")
_INSIDE: Final = re.compile(r"\+0x[0-9a-f]{1,6}/0x[0-9a-f]|\d\*\d{1,5}kB |lowmem_reserve\[\]:| free:\d{1,12}kB min:")
_CUT_HEADER: Final = re.compile(
    r"\S: page a[a-z]{0,9}(?: f[a-z]{0,6}[.:]?(?: ?o[a-z]{0,4}:?\d{0,3},?(?: m[a-z]{0,3}:?)?)?)?$"
)
_EXPORT: Final = later(r"\s{0,64}(?:\{ ?\"|\[ ?[\"{])")  # JSON: many lines of a log on one of the file
# Two patterns, because each is searched for by the letters that it begins with.
_WRAPPED: Final = (
    re.compile(r"page(?: allocation(?: failure(?![^\n]{0,24}mode:0x)[^\n]{0,24})?)?[ \t]*\n"),
    re.compile(r"\n[ \t>|#*]{0,8}page alloc"),
)


OUT_OF_TIME: Final = "log.out_of_time"


def read_log(windows: Iterable[Window], release: str | None = None, until: float | None = None) -> LogFacts:
    """All that the windows of one log say of allocation failures.

    `release` is the host's kernel where known; it only serves to tell why a report lacks its Mem-Info. `until` is when
    to stop, by time.monotonic(): what was read up to then is given, with a warning.
    """
    assembler = Assembler(release)
    joiner = _Joiner(assembler)
    end: tuple[str, int] | None = None
    for window in windows:
        lines: Sequence[str] = window.lines
        if any(len(line) > MAX_LINE and not _is_export(line) for line in lines):
            read = [(line, False) if _is_export(line) else shortened(line) for line in lines]
            lines = [line for line, _ in read]
            if any(is_cut for _, is_cut in read):
                assembler.warn(say("log.line_cut",
                                   "{file}: a line longer than {limit_kib} KiB was read to that length only",
                                   file=window.file, limit_kib=MAX_LINE // 1024))
        if end is None or end[0] != window.file:
            joiner.new_file()
        if end != (window.file, window.line):
            assembler.begin_window(window.file, window.line)
        end = (window.file, window.line + len(lines))
        before = assembler.found
        for record in joiner.records(lines):
            assembler.add(record)
            if until is not None and monotonic() > until:
                assembler.warn(say("log.out_of_time", "{file}: the time ran out before the log was read wholly",
                                   file=window.file))
                return assembler.facts()
        if joiner.backwards:
            assembler.newest_first(window.file)
        if assembler.found > before:
            _tell_edges(window, lines, assembler)
        else:
            assembler.unread.window(window.file, window.line, "\n".join(window.lines))  # the cut parts too
    return assembler.facts()


def _is_export(line: str) -> bool:
    """A whole document of JSON, not a piece of one."""
    return _EXPORT.match(line) is not None and line[-64:].rstrip().rstrip(",").endswith(("}", "]"))


def _tell_edges(window: Window, lines: Sequence[str], assembler: Assembler) -> None:
    """A log that begins or ends inside a report, as ring buffers do."""
    first = next((line for line in lines[:4] if line.strip()), "")
    if window.line == 1 and _INSIDE.search(first[:400]) and "page alloc" not in first:
        assembler.warn(say("log.begins_inside", "{file}: the log begins inside a dump whose header is lost",
                           file=window.file))
    last = next((line for line in reversed(lines[-4:]) if line.strip()), "")
    if _CUT_HEADER.search(last[-200:].rstrip()):
        assembler.warn(say("log.ends_in_header", "{file}: the log ends inside the header of a report",
                           file=window.file))


class _Joiner:
    """The records of a log's windows, with lines that a mailer wrapped as one."""

    def __init__(self, assembler: Assembler) -> None:
        self._assembler = assembler
        self._layers = Layers(self._wanted_of)
        self._held: Record | None = None
        self._apart = False  # lines were left out behind the held one
        self._wrapped = False

    @property
    def backwards(self) -> bool:
        return self._layers.backwards

    def new_file(self) -> None:
        self._layers.new_file()

    def records(self, lines: Sequence[str]) -> Iterator[Record]:
        self._held = None
        for record in self._layers.records(lines, "\n".join(lines)):
            held: Record | None = self._held
            if held is not None:
                if not record.framed and not self._apart and continues(held, record.text):
                    held.text = f"{held.text} {record.text}" if held.text else record.text
                    continue
                yield held
            self._held, self._apart = record, False
        if self._held is not None:
            yield self._held

    def _wanted_of(self, text: str) -> Callable[[str], bool]:
        """Says of each line of a text whether anybody needs it."""
        self._wrapped = any(wrapped.search(text) for wrapped in _WRAPPED) or "=\n" in text
        return self._is_wanted

    def _is_wanted(self, line: str) -> bool:
        """Outside a report most lines need no reading, nor do the rests of such lines."""
        if self._wrapped or not self._assembler.idle or _NEEDED.search(line) is not None:
            return True
        if self._held is not None and not self._apart and _NEEDED.search(self._held.text) is not None:
            return True
        self._apart = True
        return False
