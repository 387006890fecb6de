"""Numbers of texts: bounded, ASCII only, None for anything else."""
from __future__ import annotations

import pytest

from nopage.kernel.numbers import LARGEST, LEAST, added, counted, decimal_number, hex_number, whole_number


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("0", 0), ("00042", 42), ("18446744073709551615", (1 << 64) - 1), ("18446744073709551616", None), ("", None),
        ("-1", None), ("+1", None), ("1_000", None), ("²", None), ("٣", None), ("1.0", None), ("9" * 5_000, None),
        ("1\n", None),
    ],
)  # fmt: skip
def test_whole(word: str, value: int | None) -> None:
    assert whole_number(word) == value


@pytest.mark.parametrize(
    ("word", "value"),
    [("ff", 255), ("0xFF", 255), ("f" * 16, (1 << 64) - 1), ("f" * 17, None), ("0x", None), ("g", None)],
)
def test_hex(word: str, value: int | None) -> None:
    assert hex_number(word) == value


@pytest.mark.parametrize(
    ("word", "value"),
    [("1.25", 1.25), ("1,25", 1.25), ("7", 7.0), ("nan", None), ("1e9", None), ("-0.1", None), ("9" * 400, None)],
)
def test_decimal(word: str, value: float | None) -> None:
    assert decimal_number(word) == value


@pytest.mark.parametrize(
    ("digits", "base", "value"),
    [
        ("0", 10, 0),
        ("42", 10, 42),
        ("-7", 10, -7),
        (b"0042", 10, 42),
        ("ff", 16, 255),
        (str(LARGEST), 10, LARGEST),
        (str(LARGEST + 1), 10, LARGEST),
        ("0" * 5000 + "9", 10, 9),
        ("9" * 5000, 10, LARGEST),
        (b"9" * 5000, 10, LARGEST),
        ("f" * 5000, 16, LARGEST),
        ("-" + "9" * 5000, 10, LEAST),
    ],
)
def test_digits_count_within_64_bits(digits: str | bytes, base: int, value: int) -> None:
    assert counted(digits, base) == value


def test_a_sum_stays_within_64_bits() -> None:
    assert added(1, 2) == 3
    assert added(LARGEST, LARGEST) == LARGEST
    assert added(LEAST, LEAST) == LEAST
