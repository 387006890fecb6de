"""The built page in headless Chromium: alone, quick enough, accessible, and it answers what the command answers.

One page is opened and warmed up for all tests that leave it as it was: Python takes seconds to start.
"""
from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nopage
from nopage.engine.ladders import memory_of
from nopage.page.desk import PASTED
from nopage.page.words import WORDS
from nopage.report.documents import render
from nopage.report.speaker import speaker
from nopage.report.zones import rows_of

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "example" / "sosreport-example-rhel6"
READY_MS, ANSWER_MS = 120_000, 60_000  # of a machine that is busy with something else
CASES = ("rhel5", "rhel6_from_358", "rhel7", "rhel9", "rhel10")
HOSTILE = "<img src=x onerror=pwned=1><script>pwned=1</script>\u202e"
HOSTILE_LOG = (
    "Feb 14 18:26:56 h kernel: {name}: page allocation failure. order:1, mode:0x20\n"
    "Feb 14 18:26:56 h kernel: Pid: 1, comm: {name} Not tainted 2.6.32-358.el6.x86_64 #1\n"
    "Feb 14 18:26:56 h kernel: Call Trace:\n"
    "Feb 14 18:26:56 h kernel:  <IRQ>  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0 [{name}]\n"
)
SLOW = "const old = setTimeout; setTimeout = (call, ms, ...rest) => old(call, ms === 20000 ? {} : ms, ...rest)"


def test_it_starts_and_answers(shown: Any, record_property: Callable[[str, object], None]) -> None:
    """How long it takes is told in the report; what a quiet machine needs stands in docs/page.md."""
    first = shown.paste((EXAMPLE / "var/log/messages").read_text())
    next_one = shown.paste((EXAMPLE / "sos_commands/general/dmesg").read_text())
    record_property("cold start", round(shown.started_s, 2))
    record_property("first answer", round(first, 2))
    record_property("next answer", round(next_one, 2))
    print(f"\ncold start {shown.started_s:.2f} s, first answer {first:.2f} s, next {next_one:.2f} s")
    assert shown.errors == []
    assert next_one < shown.started_s


@pytest.mark.parametrize("name", CASES)
def test_a_pasted_log_is_answered_as_by_the_command(shown: Any, name: str) -> None:
    log = ROOT / "tests/data/atomic_allocation_failure" / name / "sosreport/var/log/messages"
    shown.paste(log.read_text())
    (wanted,) = nopage.diagnose(log.read_bytes(), name=PASTED)
    found = shown.result()
    assert found == json.loads(nopage.render(wanted, "json"))
    group, step = wanted.groups[0], wanted.plan.steps[0]
    text = shown.page.locator("#answer").inner_text()
    assert group.driver is None or group.driver in text
    assert (group.cause.value if group.cause else "") in text
    assert all(command in text for command in step.commands)
    for form in ("case", "sysctl", "ansible"):
        assert shown.page.locator(f"#text-{form}").text_content() == nopage.render(wanted, form)


def test_sliders_agree_with_watermarks(shown: Any) -> None:
    names = ("proc/zoneinfo", "proc/buddyinfo", "proc/meminfo", "sos_commands/kernel/sysctl_-a",
             "sos_commands/kernel/uname_-a", "var/log/messages")
    shown.give([str(EXAMPLE / name) for name in names])
    assert shown.page.locator("#held li").count() == len(names)
    for value in (262144, 45056):
        field_of = shown.page.locator("#number-min_free_kbytes")
        field_of.fill(str(value))
        shown.page.locator(f'#ladder[data-asked*="{value}"]').wait_for(timeout=ANSWER_MS)
        (host,) = memory_of(str(EXAMPLE), {"min_free_kbytes": value})
        rows = ("[...document.querySelectorAll('#ladder table.marks tr')]"
                ".map(row => [...row.cells].map(cell => cell.textContent))")
        assert shown.page.evaluate(rows) == [list(cells) for cells in rows_of(host.tables[-1].ladder, speaker())]
        assert f"vm.min_free_kbytes={value}" in shown.page.locator("#said").inner_text()
    shown.page.locator("#reset").click()
    shown.page.locator('#ladder[data-asked="{}"]').wait_for(timeout=ANSWER_MS)
    assert shown.page.locator("#number-min_free_kbytes").input_value() == "90112"
    shown.page.locator("#range-mtu").focus()
    shown.page.keyboard.press("ArrowLeft")
    shown.page.locator('#ladder[data-asked*="8900"]').wait_for(timeout=ANSWER_MS)
    assert "MTU 8900" in shown.page.locator("#said").inner_text()


def test_nothing_is_asked_for_kept_or_sent(shown: Any) -> None:
    shown.paste((EXAMPLE / "var/log/messages").read_text())
    for name in ("case", "json", "answer"):
        shown.page.locator(f"#tab-{name}").click()
    assert shown.requests == []
    refused = "fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')"
    assert shown.page.evaluate(refused) == "refused"
    assert shown.page.evaluate("fetch('no-such-file').then(one => one.status, () => 'refused')") == "refused"
    (worker,) = [one for one in shown.page.workers if one.url.startswith("blob:")]
    ways = "[typeof fetch, typeof XMLHttpRequest, typeof WebSocket, typeof indexedDB]"
    assert worker.evaluate(ways) == ["undefined"] * 4
    kept = shown.page.evaluate("(async () => [localStorage.length, sessionStorage.length, document.cookie, "
                               "(await indexedDB.databases()).length, (await caches.keys()).length])()")
    assert kept == [0, 0, "", 0, 1]
    listed = shown.page.evaluate("(async () => (await (await caches.open((await caches.keys())[0])).keys())"
                                 ".map(one => new URL(one.url).pathname))()")
    assert "/index.html" in listed
    shown.requests.clear()
    shown.errors.clear()  # the two refusals


def test_hostile_text_stays_text(shown: Any) -> None:
    shown.paste(HOSTILE_LOG.format(name=HOSTILE))
    shown.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert shown.page.evaluate("typeof pwned") == "undefined"
    assert shown.page.evaluate("document.querySelectorAll('#out img, #out script, #out iframe, #out svg').length") == 0
    text = shown.page.locator("#answer").inner_text()
    assert "<img src=x onerror=pwned=1>" in text
    assert "\u202e" not in text
    assert shown.errors == []


def test_what_is_given_decides_what_is_told(shown: Any, tmp_path: Path) -> None:
    shown.paste("0x4020")
    assert "GFP_ATOMIC|__GFP_COMP" in shown.page.locator("#answer").inner_text()
    assert shown.page.locator("[role=tab]:visible").count() == 1
    shown.paste("nothing of interest")
    assert shown.page.locator("[role=tab]:visible").count() == 5
    packed = tmp_path / "messages-20240101.gz"
    packed.write_bytes(gzip.compress((EXAMPLE / "var/log/messages").read_bytes()))
    shown.give([str(packed)])
    assert len(shown.result()["failures"]) == 3
    archive = tmp_path / "sosreport-x.tar.gz"
    with tarfile.open(archive, "w:gz") as one:
        one.add(EXAMPLE, "sosreport-x")
    shown.give([str(archive)])
    assert "use the command" in shown.status
    assert "nopage sosreport-x.tar.gz" in shown.status
    assert not shown.page.locator("#out").is_visible()
    shown.paste("   ")
    assert "nothing to diagnose yet" in shown.status


def test_the_keyboard_alone_is_enough(shown: Any) -> None:
    shown.page.locator("#clear").click()
    shown.page.locator("#log").focus()
    shown.page.keyboard.insert_text("swapper: page allocation failure. order:1, mode:0x20")
    shown.page.keyboard.press("Tab")
    shown.page.keyboard.press("Tab")
    shown.page.keyboard.insert_text("RHEL 6.4")
    shown.page.evaluate("document.getElementById('status').textContent = ''")
    shown.page.keyboard.press("Enter")
    shown.wait()
    assert shown.result()["kernel"]["rhel"] == "6.4"
    assert shown.page.evaluate("document.activeElement.id") == "panel-answer"
    shown.page.locator("#tab-answer").focus()
    shown.page.keyboard.press("ArrowRight")
    assert shown.page.evaluate("document.activeElement.id") == "tab-case"
    assert shown.page.locator("#panel-case").is_visible()
    assert not shown.page.locator("#panel-answer").is_visible()
    shown.page.locator("[data-copies=case]").click()
    copied = shown.page.evaluate("navigator.clipboard.readText()")
    assert copied == shown.page.locator("#text-case").text_content()
    with shown.page.expect_download() as download:
        shown.page.locator("#panel-case [data-save=case]").click()
    assert Path(download.value.path()).read_text() == copied
    shown.page.locator("#kernel").fill("")
    shown.page.locator("#tab-answer").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it(shown: Any, axe: Callable[..., list[str]], scheme: str, width: int) -> None:
    shown.page.set_viewport_size({"width": width, "height": 844})
    shown.page.emulate_media(color_scheme=scheme)
    shown.page.locator("[data-example='0']").click()
    shown.page.locator("#ladder figure").first.wait_for(timeout=ANSWER_MS)
    shown.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert axe(shown.page) == []
    assert shown.page.evaluate("document.documentElement.scrollWidth") == width
    color = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => +a + +b, 0)"
    assert (shown.page.evaluate(color) > 700) == (scheme == "light")
    shown.page.set_viewport_size({"width": 1280, "height": 900})
    shown.page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("language", ["ko", "ja", "zh"])
def test_it_speaks_the_languages_of_the_command(shown: Any, language: str) -> None:
    log = EXAMPLE / "var/log/messages"
    shown.paste(log.read_text())
    shown.page.evaluate("document.getElementById('status').textContent = ''")
    shown.page.locator("#language").select_option(language)
    done = speaker(language)(WORDS["done"]).rpartition("}")[2].strip()
    shown.page.locator(f"#status:has-text('{done}')").wait_for(timeout=ANSWER_MS)
    shown.page.locator(f"#run:has-text('{speaker(language)(WORDS['run'])}'):enabled").wait_for(timeout=ANSWER_MS)
    assert shown.page.evaluate("document.documentElement.lang.slice(0, 2)") == language
    (wanted,) = nopage.diagnose(log.read_bytes(), name=PASTED)
    assert shown.page.locator("#text-case").text_content() == render("case", [wanted], speaker(language))
    shown.page.locator("#language").select_option("en")
    shown.page.locator("#run:has-text('Diagnose'):enabled").wait_for(timeout=ANSWER_MS)
    shown.page.locator("#status:has-text('Done in')").wait_for(timeout=ANSWER_MS)


def test_printed_it_is_the_answer(shown: Any) -> None:
    shown.paste((EXAMPLE / "var/log/messages").read_text())
    shown.page.emulate_media(media="print")
    assert shown.page.locator("button:visible, input:visible, textarea:visible").count() == 0
    assert shown.page.locator("#answer h1").is_visible()
    shown.page.emulate_media(media="screen")


def test_a_large_log_does_not_freeze_the_page(shown: Any, tmp_path: Path) -> None:
    report = (EXAMPLE / "var/log/messages").read_bytes()
    line = b"Feb 14 18:20:01 stor1 systemd[1]: Started Session 12345 of user root, as every minute of every day.\n"
    path = tmp_path / "messages"
    half = line * ((25 << 20) // len(line))
    path.write_bytes(half + report + half)
    shown.page.evaluate(SLOW.format(120_000))
    shown.page.evaluate("""() => { window.gap = 0; let last = performance.now();
        window.watch = setInterval(() => { const now = performance.now(); window.gap = Math.max(window.gap, now - last);
        last = now; }, 20) }""")
    took = shown.give([str(path)])
    gap = shown.page.evaluate("clearInterval(window.watch), window.gap")
    print(f"\n{path.stat().st_size >> 20} MB in {took:.1f} s, the page stood still for {gap:.0f} ms at most")
    assert len(shown.result()["failures"]) == 3
    assert gap < 1000 * took / 3


def test_a_large_paste_is_held_as_a_file(shown: Any) -> None:
    shown.page.locator("#clear").click()
    shown.page.evaluate("""() => { const data = new DataTransfer();
        const report = "x: page allocation failure. order:2, mode:0x20\\n";
        data.setData("text/plain", "quiet line\\n".repeat(200000) + report);
        document.getElementById("log").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true,
        cancelable: true})); }""")
    assert "pasted text (2.1 MB)" in shown.page.locator("#held").inner_text()
    assert shown.page.locator("#log").input_value() == ""
    shown.run()
    assert [one["order"] for one in shown.result()["failures"]] == [2]
    shown.page.locator("#held button").click()
    assert not shown.page.locator("#held").is_visible()


def test_what_takes_too_long_is_ended_and_the_next_one_is_answered(shown: Any) -> None:
    shown.page.evaluate(SLOW.format(0).replace("const old", "window.old"))
    shown.paste((EXAMPLE / "var/log/messages").read_text())
    assert "took more than 20 s and was ended" in shown.status
    shown.page.evaluate("setTimeout = window.old")
    shown.paste("swapper: page allocation failure. order:3, mode:0x20")
    assert [one["order"] for one in shown.result()["failures"]] == [3]


def test_without_a_network_it_starts_again(shown: Any) -> None:
    shown.context.set_offline(True)
    shown.page.reload()
    shown.page.locator("html[data-ready], #status.bad").first.wait_for(state="attached", timeout=READY_MS)
    shown.paste("swapper: page allocation failure. order:1, mode:0x20")
    assert [one["order"] for one in shown.result()["failures"]] == [1]
    shown.context.set_offline(False)
    assert [one for one in shown.requests if not re.match(r"http://127\.0\.0\.1:\d+/", one.removeprefix("blob:"))] == []
