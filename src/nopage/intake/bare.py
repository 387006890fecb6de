"""A file of /proc that stands alone: /proc/zoneinfo, /proc/buddyinfo, or both in one, told by what it says."""
from __future__ import annotations

import re

from nopage.intake.hosts import coverage
from nopage.intake.model import Collection, Limits, Stream
from nopage.intake.reader import Budget, Peeked
from nopage.intake.streams import printable, read_fact

BEGINS = re.compile(rb"\s*Node +\d+, zone +\S+")
# spec -> what shows it in the file's head
SHOWN = (
    ("zoneinfo", re.compile(rb"^\s*Node +\d+, zone +\S+\s*\n(?:.*\n){0,64}?\s+pages free +\d", re.MULTILINE)),
    ("buddyinfo", re.compile(rb"^\s*Node +\d+, zone +\S+(?: +\d+){5,}\s*$", re.MULTILINE)),
)


def bare_facts(head: bytes) -> tuple[str, ...]:
    """The specs that a file with this head feeds; () where it is none of these."""
    if not BEGINS.match(head):
        return ()
    return tuple(spec for spec, shown in SHOWN if shown.search(head))


def bare(path: str, name: str, specs: tuple[str, ...], source: Peeked, limits: Limits, budget: Budget) -> Collection:
    """The file as the only one of its host."""
    taken = read_fact(specs[0], printable(name), source, limits, budget)
    first = taken.stream or Stream(specs[0], printable(name))
    streams = (first, *(Stream(spec, first.name, text=first.text) for spec in specs[1:]))
    cut = () if first.cut is None else (first.cut,)
    return Collection(path, "log", not cut, cut, streams, coverage(streams, cut=cut))
