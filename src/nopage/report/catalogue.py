"""Every message there is, collected from the source: for translators, for docs/messages.md and for the tests."""
from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import FIELD, JOIN, fields_of, parts_of
from nopage.report.short import SHORT

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


@cache
def collect_messages(root: Path) -> tuple[Said, ...]:
    """The messages of a checkout, sorted by id, read once. ValueError where id or template is no literal."""
    return tuple(sorted(
        (one for path, name in sources_of(root) for one in messages_of(path, name)),
        key=lambda one: (one.id, one.file, one.line),
    ))  # fmt: skip


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


def collect_all(root: Path) -> dict[str, Said]:
    """By its id all that is translated: the messages, their short forms, the knowledge."""
    found: dict[str, Said] = {}
    for one in (*collect_messages(root), *short_forms(), *knowledge_texts()):
        found.setdefault(one.id, one)
    return dict(sorted(found.items()))


def short_forms() -> Iterator[Said]:
    """The few words for some sentences."""
    for id, template in SHORT.items():
        yield Said(f"short.{id}", template, "src/nopage/report/short.py")


def knowledge_texts() -> Iterator[Said]:
    """What a reader sees of each finding's knowledge; titles of articles and commands are names, not words."""
    from nopage.rules.knowledge import keys, knowledge

    for key in keys():
        known = knowledge(key)
        texts = {name: getattr(known, name) for name in ("title", "meaning", "impact")}
        texts |= {f"causes.{name}": text for name, text in known.causes.items()}
        for row in known.rows:
            told = {"name": row.name, "says": row.says, "narrower": row.narrower}
            told |= {action.action: action.words for action in row.remedy}
            texts |= {f"releases.{row.id}.{name}": text for name, text in told.items()}
        for name, text in texts.items():
            if text:
                yield Said(known.said(name, text).id, text, f"rules/knowledge/{key.lower()}.yaml")


def faults(english: Mapping[str, str], translated: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the templates of a language, a sentence each."""
    for id in sorted(english.keys() - translated.keys()):
        yield f"{id}: not translated"
    for id in sorted(translated.keys() - english.keys()):
        yield f"{id}: no such message"
    for id in sorted(english.keys() & translated.keys()):
        yield from (f"{id}: {fault}" for fault in template_faults(english[id], translated[id]))


def template_faults(english: str, template: str) -> Iterator[str]:
    """What is wrong with one template: parameters that lack or are none, formats that are not those of the English.

    A number that only chooses between two forms of a word is needed by no language without plurals.
    """
    if not template.strip():
        yield "empty"
    needed = {name for name, format in fields_in(english) if "|" not in format or "#" in format}
    if not needed <= fields_of(template) <= fields_of(english):
        yield f"parameters {sorted(fields_of(template))}, in English {sorted(fields_of(english))}"
    if set("{}") & set(FIELD.sub("", template)):
        yield "a brace that belongs to no parameter"
    formats = {format for _, format in fields_in(english) if is_number_format(format)}
    for name, format in fields_in(template):
        if is_number_format(format) and format not in formats:
            yield f"{{{name}:{format}}} is no format of the English template"


def fields_in(template: str) -> Iterator[tuple[str, str]]:
    return (part for part in parts_of(template) if not isinstance(part, str))


def is_number_format(format: str) -> bool:
    """Neither forms for a count nor a word between several."""
    return bool(format) and "|" not in format and not format.startswith(JOIN)
