"""Results as text, in any format."""
from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from nopage.report.documents import FORMATS, render
from nopage.report.screen import Many
from nopage.report.speaker import ENGLISH, speaker
from nopage.report.text import console, print_lines, print_result
from nopage.report.view import View
from nopage.result import Result, to_json


def rendered(results: Sequence[Result], format: str, language: str = ENGLISH) -> str:
    """`results` as the command prints them in this format and language into a pipe."""
    speak = speaker(language)
    if format in FORMATS:
        return render(format, results, speak)
    if format != "text":
        indent = 2 if format == "json" and len(results) == 1 else 0
        return "".join(to_json(one, indent=indent).decode() + "\n" for one in results)
    out = StringIO()
    shown = console(out)
    if len(results) == 1:
        print_result(results[0], shown, View(speak=speak))
        return out.getvalue()
    many = Many(speak)
    for one in results:
        many.add(one)
    print_lines(many.lines(shown.width), shown)
    return out.getvalue()
