"""Which of the sub-commands of `nopage fleet` is meant."""
from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from nopage.cli.complaint import complain, tell_missing
from nopage.cli.options import parsed
from nopage.cli.output import UnwritableError, written
from nopage.cli.status import NOT_WHOLLY_READ, WRONG_COMMAND_LINE

if TYPE_CHECKING:
    from nopage.report.screen import Line

PIPE_COLUMNS = 100
# What each does; its module here has `parser()` and `run(options) -> exit status`.
COMMANDS = {
    "scan": "scan archives, reports and logs into a store; goes on where it was stopped",
    "report": "what the fleet suffers from, and what to change once for many: a screen or a page",
    "diff": "what got better, worse and new between two stores",
    "query": "ask a store in SQL",
    "export": "the rows of a store as CSV, JSON or Prometheus metrics",
}
LIBRARIES = ("pyarrow", "duckdb", "fsspec", "pebble", "distributed", "dask")
EPILOG = """\
examples:
  nopage fleet scan /srv/sosreports --out fleet
  nopage fleet scan s3://bucket/2026-11/ --out s3://bucket/fleet --dask tcp://scheduler:8786
  find /srv -name '*.tar.xz' -print0 | nopage fleet scan --files-from - --out fleet
  nopage fleet report fleet -o report/
  nopage fleet query fleet 'SELECT cause, count(*) FROM rows GROUP BY cause'
  nopage fleet export fleet --format prometheus > nopage.prom

nopage fleet COMMAND --help tells the options of each.
"""


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage fleet` up to the name of the sub-command."""
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name:{width}}  {words}" for name, words in COMMANDS.items())
    made = argparse.ArgumentParser(
        prog="nopage fleet",
        description="Scan many sosreports, logs and crash dumps, and ask what they have in common.\n\n"
        f"commands:\n{listed}",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("command", metavar="COMMAND", choices=tuple(COMMANDS), help="one of them")
    return made


def main(arguments: Sequence[str]) -> int:
    """Run one sub-command; returns the exit status."""
    which = parsed(parser(), arguments[:1])
    if isinstance(which, int):
        return which
    module = import_module(f"nopage.cli.commands.fleet.{which.command}")
    options = parsed(module.parser(), arguments[1:])
    if isinstance(options, int):
        return options
    from nopage.fleet.engine import EngineError
    from nopage.fleet.sources import SourcesError

    try:
        from nopage.fleet.store import StoreError

        return int(module.run(options))
    except ModuleNotFoundError as error:
        tell_missing(error, "fleet", LIBRARIES)
        return WRONG_COMMAND_LINE
    except WrongArgument as error:
        return told(str(error), WRONG_COMMAND_LINE)
    except (StoreError, EngineError, SourcesError) as error:
        return told(str(error), NOT_WHOLLY_READ)


class WrongArgument(Exception):
    """An argument is none that can be used. `str()` is one line for a person."""


def told(words: str, status: int) -> int:
    """Say on standard error why the command ends."""
    complain(words)
    return status


def add_storage(made: argparse.ArgumentParser | argparse._ArgumentGroup, of: str = "a URL") -> None:
    """What fsspec needs to reach a storage."""
    made.add_argument("--storage", metavar="KEY=VALUE", action="append", default=[], help=f"option of fsspec for {of}")


@contextlib.contextmanager
def destination(output: str | None) -> Iterator[TextIO]:
    """Standard output, or a file that is whole or not there. Raises WrongArgument where it cannot be written."""
    if output is None:
        yield sys.stdout
        return
    try:
        with written(output) as out:
            yield out
    except UnwritableError as error:
        raise WrongArgument(f"{output}: {error}; name a file that can be written") from error


def tell_lines(lines_of: Callable[[int], Sequence[Line]], options: argparse.Namespace) -> None:
    """Lines for so many columns: on the screen, or as plain text in a file."""
    from nopage.report.text import console, print_lines

    if options.output is None:
        shown = console(sys.stdout, options.width, options.color)
        print_lines(lines_of(options.width or shown.width), shown)
        return
    with destination(options.output) as out:
        out.writelines(f"{line.text}\n" for line in lines_of(options.width or PIPE_COLUMNS))


def storage_of(pairs: Sequence[str]) -> dict[str, object]:
    """KEY=VALUE as fsspec takes them; a value that is JSON is that value."""
    import json

    found: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise WrongArgument(f"--storage: {pair!r} is no KEY=VALUE")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found
