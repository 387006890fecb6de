"""`--lang`: the language of what a person reads; JSON has all languages' ids and parameters already."""
from __future__ import annotations

import argparse

LANGUAGES = ("en", "ko", "ja", "zh")  # those of report.languages, which is imported only where one is asked for


def add_language(made: argparse.ArgumentParser, of: str = "the text") -> None:
    """The option, on the parser of a command that prints `of`."""
    made.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0],
        help=f"language of {of} (default: %(default)s)",
    )
