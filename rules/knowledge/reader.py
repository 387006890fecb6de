"""Typed reading of knowledge YAML: every fault is collected, each with file, line and column.

The C parser of PyYAML is used where it is built in. YAML nodes are read, not constructed objects, because only nodes
know where they stand.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import yaml

from nopage.kernel.frozen import dataclass

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml: the same result, more slowly
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

_TEXT = "tag:yaml.org,2002:str"
_INTEGER = "tag:yaml.org,2002:int"
_NULL = "tag:yaml.org,2002:null"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a knowledge file; `line` and `column` count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class KnowledgeError(ValueError):
    """One fault of a knowledge file, with the place where it stands."""

    def __init__(self, message: str, position: Position) -> None:
        super().__init__(message)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return f"{self.position}: {self.message}"


class KnowledgeSyntaxError(KnowledgeError):
    """The file is not readable as YAML."""


class KnowledgeMissingField(KnowledgeError):
    """A field that every such entry has is absent or empty."""


class KnowledgeUnknownField(KnowledgeError):
    """A field that no such entry has, or one given twice."""


class KnowledgeTypeError(KnowledgeError):
    """A value of the wrong kind: text, number, list or mapping was expected."""


class KnowledgeValueError(KnowledgeError):
    """A value of the right kind that is outside its vocabulary or range."""


class InvalidKnowledge(ValueError):
    """A knowledge file has faults; `errors` holds all of them in the order they stand in the file."""

    def __init__(self, errors: Sequence[KnowledgeError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda e: (e.position.path, e.position.line, e.position.column)))
        super().__init__("\n".join(str(error) for error in self.errors))


class Reader:
    """Reads one YAML text into plain values, keeping all faults in `errors`.

    A method that meets a fault notes it and returns an empty value, so that the rest of the file is still checked.
    """

    def __init__(self, path: Path | str, text: str) -> None:
        self.path = str(path)
        self.errors: list[KnowledgeError] = []
        self.root = self._compose(text)

    def _compose(self, text: str) -> yaml.Node | None:
        try:
            root = yaml.compose(text, Loader=Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            position = Position(self.path, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
            self.errors.append(KnowledgeSyntaxError(error.problem or error.context or "not readable as YAML", position))
            return None
        except yaml.YAMLError as error:  # a character that YAML does not allow
            self.errors.append(KnowledgeSyntaxError(" ".join(str(error).split()), Position(self.path, 1, 1)))
            return None
        if root is None:
            self.errors.append(KnowledgeMissingField("the file is empty", Position(self.path, 1, 1)))
        return root

    def position(self, node: yaml.Node) -> Position:
        """Where `node` begins."""
        return Position(self.path, node.start_mark.line + 1, node.start_mark.column + 1)

    def fault(self, kind: type[KnowledgeError], message: str, node: yaml.Node) -> None:
        """Note one fault at the place of `node`."""
        self.errors.append(kind(message, self.position(node)))

    def fields(
        self, node: yaml.Node | None, what: str, required: Sequence[str], optional: Sequence[str] = ()
    ) -> Mapping[str, yaml.Node]:
        """The fields of a mapping by name; missing, unknown and doubled ones are faults."""
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.fault(KnowledgeTypeError, f"{what} must be a mapping of fields", node)
            return {}
        found: dict[str, yaml.Node] = {}
        for name_node, value in node.value:
            name = name_node.value if isinstance(name_node, yaml.ScalarNode) else "?"
            if name in found:
                self.fault(KnowledgeUnknownField, f"{what} has the field {name!r} twice", name_node)
            elif name not in required and name not in optional:
                known = ", ".join([*required, *optional])
                self.fault(KnowledgeUnknownField, f"{what} has no field {name!r}; its fields are {known}", name_node)
            else:
                found[name] = value
        for name in required:
            if name not in found:
                self.fault(KnowledgeMissingField, f"{what} lacks the field {name!r}", node)
        return found

    def names(self, node: yaml.Node | None, what: str, allowed: Sequence[str] = ()) -> Mapping[str, yaml.Node]:
        """A mapping whose field names are data; held to `allowed` where that is given."""
        if not isinstance(node, yaml.MappingNode):
            if node is not None:
                self.fault(KnowledgeTypeError, f"{what} must be a mapping", node)
            return {}
        present = [name.value for name, _ in node.value if isinstance(name, yaml.ScalarNode)]
        return self.fields(node, what, (), allowed or present)

    def items(self, node: yaml.Node | None, what: str) -> Sequence[yaml.Node]:
        """The entries of a list that is not empty."""
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.fault(KnowledgeTypeError, f"{what} must be a list", node)
            return ()
        if not node.value:
            self.fault(KnowledgeMissingField, f"{what} must not be empty", node)
        return list(node.value)

    def text(self, node: yaml.Node | None, what: str, allowed: Sequence[str] = ()) -> str:
        """A text, held to a vocabulary where `allowed` is given."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or node.tag != _TEXT:
            self.fault(KnowledgeTypeError, f"{what} must be text", node)
            return ""
        value = str(node.value).strip()
        if not value:
            self.fault(KnowledgeMissingField, f"{what} must not be empty", node)
        elif allowed and value not in allowed:
            self.fault(KnowledgeValueError, f"{what} is {value!r}; it must be one of {', '.join(allowed)}", node)
        return value

    def optional_text(self, node: yaml.Node | None, what: str) -> str | None:
        """A text, or None where the field is absent or null."""
        if node is None or (isinstance(node, yaml.ScalarNode) and node.tag == _NULL):
            return None
        return self.text(node, what) or None

    def number(self, node: yaml.Node | None, what: str) -> int:
        """A whole number that is not negative."""
        if node is None:
            return 0
        if not isinstance(node, yaml.ScalarNode) or node.tag != _INTEGER:
            self.fault(KnowledgeTypeError, f"{what} must be a whole number", node)
            return 0
        try:
            value = int(node.value)
        except ValueError:  # YAML 1.1's 0o7, 1_000 and 12:30 are integers too; none is wanted here
            self.fault(KnowledgeTypeError, f"{what} must be a plain decimal number", node)
            return 0
        if value < 0:
            self.fault(KnowledgeValueError, f"{what} must not be negative", node)
        return value

    def texts(self, node: yaml.Node | None, what: str, allowed: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.text(item, f"an entry of {what}", allowed) for item in self.items(node, what))

    def each(self, node: yaml.Node | None, what: str, read: Callable[[yaml.Node], T]) -> tuple[T, ...]:
        """A list whose every entry is read by `read`."""
        return tuple(read(item) for item in self.items(node, what))
