"""Lines to reports: which lines belong to which failure, however they are interleaved, cut or counted."""
from __future__ import annotations

from nopage.klog.reading.before import lines_before
from nopage.klog.reading.excerpt import excerpt
from nopage.klog.reading.log import OUT_OF_TIME, read_log
from nopage.klog.reading.unread import HEADERS_LOST

__all__ = [
    "HEADERS_LOST",
    "OUT_OF_TIME",
    "excerpt",
    "lines_before",
    "read_log",
]
