"""Which failures of the new collection came after the old one: its logs may hold the old ones too."""

from __future__ import annotations

from datetime import datetime

from nopage.kernel.frozen import dataclass
from nopage.result.compare.chosen import failures_of
from nopage.result.compare.times import bursts, hours, made_at, moment
from nopage.result.failure import Failure
from nopage.result.finding import Finding
from nopage.result.result import Result

Identity = tuple[str | None, float | None, str, int | None, int, str]


@dataclass(frozen=True, slots=True)
class Tally:
    """Failures of one side and its time. `at_least`: some were only counted and not dated, or cannot be dated."""

    reports: int
    at_least: bool
    bursts: int
    hours: float | None

    @property
    def per_hour(self) -> float | None:
        """Failures an hour; None where the time is not known."""
        return self.reports / self.hours if self.hours else None


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the time of the old collection ends: `at` is None where nothing tells it."""

    at: datetime | None
    seen: frozenset[Identity]

    def is_after(self, failure: Failure) -> bool:
        """Whether a failure of the new collection came after the old one was made."""
        if identity(failure) in self.seen:
            return False
        time = moment(failure.time)
        return time is None or self.at is None or time > self.at


def identity(failure: Failure) -> Identity:
    """What tells one failure from another in two readings of one log; the cause may have been read otherwise."""
    time = failure.time_printed or failure.time
    return time, failure.monotonic_s, failure.comm, failure.pid, failure.order, failure.gfp_mask


def cut_of(old: Result) -> Cut:
    return Cut(made_at(old), frozenset(map(identity, old.failures)))


def before(old: Result, finding: Finding | None = None) -> Tally:
    """The failures of the old side, or those of one finding."""
    mine = failures_of(finding, old) if finding is not None else old.failures
    findings = [one for one in old.findings if one.reports] if finding is None else [finding]
    counted = sum(one.reports or 0 for one in findings)
    dated = sum(1 + one.repeated for one in mine)
    span = hours(moment(old.source.coverage.oldest_log_time), made_at(old))
    return Tally(max(counted, dated), bool(old.suppressed), bursts(mine), span)


def after(new: Result, cut: Cut, finding: Finding | None = None) -> Tally:
    """The failures of the new side since the cut, or those of one finding.

    Reports of a storm that were only counted belong to the new time where all that were kept of it do.
    """
    mine = failures_of(finding, new) if finding is not None else new.failures
    findings = [one for one in new.findings if one.reports] if finding is None else [finding]
    late = [one for one in mine if cut.is_after(one)]
    counted_only = sum(one.reports_counted_only or 0 for one in findings)
    reports = sum(1 + one.repeated for one in late) + (counted_only if len(late) == len(mine) else 0)
    undated = any(moment(one.time) is None for one in late) or (cut.at is None and bool(late))
    unsure = bool(late) and (len(late) < len(mine)) and bool(counted_only or new.suppressed)
    return Tally(reports, unsure or undated, bursts(late), watched(new, cut))


def watched(new: Result, cut: Cut) -> float | None:
    """Hours after the cut that the logs of the new side cover."""
    oldest = moment(new.source.coverage.oldest_log_time)
    first = cut.at if oldest is None or (cut.at is not None and cut.at >= oldest) else oldest
    return hours(first, made_at(new)) if cut.at is not None else None


def has_gap(new: Result, cut: Cut) -> bool:
    """Whether the new logs begin after the old collection ended."""
    oldest = moment(new.source.coverage.oldest_log_time)
    return cut.at is not None and oldest is not None and oldest > cut.at
