"""Other events of a log, counted once however its blocks fall."""
from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.intake.search.other import REACH, WHOLLY, OtherEvents

TRACE = "kernel: Call Trace:"
LINES = {
    "kernel: Out of memory: Killed process 77 (demod), UID 0": "oom_kill",
    "kernel: Out of Memory: Killed process 77 (demod).": "oom_kill",
    "kernel: Memory cgroup out of memory: Kill process 77 (demod) score 9": "memcg_oom_kill",
    "kernel: BUG: soft lockup - CPU#3 stuck for 22s! [demod:77]": "soft_lockup",
    "kernel: Watchdog detected hard LOCKUP on cpu 3": "hard_lockup",
    "kernel: rcu: INFO: rcu_sched self-detected stall on CPU": "rcu_stall",
    "kernel: INFO: rcu_sched detected stalls on CPUs/tasks: { 3}": "rcu_stall",
    "kernel: INFO: task demod:77 blocked for more than 120 seconds.": "hung_task",
    "kernel: demod: vmalloc: allocation failure: 8192 bytes, mode:0xd0": "vmalloc_failure",
    "kernel: demod: vmalloc error: size 8192, exceeds total pages, mode:0xcc0": "vmalloc_failure",
    "kernel: Out of memory (oom_kill_allocating_task): Killed process 77 (demod)": "oom_kill",
    "kernel: BUG: soft lockup detected on CPU#1!": "soft_lockup",
    "kernel: NMI Watchdog detected LOCKUP on CPU 1": "hard_lockup",
    "kernel: rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 3-... }": "rcu_stall",
    "kernel: INFO: task demod:77 blocked in I/O wait for more than 122 seconds.": "hung_task",
    "kernel: demod: vmalloc size 8192 allocation failure: exceeds total pages, mode:0xcc0": "vmalloc_failure",
    "kernel: demod: page allocation stalls for 10100ms, order:0, mode:0xd0": "allocation_stall",
}


def counts(text: bytes, cuts: list[int]) -> dict[str, int]:
    found = OtherEvents()
    borders = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    for start, end in pairwise(borders):
        found.feed(text[start:end])
    return dict(found.counts)


@pytest.mark.parametrize("line", LINES)
def test_each_kind(line: str) -> None:
    text = f"noise\n{line}\nnoise\n{TRACE}\n".encode()
    assert counts(text, []) == {LINES[line]: 1}
    assert all(counts(text, [cut]) == {LINES[line]: 1} for cut in range(len(text) - len(TRACE)))


def test_without_a_trace_near_it_is_no_report_of_the_kernel() -> None:
    assert counts(b"app: Out of memory: Killed process\n", []) == {}
    assert counts(b"Mar  4 05:06:07 h app[9]: Out of memory: Killed process\n", []) == {}


@pytest.mark.parametrize("before", ["Mar  4 05:06:07 h kernel: ", "[   12.345678] ", "<4>[   12.345678] ", ""])
def test_what_a_filter_left_at_the_beginning_is_told_by_the_tag_or_the_clock(before: str) -> None:
    line = f"{before}Out of Memory: Killed process 77 (demod).\n".encode()
    assert counts(line, []) == {"oom_kill": 1}
    assert counts(b"noise\n" * WHOLLY + line, [WHOLLY]) == {}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*LINES, "noise"]), max_size=8), st.lists(st.integers(0, 1 << 16), max_size=6))
def test_however_the_blocks_fall(lines: list[str], cuts: list[int]) -> None:
    text = "".join(f"{line}\n{TRACE}\n" for line in lines).encode()
    assert len(text) < REACH
    whole = counts(text, [])
    assert sum(whole.values()) == sum(line in LINES for line in lines)
    cuts = [cut for cut in cuts if TRACE.encode() not in text[max(0, cut % (len(text) + 1) - 20) :][:40]]
    assert counts(text, cuts) == whole
