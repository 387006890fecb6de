"""When it happened, as a person says it."""
from __future__ import annotations

from datetime import datetime, timedelta

from nopage.diagnosis.cause import boots_of
from nopage.kernel.message import NOTHING, Message, say
from nopage.result import Result

CLOCK_SET = 1990  # a clock that says an earlier year was never set: seconds since boot tell more
MONTHS = (
    say("month.1", "Jan"), say("month.2", "Feb"), say("month.3", "Mar"), say("month.4", "Apr"), say("month.5", "May"),
    say("month.6", "Jun"), say("month.7", "Jul"), say("month.8", "Aug"), say("month.9", "Sep"),
    say("month.10", "Oct"), say("month.11", "Nov"), say("month.12", "Dec"),
)  # fmt: skip


def moment(text: str | None) -> datetime | None:
    """An ISO 8601 time; None where it is none."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def day(time: datetime) -> Message:
    """14 Feb 2012."""
    return say("when.day", "{day} {month} {year}", day=time.day, month=MONTHS[time.month - 1], year=time.year)


def clock(time: datetime) -> str:
    return time.strftime("%H:%M:%S")


def span(result: Result) -> Message:
    """The time of the failures: wall time, else since boot, else that nothing tells it; NOTHING without a failure."""
    if not result.failures:
        return NOTHING
    walls = sorted(
        (time for one in result.failures if (time := moment(one.time)) is not None and time.year >= CLOCK_SET),
        key=lambda time: time.replace(tzinfo=None),
    )
    if walls:
        first, last = walls[0], walls[-1]
        zone = first.strftime("%z")
        offset = f" {zone[:3]}:{zone[3:5]}" if zone else ""
        if first == last:
            return say("when.at", "{day} {time}{offset}", day=day(first), time=clock(first), offset=offset)
        if first.date() == last.date():
            return say(
                "when.within_a_day", "{day} {first}-{last}{offset}", day=day(first), first=clock(first),
                last=clock(last), offset=offset,
            )
        return say(
            "when.over_days", "{first_day} {first} to {last_day} {last}{offset}", first_day=day(first),
            first=clock(first), last_day=day(last), last=clock(last), offset=offset,
        )
    boots = boots_of([one.monotonic_s for one in result.failures if one.monotonic_s is not None])
    if boots:
        first_s, last_s = boots[-1][0], boots[-1][-1]
        if len(boots) > 1:
            return say("when.boots", "in {boots} boots, the last {last_s:,.1f} s after one", boots=len(boots),
                       last_s=last_s)
        if first_s == last_s:
            return say("when.after_boot_once", "{first_s:,.1f} s after boot", first_s=first_s)
        return say("when.after_boot", "{first_s:,.1f} to {last_s:,.1f} s after boot", first_s=first_s, last_s=last_s)
    printed = next((one.time_printed for one in result.failures if one.time_printed), None)
    if printed:
        return say("when.no_year", "{printed} (the log names no year)", printed=printed.replace("T", " "))
    return say("when.unknown", "when is not known")


def ago(result: Result) -> Message:
    """How long before the collection the last failure was; NOTHING where that cannot be told."""
    last = max(
        (time.replace(tzinfo=None) for one in result.failures if (time := moment(one.time)) is not None), default=None
    )
    made = moment(result.source.collected_at)
    if last is None or made is None:
        return NOTHING
    apart = made.replace(tzinfo=None) - last
    if apart < timedelta(0):
        return NOTHING
    for size, told in (
        (timedelta(days=2), say("ago.days", "{count} days before the archive was made", count=apart.days)),
        (timedelta(hours=2), say("ago.hours", "{count} hours before the archive was made",
                                 count=int(apart.total_seconds() // 3600))),
        (timedelta(minutes=2), say("ago.minutes", "{count} minutes before the archive was made",
                                   count=int(apart.total_seconds() // 60))),
    ):
        if apart >= size:
            return told
    return say("ago.just", "just before the archive was made")
