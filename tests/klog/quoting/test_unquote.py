from __future__ import annotations

import pytest

from nopage.klog.quoting.unquote import clean, unquoted


def texts(*lines):
    return [text for _, text in clean(lines, "\n".join(lines))]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("> a", "a"), (">>> a", "a"), ("> >> > a", "a"), (">a: page", "a: page"), ("| a", "a"), ("# a", "a"),
        (" * a", "a"), ("// a", "a"), ("+[    1.2] a", "[    1.2] a"), ("> : [  1.2] a", "[  1.2] a"),
        ("#012 active_file:1", "#012 active_file:1"), ("+0x15/0x20", "+0x15/0x20"), ("#57-Ubuntu", "#57-Ubuntu"),
        (":e1000:e1000_clean+0x1/0x2", ":e1000:e1000_clean+0x1/0x2"), ("a > b", "a > b"),
    ],
)  # fmt: skip
def test_quote_marks(line, text):
    assert unquoted(line) == text


def test_escapes():
    assert texts("[&lt;ffff&gt;] a&amp;&nbsp;&#39;") == ["[<ffff>] a& '"]
    assert texts("[&amp;lt;ffff&amp;gt;] a") == ["[<ffff>] a"]
    assert texts(r"\<IRQ\> \[\<ffff\>\] ? \_\_alloc_pages") == ["<IRQ> [<ffff>] ? __alloc_pages"]
    assert texts("isolated_anon:0#012 active_file:1#011x#015") == ["isolated_anon:0", " active_file:1\tx"]
    assert texts("\x1b[32m[ 1.2] \x1b[0ma\0\r") == ["[ 1.2] a"]
    assert texts("a\xa0b") == ["a b"]
    assert texts("<pre>a<br/>b</pre>") == ["a", "b"]
    assert texts("#2.6.32 #12-Ubuntu") == ["#2.6.32 #12-Ubuntu"]


def test_nothing_to_undo():
    lines = ["Node 0 hugepages_free=20", "a = b=", "x &y; \\z", "4096kB ="]
    assert texts(*lines) == lines


def test_quoted_printable():
    assert texts("order:0,=", " mode:0x20 cpuset=3D/=0A=", "b=A0c") == ["order:0, mode:0x20 cpuset=/", "b c"]
    assert texts("> order:0, cpuset=3D/, a=", "> b", "> c") == ["order:0, cpuset=/, ab", "c"]
    # without any escape, soft breaks alone tell
    long = "x" * 74 + "="
    other = "y" * 74 + "="
    assert texts(long, "a", other, "b") == ["x" * 74 + "a", "y" * 74 + "b"]
    # the same name at the end of each is a field without a value
    field = "CEF:0|lab|kernel|6|100|kernel|4|rt=1930367167402 dhost=node17 msg="
    assert texts(field, "a", field, "b") == [field, "a", field, "b"]


def test_indexes_are_those_of_the_physical_lines():
    lines = ["a#012b", "c=3D", "d=", "e", "f"]
    assert list(clean(lines, "\n".join(lines))) == [(0, "a"), (0, "b"), (1, "c="), (2, "de"), (4, "f")]
