"""Letters that no kernel prints: controls, blanks and hyphens of a word processor, marks that cannot be seen."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from nopage.kernel.pattern import later

ANSI: Final = later(r"(?:\x1b|#033|\^\[)\[[0-9;?]*[A-Za-z]")
_UNSEEN: Final = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
_BLANKS: Final = (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_HYPHENS: Final = (*range(0x2010, 0x2016), 0x2212)
_LINE_ENDS: Final = (0x85, 0x2028, 0x2029)
_WIDE: Final = range(0xFF01, 0xFF5F)  # of an input method: each an ASCII letter of twice the width
LETTERS: Final[dict[int, str | None]] = (
    {code: None for code in range(32) if code not in (9, 10)}
    | {0x7F: None}
    | dict.fromkeys(_UNSEEN, None)
    | dict.fromkeys(_BLANKS, " ")
    | dict.fromkeys(_HYPHENS, "-")
    | dict.fromkeys(_LINE_ENDS, "\n")
    | {code: chr(code - 0xFEE0) for code in _WIDE}
    | dict(enumerate(("ff", "fi", "fl", "ffi", "ffl"), 0xFB00))  # ligatures of a PDF
)
_ANY: Final = later("[" + "".join(re.escape(chr(code)) for code in LETTERS) + "]")
_CONTROL_BYTES: Final = bytes(code for code in LETTERS if code < 128)


def has_letters(text: str) -> bool:
    """Whether any of them stands in the text."""
    if text.isascii():
        data = text.encode("ascii")
        return len(data.translate(None, _CONTROL_BYTES)) != len(data)
    return _ANY.search(text) is not None


def replace_letters(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines with what the kernel printed in their place, and without what it did not."""
    for index, text in lines:
        if ANSI.search(text):
            text = ANSI.sub("", text)
        for part in text.translate(LETTERS).split("\n"):
            yield index, part


def drop_colours(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines without colours whose escape a daemon or an editor wrote as text."""
    for index, text in lines:
        yield index, ANSI.sub("", text)


def carets(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines of `cat -A` or `cat -vT`, which shows tabs as ^I and the end of a DOS line as ^M."""
    for index, text in lines:
        yield index, text.replace("^M$", "$").replace("^I", "\t") if "^" in text else text
