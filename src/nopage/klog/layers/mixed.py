"""Windows in which reports stand in different dresses: several logs in one file, a log and an export in one case.

What is undone for a window is told by what its lines have in common, so each stretch of one dress is undone by itself.
Which dress it is stands before the comm of a header: a prefix that a layout knows, or the marks of another one.
"""
from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from nopage.kernel.pattern import later
from nopage.klog.framing import Framer

_HEADER: Final = later(r"[^\s:\"'|>,;]{1,16}(?::\d[\w:-]{0,8})?: page alloc")  # kworker/u16:3, Binder:12_3
_COMM: Final = later(r"[\w(][\w./@#+()-]*(?::[\w:.+-]+)?(?: [\w.:/()+-]+)*")
_WORD: Final = later(r"\w+|\s+")
_LOOKED_AT: Final = 48  # letters of a line's beginning
_MARKS: Final = 12
_HEADERS_MOST: Final = 256
_COMM_MOST: Final = 15
_KNOWN: Final = "known"


def stretches(lines: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where each stretch begins and ends; one where all reports are dressed alike, as nearly always."""
    whole = [(0, len(lines))]
    if len(lines) < 2 or text.count("page alloc") < 2:
        return whole
    framer = Framer()
    headers: list[tuple[int, str]] = []
    for index, line in enumerate(lines):
        if "page alloc" in line and (found := _HEADER.search(line)) is not None:
            headers.append((index, _dress(framer, line, found.start())))
            if len(headers) == _HEADERS_MOST:
                break
    if len({dress for _, dress in headers}) < 2:
        return whole
    cuts = [0]
    for (before, old), (index, new) in pairwise(headers):
        if old != new:
            cuts.append(_border(lines, before, old, index, new))
    return list(zip(cuts, [*cuts[1:], len(lines)], strict=True))


def _dress(framer: Framer, line: str, start: int) -> str:
    record = framer.record(0, line)
    comm, header, _ = record.text.partition(": page alloc")
    if record.framed and header and len(comm) <= _COMM_MOST and _COMM.fullmatch(comm) is not None:
        return _KNOWN
    return _marks(line[:start])


def _marks(before: str) -> str:
    """The marks of a text's beginning, without its words, numbers and blanks."""
    return _WORD.sub("", before[:_LOOKED_AT])[:_MARKS]


def _border(lines: Sequence[str], before: int, old: str, index: int, new: str) -> int:
    """Where, between two headers, the dress of the second begins: behind the last line that bears that of the first,
    which unknown marks tell best."""
    if not new or old not in ("", _KNOWN):
        fitting = (at for at in range(index - 1, before, -1) if _fits(lines[at], old))
        return next(fitting, index - 1) + 1
    begin = index
    while begin > before + 1 and (not lines[begin - 1].strip() or _fits(lines[begin - 1], new)):
        begin -= 1
    return begin


def _fits(line: str, dress: str) -> bool:
    if dress == _KNOWN:
        return Framer().record(0, line).framed
    return bool(dress) and _marks(line).startswith(dress[:_MARKS])
