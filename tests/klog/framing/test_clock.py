from __future__ import annotations

import pytest

from nopage.klog.framing.clock import from_microseconds, iso_time, month_number


@pytest.mark.parametrize(
    ("stamp", "told"),
    [
        ("Feb 14 18:26:56", "02-14T18:26:56"),
        ("Feb  4 18:26:56", "02-04T18:26:56"),
        ("Feb 14 18:26:56.505715", "02-14T18:26:56"),
        ("Feb 14 2014 18:26:56", "2014-02-14T18:26:56"),
        ("2014 Feb 14 18:26:56", "2014-02-14T18:26:56"),
        ("Fri Feb 14 18:26:56 2014", "2014-02-14T18:26:56"),
        ("Fri Feb 14 18:26:56 CET 2014", "2014-02-14T18:26:56"),
        ("Jan  1 00:00:10 2015", "2015-01-01T00:00:10"),
        ("五 2月 14 18:26:56 2014", "2014-02-14T18:26:56"),
        ("금  2월 14 18:26:56 2014", "2014-02-14T18:26:56"),
        ("ven. févr. 14 18:26:56 2014", "2014-02-14T18:26:56"),
        ("Fr Mär 14 18:26:56 2014", "2014-03-14T18:26:56"),
        ("Пт авг 15 18:26:56 2014", "2014-08-15T18:26:56"),
        ("2014-02-14T18:26:56.505715+08:00", "2014-02-14T18:26:56"),
        ("2014-02-14T18:26:56,505715+00:00", "2014-02-14T18:26:56"),
        ("2014/02/14 18:26:56", "2014-02-14T18:26:56"),
        ("14-Feb-2014 18:26:56", "2014-02-14T18:26:56"),
        ("Feb 99 18:26:56", None),
        ("Feb 14 28:26:56", None),
        ("xyz 14 18:26:56 2014", None),
        ("", None),
        (None, None),
    ],
)
def test_iso_time(stamp, told):
    assert iso_time(stamp) == told


def test_months_of_locales():
    assert [month_number(name) for name in ("Mai", "mei", "maj", "kvě", "мая")] == [5] * 5
    assert month_number("13月") is None


def test_journal_time():
    assert from_microseconds("1392402416000000") == "2014-02-14T18:26:56"
    assert from_microseconds("x") is from_microseconds(None) is None
