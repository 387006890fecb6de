"""The result small enough for one request body: no traces, no zones, counts instead of lists."""

from __future__ import annotations

from enum import Enum
from itertools import islice
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from nopage.result.base import to_json
from nopage.result.memory import Memory
from nopage.result.result import Result

MOST_BYTES = 64_000
# What is left out step by step until the rest fits: lists by name, and how many of them stay.
STEPS: tuple[tuple[str, int], ...] = (
    ("failures", 20),
    ("groups", 20),
    ("context", 5),
    ("failures", 3),
    ("groups", 5),
    ("slub", 3),
    ("failures", 0),
    ("groups", 1),
    ("context", 0),
    ("slub", 0),
)
TEXTS_MOST, TEXT_MOST = 12, 600
INTERVALS_MOST, SLABS_MOST = 5, 5
# Where that is not enough, something came out of the source that has no end: characters a text, entries a list.
TIGHTER: tuple[tuple[int, int], ...] = ((1_000, 30), (300, 12), (100, 6), (40, 3), (20, 2))
COVERAGE_LISTS = ("found", "skipped", "cut", "timed_out")


def brief_memory(memory: Memory) -> Memory:
    """Without its zones; of the lines that set a vm.* those that win, of sar's intervals those with most failures."""
    busiest = sorted(memory.activity, key=lambda one: -one.failures)[:INTERVALS_MOST]
    return replace(
        memory,
        zones=(),
        slab_kb=dict(list(memory.slab_kb.items())[:SLABS_MOST]),
        huge_pages=memory.huge_pages[:TEXTS_MOST],
        setting_sources=tuple(one for one in memory.setting_sources if one.wins)[:TEXTS_MOST],
        activity=tuple(sorted(busiest, key=lambda one: one.time)),
    )


def brief(result: Result) -> Result:
    """The same result under 64 kB as JSON; what was cut is told by the numbers that stay (reports, failures_total)."""
    small = replace(
        result,
        failures=tuple(
            replace(one, call_trace=(), frames=(), zones=(), words_said=(), missing_said=(), seen_in=one.seen_in[:3])
            for one in result.failures
        ),
        memory=brief_memory(result.memory) if result.memory else None,
        network=replace(result.network, interfaces=(), said=()) if result.network else None,
        findings=tuple(
            replace(
                one,
                meaning="",
                impact="",
                why_said=(),
                notes_said=(),
                summary_said=(),
                matters_said=(),
                request_said=(),
                where_said=(),
                signatures=(),
                why=one.why[:TEXTS_MOST],
                notes=one.notes[:TEXTS_MOST],
                remedies=tuple(
                    replace(remedy, zones=(), value_said=(), reason_said=(), risk_said=(), replay_said=())
                    for remedy in one.remedies
                ),
            )
            for one in result.findings
        ),
        source=replace(
            result.source,
            warnings=shortened(result.source.warnings),
            coverage=replace(
                result.source.coverage,
                **{name: shortened(getattr(result.source.coverage, name)) for name in COVERAGE_LISTS},
            ),
        ),
    )
    for name, most in STEPS:
        if len(to_json(small)) <= MOST_BYTES:
            break
        small = replace(small, **{name: getattr(small, name)[:most]})
    for text_most, list_most in TIGHTER:
        if len(to_json(small)) <= MOST_BYTES:
            break
        small = tightened(small, text_most, list_most)
    return small


def tightened(value: Any, text_most: int, list_most: int) -> Any:
    """The same with every text and every list cut, at any depth."""
    if isinstance(value, str):
        return value if isinstance(value, Enum) else value[:text_most]
    if isinstance(value, Struct):
        return replace(
            value, **{name: tightened(one, text_most, list_most) for name, one in asdict(value).items()}
        )
    if isinstance(value, dict):
        return {
            name[:text_most]: tightened(one, text_most, list_most)
            for name, one in islice(value.items(), list_most)
        }
    if isinstance(value, tuple | list):
        return type(value)(tightened(one, text_most, list_most) for one in value[:list_most])
    return value


def shortened(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The first of them, each cut."""
    return tuple(text[:TEXT_MOST] for text in texts[:TEXTS_MOST])
