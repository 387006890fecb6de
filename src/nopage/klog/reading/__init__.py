"""Lines to reports: which lines belong to which failure, however they are interleaved, cut or counted."""
from __future__ import annotations

from nopage.klog.reading.log import read_log

__all__ = [
    "read_log",
]
