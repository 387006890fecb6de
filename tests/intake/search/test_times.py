"""The times of lines in every framing."""
from __future__ import annotations

import pytest

from nopage.intake.search.times import first_time, last_time, time_of


@pytest.mark.parametrize(
    ("line", "time"),
    [
        (b"Feb 14 18:26:56 host kernel: x", "02-14T18:26:56"),
        (b"Feb  4 08:06:05 host kernel: x", "02-04T08:06:05"),
        (b"> Feb  4 08:06:05 host kernel: x", "02-04T08:06:05"),
        (b"2024-02-14T18:26:56.123456+01:00 host kernel: x", "2024-02-14T18:26:56"),
        (b"2024-02-14 18:26:56 host kernel: x", "2024-02-14T18:26:56"),
        (b"[Wed Feb 14 18:26:56 2024] x", "2024-02-14T18:26:56"),
        (b"2024-02-14T18:26:56,123456+0000 x", "2024-02-14T18:26:56"),
        (b'{"__REALTIME_TIMESTAMP":"1707935216123456","MESSAGE":"x"}', "2024-02-14T18:26:56"),
        (b"[    2.558872] 65503 pages RAM", None),
        (b"", None),
        (b"\xff\0\xfe", None),
    ],
)
def test_time_of_a_line(line: bytes, time: str | None) -> None:
    assert time_of(line) == time


def test_the_first_and_last_lines_that_bear_one() -> None:
    text = b"cut\n\nFeb  1 00:00:01 a\nFeb  1 00:00:02 b\n-- end --\n"
    assert (first_time(text), last_time(text)) == ("02-01T00:00:01", "02-01T00:00:02")
