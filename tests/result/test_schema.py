"""The contract: what is emitted is what the schema names, and nothing that was ever promised goes away."""
from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from nopage.result import Result, SourceKind, to_json
from nopage.result.brief import brief
from nopage.result.schema import schema

HERE = Path(__file__).resolve().parent
# `nopage schema > tests/result/schema.json` renews it; what an older one promised must be in the newer one.
SNAPSHOT: dict[str, Any] = json.loads((HERE / "schema.json").read_text(encoding="utf-8"))
FIRST: dict[str, Any] = json.loads((HERE / "first_contract.json").read_text(encoding="utf-8"))  # of 0.1.0


def closed(part: Any) -> Any:
    """The schema with no room for a field that it does not name."""
    if isinstance(part, dict):
        shut = {"additionalProperties": False} if "properties" in part and part.get("type") == "object" else {}
        return {**{name: closed(one) for name, one in part.items()}, **shut}
    return [closed(one) for one in part] if isinstance(part, list) else part


@pytest.fixture(scope="module")
def emitted(everything: list[tuple[str, Result]]) -> list[tuple[str, Any]]:
    """Every result and its brief form, as a reader of the JSON has it."""
    return [
        (f"{name}{how}", json.loads(to_json(one)))
        for name, result in everything
        for how, one in (("", result), (", brief", brief(result)))
    ]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def faults(whole: dict[str, Any], emitted: list[tuple[str, Any]]) -> list[tuple[str, str, str]]:
    """Each place that does not hold the schema."""
    validator = jsonschema_rs.Draft202012Validator(whole)
    return [
        (name, "/".join(map(str, error.instance_path)), error.message[:200])
        for name, one in emitted for error in validator.iter_errors(one)
    ]


def test_what_is_emitted_is_what_is_named(emitted: list[tuple[str, Any]]) -> None:
    """No field beside those of the schema, and all of them: what is not known is null or empty, in `evidence` left out.

    A schema that demands more than the published one: what holds it holds that too.
    """
    parts: dict[str, Any] = schema()["$defs"]
    for part in parts.values():
        if "properties" in part and part["title"] != "Evidence":
            part["required"] = list(part["properties"])
    assert faults(closed({**schema(), "$defs": parts}), emitted) == []


def test_all_that_is_emitted_keeps_the_first_contract(emitted: list[tuple[str, Any]]) -> None:
    assert faults(FIRST, emitted) == []


def test_every_kind_of_result_is_among_them(everything: list[tuple[str, Result]]) -> None:
    kinds = {result.source.kind for _name, result in everything}
    assert kinds >= {
        SourceKind.SOSREPORT, SourceKind.INSIGHTS, SourceKind.DIRECTORY, SourceKind.VMCORE, SourceKind.CRASHDIR,
        SourceKind.LOG, SourceKind.TEXT, SourceKind.UNREADABLE,
    }  # fmt: skip
    assert any(result.slub for _name, result in everything)
    assert any(result.plan.steps for _name, result in everything)
    assert any(failure.frames and failure.zones for _name, result in everything for failure in result.failures)
    assert not any(result.source.internal_error for _name, result in everything)


def types_of(part: dict[str, Any], root: dict[str, Any], inside: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every place of a schema as (path, type or word that may stand there); a type inside itself is not gone into."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        if name in inside:
            yield "", "itself"
            return
        yield from types_of(root["$defs"][name], root, (*inside, name))
    for one in (*part.get("anyOf", ()), *part.get("oneOf", ())):
        yield from types_of(one, root, inside)
    kinds = part.get("type", ())
    for kind in (kinds,) if isinstance(kinds, str) else kinds:
        yield "", kind
    for word in part.get("enum", [part["const"]] if "const" in part else ()):
        yield "", "null" if word is None else f"'{word}'"
    for name, field in part.get("properties", {}).items():
        yield from ((f".{name}{path}", kind) for path, kind in types_of(field, root, inside))
    for step, inner in (("[]", part.get("items")), ("{}", part.get("additionalProperties"))):
        if isinstance(inner, dict):
            yield from ((f"{step}{path}", kind) for path, kind in types_of(inner, root, inside))
    for number, inner in enumerate(part.get("prefixItems", ())):
        yield from ((f"[{number}]{path}", kind) for path, kind in types_of(inner, root, inside))


def required_of(part: dict[str, Any], root: dict[str, Any], inside: tuple[str, ...] = ()) -> Iterator[str]:
    """The path of every field that must be there."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        if name not in inside:
            yield from required_of(root["$defs"][name], root, (*inside, name))
    for one in (*part.get("anyOf", ()), *part.get("oneOf", ())):
        yield from required_of(one, root, inside)
    yield from (f".{name}" for name in part.get("required", ()))
    for name, field in part.get("properties", {}).items():
        yield from (f".{name}{path}" for path in required_of(field, root, inside))
    if isinstance(part.get("items"), dict):
        yield from (f"[]{path}" for path in required_of(part["items"], root, inside))


def flat(whole: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path, kind in types_of(whole, whole):
        found.setdefault(path, set()).add(kind)
    return found


def broken(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What a reader of `before` may stumble over in `now`: fields that went, and values of a type that is new there."""
    old, new = flat(before), flat(now)
    gone = [f"{path}: is gone" for path in old if path not in new]
    changed = [
        f"{path}: {' or '.join(sorted(extra))} is new"
        for path, kinds in old.items()
        if kinds and path in new and (extra := {kind for kind in new[path] if not fits(kind, kinds)})
    ]
    optional = set(required_of(before, before)) - set(required_of(now, now))
    return sorted(gone + changed + [f"{path}: may be missing" for path in optional])


def fits(kind: str, known: set[str]) -> bool:
    """A reader who knows `known` takes `kind`: a word of an enumeration where it takes any text, an integer as number.

    New words of an enumeration are additions: a reader of `nopage/1` meets words that it does not know.
    """
    if kind.startswith("'"):
        return "string" in known or any(one.startswith("'") for one in known)
    return kind in known or (kind == "integer" and "number" in known)


def words_gone(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Words of enumerations that are no longer there."""
    old, new = flat(before), flat(now)
    return [
        f"{path}: {word}"
        for path, kinds in old.items()
        for word in sorted(kinds - new.get(path, set()))
        if word.startswith("'")
    ]


def test_nothing_of_the_snapshot_goes_or_changes() -> None:
    assert broken(SNAPSHOT, schema()) == []
    assert words_gone(SNAPSHOT, schema()) == []


def test_the_snapshot_is_current() -> None:
    assert schema() == SNAPSHOT, "fields were added or told otherwise: nopage schema > tests/result/schema.json"


def test_nothing_of_the_first_contract_goes_or_changes() -> None:
    assert broken(FIRST, schema()) == []


def changed(path: str, value: Any) -> dict[str, Any]:
    """The schema with one place changed; None takes it away."""
    made = deepcopy(schema())
    *way, last = path.split("/")
    part = made["$defs"]
    for name in way:
        part = part[name]
    if value is None:
        del part[last]
    else:
        part[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("Failure/properties/comm", None, ".failures[].comm: is gone"),
        ("Evidence/properties/zone", None, ".failures[].evidence.zone: is gone"),
        ("Failure/properties/order", {"type": "string"}, ".failures[].order: string is new"),
        ("Failure/properties/comm", {"type": ["string", "null"]}, ".failures[].comm: null is new"),
        ("Place/properties/line/type", "number", ".failures[].seen_in[].line: number is new"),
        ("Failure/properties/zones/items", {"type": "string"}, ".failures[].zones[]: string is new"),
        ("Result/required", ["schema"], ".findings: may be missing"),
        ("FreeBlocks/prefixItems", [{"type": "integer"}], ".memory.zones[].free_area[][1]: is gone"),
    ],
)  # fmt: skip
def test_a_change_is_seen(path: str, value: Any, said: str) -> None:
    assert said in broken(schema(), changed(path, value))


def test_an_addition_is_none() -> None:
    more = {**schema()["$defs"]["Failure"]["properties"], "extra": {"type": "string"}}
    assert broken(schema(), changed("Failure/properties", more)) == []
    words = [*schema()["$defs"]["Cause"]["enum"], "new_word"]
    assert broken(schema(), changed("Cause/enum", words)) == []
    assert words_gone(schema(), changed("Cause/enum", words[1:])) != []


NOW = schema()
FIELDS = [
    (f"{name}.{field}", told)
    for name, part in NOW["$defs"].items()
    for field, told in part.get("properties", {}).items()
] + [
    (f"{name}[{number}]", told)
    for name, part in NOW["$defs"].items()
    for number, told in enumerate(part.get("prefixItems", ()))
]
SCALARS = {"string", "integer", "number", "boolean"}


def is_scalar(told: dict[str, Any]) -> bool:
    """It holds a number, a flag, a word or a text. A sentence is no scalar: its example is the manual's."""
    kinds = {kind for path, kind in types_of(told, NOW) if path == ""}
    return bool(kinds & SCALARS or any(kind.startswith("'") for kind in kinds)) and not kinds & {"array", "object"}


def test_every_type_and_field_is_described() -> None:
    silent = [name for name, part in schema()["$defs"].items() if not part.get("description")]
    silent += [name for name, told in FIELDS if len(told.get("description", "")) < 3]
    assert silent == []


def test_every_scalar_has_an_example_and_every_example_holds() -> None:
    bare = [name for name, told in FIELDS if is_scalar(told) and not told.get("examples")]
    assert bare == []
    every_field = closed({"properties": dict(FIELDS), "$defs": schema()["$defs"]})
    examples = [("example", {name: one}) for name, told in FIELDS for one in told.get("examples", ())]
    assert faults(every_field, examples) == []
