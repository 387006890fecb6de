"""Times of the contract as numbers on the host's own clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from nopage.result.failure import Failure
from nopage.result.result import Result

APART = timedelta(minutes=10)  # as Timeline counts bursts


def moment(text: str | None) -> datetime | None:
    """An ISO 8601 time without its offset: the logs of one host tell the time by one clock. None where it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        return None


def hours(first: datetime | None, last: datetime | None) -> float | None:
    """Hours between them; None where one is not known or they are the wrong way round."""
    if first is None or last is None or last <= first:
        return None
    return (last - first).total_seconds() / 3600


def made_at(result: Result) -> datetime | None:
    """When a collection was made: as it says itself, else its newest log line, else its last failure."""
    newest = moment(result.source.coverage.newest_log_time)
    last = max((time for one in result.failures if (time := moment(one.time)) is not None), default=None)
    return moment(result.source.collected_at) or newest or last


def bursts(failures: Sequence[Failure]) -> int:
    """Groups of failures more than ten minutes apart; those without a time are one more."""
    times = sorted(time for one in failures if (time := moment(one.time)) is not None)
    found = sum(now - before > APART for before, now in pairwise(times)) + bool(times)
    return found + any(moment(one.time) is None for one in failures)
