"""The page in a browser: silent, alone, accessible, and it does what its buttons say.

Headless Chromium by playwright, accessibility by axe-core; skipped where one of them is not installed.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import nopage
from nopage.api import diagnose_text
from nopage.report.html import html_page
from nopage.report.speaker import Speaker
from nopage.result import ContextLine, Result

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = "docs/example/sosreport-example-rhel6"
HOSTILE = (
    "<script>pwned=1</script>", "<img src=x onerror=pwned=1>", "\"'><svg onload=pwned=1>",
    "</style><script>pwned=1</script>", "javascript:pwned=1", "{{ 7*7 }}", "a\u202eb\u2066c\x1b[31m\x00\x7f\u200bz",
)  # fmt: skip
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
REPORT = """\
[{seconds}.000001] {comm}: page allocation failure. order:{order}, mode:0x20
[{seconds}.000002] Pid: {pid}, comm: {comm} Not tainted 2.6.32-358.el6.x86_64 #1
[{seconds}.000003] Call Trace:
[{seconds}.000004]  <IRQ>  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0
[{seconds}.000005]  [<ffffffff8143d6ad>] ? __alloc_skb+0x6d/0x190
[{seconds}.000006]  [<ffffffffa0d01174>] ? bnx2x_alloc_rx_skb+0x44/0x200 [bnx2x]
"""


def result_of(path: str) -> Result:
    (found,) = nopage.diagnose(str(ROOT / path))
    return found


def storm() -> list[Result]:
    """10,000 reports, of three kinds."""
    reports = (REPORT.format(seconds=100 + n, comm=f"task{n % 7}", pid=n, order=n % 3) for n in range(10_000))
    return [diagnose_text("".join(reports), "2.6.32-358.el6.x86_64")]


def kinds() -> list[Result]:
    """10,000 failures, each of its own kind: the largest table there can be."""
    example = result_of(EXAMPLE)
    group = example.groups[0]
    groups = (replace(group, signature=str(n), count=1 + n % 97, driver=f"drv{n}") for n in range(10_000))
    return [replace(example, groups=tuple(groups), failures=example.failures * 3334)]


def ten() -> list[Result]:
    trees = sorted(path.parent for path in ROOT.glob("tests/data/*/*/expected.json"))
    found = [result for tree in trees[:14] for result in nopage.diagnose(str(tree))]
    return found[:10]


def hostile() -> list[Result]:
    """Everything that a source can name says something evil."""
    example = result_of(EXAMPLE)
    made = []
    for text in HOSTILE:
        frames = tuple(replace(frame, symbol=text, module=text) for frame in example.failures[-1].frames)
        shown = replace(example.failures[-1], log=(text,), comm=text, frames=frames)
        groups = tuple(replace(group, comm=(text,), driver=text) for group in example.groups)
        source = replace(example.source, path=f"/x/{text}", warnings=(text,), complete=False)
        context = (ContextLine(file=text, line=1, text=text),)
        made.append(
            replace(
                example, host=text, kernel=replace(example.kernel, release=text), source=source, groups=groups,
                failures=(*example.failures[:-1], shown), context=context, verdict=text, verdict_said=(),
            )
        )  # fmt: skip
    return made


HOSTS: dict[str, Callable[[], list[Result]]] = {
    "example": lambda: [result_of(EXAMPLE)],
    "case": lambda: [result_of("tests/data/atomic_allocation_failure/rhel9")],
    "healthy": lambda: [result_of("tests/data/atomic_allocation_failure/clean_host")],
    "storm": storm,
    "kinds": kinds,
    "ten": ten,
    "hostile": hostile,
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The page of some hosts, made once."""
    folder = tmp_path_factory.mktemp("pages")

    def file(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(html_page(HOSTS[name](), Speaker()), encoding="utf-8")
        return path

    return file


@pytest.fixture
def opened(open_page: Callable[..., Any], files: Callable[[str], Path]) -> Callable[..., Any]:
    """Opens the page of some hosts."""
    return lambda name, **how: open_page(files(name), **how)


OPEN_ALL = "for (const one of document.querySelectorAll('details')) one.open = true"


@pytest.mark.parametrize("name", HOSTS)
def test_no_error_and_no_request(opened: Callable[..., Any], name: str) -> None:
    shown = opened(name)
    shown.script(OPEN_ALL)
    for button in shown.page.locator("button:visible").all()[:20]:
        button.click()
    assert shown.errors == []
    assert shown.requests == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", HOSTS)
def test_axe_finds_nothing_serious(opened: Callable[..., Any], name: str, scheme: str) -> None:
    shown = opened(name, color_scheme=scheme)
    shown.script(OPEN_ALL)
    assert shown.barriers(scheme) == []


@pytest.mark.parametrize("name", HOSTS)
def test_a_narrow_screen_does_not_scroll_sideways(opened: Callable[..., Any], name: str) -> None:
    shown = opened(name, viewport={"width": 390, "height": 844}, is_mobile=True, device_scale_factor=2)
    shown.script(OPEN_ALL)
    wide = """() => [...document.querySelectorAll("body *")].filter(one => !one.closest(".scroll, pre") &&
        one.getBoundingClientRect().right > 391 && getComputedStyle(one).position !== "absolute")
        .slice(0, 3).map(one => one.tagName + "." + one.className + ": " + one.textContent.slice(0, 60))"""
    assert (shown.script("document.documentElement.scrollWidth"), shown.script(wide)) == (390, [])


def test_the_answer_commands_and_pictures_are_on_the_first_screen(opened: Callable[..., Any]) -> None:
    shown = opened("example")
    seen = "one => one.getBoundingClientRect().bottom"
    bottoms = shown.page.locator("h1, .cmd, figure").evaluate_all(f"all => all.map({seen})")
    assert len(bottoms) >= 6
    assert max(bottoms) <= 900


def test_copy(opened: Callable[..., Any]) -> None:
    shown = opened("example")
    for command in shown.page.locator(".cmd").all():
        button = command.locator("button")
        button.click()
        wanted = command.locator("code").inner_text()
        there = "wanted => navigator.clipboard.readText().then(text => text === wanted)"
        shown.page.wait_for_function(there, arg=wanted)
        assert button.inner_text() == "copied"


def rows(shown: Any, column: int) -> list[str]:
    """The visible rows' texts in one column."""
    return shown.script(  # type: ignore[no-any-return]
        f"[...document.querySelector('table[id$=groups]').tBodies[0].rows].filter(one => !one.hidden)"
        f".map(one => one.cells[{column}].textContent)"
    )


def test_filter(opened: Callable[..., Any]) -> None:
    shown = opened("kinds")
    whole = rows(shown, 4)
    field = shown.page.locator("input.filter")
    field.fill("DRV77")
    assert rows(shown, 4) == [name for name in whole if "drv77" in name]
    field.fill("no such driver")
    assert rows(shown, 4) == []
    field.fill("")
    assert rows(shown, 4) == whole


def test_sort(opened: Callable[..., Any]) -> None:
    shown = opened("kinds")
    before = sorted(int(number.replace(",", "")) for number in rows(shown, 0))
    button = shown.page.locator("th button").first
    button.click()
    assert [int(number.replace(",", "")) for number in rows(shown, 0)] == before[::-1]
    button.click()
    assert [int(number.replace(",", "")) for number in rows(shown, 0)] == before


def test_hostile_text_stays_text(opened: Callable[..., Any]) -> None:
    shown = opened("hostile")
    shown.script(OPEN_ALL)
    assert shown.script("typeof pwned") == "undefined"
    assert shown.script("document.querySelectorAll('img, svg, iframe, object, embed, form').length") == 0
    assert shown.script("document.querySelectorAll('script').length") == 1
    assert shown.script("[...document.links].filter(one => !/^(https:|file:)/.test(one.protocol)).length") == 0
    text = shown.page.locator("body").inner_text()
    assert "<img src=x onerror=pwned=1>" in text
    assert "{{ 7*7 }}" in text


def test_control_and_bidi_characters_are_shown_as_codes(opened: Callable[..., Any]) -> None:
    shown = opened("hostile")
    shown.script(OPEN_ALL)
    whole = shown.script("document.documentElement.textContent + document.title + document.body.innerHTML")
    assert STEERING.findall(whole) == []
    assert r"a\u202eb\u2066c\x1b[31m\x00\x7f\u200bz" in shown.page.locator("body").inner_text()


def test_dark_is_dark(opened: Callable[..., Any]) -> None:
    color = "getComputedStyle(document.body).backgroundColor"
    brightness = f"{color}.match(/\\d+/g).slice(0, 3).reduce((one, other) => +one + +other, 0)"
    assert opened("example", color_scheme="light").script(brightness) > 700
    assert opened("example", color_scheme="dark").script(brightness) < 150


@pytest.mark.parametrize("name", ["example", "ten"])
def test_print_shows_what_is_folded_and_no_buttons(opened: Callable[..., Any], name: str) -> None:
    shown = opened(name)
    shown.page.emulate_media(media="print")
    shown.script("dispatchEvent(new Event('beforeprint'))")
    assert shown.script("[...document.querySelectorAll('details')].every(one => one.open)")
    assert shown.page.locator("button:visible, input:visible").count() == 0
    shown.page.set_viewport_size({"width": 718, "height": 1000})  # A4 less 10 mm each side, 96 to the inch
    assert shown.script("document.documentElement.scrollWidth") <= 718
    assert shown.page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize(("name", "most"), [("example", 150_000), ("storm", 2_000_000), ("kinds", 2_000_000)])
def test_size(files: Callable[[str], Path], name: str, most: int) -> None:
    assert files(name).stat().st_size <= most


def test_without_scripts_all_can_be_read(opened: Callable[..., Any]) -> None:
    shown = opened("example", java_script_enabled=False)
    assert shown.page.locator("button:visible").count() == 0
    assert "sysctl -w vm.min_free_kbytes=180224" in shown.page.locator("body").inner_text()
