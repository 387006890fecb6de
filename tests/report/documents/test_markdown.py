"""Markdown that renders right: lists are lists, commands stand in fences, nothing of the source becomes a link."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from nopage.engine.run import diagnose
from nopage.report.documents import markdown, plain, render
from nopage.result import Link, LinkRole, Result

COMMON = MarkdownIt("gfm-like", {"linkify": False})  # its linkify needs another library; see AUTOLINKS
# What GitHub links in the text of a page, outside of code: https://github.github.com/gfm/#autolinks-extension-, and
# its own references to people, issues and mail.
AUTOLINKS = re.compile(
    r"www\.|https?://|ftp://|mailto:|(?<![\w`])@\w|[\w.+-]+@[\w-]+\.|#\d|\bGH-\d|:[a-z]+:", re.IGNORECASE
)
HOSTILE = (
    "www.example.com", "https://example.com/x", "ask @root now", "a@example.com", "fixes #123", "see GH-7",
    "ok :bug: no",
    "[x](http://e.com)", "![x](http://e.com)", "<img src=x>", "<b>x</b>", "a*b*c", "**x**", "__init__ is _x_", "~~x~~",
    "`tick` and ``two``", "x ` y", "a | b", "&lt;b&gt;", "$x$ and $$y$$", "# head", "1. one", "1) one", "- item",
    "+ item",
    "> quote", "=====", "---", "\\*x", "x\ny", "x\u2028# y", "\x1b[31m", "(www.example.com).", "![", "]", "org/repo#5",
)  # fmt: skip


def tokens(text: str) -> list[Token]:
    return [one for token in COMMON.parse(text) for one in (token, *(token.children or ()))]


def text_of(text: str) -> str:
    """What a reader sees."""
    return "".join(one.content for one in tokens(text) if one.type in ("text", "code_inline"))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_shown_as_it_stands(text: str) -> None:
    made = markdown(text)
    kinds = {one.type for one in tokens(made)}
    assert kinds <= {"paragraph_open", "inline", "text", "text_special", "code_inline", "paragraph_close"}, kinds
    assert text_of(made) == " ".join(plain(text).split())
    outside = " ".join(one.content for one in tokens(made) if one.type == "text")
    assert not AUTOLINKS.search(outside), outside


PLAIN = ("order:2, mode:0x4020", "0.5 % of memory", "Node 0 Normal: 84 (M), 3", "(read: eth0)", "", "x - y")


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_left_alone(text: str) -> None:
    assert markdown(text) == text


@pytest.fixture(scope="module")
def example(root: Path) -> Result:
    (found,) = diagnose(str(root / "docs" / "example" / "sosreport-example-rhel6"))
    return found


def test_commands_and_log_lines_stand_in_fences(example: Result) -> None:
    text = render("markdown", [example])
    fences = [(one.info, one.content) for one in tokens(text) if one.type == "fence"]
    for step in example.plan.steps:
        assert all(("sh", f"{command}\n") in fences for command in (*step.commands, *step.persist))
    assert any(info == "text" and "page allocation failure" in content for info, content in fences)


def test_steps_are_one_numbered_list(example: Result) -> None:
    lists = [one for one in COMMON.parse(render("markdown", [example])) if one.type == "ordered_list_open"]
    assert len(lists) == 1
    items = [one for one in COMMON.parse(render("markdown", [example])) if one.type == "list_item_open" and one.info]
    assert [one.info for one in items] == ["1", "2", "3"]


def test_only_the_links_of_the_catalogue_link(samples: Path) -> None:
    for tree in sorted(samples.glob("*/*/expected.json")):
        for result in diagnose(str(tree.parent)):
            text = render("markdown", [result])
            hrefs = {str(one.attrs["href"]) for one in tokens(text) if one.type == "link_open"}
            known = {link.url for finding in result.findings for link in finding.links}
            assert hrefs <= known
            outside = "\n".join(one.content for one in tokens(text) if one.type == "text")
            assert not AUTOLINKS.search(outside)
            assert not any(one.type.startswith("html") for one in tokens(text))


def test_a_hostile_log_stays_in_its_fence(example: Result) -> None:
    evil = ("```", "````sh", "</code><script>", "# head", "\x1b[31m\u202e")
    failures = tuple(replace(one, log=evil + one.log if one.log else ()) for one in example.failures)
    first = example.findings[0]
    link = Link(title="x](http://evil) @root", url="javascript:alert(1)", role=LinkRole.RELATED)
    host = "a](http://evil)\n# head @root"
    hostile = replace(
        example, host=host, failures=failures,
        findings=(replace(first, links=(*first.links, link)), *example.findings[1:]),
    )
    text = render("markdown", [hostile])
    assert "\x1b" not in text
    assert "\u202e" not in text
    heads = [one for one in COMMON.parse(text) if one.type == "heading_open" and one.tag == "h1"]
    assert len(heads) == 1
    assert any("```" in one.content for one in tokens(text) if one.type == "fence")
    hrefs = [str(one.attrs["href"]) for one in tokens(text) if one.type == "link_open"]
    assert not [one for one in hrefs if "evil" in one or one.startswith("javascript")]


def test_every_line_of_prose_is_a_paragraph(example: Result) -> None:
    """GitHub breaks a comment's line where its text has a break."""
    assert not any(one.type == "softbreak" for one in tokens(render("markdown", [example])))
