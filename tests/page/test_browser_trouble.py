"""The page in a browser when something is wrong: too much, unreadable, a worker that falls, values that are none."""
from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from nopage.page.words import WORDS
from nopage.report.languages import LANGUAGES
from nopage.report.speaker import speaker

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "example" / "sosreport-example-rhel6"
LOG = (EXAMPLE / "var/log/messages").read_text()
LINE = "swapper: page allocation failure. order:{}, mode:0x20"
WAIT_MS = 60_000
PASTE = """([text, files]) => { const data = new DataTransfer();
    if (text) data.setData("text/plain", text);
    for (const [name, one] of files) data.items.add(new File([one], name));
    const field = document.getElementById("log"), how = {bubbles: true, cancelable: true};
    field.dispatchEvent(%s); }"""
PASTED = PASTE % 'new ClipboardEvent("paste", {clipboardData: data, ...how})'
DROPPED = PASTE % 'new DragEvent("drop", {dataTransfer: data, ...how})'


def orders(shown: Any) -> list[int]:
    return [one["order"] for one in shown.result()["failures"]]


def until(shown: Any, expression: str) -> None:
    """Wait, without the `eval` that the page's policy forbids."""
    end = time.monotonic() + WAIT_MS / 1000
    while not shown.page.evaluate(expression):
        assert time.monotonic() < end, expression
        shown.page.wait_for_timeout(50)


def test_a_worker_that_falls_is_begun_anew(shown: Any) -> None:
    shown.paste(LINE.format(1))
    (worker,) = [one for one in shown.page.workers if one.url.startswith("blob:")]
    worker.evaluate("setTimeout(() => { throw new Error('fell') })")
    shown.page.wait_for_timeout(300)
    shown.paste(LINE.format(2))
    assert orders(shown) == [2]


def test_a_worker_that_fails_is_told_and_begun_anew(shown: Any) -> None:
    (worker,) = [one for one in shown.page.workers if one.url.startswith("blob:")]
    worker.evaluate("setTimeout(() => { JSON.parse = () => { throw new Error('out of memory') } })")
    shown.page.wait_for_timeout(300)
    shown.paste(LINE.format(1))
    assert shown.status == speaker()(WORDS["failed"]).replace("{reason}", "out of memory")
    shown.paste(LINE.format(3))
    assert orders(shown) == [3]


def test_a_file_that_cannot_be_read_is_named(shown: Any, tmp_path: Path) -> None:
    path = tmp_path / "gone.log"
    path.write_text(LOG)
    shown.page.locator("#clear").click()
    shown.page.locator("#files").set_input_files([str(path)])
    path.unlink()
    shown.run()
    assert shown.status.startswith("gone.log could not be read by the browser")
    assert shown.page.locator("#run").is_enabled()


def test_more_than_a_browser_can_take_is_told_before_it_is_read(shown: Any, tmp_path: Path) -> None:
    path = tmp_path / "messages"
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)
    shown.give([str(path)])
    assert shown.status.startswith("That is more than 1 GB")
    shown.page.locator("#clear").click()


def test_of_many_files_some_are_shown_and_all_are_taken(shown: Any) -> None:
    shown.page.locator("#clear").click()
    shown.page.evaluate(DROPPED, ["", [[f"quiet{number}.log", "quiet\n"] for number in range(500)]])
    shown.page.evaluate(DROPPED, ["", [["messages", LOG]]])
    assert shown.page.locator("#held li").count() == 13
    assert shown.page.locator("#held li").last.inner_text() == "489 more of them"
    shown.run()
    assert len(orders(shown)) == 3


@pytest.mark.parametrize("name", ["__proto__", "constructor", "<img src=x onerror=pwned=1>.log", "a\u202eb\u0007.log",
                                  "../../etc/passwd"])  # fmt: skip
def test_evil_names_are_names(shown: Any, name: str) -> None:
    shown.page.locator("#clear").click()
    shown.page.evaluate(DROPPED, ["", [[name, LOG]]])
    shown.run()
    assert len(orders(shown)) == 3
    assert shown.page.evaluate("typeof pwned") == "undefined"
    assert shown.page.evaluate("document.querySelectorAll('img').length") == 0
    text = shown.page.locator("#answer").inner_text()
    assert "\u202e" not in text
    assert "\u0007" not in text
    assert shown.errors == []


def test_what_is_pasted_after_an_answer_takes_its_place(shown: Any) -> None:
    shown.paste(LINE.format(1))
    shown.page.locator("#log").click()
    until(shown, "(({selectionStart, selectionEnd, value}) => !selectionStart && selectionEnd === value.length)"
          "(document.activeElement)")
    shown.page.keyboard.insert_text(LINE.format(2))
    assert shown.page.locator("#log").input_value() == LINE.format(2)
    shown.run()
    assert orders(shown) == [2]
    large = "quiet line\n" * 200_000
    shown.page.locator("#log").click()
    shown.page.wait_for_timeout(100)
    for order in (3, 4):
        shown.page.evaluate(PASTED, [large + LINE.format(order), []])
        assert shown.page.locator("#held li").count() == 1
        shown.run()
        assert orders(shown) == [order]


def test_a_dropped_text_is_pasted(shown: Any) -> None:
    shown.page.locator("#clear").click()
    shown.page.evaluate(DROPPED, [LINE.format(2), []])
    shown.run()
    assert orders(shown) == [2]


def test_what_was_typed_for_one_log_is_not_left_for_the_next(shown: Any) -> None:
    shown.page.locator("#kernel").fill("RHEL 9.4")
    shown.page.locator("#log").fill(LOG)
    shown.page.locator("#held li").count()
    shown.run()
    assert shown.result()["kernel"]["rhel"] == "6.1"
    shown.page.locator("#clear").click()
    assert shown.page.locator("#kernel").input_value() == ""


@pytest.mark.parametrize("value", ["-5", "1.5", "", "99999999999999999999"])
def test_a_value_that_is_none_is_told(shown: Any, value: str) -> None:
    if not shown.page.locator("#number-min_free_kbytes").is_visible():
        shown.page.locator("[data-example='0']").click()
    shown.page.locator("#ladder figure").first.wait_for(timeout=WAIT_MS)
    shown.page.locator("#number-min_free_kbytes").fill(value)
    until(shown, "!document.querySelector('#ladder figure')")
    said = shown.page.locator("#said").inner_text()
    assert said.startswith("vm.min_free_kbytes, in kB: ")
    assert len(said) > 35
    shown.page.locator("#reset").click()
    shown.page.locator("#ladder figure").first.wait_for(timeout=WAIT_MS)
    shown.page.locator("#clear").click() if value == "99999999999999999999" else None


def test_a_mask_is_read_on_a_phone(shown: Any) -> None:
    shown.page.set_viewport_size({"width": 390, "height": 844})
    shown.paste("0x4020")
    assert shown.page.locator("#answer dt").all_inner_texts() == [
        "__GFP_HIGH", "__GFP_COMP", "zone", "decision", "layout"]
    assert "--kernel" not in shown.page.locator("#answer").inner_text()
    shown.paste("GFP_ATOMIC")
    assert shown.page.locator("#answer pre").count() == 1
    assert shown.page.evaluate("document.documentElement.scrollWidth") == 390
    shown.page.set_viewport_size({"width": 1280, "height": 900})


def test_on_a_phone_the_answer_and_the_first_step_are_seen_at_once(shown: Any) -> None:
    shown.page.set_viewport_size({"width": 390, "height": 844})
    shown.page.emulate_media(reduced_motion="reduce")
    assert shown.page.evaluate("document.getElementById('run').getBoundingClientRect().bottom + scrollY") < 844
    shown.paste(LOG)
    until(shown, "scrollY > 100")
    time.sleep(0.2)
    for place in ("#answer h1", "#answer .do code"):
        box = shown.page.locator(place).first.bounding_box()
        assert 0 <= box["y"] <= 844 - box["height"], place
    shown.page.emulate_media(reduced_motion="no-preference")
    shown.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_the_browser_stands_between(shown: Any, language: str) -> None:
    """A native button for files speaks the browser's language; the page's own does not."""
    shown.page.locator("#language").select_option(language)
    button = shown.page.locator("label[for=files]")
    assert button.inner_text() == speaker(language)(WORDS["choose"])
    assert shown.page.evaluate("getComputedStyle(document.getElementById('files')).opacity") == "0"
    with shown.page.expect_file_chooser():
        button.click()
    shown.page.locator("#language").select_option("en")


def test_nothing_was_asked_for_but_its_own(shown: Any) -> None:
    """Last: a worker that is begun anew asks for the page's own files, which the service worker has."""
    assert [one for one in shown.requests if not re.match(r"http://127\.0\.0\.1:\d+/", one.removeprefix("blob:"))] == []
