"""Hostile text for plain documents: one line without what steers a reader's screen, wrapped, or for Markdown."""
from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len

from nopage.kernel import plain as codes
from nopage.report.screen import wrapped

CASE_COLUMNS: Final = 78
COMMENT_COLUMNS: Final = 100
_OPENING: Final = "([\"'"
_CLOSING: Final = ".,;:!?)]\"'"
# What Markdown or GitHub would make something else of: emphasis, tags, links, people, issues, emoji, formulas.
_SPECIAL: Final = re.compile(
    r"[\\`*_\[\]<>|~$&@]|#\d|GH-\d|://|www\.|:[a-z0-9_+-]+:|\b(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40}\b",
    re.IGNORECASE,
)
# A word of a language without blanks, or with particles at its words, in runs of its own letters and of all others.
_LETTERS: Final = "\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
_RUNS: Final = re.compile(rf"[{_LETTERS}]+|[^{_LETTERS}]+")
_LONE: Final = re.compile(r"[^\w\s]+")
_BEGINS_BLOCK: Final = re.compile(r"^(?:([-+=])|(\d{1,9})([.)])(?=\s|$)|(#))")


def plain(text: object) -> str:
    """One line; what is no character of a line is written as its code."""
    return codes.plain("".join(char if char.isprintable() or not char.isspace() else " " for char in str(text)))


def in_lines(text: str, columns: int, indent: str = "", first: str | None = None) -> list[str]:
    """Prose in so many columns behind `indent`; a long word such as a URL is never broken, nor a number's unit."""
    head = indent if first is None else first
    lines = wrapped(plain(text), columns - cell_len(indent))
    return [(head if number == 0 else indent) + line for number, line in enumerate(lines)]


def shell_lines(command: str, columns: int, indent: str) -> list[str]:
    """A command to paste: continued by a backslash where it is too long and has no quotes; never broken in a word."""
    command = plain(command)
    if len(indent) + len(command) <= columns or any(mark in command for mark in "'\"\\#"):
        return [indent + command]
    lines = wrapped(command, columns - len(indent) - 6)
    return [
        (indent if number == 0 else indent + "    ") + line + (" \\" if number < len(lines) - 1 else "")
        for number, line in enumerate(lines)
    ]


def markdown(text: object) -> str:
    """Text that Markdown shows as it stands: a word in which it would see more than letters becomes code.

    A code span keeps GitHub from linking names, numbers and addresses, and reads well where nothing is rendered.
    """
    words = plain(text).split()
    if not words:
        return ""
    shown = ["".join(map(_word, _RUNS.findall(word))) for word in words]
    shown[0] = _BEGINS_BLOCK.sub(lambda found: f"\\{found[0]}" if not found[2] else f"{found[2]}\\{found[3]}", shown[0])
    return " ".join(shown)


def _word(word: str) -> str:
    if not _SPECIAL.search(word):
        return word
    if _LONE.fullmatch(word):
        return re.sub(r"([^\w\s])", r"\\\1", word)
    start = len(word) - len(word.lstrip(_OPENING))
    core = word[start:].rstrip(_CLOSING)
    end = word[start + len(core):]
    if not _SPECIAL.search(core):
        bare = word.replace("[", "").replace("]", "")
        return code(word) if _SPECIAL.search(bare) else word.replace("[", "\\[").replace("]", "\\]")
    return word[:start].replace("[", "\\[") + code(core) + end.replace("]", "\\]")


def code(text: str) -> str:
    """A code span, whatever backticks the text has."""
    runs = [len(run) for run in re.findall(r"`+", text)]
    fence = "`" * next(size for size in range(1, len(runs) + 2) if size not in runs)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def fenced(lines: list[str], language: str, indent: str = "") -> list[str]:
    """A block of code, whatever backticks its lines have."""
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{indent}{fence}{language}", *(f"{indent}{plain(line)}" for line in lines), f"{indent}{fence}"]
