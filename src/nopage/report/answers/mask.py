"""A mask in a dozen lines; names on many kernels as a table."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.message import say
from nopage.kernel.plain import plain
from nopage.report import labels
from nopage.report.screen import KERNEL, Line, columns, padded
from nopage.report.speaker import Speaker
from nopage.result.answers import Mask

NAME = 24
DECISION, LAYOUT = say("mask.decision", "decision"), say("mask.layout", "layout")
COLUMNS = (
    KERNEL, say("mask.column.mask", "MASK"), say("mask.column.layout", "LAYOUT"),
    say("mask.column.decision", "DECISION"),
)  # fmt: skip


def mask_lines(mask: Mask, speak: Speaker) -> list[Line]:
    """The flags of a mask, one a line, and what the request may do."""
    lines = [Line(plain(f"{mask.mask} = {mask.name}"), "bold")]
    lines += [row(flag.name, speak(flag.said) if flag.said is not None else "") for flag in mask.flags]
    if mask.unknown_bits is not None:
        lines.append(row(mask.unknown_bits, speak(say("mask.unknown_bits", "no flag of this kernel"))))
    return [
        *lines,
        row(speak(labels.ZONE), speak(say("mask.zones", "{zone} and every lower one", zone=mask.zone))),
        row(speak(DECISION), speak(mask.decision)),
        row(speak(LAYOUT), f"{mask.layout}: {speak(mask.layout_said)}"),
    ]


def row(name: str, words: str) -> Line:
    return Line(plain(f"  {padded(name, NAME)}{words}".rstrip()))


def masks_table(masks: Sequence[Mask], speak: Speaker) -> list[Line]:
    """What the same names are on different kernels, a line each."""
    rows = [(one.kernel or "-", one.mask, one.layout, speak(one.decision)) for one in masks]
    head, *lines = columns([tuple(speak.each(COLUMNS)), *(tuple(map(plain, cells)) for cells in rows)])
    return [Line(head, "bold"), *map(Line, lines)]
