"""The same event told by several logs is one event: dmesg, messages and a journal export hold copies of each other.

Two reports of different files are the same event when what they say is compatible: equal comm, order and mode, and
equal time since boot where both print it, else equal wall time, else an equal call trace. Reports of one file are
merged only where the same record stands in it twice, to the microsecond since boot; a log tells no event twice
otherwise. A copy whose comm was lost or damaged is known by its time alone. Files are walked from their ends, since all
of them end when the host was collected, while a ring buffer has lost its beginning.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from nopage.kernel.facts import FailureReport, Place, Suppressed

MONOTONIC_SLACK_S = 0.0005  # dmesg prints microseconds, some exports fewer digits
WALL_SLACK_S = 5.0  # syslog writes when it is scheduled; dmesg -T drifts from it
ZONE_STEP_S = 900.0  # an export in UTC is off by a multiple of a quarter of an hour
ZONE_MOST_S = 14 * 3600.0
VIEWS_MOST = 8  # copies of one record that another is compared with


class Told(Protocol):
    """What an event must say of itself to be compared."""

    @property
    def place(self) -> Place: ...
    @property
    def time(self) -> str | None: ...
    @property
    def monotonic_s(self) -> float | None: ...


T = TypeVar("T", bound=Told)


@dataclass(slots=True)
class Event(Generic[T]):
    """One event with every copy of it; `best` is the fullest copy."""

    copies: list[T] = field(default_factory=list)

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(sorted({copy.place for copy in self.copies}, key=lambda place: (place.file, place.line)))

    def best(self, worth: Callable[[T], tuple[int, ...]]) -> T:
        return max(self.copies, key=worth)


def has_year(time: str) -> bool:
    return time[:4].isdigit() and time[4:5] == "-"


def with_year(time: str) -> str:
    """A time of syslog, which prints no year, set in a leap year."""
    return time if has_year(time) else f"2000-{time}"


@lru_cache(maxsize=65536)
def wall_seconds(time: str) -> float | None:
    """Seconds of an ISO time, without regard to its zone; None when it is no time."""
    try:
        return datetime.fromisoformat(time.replace(",", ".")).replace(tzinfo=None).timestamp()
    except ValueError:
        return None


def seconds_apart(one: str, other: str) -> float | None:
    """Between two wall times, without regard to their zones nor to a year that one of them lacks."""
    times = [one, other]
    if not all(map(has_year, times)):
        times = [with_year(time[5:] if has_year(time) else time) for time in times]
    first, second = map(wall_seconds, times)
    return None if first is None or second is None else abs(first - second)


def same_time(one: Told, other: Told) -> bool | None:
    """Whether two copies are of the same moment; None when that cannot be told."""
    if one.monotonic_s is not None and other.monotonic_s is not None:
        return abs(one.monotonic_s - other.monotonic_s) <= MONOTONIC_SLACK_S
    if one.time is None or other.time is None:
        return None
    apart = seconds_apart(one.time, other.time)
    if apart is None:
        return None
    if apart > ZONE_MOST_S + WALL_SLACK_S:
        return False
    return min(apart % ZONE_STEP_S, ZONE_STEP_S - apart % ZONE_STEP_S) <= WALL_SLACK_S


def merge(
    files: Iterable[Sequence[T]],
    key: Callable[[T], Hashable],
    alike: Callable[[T, T], bool],
    damaged: Callable[[T, T], bool] | None = None,
) -> list[Event[T]]:
    """The events of all `files` (each in its own order), each once, in order.

    `key` must be equal for copies of one event; `alike` decides where no time tells. `damaged` says of two copies of
    one time, whose keys differ, that one of them is the other with damage.
    """
    merged: list[Event[T]] = []
    for told in in_order_of_trust(files):
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for index, event in enumerate(merged):
            waiting[key(event.copies[0])].append(index)
        before: dict[int, list[Event[T]]] = defaultdict(list)
        anchor = len(merged)
        known = len(merged)
        taken: set[int] = set()
        for copies in reversed(_once(told, key)):
            copy = copies[0]
            match = _match(copy, merged, waiting[key(copy)], alike)
            if match is None and damaged is not None:
                match = _damaged_match(copy, merged[:known], anchor, taken, damaged)
            if match is None:
                before[anchor].append(Event(copies))
            else:
                merged[match].copies += copies
                taken.add(match)
                anchor = min(anchor, match)
        if before:
            merged = [
                event
                for index in range(len(merged) + 1)
                for event in (*reversed(before.get(index, ())), *merged[index : index + 1])
            ]
    return merged


def _once(told: Sequence[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """The events of one file; the same record twice, equal in all it says to the microsecond since boot, is one."""
    found: list[list[T]] = []
    at: dict[Hashable, list[list[T]]] = defaultdict(list)
    for copy in told:
        if copy.monotonic_s is None:
            found.append([copy])
            continue
        known = at[key(copy), said(copy), copy.monotonic_s]
        same = next((copies for copies in known[:VIEWS_MOST] if _may_be_of_one_boot(copy, copies)), None)
        if same is not None:
            same.append(copy)
        else:
            known.append([copy])
            found.append(known[-1])
    return found


def _may_be_of_one_boot(copy: Told, copies: Sequence[Told]) -> bool:
    """No wall time tells them apart: dmesg prints none, syslog and the journal have clocks of their own."""
    for other in copies[:VIEWS_MOST]:
        if copy.time is not None and other.time is not None and copy.time != other.time:
            apart = seconds_apart(copy.time, other.time)
            if apart is None or apart > WALL_SLACK_S:
                return False
    return True


def said(copy: Told) -> Hashable:
    """What a record says beside its times: two failures of one microsecond differ in their traces."""
    if not isinstance(copy, FailureReport):
        return None
    zones = copy.mem_info.zones if copy.mem_info is not None else ()
    return (copy.pid, copy.cpu, tuple(frame.symbol for frame in copy.frames), tuple(zone.free_pages for zone in zones))


def _damaged_match(
    copy: T, merged: Sequence[Event[T]], anchor: int, taken: set[int], damaged: Callable[[T, T], bool]
) -> int | None:
    """The event of the same time near the place where `copy` would stand; one of the two tells it with damage."""
    for index in range(min(anchor + 8, len(merged)) - 1, max(-1, anchor - 64), -1):
        if index not in taken and any(
            same_time(copy, other) and damaged(copy, other) for other in merged[index].copies
        ):
            return index
    return None


def _match(copy: T, merged: list[Event[T]], waiting: list[int], alike: Callable[[T, T], bool]) -> int | None:
    """The last waiting event that `copy` can be; later ones that it cannot be are dropped when time rules them out."""
    for position in range(len(waiting) - 1, max(-1, len(waiting) - 65), -1):
        event = merged[waiting[position]]
        verdicts = [same_time(copy, other) for other in event.copies]
        told = True in verdicts or (False not in verdicts and any(alike(copy, other) for other in event.copies))
        if told:
            index = waiting[position]
            del waiting[position:]
            return index
    return None


def in_order_of_trust(files: Iterable[Sequence[T]]) -> list[Sequence[T]]:
    """The files in the order to merge: those that tell both clocks first; among equals the oldest, then the longest."""

    def rank(told: Sequence[T]) -> tuple[int, int, float, int]:
        boot = any(one.monotonic_s is not None for one in told)
        walls = [seconds for one in told if one.time and (seconds := wall_seconds(with_year(one.time))) is not None]
        return (-(boot + bool(walls)), -boot, walls[0] if walls else 0.0, -len(told))

    return sorted((told for told in files if told), key=rank)


def report_key(report: FailureReport) -> Hashable:
    return (report.comm, report.order, report.gfp_mask)


def reports_alike(one: FailureReport, other: FailureReport) -> bool:
    """Traces that agree as far as both go (a log may have lost lines)."""
    if one.pid is not None and other.pid is not None and one.pid != other.pid:
        return False
    first = [frame.symbol for frame in one.frames]
    second = [frame.symbol for frame in other.frames]
    shared = min(len(first), len(second))
    return first[:shared] == second[:shared] or _lost_lines(first, second)


LEAST_FRAMES = 4  # that a trace with lost lines still has, to be known by them


def _lost_lines(first: Sequence[str], second: Sequence[str]) -> bool:
    """The shorter trace is the longer one with some of its lines lost."""
    short, long = sorted((first, second), key=len)
    if len(short) < LEAST_FRAMES:
        return False
    rest = iter(long)
    return all(symbol in rest for symbol in short)


def reports_damaged(one: FailureReport, other: FailureReport) -> bool:
    """Two reports of one moment are the same with the comm of one lost, cut or misread; order and mode must agree."""
    if (one.order, one.gfp_mask) != (other.order, other.gfp_mask):
        return False
    if one.pid is not None and other.pid is not None and one.pid != other.pid:
        return False
    if not one.comm or not other.comm or one.comm.endswith(other.comm) or other.comm.endswith(one.comm):
        return True
    if one.comm.startswith(other.comm) or other.comm.startswith(one.comm):
        return True
    return any(missing.id.startswith(HEADER_DAMAGE) for report in (one, other) for missing in report.missing)


def report_worth(report: FailureReport) -> tuple[int, ...]:
    """How full a copy is: zones with free lists, then frames, then times."""
    zones = report.mem_info.zones if report.mem_info else ()
    return (
        sum(bool(zone.free_area) for zone in zones),
        len(zones),
        len(report.frames),
        -len(report.missing),
        (report.time is not None) + (report.monotonic_s is not None),
    )


HEADER_DAMAGE = "missing.header"  # begins the id of every message on it


def shown_report(event: Event[FailureReport]) -> FailureReport:
    """The fullest copy; with the comm of another where its own header is damaged and the other's is not."""
    best = event.best(report_worth)
    if not any(one.id.startswith(HEADER_DAMAGE) for one in best.missing):
        return best
    for other in event.copies:
        if other.comm and not any(one.id.startswith(HEADER_DAMAGE) for one in other.missing):
            missing = tuple(one for one in best.missing if not one.id.startswith(HEADER_DAMAGE))
            return replace(best, comm=other.comm, header=other.header, gfp_text=other.gfp_text, missing=missing)
    return best


def suppressed_key(line: Suppressed) -> Hashable:
    return (line.function, line.count)
