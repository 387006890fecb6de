"""`nopage fleet`: scan many sources into a store, report what it holds, and ask it."""
from __future__ import annotations

from nopage.cli.commands.fleet.command import main, parser

__all__ = ["main", "parser"]
