"""Lines of a screen: wrapped beside a label, never inside a command or a name such as "RHEL 6.1".

A column is a cell of a terminal: characters of Chinese, Japanese and Korean take two.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from rich.cells import cell_len

from nopage.kernel.frozen import dataclass
from nopage.kernel.plain import plain

PROSE_MOST = 100
LABEL = 8
MARK = " ..."
TOGETHER = re.compile(
    r"(?<![A-Za-z])(?:RHEL|order|Node|node|step|Linux|MTU) (?=[\d.]+)"
    r"|(?<=\d) (?=(?:kB|MB|GB|TB|%|pages?|seconds|minutes)(?![A-Za-z]))"
    r"|(?<![A-Za-z])(?:sysctl|ethtool|tuned-adm|ip) (?=-\w)|(?<![A-Za-z])echo (?=\d)|(?<= -w) (?=vm\.)"
    r"|(?<=\d) (?=> /)|(?<=>) (?=/)"
)
GLUE = "\u00a0"
# Lines of languages without blanks break between any two characters, but none begins with what closes or lengthens, nor
# ends with what opens.
OPENS, CLOSES = "（「『【《〈", "、。，．：；！？）」』】》〉・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々"
WIDE = "\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef"
PIECE = re.compile(rf"[{OPENS}]*(?:[{WIDE}]|[^ {WIDE}]+)[{CLOSES}]*|[{OPENS}]+| +")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of plain text and how it is to look: "", "bold", "dim", "bad" or "good"."""

    text: str = ""
    style: str = ""


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The text in lines; a long word such as a URL is never broken, numbers stay with their units."""
    glued = TOGETHER.sub(lambda found: found[0].replace(" ", GLUE), plain(text))
    room = max(width, 20)
    if glued.replace(GLUE, "").isascii():
        lines = wrap(glued, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    else:
        lines = list(by_cells(glued, room, indent))
    return [line.replace(GLUE, " ") for line in lines or [""]]


def by_cells(text: str, room: int, indent: str = "") -> Iterator[str]:
    """The text in lines of so many cells."""
    line = start = ""
    for piece in PIECE.findall(text):
        if line.strip() and cell_len(line) + cell_len(piece.rstrip(" ")) > room:
            yield line.rstrip(" ")
            line = start = indent
        line += piece.lstrip(" ") if line == start else piece
    if line.strip():
        yield line.rstrip(" ")


def paragraph(text: str, width: int, style: str = "") -> list[Line]:
    """Prose from the first column."""
    return [Line(line, style) for line in wrapped(text, min(width, PROSE_MOST))]


def labelled(label: str, lines: Sequence[str]) -> list[Line]:
    """The lines beside a label, which stands at the first one."""
    return [Line(f"{padded(label if number == 0 else '', LABEL)} {line}".rstrip()) for number, line in enumerate(lines)]


def beside(label: str, texts: Iterable[str], width: int, most: int = 99) -> list[Line]:
    """Texts wrapped beside a label, at most so many lines, the last one says of more; nothing for no text."""
    room = min(width, PROSE_MOST) - LABEL - 1
    return labelled(label, at_most([line for text in texts if text for line in wrapped(text, room)], most, room))


def at_most(lines: Sequence[str], most: int, width: int) -> list[str]:
    """So many lines of a text; where it had more, the last one ends in a mark, behind a whole word."""
    if len(lines) <= most:
        return list(lines)
    if most < 1:
        return []
    last = lines[most - 1]
    while cell_len(last) > width - len(MARK) and last.strip():
        last = last.rpartition(" ")[0] if " " in last.strip() and last.isascii() else last[:-1]
    return [*lines[: most - 1], last.rstrip(" ,;:") + MARK]


def cut(text: str, width: int) -> str:
    """The text in so many columns."""
    if cell_len(text) <= width:
        return text
    room = max(width - 3, 1)
    kept = text[:room]
    while cell_len(kept) > room:
        kept = kept[:-1]
    return kept.rstrip() + "..."


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text filled up with blanks to so many columns; longer text stays whole."""
    blanks = " " * max(width - cell_len(text), 0)
    return blanks + text if right else text + blanks


def columns(table: Sequence[Sequence[str]], right: int = 0) -> list[str]:
    """A table as lines, its columns aligned; the first `right` ones are set to the right."""
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            padded(cell, size, right=place < right)
            for place, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
