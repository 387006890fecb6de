"""The table of hosts on a page: its columns, its first rows as they are without a script, all of them packed."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from nopage.kernel.frozen import dataclass
from nopage.report.fleet.packed import Column, packed, shown
from nopage.report.fleet.words import minute, name_of, request_of
from nopage.report.speaker import grouped
from nopage.result.answers import HostChange, HostLine

FIRST_ROWS = 50
HOLE = "\u241f"  # stands in a source's name for the host's


@dataclass(frozen=True, slots=True)
class Table:
    """What the template lays out. `rows` are (text, kind) by visible column."""

    title: str
    hint: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    count: int
    left_out: int


def host_columns(links: Mapping[tuple[str, str], str], steps: Mapping[int, str]) -> tuple[Column, ...]:
    """The columns of a report's hosts; `links` are the hosts' own pages by source and member."""
    def step(line: HostLine) -> str:
        return steps.get(line.changes[0], "") if line.changes else ""

    return (
        Column("name", "own", name_of, "host"),
        Column("severity", "text", lambda one: one.severity, "severity"),
        Column("reports", "number", lambda one: one.reports, "failures"),
        Column("cause", "text", lambda one: one.cause, "cause"),
        Column("driver", "text", lambda one: one.driver, "driver"),
        Column("rhel", "text", lambda one: one.rhel, "RHEL"),
        Column("request", "text", lambda one: request_of(one.order, one.gfp_mask), "request"),
        Column("reserve", "number", lambda one: one.min_free_kbytes, "min_free_kbytes"),
        Column("memory", "number", lambda one: one.total_kb >> 10 if one.total_kb is not None else None, "memory MB"),
        Column("last", "text", lambda one: minute(one.last_time), "last failure"),
        Column("first_step", "text", step, "most shared step"),
        Column("kernel", "text", lambda one: one.kernel, "kernel"),
        Column("source", "text", lambda _: "", "source"),
        Column("folder", "text", lambda one: source_parts(one)[0]),
        Column("leaf", "own", lambda one: source_parts(one)[1]),
        Column("finding", "text", lambda one: one.finding),
        Column("nic", "text", lambda one: f"{one.driver}:{one.mtu}" if one.driver and one.mtu else ""),
        Column("silent", "text", lambda one: "yes" if one.silent else ""),
        Column("risk", "text", lambda one: "yes" if one.at_risk else ""),
        Column("step", "list", lambda one: one.changes),
        Column("page", "text", lambda one: links.get((one.source, one.member), "")),
    )


CHANGE_COLUMNS = (
    Column("name", "own", lambda one: one.name or one.source, "host"),
    Column("turn", "text", lambda one: one.turn.value.replace("_", " "), "since then"),
    Column("before", "text", lambda one: one.severity_before, "before"),
    Column("severity", "text", lambda one: one.severity_after, "after"),
    Column("reports_before", "number", lambda one: one.reports_before, "failures before"),
    Column("reports", "number", lambda one: one.reports_after, "in the new logs"),
    Column("cause", "text", lambda one: one.cause, "cause"),
    Column("driver", "text", lambda one: one.driver, "driver"),
    Column("kernel", "text", lambda one: moved(one.kernel_before, one.kernel_after), "kernel"),
    Column("reserve", "text", lambda one: moved(one.min_free_before, one.min_free_after), "min_free_kbytes"),
    Column("last", "text", lambda one: minute(one.last_time), "last failure"),
    Column("done", "text", lambda one: ", ".join(one.done), "done of its plan"),
)


def moved(before: object, after: object) -> str:
    """'90112 → 180224'; one value where nothing moved."""
    if before == after or before is None:
        return "" if after is None else str(after)
    return f"{before} → {'-' if after is None else after}"


def source_parts(line: HostLine) -> tuple[str, str]:
    """Its folder, and its name in which a hole stands for the host's name: many rows then share texts."""
    whole = f"{line.source}!{line.member}" if line.member else line.source
    folder, _, leaf = shown(whole).rpartition("/")
    name = name_of(line)
    return folder, leaf.replace(HOLE, "?").replace(name, HOLE, 1)


def table_of(
    title: str, hint: str, rows: Sequence[HostLine] | Sequence[HostChange], columns: tuple[Column, ...], more: int,
    most_bytes: int,
) -> tuple[Table, Markup]:
    """The table, and its rows packed into so many bytes at most."""
    data, count = packed(rows, columns, most_bytes)
    first = tuple(tuple((cell(one, row), one.kind) for one in columns if one.title) for row in rows[:FIRST_ROWS])
    return Table(title, hint, columns, first, count, len(rows) - count + more), Markup(data)


def cell(column: Column, row: Any) -> str:
    """A cell as it stands before the script has come."""
    if column.name == "source" and isinstance(row, HostLine):
        return shown(row.source)
    value = column.value(row)
    return ("-" if value is None else grouped(value)) if column.kind == "number" else shown(value)
