"""The header line: `COMM: page allocation failure. order:N, mode:0xN` (RHEL 4-6), `failure: ...` (RHEL 7 on).

KERNEL.md 2.1. RHEL 8 on adds `(GFP_NAMES), nodemask=..,cpuset=..,mems_allowed=..`, the last two on a line of their own
in 4.11-4.18.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_COMM: Final = 15  # TASK_COMM_LEN - 1

HEADER: Final = re.compile(
    r"page allocation failure[.:,]? ?\s*order: ?(?P<order>\d{1,3})(?!\d)"
    r"(?:[,.]?\s*mode: ?0x(?P<mode>[0-9a-f]{1,8})(?![0-9a-f])(?P<flags>\s?\([^()]*\)?)?)?"
)
# OCR and hands that copy a screen write O for 0, l or I for 1, and put blanks beside punctuation.
_OCR: Final = re.compile(
    r"p[ao]ge\s+a[lI1]{2}ocat[il1]on\s+fai[lI1]ure\s?[.:,;]?\s*[o0]rder\s?[:;.]\s?(?P<order>[0-9OoQlI|]{1,2})\s?[,.;]?\s*"
    r"m[o0]de\s?[:;.]\s?[0OoQ][xX](?P<mode>[0-9a-fA-FOoQlI|]{1,8})(?![0-9a-zA-Z])(?P<flags>\s?\([^()]*\)?)?"
)
_OCR_DIGITS: Final = str.maketrans("OoQlI|", "000111")
_ORPHAN_MODE: Final = re.compile(
    r"(?:^|[\s\])])[,.]?\s?mode: ?0x(?P<mode>[0-9a-f]{1,8})(?![0-9a-f])(?P<flags>\([^()]*\)?)?"
)
_NODEMASK: Final = re.compile(r"nodemask=(\(null\)|[\d,-]+)")
_CPUSET: Final = re.compile(r"cpuset=(.*?)(?:,\s?mems_allowed=|\s+mems_allowed=|,?$)")
_MEMS: Final = re.compile(r"mems_allowed=([\d,-]+)")
_PLACED: Final = re.compile(r"(?:,\s?(?:nodem|cpuset|mems)\S*)+")
_CPUSET_LINE: Final = re.compile(r"^(?P<comm>.{1,20}?) cpuset=\S* ?(?:mems_allowed=|$)")
_PROGRAM: Final = re.compile(r"[\w./@+-]{1,48}\[\d+\]:\s")
_MAIL_TITLE: Final = re.compile(
    r"(?:Subject|Re|RE|Fwd?|AW|Title|Summary|Betreff|Sujet|Description)\s?:|\[?Bug #?\d+\]?[\s:-]", re.IGNORECASE
)
_COMMAND: Final = re.compile(
    r"(?:\S{0,40}[#$%]\s+|sudo\s+)?(?:[ezf]?grep|rg|awk|sed|echo|printf|logger|dmesg|journalctl|tail|cat|egrep)\s"
)
_CHAT: Final = re.compile(r"<[@+~ ]?[A-Za-z][\w\-|`^\[\]]{0,30}>\s")
_QUOTES: Final = {'"': '"', "'": "'", "`": "`'", "“": "”", "‘": "’", "«": "»", "„": "“”"}


@dataclass(frozen=True, slots=True)
class Header:
    """One header as read. `mode` None: it was cut or printed apart. `after` is what follows it on the line."""

    comm: str
    order: int
    mode: int | None
    flags: str | None
    text: str
    after: str
    damage: tuple[str, ...] = ()


def may_hold_header(text: str) -> bool:
    """Cheap test before `find_header`."""
    return "page alloc" in text or ("ocat" in text and "mode" in text.lower())


def find_header(text: str, *, kernel: bool = True, framed: bool = False) -> tuple[str, Header] | None:
    """The first header in the text of a record, with the text that stood before it.

    `kernel` False: a program wrote the line. `framed`: the line bore a kernel log's prefix, so a header whose comm was
    lost is no sentence about one.
    """
    if not kernel:
        return None
    match = HEADER.search(text)
    damage: tuple[str, ...] = ()
    if match is None:
        match = _OCR.search(text) if "ocat" in text and "mode" in text else None
        if match is None:
            return None
        damage = (f"the header was read from damaged text: {match[0]!r}",)
    before = text[: match.start()]
    comm = _comm(before, match, text, framed)
    if comm is None:
        return None
    order, mode = match["order"], match["mode"]
    if damage:
        order, mode = order.translate(_OCR_DIGITS), mode.lower().translate(_OCR_DIGITS)
    flags = match["flags"]
    if flags is not None and not flags.endswith(")"):
        damage += ("the flag names of the header are cut",)
        flags = None
    name, lead = comm
    if not name:
        damage += ("the comm before 'page allocation failure' is lost",)
    end = match.end()
    placed = _PLACED.match(text, end)
    header = Header(
        comm=name,
        order=int(order),
        mode=int(mode, 16) if mode is not None else None,
        flags=None if flags is None else flag_names(flags),
        text=f"{name}: {text[match.start() : end]}" + (placed[0] if placed else ""),
        after=text[end:],
        damage=damage,
    )
    return lead, header


def flag_names(printed: str) -> str:
    """`(GFP_ATOMIC|__GFP_COMP)` without parentheses and the blanks of wrapping; empty for `()`."""
    return "".join(printed.split())[1:-1]


def find_mode(text: str) -> tuple[int, str | None, str] | None:
    """`, mode:0x..(FLAGS)` printed apart from its header by pr_cont (4.9 on), with the rest of the line."""
    match = _ORPHAN_MODE.search(text)
    if match is None:
        return None
    flags = match["flags"]
    return int(match["mode"], 16), flag_names(flags) if flags and flags[-1] == ")" else None, text[match.end() :]


def placement(text: str) -> tuple[str | None, str | None, str | None]:
    """nodemask, cpuset and mems_allowed of the text after a header."""
    if "=" not in text:
        return None, None, None
    nodemask, cpuset, mems = _NODEMASK.search(text), _CPUSET.search(text), _MEMS.search(text)
    return (
        nodemask[1] if nodemask else None,
        (cpuset[1].strip() or None) if cpuset else None,
        mems[1].rstrip(",-") if mems else None,
    )


def cpuset_line(text: str) -> str | None:
    """The comm of a `COMM cpuset=/ mems_allowed=0-1` line."""
    match = _CPUSET_LINE.match(text) if " cpuset=" in text else None
    return match["comm"] if match else None


def _comm(before: str, match: re.Match[str], text: str, framed: bool) -> tuple[str, str] | None:
    """The comm and what stood before it; None when the words are only mentioned.

    `%s: ` of current->comm may hold blanks, '/' and ':'; it is at most 15 characters.
    """
    stripped = before.rstrip()
    if not stripped or stripped[-1] in ",0123456789)]" and framed:
        return ("", before) if framed else None
    if stripped[-1] != ":":
        return None
    name = stripped[:-1].rstrip()
    lead = name.lstrip("-*• \t")
    if _MAIL_TITLE.match(lead) or _COMMAND.match(lead) or _CHAT.match(lead) or _PROGRAM.match(lead):
        return None
    if _is_quotation(name, text[match.end() :]):
        return None
    comm = lead
    if ": " in comm:
        comm = comm.rpartition(": ")[2]
    comm = _last_word(comm)[-MAX_COMM:]
    return comm.strip(), before[: len(name) - len(comm)]


def _last_word(text: str) -> str:
    """The comm at the end of a line that another message was glued to."""
    if len(text) <= MAX_COMM:
        return text
    word = text.split()[-1]
    if len(word) > MAX_COMM:
        for mark in "])}>;,.":
            word = word.rpartition(mark)[2] or word
    return word


def _is_quotation(name: str, after: str) -> bool:
    """A sentence quotes the header: a quote mark before the comm and its partner after the mode."""
    for position in range(max(0, len(name) - MAX_COMM - 2), len(name)):
        closing = _QUOTES.get(name[position])
        if closing and any(mark in after for mark in closing):
            return True
    return False
