"""A fleet in each language: no heading, column, button, label or note is left in English; facts are the same."""
from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from rich.cells import cell_len

from nopage.report.fleet import diff_lines, diff_page, fleet_lines, fleet_page
from nopage.report.languages import ENGLISH, LANGUAGES
from nopage.report.speaker import Speaker, speaker
from nopage.result import Path as CodePath
from nopage.result.answers import FleetDiff, FleetReport

TRANSLATED = LANGUAGES[1:]
LETTERS = {"ko": "\uac00-\ud7a3", "ja": "\u3040-\u30ff\u4e00-\u9fff", "zh": "\u4e00-\u9fff"}
# What is said in every language: terms of the kernel, settings, releases, sizes, months, drivers with their MTU.
KEPT = re.compile(r"RHEL( [\d.]+)?|NIC|order|mode|min_free_kbytes|[\d.,:+ /–-]+( ?[kMGT]B)?")
TOLD = ("title", "h1", "h2", "h3", "th", "button", "label", "summary", "caption", "figcaption")
ATTRIBUTES = ("aria-label", "data-rows", "data-none", "data-failed", "data-done")
CLASSES = ("note", "big", "warning")
ENGLISH_WORDS = re.compile(r"(?:\b[a-z]{2,}\b[ ,;:]+){2,}[a-z]{2,}\b")
STORED_WORDS = re.compile(r"\b(?:urgent|important|moderate|fragmented|exhausted|watermark_order|new|again)\b")
Page = Callable[[Speaker], str]


class Words(HTMLParser):
    """What a page says in its own words: (where, text). Code is none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.found += [(f"{tag} {name}", named[name]) for name in ATTRIBUTES if name in named]
        own = tag in TOLD or named.get("class") in CLASSES or (tag == "span" and self.inside("li") and not named)
        if tag not in ("meta", "input", "br"):
            self.open.append((tag, own))
        if own:
            self.found.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(own for _, own in self.open) and not self.inside("code"):
            where, text = self.found[-1]
            self.found[-1] = (where, text + data)

    def inside(self, tag: str) -> bool:
        return any(name == tag for name, _ in self.open)


def words_of(page: str) -> list[tuple[str, str]]:
    """The page's words, and the titles of the columns that its script lays out."""
    reader = Words()
    reader.feed(re.sub(r"<(style|script)\b[^>]*>.*?</\1>", "", page, flags=re.DOTALL))
    return [(where, text.strip(" ↕«»‹›\n")) for where, text in reader.found if text.strip(" ↕«»‹›\n")]


def columns_of(page: str) -> dict[str, dict[str, object]]:
    (data,) = re.findall(r'id="fleet-rows">([^<]*)<', page)
    return {one["name"]: one for one in json.loads(zlib.decompress(base64.b64decode(data)))["columns"]}


@pytest.fixture(scope="module", params=["report", "diff"])
def page(request: pytest.FixtureRequest, fleet: FleetReport, since: FleetDiff) -> Page:
    if request.param == "report":
        return lambda speak: fleet_page(fleet, speak)
    return lambda speak: diff_page(since, speak)


def english_left(page: str, language: str) -> list[tuple[str, str]]:
    letter = re.compile(f"[{LETTERS[language]}]")
    titles = [("column", str(one["title"])) for one in columns_of(page).values() if one["title"]]
    return [one for one in (*words_of(page), *titles) if not letter.search(one[1]) and not KEPT.fullmatch(one[1])]


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_word_of_the_page_is_english(page: Page, language: str) -> None:
    assert english_left(page(speaker(language)), language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_english_would_be_seen(page: Page, language: str) -> None:
    english = page(Speaker())
    left = english_left(english, language)
    assert len(left) > 40
    assert {where for where, _ in left} >= {"title", "h1", "h2", "h3", "th", "button", "label", "p", "column",
                                            "span data-rows", "span data-none", "span data-failed", "button data-done",
                                            "button aria-label", "div aria-label"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_english(page: Page, language: str, fleet: FleetReport) -> None:
    text = re.sub(r"<(style|script|code)\b[^>]*>.*?</\1>|<[^>]+>", "\n", page(speaker(language)), flags=re.DOTALL)
    for fact in (*(why.reason for why in (*fleet.unreadable, *fleet.partly)), *CodePath):  # stored, in English
        text = text.replace(fact, "")
    assert [one for one in ENGLISH_WORDS.findall(text) if "page allocation failure" not in one] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_keep_the_words_that_are_looked_for(page: Page, language: str) -> None:
    """A filter takes a severity, cause or turn in English in every language, which shows them in its own words."""
    english, other = columns_of(page(Speaker())), columns_of(page(speaker(language)))
    for name in ("severity", "cause", "turn", "before"):
        assert name not in english or other[name]["each"] == english[name]["each"]
    severity = other["severity"]
    assert isinstance(severity["words"], list)
    assert isinstance(severity["rank"], list)
    assert isinstance(severity["each"], list)
    assert (severity["words"] == severity["each"]) is (language == ENGLISH)
    assert [word for _, word in sorted(zip(severity["rank"], severity["each"], strict=True))] == [
        word for word in ("urgent", "important", "moderate", "low", "none") if word in severity["each"]
    ]


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", TRANSLATED)
def test_screens_say_it_too(fleet: FleetReport, since: FleetDiff, language: str, width: int) -> None:
    speak = speaker(language)
    for lines in (fleet_lines(fleet, speak, width), diff_lines(since, speak, width)):
        texts = [line.text for line in lines]
        assert max(map(cell_len, texts)) <= width
        whole = "\n".join(texts)
        assert STORED_WORDS.findall(whole) == []
        if language in ("ja", "zh"):
            assert re.findall(rf"[{LETTERS[language]}][.;](?!\.)|; | [、。；]|[、。；] ", whole) == []
