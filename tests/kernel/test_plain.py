"""What steers becomes its code, everything else stays."""
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nopage.kernel.plain import BLANKS, plain

BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("w\u00f6rker \u65e5\u672c \U0001f600", "w\u00f6rker \u65e5\u672c \U0001f600"),
        ("a\x1b[2J", "a\\x1b[2J"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("\udcff", "\\xff"),
        ("no\u00a0break", "no\u00a0break"),
        *((chr(number), f"\\u{number:04x}") for number in BIDI),
        ("\u2028", "\\u2028"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_codes(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_what_is_kept() -> None:
    assert plain("a\nb\x1b", keep="\n") == "a\nb\\x1b"


@given(st.text(st.characters(codec=None)))
def test_nothing_steers(text: str) -> None:
    shown = plain(text)
    shown.encode()  # no lone surrogate is left
    assert not [char for char in shown if unicodedata.category(char)[0] == "C" or char in "\u2028\u2029"]
    assert plain(shown) == shown
    assert all(char.isprintable() or char in BLANKS for char in shown)
