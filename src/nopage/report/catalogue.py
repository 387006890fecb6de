"""Every message there is, collected from the source: for translators, for docs/messages.md and for the tests."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from nopage.kernel.frozen import dataclass

FOLDERS = ("src/nopage", "parsers", "combiners", "rules")


@dataclass(frozen=True, slots=True)
class Said:
    """One call of `say()`: the message's id and English template, and the file that says it, from the checkout.

    `given` are the names of the parameters that the call passes; with `more`, others come as `**mapping`.
    """

    id: str
    template: str
    file: str
    line: int = 0
    given: frozenset[str] = frozenset()
    more: bool = False

    @property
    def place(self) -> str:
        """'rules/response.py:41'."""
        return f"{self.file}:{self.line}"


def collect_messages(root: Path) -> list[Said]:
    """The messages of a checkout, sorted by id. ValueError where id or template is no literal."""
    return sorted(
        (one for path, name in sources_of(root) for one in messages_of(path, name)),
        key=lambda one: (one.id, one.file, one.line),
    )


def sources_of(root: Path) -> list[tuple[Path, str]]:
    """The Python files of a checkout that may say something, each once, with their names from its top."""
    root = root.resolve()
    files = sorted({path.resolve() for folder in FOLDERS for path in (root / folder).glob("**/*.py")})
    return [(path, path.relative_to(root).as_posix()) for path in files]


def messages_of(path: Path, name: str) -> Iterator[Said]:
    """The messages that one file says."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and called(node.func) == "say"):
            continue
        literals = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if len(literals) != 2 or len(node.args) != 2:
            raise ValueError(f"{name}:{node.lineno}: id and template of a message must be literals")
        given = frozenset(keyword.arg for keyword in node.keywords if keyword.arg is not None)
        more = any(keyword.arg is None for keyword in node.keywords)
        yield Said(literals[0], literals[1], name, node.lineno, given, more)


def called(function: ast.expr) -> str | None:
    """The name of what is called, without its module."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None
