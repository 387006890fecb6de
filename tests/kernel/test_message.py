"""Messages: what a template shows of its parameters, and what a translation may do with them."""
from __future__ import annotations

import pickle

import pytest

from nopage.kernel.message import NOTHING, Message, fields_of, render, say

INNER = say("t.inner", "{free_pages:# page is|# pages are} free", free_pages=2)
SHOWN: list[tuple[Message, str]] = [
    (say("t.plain", "plain"), "plain"),
    (say("t.named", "{zone}: {min_pages} of {total_kb} kB", zone="Z", min_pages=5, total_kb=20), "Z: 5 of 20 kB"),
    (say("t.one", "{n:once|# times}", n=1), "once"),
    (say("t.many", "{n:once|# times}", n=3), "3 times"),
    (say("t.zero", "{n:# page is|# pages are} free", n=0), "0 pages are free"),
    (say("t.float", "{share_percent:.1f} %", share_percent=4.256), "4.3 %"),
    (say("t.hex", "mode {gfp_mask:#x}", gfp_mask=0x20), "mode 0x20"),
    (say("t.list", "{zones} had enough", zones=("DMA", "Normal")), "DMA, Normal had enough"),
    (say("t.join", "{zones:join and }", zones=("a", "b", "c")), "a and b and c"),
    (say("t.nested", "{what}.", what=INNER), "2 pages are free."),
    (say("t.nested_list", "{why:join; }", why=(INNER, INNER)), "2 pages are free; 2 pages are free"),
    (say("t.empty", "a{also}b", also=NOTHING), "ab"),
    (say("t.none", "a{also}b", also=None), "ab"),
    (say("t.braces", "{comm}", comm="{0} {evil} %s"), "{0} {evil} %s"),
]


@pytest.mark.parametrize(("message", "text"), SHOWN, ids=[message.id for message, _ in SHOWN])
def test_english(message: Message, text: str) -> None:
    assert str(message) == text


def test_another_language_may_order_and_leave_out_what_it_likes() -> None:
    message = say("t.order", "{free_pages} of {zone}", free_pages=20000, zone="DMA32")
    words = {"t.order": "{zone}の{free_pages}"}
    text = render(message, lambda id, english: words.get(id, english), lambda _name, value: f"{value:,}")
    assert text == "DMA32の20,000"


def test_numbers_reach_nested_messages() -> None:
    message = say("t.outer", "{what}", what=say("t.in", "{n:# page|# pages}", n=12345))
    assert render(message, number=lambda _name, value: f"{value:,}") == "12,345 pages"


def test_messages_are_values() -> None:
    assert say("t.a", "{n}", n=1) == say("t.a", "{n}", n=1)
    assert len({INNER, INNER}) == 1
    assert pickle.loads(pickle.dumps(INNER)) == INNER
    assert not NOTHING
    assert INNER


def test_fields_of() -> None:
    assert fields_of("{a} {b:x|y} {c:join and } {a}") == {"a", "b", "c"}
