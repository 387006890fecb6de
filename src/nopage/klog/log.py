"""`read_log()`: windows of a kernel log in, failure reports out. Pure, never raises, says what it could not read."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nopage.kernel.facts import LogFacts, Window
from nopage.klog.assemble import Assembler
from nopage.klog.framing import Framer, Record
from nopage.klog.header import HEADER
from nopage.klog.journal import is_json, json_records
from nopage.klog.unquote import MAX_LINE, clean

# Outside a report only lines with one of these matter.
_NEEDLES: Final = (
    "ocat", "suppressed", "repeated", "Linux version", "omm: ", "vmalloc"
)  # fmt: skip
_WRAPPED: Final = re.compile(
    r"page[ \t]*\n[^\n]{0,80}?allocation failure|page allocation[ \t]*\n[^\n]{0,80}?failure|"
    r"page allocation failure[.:,]? ?(?:order: ?\d{1,3},?)?[ \t]*\n"
)
_OPEN_END: Final = re.compile(
    r"(?:: page(?: allocation)?|page allocation failure[.:,]?|page allocation failure[.:,]? ?order: ?\d{0,3},?)$"
)
_CUT_END: Final = re.compile(r": page a[a-z]{0,9}(?: f[a-z]{0,6}[.:]?(?: o[a-z]{0,4}:?\d{0,3},?)?)?$")
_MORE: Final = ("nodemask=", "cpuset=", "mems_allowed=")
_MAX_WRAP: Final = 4


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
            assembler.warn(f"{window.file}: a line longer than {MAX_LINE // 1024} KiB was read to that length only")
        if end is None or end[0] != window.file:
            framer = Framer()
        if end != (window.file, window.line):
            assembler.begin_window(window.file, window.line)
        end = (window.file, window.line + len(lines))
        for record in _records(lines, framer, assembler):
            assembler.add(record)
    return assembler.facts()


def _records(lines: Sequence[str], framer: Framer, assembler: Assembler) -> Iterator[Record]:
    text = "\n".join(lines)
    if is_json(text):
        yield from json_records(lines)
        return
    cleaned = list(clean(lines, text))
    wrapped = _WRAPPED.search(text) is not None or "=\n" in text
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
    whole = _joined(record, cleaned, position, framer) if _OPEN_END.search(record.text) else position
    match = HEADER.search(record.text)
    if match is None or match["mode"] is None:
        return whole
    while whole < len(cleaned):
        following = framer.record(*cleaned[whole])
        if following.framed or not following.text.startswith(_MORE):
            break
        record.text += f" {following.text}"
        whole += 1
    return whole


def _joined(record: Record, cleaned: list[tuple[int, str]], position: int, framer: Framer) -> int:
    text = record.text
    for ahead in range(position, min(position + _MAX_WRAP, len(cleaned))):
        following = framer.record(*cleaned[ahead])
        if following.framed:
            break
        text = f"{text} {following.text}"
        match = HEADER.search(text)
        if match is not None and match["mode"] is not None:
            record.text = text
            return ahead + 1
    return position
