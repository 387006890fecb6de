"""Lines longer than any kernel prints: many lines that something else than a newline ends, or pages of one line."""
from __future__ import annotations

import re
from typing import Final

from nopage.kernel.pattern import later
from nopage.klog.quoting.unquote import MAX_LINE

# Old Macs and terminals, Latin-1 and Unicode, web pages, rsyslog's and other writers' escapes.
_ENDS: Final = later(r"[\r\x0b\x0c\x85\u2028\u2029]|<br ?/?>|</(?:p|div|li|tr)>|#012|\\r\\n|\\n", re.IGNORECASE)
# Between two objects, lists or rows of an export: one that the search cut into pieces is no document any more.
_JOINT: Final = later(r"(?<=\}),?\s{0,4}(?=\{ ?\")|(?<=\]),\s{0,4}(?=\[)|(?<=\)),\s{0,4}(?=\((?:\d|'))")
_JOINTS_MOST: Final = 50_000  # of a line, which the search cuts at a megabyte
_OBJECTS: Final = ("{", "[", "(")
_BETWEEN_TEXTS: Final = later(r"(?P<mark>[\"'])\s?,\s{0,4}b?(?P=mark)(?![,:\]}])")  # of a list
_NEEDLE: Final = "page alloc"
_BEFORE: Final = 2048  # characters kept in front of a header
_PIECES_MOST: Final = 16


def shortened(line: str) -> tuple[str, bool]:
    """The line, with newlines where its parts end; and whether something was left out.

    What has no ends is cut to MAX_LINE characters around each header, the first few of them.
    """
    if len(line) <= MAX_LINE:
        return line, False
    parts: list[str] = []
    is_cut = False
    for part in _parts(line):
        if len(part) > MAX_LINE:
            is_cut = True
            parts += _around_headers(part)
        else:
            parts.append(part)
    return "\n".join(parts), is_cut


def _parts(line: str) -> list[str]:
    """What the line is made of: objects, whose texts may hold ends, else what ends part, else the texts of a list."""
    parts = [
        end for part in _JOINT.sub("\n", line, count=_JOINTS_MOST).split("\n")
        for end in ([part] if part.startswith(_OBJECTS) and len(part) <= MAX_LINE else _ENDS.split(part))
    ]  # fmt: skip
    return [
        text for part in parts
        for text in (_BETWEEN_TEXTS.sub("\n", part, count=_JOINTS_MOST).split("\n") if len(part) > MAX_LINE else [part])
    ]  # fmt: skip


def _around_headers(line: str) -> list[str]:
    """Pieces of the line that a header stands in; its begin where there is none."""
    pieces: list[str] = []
    at = end = 0
    while len(pieces) < _PIECES_MOST:
        at = line.find(_NEEDLE, max(at, end))
        if at < 0:
            break
        begin = max(at - _BEFORE, end)
        end = begin + MAX_LINE
        pieces.append(line[begin:end])
    return pieces or [line[:MAX_LINE]]
