"""The commands beside plain `nopage PATH`, one module each; none is loaded before it is asked for."""
from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser

__all__ = ["COMMANDS", "EVERY", "SUBCOMMANDS", "parser_of", "run_command"]

COMMANDS = ("explain", "watermarks", "diff", "rules", "schema", "fleet", "page", "mcp")
# Of the commands that are several: a module each.
SUBCOMMANDS = {"fleet": ("scan", "report", "diff", "query", "export")}
EVERY = tuple(f"{name} {part}".rstrip() for name in COMMANDS for part in SUBCOMMANDS.get(name, ("",)))


def run_command(name: str, arguments: Sequence[str]) -> int:
    """Run one of COMMANDS; returns the exit status."""
    status: int = import_module(f"nopage.cli.commands.{name}").main(arguments)
    return status


def parser_of(name: str) -> ArgumentParser:
    """The command line of one of COMMANDS, or of one of its SUBCOMMANDS: 'fleet', 'fleet scan'."""
    made: ArgumentParser = import_module(f"nopage.cli.commands.{name.replace(' ', '.')}").parser()
    return made
