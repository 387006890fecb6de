"""A fault of nopage itself in one line: what went wrong, where, and what to do about it."""
from __future__ import annotations

import os
import traceback


def fault_words(error: BaseException) -> str:
    """"internal error: KeyError: 'x' (nopage/klog/log.py:41); please report it with the source that shows it"."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "nopage" in frame.filename]
    place = ""
    if frames:
        name = frames[-1].filename.replace(os.sep, "/")
        place = f" ({name[name.rindex('nopage/') :]}:{frames[-1].lineno})"
    said = " ".join(str(error).split())[:200]
    return f"internal error: {type(error).__name__}: {said}{place}; please report it with the source that shows it"
