"""`nopage schema`: print the JSON schema of the results."""
from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from nopage.cli.options import parsed
from nopage.cli.status import NOTHING_FOUND


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage schema`."""
    made = argparse.ArgumentParser(
        prog="nopage schema", description="Print the JSON schema of --format json.", allow_abbrev=False
    )
    made.add_argument(
        "of", nargs="?", default="result",
        choices=("result", "watermarks", "mask", "rules", "diff", "fleet-report", "fleet-diff"),
        help="that of the diagnosis, or of watermarks, explain with a mask, rules, diff, fleet report, fleet diff "
        "(default: %(default)s)",
    )
    return made


def main(arguments: Sequence[str]) -> int:
    """Print the schema; returns the exit status."""
    options = parsed(parser(), arguments)
    if isinstance(options, int):
        return options
    from nopage.result.ladders import watermarks_schema
    from nopage.result.schema import schema

    if options.of in ("result", "watermarks"):
        made = watermarks_schema() if options.of == "watermarks" else schema()
    else:
        from nopage.result.answers import answer_schema

        made = answer_schema(options.of)
    print(json.dumps(made, indent=2))
    return NOTHING_FOUND
