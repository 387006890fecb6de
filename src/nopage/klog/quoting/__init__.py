"""How others write a line: quoted, escaped, marked up, counted, in one case; undone line by line."""
from __future__ import annotations

from nopage.klog.quoting.caseless import cased, is_caseless
from nopage.klog.quoting.long_lines import shortened
from nopage.klog.quoting.unquote import MAX_LINE, broken_fields, clean, is_clean

__all__ = [
    "MAX_LINE",
    "broken_fields",
    "cased",
    "clean",
    "is_caseless",
    "is_clean",
    "shortened",
]
