"""`nopage fleet export DIR --format ...`: the store for other programs."""
from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TextIO

from nopage.cli.commands.fleet.command import add_storage, destination, storage_of
from nopage.cli.status import NOTHING_FOUND

if TYPE_CHECKING:
    from nopage.fleet.store import Store


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage fleet export`."""
    made = argparse.ArgumentParser(
        prog="nopage fleet export",
        description="Write a store's rows as CSV or JSON, its whole results as JSON lines, or its counts as Prometheus "
        "metrics for a textfile collector.",
        allow_abbrev=False,
    )
    made.add_argument("store", metavar="DIR", help="the store, a path or URL")
    made.add_argument(
        "--format", choices=("csv", "json", "jsonl", "prometheus"), required=True,
        help="csv, json: a row a host; jsonl: the whole result of each host with findings; prometheus: metrics",
    )
    made.add_argument("--table", choices=("rows", "groups", "steps"), default="rows",
                      help="of csv and json (default: rows)")
    made.add_argument("-o", "--output", metavar="FILE", help="write to FILE, whole or not at all")
    add_storage(made)
    return made


def run(options: argparse.Namespace) -> int:
    """Write it; returns the exit status."""
    from nopage.fleet.store import Store

    store = Store.open(options.store, storage_of(options.storage))
    with destination(options.output) as out:
        put(store, options, out)
    return NOTHING_FOUND


def put(store: Store, options: argparse.Namespace, out: TextIO) -> None:
    """Write what was asked for."""
    from nopage.fleet.export import metrics, write, write_results

    if options.format == "prometheus":
        out.write(metrics(store))
    elif options.format == "jsonl":
        write_results(store, out)
    else:
        write(store.ask(f"SELECT * FROM {options.table}"), options.format, out)
