"""A store as one answer: each part asked of DuckDB, and put into the contract's types."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from nopage.fleet.report import questions
from nopage.fleet.report.tables import MOST_LISTED, MOST_TEXT, make_changes, make_hosts, rows_of
from nopage.fleet.store import Store, scratch
from nopage.result import Severity, from_builtins
from nopage.result.answers import FleetReport, HostLine
from nopage.version import __version__

if TYPE_CHECKING:
    import duckdb

MOST_HOSTS = 100_000
WORST = 10
PERIODS = 24
# So long a span at most is shown in periods of one length.
LENGTHS = (("hour", timedelta(hours=26)), ("day", timedelta(days=32)), ("month", timedelta(days=1100)))


def report_of(store: Store, *, newest: bool = False, most_hosts: int = MOST_HOSTS) -> FleetReport:
    """What the hosts of a store suffer from. `newest`: of several collections of one name the newest counts."""
    with scratch({"": store}) as base:
        make_hosts(base, newest=newest)
        make_changes(base)
        (totals,) = rows_of(base, questions.TOTALS.format(p=""))
        period, periods = periods_of(base)
        hosts = lines(base, "true", most_hosts)
        found = {name: rows_of(base, sql) for name, sql in questions.SHARES.items()}
        told: dict[str, Any] = {
            "schema": "nopage-fleet-report/1",
            "nopage": __version__,
            "store": store.folder.url,
            "newest": newest,
            "totals": totals,
            **found,
            "severities": every_severity(found["severities"]),
            "requests": rows_of(base, questions.REQUESTS),
            "reserves": rows_of(base, questions.RESERVES),
            "period": period,
            "periods": periods,
            "problems": rows_of(base, questions.PROBLEMS),
            "changes": rows_of(base, questions.CHANGES),
            "worst": lines(base, "len(findings) > 0", WORST),
            "silent": lines(base, "silent", WORST),
            "at_risk": lines(base, "at_risk", WORST),
            "unreadable": unread(base, "error", "rows"),
            "partly": unread(base, "warning", "hosts"),
            "hosts": (),
            "hosts_left_out": totals["hosts"] - len(hosts),
        }
    return replace(from_builtins(told, FleetReport), hosts=tuple(hosts))


def lines(base: duckdb.DuckDBPyConnection, where: str, most: int) -> list[HostLine]:
    """The worst hosts of which something is true."""
    found = base.sql(questions.LINES.format(where=where, most=most)).to_arrow_table()
    columns: list[list[Any]] = [found[name].to_pylist() for name in HostLine.__struct_fields__]  # faster than by rows
    columns[-1] = [tuple(changes) for changes in columns[-1]]
    return [HostLine(*row) for row in zip(*columns, strict=True)]


def unread(base: duckdb.DuckDBPyConnection, column: str, of: str) -> list[dict[str, Any]]:
    """Reasons, the commonest first."""
    return rows_of(base, questions.UNREAD.format(column=column, of=of, most=MOST_LISTED, text=MOST_TEXT))


def every_severity(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All of them in order: none of a severity is worth seeing too."""
    there = {one["value"]: one for one in found}
    return [
        there.get(one.value, {"value": one.value, "affected": 0, "hosts": 0, "reports": 0}) for one in Severity
    ]


def periods_of(base: duckdb.DuckDBPyConnection) -> tuple[str, list[dict[str, Any]]]:
    """The last periods of one length, and all before them as one."""
    (span,) = rows_of(base, questions.SPAN)
    if span["first"] is None or span["last"] is None:
        return "", []
    length = length_of(span["first"], span["last"])
    found = rows_of(base, questions.PERIODS, [length, length])
    before, shown = found[:-PERIODS], found[-PERIODS:]
    if before:
        told = {name: sum(one[name] for one in before) for name in ("first_seen", "last_seen")}
        shown.insert(0, {"begin": None, **told})
    return length, shown


def length_of(first: datetime, last: datetime) -> str:
    """The length of the periods in which a span is shown."""
    return next((name for name, most in LENGTHS if last - first <= most), "year")

