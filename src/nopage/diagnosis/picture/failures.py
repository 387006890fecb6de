"""Every page allocation failure of the host, once.

Merges what dmesg, messages, journal and crash logs tell of the same event, keeps all the places it stands in, and
adds up what the rate limit suppressed.
"""
from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nopage.diagnosis.host import (
    Event,
    Failure,
    merge,
    report_key,
    reports_alike,
    reports_damaged,
    shown_report,
    suppressed_key,
)
from nopage.diagnosis.picture.kernel import Kernel
from nopage.diagnosis.picture.log import HostLog
from nopage.diagnosis.picture.texts import Said
from nopage.kernel.facts import FailureReport, LoggedLine, SlubBlock, Suppressed
from nopage.kernel.gfp import decode, layout_of_all
from nopage.kernel.release import Release, parse_release
from nopage.klog.wall import ARCHIVE_DATE, SIBLING, Hints, WallTime, wall_times

# Crash dumps of an earlier boot, and the journal before the last one.
EXCERPTS_MOST, KIND_FRAMES = 20, 12
EARLIER_BOOT = re.compile(r"vmcore|var/crash/|-b[_ ]?-\d|lastboot|--boot[_ ]-\d")


class Failures:
    """All failures of the host in order of time.

    Attributes:
        failures (tuple[Failure, ...]): each event once.
        suppressed (int): messages that rate limits swallowed; on RHEL 4-6 of every kind (see `suppressed_exact`).
        suppressed_exact (bool): every suppressed message was of this kind.
        counted_only (dict[bool, int]): reports of a storm that were counted without being kept, by `atomic`.
        slub (tuple[SlubBlock, ...]): SLUB blocks that belong to no report.
        before (tuple[LoggedLine, ...]): what the log of the first failure says before it.
        warnings (tuple[Message, ...]): what could not be read, one line each.
    """

    def __init__(self, logs: Sequence[HostLog], kernel: Kernel, said: Said) -> None:
        events = merge((log.facts.reports for log in logs), report_key, reports_alike, reports_damaged)
        seen: dict[str, Release | None] = {}
        failures = []
        shown = [shown_report(event) for event in events]
        unnamed = [report for report in shown if report.kernel is None] if kernel.release is None else []
        layout = layout_of_all((report.gfp_mask, report.gfp_text) for report in unnamed)
        walls = wall_times_of(shown, events, logs, said)
        for event, report, wall in zip(events, shown, walls, strict=True):
            text = next((copy.kernel for copy in event.copies if copy.kernel), None) or kernel.text
            if text is not None and text not in seen:
                seen[text] = kernel.release if text == kernel.text else parse_release(text)
            release = seen[text] if text is not None else None
            gfp = decode(report.gfp_mask, release, report.gfp_text, layout_key=layout)
            failures.append(Failure(report, gfp, text, release, event.places, wall.time, wall.time_from))
        self.failures = tuple(with_excerpts(failures, logs))
        self.repeated = sum(failure.report.repeated for failure in failures)

        told = merge((log.facts.suppressed for log in logs), suppressed_key, lambda _one, _other: True)
        lines: list[Suppressed] = [event.copies[0] for event in told]
        self.suppressed = sum(line.count for line in lines)
        self.suppressed_exact = all(line.exact for line in lines)
        self.counted_only = counted_only(logs, kernel.release, layout)
        self.slub: tuple[SlubBlock, ...] = max((log.facts.slub for log in logs), key=len, default=())
        self.before = lines_of_first(self.failures, logs)
        self.warnings = tuple(dict.fromkeys(warning for log in logs for warning in log.facts.warnings))

    @property
    def atomic(self) -> tuple[Failure, ...]:
        """Those whose request could not sleep."""
        return tuple(failure for failure in self.failures if failure.gfp.atomic)

    @property
    def sleeping(self) -> tuple[Failure, ...]:
        """Those whose request could sleep and reclaim."""
        return tuple(failure for failure in self.failures if not failure.gfp.atomic)


def with_excerpts(failures: Sequence[Failure], logs: Sequence[HostLog]) -> Iterator[Failure]:
    """The failures, the last of each kind with its lines: the one whose numbers are shown is among them."""
    wanted: dict[object, int] = {}
    for number, failure in enumerate(failures):
        report = failure.report
        kind = (report.order, report.gfp_mask, tuple(frame.symbol for frame in report.frames[:KIND_FRAMES]))
        if kind in wanted or len(wanted) < EXCERPTS_MOST:
            wanted[kind] = number
    chosen = set(wanted.values())
    for number, failure in enumerate(failures):
        if number in chosen:
            place = failure.report.place
            log = next((log for log in logs if any(one.place == place for one in log.facts.reports)), None)
            yield replace(failure, log=log.excerpt(failure.report)) if log is not None else failure
        else:
            yield failure


def lines_of_first(failures: Sequence[Failure], logs: Sequence[HostLog]) -> tuple[LoggedLine, ...]:
    """What stands before the host's first failure, in that of its logs which says most."""
    if not failures:
        return ()
    files = {place.file for place in failures[0].seen_in}
    told = [log.before for log in logs if any(report.place.file in files for report in log.facts.reports[:1])]
    return max(told, key=len, default=())


def wall_times_of(
    shown: list[FailureReport],
    events: list[Event[FailureReport]],
    logs: Sequence[HostLog],
    said: Said,
) -> tuple[WallTime, ...]:
    """Each event's time with its year, as far as the host's logs, or the date it was collected at, tell it."""
    dates, uptimes = said.get("date"), said.get("proc_uptime")
    told = [log.last_time for log in logs if log.last_time and log.last_time[:4].isdigit() and log.last_time[4] == "-"]
    date = dates[0] if dates else max(told, default=None)
    hints = Hints(
        archive_date=date,
        uptime_s=uptimes[0] if dates and uptimes else None,
        earlier_boots=frozenset(log.name for log in logs if EARLIER_BOOT.search(log.name)),
    )
    found = wall_times([[best, *event.copies] for best, event in zip(shown, events, strict=True)], hints)
    if dates:
        return found
    return tuple(replace(one, time_from=SIBLING) if one.time_from == ARCHIVE_DATE else one for one in found)


def counted_only(logs: Sequence[HostLog], release: Release | None, layout: str | None) -> dict[bool, int]:
    """Reports of storms that were counted without being kept, by whether their request was atomic.

    A rotated log adds up; logs of other names hold copies of it.
    """
    families: dict[str, Counter[bool]] = {}
    for log in logs:
        if log.storm is None:
            continue
        left: Counter[tuple[int | None, int]] = Counter()
        for signature in log.storm.signatures:
            left[signature.order, mask_of(signature.mode)] += signature.seen
        left.subtract((report.order, report.gfp_mask) for report in log.facts.reports)
        family = families.setdefault(re.split(r"[-._]", posixpath.basename(log.name), maxsplit=1)[0], Counter())
        for (_order, mask), count in left.items():
            family[decode(mask, release, layout_key=layout).atomic] += max(count, 0)
    return {atomic: max((family[atomic] for family in families.values()), default=0) for atomic in (True, False)}


def mask_of(mode: str) -> int:
    """The number of a mode as printed; 0 where it cannot be read."""
    number = re.match(r"0x[0-9a-fA-F]{1,16}", mode)
    return int(number[0], 16) if number else 0
