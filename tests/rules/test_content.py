"""What `insights run` prints of a finding: wrapped, the request in numbers, each link once and none of them dead."""
from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from insights.core.plugins import make_fail
from insights.formats import render
from insights.tests import InputData, run_test
from jinja2 import Template

from nopage.engine.run import run_rules
from nopage.intake.collect import collect
from nopage.parsers.specs import Specs
from nopage.rules.atomic_allocation_failure import report as atomic
from nopage.rules.catalogue import RULES
from nopage.rules.knowledge import keys, knowledge
from nopage.rules.response import CONTENT, rule_links

SAMPLES = Path(__file__).resolve().parents[1] / "data"
TREES = sorted(path.parent for path in SAMPLES.glob("*/*/expected.json"))
ORDERS = [(0, "order 0 (1 page), "), (63, " pages), "), (64, "order 64, "), (-1, "order -1, ")]
LABELS = ("Host", "What", "Where", "Why", "Matters", "Do", "Note", "Article", "Source", "See also")


@pytest.fixture(scope="module")
def rendered() -> list[tuple[dict[str, Any], str]]:
    found = []
    for tree in TREES:
        (collected,) = collect(str(tree))
        broker = run_rules(collected)
        found += [
            (broker[rule], render(rule, broker[rule]))
            for rule in RULES
            if broker[rule]["type"] in ("rule", "info")
        ]
    assert found
    return found


def rows(text: str) -> dict[str, str]:
    """The text by its labels, lines joined."""
    parts = re.split(rf"^  ({'|'.join(LABELS)}) +", text, flags=re.MULTILINE)
    return {label: " ".join(body.split()) for label, body in zip(parts[1::2], parts[2::2], strict=True)}


def test_no_line_is_wider_than_80_columns(rendered: list[tuple[dict[str, Any], str]]) -> None:
    for _response, text in rendered:
        long = [line for line in text.splitlines() if len(line) > 80 and len(line.split()) > 1]
        assert long == []


def test_lines_are_filled_and_labelled(rendered: list[tuple[dict[str, Any], str]]) -> None:
    for response, text in rendered:
        body = text[text.index("\n  ") + 1 :]
        assert all(re.match(rf"  ({'|'.join(LABELS)}) +\S|           +\S", line) for line in body.splitlines()), text
        assert text.split("\n  ")[0].replace("\n", " ") == response["summary"]
        assert "\n\n" not in text


def test_what_tells_order_and_mode(rendered: list[tuple[dict[str, Any], str]]) -> None:
    told = [(response, rows(text)["What"]) for response, text in rendered if response["request_words"] is not None]
    assert told
    for response, what in told:
        assert what.startswith(f"order {response['order']} (")
        assert f", mode {response['gfp_mask']} = {response['gfp_name']}: {response['request_words']}" in what


def test_every_word_of_the_finding_is_there(rendered: list[tuple[dict[str, Any], str]]) -> None:
    for response, text in rendered:
        flat = " ".join(text.split())
        said = [*response["why"], *response["notes"], *(one["reason"] for one in response["remedies"])]
        said += [response[name] for name in ("matters", "source_says") if response[name]]
        said += [point["text"] for point in response["article"]] or [response["article_says"] or ""]
        assert [words for words in said if " ".join(words.split()) not in flat] == []


def test_a_link_stands_once(rendered: list[tuple[dict[str, Any], str]]) -> None:
    """With its address where insights-core prints the rule's links, in the text where it has none."""
    for response, text in rendered:
        beside = rule_links(knowledge(response.get_key()))
        shown = Counter(link["title"] for link in response["links"] if link["title"] in " ".join(text.split()))
        shown.update(title.partition(": ")[2] for title in beside)
        assert shown == Counter(link["title"] for link in response["links"])
        assert "://" not in text


@pytest.mark.parametrize("key", keys())
def test_no_link_of_a_rule_is_dead(key: str) -> None:
    links = rule_links(knowledge(key))
    assert all(address.startswith("https://") for addresses in links.values() for address in addresses)
    resolution = knowledge(key).resolution
    assert min(links).startswith("Resolution: " if resolution else "See also: ")  # they are shown sorted


def test_host_and_page_size_where_they_are_told() -> None:
    fields = {"summary": "s", "order": 1, "gfp_mask": "0x20", "request_words": "r", "where_words": "w"}
    bare = rows(Template(CONTENT).render(fields))
    assert bare == {"What": "order 1 (2 contiguous pages), mode 0x20 = no flag: r", "Where": "w"}
    full = rows(Template(CONTENT).render(fields, host="web1", kernel="2.6.32-358.el6.x86_64", page_kb=64))
    assert full["Host"] == "web1, kernel 2.6.32-358.el6.x86_64"
    assert full["What"].startswith("order 1 (2 contiguous pages, 128 kB), ")
    assert rows(Template(CONTENT).render(fields, host="web1"))["Host"] == "web1"


@pytest.mark.parametrize(("order", "words"), ORDERS)
def test_any_order_is_told(order: int, words: str) -> None:
    fields = {"summary": "s", "order": order, "gfp_mask": "0x20", "request_words": "r", "where_words": "w"}
    assert words in Template(CONTENT).render(fields)


def test_control_characters_of_a_log_do_not_reach_the_terminal() -> None:
    host = InputData().add(Specs.kernel_log, "a\x1b[31mb: page allocation failure. order:1, mode:0x20\n")
    text = render(atomic, run_test(atomic, host))
    assert "\x1b" not in text
    hostile = make_fail("KEY", summary="a\x1b[31m", why=["b\x07"], host="c\x9b")
    assert rows(Template(CONTENT).render(hostile))["Why"] == "b\\x07"
    assert all(char.isprintable() or char == "\n" for char in Template(CONTENT).render(hostile))
