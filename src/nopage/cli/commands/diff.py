"""`nopage diff OLD NEW`: what changed between two collections of a host, and whether the remedy worked."""
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nopage.cli.complaint import complain
from nopage.cli.options import add_format, add_language, add_screen, parsed
from nopage.cli.output import print_json
from nopage.cli.status import FAIL_ON, FOUND, INTERNAL_ERROR, NOT_WHOLLY_READ, NOTHING_FOUND, WRONG_COMMAND_LINE

if TYPE_CHECKING:
    from nopage.result import Result
    from nopage.result.answers import Differences

MOST_JSON_BYTES = 256 << 20


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage diff`."""
    made = argparse.ArgumentParser(
        prog="nopage diff",
        description="Compare two collections: did the failures end, was the plan carried out, what else changed. "
        "Failures that both logs hold count for the old one alone.",
        epilog="examples:\n  nopage diff sosreport-web1-before.tar.xz sosreport-web1-after.tar.xz\n"
        "  nopage diff results-monday.jsonl results-friday.jsonl --format json\n\n"
        "exit status: 0 none since, 1 failures or problems since, 2 wrong command line, 3 a source could not be read "
        "wholly",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for name in ("old", "new"):
        made.add_argument(
            name, metavar=name.upper(),
            help="archive, directory, log, vmcore, or results as nopage wrote them (--format json, jsonl)",
        )
    add_format(made)
    add_language(made)
    add_screen(made)
    return made


def main(arguments: Sequence[str]) -> int:
    """Print the differences; returns the exit status."""
    options = parsed(parser(), arguments)
    if isinstance(options, int):
        return options
    sides: list[list[Result]] = []
    for path in (options.old, options.new):
        try:
            sides.append(results_at(path))
        except ValueError as error:
            complain(f"{path}: {error}")
            return WRONG_COMMAND_LINE
    for result in (one for side in sides for one in side):
        for warning in result.source.warnings:
            complain(f"{result.source.path}: {warning}")
    found = differences(*sides)
    print_differences(found, options)
    if any(result.source.internal_error for side in sides for result in side):
        return INTERNAL_ERROR
    if not found.hosts:
        complain("no host is in both of them")
    if not found.hosts or not all(result.source.complete for side in sides for result in side):
        return NOT_WHOLLY_READ
    return FOUND if any(has_problem(one) for one in found.hosts) else NOTHING_FOUND


def has_problem(found: object) -> bool:
    """Whether something that makes the exit status 1 is there since the old collection."""
    from nopage.result.answers import Difference, How

    assert isinstance(found, Difference)
    return any(one.key in FAIL_ON and one.how not in (How.GONE, How.NONE_SINCE) for one in found.findings)


def differences(old: Sequence[Result], new: Sequence[Result]) -> Differences:
    """Each host that both sides have, compared."""
    from nopage.result.answers import Differences
    from nopage.result.compare import compare, pairs_of
    from nopage.version import __version__

    pairs = pairs_of(old, new)
    return Differences(
        schema="nopage-diff/1",
        nopage=__version__,
        hosts=tuple(compare(one, other) for one, other in pairs.both),
        only_old=pairs.only_old,
        only_new=pairs.only_new,
    )


def print_differences(found: Differences, options: argparse.Namespace) -> None:
    if options.format == "json":
        print_json(found)
        return
    from nopage.kernel.message import say
    from nopage.kernel.plain import plain
    from nopage.report.answers import difference_lines
    from nopage.report.speaker import speaker
    from nopage.report.text import console, print_lines

    shown, speak = console(sys.stdout, options.width, options.color), speaker(options.lang)
    for number, one in enumerate(found.hosts):
        if number:
            shown.print()
        print_lines(difference_lines(one, speak, options.width or shown.width), shown)
    for side, hosts in (("OLD", found.only_old), ("NEW", found.only_new)):
        if hosts:
            print(speak(say("diff.only_in", "only in {side}: {hosts}", side=side, hosts=tuple(map(plain, hosts)))))


def results_at(path: str) -> list[Result]:
    """The results of one side: read from JSON where that is what it holds, else diagnosed."""
    if is_json(path):
        return loaded(path)
    from nopage.cli.progress import progress
    from nopage.engine.lean import import_lean

    import_lean()
    from nopage.engine.run import diagnose
    from nopage.intake.model import Limits

    with progress(f"reading {path}"):
        return list(diagnose(path, Limits()))


def is_json(path: str) -> bool:
    """Whether a file holds results of nopage; a log with JSON lines (journalctl -o json) does not."""
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        head = file.read(4096).lstrip()
    return head.startswith(b"{") and b'"nopage/1"' in head.replace(b" ", b"").replace(b"\n", b"")[:40]


def loaded(path: str) -> list[Result]:
    """One result, or one a line. ValueError says what is none."""
    from nopage.result import load

    if os.path.getsize(path) > MOST_JSON_BYTES:
        raise ValueError(f"is larger than {MOST_JSON_BYTES >> 20} MB; diagnose the archives instead")
    with open(path, "rb") as file:
        text = file.read(MOST_JSON_BYTES)
    if b'"schema": ' in text[:200]:  # indented: one object
        return [load(text)]
    return [load(line) for line in text.splitlines() if line.strip()]
