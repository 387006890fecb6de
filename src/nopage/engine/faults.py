"""A fault of nopage itself in one line: what went wrong, where, and what to do about it."""
from __future__ import annotations

import os
import traceback

from nopage.kernel.plain import plain

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MOST_CHARACTERS = 200


def fault_words(error: BaseException) -> str:
    """"internal error: KeyError: 'x' (nopage/klog/log.py:41); please report it with the source that shows it"."""
    own = [
        f" (nopage/{os.path.relpath(frame.filename, HOME).replace(os.sep, '/')}:{frame.lineno})"
        for frame in traceback.extract_tb(error.__traceback__)
        if os.path.abspath(frame.filename).startswith(HOME + os.sep)
    ]
    place = own[-1] if own else ""
    # what it says may quote a log: one line, and nothing that steers a terminal
    said = plain(" ".join(str(error)[: 4 * MOST_CHARACTERS].split()))[:MOST_CHARACTERS]
    return f"internal error: {type(error).__name__}: {said}{place}; please report it with the source that shows it"
