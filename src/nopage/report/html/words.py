"""Headings, buttons and columns of the page: `words.NAME` in the template, or a function where a number is told."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Final

from nopage.kernel.message import Message, say
from nopage.report import labels
from nopage.report.speaker import Speaker
from nopage.report.words import place_words
from nopage.result import Place

WORDS: Final[dict[str, Message]] = {
    "do": labels.DO, "do_not": labels.DO_NOT, "kinds": labels.KINDS, "article": labels.ARTICLE,
    "source": labels.SOURCE, "zone": labels.ZONE, "reports": labels.REPORTS, "path": labels.PATH,
    "driver": labels.DRIVER, "cause": labels.CAUSE, "first": labels.FIRST, "last": labels.LAST,
    "hosts": say("page.hosts_label", "hosts"),
    "not_read": say("page.not_read", "Not read"),
    "if_back": say("page.if_back", "if it comes back"),
    "copy": say("page.copy", "copy"),
    "copied": say("page.copied", "copied"),
    "why_and_back": say("page.why_and_back", "why, way back"),
    "to_last": say("page.to_last", "To last"),
    "way_back": say("page.way_back", "Way back"),
    "every_zone": say("page.every_zone", "Every zone, replayed"),
    "flag": say("page.flag", "flag"),
    "asks_for": say("page.asks_for", "asks for"),
    "trace": say("page.trace", "The call trace, with who asked"),
    "asked": say("page.asked", "asked"),
    "floor": labels.FLOOR,
    "filter": say("page.filter", "filter"),
    "interfaces": say("page.interfaces", "Interfaces and what they dropped"),
    "interface": say("page.interface", "interface"),
    "ring": say("page.ring", "ring"),
    "no_buffer": say("page.no_buffer", "no buffer"),
    "ring_empty": say("page.ring_empty", "ring empty"),
    "sar": say("page.sar", "What sar measured then"),
    "time": say("page.time", "time"),
    "receive": say("page.receive", "receive Mbit/s"),
    "send": say("page.send", "send Mbit/s"),
    "kswapd_scans": say("page.kswapd_scans", "kswapd scans/s"),
    "direct_scans": say("page.direct_scans", "direct scans/s"),
    "free_kb": labels.FREE_KB,
    "did_not_hold": say("page.did_not_hold", "What the archive did not hold"),
    "cut": say("page.cut", "cut"),
    "links": say("page.links", "Article, source, links"),
}  # fmt: skip


def spoken(words: Mapping[str, Message], speak: Speaker, **functions: Callable[..., str]) -> SimpleNamespace:
    """Words in one language, and functions for those with numbers, each by its name."""
    return SimpleNamespace(**{name: speak(message) for name, message in words.items()}, **functions)


def words_of(speak: Speaker) -> SimpleNamespace:
    """All of them in one language; those with numbers are functions."""

    def hosts(count: int) -> str:
        return speak(say("page.hosts", "{count:# host|# hosts}", count=count))

    def copy_command(number: int) -> str:
        return speak(say("page.copy_command", "copy command {number}", number=number))

    def before(lines: int) -> str:
        return speak(say("page.before", "Before it: {count:# line|# lines} of the same log", count=lines))

    def mask(gfp_mask: str) -> str:
        return speak(say("page.mask", "The mask {gfp_mask}, flag by flag", gfp_mask=gfp_mask))

    def marks(setting: str, value: object) -> str:
        return speak(say("page.marks", "{setting} = {value}: marks in pages, now and then", setting=setting,
                         value=str(value)))

    def sort_by(column: str) -> str:
        return speak(say("page.sort_by", "sort by {column}", column=column))

    def more_kinds(count: int) -> str:
        return speak(say("page.more_kinds", "{count:# more kind stands|# more kinds stand} in the JSON.", count=count))

    def own_report(places: tuple[Place, ...]) -> str:
        return speak(say("page.own_report", "The kernel's own report ({places})", places=place_words(places, speak)))

    return spoken(
        WORDS, speak, count_hosts=hosts, copy_command=copy_command,
        before=before, mask=mask, marks=marks, sort_by=sort_by, more_kinds=more_kinds, own_report=own_report,
        known=speak.known,
    )
