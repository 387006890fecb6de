"""A fleet's page: self-contained, escaped, bounded, with what stands in the report on it."""
from __future__ import annotations

import base64
import hashlib
import re

import pytest
from msgspec.structs import replace

from nopage.report.fleet import diff_page, fleet_page
from nopage.report.speaker import Speaker
from nopage.result.answers import FleetDiff, FleetReport

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a\u202eb\x1b[31m", '"><b>', "{{ 7*7 }}", "a\nb",
]  # fmt: skip
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@pytest.fixture(scope="module")
def pages(fleet: FleetReport, since: FleetDiff) -> dict[str, str]:
    return {"report": fleet_page(fleet, Speaker()), "diff": diff_page(since, Speaker())}


@pytest.mark.parametrize("name", ["report", "diff"])
def test_nothing_is_loaded_and_the_script_is_the_allowed_one(pages: dict[str, str], name: str) -> None:
    page = pages[name]
    assert "default-src 'none'" in page
    assert re.findall(r"<(?:script|img|iframe|link|object|embed)\b[^>]*(?:src|href)=", page) == []
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert f"script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in page


def test_what_the_report_says_is_there(pages: dict[str, str], fleet: FleetReport) -> None:
    page = pages["report"]
    assert "update the kernel to 2.6.32-431 or later" in page
    assert "mlx4_en at MTU 9000: MTU 1500" in page
    for line in fleet.worst:
        assert line.name is not None
        assert line.name in page
    for words in ("What to change once for many", "vm.min_free_kbytes against memory", "Silent failures", "At risk",
                  "Not readable", "Read partly"):
        assert words in page


def test_links_lead_to_the_pages_that_are_there(fleet: FleetReport) -> None:
    first = fleet.worst[0]
    page = fleet_page(fleet, Speaker(), pages={(first.source, first.member): "hosts/x.html"})
    assert page.count('href="hosts/x.html"') == 1
    assert re.findall(r'href="(?!hosts/x)', page) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(fleet: FleetReport, since: FleetDiff, text: str) -> None:
    line = replace(fleet.worst[0], name=text, source=f"/x/{text}", member=text, kernel=text, rhel=text, cause=text,
                   driver=text, finding=text, severity=text, gfp_mask=text, last_time=text)
    share = (replace(fleet.rhels[0], value=text),)
    evil = replace(
        fleet, store=text, worst=(line,), silent=(line,), at_risk=(line,), hosts=(line,), causes=share, paths=share,
        drivers=share, nics=share, kernels=share, rhels=share, findings=share,
        changes=(replace(fleet.changes[0], action=text, setting=text, value=text, command=text, names=(text,)),),
        problems=(replace(fleet.problems[0], cause=text, driver=text, path=text, names=(text,)),),
        unreadable=(replace(fleet.unreadable[0], reason=text, examples=(text,)),),
        requests=(replace(fleet.requests[0], gfp_mask=text, gfp_name=text),),
    )  # fmt: skip
    changed = replace(since, old=text, new=text, hosts=(replace(since.hosts[0], name=text, done=(text,)),),
                      causes=(replace(since.causes[0], value=text),))
    for page in (fleet_page(evil, Speaker()), diff_page(changed, Speaker())):
        body = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
        assert "<script" not in body
        assert "<img" not in body
        assert "<b>" + "a" not in body
        assert not STEERING.search(body)
        assert len(re.findall(r"<script\b", page)) == 2  # its own, and the data


def test_a_page_is_never_larger_than_five_megabytes(fleet: FleetReport) -> None:
    hosts = tuple(
        replace(fleet.worst[0], name=f"{hashlib.sha256(str(n).encode()).hexdigest()}.example.com", source=f"/{n}")
        for n in range(100_000)
    )
    page = fleet_page(replace(fleet, hosts=hosts), Speaker())
    assert 4_000_000 < len(page.encode()) < 5_000_000
    assert "more have no room in this page" in page
