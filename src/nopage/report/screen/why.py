"""The proof on one screen: the zone that decides, what the request had to leave, and the free blocks by order."""
from __future__ import annotations

from rich.cells import cell_len

from nopage.kernel.message import say
from nopage.report.screen.layout import at_most, cut, wrapped
from nopage.report.speaker import Speaker, grouped, quantity
from nopage.result import Failure, Finding, Result, Zone

LETTERS = {
    "U": say("letter.u", "(U) unmovable"),
    "M": say("letter.m", "(M) movable"),
    "E": say("letter.e", "(E) reclaimable"),
    "C": say("letter.c", "(C) CMA, for movable pages only"),
    "H": say("letter.h", "(H) the reserve for atomic requests of order 1 and more"),
    "I": say("letter.i", "(I) isolated"),
    "R": say("letter.r", "(R) the reserve of RHEL 7"),
}
DECIDE = frozenset("CHI")


def shown_failure(finding: Finding, result: Result) -> Failure | None:
    """The failure that the finding tells of: the last of its signature, which has its numbers."""
    same = [one for one in result.failures if one.signature == finding.shown]
    return next((one for one in reversed(same) if one.zones), same[-1] if same else None)


def deciding_zone(failure: Failure) -> Zone | None:
    """The zone whose test decided; never a zone of a few MB where that one is known."""
    name = failure.evidence.zone
    return next((zone for zone in failure.zones if zone_name(zone) == name), None)


def zone_name(zone: Zone) -> str:
    return zone.zone if zone.node is None else f"Node {zone.node} {zone.zone}"


def why_lines(finding: Finding, failure: Failure | None, speak: Speaker, width: int, most: int) -> list[str]:
    """The deciding zone, the free list with the asked order marked, and the test that failed."""
    said = finding.why_said
    if failure is None or not said:
        return [line for one in said[:1] or () for line in wrapped(speak(one), width)][:most]
    zone, evidence = deciding_zone(failure), failure.evidence
    lines: list[str] = []
    if zone is not None and evidence.free_pages is not None and evidence.floor_pages is not None:
        page_kb = evidence.page_kb or zone.page_kb
        floor_pages = evidence.floor_pages + (evidence.reserve_pages or 0)
        free, floor = quantity(evidence.free_pages, page_kb), quantity(floor_pages, page_kb)
        if evidence.free_pages > floor_pages and failure.order:
            named = say(
                "screen.zone_enough",
                "{zone}: {free} free, floor for this request {floor}: enough, but not in one piece.",
                zone=evidence.zone, free=free, floor=floor,
            )
        else:
            named = say(
                "screen.zone_short", "{zone}: {free} free, floor for this request {floor}.",
                zone=evidence.zone, free=free, floor=floor,
            )
        lines += wrapped(speak(named), width)
    else:
        lines += wrapped(speak(said[0]), width)
    if zone is not None and failure.order and zone.free_area:
        lines += block_lines(zone, failure.order, speak, width)
    verdict = next((one for one in said if one.id == "verdict.sentence"), None)
    if verdict is not None and zone is not None:
        lines += wrapped(without_zone(speak(verdict), zone, speak), width)
    return at_most(lines, most, width)


def block_lines(zone: Zone, order: int, speak: Speaker, width: int) -> list[str]:
    """Free blocks by order in columns; the asked order is marked, empty ones at the end are left out."""
    columns = list(zone.free_area)
    last = max((column.order for column in columns if column.count), default=0)
    shown = [column for column in columns if column.order <= max(last, order)]
    heads = [f"{column.order}{'*' if column.order == order else ''}" for column in shown]
    cells = [(grouped(column.count) if column.count else "-") + mark(column.migratetypes, column.order >= order)
             for column in shown]
    if last < columns[-1].order and len(shown) < len(columns):
        heads.append(f"{shown[-1].order + 1}+")
        cells.append("-")
    widths = [max(cell_len(head), cell_len(cell)) for head, cell in zip(heads, cells, strict=True)]
    label = speak(say("screen.blocks", "blocks of order"))
    one = f"{label}  " + "  ".join(head.rjust(size) for head, size in zip(heads, widths, strict=True))
    two = " " * cell_len(label) + "  " + "  ".join(cell.rjust(size) for cell, size in zip(cells, widths, strict=True))
    marked = speak(say("screen.asked", "* asked for"))
    lines = [cut(f"{one}   {marked}" if cell_len(one) + cell_len(marked) + 3 <= width else one, width), cut(two, width)]
    letters = {letter for column in shown if column.order >= order and column.count for letter in column.migratetypes}
    if letters & DECIDE:
        lines += wrapped("; ".join(speak(LETTERS[letter]) for letter in sorted(letters) if letter in LETTERS), width)
    return lines


def mark(letters: str, usable: bool) -> str:
    """The letters of a column, where they may decide."""
    return f"({letters})" if usable and set(letters) & DECIDE else ""


def without_zone(text: str, zone: Zone, speak: Speaker) -> str:
    """The verdict's sentence without the zone's name, which stands above it."""
    name = zone_name(zone)
    rest = text[len(name):].lstrip(":： ") if text.startswith(name) else text
    return speak.capital(rest)
