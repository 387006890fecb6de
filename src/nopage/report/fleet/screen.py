"""A fleet on one screen: how bad it is, what to change once for many, who it is, the worst, what was not read."""
from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from nopage.kernel.message import Message, say
from nopage.kernel.plain import plain
from nopage.report import labels
from nopage.report.fleet.words import (
    NO_CAUSE,
    NO_MODULE,
    cell_words,
    change_said,
    day,
    failures_said,
    head_said,
    leaf_of,
    name_of,
    names_said,
    nic_words,
    percent,
    share_words,
    verdict_said,
    worst_cells,
)
from nopage.report.screen import CAUSE, KERNEL, Line, columns, cut, padded, paragraph
from nopage.report.speaker import Speaker, grouped
from nopage.result.answers import Change, FleetReport, HostLine, Share, Unread

CHANGES_MOST, WORST_MOST, UNREAD_MOST = 6, 4, 2
LABEL = 9
ROOM_LEAST = 40
WITH_RHEL = 100  # columns from which on a change names its releases


def fleet_lines(report: FleetReport, speak: Speaker, width: int) -> list[Line]:
    """All of it."""
    lines = [Line(cut(plain(report.store), width), "bold"),
             *paragraph("; ".join(speak.each(head_said(report.totals))) + ".", width)]
    names = names_said(report)
    lines += paragraph(speak(names), width, "dim") if names else []
    bad = "bad" if report.totals.affected else "good"
    lines += paragraph(" ".join(speak.each(verdict_said(report))), width, bad)
    lines += change_lines(report.changes, speak, width)
    lines += [Line(), *who_lines(report, speak, width)]
    lines += worst_lines(report.worst, speak, width, shared=names is not None)
    lines += unread_lines(report.unreadable, report.partly, speak, width)
    return [*lines, Line(cut(speak(MORE), width), "dim")]


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
        rows.append((grouped(change.hosts), soon, speak(change_said(change)), rhels))
    lines = [Line(), Line(speak(ONCE), "bold")]
    lines += [Line(cut(f"  {text}", width)) for text in columns(rows, right=1)]
    if len(changes) > CHANGES_MOST:
        more = say("many.more_unreadable", "and {count} more", count=len(changes) - CHANGES_MOST)
        lines.append(Line(f"  {speak(more)}"))
    return lines


def who_lines(report: FleetReport, speak: Speaker, width: int) -> list[Line]:
    """A line each: causes, drivers, releases, requests, reserves."""
    def shares(found: Sequence[Share], without: Message | None = None) -> list[str]:
        return [share_words(one, speak, speak(without) if without and one.value is None else None)
                for one in found if one.affected]

    nics = [share_words(one, speak, nic_words(one.value)) for one in report.nics if one.affected]
    requests = [
        f"order {one.order} {plain(one.gfp_name or one.gfp_mask)} {grouped(one.hosts)}" for one in report.requests
    ]
    cells = [f"{cell_words(one)} {percent(one.affected, one.hosts)} of {grouped(one.hosts)}"
             for one in worst_cells(report, 3)]
    told: tuple[tuple[Message, list[str]], ...] = (
        (CAUSE, shares(report.causes, NO_CAUSE)),
        (labels.DRIVERS, shares(report.drivers, NO_MODULE)),
        (say("fleet.nics", "NIC"), nics),
        (say("fleet.rhels", "RHEL"), shares(report.rhels)),
        (KERNEL, shares(report.kernels)),
        (say("fleet.requests", "REQUEST"), requests),
        (say("fleet.reserves", "RESERVE"), cells),
    )
    return [one for label, texts in told if texts for one in listed(speak(label), texts, width)]


def listed(label: str, texts: Sequence[str], width: int) -> list[Line]:
    """As many texts beside the label as the line has room for."""
    room = max(width - LABEL, ROOM_LEAST)
    kept: list[str] = []
    for text in texts:
        if kept and cell_len("; ".join([*kept, text])) > room - 5:
            return [Line(cut(f"{padded(label, LABEL)}{'; '.join(kept)}; ...", width))]
        kept.append(text)
    return [Line(cut(f"{padded(label, LABEL)}{'; '.join(kept)}", width))]


def worst_lines(worst: Sequence[HostLine], speak: Speaker, width: int, *, shared: bool) -> list[Line]:
    """The worst hosts, a line each; where names are shared with their sources."""
    rows = [
        (
            cut(name_of(one), 36), *((cut(leaf_of(one), 30),) if shared else ()),
            f"RHEL {plain(one.rhel)}" if one.rhel else cut(plain(one.kernel or "-"), 20), one.severity,
            speak(failures_said(one.reports)), plain(one.cause or "-"), cut(plain(one.driver or "-"), 16),
            day(one.last_time),
        )
        for one in worst[:WORST_MOST]
    ]
    label = speak(say("fleet.worst", "WORST"))
    texts = columns(rows) if rows else []
    return [Line(cut(f"{padded('' if place else label, LABEL)}{text}", width)) for place, text in enumerate(texts)]


def unread_lines(unreadable: Sequence[Unread], partly: Sequence[Unread], speak: Speaker, width: int) -> list[Line]:
    """Why sources could not be read."""
    told = ((say("fleet.not_read", "NOT READ"), unreadable), (say("fleet.read_partly", "PARTLY"), partly))
    return [
        one for label, reasons in told if reasons
        for one in listed(speak(label), [f"{plain(why.reason)} {grouped(why.sources)}" for why in reasons], width)
    ]
