"""The result on a terminal; the same words, without colour and boxes, into a pipe."""
from __future__ import annotations

import re
from textwrap import wrap
from typing import Any, TextIO

from rich.console import Console
from rich.markup import escape as escape_markup

from nopage.report.words import Result, host_line, link_words, one_line, place_words, plural, size_words, source_line

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
    for finding in result["findings"]:
        shown.print()
        _print_finding(finding, result, shown)
    if not result["findings"]:
        shown.print()
        shown.print(escape(nothing_words(result)))
    for slub in result.get("slub", ())[:SLUB_MOST]:
        shown.print()
        shown.print(escape(f"{slub['words']} Seen in {place_words(slub['seen_in'])}."))


def nothing_words(result: Result) -> str:
    """What an empty result means, which is not the same as 'no failure'."""
    if result["source"]["kind"] == "unreadable":
        return "Nothing could be read, so nothing is known of this host."
    logs = "kernel_log" in result["source"].get("coverage", {}).get("found", ())
    state = bool((result.get("memory") or {}).get("zones"))
    if not logs and not state:
        return "Neither a kernel log nor a memory state was in it, so nothing is known of this host's allocations."
    words = []
    if logs:
        words.append("No page allocation failure found in the logs that were read.")
    else:
        words.append("No kernel log was in it, so whether an allocation failed is not known.")
    if state:
        words.append("Nothing is at risk in the memory state that was collected.")
    else:
        words.append("No memory state was collected, so whether the next request would fail is not known.")
    if logs:
        words.append(
            "Reports are rate limited and many callers suppress them: drop counters, not their absence, prove that no "
            "packet was lost."
        )
    return " ".join(words)


def _print_finding(finding: dict[str, Any], result: Result, shown: Console) -> None:
    shown.print(f"[{STYLE[finding['type']]}]{escape(finding['key'])}[/]  {escape(finding['summary'])}", soft_wrap=True)
    for name, text in finding_rows(finding, result) + link_rows(finding):
        _print_row(name, text, shown)
    groups = [group for group in result.get("groups", ()) if group["signature"] in finding.get("signatures", ())]
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


def finding_rows(finding: dict[str, Any], result: Result) -> list[tuple[str, str]]:
    """The labelled lines of one finding, in the order a reader asks: what, where, why, does it matter, what to do."""
    rows: list[tuple[str, str]] = []
    shown = next((one for one in result["failures"] if one["signature"] == finding.get("shown")), None)
    if shown is not None:
        page_kb = shown["zones"][0]["page_kb"] if shown.get("zones") else 4
        rows.append(
            (
                "What",
                f"{size_words(shown['order'], page_kb)}, mode {shown['gfp_mask']} = {shown['gfp_name'] or 'no flag'}: "
                + finding["request_words"],
            )
        )
        rows.append(("Where", finding["where_words"]))
    rows += [("Why", text) for text in finding.get("why", ())[:1]]
    rows += [("", text) for text in finding.get("why", ())[1:]]
    if finding.get("matters"):
        rows.append(("Matters", finding["matters"]))
    for number, remedy in enumerate(finding["remedies"], 1):
        value = f" = {remedy['value']}" if remedy.get("value") not in (None, "") else ""
        rows.append(("Do" if number == 1 else "", f"{number}. {remedy['action']}{value}: {remedy['reason']}"))
        if remedy.get("risk"):
            rows.append(("", f"   Risk: {remedy['risk']}"))
    rows += [("Note" if number == 0 else "", text) for number, text in enumerate(finding.get("notes", ()))]
    if finding.get("article_says"):
        rows.append(("Article", finding["article_says"]))
    if finding.get("source_says"):
        rows.append(("Source", finding["source_says"]))
    if shown is not None:
        rows.append(("Seen in", place_words(shown["seen_in"])))
    return rows


def link_rows(finding: dict[str, Any]) -> list[tuple[str, str]]:
    """The labelled links of one finding: the resolution and what is nearest to it; all stand in the JSON."""
    links = finding["links"][:LINKS_MOST]
    return [("Links" if number == 0 else "", link_words(link)) for number, link in enumerate(links)]


def _print_groups(groups: list[dict[str, Any]], shown: Console) -> None:
    """One line a signature, in columns."""
    table = [GROUP_COLUMNS]
    for group in groups[:GROUPS_MOST]:
        last = group["last"]
        table.append(
            (
                f"{group['count']:,}",
                str(group["order"]),
                group["gfp_mask"],
                group["path"],
                group["driver"] or "-",
                group["cause"] or "-",
                ", ".join(group["comm"][:3]) + (" ..." if len(group["comm"]) > 3 else ""),
                f"{last:.3f} s" if isinstance(last, float) else last or "-",
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
