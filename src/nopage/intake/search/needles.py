"""What is searched for in logs, and what the lines around a hit look like."""
from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from nopage.kernel.pattern import later


class Needle(NamedTuple):
    """Text that marks a line worth keeping.

    `before` lines in front of the hit are kept too, and what follows until `quiet` lines in a row look like no part of
    a kernel report. `report`: right behind that word it is a report's header, what a storm is counted in. `behind`:
    it counts right behind one of these only. `follows`: it means something only behind the first report or SLUB block
    of a log, and is not looked for before. `early`: it is looked for in the first EARLY bytes of a log only, where all
    of a mail or a web page stands.
    """

    text: bytes
    before: int
    quiet: int
    report: bytes = b""
    behind: tuple[bytes, ...] = ()
    follows: bool = False
    early: bool = False


# KERNEL.md 2.1, 2.2, 2.6. A count of suppressed messages stands right before the report that ended
# the silence. The SLUB block and vmalloc's free line stand before the header, at most a few lines.
NEEDLES = (
    Needle(b"allocation failure", before=15, quiet=25, report=b"page "),  # without "page": vmalloc, wrapped by a mailer
    Needle(b": page alloc", before=15, quiet=25, early=True),  # the same header, wrapped by a mailer or a column there
    Needle(b"ation failure", before=15, quiet=25, early=True),  # or before that
    Needle(b"allocation<", before=15, quiet=25, early=True),  # a viewer's marks around the words that were searched for
    Needle(b"allocation <", before=15, quiet=25, early=True),
    Needle(b"allocation&", before=15, quiet=25, early=True),  # &nbsp; for every blank
    Needle(b"allocation\xc2\xa0", before=15, quiet=25, early=True),
    Needle(b"ALLOCATION FAILURE", before=15, quiet=400, early=True),  # consoles that know one case; no sign has it
    Needle(b"mode:0x", before=15, quiet=25, early=True),  # what a picture's recognition leaves of a header
    Needle(b"ncoding: base64", before=8, quiet=30_000, early=True),  # a mail's part of 2 MB; its lines look like none
    Needle(b"Unable to allocate memory on ", before=4, quiet=25),  # "node N" (RHEL 7-9), "CPU N (of node..." (10)
    Needle(b"s suppressed", before=0, quiet=2, follows=True, behind=(b"callback", b"message")),
    Needle(b"inux version ", before=0, quiet=1),  # the boot banner: the release of reports without one; may be wrapped
    Needle(b"INUX VERSION ", before=0, quiet=1, early=True),
    Needle(b"inux\xc2\xa0version", before=0, quiet=1, early=True),
)
EARLY = 1 << 20
BY_TEXT = {needle.text: needle for needle in NEEDLES}
LONGEST = max(len(needle.text) for needle in NEEDLES)

HEADER = later(rb"page allocation failure[.:]? ?order:?\s?(?P<order>\d+),? ?mode:? ?(?P<mode>0x[0-9a-f]+)")
SUPPRESSED = re.compile(rb"(\d{1,12}) (?:callback|message)\Z")  # what stands before "s suppressed"
FREE_KB = later(rb" free:(\d+) ?kB")

# A line that may be part of a report: one cheap test, no parsing. Wrong guesses only lengthen a window.
_SIGNS = (
    rb"\+0x[0-9a-f]+/0x|<[0-9a-f]{8,16}>|\[[0-9a-f]{8,16}\]|(?: [0-9a-f]{8,16}){2}",  # frames, raw stack
    rb"[Cc]all [Tt]race|Backtrace|</?(?:IRQ|TASK|NMI|EOI|EOE|SOFTIRQ|ENTRY_TRAMPOLINE|#DF)>|\(unreliable\)",
    rb"Exception: |interrupt: |\bLR\b|\bNIP\b|\b[RE][AISB][XPI]: |\br\d+:[0-9a-f]{8}|Code: |={10}",
    rb"P(?:id|ID): \d|Hardware name|Workqueue: |Modules linked in|ainted",
    rb"Mem-[Ii]nfo|per-cpu:|\b(?:cpu|CPU) +\d+(?::| hot| cold)|[a-z_)]:\d+(?:[kK]B)?(?:\s|#|\"|$)",
    rb"lowmem_reserve|protections\[\]|\d\*\d+kB|(?:DMA|DMA32|Normal|HighMem|Movable|Device): empty",
    rb"(?:Free|Total) swap|[Ss]wap cache|pagecache pages|(?:reserved|bounce buffer) pages|Free pages:|hugepages_",
    rb"\d pages (?:of )?(?:RAM|H|reserved|shared|non-|swap|in swap|cma|hw|dirty|writeb|mapped|slab|pagetab)",
    rb"SL[AU]B: |cache: \S+, object|slabs: |debugging increased|Memory allocations:",
    rb"allocation failure|Unable to allocate|suppressed|essage repeated|Linux version|</span>|&nbsp;",
)


@cache
def _sign() -> re.Pattern[bytes]:
    return re.compile(b"|".join(_SIGNS))  # a millisecond, which a source without a hit does not need


def is_report_line(log: bytes, start: int, stop: int) -> bool:
    """The line log[start:stop] may be part of a report."""
    return (
        log.find(b"+0x", start, stop) >= 0  # most lines of most reports, at a tenth of the price
        or log.find(b"kB ", start, stop) >= 0
        or _sign().search(log, start, stop) is not None
    )
