"""The result in Markdown: renders right at GitHub, reads well where nothing renders it.

A paragraph is one line, since GitHub breaks a comment's line where the text has a break.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nopage.kernel.message import Message, say
from nopage.report import labels
from nopage.report.documents import account as told
from nopage.report.documents.account import Account, Deed, account_of
from nopage.report.documents.plain import code, fenced, markdown, plain
from nopage.report.speaker import Speaker
from nopage.result import Group, Link, Result

URL: Final = re.compile(r"https?://[^\s()<>\\\"']{1,500}", re.ASCII)
LOG_MOST: Final = 60
LIST_MOST: Final = 50
GROUPS_MOST: Final = 20
ALSO = say("document.also", "Also found")
NOTES = say("document.notes", "Worth knowing")
KERNEL_TEXT = say("document.kernel_text", "The report of the kernel")
NOT_READ = say("document.not_read", "What could not be read")


def markdown_report(results: Sequence[Result], speak: Speaker) -> str:
    """All hosts, one heading each."""
    blocks = [block for result in results for block in host(account_of(result, speak), speak)]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def host(account: Account, speak: Speaker) -> list[list[str]]:
    """The blocks of one host; a blank line goes between them."""
    result = account.result
    first = result.findings[0] if result.findings else None
    blocks = [[f"# {markdown(account.title)}"], [markdown(account.source)] if account.source else []]
    blocks += listed(NOT_READ, account.warnings, speak)
    blocks += [[f"## {speak(told.HAPPENED)}"], [markdown(speak.joined(account.happened))]]
    for quote in account.quotes:
        blocks += [[markdown(f"{quote.place.file}:{quote.place.line}")], fenced([quote.text], "text")]
    blocks += listed(told.WHY, account.why, speak)
    blocks += listed(told.MATTERS, account.matters, speak)
    for heading, deeds in ((told.RECOMMEND, account.steps), (told.LATER, account.later)):
        if deeds:
            blocks.append([f"## {speak(heading)}"])
            if account.lead and (deeds is account.steps or not account.steps):
                blocks.append([markdown(speak.joined(account.lead))])
            blocks += [block for deed in deeds for block in step(deed, speak)]
    blocks += listed(told.LIMITS, account.limits, speak)
    blocks += listed(told.DO_NOT, account.do_not, speak)
    if account.needs:
        blocks.append([f"## {speak(told.NEED)}"])
        for need in account.needs:
            blocks.append([f"- {markdown(speak(need.what))}"])
            blocks += [fenced(list(need.commands), "sh", "  ")] if need.commands else []
    blocks += listed(NOTES, speak.each(first.notes_said) if first is not None else (), speak)
    also = [speak.together(one.summary_said) or one.summary for one in result.findings[1:]]
    blocks += listed(ALSO, also, speak)
    blocks += kinds(result.groups, speak)
    log = next((one for one in reversed(result.failures) if one.log), None)
    if log is not None:
        blocks += [[f"## {speak(KERNEL_TEXT)}"], fenced(list(log.log[:LOG_MOST]), "text")]
    if account.links:
        blocks += [[f"## {speak(told.LINKS)}"], [f"- {linked(link)}" for link in account.links]]
    return blocks


def listed(heading: Message, texts: Sequence[str], speak: Speaker) -> list[list[str]]:
    """A heading and a list; nothing where there is none."""
    if not texts:
        return []
    return [[f"## {speak(heading)}"], [f"- {markdown(text)}" for text in texts[:LIST_MOST]]]


def step(deed: Deed, speak: Speaker) -> list[list[str]]:
    """One item of the list of steps, its commands in fences."""
    head = f"{deed.number}. "
    indent = " " * len(head)
    title = speak.joined(map(speak.sentence, deed.reason if deed.commands else (deed.title, *deed.reason[1:])))
    blocks = [[head + markdown(title)]]
    if deed.commands:
        blocks.append(fenced(list(deed.commands), "sh", indent))
    if deed.notes:
        blocks.append([indent + markdown("; ".join(deed.notes))])
    if deed.last_words:
        blocks.append([indent + markdown(deed.last_words)])
        blocks += [fenced(list(deed.last_lines), "ini", indent)] if deed.last_lines else []
    if deed.last_commands:
        blocks.append(fenced(list(deed.last_commands), "sh", indent))
    back = ", ".join(filter(None, (*(code(plain(command)) for command in deed.back), markdown(deed.back_words))))
    if back:
        words = speak(say("document.way_back", "Way back: {commands}", commands="\0"))
        before, _, after = words.partition("\0")
        blocks.append([f"{indent}{before}{back}{after}"])
    return blocks


def kinds(groups: Sequence[Group], speak: Speaker) -> list[list[str]]:
    """A table, where failures are of several kinds."""
    if len(groups) < 2:
        return []
    heads = (speak(labels.REPORTS), "order", "mode", speak(labels.DRIVER), speak(labels.LAST))
    rows = [f"| {' | '.join(heads)} |", "| ---: | ---: | --- | --- | --- |"]
    for group in groups[:GROUPS_MOST]:
        cells = (f"{group.count:,}", str(group.order), group.gfp_mask, cell(group.driver), cell(group.last))
        rows.append(f"| {' | '.join(cells)} |")
    return [[f"## {speak(labels.KINDS)}"], rows]


def cell(text: str | None) -> str:
    """A cell of a table: a bar would end it, even inside code."""
    return markdown(text.replace("|", "¦")) if text else "-"


def linked(link: Link) -> str:
    """A link by its title; nothing else links."""
    shown = markdown(link.title)
    return f"[{shown}]({link.url})" if link.url and URL.fullmatch(link.url) else shown
