"""The knowledge files: sound, whole for every release, and faults told with their place."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from nopage.kernel.release.parse import Release, parse_release
from nopage.kernel.release.tables import RHEL_BASE, RHEL_GA_BUILDS
from nopage.rules.knowledge import base
from nopage.rules.knowledge.base import ACTIONS, CAUSES, Knowledge, knowledge, read_knowledge
from nopage.rules.knowledge.reader import (
    InvalidKnowledge,
    KnowledgeMissingField,
    KnowledgeSyntaxError,
    KnowledgeTypeError,
    KnowledgeUnknownField,
    KnowledgeValueError,
)

KEYS = (
    "ATOMIC_ALLOCATION_FAILURE",
    "ATOMIC_RESERVE_AT_RISK",
    "MIN_FREE_KBYTES_TOO_HIGH",
    "MIN_FREE_KBYTES_TOO_LOW",
    "SILENT_ALLOCATION_FAILURE",
    "SLEEPING_ALLOCATION_FAILURE",
)
RESOLUTION = "Failed GFP_ATOMIC allocations (dropped network packets) result in kernel warnings and backtrace"
# Solutions whose number was read in a public text (KERNEL.md 5.1); no other number may be printed.
VERIFIED_SOLUTIONS = {"90883", "74573", "62765", "20278"}

GOOD = """\
key: SAMPLE_KEY
title: A sample
type: info
tags: [one]
meaning: What it is.
impact: What it does.
diagnosis: [Look at it.]
releases:
  - id: all
    name: All
    generations: [el6, other]
    environment: Anywhere
    remedy:
      - action: none_needed
        words: Leave it.
risks:
  - topic: None
    words: None known.
links:
  - title: A text
    role: related
"""


@pytest.fixture(autouse=True)
def no_own_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(base.RESOLUTION_URL, raising=False)


def release(text: str) -> Release:
    found = parse_release(text)
    assert found is not None
    return found


def test_the_keys_are_the_findings_of_the_design() -> None:
    assert base.keys() == KEYS


def test_all_files_are_sound() -> None:
    assert not base.validate()


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("2.6.9-89.29.1.ELsmp", "rhel4"),
        ("2.6.18-371.el5PAE", "rhel5"),
        ("2.6.32-71.el6.x86_64", "rhel6-before-358"),
        ("2.6.32-279.22.1.el6.x86_64", "rhel6-before-358"),
        ("2.6.32-358.el6.x86_64", "rhel6-from-358"),
        ("2.6.32-358.6.2.el6.x86_64", "rhel6-from-358"),
        ("2.6.32-754.35.1.el6.x86_64", "rhel6-from-358"),
        ("3.10.0-1160.el7.x86_64", "rhel7"),
        ("4.18.0-553.el8_10.x86_64", "rhel8"),
        ("5.14.0-427.el9.x86_64", "rhel9"),
        ("6.12.0-55.24.1.el10_0.x86_64", "rhel10"),
        ("5.10.0-46-amd64", "other"),
        ("4.14.35-1902.el7uek.x86_64", "other"),
    ],
)
def test_the_row_of_a_release(text: str, row: str) -> None:
    found = knowledge("ATOMIC_ALLOCATION_FAILURE").row(release(text))
    assert found is not None
    assert found.id == row


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "text",
    [
        "2.6.9-5.EL",
        "2.6.9-89.EL",
        "2.6.18-8.el5",
        "2.6.32-220.el6.x86_64",
        "2.6.32-431.el6.x86_64",
        "3.10.0-123.el7.x86_64",
        "4.18.0-80.el8.x86_64",
        "4.18.0-240.el8.x86_64",
        "5.14.0-70.el9.x86_64",
        "6.12.0-55.el10.x86_64",
        "6.1.0-13-amd64",
        None,
    ],
)
def test_every_key_has_a_row_and_a_remedy_for_every_release(key: str, text: str | None) -> None:
    kernel = release(text) if text else None
    row = knowledge(key).row(kernel)
    assert row is not None
    assert row.environment
    assert row.actions(kernel)


@pytest.mark.parametrize("key", KEYS)
def test_every_minor_release_has_a_row_of_its_own_generation(key: str) -> None:
    for version, generation in RHEL_BASE.items():
        for build, _ in RHEL_GA_BUILDS[generation]:
            kernel = release(f"{'.'.join(map(str, version))}-{build}.{'EL' if generation == 'el4' else generation}")
            assert kernel.exact
            row = knowledge(key).row(kernel)
            assert row is not None, kernel.text
            assert generation in row.range.generations
            assert row.actions(kernel), kernel.text


def words_of(found: Knowledge) -> str:
    return Path(found.path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "action", "offered"),
    [
        ("2.6.32-131.el6.x86_64", "raise_extra_free_kbytes", False),
        ("2.6.32-220.el6.x86_64", "raise_extra_free_kbytes", True),
        ("2.6.32-754.el6.x86_64", "raise_extra_free_kbytes", True),
        ("3.10.0-1160.el7.x86_64", "raise_extra_free_kbytes", False),
        ("3.10.0-1160.el7.x86_64", "raise_watermark_scale_factor", False),
        ("4.18.0-80.el8.x86_64", "raise_watermark_scale_factor", True),
        ("2.6.32-279.el6.x86_64", "update_kernel", True),
        ("2.6.32-358.el6.x86_64", "update_kernel", True),
        ("2.6.32-431.el6.x86_64", "update_kernel", False),
        ("2.6.18-371.el5", "update_kernel", False),
    ],
)
def test_a_remedy_is_offered_only_where_it_exists(text: str, action: str, offered: bool) -> None:
    kernel = release(text)
    row = knowledge("ATOMIC_ALLOCATION_FAILURE").row(kernel)
    assert row is not None
    assert (action in [remedy.action for remedy in row.actions(kernel)]) is offered


def test_rhel_6_below_358_is_told_to_update_first() -> None:
    kernel = release("2.6.32-279.el6.x86_64")
    row = knowledge("ATOMIC_ALLOCATION_FAILURE").row(kernel)
    assert row is not None
    assert [remedy.action for remedy in row.actions(kernel)][:2] == ["update_kernel", "raise_min_free_kbytes"]
    assert "2.6.32-358.el6" in row.actions(kernel)[0].words


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("2.6.9-89.EL", ["__GFP_NOWARN", "0x220"]),
        ("2.6.18-371.el5", ["__GFP_NOWARN", "0x220"]),
        ("2.6.32-279.el6.x86_64", ["order 4", "can sleep"]),
        ("2.6.32-358.el6.x86_64", ["order 4", "can sleep"]),
        ("3.10.0-1160.el7.x86_64", ["can sleep"]),
        ("4.18.0-240.el8.x86_64", ["0x200000"]),
        ("5.14.0-427.el9.x86_64", ["0x400"]),
    ],
)
def test_where_the_source_is_narrower_than_the_article(text: str, needed: list[str]) -> None:
    row = knowledge("ATOMIC_ALLOCATION_FAILURE").row(release(text))
    assert row is not None
    assert row.says
    assert row.narrower
    for pattern in needed:
        assert re.search(pattern, row.narrower), pattern


def test_every_cause_has_its_words() -> None:
    for key in ("ATOMIC_ALLOCATION_FAILURE", "SLEEPING_ALLOCATION_FAILURE"):
        assert tuple(knowledge(key).causes) == CAUSES


def test_the_thresholds_are_those_of_the_design() -> None:
    assert knowledge("MIN_FREE_KBYTES_TOO_HIGH").thresholds["percent_of_memory"] == 5
    assert knowledge("MIN_FREE_KBYTES_TOO_LOW").thresholds["floor_kb"] == 1024
    assert knowledge("ATOMIC_RESERVE_AT_RISK").thresholds["allocstall_per_hour"] == 600


@pytest.mark.parametrize("key", KEYS)
def test_no_solution_number_is_invented(key: str) -> None:
    found = knowledge(key)
    assert set(re.findall(r"(?:solutions|articles)/(\d+)", words_of(found))) <= VERIFIED_SOLUTIONS
    (article,) = (link for link in found.links if link.title == RESOLUTION)
    assert article.url is None


def test_without_a_url_the_resolution_is_searched_by_its_title() -> None:
    resolution = knowledge("ATOMIC_ALLOCATION_FAILURE").resolution
    assert resolution is not None
    assert resolution.href is not None
    assert resolution.href.startswith("https://access.redhat.com/search/?q=%22Failed+GFP_ATOMIC+allocations+")


def test_the_operator_sets_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOPAGE_RESOLUTION_URL", "https://kb.example.com/atomic")
    for key in KEYS:
        (article,) = (link for link in knowledge(key).links if link.title.startswith("Failed GFP_ATOMIC"))
        assert article.href == "https://kb.example.com/atomic"
    monkeypatch.delenv("NOPAGE_RESOLUTION_URL")
    resolution = knowledge(KEYS[0]).resolution
    assert resolution is not None
    assert resolution.url is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "kb.example.com", " "])
def test_what_is_no_address_is_not_linked(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("NOPAGE_RESOLUTION_URL", url)
    resolution = knowledge("ATOMIC_ALLOCATION_FAILURE").resolution
    assert resolution is not None
    assert resolution.url is None


def test_the_look_alike_names_the_article_but_not_as_its_resolution() -> None:
    assert knowledge("SLEEPING_ALLOCATION_FAILURE").resolution is None


def test_the_risks_name_10_gigabit_and_out_of_memory() -> None:
    words = " ".join(risk.topic + " " + risk.words for risk in knowledge("ATOMIC_ALLOCATION_FAILURE").risks)
    assert "10 Gbit/s" in words
    assert "out-of-memory" in words


def test_a_key_without_knowledge() -> None:
    with pytest.raises(KeyError):
        knowledge("NO_SUCH_KEY")


def test_a_file_is_read_once() -> None:
    assert knowledge(KEYS[0]) is knowledge(KEYS[0])


def test_a_sound_file_is_read() -> None:
    found = read_knowledge("sample_key.yaml", GOOD)
    assert found.key == "SAMPLE_KEY"
    assert found.rows[0].remedy[0].action in ACTIONS
    assert found.links[0].href is None


@pytest.mark.parametrize(
    ("before", "after", "kind", "line", "column", "message"),
    [
        ("title: A sample\n", "", KnowledgeMissingField, 1, 1, "lacks the field 'title'"),
        ("title: A sample", "title: ''", KnowledgeMissingField, 2, 8, "title must not be empty"),
        ("title: A sample", "title: [A]", KnowledgeTypeError, 2, 8, "title must be text"),
        ("type: info", "type: warning", KnowledgeValueError, 3, 7, "one of fail, info"),
        ("tags: [one]", "tags: []", KnowledgeMissingField, 4, 7, "tags must not be empty"),
        ("tags: [one]", "tags: one", KnowledgeTypeError, 4, 7, "tags must be a list"),
        ("impact:", "inpact:", KnowledgeUnknownField, 6, 1, "no field 'inpact'"),
        ("    name: All", "    id: all\n    name: All", KnowledgeUnknownField, 10, 5, "the field 'id' twice"),
        ("[el6, other]", "[el3]", KnowledgeValueError, 11, 19, "'el3'"),
        ("    environment", "    below: six\n    environment", KnowledgeValueError, 12, 12, "like 2.6.32-358"),
        ("action: none_needed", "action: reboot", KnowledgeValueError, 14, 17, "'reboot'"),
        ("role: related", "role: related\n    url: http://x", KnowledgeValueError, 22, 10, "https://"),
        ("key: SAMPLE_KEY", "key: OTHER", KnowledgeValueError, 1, 6, "asks for 'SAMPLE_KEY'"),
        ("tags: [one]", "tags: [one]\nthresholds: {percent: many}", KnowledgeTypeError, 5, 23, "a whole number"),
        ("tags: [one]", "tags: [one]\nthresholds: {percent: 0x}", KnowledgeTypeError, 5, 23, "a whole number"),
        ("tags: [one]", "tags: [one]\nthresholds: {percent: -1}", KnowledgeValueError, 5, 23, "negative"),
        ("tags: [one]", "tags: [one]\ncauses: {bad_luck: x}", KnowledgeUnknownField, 5, 10, "no field 'bad_luck'"),
    ],
)
def test_a_fault_carries_its_place(
    before: str, after: str, kind: type[Exception], line: int, column: int, message: str
) -> None:
    assert before in GOOD
    with pytest.raises(InvalidKnowledge) as caught:
        read_knowledge("sample_key.yaml", GOOD.replace(before, after, 1))
    faults = [fault for fault in caught.value.errors if type(fault) is kind]
    assert faults, caught.value
    assert (faults[0].position.line, faults[0].position.column) == (line, column)
    assert message in str(faults[0])
    assert str(faults[0]).startswith(f"sample_key.yaml:{line}:{column}: ")


def test_what_is_no_yaml_is_told_with_its_line() -> None:
    with pytest.raises(InvalidKnowledge) as caught:
        read_knowledge("sample_key.yaml", GOOD.replace("tags: [one]", "tags: [one"))
    (fault,) = caught.value.errors
    assert isinstance(fault, KnowledgeSyntaxError)
    assert fault.position.line == 5


def test_all_faults_of_a_file_are_told_in_order() -> None:
    text = GOOD.replace("type: info", "type: odd").replace("none_needed", "reboot").replace("title: A sample\n", "")
    with pytest.raises(InvalidKnowledge) as caught:
        read_knowledge("sample_key.yaml", text)
    assert len(caught.value.errors) == 3
    lines = [fault.position.line for fault in caught.value.errors]
    assert lines == sorted(lines)
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a\n- b\n", "just words", "\x01", "a: b: c"])
def test_what_is_no_knowledge_file_is_refused(text: str) -> None:
    with pytest.raises(InvalidKnowledge):
        read_knowledge("sample_key.yaml", text)
