"""The proof on one screen: the zone that decides, what the request had to leave, and the free blocks by order."""
from __future__ import annotations

from rich.cells import cell_len

from nopage.kernel.message import NOTHING, Message, say
from nopage.report.screen.layout import at_most, cut, wrapped
from nopage.report.speaker import Speaker, grouped, quantity
from nopage.result import Cause, Failure, Finding, Result, Zone

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
WATERMARK, FREE_LIST = "watermark", "free list"  # tests of the kernel: is enough free at all; is a block there


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
    """The deciding zone, the free list with the asked order marked, and the test that failed; each whole or not."""
    said = finding.why_said
    if failure is None or not said:
        return at_most([line for one in said[:1] for line in wrapped(speak(one), width)], most, width)
    zone = deciding_zone(failure)
    told = named(failure, zone)
    lines = at_most(wrapped(speak(told or said[0]), width), most, width)
    if zone is not None and failure.order and zone.free_area:
        blocks = block_lines(zone, failure.order, speak, width)
        lines += blocks if len(lines) + len(blocks) <= most else blocks[:2] if len(lines) + 2 <= most else []
    test = wrapped(deciding_test(finding, zone, speak), width)
    return lines + test if test[0] and len(lines) + len(test) <= most else lines


def named(failure: Failure, zone: Zone | None) -> Message:
    """What the deciding zone had, what it had to keep, and what that comes to; NOTHING where it is not known."""
    evidence = failure.evidence
    if zone is None or evidence.free_pages is None or evidence.floor_pages is None:
        return NOTHING
    page_kb = evidence.page_kb or zone.page_kb
    free = quantity(evidence.free_pages, page_kb)
    floor = quantity(evidence.floor_pages + (evidence.reserve_pages or 0), page_kb)
    margin_pages = evidence.margin_pages or 0
    if margin_pages >= 0:
        return say("screen.zone_passes", "{zone}: {free} free, floor for this request {floor}: enough when it was "
                   "printed.", zone=evidence.zone, free=free, floor=floor)
    if evidence.test == WATERMARK:
        return say("screen.zone_short_by", "{zone}: {free} free, floor for this request {floor}: short by {short_by}.",
                   zone=evidence.zone, free=free, floor=floor, short_by=quantity(-margin_pages, page_kb))
    if not failure.order or (evidence.test == FREE_LIST and evidence.blocks_at_order):
        return say("screen.zone_closed", "{zone}: {free} free, floor for this request {floor}: enough, but not for it.",
                   zone=evidence.zone, free=free, floor=floor)
    if failure.cause is Cause.WATERMARK_ORDER:
        return say("screen.zone_refused", "{zone}: {free} free, floor for this request {floor}: enough, but this "
                   "kernel wants more of it in large blocks.", zone=evidence.zone, free=free, floor=floor)
    return say("screen.zone_enough", "{zone}: {free} free, floor for this request {floor}: enough, but not in one "
               "piece.", zone=evidence.zone, free=free, floor=floor)


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


def deciding_test(finding: Finding, zone: Zone | None, speak: Speaker) -> str:
    """The sentence on the test that decided, without the zone's name, which stands above it; "" where there is none."""
    name = zone_name(zone) if zone is not None else ""
    told = (speak(one) for one in finding.why_said if one.id == "verdict.sentence" and name)
    found = next((text for text in told if text.startswith((f"{name}:", f"{name}：", f"{name} :"))), "")
    return speak.capital(found.removeprefix(name).lstrip(":： "))
