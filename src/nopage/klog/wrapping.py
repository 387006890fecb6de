"""Lines that a mailer broke: whether a line without prefix goes on with the line before."""
from __future__ import annotations

import re
from typing import Final

from nopage.klog.framing import Record

MAX_JOINED: Final = 4096  # characters; the longest kernel line, a zone's, has some 700

# A line that surely has a rest: the header of a report, and what ends within a pair, a frame or a name.
_OPEN: Final = re.compile(
    r"(?:: page(?: allocation(?: failure[.:,]?(?: ?order: ?\d{1,3},?)?)?)?|mode:0x[0-9a-f]+\([^)]*|"
    r"mode:0x[0-9a-f]{1,8}(?:\([^)]*\))?,|nodemask=\S+,|\?|PID:|Comm:|comm:|tainted|Tainted:|\bNot|\bfrom|"
    r"\b(?!trace:)[a-z_][a-z_()]*:| =|Exception:|interrupt:)$"
)
_HEADER_REST: Final = re.compile(r"(?:page )?(?:allocation )?failure[.:,]? ?|order: ?\d|mode: ?0x|nodemask=|cpuset=|mems_allowed=")
# What begins a line of its own in a report of any release.
_STARTS: Final = re.compile(
    r"</?[A-Z#<]|\[[<0-9a-zA-Z_]|\(\[<|\? |[\w.$]+\+0x|[\w.$]+ from |r\d+:|Call |Backtrace|CPU|Pid:|Mem-|Node \d|"
    r"lowmem_reserve|protections|Hardware name|Workqueue:|SL[UA]B:|cache:|node \d|\d+ (?:total |pages|reserved|bounce)|"
    r"Free |Total |Swap |[A-Z]\w{1,10}(?: free:|: \d+\*|: empty| per-cpu)|active_anon:\d+ |Active:|---|RIP|RSP|EFLAGS|"
    r"Code:|Modules|[\[(]?\.\.|=====|warn_alloc|printk:|__ratelimit|last message|Out of|[0-9a-f]{8,16} [0-9a-f]{8,16}"
)


def continues(held: Record, text: str) -> bool:
    """Whether `text`, a line without prefix, is the rest of `held`."""
    before = held.text
    if not text or len(before) > MAX_JOINED:
        return False
    if _OPEN.search(before[-200:]) is not None:
        return "page alloc" not in text
    if not held.framed:
        return "page alloc" in before and _HEADER_REST.match(text) is not None
    return "page alloc" not in text and _STARTS.match(text) is None
