"""All of it, for who asks why: every finding with its proof, its remedies, its notes and its source, in that order."""
from __future__ import annotations

import re
from collections.abc import Sequence

from nopage.kernel.message import say
from nopage.report import labels
from nopage.report.screen.host import value_words
from nopage.report.screen.layout import PROSE_MOST, Line, columns, padded, paragraph, wrapped
from nopage.report.screen.why import shown_failure
from nopage.report.speaker import Speaker
from nopage.report.words import link_words, place_words, size_said
from nopage.result import Finding, Group, Result

GROUPS_MOST = 12
LABEL_WIDTH = 8
NUMBERED = re.compile(r"\d+\. |   ")
LINKS_MOST = 3
SLUB_MOST = 5
GROUP_COLUMNS = (
    labels.REPORTS, "order", "mode", labels.PATH, labels.DRIVER, labels.CAUSE, "comm", labels.LAST,
)  # fmt: skip
NUMBER_COLUMNS = 2  # the first ones, set to the right
STYLE = {"fail": "bold red", "info": "bold yellow"}


def why(result: Result, speak: Speaker, width: int) -> list[Line]:
    """Every finding in full."""
    room = min(width, PROSE_MOST)
    lines: list[Line] = []
    for finding in result.findings:
        text = f"{finding.key}  {speak.together(finding.summary_said) or finding.summary}"
        lines += [Line(), *paragraph(text, room, STYLE[finding.type])]
        for name, told in finding_rows(finding, result, speak):
            lines += row(name, told, room)
        groups = [group for group in result.groups if group.signature in finding.signatures]
        if len(groups) > 1:
            lines += [Line(), *group_table(groups, speak)]
    for slub in result.slub[:SLUB_MOST]:
        seen = speak(say("slub.seen_in", "Seen in {places}.", places=place_words(slub.seen_in, speak)))
        lines += [Line(), *paragraph(speak.joined([*(speak.each(slub.said) or [slub.words]), seen]), room)]
    return lines


def row(name: str, text: str, width: int) -> list[Line]:
    """A label and its text, wrapped beside it; a numbered text hangs by its number."""
    deeper = " " * (3 if NUMBERED.match(text) else 0)
    lines = wrapped(text, max(width - LABEL_WIDTH - 3, 40), deeper)
    return [
        Line(f"  {padded(name if number == 0 else '', LABEL_WIDTH)} {line}".rstrip())
        for number, line in enumerate(lines)
    ]


def finding_rows(finding: Finding, result: Result, speak: Speaker) -> list[tuple[str, str]]:
    """The labelled lines of one finding, in the order a reader asks: what, where, why, does it matter, what to do."""
    rows: list[tuple[str, str]] = []
    shown = shown_failure(finding, result)
    if shown is not None:
        page_kb = shown.zones[0].page_kb if shown.zones else 4
        request = speak.together(finding.request_said) or finding.request_words or ""
        where = speak.together(finding.where_said) or finding.where_words or ""
        name = shown.gfp_name or speak(say("request.no_flag", "no flag"))
        size = speak(size_said(shown.order, page_kb))
        what = say("request.what", "{size}, mode {gfp_mask} = {name}: {request}", size=size, gfp_mask=shown.gfp_mask,
                   name=name, request=request)
        rows += [(speak(labels.WHAT), speak(what)), (speak(labels.WHERE), where)]
    rows += first_labelled(speak(labels.WHY), speak.each(finding.why_said))
    if finding.matters:
        rows.append((speak(labels.MATTERS), speak.together(finding.matters_said) or finding.matters))
    for number, remedy in enumerate(finding.remedies, 1):
        value = f" = {words}" if (words := value_words(remedy, speak)) else ""
        reason = speak.together(remedy.reason_said) or remedy.reason
        rows.append((speak(labels.DO) if number == 1 else "", f"{number}. {remedy.action}{value}: {reason}"))
        if remedy.command:
            rows.append(("", f"   {remedy.command}"))
        for label, said in ((labels.EFFECT, remedy.replay_said), (labels.RISK, remedy.risk_said)):
            if said:
                rows.append(("", f"   {speak(label)}{speak.colon}{speak.together(said)}"))
    for number, one in enumerate(result.plan.do_not):
        told = f"{one.setting or one.action}: {speak.together(one.reason)}"
        rows.append((speak(labels.DO_NOT) if number == 0 else "", told))
    rows += first_labelled(speak(labels.NOTE), speak.each(finding.notes_said))
    if finding.article:
        rows += first_labelled(speak(labels.ARTICLE), speak.each(finding.article))
    elif finding.article_says:
        rows.append((speak(labels.ARTICLE), speak.known(finding, "says", finding.article_says)))
    if finding.source_says:
        rows.append((speak(labels.SOURCE), speak.known(finding, "narrower", finding.source_says)))
    if shown is not None:
        rows.append((speak(labels.SEEN_IN), place_words(shown.seen_in, speak)))
    return rows


def first_labelled(label: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    """The label at the first of several texts."""
    return [(label if number == 0 else "", text) for number, text in enumerate(texts)]


def link_rows(finding: Finding, speak: Speaker) -> list[tuple[str, str]]:
    """The labelled links of one finding: the resolution and what is nearest to it; all stand in the JSON."""
    links = finding.links[:LINKS_MOST]
    return [(speak(labels.LINKS) if number == 0 else "", link_words(link)) for number, link in enumerate(links)]


def links(result: Result, speak: Speaker, width: int) -> list[Line]:
    """Every link of every finding, each once, the resolution first."""
    lines: list[Line] = []
    told = dict.fromkeys(link_words(link) for finding in result.findings for link in finding.links)
    for number, text in enumerate(told):
        lines += row(speak(labels.LINKS) if number == 0 else "", text, width)
    return lines


def group_table(groups: Sequence[Group], speak: Speaker) -> list[Line]:
    """One line a signature, in columns."""
    table = [speak.row(GROUP_COLUMNS)]
    for group in groups[:GROUPS_MOST]:
        last = group.last
        table.append(
            (
                f"{group.count:,}",
                str(group.order),
                group.gfp_mask,
                group.path,
                group.driver or "-",
                group.cause or "-",
                ", ".join(group.comm[:3]) + (" ..." if len(group.comm) > 3 else ""),
                last or (f"{group.last_monotonic_s:.3f} s" if group.last_monotonic_s is not None else "-"),
            )
        )
    head, *rest = columns(table, NUMBER_COLUMNS)
    lines = [Line(f"  {head}", "bold"), *(Line(f"  {line}") for line in rest)]
    if len(groups) > GROUPS_MOST:
        more = say("groups.more", "and {count:# more signature|# more signatures}: see --format json",
                   count=len(groups) - GROUPS_MOST)
        lines.append(Line(f"  {speak(more)}"))
    return lines
