"""The reference of docs/api.md: the public functions and the types that they take and give, from their docstrings."""
from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Sequence
from typing import Any

import nopage
from nopage import api
from nopage.diagnosis.watermark import Ladder, LadderRow, Marks
from nopage.engine.ladders import HostLadder
from nopage.intake.model import Limits
from nopage.kernel.gfp import GfpDecoded
from writers.markdown import table

FUNCTIONS = ("diagnose", "diagnose_text", "decode", "watermarks", "render", "load")
TYPES: Sequence[type[Any]] = (Limits, GfpDecoded, HostLadder, Ladder, LadderRow, Marks)


def functions() -> str:
    """Each function: signature, meaning, example."""
    public = {name for name in nopage.__all__ if inspect.isfunction(getattr(nopage, name))}
    if public != set(FUNCTIONS):
        raise ValueError(f"nopage offers {sorted(public)}; docs/writers/api.py writes of {sorted(FUNCTIONS)}")
    return "\n" + "".join(function(name) for name in FUNCTIONS)


def function(name: str) -> str:
    told = getattr(api, name)
    words, example = in_parts(inspect.getdoc(told) or "")
    if not example:
        raise ValueError(f"nopage.{name}: its docstring has no example")
    return f"### nopage.{name}\n\n```text\n{signature(name, told)}\n```\n\n{words}\n\n```pycon\n{example}\n```\n\n"


def in_parts(doc: str) -> tuple[str, str]:
    """A docstring's words, and its example."""
    words, mark, example = doc.partition(">>> ")
    return words.strip(), (mark + example).strip()


def signature(name: str, told: Any) -> str:
    """The call as it is written, one argument a line where it is long."""
    found = inspect.signature(told)
    line = f"nopage.{name}{plain(str(found))}"
    if len(line) <= 100:
        return line
    told_of: list[str] = []
    for one in found.parameters.values():
        if one.kind is one.KEYWORD_ONLY and "*" not in told_of:
            told_of.append("*")
        told_of.append(plain(str(one)))
    given = plain(str(found.return_annotation))
    return f"nopage.{name}(\n" + "".join(f"    {one},\n" for one in told_of) + f") -> {given}"


def plain(text: str) -> str:
    """Annotations are kept as text, which quotes them."""
    return text.replace("'", "") if "= '" not in text else re.sub(r"(: |-> )'([^']*)'", r"\1\2", text)


def types() -> str:
    """Each type that is no part of the result: meaning and fields."""
    return "\n" + "".join(one_type(kind) for kind in TYPES)


def one_type(kind: type[Any]) -> str:
    rows = [[f"`{one.name}`", f"`{one.type}`", default(one)] for one in dataclasses.fields(kind)]
    rows += [
        [f"`{name}`", f"`{inspect.signature(made.fget).return_annotation}`", inspect.getdoc(made) or ""]
        for name, made in vars(kind).items()
        if isinstance(made, property) and made.fget is not None
    ]
    return f"### {kind.__name__}\n\n{inspect.getdoc(kind)}\n\n" + table(["field", "type", "default, meaning"], rows)


def default(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING and isinstance(field.default, int | float | None):
        return "" if field.default is None else f"{field.default:,}"
    return ""
