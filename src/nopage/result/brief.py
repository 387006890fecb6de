"""The result small enough for one request body: no traces, no zones, counts instead of lists."""

from __future__ import annotations

from msgspec.structs import replace

from nopage.result.result import Result, to_json

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


def brief(result: Result) -> Result:
    """The same result under 64 kB as JSON; what was cut is told by the numbers that stay (reports, failures_total)."""
    small = replace(
        result,
        failures=tuple(
            replace(one, call_trace=(), frames=(), zones=(), words_said=(), missing_said=(), seen_in=one.seen_in[:3])
            for one in result.failures
        ),
        memory=replace(result.memory, zones=()) if result.memory else None,
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
                    replace(remedy, zones=(), reason_said=(), risk_said=(), replay_said=()) for remedy in one.remedies
                ),
            )
            for one in result.findings
        ),
        source=replace(
            result.source,
            warnings=tuple(text[:TEXT_MOST] for text in result.source.warnings[:TEXTS_MOST]),
            coverage=None,
        ),
    )
    for name, most in STEPS:
        if len(to_json(small)) <= MOST_BYTES:
            break
        small = replace(small, **{name: getattr(small, name)[:most]})
    return small
