"""Phrases that several output formats share."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.message import Message, say
from nopage.report import labels
from nopage.report.speaker import ENGLISH, Speaker
from nopage.result import Finding, Link, Place, Result


def source_said(result: Result, name: str = "") -> Message:
    """What was read, under this name or its path, and whether wholly."""
    source, path = result.source, name or result.source.path
    if source.complete:
        return say("source.whole", "{path} ({kind}, read wholly)", path=path, kind=source.kind.value)
    return say("source.partly", "{path} ({kind}, NOT read wholly)", path=path, kind=source.kind.value)


def one_line(result: Result, speak: Speaker) -> str:
    """The whole result in one line, for many sources."""
    source = result.source
    name = result.host or source.path
    prefix = f"{source.path}: " if name != source.path else ""
    if source.kind == "unreadable":
        return speak(say("line.unreadable", "{path}: could not be read: {warnings}", path=source.path,
                         warnings="; ".join(source.warnings)))
    said = "; ".join(f"{finding.key}: {summary_words(finding, speak)}" for finding in result.findings)
    said = said or speak(say("line.nothing", "no finding"))
    partly = "" if source.complete else f" ({speak(say('line.partly', 'source read partly'))})"
    return f"{prefix}{name}: {said}{partly}"


def capital(text: str) -> str:
    """A sentence that begins with "the" begins with a capital; names of drivers stay as they are."""
    return text[:1].upper() + text[1:] if text.startswith("the ") else text


def leaf(path: str) -> str:
    """A source without the folders of whoever reads it; of a pile of archives the member."""
    return path.rstrip("/").rpartition("/")[2] or path


def label_of(word: str, speak: Speaker) -> str:
    """The key of a finding or a cause as a person reads it; a word that has no label as it is."""
    told = labels.FINDINGS.get(word) or labels.CAUSES.get(word)
    return speak(told) if told is not None else word


def summary_words(finding: Finding, speak: Speaker) -> str:
    """The finding in a sentence, with a capital where there are any."""
    return finding.summary if speak.language == ENGLISH else speak.together(finding.summary_said) or finding.summary


def size_said(order: int, page_kb: int = 4) -> Message:
    """'order 1 (2 contiguous pages, 8 kB)'."""
    if not 0 <= order < 64:
        return say("size.order", "order {order}", order=order)
    pages = 1 << order
    if order == 0:
        return say("size.page", "order 0 (1 page, {page_kb} kB)", page_kb=page_kb)
    return say("size.pages", "order {order} ({pages} contiguous pages, {size_kb} kB)", order=order, pages=pages,
               size_kb=pages * page_kb)


def place_words(places: Sequence[Place], speak: Speaker, most: int = 3) -> str:
    """'sos_commands/kernel/dmesg:12, var/log/messages:880 and 4 more'."""
    shown = ", ".join(f"{place.file}:{place.line}" for place in places[:most])
    if len(places) <= most:
        return shown
    return speak(say("places.more", "{places} and {more} more", places=shown, more=len(places) - most))


def link_words(link: Link) -> str:
    """A link as 'title <url>', or its title alone where no URL is known."""
    return f"{link.title} <{link.url}>" if link.url else link.title
