"""Each language says every message, with the parameters of the English one."""
from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from nopage.kernel.message import fill, parts_of
from nopage.report.catalogue import collect_all, is_number_format, template_faults
from nopage.report.languages import ENGLISH, LANGUAGES, templates
from nopage.report.screen.layout import LABEL

ROOT = Path(__file__).resolve().parents[3]
TRANSLATED = tuple(one for one in LANGUAGES if one != ENGLISH)
MESSAGES = collect_all(ROOT)
ENGLISH_TEMPLATES = {id: said.template for id, said in MESSAGES.items()}
BESIDE = (
    "screen.do", "screen.do_not", "screen.later", "screen.why", "screen.before", "screen.limits", "screen.also",
    "fleet.not_read", "fleet.read_partly", "fleet.reserves", "fleet.worst", "fleet.drivers", "many.cause",
)  # fmt: skip


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "languages.py"))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_there_with_its_parameters(language: str, tool: dict[str, Any]) -> None:
    wrong = list(tool["wrong"](language, MESSAGES))
    assert wrong == [], (
        "run `python docs/languages.py`, then translate these ids in src/nopage/report/languages/*.po "
        "(docs/languages.md)"
    )


def test_the_messages_of_all_kinds_are_translated() -> None:
    assert len(MESSAGES) > 1000
    assert {
        "verdict.lost", "short.what_if.passes", "page.copy", "many.host", "knowledge.atomic_allocation_failure.title",
        "knowledge.atomic_allocation_failure.releases.rhel5.narrower", "knowledge.sleeping_allocation_failure.impact",
    } <= MESSAGES.keys()  # fmt: skip


def samples(english: str) -> Iterator[Mapping[str, Any]]:
    """Parameters for a template: numbers where it formats or counts them, else names; one, few and many."""
    parts = [part for part in parts_of(english) if not isinstance(part, str)]
    numbers = {name for name, format in parts if is_number_format(format) or "|" in format}
    lists = {name for name, format in parts if format.startswith("join")}
    for number in (1, 2, 1234567):
        yield {
            name: number if name in numbers else (f"<{name}>", "<other>") if name in lists else f"<{name}>"
            for name, _ in parts
        }


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_template_shows_what_it_is_given(language: str) -> None:
    told = templates(language)
    wrong = []
    for id, english in ENGLISH_TEMPLATES.items():
        for given in samples(english):
            text = fill(told[id], given)
            names = [value for one in given.values() for value in (one if isinstance(one, tuple) else (one,))
                     if isinstance(value, str)]
            if not text.strip() or {"{", "}"} & set(text) or not all(name in text for name in names):
                wrong.append(f"{id}: {text}")
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_labels_stand_beside_their_lines(language: str) -> None:
    told = templates(language)
    wide = [id for id in told if (id.startswith("label.") or id in BESIDE) and cell_len(told[id]) > LABEL]
    assert wide == []
    assert cell_len(told["screen.more"]) <= 80


@pytest.mark.parametrize("language", TRANSLATED)
def test_spaces_at_the_ends_are_those_that_sentences_are_joined_by(language: str) -> None:
    """No template ends with a blank that the English one has not."""
    told = templates(language)
    assert [id for id, text in told.items() if text != text.rstrip() and not ENGLISH_TEMPLATES[id].endswith((" ", ":"))
            ] == []


FAULTS: list[tuple[str, str, bool]] = [
    ("{n:# page|# pages} of {zone}", "{zone} {n}", True),
    ("{n:# page|# pages} of {zone}", "{zone} {n:#|#}", True),
    ("{n:# page|# pages} of {zone}", "{zone}", False),
    ("{n:it|them}", "x", True),
    ("{share:.1f} %", "{share:.1f} %", True),
    ("{share:.1f} %", "{share} %", True),
    ("{share:.1f} %", "{share:.2f} %", False),
    ("{each:join and }", "{each:join , }", True),
    ("{zone}", "{zone} {other}", False),
    ("{zone}", "{zone", False),
    ("{zone}", "{Zone}", False),
    ("text", " ", False),
]


@pytest.mark.parametrize(("english", "template", "good"), FAULTS)
def test_faults_of_a_template_are_seen(english: str, template: str, good: bool) -> None:
    assert (not list(template_faults(english, template))) is good


def test_what_is_not_translated_or_fuzzy_is_said_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nopage.report.languages as languages

    (tmp_path / "ko.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgctxt "a.b"\nmsgid "one"\nmsgstr "하나"\n\n'
        '#, fuzzy\nmsgctxt "a.c"\nmsgid "two"\nmsgstr "둘"\n\n'
        'msgctxt "a.d"\nmsgid "three"\nmsgstr ""\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    read: Callable[[str], Mapping[str, str]] = templates.__wrapped__
    assert read("ko") == {"a.b": "하나"}


def test_a_changed_template_keeps_its_translation_as_fuzzy(tool: dict[str, Any]) -> None:
    from polib import POEntry

    said = MESSAGES["case.hello"]
    was = POEntry(msgctxt="case.hello", msgid="Good day,", msgstr="안녕하세요.")
    once = tool["entry"]("case.hello", said, was)
    assert (once.msgstr, once.fuzzy, once.previous_msgid) == ("안녕하세요.", True, "Good day,")
    twice = tool["entry"]("case.hello", said, once)
    assert str(twice) == str(once)
    fresh = tool["entry"]("case.hello", said, None)
    assert (fresh.msgstr, fresh.fuzzy) == ("", False)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="en, ko, ja, zh"):
        templates("xx")
    assert templates(ENGLISH) == {}
