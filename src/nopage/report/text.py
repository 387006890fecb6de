"""The result on a terminal, and the same lines without colour into a pipe."""
from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.markup import escape as escape_markup
from rich.text import Text

from nopage.kernel.plain import plain
from nopage.report.screen import Line, first_screen, kernel_text, links, why
from nopage.report.series import LEVELS
from nopage.report.view import ALWAYS, AUTO, NEVER, WHOLE_ANSWER, View
from nopage.report.words import one_line
from nopage.result import Result

PIPE_WIDTH = 100
STYLES = {"": "", "bold": "bold", "dim": "dim", "bad": "bold red", "good": "bold green", "info": "bold yellow"}


# A line over time, for terminals that know no block characters.
SIMPLE = str.maketrans(LEVELS, "_.:-=+*#")


class PipeConsole(Console):
    """A console whose reader may go away: the caller decides what a closed pipe means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(out: TextIO, width: int | None = None, color: str = AUTO) -> Console:
    """A console on `out`: its own width and colours on a terminal (NO_COLOR and TERM=dumb are heeded), plain else."""
    tty = out.isatty()
    return PipeConsole(
        file=out,
        width=width or (None if tty else PIPE_WIDTH),
        highlight=False,
        soft_wrap=False,
        emoji=False,
        force_terminal=True if color == ALWAYS else None,
        no_color=True if color == NEVER else None,
        color_system=None if color == NEVER else "auto",
    )


def escape(text: object) -> str:
    """`text` of a log for a terminal: no markup, and control characters shown instead of sent."""
    return escape_markup(plain(text, keep="\n"))


def print_lines(lines: Iterable[Line], shown: Console) -> None:
    """Lines as they are: they are wrapped already."""
    simple = not (shown.encoding or "").lower().startswith("utf") or shown.is_dumb_terminal
    texts = [
        Text(plain(line.text.translate(SIMPLE) if simple else line.text, keep="\n"), STYLES.get(line.style, ""))
        for line in lines
    ]
    if texts:
        shown.print(Text("\n").join(texts), soft_wrap=True)  # once: each call of it takes longer than a line


def print_line(result: Result, shown: Console, view: View = WHOLE_ANSWER) -> None:
    """One line for one of many sources; cut by nothing, since scripts read it."""
    shown.print(escape(one_line(result, view.speak)), soft_wrap=True)


def print_result(result: Result, shown: Console, view: View = WHOLE_ANSWER) -> None:
    """The first screen of one source, and what else was asked for."""
    width = view.width or shown.width
    print_lines(first_screen(result, view.speak, width, more=view.more), shown)
    if view.why:
        print_lines(why(result, view.speak, width), shown)
    if view.log:
        print_lines(kernel_text(result, view.speak), shown)
    if view.links:
        print_lines(links(result, view.speak, width), shown)
