"""What stands around a log's lines: mails, exports, tables, quoting, cuts, prefixes that no layout knows; taken off."""
from __future__ import annotations

from nopage.klog.layers.journal import is_json
from nopage.klog.layers.peel import Layers
from nopage.klog.quoting import MAX_LINE

__all__ = [
    "MAX_LINE",
    "Layers",
    "is_json",
]
