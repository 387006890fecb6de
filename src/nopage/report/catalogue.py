"""Every message there is, collected from the source: for translators, and for the table of docs/messages.md."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("src/nopage", "parsers", "combiners", "rules")


@dataclass(frozen=True, slots=True)
class Said:
    """One call of `say()`: the message's id and English template, and the file that says it, from the checkout."""

    id: str
    template: str
    file: str


def collect_messages(root: Path) -> list[Said]:
    """The messages of a checkout, sorted by id. ValueError where id or template is no literal."""
    root = root.resolve()
    files = sorted({path.resolve() for folder in FOLDERS for path in (root / folder).glob("**/*.py")})
    found = [one for path in files for one in messages_of(path, path.relative_to(root).as_posix())]
    return sorted(found, key=lambda one: (one.id, one.file))


def messages_of(path: Path, name: str) -> Iterator[Said]:
    """The messages that one file says."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"):
            continue
        literals = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if len(literals) != 2 or len(node.args) != 2:
            raise ValueError(f"{name}:{node.lineno}: id and template of a message must be literals")
        yield Said(literals[0], literals[1], name)
