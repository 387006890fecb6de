"""Text from a source as any terminal, page or file may show it: what steers instead of showing becomes its code."""
from __future__ import annotations

from collections.abc import Mapping


def plain(text: object, *, keep: str = "") -> str:
    r"""`text` with control and bidirectional characters, line ends, lone surrogates and other unprintables as `\xNN`.

    Characters in `keep` ("\n" where several lines are wanted) stay.
    """
    shown = str(text)
    if shown.isprintable():
        return shown
    if keep and all(part.isprintable() for part in shown.split(keep)):
        return shown
    return "".join(char if char.isprintable() or char in keep or char in BLANKS else code(char) for char in shown)


def code(char: str) -> str:
    r"""One character as its code; a byte that was no UTF-8 (surrogateescape) as that byte."""
    number = ord(char)
    if 0xDC80 <= number <= 0xDCFF:
        number -= 0xDC00
    return SHORT.get(char) or (
        f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
    )


BLANKS = frozenset("\u00a0\u2007\u202f\u3000")  # no-break and ideographic ones, which texts in print have
SHORT: Mapping[str, str] = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
