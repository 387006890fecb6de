"""The sentences in other languages: a gettext PO file each, read only where that language is asked for."""
from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

ENGLISH = "en"
LANGUAGES = (ENGLISH, "ko", "ja", "zh")
"""What `--lang` takes; zh is written in simplified characters."""
FOLDER = Path(__file__).resolve().parent

__all__ = ["ENGLISH", "FOLDER", "LANGUAGES", "po_file", "templates"]


def po_file(language: str) -> Path:
    """Where the translations of a language stand."""
    return FOLDER / f"{language}.po"


@cache
def templates(language: str) -> Mapping[str, str]:
    """The templates of a language by the ids of their messages; none for English, which stands in the code.

    What is not translated, or marked fuzzy, is left out. ValueError for what is none of LANGUAGES.
    """
    if language not in LANGUAGES:
        raise ValueError(f"{language!r}: no such language; there are {', '.join(LANGUAGES)}")
    if language == ENGLISH:
        return {}
    from polib import pofile

    read = pofile(str(po_file(language)), encoding="utf-8")
    return {one.msgctxt: one.msgstr for one in read.translated_entries() if one.msgctxt}
