"""How large an answer may be, and that nothing in it steers a terminal: what a source says may be hostile."""
from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from nopage.kernel.plain import plain
from nopage.result import to_json
from nopage.result.base import Fact

BRIEF_BYTES = 64 << 10
FULL_BYTES = 4 << 20


class ToolError(Exception):
    """What was asked cannot be answered. `str()` is one line."""

    def __init__(self, words: str) -> None:
        super().__init__(plain(words)[:1000])


def as_json(fact: Fact) -> Any:
    """A part of the contract as objects for JSON, every text plain."""
    return _plain(json.loads(to_json(fact)))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value, keep="\n")  # commands may have several lines
    if isinstance(value, dict):
        return {plain(name): _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def page(facts: Iterable[Fact], offset: int, most_bytes: int) -> dict[str, Any]:
    """The facts from `offset` on that fit, how many there are, and where to go on. Raises ToolError for one too large.

    All are counted, those that fit are kept.
    """
    shown: list[Any] = []
    total, left = 0, most_bytes
    next_offset: int | None = None
    for number, fact in enumerate(facts):
        total = number + 1
        if number < offset or next_offset is not None:
            continue
        told = as_json(fact)
        size = len(json.dumps(told))
        if size <= left:
            shown.append(told)
            left -= size
        elif shown:
            next_offset = number
        else:
            raise ToolError(f"host {number} alone has {size} bytes; {most_bytes} are the most of an answer")
    if offset and offset >= total:
        raise ToolError(f"offset {offset}: there are {total} hosts")
    return {"hosts": total, "offset": offset, "next_offset": next_offset, "results": shown}
