"""What a reader of each language gets: its own words, the same commands and numbers, lines that fit."""
from __future__ import annotations

import html
import io
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

import nopage
from nopage.engine.run import diagnose
from nopage.report.documents import render
from nopage.report.documents.account import LINKS
from nopage.report.languages import LANGUAGES
from nopage.report.screen import first_screen
from nopage.report.speaker import speaker
from nopage.report.text import console, print_result
from nopage.report.view import View
from nopage.result import Result

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "docs" / "example" / "sosreport-example-rhel6"
SAMPLES = sorted(path.parent for path in ROOT.glob("tests/data/*/*/expected.json"))
TRANSLATED = LANGUAGES[1:]
FORMATS = ("text", "html", "markdown", "case", "sysctl")
ENGLISH_WORDS = re.compile(r"(?:\b[a-z]{2,}\b[ ,;:]+){2,}[a-z]{2,}\b")
NOT_WORDS = re.compile(r"<(script|style)>.*?</\1>|<[^>]+>", re.DOTALL)
FENCES = re.compile(r"^( *)```.*?^\1```", re.DOTALL | re.MULTILINE)
LONG_NUMBER = re.compile(r"\d[\d,]*\.\d+|\d[\d,]{2,}\d|\d{3,}|0x[0-9a-f]+")
# Commands, which may be wrapped, a counter of a driver, and a term that engineers leave in English.
NAMES = re.compile(r"(?:yum|dnf) update kernel|link set|do date; cat|rx buf alloc fail|transparent huge page")
WIDE = 100_000


@pytest.fixture(scope="module")
def example() -> Result:
    (result,) = diagnose(str(EXAMPLE))
    return result


def shown(result: Result, name: str, language: str, width: int = WIDE) -> str:
    speak = speaker(language)
    if name != "text":
        return render(name, [result], speak)
    out = io.StringIO()
    print_result(result, console(out, width=width), View(why=True, speak=speak))
    return out.getvalue()


def words_of(result: Result, name: str, language: str) -> str:
    """What nopage itself says in a format: without the logs, the articles' titles and what a fence holds."""
    text = shown(result, name, language)
    if name == "html":
        text = html.unescape(NOT_WORDS.sub("\n", text))
    if name == "markdown":
        text = FENCES.sub("", text)
    if name == "case":
        text = re.sub(r"^ {2}> .*$", "", text.partition(speaker(language)(LINKS))[0], flags=re.MULTILINE)
    quoted = [
        *(link.title for finding in result.findings for link in finding.links),
        *(link.where or "" for finding in result.findings for link in finding.links),
        *(line.text for line in result.context), *(line for one in result.failures for line in one.log),
        *(", ".join(group.comm[:3]) for group in result.groups), *result.source.warnings, "page allocation failure",
    ]  # fmt: skip
    quoted += [line.text[:80] for line in result.context]  # cut on the first screen
    for one in sorted(filter(None, quoted), key=len, reverse=True):
        text = text.replace(one, "").replace(re.sub(r"([\w./-]*_[\w./-]*)", r"`\1`", one), "")
    return text


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("sample", SAMPLES[::3], ids=lambda path: "-".join(path.parts[-2:]))
def test_no_english_sentence_is_left(sample: Path, language: str) -> None:
    left = {
        f"{name}: {found[0]}"
        for result in diagnose(str(sample))
        for name in FORMATS
        for found in ENGLISH_WORDS.finditer(words_of(result, name, language))
        if not NAMES.search(found[0])
    }
    assert left == set()


def test_english_sentences_would_be_seen(example: Result) -> None:
    for name in FORMATS:
        assert len(ENGLISH_WORDS.findall(words_of(example, name, "en"))) > 3, name


def numbers(text: str) -> list[str]:
    return LONG_NUMBER.findall(NOT_WORDS.sub("\n", text))


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("name", FORMATS)
def test_commands_and_numbers_are_those_of_english(example: Result, name: str, language: str) -> None:
    english, other = shown(example, name, "en"), shown(example, name, language)
    commands = {html.escape(one) if name == "html" else one for step in example.plan.steps for one in step.commands}
    assert all((one in english) == (one in other) for one in commands)
    found = re.findall(r"[\uac00-\ud7a3\u3040-\u30ff\u4e00-\u9fff]+", other)
    assert found
    if name in ("html", "markdown", "sysctl"):
        assert sorted(numbers(other)) == sorted(numbers(english))
    else:  # a shorter language has room for more of the same
        everything = {number for one in FORMATS for number in numbers(shown(example, one, "en"))}
        assert {*numbers(other)} <= everything


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_fits(example: Result, language: str) -> None:
    lines = [line.text for line in first_screen(example, speaker(language), 80)]
    assert len(lines) <= 24
    assert [line for line in lines if cell_len(line) > 80] == []
    starts = {cell_len(line[: len(line) - len(line[8:].lstrip())]) for line in lines if line.startswith(" " * 9)}
    assert min(starts) == 9  # what hangs beside a label is aligned, however wide its letters


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", SAMPLES[::4], ids=lambda path: "-".join(path.parts[-2:]))
def test_screens_and_cases_fit(sample: Path, language: str) -> None:
    for result in diagnose(str(sample)):
        lines = [line.text for line in first_screen(result, speaker(language), 80)]
        assert len(lines) <= 24
        long = [line for line in lines if cell_len(line) > 80 and not any(
            one in line for step in (*result.plan.steps, *result.plan.later) for one in step.commands
        )]
        assert long == []
        case = render("case", [result], speaker(language))
        assert len(case) <= 4000
        assert [line for line in case.splitlines() if cell_len(line) > 78 and "http" not in line
                and not line.lstrip(" >0123456789.").startswith(("sysctl", "echo", "ip ", "ethtool", "for ", "while"))
                ] == []
        comments = [line for line in render("sysctl", [result], speaker(language)).splitlines() if line[:1] == "#"]
        assert [line for line in comments if cell_len(line) > 100] == []


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("ko", "ko"), ("ja", "ja"), ("zh", "zh-Hans")])
def test_the_page_names_its_language(example: Result, language: str, tag: str) -> None:
    assert f'<html lang="{tag}">' in shown(example, "html", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_library_renders_in_a_language(example: Result, language: str) -> None:
    assert nopage.render(example, "case", lang=language) == shown(example, "case", language)
    assert nopage.render(example, "json", lang=language) == nopage.render(example, "json")
    assert nopage.render(example, "ansible", lang=language).startswith("---\n# nopage")
    many = nopage.render([example, example], lang=language)
    assert many.count("stor1.example") >= 2


def test_the_library_refuses_other_languages(example: Result) -> None:
    with pytest.raises(TypeError, match="en, ko, ja, zh, not 'xx'"):
        nopage.render(example, lang="xx")
