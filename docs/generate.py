#!/usr/bin/env python3
"""Write the generated pages of the manual, or check that they are current.

    python docs/generate.py            write
    python docs/generate.py --check    print what is out of date, exit 1 if anything is

Whole pages: `rules/*.md`, `kernels.md`, `messages.md`, `sources.md`. In other pages the text between
`<!-- generated: NAME -->` and `<!-- end -->` is replaced. The writers stand in `writers/`.
"""
from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from writers import api, bounds, fields, findings, kernels, messages, rooms
from writers.markdown import NOTE, table

from nopage.cli.commands import parser_of
from nopage.cli.completions import main_parser
from nopage.intake.sources import SOURCES
from nopage.rules.knowledge import keys, knowledge

DOCS = Path(__file__).resolve().parent
MARK = re.compile(r"(<!-- generated: ([\w-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def sources_page() -> str:
    """Which files are read."""
    rows = [[f"`{one.spec}`", one.kind, ", ".join(f"`{name}`" for name in one.patterns)] for one in SOURCES]
    return (
        "# What is read\n\n"
        + NOTE.format(source="src/nopage/intake/sources.py")
        + "Paths stand below the top folder of a sosreport, an insights archive or a host. `*` matches within one "
        "folder name, `**` across several. A fact is kept whole, a log is searched and only windows around hits are "
        "kept, of meta files only what they say of the collection.\n\n" + table(["name", "kind", "files"], rows)
    )


def options(made: argparse.ArgumentParser) -> str:
    """The options of one command as a table."""
    rows = []
    for action in made._actions:
        names = ", ".join(f"`{name}`" for name in action.option_strings) or f"`{action.metavar or action.dest}`"
        choices = f" (one of {', '.join(map(str, action.choices))})" if action.choices else ""
        metavar = f" `{action.metavar}`" if action.option_strings and action.metavar else ""
        rows.append([names + metavar, str(action.help or "") % {"default": action.default} + choices])
    return table(["argument", "meaning"], rows)


def recipe(name: str) -> str:
    """A file of docs/recipes as it stands there."""
    return f"```text\n{(DOCS / 'recipes' / name).read_text(encoding='utf-8')}```\n"


def columns(kind: str) -> str:
    """The columns of one table of a fleet's store."""
    rows = import_module("nopage.fleet.store")
    return table(["column", "type", "holds"], [[f"`{name}`", of, words] for name, of, words in rows.described(
        getattr(rows, kind))])


def parts() -> Mapping[str, Callable[[], str]]:
    """The generated parts of pages written by hand."""
    def command(name: str) -> Callable[[], str]:
        return lambda: options(main_parser() if name == "diagnose" else parser_of(name))

    return {
        "options": command("diagnose"),
        "options-explain": command("explain"),
        "options-watermarks": command("watermarks"),
        "bounds": bounds.bounds,
        "options-diff": command("diff"),
        "options-rules": command("rules"),
        "options-schema": command("schema"),
        "options-fleet-scan": command("fleet.scan"),
        "options-fleet-query": command("fleet.query"),
        "options-fleet-export": command("fleet.export"),
        "options-fleet-report": command("fleet.report"),
        "options-fleet-diff": command("fleet.diff"),
        "columns-steps": lambda: columns("StepRow"),
        "options-mcp": command("mcp"),
        "recipe-case-comment": lambda: recipe("case_comment.py"),
        "recipe-below-the-fix": lambda: recipe("below_the_fix.py"),
        "columns-rows": lambda: columns("Row"),
        "columns-groups": lambda: columns("GroupRow"),
        "fields": fields.fields,
        "functions": api.functions,
        "types": api.types,
        "rooms": rooms.floors,
    }


def pages() -> dict[Path, str]:
    """Every page that holds generated text, as it should be."""
    known = [knowledge(key) for key in keys()]
    made = {DOCS / "rules" / f"{one.key.lower()}.md": findings.rule_page(one) for one in known}
    made[DOCS / "rules" / "index.md"] = findings.rules_index(known)
    made[DOCS / "kernels.md"] = kernels.kernels_page()
    made[DOCS / "messages.md"] = messages.messages_page()
    made[DOCS / "sources.md"] = sources_page()
    writers = parts()
    for path in sorted(DOCS.glob("*.md")):
        if path not in made and "<!-- generated: " in (text := path.read_text(encoding="utf-8")):
            made[path] = MARK.sub(lambda found: found[1] + writers[found[2]]() + found[4], text)
    return made


def main(arguments: Sequence[str]) -> int:
    """Write or check the pages; returns the exit status."""
    made = argparse.ArgumentParser(description="Write the generated pages of the manual.")
    made.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of date")
    wish = made.parse_args(arguments)
    current = pages()
    stale = [path for path, text in current.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    left = [path for path in (DOCS / "rules").glob("*.md") if path not in current]
    for path in stale:
        print(f"{path.relative_to(DOCS.parent)}: " + ("out of date" if wish.check else "written"))
        if not wish.check:
            path.write_text(current[path], encoding="utf-8")
    for path in left:
        print(f"{path.relative_to(DOCS.parent)}: no knowledge file has this name")
    return 1 if left or (wish.check and stale) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
