"""Headings, columns, buttons and notes of a fleet's pages: `fleet.NAME` in the templates, a function with a number."""
from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Final

from nopage.kernel.message import Message, say
from nopage.report import labels
from nopage.report.html import spoken
from nopage.report.speaker import Speaker, grouped
from nopage.result import Severity
from nopage.result.answers import Turn

TURNS: Final[Mapping[str, Message]] = {
    Turn.NEW: say("fleet.turn.new", "began to fail"),
    Turn.WORSE: say("fleet.turn.worse", "failed again, worse"),
    Turn.AGAIN: say("fleet.turn.again", "failed again"),
    Turn.BETTER: say("fleet.turn.better", "failed again, less severe"),
    Turn.NONE_SINCE: say("fleet.turn.none_since", "no failure since, old ones in the logs"),
    Turn.GONE: say("fleet.turn.gone", "no failure any more"),
    Turn.HEALTHY: say("fleet.turn.healthy", "healthy in both"),
}
TURNS_SHORT: Final[Mapping[str, Message]] = {**TURNS, Turn.NONE_SINCE: say("diff.how.none_since", "none since")}
PERIODS: Final[Mapping[str, Message]] = {
    "hour": say("fleet.period.hour", "hour"),
    "day": say("fleet.period.day", "day"),
    "month": say("fleet.period.month", "month"),
    "year": say("fleet.period.year", "year"),
}
# Where a word stands when its column is sorted: the worst first.
SEVERITY_RANKS: Final[Mapping[str, int]] = {one.value: place for place, one in enumerate(Severity)}
TURN_RANKS: Final[Mapping[str, int]] = {one.value: place for place, one in enumerate(Turn)}

FAILURES = say("fleet.page.failures", "failures")
CHANGE = say("fleet.page.change", "change")
HOST, SEVERITY = say("fleet.page.host", "host"), say("fleet.page.severity", "severity")
REQUEST, KERNEL = say("fleet.page.request", "request"), say("fleet.page.kernel", "kernel")
MEMORY, LAST_FAILURE = say("fleet.page.memory", "memory MB"), say("fleet.page.last_failure", "last failure")
SHARED_STEP, ARCHIVE = say("fleet.page.shared_step", "most shared step"), say("fleet.page.source", "source")
SINCE_THEN = say("fleet.page.since_then", "since then")
BEFORE, AFTER = say("fleet.page.before", "before"), say("fleet.page.after", "after")
FAILURES_BEFORE = say("fleet.page.failures_before", "failures before")
IN_NEW_LOGS, DONE = say("fleet.page.in_new_logs", "in the new logs"), say("fleet.page.done", "done of its plan")
BY_CAUSE, BY_DRIVER = say("fleet.page.by_cause", "By cause"), say("fleet.page.by_driver", "By driver that asked")
BY_RHEL, BY_FINDING = say("fleet.page.by_rhel", "By minor of RHEL"), say("fleet.page.by_finding", "By finding")
FINDING = say("fleet.page.finding", "finding")

WORDS: Final[dict[str, Message]] = {
    "failures": FAILURES, "change": CHANGE, "kernel": KERNEL, "before": BEFORE, "after": AFTER, "finding": FINDING,
    "by_cause": BY_CAUSE, "by_driver": BY_DRIVER, "by_rhel": BY_RHEL, "by_finding": BY_FINDING,
    "cause": labels.CAUSE, "driver": labels.DRIVER, "path": labels.PATH,
    "affected": say("fleet.page.affected", "affected"),
    "of_all": say("fleet.page.of_all", "of all"),
    "show": say("fleet.page.show", "show"),
    "once": say("fleet.page.once", "What to change once for many"),
    "act_soon": say("fleet.page.act_soon", "act soon"),
    "passes_then": say("fleet.page.passes_then", "passes then"),
    "worst_of_them": say("fleet.page.worst_of_them", "the worst of them"),
    "once_note": say("fleet.page.once.note",
                     "Act soon: hosts that are urgent or important. Passes then: the failed request, replayed on the "
                     "state that the host printed, passes under this step alone. Values that each host has for "
                     "itself stand on its page, and all of them in the answer to"),
    "worst": say("fleet.page.worst", "The worst hosts"),
    "who": say("fleet.page.who", "Who it is"),
    "by_nic": say("fleet.page.by_nic", "By driver and MTU"),
    "by_kernel": say("fleet.page.by_kernel", "By kernel release"),
    "by_path": say("fleet.page.by_path", "By code path"),
    "by_request": say("fleet.page.by_request", "By order and mode"),
    "in_names": say("fleet.page.in_names", "in names"),
    "heat": say("fleet.page.heat", "vm.min_free_kbytes against memory"),
    "reserve_to": say("fleet.page.reserve_to", "reserve, up to"),
    "heat_note": say("fleet.page.heat.note",
                     "Affected hosts of all with so much memory (columns, up to) and so large a reserve (rows); the "
                     "redder, the larger their share."),
    "problem": say("fleet.page.problem", "problem"),
    "problems": say("fleet.page.problems", "Problems"),
    "first_seen": say("fleet.page.first_seen", "first seen"),
    "last_seen": say("fleet.page.last_seen", "last seen"),
    "silent_note": say("fleet.page.silent.note",
                       "Their counters tell that memory was refused, their logs have no report of it."),
    "at_risk_note": say("fleet.page.at_risk.note",
                        "Nothing failed yet; an atomic request would, in the state that was collected."),
    "sources": say("fleet.page.sources", "sources"),
    "reason": say("fleet.page.reason", "reason"),
    "example": say("fleet.page.example", "for example"),
    "whole": say("fleet.page.whole", "The worst hosts in full"),
    "plans": say("fleet.page.plans", "Were the plans carried out, and did it help"),
    "plans_note": say("fleet.page.plans.note",
                      "Quiet: no failure after the old collection. Where those that did not carry out a step fell "
                      "quiet as often, it was not the step."),
    "moved": say("fleet.page.moved", "difference"),
    "none": say("fleet.page.none", "no host"),
    "no_unpacking": say("fleet.page.no_unpacking",
                        "This browser cannot unpack the table: only its first rows are shown."),
    "to_first": say("fleet.page.to_first", "first page"),
    "to_back": say("fleet.page.to_back", "back"),
    "to_next": say("fleet.page.to_next", "next"),
    "to_last": say("fleet.page.to_last", "last page"),
    "copy_names": say("fleet.page.copy_names", "copy these hosts' names"),
    "filter_note": say("fleet.page.filter.note",
                       "A word is looked for in every column; with the name of a column before it, in that one:"),
}  # fmt: skip


def fleet_words(speak: Speaker) -> SimpleNamespace:
    """All of them in one language; those with numbers are functions."""

    def title(store: str) -> str:
        return speak(say("fleet.page.title", "the fleet {store}", store=store))

    def title_since(new: str, old: str) -> str:
        return speak(say("fleet.page.title.since", "the fleet {new} since {old}", new=new, old=old))

    def pick(what: str) -> str:
        return speak(say("fleet.page.pick", "hosts: {what}", what=what))

    def if_back(count: int) -> str:
        return speak(say("fleet.page.if_back", "{count} only if it comes back", count=grouped(count)))

    def count_problems(count: int) -> str:
        return speak(say("fleet.page.problems.count", "Problems, one a fingerprint ({count})", count=grouped(count)))

    def count_silent(count: int) -> str:
        return speak(say("fleet.page.silent", "Silent failures: {number} {count:host|hosts}", number=grouped(count),
                         count=count))

    def count_at_risk(count: int) -> str:
        return speak(say("fleet.page.at_risk", "At risk: {number} {count:host|hosts}", number=grouped(count),
                         count=count))

    def count_unreadable(count: int) -> str:
        return speak(say("fleet.page.unreadable", "Not readable: {number} {count:source|sources}",
                         number=grouped(count), count=count))

    def count_partly(count: int) -> str:
        return speak(say("fleet.page.partly", "Read partly: {number} {count:host|hosts}", number=grouped(count),
                         count=count))

    def rows(first: object, last: object, count: object) -> str:
        return speak(say("fleet.page.rows", "{first}–{last} of {count}", first=str(first), last=str(last),
                         count=str(count)))

    def left_out(count: int) -> str:
        return speak(say("fleet.page.left_out", "{count} more have no room in this page:", count=grouped(count)))

    return spoken(
        WORDS, speak, title=title, title_since=title_since, pick=pick, if_back=if_back, count_problems=count_problems,
        count_silent=count_silent, count_at_risk=count_at_risk, count_unreadable=count_unreadable,
        count_partly=count_partly, rows=rows, left_out=left_out,
    )
