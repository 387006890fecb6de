"""Which needles a block holds."""
from __future__ import annotations

from collections.abc import Callable
from functools import cache

from nopage.intake.search.needles import NEEDLES
from nopage.intake.search.quick import find

STEM = b"allocat"  # in most needles, and in few blocks: one search instead of three

Finder = Callable[[bytes], list[bytes]]


@cache
def finder(following: bool, early: bool) -> Finder:
    """A function that gives the texts of those NEEDLES that a block of bytes holds, with those two kinds or not."""
    texts = [needle.text for needle in NEEDLES if (following or not needle.follows) and (early or not needle.early)]
    without = tuple(text for text in texts if STEM not in text)

    def held(block: bytes) -> list[bytes]:
        looked_for = texts if find(block, STEM) >= 0 else without
        return [text for text in looked_for if find(block, text) >= 0]

    return held
