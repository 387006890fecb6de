"""What sar measured while the failures happened."""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from nopage.diagnosis.host.facts import Activity
from nopage.kernel.sar import Interval, Wanted

MOST: Final = 50
LONGEST: Final = timedelta(hours=6)  # the host was off, or sar was, where a line is missing for longer


class Moments:
    """The failures' wall times, by the clock of the host and by UTC as far as an offset is known.

    `collected` is what `date` said, whose offset is the host's.
    """

    def __init__(self, times: Iterable[str | None], collected: str | None = None) -> None:
        zone = _parsed(collected)
        offset = zone.tzinfo if zone is not None else None
        local: list[datetime] = []
        utc: list[datetime] = []
        for time in times:
            moment = _parsed(time)
            if moment is None:
                continue
            if moment.tzinfo is None and offset is not None:
                moment = moment.replace(tzinfo=offset)
            if moment.tzinfo is not None:
                utc.append(moment.astimezone(UTC).replace(tzinfo=None))
                moment = moment.astimezone(offset) if offset is not None else moment
            local.append(moment.replace(tzinfo=None))
        self.local = sorted(local)
        self.utc = sorted(utc)
        self._days = {moment.date() for moment in (*local, *utc)}

    def __bool__(self) -> bool:
        return bool(self.local)

    @property
    def wanted(self) -> Wanted:
        """A day on which one of them lies, or the day before, whose last line is of midnight."""

        def is_wanted(day: date) -> bool:
            return day in self._days or day + timedelta(days=1) in self._days or day - timedelta(days=1) in self._days

        return is_wanted

    def inside(self, interval: Interval) -> int:
        """How many of them an interval holds."""
        if interval.begin is None or interval.end - interval.begin > LONGEST:
            return 0
        moments = self.utc if interval.utc else self.local
        return bisect_left(moments, interval.end + timedelta(seconds=1)) - bisect_left(moments, interval.begin)


def activity(files: Iterable[Sequence[Interval]], moments: Moments) -> tuple[Activity, ...]:
    """The intervals that hold failures, those with most failures where there are too many, in order of time.

    Several files may tell of one interval (a text and its JSON): the one that says most counts.
    """
    found: dict[str, Activity] = {}
    for intervals in files:
        for interval in intervals:
            inside = moments.inside(interval)
            if inside:
                one = measured(interval, inside)
                if one.time not in found or _worth(one) > _worth(found[one.time]):
                    found[one.time] = one
    most = sorted(found.values(), key=lambda one: (-one.failures, one.time))[:MOST]
    return tuple(sorted(most, key=lambda one: one.time))


def measured(interval: Interval, failures: int) -> Activity:
    """One interval as a fact."""
    loads = {
        name: (rates.get("receive_mbps"), rates.get("transmit_mbps")) for name, rates in interval.interfaces.items()
    }
    busiest = max(loads, key=lambda name: sum(load or 0 for load in loads[name]), default=None)
    received, sent = loads[busiest] if busiest is not None else (None, None)
    if received is None and sent is None:
        busiest = None
    name = "receive_dropped_per_s"
    dropped = [rates[name] for rates in interval.interfaces.values() if name in rates]
    free_kb = interval.values.get("free_kb")
    return Activity(
        time=interval.end.isoformat() + ("+00:00" if interval.utc else ""),
        interval_s=interval.seconds,
        interface=busiest,
        receive_mbps=received,
        transmit_mbps=sent,
        kswapd_scanned_per_s=interval.values.get("kswapd_scanned_per_s"),
        direct_scanned_per_s=interval.values.get("direct_scanned_per_s"),
        free_kb=None if free_kb is None else int(free_kb),
        receive_dropped_per_s=max(dropped, default=None),
        swapped_out_per_s=interval.values.get("swapped_out_per_s"),
        failures=failures,
    )


def _worth(one: Activity) -> int:
    told = (one.receive_mbps, one.kswapd_scanned_per_s, one.free_kb, one.receive_dropped_per_s, one.swapped_out_per_s)
    return sum(value is not None for value in told)


def _parsed(time: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((time or "").replace(",", "."))
    except ValueError:
        return None
