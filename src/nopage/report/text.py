"""The result on a terminal; the same words, without colour and boxes, into a pipe."""
from __future__ import annotations

from typing import Any, TextIO

from rich.console import Console
from rich.markup import escape as escape_markup
from rich.padding import Padding
from rich.table import Table

from nopage.report.words import Result, host_line, link_words, one_line, place_words, plural, size_words, source_line

PIPE_WIDTH = 120
GROUPS_MOST = 12
STYLE = {"fail": "bold red", "info": "bold yellow"}


def console(out: TextIO) -> Console:
    """A console on `out`: its own width and colours on a terminal (`NO_COLOR` is heeded), plain and 120 wide else."""
    tty = out.isatty()
    return Console(file=out, width=None if tty else PIPE_WIDTH, highlight=False, soft_wrap=False, emoji=False)


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


def nothing_words(result: Result) -> str:
    """What an empty result means, which is not the same as 'no failure'."""
    if result["source"]["kind"] == "unreadable":
        return "Nothing could be read, so nothing is known of this host."
    return (
        "No page allocation failure found, and nothing at risk in the memory state that was collected. Reports are "
        "rate limited and many callers suppress them: drop counters, not their absence, prove that no packet was lost."
    )


def _print_finding(finding: dict[str, Any], result: Result, shown: Console) -> None:
    shown.print(f"[{STYLE[finding['type']]}]{escape(finding['key'])}[/]  {escape(finding['summary'])}")
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(style="bold", no_wrap=True, min_width=8)
    rows.add_column()
    for name, text in finding_rows(finding, result) + link_rows(finding):
        rows.add_row(escape(name), escape(text))
    shown.print(Padding(rows, (0, 0, 0, 2)))
    groups = [group for group in result.get("groups", ()) if group["signature"] in finding.get("signatures", ())]
    if len(groups) > 1:
        shown.print(Padding(_group_table(groups), (1, 0, 0, 2)))


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
    if shown is not None:
        rows.append(("Seen in", place_words(shown["seen_in"])))
    return rows


def link_rows(finding: dict[str, Any]) -> list[tuple[str, str]]:
    """The labelled links of one finding."""
    return [("Links" if number == 0 else "", link_words(link)) for number, link in enumerate(finding["links"])]


def _group_table(groups: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("reports", "order", "mode", "path", "driver", "cause", "comm", "last"):
        table.add_column(name, justify="right" if name in ("reports", "order") else "left")
    for group in groups[:GROUPS_MOST]:
        last = group["last"]
        table.add_row(
            f"{group['count']:,}",
            str(group["order"]),
            escape(group["gfp_mask"]),
            escape(group["path"]),
            escape(group["driver"] or "-"),
            escape(group["cause"]),
            escape(", ".join(group["comm"][:3]) + (" ..." if len(group["comm"]) > 3 else "")),
            escape(f"{last:.3f} s" if isinstance(last, float) else last or "-"),
        )
    if len(groups) > GROUPS_MOST:
        table.caption = f"and {plural(len(groups) - GROUPS_MOST, 'more signature')}: see --format json"
    return table
