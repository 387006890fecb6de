"""`nopage mcp --root DIR`: diagnose, explain and watermarks as tools for assistants, over standard input and output."""
from __future__ import annotations

import argparse
from collections.abc import Sequence

from nopage.cli.complaint import complain, tell_missing
from nopage.cli.options import parsed, size_bytes
from nopage.cli.status import NOTHING_FOUND, WRONG_COMMAND_LINE

LIBRARIES = ("mcp", "mcp_types", "anyio", "jsonschema")


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage mcp`."""
    made = argparse.ArgumentParser(
        prog="nopage mcp",
        description="Serve diagnose, explain and watermarks as tools of the Model Context Protocol, on stdio.",
        epilog="example, in an assistant's configuration:\n"
        '  {"command": "nopage", "args": ["mcp", "--root", "/srv/sosreports"]}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--root", metavar="DIR", action="append", required=True,
                      help="directory below which sources may be read; may be repeated")
    made.add_argument("--max-seconds", metavar="N", type=float, default=120.0,
                      help="time to spend on one source (default: %(default)s)")
    made.add_argument("--max-unpacked", metavar="SIZE", default="16G",
                      help="bytes to unpack from one source, e.g. 20G (default: %(default)s)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Serve until standard input ends; returns the exit status."""
    options = parsed(parser(), arguments)
    if isinstance(options, int):
        return options
    from nopage.engine.lean import import_lean

    import_lean()
    from nopage.engine.roots import Roots
    from nopage.intake.collect import URL, Limits, SourceError

    try:
        if not 0 < options.max_seconds <= 86_400:
            raise ValueError("--max-seconds: must be more than 0")
        limits = Limits(
            seconds=options.max_seconds, unpacked_bytes=size_bytes(options.max_unpacked), core_bytes=512 << 20
        )
        if remote := next(filter(URL.match, options.root), None):
            raise ValueError(f"--root: {remote} is a URL; only directories are served")
        roots = Roots(options.root)
        from nopage.assist.server import serve
        from nopage.assist.tools import Reading
    except (ValueError, SourceError) as error:
        complain(f"--root: {error}" if isinstance(error, SourceError) else str(error))
        return WRONG_COMMAND_LINE
    except ModuleNotFoundError as error:
        tell_missing(error, "mcp", LIBRARIES)
        return WRONG_COMMAND_LINE
    serve(Reading(roots, limits))
    return NOTHING_FOUND
