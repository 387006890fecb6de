"""The kernel's own report, line by line as it stands in the log."""
from __future__ import annotations

from nopage.kernel.plain import plain
from nopage.report.screen.layout import Line
from nopage.report.speaker import Speaker
from nopage.report.words import place_words
from nopage.result import Result


def kernel_text(result: Result, speak: Speaker) -> list[Line]:
    """One report of each kind, under the places that tell of it; control characters are written as codes."""
    lines: list[Line] = []
    for one in result.failures:
        if one.log:
            lines += [Line(), Line(place_words(one.seen_in, speak), "bold"), *(Line(plain(text)) for text in one.log)]
    return lines
