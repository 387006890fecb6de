"""What a log daemon writes before a kernel's line: time, host, tag, level; its clocks; lines that were wrapped."""
from __future__ import annotations

from nopage.klog.framing.clock import from_microseconds, iso_time, least_seconds_of_iso, seconds
from nopage.klog.framing.layouts import CLOCK, ISO, MONTH_DAY
from nopage.klog.framing.record import Framer, Record
from nopage.klog.framing.wrapping import begins_line, continues, split_body

__all__ = [
    "CLOCK",
    "ISO",
    "MONTH_DAY",
    "Framer",
    "Record",
    "begins_line",
    "continues",
    "from_microseconds",
    "iso_time",
    "least_seconds_of_iso",
    "seconds",
    "split_body",
]
