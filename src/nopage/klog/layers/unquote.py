"""What happens to a log before it is read: mail quoting, grep, quoted-printable, HTML, escapes, controls.

`clean()` undoes it and hands out lines as the log daemon wrote them. Which kinds of damage a window has is asked of its
whole text once, so an undamaged log costs a strip a line.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from nopage.kernel.pattern import later
from nopage.klog.layers.grepped import drop_grep, is_grepped

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
_ENTITY: Final = later(r"&(?:(lt|gt|amp|quot|apos|nbsp)|#(\d{1,5})|#x([0-9a-fA-F]{1,4}));")
_ENTITIES: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'", "nbsp": " "}
_TAG: Final = re.compile(
    r"</?(?:pre|code|p|div|span|tt|font|b|i|u|em|strong|mark|li|td|tr|tbody|table|html|body|blockquote|highlight)"
    r"(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_HIGHLIGHT: Final = re.compile(r"@/?(?:kibana|opensearch-dashboards)-(?:highlighted-field|/highlighted-field)@")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKDOWN: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>~|\"'&:])")
_ANSI: Final = later(r"(?:\x1b|#033|\^\[)\[[0-9;?]*[A-Za-z]")
_OCTAL: Final = re.compile(r"#0(12|11|15|40)")
_OCTALS: Final = {"12": "\n", "11": "\t", "15": "", "40": " "}
_CONTROLS: Final = {code: None for code in range(32) if code not in (9, 10)} | {
    0x7F: None,
    0xFEFF: None,
    0x200B: None,
    0xA0: " ",
    0x2007: " ",
    0x202F: " ",
    0x2028: "\n",
    0x85: "\n",
}
_CONTROL: Final = later("[" + "".join(map(re.escape, map(chr, _CONTROLS))) + "]")
_CONTROL_BYTES: Final = bytes(code for code in _CONTROLS if code < 128)


def clean(lines: Sequence[str], text: str) -> Iterable[Line]:
    """The lines of one window without quoting and escapes, each with the index of the physical line it began on.

    `text` is all of them joined by newlines.
    """
    cleaned: Iterable[Line] = enumerate(lines)
    if text.count("\n") >= len(lines):  # a "line" that holds newlines
        cleaned = _numbered(lines)
    markup = _markup(text)
    if markup:  # of a web page; what it shows may be quoted or escaped again
        for stage in markup:
            cleaned = stage(cleaned)
        cleaned = list(cleaned)
        text = "\n".join(line for _, line in cleaned)
    for stage in _stages(text):
        cleaned = stage(cleaned)
    return cleaned


def is_clean(lines: Sequence[str], text: str) -> bool:
    """Whether `clean` gives the lines as they are."""
    return text.count("\n") < len(lines) and not _markup(text) and not _stages(text)


def _markup(text: str) -> list[Stage]:
    stages: list[Stage] = []
    if "<" in text and (_TAG.search(text) or _BREAK.search(text) or _HIGHLIGHT.search(text)):
        stages.append(_tags)
    if "&" in text and _ENTITY.search(text):
        stages.append(_entities)
    return stages


def _stages(text: str) -> list[Stage]:
    stages: list[Stage] = []
    if _has_controls(text):
        stages.append(_drop_controls)
    if ("#033" in text or "^[" in text) and _ANSI.search(text):
        stages.append(_drop_colours)
    if "=" in text and _is_quoted_printable(text):
        stages.append(_join_quoted_printable)
    elif _QUOTED.search(f"\n{text}"):
        stages.append(_drop_quotes)
    if is_grepped(f"\n{text}"):
        stages.append(drop_grep)
    if "\\" in text and _MARKDOWN.search(text):
        stages.append(_markdown)
    if "#0" in text and _OCTAL.search(text):
        stages.append(_octal)
    return stages


def _is_quoted_printable(text: str) -> bool:
    if _QP.search(text) or ("=20\n" in text and _QP_BLANK.search(text)):
        return True
    return "=\n" in text and len(_SOFT_BREAK.findall(text)) > 1


def _has_controls(text: str) -> bool:
    if text.isascii():
        data = text.encode("ascii")
        return len(data.translate(None, _CONTROL_BYTES)) != len(data)
    return _CONTROL.search(text) is not None


def _numbered(lines: Iterable[str]) -> Iterator[Line]:
    for index, line in enumerate(lines):
        for part in line.split("\n"):
            yield index, part


def _split(index: int, text: str) -> Iterator[Line]:
    for part in text.split("\n"):
        yield index, part


def _drop_controls(lines: Iterable[Line]) -> Iterator[Line]:
    for index, text in lines:
        if _ANSI.search(text):
            text = _ANSI.sub("", text)
        yield from _split(index, text.translate(_CONTROLS))


def _drop_colours(lines: Iterable[Line]) -> Iterator[Line]:
    for index, text in lines:
        yield index, _ANSI.sub("", text)


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


def _entities(lines: Iterable[Line]) -> Iterator[Line]:
    for index, text in lines:
        for _ in range(2):  # escaped twice by some trackers: &amp;lt;
            if "&" not in text:
                break
            text = _ENTITY.sub(_entity, text)
        yield index, text


def _entity(match: re.Match[str]) -> str:
    if match[1]:
        return _ENTITIES[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    return " " if code < 32 or code in (127, 160) or code > 0x10FFFF or 0xD800 <= code < 0xE000 else chr(code)


def _tags(lines: Iterable[Line]) -> Iterator[Line]:
    for index, text in lines:
        if "<" in text:
            text = _TAG.sub("", _HIGHLIGHT.sub("", _BREAK.sub("\n", text)))
        yield from _split(index, text)


def _markdown(lines: Iterable[Line]) -> Iterator[Line]:
    for index, text in lines:
        yield index, _MARKDOWN.sub(r"\1", text) if "\\" in text else text


def _octal(lines: Iterable[Line]) -> Iterator[Line]:
    """rsyslog writes control characters as #ooo: a printk of several lines becomes one record with #012 in it."""
    for index, text in lines:
        if "#0" in text:
            text = _OCTAL.sub(lambda match: _OCTALS[match[1]], text)
        yield from _split(index, text)
