"""Lines that a mailer broke and lines that lost their newlines: where one line of a report ends and the next begins."""
from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from nopage.kernel.pattern import later
from nopage.klog.framing.record import Record

MAX_JOINED: Final = 4096  # characters; the longest kernel line, a zone's, has some 700

# A line that surely has a rest: the header of a report, and what ends within a pair, a frame or a name.
_OPEN_ENDS: Final = ("?", ":", ",", " =", "Not", "from", "page", "page allocation", "allocation failure", "tainted")
_OPEN: Final = later(
    r"(?:: page(?: allocation(?: failure[.:,]?)?)?|page allocation failure[.:,]? ?order: ?\d{1,3},?|"
    r"mode:0x[0-9a-f]{1,8}(?:\([^)]{0,400}\)?)?,|nodemask=\S{1,40},|\?|PID:|Comm:|comm:|tainted|Tainted:|\bNot|"
    r"\bfrom|\b(?!trace:)[a-z_][a-z_()]{0,40}:| =|Exception:)$"
)
_COMM_MOST: Final = 16  # a comm and its colon
_NODE: Final = re.compile(r"(?:^|\s)Node \d{1,4}$")  # a zone's line broken behind its node
_HEADER_REST: Final = later(
    r"(?:page )?(?:allocation )?failure[.:,]? ?|order: ?\d|mode: ?0x|nodemask=|cpuset=|mems_allowed="
)
# What begins a line of its own in a report of any release.
_STARTS: Final = re.compile(
    r"</?[A-Z#<]|\[[<0-9a-zA-Z_]|\(\[<|\? |[\w.$]+\+0x|[\w.$]+ from |r\d+:|Call |Backtrace|CPU|Pid:|Mem-|Node \d|"
    r"lowmem_reserve|protections|Hardware name|Workqueue:|SL[UA]B:|cache:|node \d|\d+ (?:total |pages|reserved|bounce)|"
    r"Free |Total |Swap |[A-Z]\w{1,10}(?: free:|: \d+\*|: empty| per-cpu)|active_anon:\d+ |Active:|---|RIP|RSP|EFLAGS|"
    r"Code:|Modules|[\[(]?\.\.|=====|warn_alloc|printk:|__ratelimit|last message|Out of|[0-9a-f]{8,16} [0-9a-f]{8,16}"
)


def begins_line(text: str) -> bool:
    """Whether `text` begins like a line of its own in a report."""
    return _STARTS.match(text) is not None


def continues(held: Record, text: str) -> bool:
    """Whether `text`, a line without prefix, is the rest of `held`."""
    before = held.text
    if not text or len(before) > MAX_JOINED:
        return False
    if held.framed and before.endswith(":") and len(before) <= _COMM_MOST and text.startswith("page alloc"):
        return True
    if (before.endswith(_OPEN_ENDS) and _OPEN.search(before[-200:])) or _NODE.search(before[-12:]):
        return "page alloc" not in text
    if not held.framed:
        return "page alloc" in before and _HEADER_REST.match(text) is not None
    return "page alloc" not in text and _STARTS.match(text) is None


# Lines of a report that stand in the middle of another line, where all newlines were lost.
_ZONES: Final = r"(?:Node \d{1,4} )?(?:DMA32|DMA|Normal|HighMem|Movable)"
_JOINTS: Final = (
    r"Pid: \d{1,10}, comm:",
    r"CPU: \d{1,5} (?:UID|PID):",
    r"Hardware name:",
    r"Call [Tt]race:",
    r"Mem-[Ii]nfo:",
    _ZONES + r" (?:free|per-cpu):",
    _ZONES + r": (?:\d{1,12}\*\d|empty)",
    r"Node \d{1,4} (?:active_anon:|hugepages_total=)",
    r"lowmem_reserve\[\]:",
    r"protections\[\]:",
    r"active_anon:\d{1,12} inactive_anon:\d{1,12} i",
    r"Active:\d",
    r"\d{1,12} (?:total )?pagecache pages",
    r"Swap cache",
    r"Free swap",
    r"Total swap",
    r"\d{1,12} pages (?:of )?(?:RAM|HIGHMEM|HighMem|shared|non-shared|cma|hwpoisoned|in swap cache)",
    r"\d{1,12} (?:pages reserved|reserved pages)",
    r"SL[UA]B: Unable",
    r"cache: \S{1,100}, object size",
    r"node \d{1,4}: slabs",
)
_JOINT: Final = re.compile("|".join(_JOINTS))
_JOINT_WORDS: Final = ("omm:", "Trace:", "trace:", "Mem-", "lowmem_", "protections", "pages R", "pagecache", "dware n")


def split_body(text: str) -> list[str] | None:
    """The lines inside a line that lost its newlines; None when it is one."""
    behind = text[1:]
    if not any(word in behind for word in _JOINT_WORDS):
        return None
    starts = [match.start() for match in _JOINT.finditer(text)]
    if not starts or starts == [0]:
        return None
    bounds = [0, *(start for start in starts if start), len(text)]
    return [text[begin:end] for begin, end in pairwise(bounds)]
