"""Other events of the kernel that a reader of a log would look for, counted in passing: kills, stalls, hung tasks.

One search a block for the title of a call trace, which nearly all of these print, is what this costs; only where it
stands the block, and the end of the one before, are looked at for the events. What is too far from any trace is not
counted, but in the first bytes of a log: a small one, or what a filter left of a large one, may hold no trace at all.
"""
from __future__ import annotations

from collections import Counter

from nopage.intake.search.quick import find
from nopage.kernel.pattern import later

TRACE = b"race:"  # "Call Trace:", on some architectures "Call trace:"
WHOLLY = 256 << 10  # of a log's beginning that are looked at for the events wherever its traces are
REACH = 16 << 10  # a title stands that near before its trace at most

# The words that stand in one line of an event alone, by what they have in common: one search for most of them.
EVENTS: dict[bytes, tuple[tuple[str, bytes], ...]] = {
    b"emory: Kill": (
        ("memcg_oom_kill", b"cgroup out of memory: Kill"),
        ("oom_kill", b"Out of memory: Kill"),
        ("oom_kill", b"Out of Memory: Kill"),  # RHEL 4, 5
    ),
    b"allocating_task): Kill": (("oom_kill", b"Out of memory (oom_kill_allocating_task): Kill"),),
    b"soft lockup ": (
        ("soft_lockup", b"soft lockup - CPU"),
        ("soft_lockup", b"soft lockup detected on CPU"),  # 2.6.18
    ),
    b"LOCKUP on ": (
        ("hard_lockup", b"hard LOCKUP on cpu"),
        ("hard_lockup", b"Watchdog detected LOCKUP on CPU"),  # RHEL 4, 5
    ),
    b" stall": (
        ("rcu_stall", b"detected stall"),
        ("rcu_stall", b"detected expedited stall"),
        ("allocation_stall", b"page allocation stalls for"),  # 4.10 to 4.14
    ),
    b" for more than ": (
        ("hung_task", b"blocked for more than "),
        ("hung_task", b"blocked in I/O wait for more than "),  # from 6.16 on
    ),
    b"vmalloc": (
        ("vmalloc_failure", b"vmalloc: allocation failure"),  # RHEL 7, 8
        ("vmalloc_failure", b"vmalloc error: size "),  # from RHEL 9 on
        ("vmalloc_failure", b": vmalloc size "),  # 5.13 to 5.15
    ),
}
# What stands before the kernel's words.
KERNELS = later(rb"\bkernel\b|\[ {0,6}\d{1,10}\.\d{6}\]|(?:\A|\n)[^\n:]{0,12}\Z")
KERNELS_REACH = 96
LONGEST = max(len(words) for events in EVENTS.values() for _, words in events)


class OtherEvents:
    """Takes the blocks of a log in order; `counts` holds the events by kind."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._near = False  # a trace stood in the block before
        self._tail = b""  # the end of what was fed
        self._seen = 0  # what of it has been looked at
        self._begun = 0  # bytes fed, up to WHOLLY

    def feed(self, block: bytes) -> None:
        traced = find(block, TRACE) >= 0
        begins = self._begun < WHOLLY
        if begins:
            self._begun += len(block)
        if traced or self._near or begins:
            told = traced or self._near
            # a block is never copied
            self._count(self._tail + block[: LONGEST - 1], b"", self._seen, len(self._tail), told)
            self._count(block, self._tail[-KERNELS_REACH:], 0, len(block), told)
            kept = LONGEST - 1 + KERNELS_REACH
            self._tail = (self._tail + block[-kept:])[-kept:]
            self._seen = len(self._tail)
        else:
            tail = block[-REACH:] if len(block) >= REACH else (self._tail + block)[-REACH:]
            self._seen = max(0, self._seen + len(tail) - len(self._tail) - len(block))
            self._tail = tail
        self._near = traced

    def _count(self, text: bytes, before: bytes, seen: int, end: int, traced: bool) -> None:
        """The events that begin before `end` and do not end in what has been seen; where no trace tells that it is
        the kernel that speaks, its tag or its clock must, which may stand in what was `before`."""
        for stem, events in EVENTS.items():
            if find(text, stem) < 0:
                continue
            for kind, words in events:
                at = find(text, words)
                while 0 <= at < end:
                    if at + len(words) > seen and (traced or _of_kernel(text, before, at)):
                        self.counts[kind] += 1
                    at = text.find(words, at + len(words))


def _of_kernel(text: bytes, before: bytes, at: int) -> bool:
    if at < KERNELS_REACH:
        return KERNELS.search(before + text[:at]) is not None
    return KERNELS.search(b":" + text[at - KERNELS_REACH : at]) is not None
