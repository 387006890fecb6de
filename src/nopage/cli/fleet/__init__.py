"""`nopage fleet`: scan many sources into a store, and ask the store."""
from __future__ import annotations

from nopage.cli.fleet.command import main

__all__ = ["main"]
