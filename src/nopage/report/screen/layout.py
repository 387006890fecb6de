"""Lines of a screen: wrapped beside a label, never inside a command or a name such as "RHEL 6.1"."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import wrap

from nopage.kernel.frozen import dataclass
from nopage.kernel.plain import plain

PROSE_MOST = 100
LABEL = 8
MARK = " ..."
TOGETHER = re.compile(
    r"\b(?:RHEL|order|Node|step|Linux|MTU) (?=[\d.]+)|(?<=\d) (?=(?:kB|MB|GB|TB|%|pages?|seconds|minutes)\b)"
)
GLUE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of plain text and how it is to look: "", "bold", "dim", "bad" or "good"."""

    text: str = ""
    style: str = ""


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The text in lines; a long word such as a URL is never broken, numbers stay with their units."""
    glued = TOGETHER.sub(lambda found: found[0].replace(" ", GLUE), plain(text))
    lines = wrap(glued, max(width, 20), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [line.replace(GLUE, " ") for line in lines or [""]]


def paragraph(text: str, width: int, style: str = "") -> list[Line]:
    """Prose from the first column."""
    return [Line(line, style) for line in wrapped(text, min(width, PROSE_MOST))]


def labelled(label: str, lines: Sequence[str]) -> list[Line]:
    """The lines beside a label, which stands at the first one."""
    return [Line(f"{label if number == 0 else '':<{LABEL}} {line}".rstrip(), "") for number, line in enumerate(lines)]


def beside(label: str, texts: Iterable[str], width: int, most: int = 99) -> list[Line]:
    """Texts wrapped beside a label, at most so many lines; where more were, the last one says so."""
    room = min(width, PROSE_MOST) - LABEL - 1
    return labelled(label, at_most([line for text in texts for line in wrapped(text, room)], most, room))


def at_most(lines: Sequence[str], most: int, width: int) -> list[str]:
    """So many lines of a text; where it had more, the last one ends in a mark, behind a whole word."""
    if len(lines) <= most:
        return list(lines)
    if most < 1:
        return []
    last = lines[most - 1]
    while len(last) > width - len(MARK) and " " in last:
        last = last.rpartition(" ")[0]
    return [*lines[: most - 1], last.rstrip(" ,;:") + MARK]


def cut(text: str, width: int) -> str:
    """The text in so many columns."""
    return text if len(text) <= width else text[: max(width - 3, 1)].rstrip() + "..."


def columns(table: Sequence[Sequence[str]], right: int = 0) -> list[str]:
    """A table as lines, its columns aligned; the first `right` ones are set to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.rjust(size) if place < right else cell.ljust(size)
            for place, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
