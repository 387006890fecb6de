"""Dates and times of sar in several languages."""
from __future__ import annotations

from datetime import date

import pytest

from nopage.kernel.sar.clock import TIME, header_date, seconds_of_day


@pytest.mark.parametrize(
    ("line", "second"),
    [
        ("12:10:01 AM   1", 601), ("12:10:01 PM   1", 43801), ("01:00:00 PM x", 46800), ("00:10:01   1", 601),
        ("23:59:59", 86399), ("13:00:00 PM 1", None), ("24:00:00 1", None), ("00시 10분 01초   1", 601),
        ("00时10分01秒   1", 601), ("오후 01:00:00  1", 46800),
    ],
)  # fmt: skip
def test_times(line: str, second: int | None) -> None:
    found = TIME.match(line)
    assert found is not None
    assert seconds_of_day(found) == second


@pytest.mark.parametrize("line", ["Average:  1", "12:10:01.5", "eth0 1", "12:1:01 x"])
def test_what_is_no_time(line: str) -> None:
    found = TIME.match(line)
    assert found is None or seconds_of_day(found) is None


@pytest.mark.parametrize(
    ("shown", "name", "day"),
    [
        ("02/14/2012", "", date(2012, 2, 14)),
        ("02/14/12", "", date(2012, 2, 14)),
        ("2012-02-14", "", date(2012, 2, 14)),
        ("14.02.2012", "", date(2012, 2, 14)),
        ("2012년 02월 14일", "", date(2012, 2, 14)),
        ("2012年02月14日", "", date(2012, 2, 14)),
        ("02/03/2012", "var/log/sa/sar03", date(2012, 2, 3)),
        ("02/03/2012", "var/log/sa/sar02", date(2012, 3, 2)),
        ("02/03/2012", "", date(2012, 2, 3)),
        ("31/12/2012", "", date(2012, 12, 31)),
        ("99/99/2012", "", None),
        ("", "", None),
    ],
)
def test_the_day_of_the_head(shown: str, name: str, day: date | None) -> None:
    assert header_date(f"Linux 2.6.32-358.el6.x86_64 (stor7.example.com) \t{shown} \t_x86_64_\t(8 CPU)", name) == day
