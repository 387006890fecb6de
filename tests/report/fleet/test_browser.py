"""A fleet's page in a browser: 100,000 hosts paged, filtered and sorted; silent, alone, accessible; text stays text.

Headless Chromium by playwright, accessibility by axe-core; skipped where one of them is not installed.
"""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import nopage
from nopage.report.fleet import diff_page, fleet_page
from nopage.report.speaker import Speaker, speaker
from nopage.result.answers import FleetDiff, FleetReport

ROOT = Path(__file__).resolve().parents[3]
HOSTS = 100_000
EVIL = ("<script>pwned=1</script>", "<img src=x onerror=pwned=1>", "a\u202eb\x1b[31m", "two\nlines", "</script><b>")
WAIT_MS = 60_000


def large(fleet: FleetReport) -> FleetReport:
    """So many hosts, each with its own name and source."""
    given = fleet.hosts
    lines = (
        replace(given[n % len(given)], name=name, source=f"/srv/x/sos-{name}-{n * 7919 % HOSTS}.tar.xz")
        for n, name in ((n, f"web{n:06}.example.com") for n in range(HOSTS))
    )
    return replace(fleet, hosts=tuple(lines), totals=replace(fleet.totals, hosts=HOSTS))


def hostile(fleet: FleetReport) -> FleetReport:
    lines = tuple(
        replace(line, name=text, source=f"/x/{text}", driver=text, cause=text, kernel=text)
        for line, text in zip(fleet.hosts, EVIL * 20, strict=False)
    )
    return replace(fleet, store=EVIL[0], hosts=lines, worst=lines[:10], silent=lines[:3])


@pytest.fixture(scope="module")
def files(fleet: FleetReport, since: FleetDiff, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("pages")

    def text(name: str) -> str:
        if name.startswith("diff"):
            return diff_page(since, speaker(name[5:] or "en"))
        if name.startswith("report-"):
            return fleet_page(fleet, speaker(name[7:]))
        if name == "large":
            return fleet_page(large(fleet), Speaker())
        if name == "hostile":
            return fleet_page(hostile(fleet), Speaker())
        (result,) = nopage.diagnose(str(ROOT / "docs/example/sosreport-example-rhel6"))
        return fleet_page(fleet, Speaker(), whole={(one.source, one.member): result for one in fleet.worst[:2]})

    def file(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(text(name), encoding="utf-8")
        return path

    return file


@pytest.fixture
def opened(open_page: Callable[..., Any], files: Callable[[str], Path]) -> Callable[..., Any]:
    """Opens a page and waits until its table is there."""

    def open_it(name: str, **how: Any) -> Any:
        shown = open_page(files(name), **how)
        if how.get("java_script_enabled", True):
            shown.page.wait_for_function("document.documentElement.dataset.ready === '1'", timeout=WAIT_MS)
        return shown

    return open_it


def names(shown: Any) -> list[str]:
    return shown.script(  # type: ignore[no-any-return]
        "[...document.getElementById('fleet-table').tBodies[0].rows].map(one => one.cells[0].textContent)"
    )


def told(shown: Any) -> str:
    return shown.page.locator("#fleet-told").inner_text()  # type: ignore[no-any-return]


def search(shown: Any, text: str, wanted: str) -> None:
    shown.page.locator("#fleet-filter").fill(text)
    shown.page.wait_for_function(
        "wanted => document.getElementById('fleet-told').textContent.endsWith(wanted)", arg=wanted, timeout=WAIT_MS
    )


def test_a_hundred_thousand_hosts(opened: Callable[..., Any], files: Callable[[str], Path]) -> None:
    """Paged, filtered, sorted, in a page that is small, without an error or a request."""
    shown = opened("large")
    assert files("large").stat().st_size < 5_000_000
    assert told(shown) == "1–50 of 100,000"
    assert names(shown) == [f"web{n:06}.example.com" for n in range(50)]
    shown.page.locator("#fleet-next").click()
    assert (told(shown), names(shown)[0]) == ("51–100 of 100,000", "web000050.example.com")
    shown.page.locator("#fleet-last").click()
    assert names(shown)[-1] == "web099999.example.com"
    assert shown.page.locator("#fleet-next").is_disabled()
    shown.page.locator("#fleet-first").click()
    assert names(shown)[0] == "web000000.example.com"
    search(shown, "WEB09999", "of 10")
    assert names(shown) == [f"web09999{n}.example.com" for n in range(10)]
    search(shown, "-7919.tar", "of 10")
    search(shown, "-7919.tar web000001", "of 1")
    assert names(shown) == ["web000001.example.com"]
    row = shown.page.locator("#fleet-table tbody tr").first
    assert row.locator("td.s").inner_text() == "/srv/x/sos-web000001.example.com-7919.tar.xz"
    search(shown, "no such host", "no host")
    assert names(shown) == []
    search(shown, "", "of 100,000")
    shown.page.locator("button[data-by=name]").click()
    shown.page.locator("button[data-by=name]").click()
    assert names(shown)[0] == "web099999.example.com"
    assert (shown.errors, shown.requests) == ([], [])


def test_filters_by_column_and_by_buttons(opened: Callable[..., Any], fleet: FleetReport) -> None:
    shown = opened("report")
    first = fleet.changes[0]
    shown.page.locator("button[data-pick='step:1']").click()
    wanted = [line.name for line in fleet.hosts if 1 in line.changes]
    assert len(wanted) == first.hosts
    assert told(shown).endswith(f"of {len(wanted)}")
    assert names(shown) == wanted[:50]
    shown.page.locator("button[data-names]").click()
    copied = "\n".join(map(str, wanted)) + "\n"
    shown.page.wait_for_function("wanted => navigator.clipboard.readText().then(text => text === wanted)", arg=copied)
    cause = fleet.causes[0]
    search(shown, f"cause:{cause.value}", f"of {cause.affected}")
    rhel = fleet.rhels[0]
    both = sum(line.cause == cause.value and line.rhel == rhel.value for line in fleet.hosts)
    search(shown, f"cause:{cause.value} rhel:{rhel.value}", f"of {both}" if both else "no host")
    shown.page.locator("#fleet-filter").fill("")
    shown.page.locator("button[data-by=reports]").click()
    most = max(fleet.hosts, key=lambda line: line.reports)
    assert names(shown)[0] == most.name


def test_worst_hosts_lead_to_themselves_in_full(opened: Callable[..., Any], fleet: FleetReport) -> None:
    shown = opened("report")
    link = shown.page.locator("main > ol a").first
    assert link.inner_text() == fleet.worst[0].name
    link.click()
    shown.page.wait_for_function("document.querySelector('#host-1').checkVisibility()")
    assert shown.page.locator("#host-1 h1").is_visible()
    assert shown.page.locator("#fleet-table a").count() == 2


def test_severities_are_looked_for_and_sorted_in_every_language(opened: Callable[..., Any], fleet: FleetReport) -> None:
    """By the stored word or by that of the language; the most urgent first; in their colors."""
    shown = opened("report-ja")
    urgent = sum(line.severity == "urgent" for line in fleet.hosts)
    assert told(shown) == f"{len(fleet.hosts)} 台中 1–50"
    for text in ("severity:urgent", "緊急"):
        search(shown, text, f"{urgent} 台中 1–{min(urgent, 50)}")
    search(shown, "no such host", "該当ホストなし")
    search(shown, "", f"{len(fleet.hosts)} 台中 1–50")
    words = "[...document.getElementById('fleet-table').tBodies[0].rows].map(one => one.cells[1].textContent)"
    shown.page.locator("button[data-by=severity]").click()
    assert shown.script(words)[: urgent + 1] == ["緊急"] * urgent + ["重要"]
    assert shown.page.locator("#fleet-table td.sev-urgent").count() == urgent
    shown.page.locator("button[data-by=severity]").click()
    assert set(shown.script(words)) == {"なし"}


PAGES = ("report", "diff", "hostile")


@pytest.mark.parametrize("name", PAGES)
def test_no_error_and_no_request(opened: Callable[..., Any], name: str) -> None:
    shown = opened(name)
    for button in shown.page.locator("button:visible:not([disabled])").all()[:15]:
        button.click()
    assert (shown.errors, shown.requests) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(opened: Callable[..., Any], name: str, scheme: str) -> None:
    shown = opened(name, color_scheme=scheme)
    shown.script("for (const one of document.querySelectorAll('details:not(.whole)')) one.open = true")
    assert shown.barriers(scheme) == []


@pytest.mark.parametrize("name", [*PAGES, "report-ja", "diff-ja", "report-ko", "diff-ko", "diff-zh"])
def test_a_narrow_screen_does_not_scroll_sideways(opened: Callable[..., Any], name: str) -> None:
    shown = opened(name, viewport={"width": 390, "height": 844}, is_mobile=True, device_scale_factor=2)
    shown.script("for (const one of document.querySelectorAll('details')) one.open = true")
    assert shown.script("document.documentElement.scrollWidth") == 390


def test_hostile_text_stays_text(opened: Callable[..., Any]) -> None:
    shown = opened("hostile")
    assert shown.script("typeof pwned") == "undefined"
    assert shown.script("document.querySelectorAll('img, svg, iframe, object, embed, form').length") == 0
    assert shown.script("document.querySelectorAll('script').length") == 2
    assert names(shown)[:5] == [
        "<script>pwned=1</script>", "<img src=x onerror=pwned=1>", "a\\u202eb\\x1b[31m", "two\\nlines", "</script><b>",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["report", "diff"])
def test_print_and_without_scripts(opened: Callable[..., Any], name: str) -> None:
    shown = opened(name)
    shown.page.emulate_media(media="print")
    shown.script("dispatchEvent(new Event('beforeprint'))")
    assert shown.page.locator("button:visible, input:visible").count() == 0
    assert shown.page.pdf(format="A4").startswith(b"%PDF")
    quiet = opened(name, java_script_enabled=False)
    assert quiet.page.locator("button:visible, input:visible").count() == 0
    assert quiet.page.locator("#fleet-table tbody tr").count() == 50
