"""The result on a terminal; the same words, without colour and boxes, into a pipe."""
from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import TextIO

from rich.console import Console
from rich.markup import escape as escape_markup

from nopage.report.words import host_line, link_words, one_line, place_words, plural, size_words, source_line
from nopage.result import Finding, Group, Result

PIPE_WIDTH = 120
GROUPS_MOST = 12
LABEL_WIDTH = 8
NUMBERED = re.compile(r"\d+\. |   ")
LINKS_MOST = 3
SLUB_MOST = 5
GROUP_COLUMNS = ("reports", "order", "mode", "path", "driver", "cause", "comm", "last")
NUMBER_COLUMNS = 2  # the first ones, set to the right
STYLE = {"fail": "bold red", "info": "bold yellow"}


class PipeConsole(Console):
    """A console whose reader may go away: the caller decides what a closed pipe means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(out: TextIO) -> Console:
    """A console on `out`: its own width and colours on a terminal (`NO_COLOR` is heeded), plain and 120 wide else."""
    tty = out.isatty()
    return PipeConsole(file=out, width=None if tty else PIPE_WIDTH, highlight=False, soft_wrap=False, emoji=False)


def escape(text: object) -> str:
    """`text` of a log for a terminal: no markup, and control characters shown instead of sent."""
    plain = "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in str(text))
    return escape_markup(plain)


def print_line(result: Result, shown: Console) -> None:
    """One line for one of many sources; cut by nothing, since scripts read it."""
    shown.print(escape(one_line(result)), soft_wrap=True)


def print_result(result: Result, shown: Console) -> None:
    """The whole explanation of one source."""
    shown.print(f"[bold]{escape(host_line(result))}[/]")
    shown.print(f"[dim]{escape(source_line(result))}[/]")
    for finding in result.findings:
        shown.print()
        _print_finding(finding, result, shown)
    if not result.findings:
        shown.print()
        shown.print(escape(result.verdict))
    for slub in result.slub[:SLUB_MOST]:
        shown.print()
        shown.print(escape(f"{slub.words} Seen in {place_words(slub.seen_in)}."))


def _print_finding(finding: Finding, result: Result, shown: Console) -> None:
    shown.print(f"[{STYLE[finding.type]}]{escape(finding.key)}[/]  {escape(finding.summary)}", soft_wrap=True)
    for name, text in finding_rows(finding, result) + link_rows(finding):
        _print_row(name, text, shown)
    groups = [group for group in result.groups if group.signature in finding.signatures]
    if len(groups) > 1:
        shown.print()
        _print_groups(groups, shown)


def _print_row(name: str, text: str, shown: Console) -> None:
    """A label and its text, wrapped beside it; a long word such as a URL is never broken."""
    width = max(shown.width - LABEL_WIDTH - 3, 40)
    plain = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    deeper = " " * (3 if NUMBERED.match(plain) else 0)
    lines = wrap(plain, width, subsequent_indent=deeper, break_long_words=False, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        label = f"[bold]{name:<{LABEL_WIDTH}}[/]" if number == 0 else " " * LABEL_WIDTH
        shown.print(f"  {label} {escape_markup(line)}", soft_wrap=True)


def finding_rows(finding: Finding, result: Result) -> list[tuple[str, str]]:
    """The labelled lines of one finding, in the order a reader asks: what, where, why, does it matter, what to do."""
    rows: list[tuple[str, str]] = []
    shown = next((one for one in result.failures if one.signature == finding.shown), None)
    if shown is not None:
        page_kb = shown.zones[0].page_kb if shown.zones else 4
        rows.append(
            (
                "What",
                f"{size_words(shown.order, page_kb)}, mode {shown.gfp_mask} = {shown.gfp_name or 'no flag'}: "
                + (finding.request_words or ""),
            )
        )
        rows.append(("Where", finding.where_words or ""))
    rows += [("Why", text) for text in finding.why[:1]]
    rows += [("", text) for text in finding.why[1:]]
    if finding.matters:
        rows.append(("Matters", finding.matters))
    for number, remedy in enumerate(finding.remedies, 1):
        value = f" = {remedy.value}" if remedy.value not in (None, "") else ""
        rows.append(("Do" if number == 1 else "", f"{number}. {remedy.action}{value}: {remedy.reason}"))
        if remedy.risk:
            rows.append(("", f"   Risk: {remedy.risk}"))
    rows += [("Note" if number == 0 else "", text) for number, text in enumerate(finding.notes)]
    if finding.article:
        rows += [("Article" if number == 0 else "", point.text) for number, point in enumerate(finding.article)]
    elif finding.article_says:
        rows.append(("Article", finding.article_says))
    if finding.source_says:
        rows.append(("Source", finding.source_says))
    if shown is not None:
        rows.append(("Seen in", place_words(shown.seen_in)))
    return rows


def link_rows(finding: Finding) -> list[tuple[str, str]]:
    """The labelled links of one finding: the resolution and what is nearest to it; all stand in the JSON."""
    links = finding.links[:LINKS_MOST]
    return [("Links" if number == 0 else "", link_words(link)) for number, link in enumerate(links)]


def _print_groups(groups: Sequence[Group], shown: Console) -> None:
    """One line a signature, in columns."""
    table = [GROUP_COLUMNS]
    for group in groups[:GROUPS_MOST]:
        last = group.last
        table.append(
            (
                f"{group.count:,}",
                str(group.order),
                group.gfp_mask,
                group.path,
                group.driver or "-",
                group.cause or "-",
                ", ".join(group.comm[:3]) + (" ..." if len(group.comm) > 3 else ""),
                last or (f"{group.last_monotonic_s:.3f} s" if group.last_monotonic_s is not None else "-"),
            )
        )
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for number, row in enumerate(table):
        cells = [
            cell.rjust(width) if place < NUMBER_COLUMNS else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        line = escape("  ".join(cells).rstrip())
        shown.print(f"  [bold]{line}[/]" if number == 0 else f"  {line}", soft_wrap=True)
    if len(groups) > GROUPS_MOST:
        shown.print(f"  and {plural(len(groups) - GROUPS_MOST, 'more signature')}: see --format json")
