"""`read_log()`: windows of a kernel log in, failure reports out. Pure, never raises, says what it could not read."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from nopage.kernel.facts import LogFacts, Window
from nopage.klog.assemble import Assembler
from nopage.klog.framing import Framer, Record
from nopage.klog.header import HEADER
from nopage.klog.journal import is_json, json_records
from nopage.klog.unquote import MAX_LINE, clean

# Outside a report only lines with one of these matter.
_NEEDLES: Final = ("page alloc", "ocat", "suppressed", "Unable to allocate", "repeated", "Linux version", "omm: ", "vmalloc")
_WRAPPED: Final = re.compile(
    r"page[ \t]*\n[^\n]{0,80}?allocation failure|page allocation[ \t]*\n[^\n]{0,80}?failure|"
    r"page allocation failure[.:,]?[ \t]*\n|page allocation failure[.:,]? ?order: ?\d{1,3},?[ \t]*\n"
)
_OPEN_END: Final = re.compile(r"(?:: page(?: allocation(?: failure[.:,]?)?)?|page allocation failure[.:,]? order:? ?\d*,?)$")
_MORE: Final = ("nodemask=", "cpuset=", "mems_allowed=")
_MAX_WRAP: Final = 4


def read_log(windows: Iterable[Window], release: str | None = None) -> LogFacts:
    """All that the windows of one log say of allocation failures.

    `release` is the host's kernel where known; it only serves to tell why a report lacks its Mem-Info.
    """
    assembler = Assembler(release)
    end: tuple[str, int] | None = None
    framer = Framer()
    for window in windows:
        lines = window.lines
        if end != (window.file, window.line):
            assembler.begin_window(window.file, window.line)
        if end is None or end[0] != window.file:
            framer = Framer()
        end = (window.file, window.line + len(lines))
        if any(len(line) > MAX_LINE for line in lines):
            assembler.warn(f"{window.file}: a line longer than {MAX_LINE // 1024} KiB was read to that length only")
        for record in _records(lines, framer, assembler):
            assembler.add(record)
    return assembler.facts()


def _records(lines: Iterable[str], framer: Framer, assembler: Assembler) -> Iterator[Record]:
    lines = lines if isinstance(lines, list | tuple) else list(lines)
    if is_json(lines):
        yield from json_records(lines)
        return
    cleaned = list(clean(lines))
    wrapped = _WRAPPED.search("\n".join(text for _, text in cleaned)) is not None
    position = 0
    while position < len(cleaned):
        index, line = cleaned[position]
        position += 1
        if assembler.idle and not wrapped and not any(needle in line for needle in _NEEDLES):
            continue
        for record in framer.records(index, line):
            if wrapped and "page" in record.text:
                position = _unwrap(record, cleaned, position, framer)
            yield record


def _unwrap(record: Record, cleaned: list[tuple[int, str]], position: int, framer: Framer) -> int:
    """Joins the lines over which a mailer spread a header; returns where to go on."""
    if _OPEN_END.search(record.text) is None:
        return position
    text = record.text
    for ahead in range(position, min(position + _MAX_WRAP, len(cleaned))):
        index, line = cleaned[ahead]
        following = framer.record(index, line)
        if following.framed:
            return position
        text = f"{text} {following.text}"
        match = HEADER.search(text)
        if match is not None and match["mode"] is not None:
            record.text = text
            position = ahead + 1
            break
    else:
        return position
    while position < len(cleaned):
        following = framer.record(*cleaned[position])
        if following.framed or not following.text.startswith(_MORE):
            break
        record.text += ("" if record.text.endswith(",") else " ") + following.text
        position += 1
    return position
