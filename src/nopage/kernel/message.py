"""What the pure floors say: a stable id, an English template with named parameters, and these parameters.

    say("zone.free", "{zone}: {free_pages:# page is|# pages are} free", zone="Normal", free_pages=1)

Parameters carry their unit in their name (`free_pages`, `total_kb`). A template is a literal, never an f-string, so
that all of them can be collected for translators; `str(message)` is its English text. In a template

| written | shows |
|---|---|
| `{name}` | the parameter; several (a tuple) with ", " between them; a message in its own words |
| `{name:.1f}` | a number by Python's format specification |
| `{name:one form\\|other form}` | the form for a count of 1 or of any other number, with the number at its `#` |
| `{name:join and }` | several with " and " between them |
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeAlias

from nopage.kernel.frozen import dataclass

Param: TypeAlias = "str | int | float | Message | tuple[Param, ...] | None"
FIELD = re.compile(r"\{([a-z][a-z0-9_]*)(?::([^{}]*))?\}")
JOIN = "join"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said. `params` are (name, value) pairs in the order they were given; see `named`."""

    id: str
    template: str
    params: tuple[tuple[str, Param], ...] = ()

    @property
    def named(self) -> Mapping[str, Param]:
        """The parameters by name."""
        return dict(self.params)

    def __str__(self) -> str:
        return render(self)

    def __bool__(self) -> bool:
        return bool(self.template)


def say(id: str, template: str, /, **params: Param) -> Message:
    """A message; `id` and `template` must be literals (a test collects them)."""
    return Message(id, template, tuple(params.items()))


NOTHING = Message("", "")
"""Says nothing; false. For parameters that are sometimes empty."""


def render(
    message: Message,
    template_of: Callable[[str, str], str] | None = None,
    number: Callable[[str, int | float], str] | None = None,
) -> str:
    """`message` as text.

    `template_of(id, english)` gives the template in another language, `number(name, value)` writes a number for people
    (separators, kB as MB; the name's suffix is its unit). Without them it is plain English with raw numbers.
    """
    template = template_of(message.id, message.template) if template_of and message.id else message.template
    return fill(template, dict(message.params), template_of, number)


def fill(
    template: str,
    named: Mapping[str, Param],
    template_of: Callable[[str, str], str] | None = None,
    number: Callable[[str, int | float], str] | None = None,
) -> str:
    """A template with its parameters in place, as `render` does it."""
    return "".join([
        part if isinstance(part, str) else shown(part[0], named.get(part[0]), part[1], template_of, number)
        for part in parts_of(template)
    ])


@lru_cache(maxsize=4096)
def parts_of(template: str) -> tuple[str | tuple[str, str], ...]:
    """A template taken apart: its texts, and its fields as (name, specification)."""
    parts: list[str | tuple[str, str]] = []
    end = 0
    for field in FIELD.finditer(template):
        if field.start() > end:
            parts.append(template[end:field.start()])
        parts.append((field[1], field[2] or ""))
        end = field.end()
    return (*parts, template[end:]) if end < len(template) else tuple(parts)


def shown(
    name: str,
    value: Param,
    spec: str,
    template_of: Callable[[str, str], str] | None,
    number: Callable[[str, int | float], str] | None,
) -> str:
    """One parameter as its field shows it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Message):
        return render(value, template_of, number)
    if isinstance(value, tuple):
        between = spec.removeprefix(JOIN) if spec.startswith(JOIN) else ", "
        return between.join([shown(name, one, "", template_of, number) for one in value])
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        plain = number(name, value) if number else str(value)
        if "|" in spec:
            one, other = spec.split("|", 1)
            return (one if value == 1 else other).replace("#", plain)
        return format(value, spec) if spec and not spec.startswith(JOIN) else plain
    return "" if value is None else str(value)


def fields_of(template: str) -> frozenset[str]:
    """The names of the parameters that a template shows."""
    return frozenset(part[0] for part in parts_of(template) if not isinstance(part, str))
