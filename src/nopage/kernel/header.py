"""What stands right behind a report's header: it tells a report that runs forward from one that runs backward."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Final

AROUND_HEADER: Final = 3  # lines between which header, `Comm:` and `Call Trace:` stand


def begins_report(lines: Sequence[str]) -> bool:
    """Behind a header, the first of `lines`, stand who ran, or the title of the trace with its first frame.

    RHEL 4 and 5 name nobody; their first frame is the allocator itself.
    """
    for line in lines[1:]:
        if "page alloc" in line:
            return False
        if "omm: " in line and ("ainted" in line or "PID: " in line or "Pid: " in line):
            return True
        if "__alloc_pages+" in line:
            return True
    return len(lines) > 2 and "all Trace:" in lines[1] and "+0x" in lines[2]
