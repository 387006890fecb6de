"""The parts of one report: header, prelude, call trace, Mem-Info, and what is missing of them."""
from __future__ import annotations

from nopage.klog.report.context import contexts, is_told
from nopage.klog.report.header import (
    MAX_COMM,
    Header,
    cpuset_line,
    find_header,
    find_mode,
    flag_names,
    impossible_header,
    is_spoken_of,
    may_hold_header,
    placement,
)
from nopage.klog.report.meminfo import MemInfoBuilder
from nopage.klog.report.missing import (
    CONTEXT_LOST,
    CUT,
    GARBAGE_STACK,
    MEM_INFO,
    MIXED,
    NEXT,
    OTHER,
    REPORT_END,
    TRACE,
    no_mem_info,
    no_trace,
)
from nopage.klog.report.prelude import Prelude, banner_release, is_prelude, read_prelude
from nopage.klog.report.trace import CALLEE, Entry, RawFrame, lone_module, read_frames, title_end, unnamed

__all__ = [
    "CALLEE",
    "CONTEXT_LOST",
    "CUT",
    "GARBAGE_STACK",
    "MAX_COMM",
    "MEM_INFO",
    "MIXED",
    "NEXT",
    "OTHER",
    "REPORT_END",
    "TRACE",
    "Entry",
    "Header",
    "MemInfoBuilder",
    "Prelude",
    "RawFrame",
    "banner_release",
    "contexts",
    "cpuset_line",
    "find_header",
    "find_mode",
    "flag_names",
    "impossible_header",
    "is_prelude",
    "is_spoken_of",
    "is_told",
    "lone_module",
    "may_hold_header",
    "no_mem_info",
    "no_trace",
    "placement",
    "read_frames",
    "read_prelude",
    "title_end",
    "unnamed",
]
