"""The header line: `COMM: page allocation failure. order:N, mode:0xN` (RHEL 4-6), `failure: ...` (RHEL 7 on).

KERNEL.md 2.1. RHEL 8 on adds `(GFP_NAMES), nodemask=..,cpuset=..,mems_allowed=..`, the last two on a line of their own
in 4.11-4.18.
"""
from __future__ import annotations

import re
from typing import Final

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.kernel.pattern import later

MAX_COMM: Final = 15  # TASK_COMM_LEN - 1

_FLAGS: Final = r"\s?\((?:\)|[A-Z_0][\w\s|]{0,400}\)?)"  # (GFP_ATOMIC|__GFP_COMP|0x1000), ()
HEADER: Final = re.compile(
    r"page allocation failure[.:,]? ?\s?order: ?(?P<order>\d{1,3})(?!\d)"
    r"(?:[,.]?\s{0,4}mode: ?0x(?P<mode>[0-9a-f]{1,8})(?![0-9a-f])(?P<flags>" + _FLAGS + ")?)?"
)
# As hands type it from a screen: `order 0, mode: 0x20`, `order=0 mode=0x20`.
_TYPED: Final = later(
    r"page\s{1,3}alloc(?:ation)?\s{1,3}failure\s?[.:,;-]?\s{0,3}\(?order\s?[:=]?\s?(?P<order>\d{1,3})(?!\d)"
    r"\s?[,.;]?\s{0,3}mode\s?[:=]?\s{0,3}0x\s?(?P<mode>[0-9a-f]{1,8})(?![0-9a-f])\)?(?P<flags>" + _FLAGS + ")?",
    re.IGNORECASE,
)
# OCR and hands that copy a screen write O for 0, l or I for 1, and blanks beside punctuation.
_OCR: Final = later(
    r"p[ao]ge\s{1,3}a[lI1]{2}ocat[il1]on\s{1,3}fai[lI1]ure\s?[.:,;]?\s{0,3}[o0]rder\s?[:;.]\s?(?P<order>[0-9OoQlI|]{1,2})"
    r"\s?[,.;]?\s{0,3}(?:m|rn)[o0]de\s?[:;.]\s?[0OoQ][xX](?P<mode>[0-9a-fA-FOoQlI|]{1,8})(?![0-9a-zA-Z])"
    r"(?P<flags>" + _FLAGS + ")?"
)
_OCR_DIGITS: Final = str.maketrans("oqli|", "00111")
# No kernel has an order beyond MAX_ORDER (11; 14 at most), nor a gfp_t of more than 32 bits.
_IMPOSSIBLE: Final = re.compile(
    r": page allocation failure[.:]? ?order: ?(?:-\d+|\d{3,}|(?:3[2-9]|[4-9]\d)(?!\d)|\d{1,2}, ?mode:0x[0-9a-f]{9,})"
)
_ORPHAN_MODE: Final = later(
    r"(?:^|[\s\])])[,.]?\s?mode: ?0x(?P<mode>[0-9a-f]{1,8})(?![0-9a-f])(?P<flags>" + _FLAGS + ")?"
)
# A cgroup's name may hold blanks and commas, so what follows it ends it.
_NAME: Final = r"(?:(?!page alloc|mode:0x|cpuset=|mems_allowed=).){0,255}?(?=,\s?mems_allowed=)|[^\s,]*"
_PLACED: Final = re.compile(
    r"(?:,\s?(?:nodemask=(?:\(null\)|[\d,-]*\d)|cpuset=(?:" + _NAME + r")"
    r"|mems_allowed=[\d,-]*\d|(?:nodem|cpus|mems)\w*))+"
)
_NODEMASK: Final = re.compile(r"nodemask=(\(null\)|[\d,-]*\d)")
_CPUSET: Final = re.compile(r"cpuset=(.{0,255}?)(?:,? ?mems_allowed=|,? ?mems?\w*$|,?$)")
_MEMS: Final = re.compile(r"mems_allowed=([\d,-]*\d)")
_CPUSET_LINE: Final = later(r"(?P<comm>.{1,20}?) cpuset=")
# Lines of programs, mails, shells and chats that repeat a header.
_PROGRAM: Final = re.compile(r"[\w./@+-]{1,48}\[\d{1,10}\]:\s")
_MAIL_TITLE: Final = re.compile(
    r"(?:Subject|Re|Fwd?|AW|Title|Summary|Betreff|Sujet|Description)\s?:|\[?Bug #?\d+\]?[\s:-]|"
    r"<(?:title|h[1-6]|meta|option)\b", re.IGNORECASE
)
_COMMAND: Final = re.compile(
    r"(?:^|[#$%|;]\s{0,4})(?:sudo\s)?(?:[efz]?grep|rg|awk|sed|echo|printf|logger|dmesg|journalctl|tail|cat)\s"
)
_SUMMARY: Final = later(r"\d{1,9} Time\(s\)\s*$")  # of logwatch, which counts lines that begin alike
_CHAT: Final = re.compile(r"<[@+~ ]?[A-Za-z][\w|`^\[\]-]{0,30}>\s")
_BULLET: Final = re.compile(r"^\s*(?:(?:[-*•+]|\d{1,3}[.)])\s+)?")
_WORD: Final = later(r"(?:^|\s)[A-Za-z'’]{1,20},?\s*$")
_NO_COMM: Final = frozenset(("error", "errors", "message", "messages", "warning", "following", "log", "this"))
# What a sentence has before a header that it cites: "I get swapper: page allocation failure. ..".
_CITING: Final = frozenset((
    "like", "as", "get", "gets", "got", "getting", "see", "sees", "saw", "seeing", "says", "said", "saying", "reads",
    "logs", "logged", "logging", "shows", "showing", "prints", "printing", "with", "have", "having", "about", "e.g.",
))  # fmt: skip
_QUOTES: Final = {'"': '"', "'": "'", "`": "`'", "“": "”", "‘": "’", "«": "»", "„": "“”"}


@dataclass(frozen=True, slots=True)
class Header:
    """One header as read.

    `name` is all that stood before the colon; where lines were glued, `comm` is taken for its end. `mode` None: it was
    cut or printed apart. `after` is what follows the header on its line.
    """

    comm: str
    name: str
    order: int
    mode: int | None
    flags: str | None
    text: str
    after: str
    damage: tuple[Message, ...] = ()


def may_hold_header(text: str) -> bool:
    """Cheap test before `find_header`."""
    return "page alloc" in text or ("ocat" in text and "mode" in text.lower())


def impossible_header(text: str) -> str | None:
    """A header whose order or mode is no number that a kernel can print, as it stands; None where there is none."""
    match = _IMPOSSIBLE.search(text)
    return match[0][2:120] if match else None


def is_spoken_of(text: str) -> bool:
    """A whole header stands in the text that is no report's: somebody quotes it, a program repeats it."""
    return HEADER.search(text) is not None or _TYPED.search(text) is not None


def find_header(text: str, *, framed: bool = False) -> tuple[str, Header] | None:
    """The first header in the text of a record, with what stood before it; None when it is only spoken of.

    `framed`: the line bore a kernel log's prefix, so a header whose comm was lost is no sentence about one, and what
    stands before it is a comm, even `kworker/1: 0`.
    """
    match = exact = HEADER.search(text)
    if match is not None and _IMPOSSIBLE.match(text, max(match.start() - 2, 0)):
        return None
    damage: tuple[Message, ...] = ()
    if match is None or (match["mode"] is None and "ode" in text[match.end() : match.end() + 8]):
        match = _TYPED.search(text) or (_OCR.search(text) if "ocat" in text else None) or match
        if match is None:
            return None
    if match is not exact:
        damage = (say("missing.header.damaged", "the header was read from damaged text: {header}", header=match[0]),)
    named = _comm(text[: match.start()], text[match.end() :], framed)
    if named is None:
        return None
    comm, lead = named
    order, mode, flags = match.group("order", "mode", "flags")
    if damage:
        order, mode = order.lower().translate(_OCR_DIGITS), mode.lower().translate(_OCR_DIGITS)
    if flags is not None and not flags.endswith(")"):
        damage += (say("missing.header.flags", "the flag names of the header are cut"),)
        flags = None
    if not comm:
        damage += (say("missing.header.comm", "the comm before 'page allocation failure' is lost"),)
    placed = _PLACED.match(text, match.end())
    end = placed.end() if placed else match.end()
    header = Header(
        comm=comm,
        name=text[: match.start()].rstrip().rstrip(":")[-64:],
        order=int(order),
        mode=int(mode, 16) if mode is not None else None,
        flags=None if flags is None else flag_names(flags),
        text=f"{comm}: {text[match.start() : end]}" if comm else text[match.start() : end],
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
        mems[1] if mems else None,
    )


def cpuset_line(text: str) -> str | None:
    """The comm of a `COMM cpuset=/ mems_allowed=0-1` line."""
    match = _CPUSET_LINE.match(text)
    return match["comm"] if match else None


def _comm(before: str, after: str, framed: bool) -> tuple[str, str] | None:
    """The comm and what stood before it; None when the words are only mentioned.

    `%s: ` of current->comm may hold blanks, '/' and ':'; it is at most 15 characters.
    """
    stripped = before.rstrip()
    if not stripped:
        return ("", before) if framed else None
    if stripped[-1] != ":":
        return None
    name = stripped[:-1].rstrip()
    lead = _BULLET.sub("", name)
    if any(mention.match(lead) for mention in (_MAIL_TITLE, _CHAT, _PROGRAM)):
        return None
    if _COMMAND.search(lead) or _is_quotation(name, after) or ("Time" in after and _SUMMARY.search(after) is not None):
        return None
    comm = lead if framed and len(lead) <= MAX_COMM else lead.rpartition(": ")[2]
    if len(comm) > MAX_COMM:
        comm = _last_word(comm)
    if not framed:
        said = _WORD.search(lead[: len(lead) - len(comm)]) and any(map(str.isalpha, after[:40]))
        if said or comm.rpartition(" ")[2].lower() in _NO_COMM:
            return None  # a sentence
        if len(words := lead.split()) > 1 and words[-2].lower().strip(",:;(") in _CITING:
            return None
    return comm.strip(), before[: len(name) - len(comm)]


def _last_word(text: str) -> str:
    """The comm at the end of a line that another message was glued to."""
    word = text.split()[-1]
    if len(word) > MAX_COMM:
        for mark in "])}>;,.":
            word = word.rpartition(mark)[2] or word
    return word[-MAX_COMM:]


def _is_quotation(name: str, after: str) -> bool:
    """A sentence quotes the header: a quote mark before the comm and its partner after the mode."""
    for mark in name[-MAX_COMM - 2 :]:
        closing = _QUOTES.get(mark)
        if closing and any(partner in after for partner in closing):
            return True
    return False
