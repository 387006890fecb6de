"""Full wall times of a host's events: year and offset that one log leaves out, told by its other logs or by a date.

A log says less than all: syslog prints no year, dmesg no wall time, `dmesg -T` no offset. `wall_times()` completes each
event from what stands nearest: the log itself, a copy of the event or a line with both clocks in another log, the date
of the collection, the time of the file, the time of the boot. What none of them tells stays out; an offset is never
taken for granted.
"""
from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeAlias

from nopage.kernel.facts import Place
from nopage.kernel.frozen import dataclass

LOG: Final = "log"
SIBLING: Final = "sibling"
ARCHIVE_DATE: Final = "archive date"
FILE_TIME: Final = "file time"
BOOT_TIME: Final = "boot time"

AHEAD: Final = timedelta(days=1)  # logs end before the archive is made; their clocks may be in different zones
LEAP_CYCLE: Final = 8  # years between two 29 February, where 1900 or 2100 stands between
OLDEST: Final = datetime(2003, 1, 1)  # before 2.6: of a clock that was never set, or of an archiver without one
EPOCH_YEAR: Final = 1970
UNSET: Final = "01-01T00:"  # what a clock shows until it is set
SAME_MOMENT_S: Final = 60.0  # how far the clock may be set between two lines of one boot
COLLECTING_S: Final = 600.0  # how far apart a collection may ask for date and uptime
ZONE_STEP_S: Final = 900.0  # offsets are multiples of a quarter of an hour
ZONE_MOST_S: Final = 14 * 3600.0


class Told(Protocol):
    """What one copy of an event says of its time: `time` as in FailureReport, `monotonic_s` in seconds since boot."""

    @property
    def place(self) -> Place: ...
    @property
    def time(self) -> str | None: ...
    @property
    def monotonic_s(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Hints:
    """What the collection says beside its logs.

    `archive_date` is when it was made, ISO 8601 with or without offset. `modified_s` are the modification times of the
    log files by `Place.file`, `boot_s` is when the collected kernel booted (btime of /proc/stat), both in seconds since
    1970; `uptime_s` with `archive_date` tells it, too, as far as both were asked at one moment. `earlier_boots` are the
    files that hold the log of another boot than the collected one: of crash dumps, of `journalctl -b -1`.
    """

    archive_date: str | None = None
    modified_s: Mapping[str, float] = field(default_factory=dict)
    boot_s: float | None = None
    uptime_s: float | None = None
    earlier_boots: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WallTime:
    """`time` is ISO 8601 with year, to the second; with the offset where it is known. `time_from` says what told it."""

    time: str | None = None
    time_from: str | None = None


UNKNOWN: Final = WallTime()
Copies: TypeAlias = Sequence[Told]
Anchor: TypeAlias = "tuple[float, datetime]"
"""A moment by both clocks: seconds since boot, wall time."""


def wall_times(events: Sequence[Copies], hints: Hints | None = None) -> tuple[WallTime, ...]:
    """The wall time of each event of one host, in the order of `events`.

    Each event is given with all its copies in the host's logs, first the one that is shown.
    """
    return _Clocks(events, hints or Hints()).times()


def latest_year(month_day: str, bound: datetime) -> int | None:
    """The last year in which `MM-DDTHH:MM:SS` is not after `bound`; 29 February in a leap year."""
    for year in range(bound.year, max(bound.year - LEAP_CYCLE, EPOCH_YEAR) - 1, -1):
        moment = _moment(f"{year:04d}-{month_day}")
        if moment is not None and _bare(moment) <= bound:
            return year
    return None


class _Clocks:
    def __init__(self, events: Sequence[Copies], hints: Hints) -> None:
        self._events = events
        self._hints = hints
        self._found: list[WallTime] = [UNKNOWN] * len(events)
        collected = _moment(hints.archive_date)
        self._collected = None if collected is None else _bare(collected)
        self._boot = _boot(hints, collected)
        self._by_file: dict[str, list[Anchor]] = {}
        self._of_this_boot: list[Anchor] = []

    def times(self) -> tuple[WallTime, ...]:
        for index, copies in enumerate(self._events):
            self._found[index] = _dated(copies)
        self._take_anchors()
        self._complete_years()
        self._take_anchors()  # with the years that are known now
        for index, copies in enumerate(self._events):
            if self._found[index] is UNKNOWN:
                self._found[index] = self._counted(copies)
        return tuple(self._found)

    # -- moments that both clocks tell ---------------------------------------------------------------------------------

    def _take_anchors(self) -> None:
        by_file: defaultdict[str, dict[Anchor, None]] = defaultdict(dict)
        this_boot: dict[Anchor, None] = {}
        for copies, found in zip(self._events, self._found, strict=True):
            wall, counted = _moment(found.time), _counted_copies(copies)
            if wall is None or not counted:
                continue
            anchor = (counted[0].monotonic_s or 0.0, wall)
            for copy in counted:
                by_file[copy.place.file][anchor] = None
            if self._is_of_this_boot(counted):
                this_boot[anchor] = None
        self._by_file = {file: sorted(anchors, key=_since_boot) for file, anchors in by_file.items()}
        boots = (boot for since, wall in this_boot if (boot := _later(wall, -since)) is not None)
        last = max(boots, key=_bare, default=None)
        if self._boot is not None and (
            self._hints.boot_s is not None or last is None or not _same_moment(last, self._boot, COLLECTING_S)
        ):
            last = self._boot
        self._of_this_boot = sorted(
            (anchor for anchor in this_boot if last is not None and _same_boot(anchor, last)), key=_since_boot
        )

    def _is_of_this_boot(self, copies: Iterable[Told]) -> bool:
        return all(copy.place.file not in self._hints.earlier_boots for copy in copies)

    def _related(self, copies: Copies) -> datetime | None:
        """The wall time by an anchor: of the same file, else of this boot; the one that is nearest in time."""
        counted = _counted_copies(copies)
        for copy in counted:
            anchors = self._by_file.get(copy.place.file)
            if anchors:
                return _nearest(anchors, copy.monotonic_s or 0.0)
        if counted and self._of_this_boot and self._is_of_this_boot(counted):
            return _nearest(self._of_this_boot, counted[0].monotonic_s or 0.0)
        return None

    def _since_boot(self, copies: Copies) -> datetime | None:
        """The wall time by the time of the boot."""
        counted = _counted_copies(copies)
        if self._boot is None or not counted or not self._is_of_this_boot(counted):
            return None
        return _later(self._boot, counted[0].monotonic_s or 0.0)

    def _counted(self, copies: Copies) -> WallTime:
        """An event that only says how long after the boot it was."""
        if _yearless(copies) is not None:
            return UNKNOWN
        for moment, told_by in ((self._related(copies), SIBLING), (self._since_boot(copies), BOOT_TIME)):
            if moment is not None and (self._collected is None or _bare(moment) <= _ahead(self._collected)):
                return WallTime(moment.isoformat(), told_by)
        return UNKNOWN

    # -- years ---------------------------------------------------------------------------------------------------------

    def _complete_years(self) -> None:
        """File by file from its end: no line is later than the one after it."""
        files: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for index, copies in enumerate(self._events):
            for copy in copies:
                if copy.time is not None and not _has_year(copy.time):
                    files[copy.place.file].append((copy.place.line, index, copy.time))
        for file, lines in files.items():
            later: datetime | None = None
            for _, index, time in sorted(lines, reverse=True):
                if self._found[index] is UNKNOWN:
                    self._found[index] = self._with_year(file, time, self._events[index], later)
                moment = _moment(self._found[index].time)
                if moment is not None and _bare(moment) >= OLDEST and not time.startswith(UNSET):
                    later = _bare(moment)

    def _with_year(self, file: str, time: str, copies: Copies, later: datetime | None) -> WallTime:
        related = _agreed(time, self._related(copies))
        if related is not None:
            return WallTime(related, SIBLING)
        years = {
            told_by: year
            for told_by, bound in ((ARCHIVE_DATE, self._collected), (FILE_TIME, self._modified(file)))
            if bound is not None
            and (year := latest_year(time, _ahead(bound if later is None else min(bound, later)))) is not None
        }
        if years:
            year = min(years.values())  # a log that was rotated away long before the collection
            return WallTime(f"{year:04d}-{time}", next(told_by for told_by in years if years[told_by] == year))
        since_boot = _agreed(time, self._since_boot(copies))
        if since_boot is not None:
            return WallTime(since_boot, BOOT_TIME)
        if later is not None and (last := latest_year(time, _ahead(later))) is not None:
            return WallTime(f"{last:04d}-{time}", SIBLING)
        return UNKNOWN

    def _modified(self, file: str) -> datetime | None:
        """When the file was written last; None where that is not believable."""
        modified_s = self._hints.modified_s.get(file)
        modified = None if modified_s is None else _utc(modified_s)
        return _bare(modified) if modified is not None and _bare(modified) >= OLDEST else None


def _dated(copies: Copies) -> WallTime:
    """What the copies say with a year: one with an offset before one without, the shown one before others."""
    dated = [(copy.time, place) for place, copy in enumerate(copies) if copy.time and _moment(copy.time) is not None]
    if not dated:
        return UNKNOWN
    time, place = min(dated, key=lambda one: (not _has_offset(one[0]), one[1]))
    return WallTime(time, SIBLING if place else LOG)


def _agreed(time: str, moment: datetime | None) -> str | None:
    """The full time of a stamp without year where `moment` is the same one, whatever zone each is of."""
    if moment is None:
        return None
    bare = _bare(moment)
    for year in (bare.year, bare.year - 1, bare.year + 1):
        stamp = _moment(f"{year:04d}-{time}")
        if stamp is not None and _same_moment(stamp, bare, SAME_MOMENT_S):
            return f"{year:04d}-{time}" if moment.tzinfo is None else moment.isoformat()
    return None


def _boot(hints: Hints, collected: datetime | None) -> datetime | None:
    """When the collected kernel booted."""
    if hints.boot_s is not None:
        boot = _utc(hints.boot_s)
        if boot is None or collected is None or collected.tzinfo is None:
            return boot
        return boot.astimezone(collected.tzinfo)
    if collected is None or hints.uptime_s is None:
        return None
    return _later(collected, -hints.uptime_s)


def _counted_copies(copies: Copies) -> list[Told]:
    return [copy for copy in copies if copy.monotonic_s is not None]


def _yearless(copies: Copies) -> str | None:
    return next((copy.time for copy in copies if copy.time is not None and not _has_year(copy.time)), None)


def _nearest(anchors: Sequence[Anchor], since_boot_s: float) -> datetime | None:
    at = bisect_left(anchors, since_boot_s, key=_since_boot)
    anchor = min(anchors[max(at - 1, 0) : at + 1], key=lambda one: abs(one[0] - since_boot_s))
    return _later(anchor[1], since_boot_s - anchor[0])


def _same_boot(anchor: Anchor, boot: datetime) -> bool:
    began = _later(anchor[1], -anchor[0])
    return began is not None and _same_moment(began, boot, SAME_MOMENT_S)


def _same_moment(one: datetime, other: datetime, slack_s: float) -> bool:
    """Two clocks that show the same moment, in different zones where one of them tells no offset."""
    if one.tzinfo is not None and other.tzinfo is not None:
        return abs((one - other).total_seconds()) <= slack_s
    apart_s = abs((_bare(one) - _bare(other)).total_seconds())
    over_s = apart_s % ZONE_STEP_S
    return apart_s <= ZONE_MOST_S + slack_s and min(over_s, ZONE_STEP_S - over_s) <= slack_s


def _since_boot(anchor: Anchor) -> float:
    return anchor[0]


def _later(moment: datetime, seconds: float) -> datetime | None:
    try:
        return (moment + timedelta(seconds=seconds)).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None


def _ahead(moment: datetime) -> datetime:
    return moment + AHEAD if moment.year < datetime.max.year else moment


def _utc(since_epoch_s: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(since_epoch_s, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _moment(time: str | None) -> datetime | None:
    """A time with a year, as it stands."""
    if time is None or not _has_year(time):
        return None
    try:
        return datetime.fromisoformat(time)
    except ValueError:
        return None


def _bare(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _has_year(time: str) -> bool:
    return time[:4].isdecimal() and time[4:5] == "-"


def _has_offset(time: str) -> bool:
    moment = _moment(time)
    return moment is not None and moment.tzinfo is not None
