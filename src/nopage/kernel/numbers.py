"""Numbers out of texts that nobody vouches for: bounded, and None for what is none.

`int()` alone reads "²"-like digits, signs, underscores and texts of any length; a counter of the kernel is at most 64
bits wide.
"""
from __future__ import annotations

import re
from typing import Final

DIGITS: Final = 20  # of 2**64 - 1
HEX_DIGITS: Final = 16
LARGEST: Final = (1 << 64) - 1
LEAST: Final = -(1 << 63)
SHORT: Final = 16  # digits that fit 64 bits in any base up to 16
_WHOLE: Final = re.compile(r"[0-9]{1,20}\Z")
_HEX: Final = re.compile(r"(?:0[xX])?([0-9a-fA-F]{1,16})\Z")
_DECIMAL: Final = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,9})?\Z")


def whole_number(word: str) -> int | None:
    """A number that is not negative and fits 64 bits."""
    if not _WHOLE.match(word):
        return None
    value = int(word)
    return value if value <= LARGEST else None


def hex_number(word: str) -> int | None:
    """The same in hexadecimal, with or without 0x."""
    found = _HEX.match(word)
    return int(found[1], 16) if found else None


def decimal_number(word: str) -> float | None:
    """A number that is not negative; its point is a comma where the language of the printing program has one."""
    return float(word.replace(",", ".")) if _DECIMAL.match(word) else None


def counted(digits: str | bytes, base: int = 10) -> int:
    r"""What a run of digits (as `\d+` finds them, with a sign or not) counts; beyond 64 bits the largest such number.

    `int()` takes seconds for a million digits, and raises beyond 4,300 of them.
    """
    if len(digits) <= SHORT:
        return int(digits, base)
    text = digits.decode() if isinstance(digits, bytes) else digits
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("+-0")
    value = int(text or "0", base) if len(text) <= DIGITS else LARGEST
    return max(min(sign * value, LARGEST), LEAST)


def added(*counts: int) -> int:
    """The sum of counts, within 64 bits."""
    return max(min(sum(counts), LARGEST), LEAST)
