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
# What a text of the two holds: most lines hold none, and looking for words is quicker than trying both patterns.
_REPORT_WORDS: Final = ("oom-killer", "stalls for", "SysRq", "vmalloc", "Kernel panic", "Unable to handle")
_TRACE_BEGINS: Final = ("BUG", "WARNING", "INFO", "Oops", "general protection", "rcu:")
_NOTE: Final = "vmalloc: allocation failure"  # of RHEL 7, where a report follows


def ends_report(text: str) -> bool:
    """What follows is another event's whole dump."""
    return any(word in text for word in _REPORT_WORDS) and _REPORT.search(text) is not None


def ends_trace(text: str) -> bool:
    """What follows is another event's trace."""
    may_end = text.startswith(_TRACE_BEGINS) or "cut here" in text or "soft lockup" in text
    return may_end and _TRACE.search(text) is not None


def is_note(text: str) -> bool:
    """vmalloc's free line before the header of its report."""
    return _NOTE in text and "mode:" not in text
