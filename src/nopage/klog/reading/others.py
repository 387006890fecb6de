"""Other events of the kernel that print a trace or a Mem-Info of their own, and so end a report."""
from __future__ import annotations

import re
from typing import Final

_REPORT: Final = re.compile(
    r"invoked oom-killer|page allocation stalls for|SysRq|"
    # vmalloc's own reports: until 8.x, 5.12, from 5.13 on; they bear a mode, but no words of the page allocator
    r"vmalloc: allocation failure: .*mode:|vmalloc size \d+ allocation failure|vmalloc error: size \d|"
    r"^Kernel panic|^Unable to handle kernel"
)
_TRACE: Final = re.compile(r"^(?:BUG|WARNING|INFO|Oops|general protection)\b|-\[ cut here \]-|soft lockup|^rcu:")
_NOTE: Final = "vmalloc: allocation failure"  # of RHEL 7, where a report follows


def ends_report(text: str) -> bool:
    """What follows is another event's whole dump."""
    return _REPORT.search(text) is not None


def ends_trace(text: str) -> bool:
    """What follows is another event's trace."""
    return _TRACE.search(text) is not None


def is_note(text: str) -> bool:
    """vmalloc's free line before the header of its report."""
    return _NOTE in text and "mode:" not in text
