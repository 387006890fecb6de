"""The fields of the result, out of its JSON schema: one table a type."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from nopage import result
from nopage.result import schema as types
from writers.markdown import table

Part = Mapping[str, Any]
HEAD = ("field", "type", "meaning", "example")


class Fields:
    """The types of one schema, and the paths at which each stands in a result."""

    def __init__(self, schema: Part) -> None:
        self.types: Part = schema["$defs"]
        self.root = name_of(schema["$ref"])
        self.paths: dict[str, list[str]] = {}
        self._place(self.root, "")

    def _place(self, name: str, at: str) -> None:
        """Note that a type stands at a path, and what stands in it; depth first, a type in itself only once."""
        known = self.paths.setdefault(name, [])
        known.append(at)
        for path, part in fields_of(self.types[name], name):
            for inner, lists in types_in(part):
                if inner != name and not self.is_words(inner):
                    self._place(inner, joined(at, path) + "[]" * lists)

    def is_words(self, name: str) -> bool:
        """The type is a choice of words."""
        return "enum" in self.types[name]

    def tables(self) -> str:
        """The top of the result, then every type in the order in which it is met."""
        found = ["### The top\n\n", sentence(self.types[self.root]), self.table(self.root)]
        for name in self.paths:
            if name != self.root and not self.is_words(name):
                found += [f"### {name}\n\n", sentence(self.types[name]), self.places(name), self.table(name)]
        return "\n" + "".join(found) + "### Words that fields choose from\n\n" + self.choices()

    def places(self, name: str) -> str:
        """Where a type that stands in several places stands; `Said` is everywhere."""
        at = self.paths[name]
        if len(at) == 1:
            return ""
        if name == "Said":
            return f"It stands in every field whose name ends in `said`, and in the plan, for example `{at[0]}`.\n\n"
        return "It stands in " + ", ".join(f"`{path}`" for path in at) + "; the first is named here.\n\n"

    def table(self, name: str) -> str:
        before = self.paths[name][0]
        rows = [
            [f"`{joined(before, path)}`", self.words(part), self.meaning(part), example(part)]
            for path, part in fields_of(self.types[name], name)
        ]
        return table(HEAD, rows)

    def choices(self) -> str:
        """Every choice of words: what is chosen, and between what."""
        rows = [[name, words_of(name), sentence(self.types[name])] for name in self.types if self.is_words(name)]
        return table(("name", "words", "meaning"), [[name, words, told.strip()] for name, words, told in rows])

    def meaning(self, part: Part) -> str:
        """What is said of the field, else of its type."""
        if "description" in part:
            return str(part["description"])
        if "$ref" in part:
            return sentence(self.types[name_of(part["$ref"])]).strip()
        return next(filter(None, (self.meaning(one) for one in part.get("anyOf", ()))), "")

    def words(self, part: Part) -> str:
        """The type of a field in words; of a choice its words, of an object where it is described."""
        if "$ref" in part:
            name = name_of(part["$ref"])
            if self.is_words(name):
                return f"one of {words_of(name)}"
            return f"[{name}](#{name.lower()})"
        if "anyOf" in part:
            return " or ".join(dict.fromkeys(self.words(one) for one in part["anyOf"]))
        if "enum" in part:
            return f"one of {', '.join(f'`{one}`' for one in part['enum'])}"
        if part["type"] == "array":
            return f"list of {self.words(part['items'])}" if "items" in part else "list"
        if part["type"] == "object" and "additionalProperties" in part:
            return f"object, each value {self.words(part['additionalProperties'])}"
        return str(part["type"])


def fields_of(part: Part, name: str) -> Iterator[tuple[str, Part]]:
    """The fields of a type by name; of one that is written as a list by their place."""
    yield from part.get("properties", {}).items()
    items = part.get("prefixItems", ())
    for place, item in enumerate(items):
        named = getattr(result, name).__struct_fields__[place]
        yield f"[{place}]", {**item, "description": f"{named}: {item['description']}"}


def words_of(name: str) -> str:
    """The words of a choice, in the order of their type."""
    return ", ".join(f"`{one.value}`" for one in getattr(result, name))


def types_in(part: Part, lists: int = 0) -> Iterator[tuple[str, int]]:
    """The types that a field holds, each with how many lists stand around it."""
    if "$ref" in part:
        yield name_of(part["$ref"]), lists
    for one in part.get("anyOf", ()):
        yield from types_in(one, lists)
    if "items" in part:
        yield from types_in(part["items"], lists + 1)


def joined(before: str, name: str) -> str:
    return before + name if name.startswith("[") or not before else f"{before}.{name}"


def name_of(reference: str) -> str:
    return reference.rpartition("/")[2]


def sentence(part: Part) -> str:
    return str(part.get("description", "")).strip().replace("\n", " ") + "\n\n"


def example(part: Part) -> str:
    """The first example of the field, as it stands in JSON."""
    told = next((one["examples"] for one in (part, *part.get("anyOf", ())) if one.get("examples")), None)
    return f"`{json.dumps(told[0], ensure_ascii=False)}`" if told else ""


def fields() -> str:
    """The tables of docs/automation.md."""
    return Fields(types.schema()).tables()
