"""A fleet on one screen: how bad it is, what to change once for many, who it is, the worst, what was not read."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from rich.cells import cell_len

from nopage.kernel.message import Message, say
from nopage.kernel.plain import plain
from nopage.report.fleet.words import (
    CAUSES,
    DRIVERS,
    NO_CAUSE,
    NO_MODULE,
    cause_words,
    cell_words,
    change_words,
    day,
    failures_said,
    head_said,
    leaf_of,
    name_of,
    names_said,
    nic_words,
    severity_words,
    share_words,
    verdict_said,
    worst_cells,
)
from nopage.report.screen import Line, columns, cut, padded, paragraph
from nopage.report.speaker import Speaker, grouped
from nopage.result.answers import Change, FleetReport, HostLine, Share, Unread

CHANGES_MOST, WORST_MOST, UNREAD_MOST = 6, 4, 2
ROOM_LEAST = 40
WITH_RHEL, WITH_DATES = 100, 110  # columns from which on a change names its releases, a host its last failure


def fleet_lines(report: FleetReport, speak: Speaker, width: int) -> list[Line]:
    """All of it."""
    lines = [Line(cut(plain(report.store), width), "bold"),
             *paragraph(speak.between.join(speak.each(head_said(report.totals))) + speak.stop, width)]
    names = names_said(report)
    lines += paragraph(speak(names), width, "dim") if names else []
    bad = "bad" if report.totals.affected else "good"
    lines += paragraph(speak.together(verdict_said(report, speak)), width, bad)
    lines += change_lines(report.changes, speak, width)
    lines += [Line(), *who_lines(report, speak, width)]
    lines += worst_lines(report.worst, speak, width, shared=names is not None)
    lines += unread_lines(report.unreadable, report.partly, speak, width)
    return [*lines, Line(cut(speak(MORE), width), "dim")]


NICS, RHELS, KERNELS = say("fleet.nics", "NIC"), say("fleet.rhels", "RHEL"), say("many.kernel", "KERNEL")
REQUESTS, RESERVES = say("fleet.requests", "REQUEST"), say("fleet.reserves", "RESERVE")
WORST = say("fleet.worst", "WORST")
NOT_READ, PARTLY = say("fleet.not_read", "NOT READ"), say("fleet.read_partly", "PARTLY")
MARGIN = (CAUSES, DRIVERS, NICS, RHELS, KERNELS, REQUESTS, RESERVES, WORST, NOT_READ, PARTLY)


def labelled(label: Message | None, speak: Speaker) -> str:
    """The label and the blanks up to what stands beside it, the same for all labels of the language."""
    width = 1 + max(cell_len(speak(one)) for one in MARGIN)
    return padded(speak(label) if label else "", width)


MORE = say("fleet.more", "more: -o report/ writes pages, --format json all of it; hosts: nopage fleet query DIR SQL")
ONCE = say("fleet.once", "CHANGE ONCE FOR MANY")


def change_lines(changes: Sequence[Change], speak: Speaker, width: int) -> list[Line]:
    """A change a line: hosts, what, on which releases."""
    if not changes:
        return []
    rows = []
    for change in changes[:CHANGES_MOST]:
        soon = speak(say("fleet.soon", "({count} soon)", count=grouped(change.soon))) if change.soon else ""
        rhels = f"RHEL {', '.join(map(plain, change.rhels[:3]))}" if change.rhels and width >= WITH_RHEL else ""
        rows.append((grouped(change.hosts), soon, change_words(change, speak), rhels))
    lines = [Line(), Line(speak(ONCE), "bold")]
    lines += [Line(cut(f"  {text}", width)) for text in columns(rows, right=1)]
    if len(changes) > CHANGES_MOST:
        more = say("many.more_unreadable", "and {count} more", count=len(changes) - CHANGES_MOST)
        lines.append(Line(f"  {speak(more)}"))
    return lines


def who_lines(report: FleetReport, speak: Speaker, width: int) -> list[Line]:
    """A line each: causes, drivers, releases, requests, reserves."""
    def shares(found: Sequence[Share], name: Callable[[str | None], str | None]) -> list[str]:
        return [share_words(one, speak, name(one.value)) for one in found if one.affected]

    def cause(value: str | None) -> str:
        return speak(NO_CAUSE) if value is None else cause_words(value, speak)

    def itself(value: str | None) -> str | None:
        return value

    def driver(value: str | None) -> str:
        return speak(NO_MODULE) if value is None else value

    named = Counter((one.order, one.gfp_name) for one in report.requests)  # a name is other bits in other releases
    requests = [
        f"order {one.order} {plain(one.gfp_name or one.gfp_mask)} "
        f"{f'({plain(one.gfp_mask)}) ' if named[one.order, one.gfp_name] > 1 else ''}{grouped(one.hosts)}"
        for one in report.requests
    ]
    cells = [
        share_words(Share(value=None, affected=one.affected, hosts=one.hosts, reports=0), speak, cell_words(one, speak))
        for one in worst_cells(report, 3)
    ]
    told: tuple[tuple[Message, list[str]], ...] = (
        (CAUSES, shares(report.causes, cause)),
        (DRIVERS, shares(report.drivers, driver)),
        (NICS, shares(report.nics, nic_words)),
        (RHELS, shares(report.rhels, itself)),
        (KERNELS, shares(report.kernels, itself)),
        (REQUESTS, requests),
        (RESERVES, cells),
    )
    return [
        one for label, texts in told if texts
        for one in listed(labelled(label, speak), texts, speak.between, width)
    ]


def listed(label: str, texts: Sequence[str], between: str, width: int) -> list[Line]:
    """As many texts beside the label as the line has room for."""
    room = max(width - cell_len(label), ROOM_LEAST)
    kept: list[str] = []
    for text in texts:
        if kept and cell_len(between.join([*kept, text])) > room - 5:
            return [Line(cut(f"{label}{between.join(kept)}{between}...", width))]
        kept.append(text)
    return [Line(cut(f"{label}{between.join(kept)}", width))]


def worst_lines(worst: Sequence[HostLine], speak: Speaker, width: int, *, shared: bool) -> list[Line]:
    """The worst hosts, a line each; where names are shared with their sources."""
    rows = [
        (
            cut(name_of(one), 36), *((cut(leaf_of(one), 30) if one.name else "",) if shared else ()),
            f"RHEL {plain(one.rhel)}" if one.rhel else cut(plain(one.kernel or "-"), 20),
            severity_words(one.severity, speak), speak(failures_said(one.reports)),
            cut(cause_words(one.cause, speak), 16), cut(plain(one.driver or "-"), 16),
            *((day(one.last_time),) if width >= WITH_DATES else ()),
        )
        for one in worst[:WORST_MOST]
    ]
    texts = columns(rows) if rows else []
    return [Line(cut(labelled(None if place else WORST, speak) + text, width)) for place, text in enumerate(texts)]


def unread_lines(unreadable: Sequence[Unread], partly: Sequence[Unread], speak: Speaker, width: int) -> list[Line]:
    """Why sources could not be read."""
    told = ((NOT_READ, unreadable), (PARTLY, partly))
    return [
        one for label, reasons in told if reasons
        for one in listed(labelled(label, speak), [reason_words(why) for why in reasons], speak.between, width)
    ]


def reason_words(why: Unread) -> str:
    """'is empty (23)'; the path that stood before it is another one for each source."""
    return f"{plain(why.reason.removeprefix('...: '))} ({grouped(why.sources)})"
