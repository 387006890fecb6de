"""Which of the sub-commands of `nopage fleet` is meant."""
from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

from nopage.cli.complaint import complain
from nopage.cli.status import NOT_WHOLLY_READ, WRONG_COMMAND_LINE

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
    try:
        name = parser().parse_args(arguments[:1]).command
        module = import_module(f"nopage.cli.commands.fleet.{name}")
        options = module.parser().parse_args(arguments[1:])
    except SystemExit as wish:
        return wish.code if isinstance(wish.code, int) else WRONG_COMMAND_LINE
    from nopage.fleet.engine import EngineError
    from nopage.fleet.sources import SourcesError

    try:
        from nopage.fleet.store import StoreError

        return int(module.run(options))
    except ModuleNotFoundError as error:
        library = (error.name or "").split(".")[0]
        if library not in LIBRARIES:
            raise
        return told(f"nopage fleet needs {library}: pip install 'nopage[fleet]'", WRONG_COMMAND_LINE)
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
