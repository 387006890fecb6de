"""`nopage watermarks PATH`: each zone's marks now and under other settings, as a table and a drawn ladder."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nopage.cli.complaint import complain
from nopage.cli.options import add_format, add_language, parsed
from nopage.cli.output import print_json
from nopage.cli.status import INTERNAL_ERROR, NOT_WHOLLY_READ, NOTHING_FOUND, WRONG_COMMAND_LINE

if TYPE_CHECKING:
    from nopage.engine.ladders import HostLadder

SETTINGS = ("min_free_kbytes", "extra_free_kbytes", "watermark_scale_factor")


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage watermarks`."""
    made = argparse.ArgumentParser(
        prog="nopage watermarks",
        description="What if: each zone's min, low, high, the floor of atomic requests, and the orders they would get.",
        epilog="examples:\n  nopage watermarks sosreport-web1.tar.xz --min-free-kbytes 262144\n"
        "  nopage watermarks /proc/zoneinfo\n  ssh web1 cat /proc/buddyinfo | nopage watermarks -",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "path", metavar="PATH", nargs="?",
        help="sosreport or other source, a zoneinfo or buddyinfo file, - for standard input; none: this host",
    )
    made.add_argument("--vmlinux", metavar="FILE", help="debuginfo to read a vmcore's memory state with (needs drgn)")
    add_format(made)
    add_language(made)
    for name in SETTINGS:
        made.add_argument(f"--{name.replace('_', '-')}", metavar="N", type=int, help=f"vm.{name} to ask about")
    return made


def main(arguments: Sequence[str]) -> int:
    """Print table and ladders; returns the exit status."""
    options = parsed(parser(), arguments)
    if isinstance(options, int):
        return options
    from nopage.cli.progress import progress
    from nopage.engine.lean import import_lean

    import_lean()
    from nopage.engine.ladders import memory_of
    from nopage.intake.model import Limits

    asked = {name: getattr(options, name) for name in SETTINGS if getattr(options, name) is not None}
    with progress(f"reading {options.path or 'this host'}"):
        hosts = list(memory_of(options.path, asked, Limits(vmlinux=options.vmlinux)))
    status = NOTHING_FOUND
    for host in hosts:
        refused = dict.fromkeys(str(text) for one in host.tables for text in one.ladder.refused)
        for text in (*host.warnings, *refused):
            complain(str(text))
        if host.internal_error:
            status = INTERNAL_ERROR
        elif not host.complete and status != INTERNAL_ERROR:
            status = NOT_WHOLLY_READ
        elif refused:
            status = status or WRONG_COMMAND_LINE
    print_hosts(hosts, options.format, options.lang)
    return status


def print_hosts(hosts: Sequence[HostLadder], form: str, language: str) -> None:
    """The hosts that have zones as text, or all as JSON."""
    if form == "json":
        from nopage.engine.watermarks import watermarks_of

        print_json(watermarks_of(hosts))
        return
    from nopage.report.ladder import print_host
    from nopage.report.speaker import speaker
    from nopage.report.text import console

    shown, speak = console(sys.stdout), speaker(language)
    for number, host in enumerate(host for host in hosts if host.tables):
        if number:
            shown.print()
        print_host(host, shown, speak)
