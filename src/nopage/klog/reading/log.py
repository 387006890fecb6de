"""`read_log()`: windows of a kernel log in, failure reports out. Pure, never raises, says what it could not read."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nopage.kernel.facts import LogFacts
from nopage.kernel.message import say
from nopage.kernel.window import Window
from nopage.klog.framing import MAX_LINE, Framer, Record, clean, continues, is_json, json_records
from nopage.klog.reading.assemble import Assembler

# Outside a report only lines with one of these matter.
_NEEDLES: Final = ("ocat", "suppressed", "repeated", "Linux version", "omm: ", "vmalloc")
_INSIDE: Final = re.compile(r"\+0x[0-9a-f]{1,6}/0x[0-9a-f]|\d\*\d{1,5}kB |lowmem_reserve\[\]:| free:\d{1,12}kB min:")
_CUT_HEADER: Final = re.compile(
    r"\S: page a[a-z]{0,9}(?: f[a-z]{0,6}[.:]?(?: ?o[a-z]{0,4}:?\d{0,3},?(?: m[a-z]{0,3}:?)?)?)?$"
)
_WRAPPED: Final = re.compile(r"page[ \t]*\n|page allocation[ \t]*\n|page allocation failure[^\n]{0,24}\n")


def read_log(windows: Iterable[Window], release: str | None = None) -> LogFacts:
    """All that the windows of one log say of allocation failures.

    `release` is the host's kernel where known; it only serves to tell why a report lacks its Mem-Info.
    """
    assembler = Assembler(release)
    framer = Framer()
    end: tuple[str, int] | None = None
    for window in windows:
        lines: Sequence[str] = window.lines
        if any(len(line) > MAX_LINE for line in lines):
            lines = [line[:MAX_LINE] for line in lines]
            assembler.warn(say("log.line_cut",
                               "{file}: a line longer than {limit_kib} KiB was read to that length only",
                               file=window.file, limit_kib=MAX_LINE // 1024))
        if end is None or end[0] != window.file:
            framer = Framer()
        if end != (window.file, window.line):
            assembler.begin_window(window.file, window.line)
        end = (window.file, window.line + len(lines))
        before = assembler.found
        for record in _records(lines, framer, assembler):
            assembler.add(record)
        if assembler.found > before:
            _tell_edges(window, lines, assembler)
    return assembler.facts()


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


def _records(lines: Sequence[str], framer: Framer, assembler: Assembler) -> Iterator[Record]:
    text = "\n".join(lines)
    if is_json(text):
        yield from json_records(lines)
        return
    wrapped = _WRAPPED.search(text) is not None or "=\n" in text
    held: Record | None = None
    for index, line in clean(lines, text):
        if held is None and assembler.idle and not wrapped and not any(needle in line for needle in _NEEDLES):
            continue
        for record in framer.records(index, line):
            if held is not None:
                if not record.framed and continues(held, record.text):
                    held.text = f"{held.text} {record.text}" if held.text else record.text
                    continue
                yield held
            held = record
    if held is not None:
        yield held
