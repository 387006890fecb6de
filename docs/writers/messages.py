"""messages.md: everything that is said of a host, by id."""
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nopage.report.catalogue import Said, collect_messages
from writers.markdown import NOTE, table

ROOT = Path(__file__).resolve().parents[2]
HEAD = """# Messages

{note}Everything that the diagnosis says is a message: a stable id, an English template and named parameters.
JSON carries all three in the fields whose names end in `said` ([automation](automation.md)); the text beside them is
this English, with raw numbers. A program goes by id and parameters, never by the text, which may be put better at any
time.

In a template `{{name}}` is a parameter, `{{name:.1f}}` one with Python's format, `{{name:one form|other form}}` the
form for a count of 1 or of any other number, with the number at its `#`, and `{{name:join and }}` several with " and "
between them. The name's ending is the unit: `_pages`, `_kb`, `_s`, `_percent`. A parameter may be another message.

The words of a finding that are the same for every host have ids as well, `knowledge.KEY.FIELD`; they stand in
[findings](rules/index.md). All are translated: [languages](languages.md). {count} messages follow, by the first part
of their id.

"""


def messages_page() -> str:
    """The table of every message."""
    found = collect_messages(ROOT)
    parts: dict[str, list[Said]] = {}
    for one in found:
        parts.setdefault(one.id.partition(".")[0], []).append(one)
    note = NOTE.format(source="the calls of say()")
    ids = len({one.id for one in found})
    return HEAD.format(note=note, count=ids) + "".join(
        f"## {part}\n\n" + table(["id", "English", "said in"], rows(parts[part])) for part in sorted(parts)
    )


def rows(messages: Sequence[Said]) -> list[list[str]]:
    """One row a template, with every file that says it."""
    places: dict[tuple[str, str], list[str]] = {}
    for one in sorted(messages, key=lambda one: one.id):
        places.setdefault((one.id, one.template), []).append(str(one.file))
    return [
        [f"`{name}`", shown(template), ", ".join(f"`{file}`" for file in dict.fromkeys(files))]
        for (name, template), files in places.items()
    ]


def shown(template: str) -> str:
    """A template as code, so that nothing of it is taken for Markdown."""
    return f"`` {template} ``" if template else "(nothing)"
