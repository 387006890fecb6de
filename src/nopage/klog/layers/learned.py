"""Prefixes that no layout knows: told by what stands before lines of a report that always begin and end the same way.

`Call Trace:` and `Mem-Info:` are whole lines; `CPU: 1 PID: 9 Comm: ..`, `Hardware name:` and the header's comm begin
one. Where the same shape (words, numbers and blanks of any length between the same marks) stands before several of
them, it is a log daemon's, a viewer's or a shipper's, and no part of the kernel's text.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from nopage.kernel.pattern import later
from nopage.klog.framing import CLOCK, ISO, MONTH_DAY, Framer, Record

_WHOLE: Final = later(
    r"(?:Call [Tt]race|Mem-[Ii]nfo):(?P<after>[ \t]{0,240}+[^\w<\[]{0,40}(?:\S{0,40}[\"'>\]}]\S{0,40})?)$"
)
_BEGINS: Final = later(
    r"(?:CPU: ?\d{1,5} (?:UID: ?\d{1,10} )?PID: ?\d{1,10} Comm: ?|Pid: ?\d{1,10}, comm: ?|Hardware name: )"
)
_ANCHOR: Final = re.compile(f"(?P<whole>{_WHOLE.pattern})|{_BEGINS.pattern}", re.MULTILINE)
_COMM: Final = later(r"[Cc]omm: ?(?P<comm>\S{1,15})")
_WORDS: Final = ("race:", "omm: ", "Mem-", "Hardw")
_LOOKED_AT: Final = 24
_LONGEST: Final = 240
_PIECE: Final = later(r"(?P<blank>[ \t]+)|(?P<word>\w+)|(?P<mark>.)")
_WALL: Final = later(rf"{ISO}|{MONTH_DAY} {CLOCK}")
_BOOT: Final = later(r"(?<![\w.:-])(\d{1,7}\.\d{6})(?!\d)")


def prefix_of(lines: Sequence[str], text: str) -> tuple[re.Pattern[str], str] | None:
    """The pattern of a prefix, and the suffix of every line, that stand around the kernel's text; None: none do."""
    if "race:" not in text and "omm: " not in text and "Mem-" not in text:
        return None
    first = min(at for word in _WORDS if (at := text.find(word)) >= 0)
    framer = Framer()
    shapes: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    looked = 0
    for line in lines[text.count("\n", 0, first) :]:
        match = _ANCHOR.search(line) if any(word in line for word in _WORDS) else None
        if match is None:
            continue
        looked += 1
        if looked > _LOOKED_AT:
            break
        record = framer.record(0, line)
        if record.text.startswith(match[0][:12]) and not match["after"]:
            return None  # a known layout took all of it off
        before = line[: match.start()]
        if before.strip() and len(before) <= _LONGEST:
            shapes[_shape(before)] += 1
            if match["whole"] is not None:
                ends[match["after"]] += 1
    if not shapes:
        return None
    shape, count = shapes.most_common(1)[0]
    if count < 2 and not _agrees_with_header(shape, lines):
        return None
    end = ends.most_common(1)[0][0].strip() if ends else ""
    return re.compile(shape), end


def without(lines: Sequence[str], shape: re.Pattern[str], end: str) -> Iterator[Record]:
    """The lines without it, each with the times that stood in it."""
    for index, line in enumerate(lines):
        match = shape.match(line)
        if match is None:
            yield Record(index, line)
            continue
        wall, boot = _WALL.search(match[0]), _BOOT.search(match[0])
        rest = line[match.end() :]
        if end and rest.endswith(end):
            rest = rest[: -len(end)]
        yield Record(index, rest, wall[0] if wall else None, boot[1] if boot else None, framed=True)


def _shape(before: str) -> str:
    """A pattern of the same marks, with other words, numbers and blanks between; the last blank may be an indent."""
    pieces: list[str] = []
    word = r"\d+" if before.strip(" \t.:)|│").isdigit() else r"\w+"  # numbers of lines alone
    for piece in _PIECE.finditer(before.rstrip(" \t")):
        if piece["blank"]:
            pieces.append(r"[ \t]+" if pieces else r"[ \t]*")  # numbers grow into the blanks before them
        elif piece["word"]:
            pieces.append(word)
        else:
            pieces.append(re.escape(piece["mark"]))
    return "".join(pieces) + (r"[ \t]" if before[-1:] in " \t" else "")


def _agrees_with_header(shape: str, lines: Sequence[str]) -> bool:
    """The same shape stands before the comm of a header, too, where a `Comm:` line names the same."""
    comms = {match["comm"] for line in lines if "omm: " in line and (match := _COMM.search(line))}
    pattern = re.compile(shape + r"(?P<rest>.*)", re.DOTALL)
    for line in lines:
        if "page alloc" in line and (match := pattern.match(line)) is not None:
            return any(match["rest"].lstrip().startswith(f"{comm}: page alloc") for comm in comms)
    return False
