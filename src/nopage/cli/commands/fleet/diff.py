"""`nopage fleet diff A B`: what got better, worse and new between two scans of a fleet."""
from __future__ import annotations

import argparse
from functools import partial

from nopage.cli.commands.fleet.command import WrongArgument, add_storage, destination, storage_of, tell_lines
from nopage.cli.commands.fleet.report import form_of
from nopage.cli.hostfiles import is_folder
from nopage.cli.options import add_language, add_screen
from nopage.cli.output import json_text
from nopage.cli.status import FOUND, NOTHING_FOUND


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage fleet diff`."""
    made = argparse.ArgumentParser(
        prog="nopage fleet diff",
        description="Compare two stores of one fleet, host by host: who failed since the first, who does not any more, "
        "and whether the plans were carried out and helped.",
        epilog="exit status: 0 no host failed since, 1 some did, 2 wrong command line, 3 a store could not be read",
        allow_abbrev=False,
    )
    made.add_argument("old", metavar="OLD", help="the earlier store, a path or URL")
    made.add_argument("new", metavar="NEW", help="the later one")
    made.add_argument("-o", "--output", metavar="FILE", help="write to FILE, whole or not at all")
    made.add_argument("--format", choices=("text", "html", "json"),
                      help="default: by the ending of FILE (.html, .json), else text")
    add_language(made, "text and pages")
    add_screen(made)
    add_storage(made, "URLs")
    return made


def run(options: argparse.Namespace) -> int:
    """Print or write it; returns the exit status."""
    from nopage.cli.progress import progress
    from nopage.fleet.report import diff_of
    from nopage.fleet.store import Store
    from nopage.report.fleet import diff_lines, diff_page
    from nopage.report.speaker import speaker
    from nopage.result.answers import Turn

    if is_folder(options.output):
        raise WrongArgument(f"{options.output}: is a folder; name a file")
    speak = speaker(options.lang)
    form, storage = options.format or form_of(options.output, folder=False), storage_of(options.storage)
    with progress("comparing"):
        found = diff_of(Store.open(options.old, storage), Store.open(options.new, storage))
    if form == "text":
        tell_lines(partial(diff_lines, found, speak), options)
    else:
        text = diff_page(found, speak) if form == "html" else json_text(found)
        with destination(options.output) as out:
            out.write(text)
    failed = any(one.hosts for one in found.turns if one.turn in (Turn.NEW, Turn.WORSE, Turn.AGAIN, Turn.BETTER))
    return FOUND if failed else NOTHING_FOUND
