"""What a store holds, for other programs."""
from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from nopage.fleet.store import Answer, Store
from nopage.kernel.plain import plain
from nopage.result import Severity, harmless, to_json


def write(found: Answer, form: str, out: TextIO) -> None:
    """An answer as CSV with a header, or as a JSON list of objects, a line each."""
    columns = found.columns
    if form == "csv":
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(columns)
        lines.writerows([_cell(value) for value in row] for row in found.rows)
        return
    out.write("[")
    between = "\n"
    for row in found.rows:
        told = dict(zip(columns, row, strict=True))
        out.write(between + harmless(json.dumps(told, ensure_ascii=False, default=str)))
        between = ",\n"
    out.write("\n]\n")


def write_results(store: Store, out: TextIO) -> None:
    """The whole result of every host with findings, one JSON object a line."""
    for _, result in store.results():
        out.write(to_json(result).decode() + "\n")


MOST_SERIES = 500  # of one metric
MOST_LABEL = 100
OTHER = "other"
METRICS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("nopage_fleet_sources", "Sources scanned.", "SELECT count(DISTINCT source) FROM rows", ()),
    (
        "nopage_fleet_sources_failed",
        "Sources that could not be read.",
        "SELECT count(DISTINCT source) FROM rows WHERE error <> ''",
        (),
    ),
    ("nopage_fleet_hosts", "Hosts that were read.", "SELECT count(*) FROM rows WHERE error = ''", ()),
    (
        "nopage_fleet_hosts_with_finding",
        "Hosts by finding.",
        "SELECT finding, count(*) FROM (SELECT unnest(findings) AS finding FROM rows) GROUP BY ALL ORDER BY ALL",
        ("finding",),
    ),
    (
        "nopage_fleet_hosts_by_severity",
        "Hosts by how soon to act.",
        "SELECT severity, count(*) FROM rows WHERE error = '' GROUP BY severity",
        ("severity",),
    ),
    ("nopage_fleet_failures", "Page allocation failures reported.", "SELECT coalesce(sum(reports), 0) FROM rows", ()),
    (
        "nopage_fleet_hosts_failing",
        "Hosts with failures by cause, driver and RHEL release.",
        "SELECT coalesce(cause, ''), coalesce(driver, ''), coalesce(rhel, ''), count(*) FROM rows WHERE reports > 0"
        " GROUP BY ALL ORDER BY ALL",
        ("cause", "driver", "rhel"),
    ),
    (
        "nopage_fleet_scanned_timestamp_seconds",
        "When the last source was scanned.",
        "SELECT coalesce(max(epoch(scanned_at::TIMESTAMPTZ)), 0) FROM rows WHERE scanned_at <> ''",
        (),
    ),
)


def metrics(store: Store) -> str:
    """The counts in the text format of Prometheus; every severity is there, so that a count that falls to 0 is seen."""
    lines: list[str] = []
    for name, words, sql, labels in METRICS:
        lines += [f"# HELP {name} {words}", f"# TYPE {name} gauge"]
        counted = _series(store.ask(sql).rows)
        if labels == ("severity",):
            counted = {(severity.value,): counted.get((severity.value,), 0) for severity in Severity}
        for values, number in counted.items():
            pairs = ",".join(f'{label}="{_label(value)}"' for label, value in zip(labels, values, strict=True))
            lines.append(f"{name}{{{pairs}}} {number:.15g}" if pairs else f"{name} {number:.15g}")
    return "\n".join(lines) + "\n"


def _series(rows: Iterable[Sequence[Any]]) -> dict[tuple[str, ...], Any]:
    """A number for each labels' values, which logs may have made up: escaped, each once, and not without end."""
    counted: dict[tuple[str, ...], Any] = {}
    for *values, number in rows:
        key = tuple(plain(value)[:MOST_LABEL] for value in values)
        counted[key] = counted.get(key, 0) + number
    if len(counted) <= MOST_SERIES:
        return counted
    kept = sorted(counted, key=lambda key: -counted[key])[:MOST_SERIES]
    shown = {key: counted.pop(key) for key in kept}
    rest = tuple(OTHER for _ in kept[0])
    shown[rest] = shown.get(rest, 0) + sum(counted.values())
    return shown


def _label(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # what a spreadsheet computes


def _cell(value: object) -> object:
    """A value as a table may hold it: names of hosts and processes were made up by somebody."""
    if isinstance(value, list | tuple):
        value = ";".join(map(str, value))
    if not isinstance(value, str):
        return value
    text = plain(value)
    return f"'{text}" if text.startswith(FORMULA) else text
