"""The page: self-contained, escaped, with the answer, the commands and the pictures on it."""
from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

import nopage
from nopage.report.html import html_page
from nopage.report.html.pictures import blocks, ladder, over_time
from nopage.report.screen import deciding_zone, shown_failure
from nopage.report.speaker import Speaker
from nopage.result import Activity, FreeBlocks, Result

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def example() -> Result:
    (result,) = nopage.diagnose(str(ROOT / "docs" / "example" / "sosreport-example-rhel6"))
    return result


@pytest.fixture(scope="module")
def page(example: Result) -> str:
    return html_page([example], Speaker())


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    assert "default-src 'none'" in page
    assert re.findall(r"<(?:script|img|iframe|link|object|embed)\b[^>]*(?:src|href)=", page) == []
    assert re.findall(r"url\((?!['\"]?data:)[^)]*\)|@import", page) == []


def test_the_script_is_the_one_that_the_policy_allows(page: str) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page


def test_the_answer_the_commands_and_three_pictures(example: Result, page: str) -> None:
    assert page.count("<figure>") == 3
    assert "<h1" in page
    for step in example.plan.steps:
        for command in step.commands:
            assert command.replace(">", "&gt;") in page
    assert 'class="asker"' in page
    assert "18:27:20" in page


def test_pictures_are_tables_with_captions(page: str) -> None:
    tables = re.findall(r'<table class="charts-css.*?</table>', page, re.DOTALL)
    assert len(tables) == 3
    for table in tables:
        assert "<caption>" in table
        sizes = [float(size) for size in re.findall(r"--size: ([\d.]+)", table)]
        assert sizes
        assert all(0 <= size <= 1 for size in sizes)


HOSTILE = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a\u202eb\x1b[31m", '"><b>', "{{ 7*7 }}"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(example: Result, text: str) -> None:
    shown = replace(example.failures[-1], log=(text,), comm=text)
    hostile = replace(example, host=text, failures=(*example.failures[:-1], shown))
    page = html_page([hostile], Speaker())
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "onerror=alert(1)>" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "49" not in re.findall(r"<title>(.*?)</title>", page)[0]


def test_several_hosts_have_an_index(example: Result) -> None:
    page = html_page([example, replace(example, host="other")], Speaker())
    assert '<a href="#host-1">stor1.example.com</a>' in page
    assert '<a href="#host-2">other</a>' in page
    assert page.count('<section class="host"') == 2


def test_ten_thousand_failures_stay_below_two_megabytes(example: Result) -> None:
    group = example.groups[0]
    many = replace(
        example,
        groups=tuple(replace(group, signature=str(number), count=1) for number in range(10_000)),
        failures=example.failures * 3000,
    )
    assert len(html_page([many], Speaker()).encode()) < 2_000_000


@pytest.mark.parametrize(
    ("margin_pages", "test", "told", "kind"),
    [(-3, "watermark", "short by 12 kB", "bad"), (-3, "order 0", "pages are not what is short", "good")],
)
def test_the_ladder_says_what_the_replay_said(
    example: Result, margin_pages: int, test: str, told: str, kind: str
) -> None:
    """Also where both numbers read the same, as "9.1 MB"."""
    failure = shown_failure(example.findings[0], example)
    assert failure is not None
    evidence = replace(failure.evidence, margin_pages=margin_pages, test=test)
    zone = deciding_zone(failure)
    assert zone is not None
    picture = ladder(zone, replace(failure, evidence=evidence), Speaker())
    assert picture is not None
    assert told in picture.note
    assert picture.bars[0].kind == kind


@pytest.mark.parametrize(("order", "kinds"), [(0, ["unusable", "asked"]), (1, ["", "asked"])])
def test_the_reserve_for_atomic_requests_is_for_those_of_order_one_and_more(
    example: Result, order: int, kinds: list[str]
) -> None:
    failure = shown_failure(example.findings[0], example)
    assert failure is not None
    zone = deciding_zone(failure)
    assert zone is not None
    free = (FreeBlocks(order=0, count=7, migratetypes="H"), FreeBlocks(order=1, count=2, migratetypes="U"))
    picture = blocks(replace(zone, free_area=free), replace(failure, order=order), Speaker())
    assert picture is not None
    assert [bar.kind for bar in picture.bars] == kinds
    assert [bar.letters for bar in picture.bars] == ["H", "U"]
    assert ("7 more are in lists" in picture.note) == (order == 0)


def test_one_failure_alone_is_no_course_of_events(example: Result) -> None:
    assert over_time(example, Speaker()) is not None
    alone = replace(example, failures=example.failures[:1], suppressed=0)
    assert over_time(alone, Speaker()) is None
    assert over_time(replace(alone, suppressed=5), Speaker()) is not None


def test_what_sar_measured_stands_beside_the_failures(example: Result) -> None:
    assert example.memory is not None
    quiet = Activity("2012-02-14T18:20:01", 600.0, 0, "eth4", 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 90000)
    busy = Activity("2012-02-14T18:30:01", 600.0, 3, "eth4", 8123.4, 411.0, 3.5, 1520.0, None, 0.0, 81234)
    with_sar = replace(example, memory=replace(example.memory, activity=(quiet, busy)))
    picture = over_time(with_sar, Speaker())
    assert picture is not None
    for told in ("until 18:30:01 (eth4)", "8,123 Mbit/s received", "kswapd scanned 1,520 pages/s"):
        assert told in picture.note
    assert "callers scanned" not in picture.note
    assert "sar" not in (over_time(example, Speaker()) or picture).note
