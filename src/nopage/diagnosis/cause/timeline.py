"""What many reports of one host say together: a burst, a storm, or a failure that comes back; slab that grows.

Times are seconds since boot, else wall time; reports without either only count.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from nopage.diagnosis.cause.diagnosis import COSTLY_ORDER, Note
from nopage.kernel.facts import FailureReport
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say

# A burst ends within a minute; more than so many reports in it are a storm; what comes after so long is another one.
BURST_S = 60.0
RECURRING_S = 600.0
STORM_REPORTS = 20
SAME_BOOT_S = 60.0
SLAB_GROWTH_PERCENT = 20
SLAB_GROWTH_LEAST_PAGES = 2048
SLAB_REPORTS_LEAST = 3
LEAP_YEAR = "2000-"
DAY_S, HOUR_S, MINUTE_S = 86400, 3600, 60


@dataclass(frozen=True, slots=True)
class Timeline:
    """The series of failures of one host.

    `kind` is "single", "burst" (all within a minute), "storm" (a burst of many), "recurring" (goes on or comes back) or
    "unknown" (no times). `bursts` counts the groups that lie more than ten minutes apart. `harmless` is True for one
    burst that did not come back. `asked_pages` is what the printed reports asked for in all, each its own order (orders
    above 3 are left out, since no reserve is for them); `suppressed_exact`: `suppressed` counts only such reports.
    """

    kind: str
    reports: int
    suppressed: int
    span_s: float | None
    bursts: int
    harmless: bool
    notes: tuple[Note, ...]
    asked_pages: int = 0
    suppressed_exact: bool = True

    @property
    def words(self) -> tuple[Message, ...]:
        return tuple(note.text for note in self.notes)


def timeline(
    reports: Sequence[FailureReport], *, suppressed: int = 0, suppressed_exact: bool = True, counted_only: int = 0
) -> Timeline:
    """What the series says; `suppressed` is the sum of the rate limits' own counts.

    `counted_only` are those of a storm beside the `reports` that were kept; they lie between them.
    """
    count = sum(1 + max(0, report.repeated) for report in reports) + max(0, counted_only)
    boots = times_of(reports)
    times = [time for boot in boots for time in boot]
    span = times[-1] - times[0] if len(times) > 1 and len(boots) == 1 else None
    bursts = sum(1 + sum(now - before > RECURRING_S for before, now in pairwise(boot)) for boot in boots)
    kind = kind_of(count, suppressed if suppressed_exact else 0, span, bursts)
    hidden = max(0, suppressed) if suppressed_exact else 0
    notes = [Note(kind, kind_words(kind, count, span, bursts, hidden, len(boots)))] if count else []
    if suppressed > 0:
        notes.append(Note("suppressed", suppressed_words(suppressed, suppressed_exact)))
    growth = slab_growth(reports)
    if growth:
        notes.append(growth)
    comms = {report.comm for report in reports if report.in_interrupt}
    if len(comms) > 3:
        notes.append(Note("many_comms", say(
            "timeline.many_comms", "{tasks} different tasks are named in interrupt context: bystanders of one cause, "
            "not causes.", tasks=len(comms))))
    cheap = [report for report in reports if 0 <= report.order <= COSTLY_ORDER]
    asked = sum((1 + max(0, report.repeated)) << report.order for report in cheap)
    return Timeline(kind, count, suppressed, span, bursts, kind in ("single", "burst"), tuple(notes), asked,
                    suppressed_exact)


def kind_of(count: int, suppressed: int, span: float | None, bursts: int) -> str:
    """One word for the series."""
    if count + suppressed <= 1:
        return "single"
    if bursts > 1:
        return "recurring"
    if span is None:
        return "storm" if count + suppressed >= STORM_REPORTS else "unknown"
    if span > BURST_S:
        return "recurring"
    return "storm" if count + suppressed >= STORM_REPORTS else "burst"


def kind_words(kind: str, count: int, span: float | None, bursts: int, hidden: int, boots: int = 1) -> Message:
    """The same as a sentence; `hidden` are those that a rate limit of their own held back."""
    failures = failures_words(count, hidden)
    if kind == "single":
        return say("timeline.single", "One failure: nothing shows that it came back.")
    if kind == "unknown":
        return say("timeline.unknown", "{failures}; {reports:its time|their times} cannot be told.", failures=failures,
                   reports=count)
    if boots > 1:
        return say("timeline.recurring.boots", "It comes back: {failures} in {boots} boots, whose clocks tell no span "
                   "of time over them all.", failures=failures, boots=boots)
    if span is None:
        return say("timeline.storm.no_times", "A storm: {failures}.", failures=failures)
    span_words = duration(span)
    if kind == "burst":
        return say("timeline.burst", "One burst: {failures} within {span}, and none after it.", failures=failures,
                   span=span_words)
    if kind == "storm":
        return say("timeline.storm", "A storm: {failures} within {span}.", failures=failures, span=span_words)
    if bursts > 1:
        return say("timeline.recurring", "It comes back: {failures} within {span}, in {bursts} groups more than ten "
                   "minutes apart.", failures=failures, span=span_words, bursts=bursts)
    return say("timeline.goes_on", "It goes on: {failures} within {span}.", failures=failures, span=span_words)


def failures_words(count: int, hidden: int) -> Message:
    """How many there were."""
    if hidden:
        return say("timeline.failures.held_back", "{reports:# failure|# failures} printed and {held_back} held back",
                   reports=count, held_back=hidden)
    return say("timeline.failures", "{reports:# failure|# failures}", reports=count)


def suppressed_words(count: int, exact: bool) -> Message:
    """What the rate limit did not let through; `exact`: these reports only."""
    if exact:
        return say("timeline.suppressed", "The rate limit held back {reports:# failure|# failures}; a burst's count is "
                   "printed only when another one follows, so the number is a lower bound.", reports=count)
    return say("timeline.suppressed.any_kind", "The rate limit held back {messages:# kernel message|# kernel messages} "
               "of any kind; a burst's count is printed only when another one follows, so the number is a lower bound.",
               messages=count)


def slab_growth(reports: Sequence[FailureReport]) -> Note | None:
    """Slab that is not reclaimable and grows from report to report (RHEL 4, 5: all slab): a leak (KERNEL.md 6, 15)."""
    for key in ("slab_unreclaimable", "slab"):
        values = [counters[key] for report in reports if report.mem_info is not None
                  for counters in ({name.lower(): value for name, value in report.mem_info.counters_pages.items()},)
                  if key in counters]
        if len(values) < SLAB_REPORTS_LEAST:
            continue
        first, last = values[0], values[-1]
        rises = sum(1 for before, now in pairwise(values) if now >= before)
        grown = last - first
        steady = rises * 10 >= (len(values) - 1) * 9
        if steady and grown >= SLAB_GROWTH_LEAST_PAGES and grown * 100 >= max(first, 1) * SLAB_GROWTH_PERCENT:
            return Note("slab_growth", say(
                "timeline.slab_growth", "{counter} grew from {first_pages} to {last_pages} pages over {reports} "
                "reports and hardly ever shrank: a slab leak would look like this; /proc/slabinfo names the cache.",
                counter=key, first_pages=first, last_pages=last, reports=len(values)))
    return None


def times_of(reports: Sequence[FailureReport]) -> list[list[float]]:
    """The reports' times in seconds, ascending, all of one clock, the one that more of them carry: one list a boot."""
    since_boot = [report.monotonic_s for report in reports if report.monotonic_s is not None]
    wall = [seconds for report in reports if report.time and (seconds := wall_seconds(report.time)) is not None]
    if len(wall) > len(since_boot) or (wall and len(wall) == len(since_boot) and _goes_back(since_boot)):
        return [sorted(wall)]  # which goes on over boots
    return boots_of(since_boot)


def boots_of(since_boot: Sequence[float]) -> list[list[float]]:
    """Times since boot in the order of the log, ascending: one list a boot.

    The clock goes back at one; where it does by less than `SAME_BOOT_S`, lines of several CPUs or logs have changed
    places.
    """
    boots: list[list[float]] = []
    latest = 0.0
    for time in since_boot:
        if not boots or time < latest - SAME_BOOT_S:
            boots.append([])
            latest = time
        latest = max(latest, time)
        boots[-1].append(time)
    return [sorted(boot) for boot in boots]


def _goes_back(times: Sequence[float]) -> bool:
    return any(now < before - SAME_BOOT_S for before, now in pairwise(times))


def wall_seconds(text: str) -> float | None:
    """Seconds of an ISO 8601 time; one without a year is put into a leap year, so only differences mean something."""
    if len(text) > 2 and text[2] == "-":
        text = LEAP_YEAR + text
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def duration(seconds: float) -> Message:
    """A time span in the unit that fits."""
    if seconds >= 2 * DAY_S:
        return say("duration.days", "{days:.0f} days", days=seconds / DAY_S)
    if seconds >= 2 * HOUR_S:
        return say("duration.hours", "{hours:.0f} hours", hours=seconds / HOUR_S)
    if seconds >= 2 * MINUTE_S:
        return say("duration.minutes", "{minutes:.0f} minutes", minutes=seconds / MINUTE_S)
    if seconds >= 1.5:
        return say("duration.seconds", "{seconds:.0f} seconds", seconds=seconds)
    return say("duration.second", "a second")
