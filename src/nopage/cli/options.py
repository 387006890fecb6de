"""What the commands' lines have in common: options that several take, sizes, and how a line that is wrong ends."""
from __future__ import annotations

import argparse
from collections.abc import Sequence

from nopage.cli.status import WRONG_COMMAND_LINE
from nopage.kernel.numbers import whole_number

LANGUAGES = ("en", "ko", "ja", "zh")  # those of report.languages, which is imported only where one is asked for
UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def parsed(made: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace | int:
    """The options; the exit status where the line is wrong or asked for help, which argparse has told already."""
    try:
        return made.parse_args(arguments)
    except SystemExit as wish:
        return wish.code if isinstance(wish.code, int) else WRONG_COMMAND_LINE


def add_language(made: argparse.ArgumentParser, of: str = "the text") -> None:
    """The language of what a person reads, for a command that prints `of`; JSON has ids and parameters already."""
    made.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0],
        help=f"language of {of} (default: %(default)s)",
    )


def add_format(made: argparse.ArgumentParser) -> None:
    """Text or JSON."""
    made.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print it (default: %(default)s)"
    )


def add_screen(made: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """How wide, and whether in colours."""
    made.add_argument("--width", metavar="N", type=int, help="columns (default: the terminal's; 100 into a pipe)")
    made.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colours (default: %(default)s)"
    )


def size_bytes(text: str, option: str = "--max-unpacked") -> int:
    """'512M' or '20G' or a plain number as bytes; ValueError that names the option for what is none."""
    number, unit = (text[:-1], UNITS[text[-1].upper()]) if text[-1:].upper() in UNITS else (text, 1)
    if not whole_number(number):
        raise ValueError(f"{option}: {text!r} is no size; write for example 512M or 20G")
    return int(number) * unit
