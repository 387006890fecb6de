"""Two collections of a host: the verdict first, then findings, the plan, settings and counters."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.plain import plain
from nopage.report.screen import Line, columns, paragraph
from nopage.report.speaker import Speaker, grouped
from nopage.result.answers import CounterChange, Difference, Outcome, Side

STYLE = {
    Outcome.GONE: "good", Outcome.NONE: "good", Outcome.NEW: "bad", Outcome.MORE: "bad", Outcome.SAME: "bad",
    Outcome.STILL: "bad",
}
MOST = 40


def difference_lines(found: Difference, speak: Speaker, width: int) -> list[Line]:
    """All of one host; parts without anything to say are left out."""
    name = found.new.host or found.old.host or found.new.path
    lines = [Line(plain(name), "bold"), *paragraph(" ".join(speak.each(found.verdict_said)), width,
                                                   STYLE.get(found.outcome, "bold")), Line()]
    lines += table([("", "MADE", "KERNEL", "REPORTS", "BURSTS", "HOURS", "SOURCE"), side("old", found.old),
                    side("new", found.new)])
    lines += block("FINDINGS", [
        ("CHANGE", "FINDING", "CAUSE", "WHO", "BEFORE", "SINCE", "BEFORE/H", "SINCE/H"),
        *(
            (one.how.value, one.key, one.cause.value if one.cause else "-", one.driver or "-",
             count(one.reports_before), count(one.reports_after), rate(one.before_per_hour), rate(one.after_per_hour))
            for one in found.findings
        ),
    ])
    lines += block("PLAN", [
        ("", "STEP", "BEFORE", "ADVISED", "NOW", "STATE"),
        *(
            (str(one.number), one.setting or one.action, value(one.before), value(one.wanted), value(one.after),
             one.state.value.replace("_", " "))
            for one in found.steps
        ),
    ])
    lines += block("CHANGED", [
        ("SETTING", "BEFORE", "NOW"), *((one.name, value(one.before), value(one.after)) for one in found.settings)
    ])
    lines += block("COUNTERS", [
        ("COUNTER", "BEFORE", "NOW", "BEFORE/H", "SINCE/H", ""), *map(counter, found.counters)
    ])
    return [*lines, *(line for one in found.notes for line in (Line(), *paragraph(f"Note: {speak(one)}", width)))]


def side(name: str, one: Side) -> tuple[str, ...]:
    made = (one.collected_at or "-").replace("T", " ")
    reports = ("at least " if one.at_least else "") + grouped(one.reports)
    kernel = f"{one.kernel or '-'}" + (f" (RHEL {one.rhel})" if one.rhel else "")
    return name, made, kernel, reports, count(one.bursts), rate(one.hours), one.path


def counter(one: CounterChange) -> tuple[str, ...]:
    booted = "booted in between" if one.since_boot else ""
    return one.name, count(one.before), count(one.after), rate(one.before_per_hour), rate(one.after_per_hour), booted


def block(title: str, rows: Sequence[tuple[str, ...]]) -> list[Line]:
    """A table with its title as first word; nothing without rows."""
    if len(rows) < 2:
        return []
    shown = rows[: MOST + 1]
    more = [Line(f"... {len(rows) - len(shown)} more, all in --format json")] if len(rows) > len(shown) else []
    return [Line(), Line(title, "bold"), *table(shown), *more]


def table(rows: Sequence[tuple[str, ...]]) -> list[Line]:
    head, *lines = columns([tuple(plain(cell) for cell in row) for row in rows])
    return [Line(head, "dim"), *map(Line, lines)]


def count(number: int | None) -> str:
    return "-" if number is None else grouped(number)


def value(one: str | int | None) -> str:
    return "-" if one is None else str(one)


def rate(number: float | None) -> str:
    """Three digits or so."""
    if number is None:
        return "-"
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
