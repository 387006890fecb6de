"""The commands beside plain `nopage PATH`, one module each; none is loaded before it is asked for."""
from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser

__all__ = ["COMMANDS", "parser_of", "run_command"]

COMMANDS = ("explain", "watermarks", "diff", "rules", "schema")


def run_command(name: str, arguments: Sequence[str]) -> int:
    """Run one of COMMANDS; returns the exit status."""
    status: int = import_module(f"nopage.cli.commands.{name}").main(arguments)
    return status


def parser_of(name: str) -> ArgumentParser:
    """The command line of one of COMMANDS."""
    made: ArgumentParser = import_module(f"nopage.cli.commands.{name}").parser()
    return made
