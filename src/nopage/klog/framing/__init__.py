"""What stands around a kernel's line: syslog, journal, console, quoting, wrapping; and its clocks."""
from __future__ import annotations

from nopage.klog.framing.clock import iso_time, least_seconds_of_iso, seconds
from nopage.klog.framing.journal import is_json
from nopage.klog.framing.layers import Layers
from nopage.klog.framing.record import Framer, Record
from nopage.klog.framing.unquote import MAX_LINE
from nopage.klog.framing.wrapping import continues, split_body

__all__ = [
    "MAX_LINE",
    "Framer",
    "Layers",
    "Record",
    "continues",
    "is_json",
    "iso_time",
    "least_seconds_of_iso",
    "seconds",
    "split_body",
]
