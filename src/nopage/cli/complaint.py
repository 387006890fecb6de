"""What goes to standard error: one line each, whatever names and texts of a source stand in it."""
from __future__ import annotations

import contextlib
import os
import sys

from nopage.kernel.plain import plain


def complain(what: str) -> None:
    """Say it, where standard error can be written."""
    with contextlib.suppress(OSError, ValueError):
        print(f"nopage: {plain(os.fsdecode(what))}", file=sys.stderr)
