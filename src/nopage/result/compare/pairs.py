"""Which result of the old side belongs to which of the new side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nopage.result.base import SourceKind
from nopage.result.compare.times import made_at
from nopage.result.result import Result


class Pairs(NamedTuple):
    """The hosts that both sides have, and the names of those that one side has alone."""

    both: tuple[tuple[Result, Result], ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]


def pairs_of(old: Sequence[Result], new: Sequence[Result]) -> Pairs:
    """By name of the host; where each side is one result, these two. Of several of a host the latest one counts."""
    old = [one for one in old if one.source.kind is not SourceKind.UNREADABLE]
    new = [one for one in new if one.source.kind is not SourceKind.UNREADABLE]
    if len(old) == len(new) == 1:
        return Pairs(((old[0], new[0]),), (), ())
    before, after = latest(old), latest(new)
    return Pairs(
        tuple((one, after[name]) for name, one in before.items() if name in after),
        tuple(name for name in before if name not in after),
        tuple(name for name in after if name not in before),
    )


def latest(results: Sequence[Result]) -> dict[str, Result]:
    """The latest result of each host."""
    found: dict[str, Result] = {}
    for one in results:
        name = one.host or one.source.path
        there = found.get(name)
        if there is None or is_later(one, there):
            found[name] = one
    return found


def is_later(one: Result, other: Result) -> bool:
    """Whether the first was surely made later."""
    first, second = made_at(one), made_at(other)
    return first is not None and (second is None or first > second)
