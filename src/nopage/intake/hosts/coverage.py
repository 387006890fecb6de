"""How complete a collection is: what was found, passed over, cut or filtered, and the span of time of the logs."""
from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable

from nopage.intake.model import Coverage, Stream
from nopage.kernel.pattern import later

# As sos writes them: "command '...' timed out after 300s", "collecting tail of '...' due to size limit"
TIMED_OUT = re.compile(r"[Cc]ommand '([^'\n]{1,200})' timed out|[Pp]lugin:? ?'?([\w-]+)'? timed out")
TAILED = re.compile(r"(?:collecting tail of|collected output of) '([^'\n]{1,300})'")

FAMILY = later(r"[-._]")  # messages, messages-20240214, messages.1.gz

YEAR = re.compile(r"\b(20\d\d|19[89]\d)\b")
MONTH_DAY = re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* +(\d{1,2})\b|\b\d{4}-(\d\d)-(\d\d)\b")


def notes(text: str) -> tuple[list[str], list[str]]:
    """What the collecting tool's own log tells: the commands it gave up on, and the files it took only the end of."""
    timed_out = [command or f"plugin {plugin}" for command, plugin in TIMED_OUT.findall(text)]
    return timed_out, TAILED.findall(text)


def coverage(
    streams: Iterable[Stream],
    *,
    skipped: Iterable[str] = (),
    cut: Iterable[str] = (),
    timed_out: Iterable[str] = (),
    filtered: bool = False,
) -> Coverage:
    """The coverage of a host's streams. Log times without a year take that of the collection's own date."""
    streams = tuple(streams)
    times = [time for stream in streams for time in (stream.first_time, stream.last_time) if time]
    collected = next((stream.text for stream in streams if stream.spec == "date"), "")
    dated = [time if time[:4].isdigit() else _dated(time, collected) for time in times]
    known = [time for time in dated if time[:4].isdigit()] or dated
    return Coverage(
        found=tuple(sorted({stream.spec for stream in streams})),
        skipped=tuple(sorted(set(skipped))),
        cut=tuple(sorted(set(cut))),
        timed_out=tuple(sorted(set(timed_out))),
        filtered=filtered,
        oldest_log_time=min(known, default=None),
        newest_log_time=max(known, default=None),
        other_events=other_events(streams),
    )


def other_events(streams: Iterable[Stream]) -> dict[str, int]:
    """Events by kind: a rotated log adds up, logs of other names hold copies of it."""
    families: dict[str, Counter[str]] = {}
    for stream in streams:
        if stream.other_events:
            family = FAMILY.split(posixpath.basename(stream.name), maxsplit=1)[0]
            families.setdefault(family, Counter()).update(stream.other_events)
    kinds = sorted({kind for family in families.values() for kind in family})
    return {kind: max(family[kind] for family in families.values()) for kind in kinds}


def _dated(time: str, collected: str) -> str:
    """A time without a year: the last such day up to the day of collection. As it is where that day is not known."""
    from nopage.intake.search import MONTHS

    year = YEAR.search(collected)
    day = MONTH_DAY.search(collected)
    if year is None or day is None:
        return time
    month_day = f"{MONTHS[day[1]]:02d}-{int(day[2]):02d}" if day[1] else f"{day[3]}-{day[4]}"
    return f"{int(year[1]) - (time[:5] > month_day)}-{time}"
