"""What happens to a log before it is read: mail quoting, grep, quoted-printable, HTML, escapes, controls.

`clean()` undoes it and hands out lines as the log daemon wrote them. Which kinds of damage a window has is asked of its
whole text once, so an undamaged log costs a strip a line.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from nopage.kernel.pattern import later
from nopage.klog.quoting.grepped import drop_grep, is_grepped
from nopage.klog.quoting.letters import ANSI, carets, drop_colours, has_letters, replace_letters
from nopage.klog.quoting.markup import markup
from nopage.klog.quoting.packets import has_packets, whole_records

MAX_LINE: Final = 64 * 1024  # no kernel line is near; a file without newlines may be one line of gigabytes

Line = tuple[int, str]
"""Index of the physical line inside its window, and the text."""
Stage = Callable[[Iterable[Line]], Iterator[Line]]

_QUOTED: Final = re.compile(r"\n[ \t]{0,8}(?:[>|#:;*+]|//)")
_QUOTE: Final = later(r"(?:[ \t]{0,8}(?:>|[|#*;+](?=[\s>|#*<\[A-Za-z])|:(?=[\s>|:])|//(?=\s)))+[ \t]?")
# `=3D`, `=A0` and the like never stand in a kernel message; `hugepages_free=20` does.
_QP: Final = re.compile(r"=(?:3D|A0|0A=?$|C2=|E2=|09=)", re.MULTILINE)
_QP_BLANK: Final = later(r"[^a-z_]=20$", re.MULTILINE)
_SOFT_BREAK: Final = later(r"^.{48,96}[^\s=]=$", re.MULTILINE)  # quoted-printable lines end at 76 columns
_QP_BYTES: Final = later(r"(?:=[0-9A-F]{2})+")
_MARKDOWN: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>~|\"'&:])")
_OCTAL: Final = re.compile(r"#0(12|11|15|40)|\\x0([a9dAD])")
_OCTALS: Final = {"12": "\n", "11": "\t", "15": "", "40": " ", "a": "\n", "9": "\t", "d": ""}
_INSERT: Final = later(r"^INSERT INTO [^\n]{1,200}? VALUES ?\(", re.MULTILINE | re.IGNORECASE)  # all rows on a line
_ROW: Final = later(r"\),(?=\((?:\d{1,20},|'))")
_QP_PAGE: Final = later(r"ncoding:\s{0,8}quoted-printable|<[a-z]{1,12}\s[^<>]{0,200}=3D", re.IGNORECASE)


def clean(lines: Sequence[str], text: str) -> Iterable[Line]:
    """The lines of one window without quoting and escapes, each with the index of the physical line it began on.

    `text` is all of them joined by newlines.
    """
    cleaned: Iterable[Line] = enumerate(lines)
    if text.count("\n") >= len(lines):  # a "line" that holds newlines
        cleaned = _numbered(lines)
    of_page = markup(text)
    if of_page:  # what a web page shows may be quoted or escaped again
        if "=" in text and _QP_PAGE.search(text) and _is_quoted_printable(text):
            of_page.insert(0, _join_quoted_printable)  # a mail's page: its lines are cut inside of tags and entities
        for stage in of_page:
            cleaned = stage(cleaned)
        cleaned = list(cleaned)
        text = "\n".join(line for _, line in cleaned)
    for stage in _stages(text):
        cleaned = stage(cleaned)
    return cleaned


def is_clean(lines: Sequence[str], text: str) -> bool:
    """Whether `clean` gives the lines as they are."""
    return text.count("\n") < len(lines) and not markup(text) and not _stages(text)


def broken_fields(lines: Sequence[str], text: str) -> Iterator[Line] | None:
    """The lines of an export whose fields quoted-printable broke, joined; None where it broke none."""
    if '=\n' not in text or '"' not in text or not _is_quoted_printable(text):
        return None
    return _join_quoted_printable(enumerate(lines))


def _stages(text: str) -> list[Stage]:
    stages: list[Stage] = []
    if has_letters(text):
        stages.append(replace_letters)
    if ("#033" in text or "^[" in text) and ANSI.search(text):
        stages.append(drop_colours)
    if "^I" in text or "^M$" in text:
        stages.append(carets)
    if "=" in text and _is_quoted_printable(text):
        stages.append(_join_quoted_printable)
    elif _QUOTED.search(f"\n{text}"):
        stages.append(_drop_quotes)
    if (",ncfrag=" in text or ">1 " in text) and has_packets(text):
        stages.append(whole_records)
    if is_grepped(f"\n{text}"):
        stages.append(drop_grep)
    if ("#0" in text or "\\x0" in text) and _OCTAL.search(text):
        stages.append(_octal)
    if "),(" in text and _INSERT.search(text):
        stages.append(_rows)
    if "\\" in text and _MARKDOWN.search(text):
        stages.append(_markdown)
    return stages


def _is_quoted_printable(text: str) -> bool:
    if _QP.search(text) or ("=20\n" in text and _QP_BLANK.search(text)):
        return True
    # lines that all end with the same name are no lines of a mail: ` msg=`, of an empty message
    return "=\n" in text and len({line[-6:] for line in _SOFT_BREAK.findall(text)}) > 1


def _numbered(lines: Iterable[str]) -> Iterator[Line]:
    for index, line in enumerate(lines):
        for part in line.split("\n"):
            yield index, part


def _split(index: int, text: str) -> Iterator[Line]:
    for part in text.split("\n"):
        yield index, part


def unquoted(text: str) -> str:
    """One line without mail quote marks (`> `, `>>>`, `| `, `# `, ` * `)."""
    mark = _QUOTE.match(text)
    return text[mark.end() :] if mark else text


def _drop_quotes(lines: Iterable[Line]) -> Iterator[Line]:
    for index, text in lines:
        yield index, unquoted(text)


def _join_quoted_printable(lines: Iterable[Line]) -> Iterator[Line]:
    """Joins soft line breaks and decodes; the quote marks of a line that goes on are those of its beginning."""
    held: list[str] = []
    began = 0
    marks = ""
    for index, text in lines:
        if not held:
            began = index
            quote = _QUOTE.match(text)
            marks = quote[0].rstrip() if quote else ""
            text = text[quote.end() :] if quote else text
        elif marks and text.startswith(marks):
            text = text[len(marks) :].removeprefix(" ")
        soft = text.endswith("=")
        held.append(text[:-1] if soft else text)
        if soft and len(held) < 64:
            continue
        yield from _split(began, _decoded("".join(held)))
        held = []
    if held:
        yield from _split(began, _decoded("".join(held)))


def _decoded(text: str) -> str:
    return _QP_BYTES.sub(_qp_text, text).replace("\xa0", " ").rstrip("\n") if "=" in text else text


def _qp_text(match: re.Match[str]) -> str:
    raw = bytes.fromhex(match[0].replace("=", ""))
    if raw.isalnum() and raw != b"=":  # "=20" in a free count is a number, not an escape of a letter
        return match[0]
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _markdown(lines: Iterable[Line]) -> Iterator[Line]:
    for index, text in lines:
        yield index, _MARKDOWN.sub(r"\1", text) if "\\" in text else text


def _rows(lines: Iterable[Line]) -> Iterator[Line]:
    """The rows of a database's dump, a line each, the first without the statement before it."""
    for index, text in lines:
        begin = _INSERT.match(text)
        if begin is None:
            yield index, text
            continue
        yield from _split(index, _ROW.sub("\n", text[begin.end() - 1 :]))


def _octal(lines: Iterable[Line]) -> Iterator[Line]:
    """A printk of several lines becomes one record: rsyslog writes control characters as #ooo, /dev/kmsg as \\xhh."""
    for index, text in lines:
        if "#0" in text or "\\x0" in text:
            text = _OCTAL.sub(lambda match: _OCTALS[match[1] or match[2].lower()], text)
        yield from _split(index, text)
