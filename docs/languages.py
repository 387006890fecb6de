#!/usr/bin/env python3
"""Bring the catalogues of translators (gettext PO files, read and written by polib) to the messages of this checkout.

    python docs/languages.py            write each src/nopage/report/languages/*.po
    python docs/languages.py --check    say what is missing or wrong, exit 1 if anything is

A message has its id as context (msgctxt) and its English template as msgid. New ones come without a translation. One
whose English changed keeps its translation and is marked fuzzy, with the former English beside it: English is shown
until somebody has mended the translation and removed the mark. What nobody says any more is removed.
"""
from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from polib import POEntry, POFile, pofile

from nopage.report.catalogue import Said, collect_all, faults
from nopage.report.languages import ENGLISH, LANGUAGES, po_file, templates

ROOT = Path(__file__).resolve().parent.parent
TRANSLATED = tuple(one for one in LANGUAGES if one != ENGLISH)
NAMES = {"zh": "zh_Hans"}
WIDTH = 120
FUZZY = "fuzzy"
HEADER = "Translations of nopage's messages; docs/languages.md tells how to mend them and how to add a language."


def renewed(language: str, messages: Mapping[str, Said], before: Mapping[str, POEntry]) -> POFile:
    """The messages of the source with the translations that there are; the same messages make the same file."""
    made = POFile(wrapwidth=WIDTH)
    made.header = HEADER
    made.metadata = {
        "Project-Id-Version": "nopage", "Language": NAMES.get(language, language), "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for id, said in sorted(messages.items()):
        made.append(entry(id, said, before.get(id)))
    return made


def entry(id: str, said: Said, was: POEntry | None) -> POEntry:
    """One message with what is known of its translation."""
    one = POEntry(msgctxt=id, msgid=said.template, occurrences=[(said.file, "")])
    if was is None:
        return one
    one.msgstr, one.tcomment, one.flags = was.msgstr, was.tcomment, list(was.flags)
    one.previous_msgid = was.previous_msgid if was.fuzzy else None
    if was.msgid != said.template and was.msgstr:
        one.previous_msgid = was.previous_msgid if was.fuzzy else was.msgid
        one.flags = sorted({*one.flags, FUZZY})
    return one


def entries(language: str) -> dict[str, POEntry]:
    """What stands in a PO file by id; nothing where there is none yet."""
    path = po_file(language)
    read = pofile(str(path), encoding="utf-8") if path.exists() else ()
    return {one.msgctxt: one for one in read if one.msgctxt and not one.obsolete}


def wrong(language: str, messages: Mapping[str, Said]) -> Iterator[str]:
    """What a translator has to do, and whether the file is that of these messages."""
    have = entries(language)
    if not po_file(language).exists() or str(renewed(language, messages, have)) + "\n" != po_file(language).read_text(
        encoding="utf-8"
    ):
        yield f"{language}.po is not of this source: python docs/languages.py"
    yield from (f"{language}: {id}: its English has changed (fuzzy)" for id, one in have.items() if one.fuzzy)
    known = {id: one.msgstr for id, one in have.items() if one.fuzzy} | dict(templates(language))
    english = {id: said.template for id, said in messages.items()}
    yield from (f"{language}: {fault}" for fault in faults(english, known))


def main(arguments: Sequence[str]) -> int:
    """Write or check; returns the exit status."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--check", action="store_true", help="write nothing")
    check = made.parse_args(arguments).check
    messages = collect_all(ROOT)
    if not check:
        for language in TRANSLATED:
            text = str(renewed(language, messages, entries(language))) + "\n"
            po_file(language).write_text(text, encoding="utf-8")
        templates.cache_clear()
    told = [fault for language in TRANSLATED for fault in wrong(language, messages)]
    print("\n".join(told), end="\n" if told else "")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
