"""`nopage schema`: print the JSON schema of the results."""
from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from nopage.cli.status import NOTHING_FOUND, WRONG_COMMAND_LINE


def main(arguments: Sequence[str]) -> int:
    """Print the schema; returns the exit status."""
    made = argparse.ArgumentParser(prog="nopage schema", description="Print the JSON schema of `--format json`.")
    made.add_argument("of", nargs="?", choices=("result", "watermarks"), default="result",
                      help="that of the diagnosis (default), or of `nopage watermarks`")
    try:
        options = made.parse_args(arguments)
    except SystemExit as wish:
        return wish.code if isinstance(wish.code, int) else WRONG_COMMAND_LINE
    from nopage.result.ladders import watermarks_schema
    from nopage.result.schema import schema

    print(json.dumps(watermarks_schema() if options.of == "watermarks" else schema(), indent=2))
    return NOTHING_FOUND
