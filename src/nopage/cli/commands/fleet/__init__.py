"""`nopage fleet`: scan many sources into a store, and ask the store."""
from __future__ import annotations

from nopage.cli.commands.fleet.command import main, parser

__all__ = ["main", "parser"]
