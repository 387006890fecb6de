"""A fleet as one self-contained page in the look of a host's."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.report.fleet.labels import PERIODS, fleet_words
from nopage.report.fleet.table import host_columns, table_of
from nopage.report.fleet.words import (
    NO_CAUSE,
    NO_MODULE,
    NOT_KNOWN,
    change_words,
    day,
    failures_said,
    head_said,
    leaf_of,
    minute,
    name_of,
    names_said,
    nic_words,
    percent,
    problem_words,
    severity_words,
    verdict_said,
)
from nopage.report.html import SCRIPTS, STYLES, Bar, Picture, filled, host_of
from nopage.report.labels import WHY
from nopage.report.speaker import Speaker, grouped, size_of
from nopage.report.words import label_of
from nopage.result import Result
from nopage.result.answers import Change, FleetReport, HostLine, ReserveCell, Share

FLEET_STYLES, FLEET_SCRIPTS = (*STYLES, "fleet.css"), (*SCRIPTS, "fleet.js")
PAGE_BYTES = 4_600_000  # that a page never exceeds 5 MB: what is written beside table and hosts takes the rest
WHOLE_BYTES, WHOLE_MOST = 700_000, 150_000  # of the worst hosts in full: all of them, each
BARS_MOST = 8
Where = tuple[str, str]  # source and member


@dataclass(frozen=True, slots=True)
class Counted:
    """A row of a table of shares."""

    share: Share
    label: str
    percent: float
    words: str
    id: str = ""  # what the label stands for


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words."""

    of: Change
    words: str


@dataclass(frozen=True, slots=True)
class Person:
    """A host in a list, linked where it has a page."""

    name: str
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class Heat:
    """Reserve by memory: the sizes of the columns; of each row its label and cells, None where no host is."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[ReserveCell | None, ...]], ...]


def fleet_page(
    report: FleetReport, speak: Speaker, *, pages: Mapping[Where, str] | None = None,
    whole: Mapping[Where, Result] | None = None,
) -> str:
    """The page. `pages` are addresses of hosts' own pages; `whole` results of hosts that this page shows in full."""
    links = dict(pages or {})
    room, shown = WHOLE_BYTES, []
    for number, (where, result) in enumerate((whole or {}).items(), 1):
        host = host_of(number, result, speak)
        text = filled("whole.html", speak, styles=(), scripts=(), host=host)
        if len(text.encode()) <= min(WHOLE_MOST, room):
            room -= len(text.encode())
            links[where] = f"#{host.anchor}"
            shown.append(Markup(text))
    changes = [Told(one, change_words(one, speak)) for one in report.changes]
    table, data = table_of(
        speak(say("fleet.page.all", "All {number} {count:host|hosts}", number=grouped(report.totals.hosts),
                  count=report.totals.hosts)),
        "mlx4_en cause:fragmented ...", report.hosts,
        host_columns(links, {one.of.number: one.words for one in changes}, speak), report.hosts_left_out,
        PAGE_BYTES - (WHOLE_BYTES - room),
    )
    said = speak.each(verdict_said(report, speak))
    names = names_said(report)
    worst, silent, at_risk = (
        people(found, links, speak, shared=names is not None) for found in (report.worst, report.silent, report.at_risk)
    )
    return filled(
        "fleet.html", speak, styles=FLEET_STYLES, scripts=FLEET_SCRIPTS, fleet=fleet_words(speak),
        report=report, store=report.store, head=speak.between.join(speak.each(head_said(report.totals))),
        headline=said[0], lead=speak.joined(said[1:]), names=speak(names) if names else "",
        numbers=numbers(report, speak), changes=changes,
        worst=worst, pictures=pictures(report, speak), heat=heat(report.reserves),
        causes=counted(report.causes, speak, NO_CAUSE, labels=True), drivers=counted(report.drivers, speak, NO_MODULE),
        nics=[Counted(one, nic_words(one.value), *shares(one)) for one in report.nics if one.affected],
        rhels=counted(report.rhels, speak, NOT_KNOWN), kernels=counted(report.kernels, speak, NOT_KNOWN),
        paths=counted(report.paths, speak, NOT_KNOWN), findings=counted(report.findings, speak, NOT_KNOWN, labels=True),
        requests=report.requests,
        problems=[(one, problem_words(one, speak), minute(one.first_time), minute(one.last_time))
                  for one in report.problems],
        silent=silent, at_risk=at_risk, table=table,
        data=data, whole=shown,
    )  # fmt: skip


def counted(found: Sequence[Share], speak: Speaker, without: Message, *, labels: bool = False) -> list[Counted]:
    """Shares with what stands for no value."""
    return [
        Counted(one, label_of(one.value, speak) if labels and one.value else one.value or speak(without), *shares(one),
                one.value or "" if labels else "")
        for one in found
    ]


def shares(one: Share) -> tuple[float, str]:
    """A share as a number for its bar and in words."""
    return (100 * one.affected / one.hosts, percent(one.affected, one.hosts)) if one.hosts else (0.0, "")


def numbers(report: FleetReport, speak: Speaker) -> list[tuple[int, str, bool]]:
    """The numbers under the headline; True for bad ones."""
    totals = report.totals
    told = (
        (totals.dropping, say("fleet.number.dropping", "lost packets")),
        (totals.silent, say("fleet.number.silent", "failed silently")),
        (totals.at_risk, say("many.at_risk", "at risk")),
        (totals.reports, say("fleet.number.reports", "failures reported")),
        (totals.unreadable, say("fleet.number.unreadable", "sources not readable")),
    )
    severities = [
        (one.hosts or 0, severity_words(one.value, speak), bool(one.hosts) and one.value in ("urgent", "important"))
        for one in report.severities if one.value != "none"
    ]
    return [*severities, *((number, speak(words), False) for number, words in told)]


def people(
    found: Sequence[HostLine], links: Mapping[Where, str], speak: Speaker, *, shared: bool
) -> list[Person]:
    """Hosts of a list; where names are shared with their sources."""
    return [
        Person(name_of(one), links.get((one.source, one.member), ""), ", ".join(filter(None, (
            severity_words(one.severity, speak), f"RHEL {one.rhel}" if one.rhel else one.kernel,
            label_of(one.cause, speak) if one.cause else "", one.driver,
            speak(failures_said(one.reports)) if one.reports else "", day(one.last_time),
            leaf_of(one) if shared else "",
        ))))
        for one in found
    ]


def pictures(report: FleetReport, speak: Speaker) -> list[Picture]:
    """Causes, releases and time."""
    found: list[Picture] = []
    causes = [one for one in report.causes if one.affected][:BARS_MOST]
    if causes:
        most = max(one.affected for one in causes)
        bars = tuple(Bar(label_of(one.value, speak) if one.value else speak(NO_CAUSE), grouped(one.affected),
                         one.affected / most) for one in causes)
        found.append(Picture(speak(WHY), speak(say(
            "fleet.picture.causes.note", "Affected hosts by cause, of each host that of its worst finding.")), bars))
    rhels = [one for one in report.rhels if one.value and one.affected and one.hosts][:BARS_MOST]
    if rhels:
        rhels.sort(key=lambda one: [int(part) for part in (one.value or "").split(".") if part.isdecimal()])
        bars = tuple(Bar(f"RHEL {one.value}", speak(say(
            "fleet.of", "{percent} of {hosts}", percent=percent(one.affected, one.hosts or 0),
            hosts=grouped(one.hosts or 0))), one.affected / (one.hosts or 1), "bad") for one in rhels)
        found.append(Picture(speak(say("fleet.picture.rhels", "On which releases")), speak(say(
            "fleet.picture.rhels.note", "Affected hosts of all with that minor.")), bars))
    if report.periods:
        most = max(one.last_seen for one in report.periods) or 1
        bars = tuple(Bar(begin_words(one.begin, report.period, speak), grouped(one.last_seen) if one.last_seen else "",
                         one.last_seen / most, "bad") for one in report.periods)
        found.append(Picture(speak(say("fleet.picture.when", "Last seen")), speak(say(
            "fleet.picture.when.note", "Hosts by the {period} of their last failure.",
            period=PERIODS.get(report.period, report.period))), bars, columns=True))
    return found


BEGINS = {"hour": slice(11, 16), "day": slice(5, 10), "month": slice(0, 7), "year": slice(0, 4)}


def begin_words(begin: str | None, period: str, speak: Speaker) -> str:
    """The begin of a period, as short as its length allows."""
    return begin[BEGINS[period]] if begin else speak(say("fleet.earlier", "earlier"))


def heat(cells: Sequence[ReserveCell]) -> Heat:
    """Reserve by memory as a table."""
    there = {(one.reserve_mb, one.memory_gb): one for one in cells}
    sizes = sorted({one.memory_gb for one in cells})
    reserves = sorted({one.reserve_mb for one in cells})
    return Heat(
        tuple(size_of(size << 20) for size in sizes),
        tuple((size_of(mb << 10), tuple(there.get((mb, size)) for size in sizes)) for mb in reserves),
    )
