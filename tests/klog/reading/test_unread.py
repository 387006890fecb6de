"""A header that stands in a log and cannot be read is told with its place."""
from __future__ import annotations

import pytest

WORDS, LIKE = "log.words_only", "log.header_unread"
READ = "[    7.000001] demod: page allocation failure: order:3, mode:0x4020"


def told(facts):
    return [(one.id, one.named["line"], one.named["count"]) for one in facts.warnings]


@pytest.mark.parametrize(
    ("lines", "warnings"),
    [
        ([READ], []),
        (["nothing", "Subject: a page allocation failure on the gateway"], [(WORDS, 2, 1)]),
        (["x", "[  1.000001] : page allocation failure", "page  allocation\tfailure"], [(WORDS, 2, 2)]),
        (["page <b>allocation</b> failure of which no number is left"], [(WORDS, 1, 1)]),
        (["Mar  4 05:06:07 h app[3]: demod: page allocation failure: order:3, mode:0x4020"] * 3, [(WORDS, 1, 3)]),
        ([READ, "[    8.000001] demod: page allocation failure: order:?, mode:lost"], [(LIKE, 2, 1)]),
        ([READ, "I saw 'demod: page allocation failure: order:3, mode:0x4020' again"], []),
        (["[    8.000001] demod: page allocation failure: order:?, mode:lost"] * 2, [(LIKE, 1, 2)]),
        (["demod: page allocation stalls for 10000ms, order:0, mode:0x14000c0(GFP_KERNEL)"], []),
    ],
)
def test_what_could_not_be_read(read, lines, warnings):
    assert told(read(lines)) == warnings


def test_words_behind_what_is_read_of_a_long_line(read):
    facts = read(["short", "a word " * 40_000 + "a page allocation failure on the gateway"])
    assert [one.id for one in facts.warnings] == ["log.line_cut", WORDS]
    assert facts.warnings[1].named["line"] == 2


def test_numbers_that_no_kernel_prints_are_told_once(read):
    facts = read(["[    7.000001] demod: page allocation failure: order:4711, mode:0x20"])
    assert [one.id for one in facts.warnings] == ["log.impossible_header"]
