"""`nopage fleet query DIR 'SQL'`: ask a store."""
from __future__ import annotations

import argparse
import sys
from itertools import islice

from nopage.cli.commands.fleet.command import WrongArgument, add_storage, storage_of
from nopage.cli.complaint import complain
from nopage.cli.status import NOTHING_FOUND
from nopage.kernel.plain import plain

MOST_SHOWN = 1_000


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage fleet query`."""
    made = argparse.ArgumentParser(
        prog="nopage fleet query",
        description="Ask a store in SQL (DuckDB). It has three tables: rows, one a host; groups, one a kind of "
        "failure on a host; steps, one a step of a plan. Nothing is changed. The column \"order\" wants quotes.",
        epilog="examples:\n"
        "  nopage fleet query fleet 'DESCRIBE rows'\n"
        "  nopage fleet query fleet 'SELECT driver, count(*) AS hosts FROM rows GROUP BY ALL ORDER BY hosts DESC'\n"
        "  nopage fleet query fleet \"SELECT source, error FROM rows WHERE error <> ''\" --format csv",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("store", metavar="DIR", help="the store, a path or URL")
    made.add_argument("sql", metavar="SQL", help="one question")
    made.add_argument("--format", choices=("table", "json", "csv"), default="table", help="default: table")
    add_storage(made)
    return made


def run(options: argparse.Namespace) -> int:
    """Print the answer; returns the exit status."""
    import duckdb

    from nopage.fleet.export import write
    from nopage.fleet.store import Store

    store = Store.open(options.store, storage_of(options.storage))
    try:
        found = store.ask(options.sql)
        if options.format == "table":
            show(found.columns, list(islice(found.rows, MOST_SHOWN + 1)))
        else:
            write(found, options.format, sys.stdout)
    except duckdb.Error as error:
        raise WrongArgument(f"SQL: {' '.join(str(error).split())}") from error
    return NOTHING_FOUND


def show(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """A table as wide as what is in it, or as the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for at, name in enumerate(columns):
        number = bool(rows) and all(isinstance(row[at], int | float | None) for row in rows)
        table.add_column(Text(plain(name)), justify="right" if number else "left", overflow="fold")
    for row in rows[:MOST_SHOWN]:
        table.add_row(*(Text(cell(value)) for value in row))
    console = Console(file=sys.stdout)
    if not console.is_terminal:
        console.width = max(console.width, console.measure(table, options=console.options.update(width=10_000)).maximum)
    console.print(table)
    if len(rows) > MOST_SHOWN:
        complain(f"the first {MOST_SHOWN} rows; --format csv or json gives all")


def cell(value: object) -> str:
    """A value as text; lists with commas, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(cell, value))
    return f"{value:.4g}" if isinstance(value, float) else plain(value)
