"""Two collections of a host: the verdict first, then findings, the plan, settings and counters."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.plain import plain
from nopage.report import labels
from nopage.report.screen import CAUSE, KERNEL, REPORTS, WHO, Line, columns, paragraph
from nopage.report.speaker import Speaker, grouped
from nopage.result.answers import CounterChange, Difference, How, Outcome, Side, StepState

STYLE = {
    Outcome.GONE: "good", Outcome.NONE: "good", Outcome.NEW: "bad", Outcome.MORE: "bad", Outcome.SAME: "bad",
    Outcome.STILL: "bad",
}
MOST = 40
OLD, NEW = say("diff.side.old", "old"), say("diff.side.new", "new")
FINDINGS, PLAN = say("diff.findings", "FINDINGS"), say("diff.plan", "PLAN")
CHANGED, COUNTERS = say("diff.changed", "CHANGED"), say("diff.counters", "COUNTERS")
BEFORE, NOW, SINCE = labels.BEFORE, say("diff.now", "NOW"), say("diff.since", "SINCE")
BEFORE_RATE = say("diff.before_per_hour", "BEFORE/H")
SINCE_RATE = say("diff.since_per_hour", "SINCE/H")
SIDES = (
    NOTHING, say("diff.made", "MADE"), KERNEL, REPORTS, say("diff.bursts", "BURSTS"),
    say("diff.hours", "HOURS"), say("diff.source", "SOURCE"),
)  # fmt: skip
FOUND = (
    say("diff.change", "CHANGE"), say("diff.finding", "FINDING"), CAUSE, WHO, BEFORE, SINCE, BEFORE_RATE,
    SINCE_RATE,
)  # fmt: skip
STEPS = (
    NOTHING, say("diff.column.step", "STEP"), BEFORE, say("diff.advised", "ADVISED"), NOW, say("diff.state", "STATE"),
)  # fmt: skip
SETTINGS = (say("diff.setting", "SETTING"), BEFORE, NOW)
COUNTED = (say("diff.counter", "COUNTER"), BEFORE, NOW, BEFORE_RATE, SINCE_RATE, NOTHING)
HOWS = {
    How.NEW: NEW,
    How.GONE: say("diff.how.gone", "gone"),
    How.MORE: say("diff.how.more", "more"),
    How.FEWER: say("diff.how.fewer", "fewer"),
    How.SAME: say("diff.how.same", "same"),
    How.HERE: say("diff.how.here", "here"),
    How.NONE_SINCE: say("diff.how.none_since", "none since"),
}
STATES = {
    StepState.DONE: say("diff.state.done", "done"),
    StepState.PARTLY: say("diff.state.partly", "partly"),
    StepState.NOT_DONE: say("diff.state.not_done", "not done"),
    StepState.UNDONE: say("diff.state.undone", "undone"),
    StepState.CANNOT_BE_TOLD: say("diff.state.cannot_be_told", "cannot be told"),
}


def difference_lines(found: Difference, speak: Speaker, width: int) -> list[Line]:
    """All of one host; parts without anything to say are left out."""
    name = found.new.host or found.old.host or found.new.path
    lines = [Line(plain(name), "bold"), *paragraph(speak.together(found.verdict_said), width,
                                                   STYLE.get(found.outcome, "bold")), Line()]
    lines += table([spoken(SIDES, speak), side(speak(OLD), found.old, speak), side(speak(NEW), found.new, speak)])
    lines += block(speak, FINDINGS, [
        spoken(FOUND, speak),
        *(
            (speak(HOWS[one.how]), one.key, one.cause.value if one.cause else "-", one.driver or "-",
             count(one.reports_before), count(one.reports_after), rate(one.before_per_hour), rate(one.after_per_hour))
            for one in found.findings
        ),
    ])
    lines += block(speak, PLAN, [
        spoken(STEPS, speak),
        *(
            (str(one.number), one.setting or one.action, value(one.before),
             speak.together(one.wanted_said) or value(one.wanted), value(one.after),
             speak(STATES[one.state]))
            for one in found.steps
        ),
    ])
    lines += block(speak, CHANGED, [
        spoken(SETTINGS, speak), *((one.name, value(one.before), value(one.after)) for one in found.settings)
    ])
    lines += block(speak, COUNTERS, [spoken(COUNTED, speak), *(counter(one, speak) for one in found.counters)])
    note = speak(labels.NOTE)
    return [*lines, *(line for one in found.notes for line in (Line(), *paragraph(f"{note}: {speak(one)}", width)))]


def side(name: str, one: Side, speak: Speaker) -> tuple[str, ...]:
    made = (one.collected_at or "-").replace("T", " ")
    reports = grouped(one.reports)
    if one.at_least:
        reports = speak(say("diff.at_least", "at least {reports}", reports=reports))
    kernel = f"{one.kernel or '-'}" + (f" (RHEL {one.rhel})" if one.rhel else "")
    return name, made, kernel, reports, count(one.bursts), rate(one.hours), one.path


def counter(one: CounterChange, speak: Speaker) -> tuple[str, ...]:
    booted = speak(say("diff.booted", "booted in between")) if one.since_boot else ""
    return one.name, count(one.before), count(one.after), rate(one.before_per_hour), rate(one.after_per_hour), booted


def block(speak: Speaker, title: Message, rows: Sequence[tuple[str, ...]]) -> list[Line]:
    """A table with its title as first word; nothing without rows."""
    if len(rows) < 2:
        return []
    shown = rows[: MOST + 1]
    left = len(rows) - len(shown)
    more = [Line(speak(say("diff.more", "... {left} more, all in --format json", left=left)))] if left else []
    return [Line(), Line(speak(title), "bold"), *table(shown), *more]


def spoken(heads: Sequence[Message], speak: Speaker) -> tuple[str, ...]:
    return tuple(speak.each(heads))


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
