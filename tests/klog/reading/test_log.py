from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nopage.kernel.window import Window
from nopage.klog.reading.log import read_log

LIGHT = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

REPORT = (
    "swapper: page allocation failure. order:1, mode:0x20",
    "Pid: 0, comm: swapper Not tainted 2.6.32-504.el6.x86_64 #1",
    "Call Trace:",
    " <IRQ>  [<ffffffff81100010>] ? __alloc_pages_nodemask+0x757/0x8d0",
    " [<ffffffff81100020>] ? kmem_getpages+0x62/0x170",
    " [<ffffffffa0100030>] ? tg3_poll+0xb7/0x160 [tg3]",
    " [<ffffffff81100040>] ? net_rx_action+0x103/0x2f0",
    " [<ffffffff81100050>] ? __do_softirq+0xc1/0x1e0",
    " <EOI>  [<ffffffff81100060>] ? do_softirq+0x65/0xa0",
    " [<ffffffff81100070>] ? cpu_idle+0x96/0xa0",
    "Mem-Info:",
    "Node 0 DMA per-cpu:",
    "CPU    0: hi:    0, btch:   1 usd:   0",
    "active_anon:1 inactive_anon:2 isolated_anon:0",
    " active_file:3 inactive_file:4 isolated_file:0",
    "Node 0 DMA free:40kB min:8kB low:12kB high:16kB present:400kB pages_scanned:0 all_unreclaimable? no",
    "lowmem_reserve[]: 0 0 0 0",
    "Node 0 DMA: 4*4kB 3*8kB = 40kB",
    "10 total pagecache pages",
)


@LIGHT
@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_lines_are_read_without_exception(read, lines):
    read(lines)


@LIGHT
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_exception(read, data):
    read(data.decode("utf-8", "surrogateescape").split("\n"))


HOSTILE = (
    "a", " ", "[", "<", "=", "?", '"', "\\", "&", "> ", "a ", "[<", "+0x", "a+0x1/", "1*4kB ", "Node 0 ", "{:a:b+1}",
    "Jan 1 ", "#012", "mode:0x", "page alloc", "CPU: 1 ", "kernel: ", '{"MESSAGE":"', "from ", "a from ", "cpuset=",
    "a.",
)  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_long_lines_take_no_longer_than_their_length(read, unit):
    lines = [*REPORT]
    long = (unit * (65536 // len(unit)))[:65536]
    began = time.process_time()
    facts = read([*lines[:4], long, lines[0] + long, *lines[4:]])
    assert time.process_time() - began < 2.0
    assert facts.reports


def test_an_endless_line_is_read_to_64_kib_and_said_so(read):
    facts = read(["swapper: page allocation failure. order:1, mode:0x20" + " x" * 5_000_000])
    assert [report.order for report in facts.reports] == [1]
    assert tuple(map(str, facts.warnings)) == ("log: a line longer than 64 KiB was read to that length only",)


def test_place_and_windows():
    lines = REPORT
    apart = read_log([Window("messages", 101, 5000, ("x", *lines)), Window("messages", 901, 90000, lines)])
    assert [report.place.line for report in apart.reports] == [102, 901]
    # one report over two windows that follow each other, as a reader in blocks hands them out
    joined = read_log([Window("messages", 101, 5000, lines[:9]), Window("messages", 110, 5600, lines[9:])])
    assert [len(report.frames) for report in joined.reports] == [len(apart.reports[0].frames)]
    assert joined.reports[0].mem_info == apart.reports[0].mem_info
    # lines that do not follow give it nothing
    torn = read_log([Window("messages", 101, 5000, lines[:9]), Window("messages", 500, 5600, lines[9:])])
    assert torn.reports[0].mem_info is None


def test_no_lines():
    facts = read_log([])
    assert (facts.reports, facts.slub, facts.suppressed, facts.releases, facts.warnings) == ((), (), (), (), ())


def test_a_report_takes_a_millisecond_at_most(read):
    lines = [f"[   12.345678] {line}" for line in (*REPORT[:10], *REPORT[3:10] * 3, *REPORT[10:])] * 50
    read(lines)
    best = min(_timed(read, lines) for _ in range(5))
    assert best / 50 < 0.002  # measured 0.4 ms of an idle core; other work may share it


def _timed(read, lines):
    began = time.process_time()
    read(lines)
    return time.process_time() - began
