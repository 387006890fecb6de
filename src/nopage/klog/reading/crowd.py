"""A line on which very many reports are joined.

No log joins more than a few; a hostile one may join thousands, and each costs a look at the whole rest of its line.
"""
from __future__ import annotations

from itertools import pairwise
from typing import Final

from nopage.kernel.pattern import later
from nopage.klog.framing import Record

TOGETHER: Final = 8  # reports on one line that are looked at together
MIN_LENGTH: Final = 4096  # characters of a line below which it is read as it is
_BEGINS: Final = later(r"[^\s:]{1,16}: page allocation failure|SL[UA]B: Unable to allocate memory")


def pieces(record: Record) -> list[Record]:
    """`record`, or the parts of it that hold `TOGETHER` reports each."""
    text = record.text
    if len(text) < MIN_LENGTH or text.count(": page allocation failure") + text.count("B: Unable to allo") <= TOGETHER:
        return [record]
    cuts = [begin.start() for begin in _BEGINS.finditer(text)][TOGETHER::TOGETHER]
    return [record.part(text[begin:end]) for begin, end in pairwise([0, *cuts, len(text)])]
