"""Lines that a terminal or a fixed column cut, inside words and numbers as well: joined as they were before.

A mailer breaks at blanks, so its lines differ in length, and `wrapping` joins them with a blank. A terminal cuts every
line at its last column: the lines that go on are all as long as the longest.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nopage.klog.framing import Framer, begins_line

NARROWEST: Final = 40
WIDEST: Final = 300
_LOOKED_AT: Final = 64
_JOINED_MOST: Final = 64 << 10  # characters of a line that is put together
_GREPPED: Final = re.compile(r"(?:[\w./~-]{1,120}[:-])?\d{1,9}[:-](?=[A-Z<\[\d])")
# Where the end of a line and the beginning of the next, with \0 between them, are one word or number.
_TORN: Final = re.compile(
    r"0x[0-9a-f]{0,16}\0[0-9a-f]{1,16}(?![\w.:])|0\0x[0-9a-f]|\[<[0-9a-f]{0,15}\0[0-9a-f]{1,16}>\]|"
    r"\+0?\0(?:0?x)?[0-9a-f]{1,6}/0x|\+0x[0-9a-f]{0,6}\0[0-9a-f]{0,6}/0x|/0?\0(?:0?x)?[0-9a-f]{1,6}\b(?!:)|"
    r"[a-z0-9_]\0[a-z0-9_.]{1,60}\+0x[0-9a-f]|\w\0\+0x|"
    r":\d{1,12}\0\d{1,12} ?kB|:\0\d{1,12} ?kB|\d\0 ?kB |\*\d{0,5}\0\d{0,5}kB|\d\0\*\d{1,5}kB|\([UMEHCI]*\0[UMEHCI]*\) |"
    r"[a-z_(]\0[a-z_()]{1,24}:\d|[a-z_)]\0:\d|"
    r"[2-9]\.\d{1,3}[\w.\-]*\0[\w.\-]*(?:\.el\d|x86_64|aarch64|ppc64|s390|i686|generic|default)"
)
_WORDS: Final = (
    "page allocation failure", "order:", "mode:0x", "Call Trace:", "Mem-Info:", "Tainted:", "PID: ", "lowmem_reserve",
)  # fmt: skip


def width_of(lines: Sequence[str]) -> int | None:
    """The column at which these lines were cut; None where they were not."""
    lengths = [len(line) for line in lines]
    width = max(lengths, default=0)
    if not NARROWEST <= width <= WIDEST:
        return None
    full = [index for index, length in enumerate(lengths[:-1]) if length >= width - 1]
    full = full[:_LOOKED_AT]
    new = _beginnings([lines[index + 1] for index in full])
    torn = sum(
        not begins and _is_torn(lines[index], lines[index + 1]) for index, begins in zip(full, new, strict=True)
    )
    if not torn:
        return None
    begins = _beginnings(lines)
    if sum(begins) * 4 <= len(lines):
        return width if torn * 6 >= len(full) else None
    goes_on = [index for index, line in enumerate(lines[1:]) if line.strip() and not begins[index + 1]]
    at_width = sum(lengths[index] >= width - 1 for index in goes_on)
    return width if at_width * 5 >= len(goes_on) * 3 else None


def joined(lines: Sequence[str], width: int) -> list[tuple[int, str]]:
    """The lines as they were, each with the index of that which it began on."""
    begins = _beginnings(lines)
    framed = sum(begins) * 4 > len(lines)
    found: list[tuple[int, str]] = []
    before = ""
    for index, line in enumerate(lines):
        goes_on = found and line.strip() and len(before) >= width - 1 and not begins[index]
        if goes_on and (framed or not begins_line(line.strip()) or _is_torn(before, line)):
            began, text = found[-1]
            if len(text) < _JOINED_MOST:
                found[-1] = began, text + (" " if len(before) < width else "") + line
        else:
            found.append((index, line))
        before = line
    return found


def _beginnings(lines: Sequence[str]) -> list[bool]:
    """Which lines bear a log's prefix."""
    framer = Framer()
    found = []
    for line in lines:
        framed = framer.record(0, line).framed
        if not framed and (grepped := _GREPPED.match(line)):
            framed = framer.record(0, line[grepped.end() :]).framed
        found.append(framed)
    return found


def _is_torn(line: str, after: str) -> bool:
    if _TORN.search(f"{line[-48:]}\0{after[:96]}") is not None:
        return True
    end, begin = line[-24:], after[:24]
    whole, at = end + begin, len(end)
    return any(0 <= at - whole.find(word) < len(word) and at - whole.find(word) > 0 for word in _WORDS if word in whole)

