"""A point in time as it is asked for: 7d, 12h, 2026-11-20, 2026-11-20T06:00."""
from __future__ import annotations

import re
import time
from datetime import datetime

UNITS_S = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def since_ns(text: str) -> int:
    """Nanoseconds since 1970. Raises ValueError for what is no time; one without an offset is local."""
    ago = re.fullmatch(r"(\d{1,6})([mhdw])", text)
    if ago:
        return time.time_ns() - int(ago[1]) * UNITS_S[ago[2]] * 1_000_000_000
    try:
        return int(datetime.fromisoformat(text).timestamp()) * 1_000_000_000
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f"--since: {text!r} is no time; write for example 7d, 12h or 2026-11-20") from error
