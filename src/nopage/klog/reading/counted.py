"""Lines that stand for failures which are not printed: the rate limit's and syslog's counts (KERNEL.md 2.2)."""
from __future__ import annotations

import re
from typing import Final

from nopage.kernel.bounds import BOUNDS
from nopage.kernel.facts import Place, Suppressed
from nopage.kernel.pattern import later
from nopage.klog.framing import Record, iso_time, seconds

# printk: RHEL 4, 5; __ratelimit: RHEL 6 (both count every rate-limited message); warn_alloc_failed: RHEL 7;
# warn_alloc: RHEL 8 on; __alloc_pages_slowpath: 2.6.33 to 2.6.39, where printk_ratelimit() tells its caller, here the
# allocator. warn_alloc_show_mem counts Mem-Info blocks, slab_out_of_memory SLUB's: neither is a failure.
_SUPPRESSED: Final = re.compile(
    r"(?<![\w-])(?P<function>printk|__ratelimit|warn_alloc_failed|warn_alloc|__alloc_pages_slowpath): "
    r"(?P<count>\d{1,12}) (?:messages|callbacks) suppressed"
)
_EXACT: Final = frozenset(("warn_alloc", "warn_alloc_failed", "__alloc_pages_slowpath"))
_REPEATED: Final = later(r"(?:last )?message repeated (?P<count>\d{1,9}) times?(?:: ?\[(?P<text>.*)\])?")


class SuppressedLines:
    """Collects the "suppressed" lines."""

    def __init__(self) -> None:
        self.found: list[Suppressed] = []

    def take(self, record: Record, place: Place) -> bool:
        match = _SUPPRESSED.search(record.text)
        if match is None:
            return False
        if len(self.found) >= BOUNDS.suppressed_lines:
            return True
        function = match["function"]
        self.found.append(
            Suppressed(
                function=function,
                count=int(match["count"]),
                exact=function in _EXACT,
                place=place,
                time=iso_time(record.wall),
                monotonic_s=seconds(record.boot),
            )
        )
        return True


def repeated(text: str) -> tuple[int, str | None] | None:
    """The count of `last message repeated 36 times` or `message repeated 3 times: [ text]`, and the text if told."""
    match = _REPEATED.match(text)
    return (int(match["count"]), match["text"]) if match else None
