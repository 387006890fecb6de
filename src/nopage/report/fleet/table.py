"""The table of hosts on a page: its columns, its first rows as they are without a script, all of them packed."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message
from nopage.report import labels
from nopage.report.fleet.labels import (
    AFTER,
    ARCHIVE,
    BEFORE,
    DONE,
    FAILURES,
    FAILURES_BEFORE,
    HOST,
    IN_NEW_LOGS,
    KERNEL,
    LAST_FAILURE,
    MEMORY,
    REQUEST,
    SEVERITY,
    SEVERITY_RANKS,
    SHARED_STEP,
    SINCE_THEN,
    TURN_RANKS,
)
from nopage.report.fleet.packed import Column, packed, shown
from nopage.report.fleet.words import action_words, minute, name_of, request_of, severity_words, turn_words
from nopage.report.speaker import Speaker, grouped
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


def severity_column(name: str, title: Message, value: Callable[[Any], str], speak: Speaker) -> Column:
    """How soon to act, in words, the most urgent first."""
    return Column(name, "text", value, speak(title), lambda one: severity_words(one, speak),
                  lambda one: SEVERITY_RANKS.get(one, -1))


def host_columns(
    links: Mapping[tuple[str, str], str], steps: Mapping[int, str], speak: Speaker
) -> tuple[Column, ...]:
    """The columns of a report's hosts; `links` are the hosts' own pages by source and member."""
    def step(line: HostLine) -> str:
        return steps.get(line.changes[0], "") if line.changes else ""

    return (
        Column("name", "own", name_of, speak(HOST)),
        severity_column("severity", SEVERITY, lambda one: one.severity, speak),
        Column("reports", "number", lambda one: one.reports, speak(FAILURES)),
        Column("cause", "text", lambda one: one.cause, speak(labels.CAUSE)),
        Column("driver", "text", lambda one: one.driver, speak(labels.DRIVER)),
        Column("rhel", "text", lambda one: one.rhel, "RHEL"),
        Column("request", "text", lambda one: request_of(one.order, one.gfp_mask), speak(REQUEST)),
        Column("reserve", "number", lambda one: one.min_free_kbytes, "min_free_kbytes"),
        Column("memory", "number", lambda one: one.total_kb >> 10 if one.total_kb is not None else None,
               speak(MEMORY)),
        Column("last", "text", lambda one: minute(one.last_time), speak(LAST_FAILURE)),
        Column("first_step", "text", step, speak(SHARED_STEP)),
        Column("kernel", "text", lambda one: one.kernel, speak(KERNEL)),
        Column("source", "text", lambda _: "", speak(ARCHIVE)),
        Column("folder", "text", lambda one: source_parts(one)[0]),
        Column("leaf", "own", lambda one: source_parts(one)[1]),
        Column("finding", "text", lambda one: one.finding),
        Column("nic", "text", lambda one: f"{one.driver}:{one.mtu}" if one.driver and one.mtu else ""),
        Column("silent", "text", lambda one: "yes" if one.silent else ""),
        Column("risk", "text", lambda one: "yes" if one.at_risk else ""),
        Column("step", "list", lambda one: one.changes),
        Column("page", "text", lambda one: links.get((one.source, one.member), "")),
    )


def change_columns(speak: Speaker) -> tuple[Column, ...]:
    """The columns of the hosts between two scans."""
    return (
        Column("name", "own", lambda one: one.name or one.source, speak(HOST)),
        Column("turn", "text", lambda one: one.turn.value, speak(SINCE_THEN), lambda one: turn_words(one, speak),
               lambda one: TURN_RANKS[one]),
        severity_column("before", BEFORE, lambda one: one.severity_before, speak),
        severity_column("severity", AFTER, lambda one: one.severity_after, speak),
        Column("reports_before", "number", lambda one: one.reports_before, speak(FAILURES_BEFORE)),
        Column("reports", "number", lambda one: one.reports_after, speak(IN_NEW_LOGS)),
        Column("cause", "text", lambda one: one.cause, speak(labels.CAUSE)),
        Column("driver", "text", lambda one: one.driver, speak(labels.DRIVER)),
        Column("kernel", "text", lambda one: moved(one.kernel_before, one.kernel_after), speak(KERNEL)),
        Column("reserve", "text", lambda one: moved(one.min_free_before, one.min_free_after), "min_free_kbytes"),
        Column("last", "text", lambda one: minute(one.last_time), speak(LAST_FAILURE)),
        Column("done", "text", lambda one: ", ".join(action_words(name, speak) for name in one.done), speak(DONE)),
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
    if column.kind == "number":
        return "-" if value is None else grouped(value)
    return shown(column.words(value) if column.words is not None and value else value)
