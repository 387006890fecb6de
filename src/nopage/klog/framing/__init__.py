"""What stands around a kernel's line: syslog, journal, console, quoting, wrapping; and its clocks."""
from __future__ import annotations

from nopage.klog.framing.clock import iso_time, seconds
from nopage.klog.framing.journal import is_json, json_records
from nopage.klog.framing.record import Framer, Record
from nopage.klog.framing.unquote import MAX_LINE, clean
from nopage.klog.framing.wrapping import continues, split_body

__all__ = [
    "MAX_LINE",
    "Framer",
    "Record",
    "clean",
    "continues",
    "is_json",
    "iso_time",
    "json_records",
    "seconds",
    "split_body",
]
