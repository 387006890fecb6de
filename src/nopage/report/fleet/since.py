"""What changed between two scans of a fleet, on a screen and as a page."""
from __future__ import annotations

from collections.abc import Callable, Sequence

from nopage.kernel.message import Message, say
from nopage.kernel.plain import plain
from nopage.report import labels
from nopage.report.fleet.labels import BY_CAUSE, BY_DRIVER, BY_FINDING, FINDING, TURNS, fleet_words
from nopage.report.fleet.page import FLEET_SCRIPTS, FLEET_STYLES, PAGE_BYTES
from nopage.report.fleet.screen import RHELS
from nopage.report.fleet.table import change_columns, table_of
from nopage.report.fleet.words import (
    CAUSES,
    DRIVERS,
    NO_CAUSE,
    NO_MODULE,
    NOT_KNOWN,
    cause_words,
    change_words,
    day,
    percent,
    problem_words,
    severity_words,
    turn_words,
)
from nopage.report.html import filled
from nopage.report.screen import Line, columns, cut, padded, paragraph
from nopage.report.speaker import Speaker, grouped
from nopage.report.words import label_of
from nopage.result.answers import FleetDiff, HostChange, Moved, PlanDone, Turn

MOVED_MOST, PLANS_MOST, HOSTS_MOST = 5, 6, 4
STYLE = {Turn.NEW: "bad", Turn.WORSE: "bad", Turn.AGAIN: "bad", Turn.GONE: "good"}
HEADS: tuple[tuple[str, Message, Message], ...] = (
    ("causes", CAUSES, NO_CAUSE),
    ("drivers", DRIVERS, NO_MODULE),
    ("rhels", say("fleet.moved.rhels", "RHEL, all hosts"), NOT_KNOWN),
)
TABLES: tuple[tuple[str, Message, Message, Message], ...] = (
    ("causes", BY_CAUSE, labels.CAUSE, NO_CAUSE),
    ("drivers", BY_DRIVER, labels.DRIVER, NO_MODULE),
    ("rhels", say("fleet.page.all_by_rhel", "All hosts by minor of RHEL"), RHELS, NOT_KNOWN),
    ("findings", BY_FINDING, FINDING, NOT_KNOWN),
)


def head_said(found: FleetDiff) -> list[Message]:
    """The comparison in some sentences."""
    many = {one.turn: one.hosts for one in found.turns}
    worse = many[Turn.NEW] + many[Turn.WORSE] + many[Turn.AGAIN] + many[Turn.BETTER]
    said = [
        say("fleet.diff.affected", "{before} of {hosts_before} hosts ({percent_before}) were affected, now {after} of "
            "{hosts_after} ({percent_after}) are.",
            before=grouped(found.before.affected), after=grouped(found.after.affected),
            hosts_before=grouped(found.before.hosts), hosts_after=grouped(found.after.hosts),
            percent_before=percent(found.before.affected, found.before.hosts),
            percent_after=percent(found.after.affected, found.after.hosts)),
        say("fleet.diff.both", "Of {both} in both, {failing} failed since then and {quiet} that failed before did not.",
            both=grouped(found.both), failing=grouped(worse), quiet=grouped(many[Turn.GONE] + many[Turn.NONE_SINCE])),
    ]
    if found.only_old or found.only_new:
        said.append(say("fleet.diff.only", "Only in the old one: {only_old} hosts, only in the new one: {only_new}.",
                        only_old=grouped(found.only_old), only_new=grouped(found.only_new)))
    return said


def diff_lines(found: FleetDiff, speak: Speaker, width: int) -> list[Line]:
    """All of it on one screen."""
    lines = [Line(cut(f"{plain(found.old)} → {plain(found.new)}", width), "bold"),
             *paragraph(speak.together(head_said(found)), width), Line()]
    turns = [(grouped(one.hosts), speak(TURNS[one.turn])) for one in found.turns]
    lines += [
        Line(cut(f"  {text}", width), STYLE.get(one.turn, "") if one.hosts else "dim")
        for one, text in zip(found.turns, columns(turns, right=1), strict=True)
    ]
    lines += plan_lines(found.plans, speak, width)
    lines.append(Line())
    for name, label, without in HEADS:
        lines += moved_lines(getattr(found, name), speak(label), speak(without), speak, width)
    for label, problems in (
        (say("fleet.diff.problems_new", "NEW problems"), found.problems_new),
        (say("fleet.diff.problems_gone", "GONE problems"), found.problems_gone),
    ):
        texts = [f"{problem_words(one, speak, cause_words)} ({grouped(one.hosts)})" for one in problems[:MOVED_MOST]]
        lines += [Line(cut(speak(label) + speak.colon + speak.between.join(texts), width))] if texts else []
    return [*lines, *host_lines(found.hosts, speak, width)]


def plan_lines(plans: Sequence[PlanDone], speak: Speaker, width: int) -> list[Line]:
    """The old plans, and whether they helped."""
    if not plans:
        return []
    head = tuple(speak(one) for one in PLAN_HEAD)
    rows = [head, *(plan_row(one, speak, percent) for one in plans[:PLANS_MOST])]
    texts = columns(rows, right=5)
    return [Line(), Line(cut(texts[0], width), "bold"), *(Line(cut(text, width)) for text in texts[1:])]


PLAN_HEAD = (
    say("fleet.plan.hosts", "HOSTS"), say("fleet.plan.done", "DONE"), say("fleet.plan.quiet", "QUIET"),
    say("fleet.plan.not", "NOT DONE"), say("fleet.plan.quiet_not", "QUIET TOO"),
    say("fleet.plan.step", "STEP OF THE OLD PLANS"),
)  # fmt: skip


def plan_row(one: PlanDone, speak: Speaker, share: Callable[[int, int], str]) -> tuple[str, ...]:
    """One step; `share` is how a part of a whole is written."""
    return (
        grouped(one.hosts), grouped(one.done), share(one.quiet_after_done, one.done), grouped(one.not_done),
        share(one.quiet_after_not, one.not_done), change_words(one, speak),
    )


def step_first(row: tuple[str, ...]) -> tuple[str, ...]:
    """As a page has it, which a narrow screen shows the left of."""
    return (row[-1], *row[:-1])


def of(part: int, whole: int) -> str:
    """'3,063 (68 %)'; a dash of none."""
    return f"{grouped(part)} ({percent(part, whole)})" if whole else "-"


def moved_lines(moved: Sequence[Moved], label: str, without: str, speak: Speaker, width: int) -> list[Line]:
    """'CAUSE    fragmented 12,177 → 12,716'."""
    parts = [f"{cause_words(one.value, speak) if one.value else without} {arrow(one)}" for one in moved[:MOVED_MOST]]
    return [Line(cut(f"{padded(label, 16)} {speak.between.join(parts)}", width))] if parts else []


def arrow(one: Moved) -> str:
    return f"{grouped(one.before)} → {grouped(one.after)}"


def host_lines(hosts: Sequence[HostChange], speak: Speaker, width: int) -> list[Line]:
    """The hosts that somebody should look at first."""
    rows = [
        (cut(plain(one.name or one.source), 40), turn_words(one.turn, speak),
         f"{severity_words(one.severity_before, speak)} → {severity_words(one.severity_after, speak)}",
         cause_words(one.cause, speak), plain(one.driver or "-"), day(one.last_time))
        for one in hosts[:HOSTS_MOST]
    ]
    return [Line(), *(Line(cut(text, width)) for text in columns(rows))] if rows else []


def diff_page(found: FleetDiff, speak: Speaker) -> str:
    """The page: the same, with every host that is not healthy in both."""
    table, data = table_of(
        speak(say("fleet.page.changed", "Hosts that are not healthy in both ({count})",
                  count=grouped(len(found.hosts) + found.hosts_left_out))),
        "turn:new cause:fragmented ...", found.hosts, change_columns(speak), found.hosts_left_out, PAGE_BYTES,
    )
    said = speak.each(head_said(found))
    moved = [
        (speak(title), speak(first), [
            (label_of(one.value, speak) if one.value else speak(without), one, one.after - one.before)
            for one in getattr(found, name)
        ])
        for name, title, first, without in TABLES
    ]
    return filled(
        "fleet_diff.html", speak, styles=FLEET_STYLES, scripts=FLEET_SCRIPTS, fleet=fleet_words(speak), found=found,
        store=found.new, headline=said[0], lead=speak.joined(said[1:]), moved=moved, table=table, data=data,
        turns=[(one, speak(TURNS[one.turn])) for one in found.turns],
        plans=[step_first(plan_row(one, speak, of)) for one in found.plans],
        plan_head=step_first(tuple(speak(one).lower() for one in PLAN_HEAD)),
        problems=[
            (speak(title), [(one, problem_words(one, speak)) for one in problems])
            for title, problems in (
                (say("fleet.diff.new", "Problems that are new"), found.problems_new),
                (say("fleet.diff.gone", "Problems that are gone"), found.problems_gone),
            )
        ],
    )  # fmt: skip
