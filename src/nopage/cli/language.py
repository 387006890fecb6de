"""`--lang`: the language of what a person reads; JSON has all languages' ids and parameters already."""
from __future__ import annotations

import argparse

LANGUAGES = ("en", "ko", "ja", "zh")  # those of report.languages, which is imported only where one is asked for


def add_language(made: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """The option, on the parser of a command."""
    made.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0],
        help="language of text, HTML, case and Markdown (default: %(default)s)",
    )
