"""The kernel log out of a core: by the structures of each generation of printk, else by searching the image."""
from __future__ import annotations

from nopage.vmcore.log.layouts import read_log
from nopage.vmcore.log.parts import CoreLog
from nopage.vmcore.log.search import Found, search_image

__all__ = [
    "CoreLog",
    "Found",
    "read_log",
    "search_image",
]
