"""`nopage fleet report DIR`: what a scanned fleet suffers from, and what to change once for many."""
from __future__ import annotations

import argparse
import os
from functools import partial
from typing import TYPE_CHECKING

from nopage.cli.commands.fleet.command import WrongArgument, add_storage, destination, storage_of, tell_lines
from nopage.cli.hostfiles import is_folder
from nopage.cli.options import add_language, add_screen
from nopage.cli.output import json_text
from nopage.cli.status import NOTHING_FOUND

if TYPE_CHECKING:
    from nopage.fleet.store import Store
    from nopage.result.answers import FleetReport

FORMATS = {".html": "html", ".htm": "html", ".json": "json"}
PAGES = 100


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage fleet report`."""
    made = argparse.ArgumentParser(
        prog="nopage fleet report",
        description="Tell what a scanned fleet suffers from: one screen, or one page with every host, or JSON.",
        epilog="examples:\n  nopage fleet report fleet\n  nopage fleet report fleet -o report/\n"
        "  nopage fleet report fleet -o fleet.html\n  nopage fleet report fleet --format json\n\n"
        "A page in a file holds the ten worst hosts in full and needs nothing outside itself; in a folder it links to\n"
        "pages of the worst hosts. The exit status is 0 whatever the fleet suffers from.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("store", metavar="DIR", help="the store, a path or URL")
    made.add_argument("-o", "--output", metavar="FILE", help="write to FILE; a folder (DIR/) gets index.html, hosts/")
    made.add_argument(
        "--format", choices=("text", "html", "json"),
        help="default: by the ending of FILE (.html, .json), html for a folder, else text",
    )
    made.add_argument("--newest", action="store_true", help="count of each host name the newest collection alone")
    made.add_argument(
        "--pages", metavar="N", type=int, default=PAGES, help="hosts with a page in a folder (default: %(default)s)"
    )
    add_language(made, "text and pages")
    add_screen(made)
    add_storage(made)
    return made


def run(options: argparse.Namespace) -> int:
    """Print or write it; returns the exit status."""
    from nopage.cli.progress import progress
    from nopage.fleet.report import report_of
    from nopage.fleet.store import Store

    folder = is_folder(options.output)
    form = options.format or form_of(options.output, folder=folder)
    if folder and form != "html":
        raise WrongArgument(f"{options.output}: only pages go into a folder; name a file")
    if options.pages < 0:
        raise WrongArgument("--pages: must be 0 or more")
    store = Store.open(options.store, storage_of(options.storage))
    with progress(f"reading {options.store}"):
        report = report_of(store, newest=options.newest, **({"most_hosts": 0} if form == "text" else {}))
    if folder:
        from nopage.cli.commands.fleet.pages import write_pages

        write_pages(options.output, store, report, options.pages, options.lang)
    elif form == "text":
        from nopage.report.fleet import fleet_lines
        from nopage.report.speaker import speaker

        tell_lines(partial(fleet_lines, report, speaker(options.lang)), options)
    else:
        with destination(options.output) as out:
            out.write(text_of(form, store, report, options.lang))
    return NOTHING_FOUND


def form_of(output: str | None, *, folder: bool) -> str:
    """What is written where no --format says it."""
    return "html" if folder else FORMATS.get(os.path.splitext(output or "")[1].lower(), "text")


def text_of(form: str, store: Store, report: FleetReport, language: str) -> str:
    """The report as JSON, or as one page in this language."""
    if form == "json":
        return json_text(report)
    from nopage.report.fleet import fleet_page
    from nopage.report.speaker import speaker

    whole = dict(store.results_of([(one.source, one.member) for one in report.worst]))
    return fleet_page(report, speaker(language), whole=whole)
