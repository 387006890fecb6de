"""`nopage page`: the page that needs no install, made into a folder and served on this machine's loopback."""
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nopage.cli.complaint import complain
from nopage.cli.options import parsed
from nopage.cli.status import NOT_WHOLLY_READ, NOTHING_FOUND, WRONG_COMMAND_LINE

PORT = 8765


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage page`."""
    made = argparse.ArgumentParser(
        prog="nopage page",
        description="Serve the page that runs nopage in a browser: paste a log there, nothing leaves the browser.",
        epilog="examples:\n  nopage page\n  nopage page --build --dir /srv/www/nopage",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--dir", metavar="DIR", type=Path, default=None,
                      help="the page's folder (default: nopage/page-VERSION in the cache folder of the user)")
    made.add_argument("--port", metavar="N", type=int, default=PORT, help="port on 127.0.0.1 (default: %(default)s)")
    made.add_argument("--build", action="store_true",
                      help="make the folder anew for any static host, and serve nothing; needs npm and pip, or their "
                      "files in the folder NOPAGE_PYODIDE")
    return made


def main(arguments: Sequence[str]) -> int:
    """Make the folder where it is not there yet, and serve it until it is interrupted; returns the exit status."""
    options = parsed(parser(), arguments)
    if isinstance(options, int):
        return options
    from nopage.page.build import build
    from nopage.page.folder import Foreign, is_whole
    from nopage.page.inputs import Missing

    folder = options.dir or default_folder()
    if options.build or not is_whole(folder):
        try:
            size = build(folder)
        except Foreign as error:
            complain(str(error))
            return WRONG_COMMAND_LINE
        except Missing as error:
            complain(str(error))
            return NOT_WHOLLY_READ
        except OSError as error:
            complain(f"{error.filename or folder}: {error.strerror or error}")
            return NOT_WHOLLY_READ
        print(f"{folder}: {size / 1e6:.1f} MB", file=sys.stderr)
    return NOTHING_FOUND if options.build else serve(folder, options.port)


def serve(folder: Path, port: int) -> int:
    """Serve the folder; returns the exit status."""
    from nopage.page.serve import HOST, server

    try:
        made = server(folder, port)
    except (OSError, OverflowError) as error:
        complain(f"--port {port}: {getattr(error, 'strerror', None) or error}")
        return WRONG_COMMAND_LINE
    print(f"http://{HOST}:{made.server_address[1]}/  (until interrupted)", flush=True)
    try:
        made.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        made.server_close()
    return NOTHING_FOUND


def default_folder() -> Path:
    """Where the page of this version is kept for this user."""
    from nopage.version import __version__

    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "nopage", f"page-{__version__}")
