"""The comment for a support case: short enough to be read and to be pasted, whatever the host.

Rooms are tried from the largest to the smallest until all fits; the commands stay longest.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.report.documents import account as told
from nopage.report.documents.account import Account, Deed, account_of
from nopage.report.documents.needs import Need
from nopage.report.documents.plain import CASE_COLUMNS, in_lines, plain, shell_lines
from nopage.report.screen import cut
from nopage.report.speaker import Speaker
from nopage.result import Result
from nopage.version import __version__

CHARACTERS_MOST: Final = 4000
HOST_LINES: Final = 4
QUOTED_MOST: Final = 170
HELLO = say("case.hello", "Hello,")
NOTHING_TO_DO = say("case.nothing_to_do", "Nothing has to be changed.")
NOTHING_NEEDED = say(
    "case.nothing_needed", "Nothing: the archive holds all that we need. Please tell us whether it comes back."
)
NOTHING_FOUND_NEEDED = say("case.nothing_found_needed", "Nothing.")
CUT = say("case.cut", "(shortened to {characters:,} characters)", characters=CHARACTERS_MOST)


@dataclass(frozen=True, slots=True)
class Room:
    """How much of each part is told; `whole` for whole sentences where there are short ones."""

    quotes: int
    why: int
    matters: int
    steps: int
    notes: bool
    reasons: int
    limits: int
    whole: bool
    do_not: int
    needs: int
    links: int


ROOMS: Final = (
    Room(4, 4, 3, 6, True, 2, 6, True, 3, 6, 3),
    Room(4, 4, 2, 6, True, 1, 5, False, 3, 5, 2),
    Room(3, 3, 2, 5, True, 0, 4, False, 2, 4, 2),
    Room(2, 3, 1, 4, True, 0, 3, False, 2, 3, 1),
    Room(2, 2, 1, 4, True, 0, 2, False, 1, 2, 1),
    Room(1, 2, 0, 3, False, 0, 2, False, 1, 2, 1),
    Room(1, 1, 0, 2, False, 0, 1, False, 1, 1, 1),
)


def case_comment(results: Sequence[Result], speak: Speaker) -> str:
    """The comment, at most 4,000 characters, wrapped at 78 columns."""
    if len(results) != 1:
        return fitted(several(results, speak), speak)
    account = account_of(results[0], speak)
    lines: list[str] = []
    for room in ROOMS:
        lines = one(account, speak, room)
        if size(lines) <= CHARACTERS_MOST:
            break
    return fitted(lines, speak)


def size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def fitted(lines: list[str], speak: Speaker) -> str:
    """The lines as text; where even the smallest room is too much, the first of them."""
    end = ["", speak(CUT)]
    if size(lines) > CHARACTERS_MOST:
        while lines and size(lines) + size(end) > CHARACTERS_MOST:
            lines.pop()
        lines += end
    return "\n".join(lines) + "\n"


def one(account: Account, speak: Speaker, room: Room) -> list[str]:
    """The comment on one host."""
    lines = [speak(HELLO), "", *prose(account.title), *prose(account.source)]
    for warning in account.warnings[:2]:
        lines += prose(cut(warning, 3 * CASE_COLUMNS), "  ")
    lines += heading(told.HAPPENED, speak)
    lines += prose(speak.joined(account.happened))
    for quote in account.quotes[: room.quotes]:
        text = cut(plain(quote.text), QUOTED_MOST)
        lines += [*prose(f"{quote.place.file}:{quote.place.line}", "  "), *quoted(text)]
    lines += part(told.WHY, account.why[: room.why], speak)
    lines += part(told.MATTERS, account.matters[: room.matters], speak)
    if account.steps:
        lines += [*heading(told.RECOMMEND, speak), *prose(speak.joined(account.lead))]
        lines += [line for deed in account.steps[: room.steps] for line in deed_lines(deed, speak, room)]
    elif not account.later and account.result.findings:
        lines += [*heading(told.RECOMMEND, speak), *prose(speak(NOTHING_TO_DO))]
    if account.later:
        lines += [*heading(told.LATER, speak), *(prose(speak.joined(account.lead)) if not account.steps else ())]
        lines += [line for deed in account.later[: room.steps] for line in deed_lines(deed, speak, room)]
    limits = account.limits if room.whole else account.short_limits
    lines += part(told.LIMITS, limits[: room.limits], speak)
    lines += part(told.DO_NOT, account.do_not[: room.do_not], speak)
    lines += heading(told.NEED, speak)
    for need in account.needs[: room.needs]:
        lines += need_lines(need, speak)
    if not account.needs:
        lines += prose(speak(NOTHING_NEEDED if account.result.findings else NOTHING_FOUND_NEEDED))
    if account.links and room.links:
        lines += heading(told.LINKS, speak)
        for link in account.links[: room.links]:
            lines += [*in_lines(link.title, CASE_COLUMNS, "  ", "- "), f"  {plain(link.url)}"]
    return [*lines, "", f"nopage {__version__}"]


def heading(message: Message, speak: Speaker) -> list[str]:
    return ["", f"{speak(message)}{speak.colon}".rstrip()]


def prose(text: str, indent: str = "") -> list[str]:
    return in_lines(text, CASE_COLUMNS, indent) if text else []


def part(message: Message, texts: Sequence[str], speak: Speaker) -> list[str]:
    """A heading with its texts as a list; nothing where there is none."""
    if not texts:
        return []
    lines = heading(message, speak)
    if len(texts) == 1:
        return lines + prose(texts[0])
    return lines + [line for text in texts for line in in_lines(text, CASE_COLUMNS, "  ", "- ")]


def quoted(text: str) -> list[str]:
    """A line of a log: broken where it must be, for it is not to be pasted."""
    indent, lines = "  > ", []
    while text:
        piece = cut_exactly(text, CASE_COLUMNS - len(indent))
        lines.append((indent + piece).rstrip())
        text = text[len(piece):]
    return lines


def cut_exactly(text: str, columns: int) -> str:
    """As much of the text as so many columns hold, to a blank where one is near the end."""
    kept = text[:columns]
    while cell_len(kept) > columns:
        kept = kept[:-1]
    blank = kept.rfind(" ")
    return kept[: blank + 1] if len(kept) < len(text) and blank > columns // 2 else kept


def deed_lines(deed: Deed, speak: Speaker, room: Room) -> list[str]:
    """One step: what to do, what it does, how it lasts, the way back."""
    first = f"{deed.number}. "
    indent = " " * len(first)
    if deed.commands:
        lines = [line for command in deed.commands for line in shell_lines(command, CASE_COLUMNS, indent)]
        lines[0] = first + lines[0][len(indent):]
    else:
        lines = in_lines(deed.title, CASE_COLUMNS, indent, first)
    if room.notes and deed.notes:
        lines += prose("; ".join(deed.notes), indent)
    reasons = deed.reason[: room.reasons] if deed.commands else deed.reason[1 : room.reasons]
    lines += [line for text in reasons for line in prose(text, indent)]
    if deed.last_words:
        lines += prose(deed.last_words, indent)
        lines += [f"{indent}  {plain(line)}" for line in deed.last_lines]
    lines += [line for command in deed.last_commands for line in shell_lines(command, CASE_COLUMNS, f"{indent}  ")]
    back = ", ".join(filter(None, (*deed.back, deed.back_words)))
    if back:
        lines += prose(speak(say("document.way_back", "Way back: {commands}", commands=back)), indent)
    return lines


def need_lines(need: Need, speak: Speaker) -> list[str]:
    lines = in_lines(speak(need.what), CASE_COLUMNS, "  ", "- ")
    return lines + [line for command in need.commands for line in shell_lines(command, CASE_COLUMNS, "    ")]


def several(results: Sequence[Result], speak: Speaker) -> list[str]:
    """Several hosts in one comment: each with what happened and the first thing to do, as many as there is room for."""
    lines = [speak(HELLO)]
    for number, result in enumerate(results):
        account = account_of(result, speak)
        block = ["", *prose(account.title), *(() if result.host else prose(account.source, "  "))]
        text = in_lines(speak.joined(account.happened), CASE_COLUMNS, "  ")
        block += text[:HOST_LINES] if len(text) <= HOST_LINES else [*text[: HOST_LINES - 1], "  ..."]
        for deed in account.steps[:1]:
            commands = [line for one in deed.commands for line in shell_lines(one, CASE_COLUMNS, "     ")]
            block += [f"  {deed.number}. {commands[0].lstrip()}", *commands[1:]] if commands else in_lines(
                deed.title, CASE_COLUMNS, "     ", f"  {deed.number}. ")
        left = len(results) - number
        more = say("case.more_hosts", "and {count:# more host|# more hosts}.", count=left)
        if size(lines) + size(block) + 60 > CHARACTERS_MOST:
            lines += ["", speak(more)]
            break
        lines += block
    return [*lines, "", f"nopage {__version__}"]
