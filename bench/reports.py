"""Measure what one failure report costs: reading it, diagnosing it, and ten thousand of one host from log to result.

    python bench/reports.py [--reports N]

Prints milliseconds; the goals are under 5 ms for a report of 60 lines and under 5 s for 10,000 of one host.
"""
from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nopage.diagnosis.cause.diagnose import diagnose
from nopage.engine.run import diagnose as diagnose_source
from nopage.kernel.release.parse import parse_release
from nopage.kernel.window import Window
from nopage.klog.reading.log import read_log

RELEASE = "3.10.0-1062.el7.i686"  # 32-bit: a kernel of RHEL 7's line that prints Mem-Info from interrupts
FRAMES = "\n".join(f" [<ffffffff8{number:07x}>] frame_{number}+0x1a/0x2b0" for number in range(24))
LARGER = " ".join(f"0*{4 << order}kB" for order in range(1, 11))
FREE_AREA = "{free}*4kB (UEM) " + LARGER + " = {free_kb}kB"
ZONE = (
    "Node 0 {name} free:{free_kb}kB min:{min_kb}kB low:{low_kb}kB high:{high_kb}kB active_anon:0kB inactive_anon:0kB "
    "active_file:812kB inactive_file:904kB unevictable:0kB isolated(anon):0kB isolated(file):0kB present:{size_kb}kB "
    "managed:{size_kb}kB mlocked:0kB dirty:0kB writeback:0kB mapped:0kB shmem:0kB slab_reclaimable:24kB "
    "slab_unreclaimable:48kB kernel_stack:0kB pagetables:0kB unstable:0kB bounce:0kB free_pcp:0kB local_pcp:0kB "
    "free_cma:0kB writeback_tmp:0kB pages_scanned:0 all_unreclaimable? no\n"
    "lowmem_reserve[]: 0 {reserve} {reserve} {reserve}"
)
HEAD = """\
swapper/{cpu}: page allocation failure: order:2, mode:0x4020
CPU: {cpu} PID: 0 Comm: swapper/{cpu} Not tainted 3.10.0-1062.el7.i686 #1
Hardware name: Example/Server, BIOS 1.0 01/01/2019
Call Trace:
 <IRQ>  [<ffffffffaf179262>] dump_stack+0x19/0x1b
 [<ffffffffaebc18a0>] warn_alloc_failed+0x110/0x180
 [<ffffffffaf1746ac>] __alloc_pages_slowpath+0x6b6/0x724
 [<ffffffffaebc5e34>] __alloc_pages_nodemask+0x404/0x420
 [<ffffffffc0236d2d>] tg3_alloc_rx_data+0x4d/0x130 [tg3]
 [<ffffffffc0236f2d>] tg3_poll_work+0x7d0/0x1130 [tg3]
 [<ffffffffaf0407f9>] net_rx_action+0x149/0x3b0
"""
SUMMARY = """\
Mem-Info:
active_anon:1000 inactive_anon:200 isolated_anon:0
 active_file:406 inactive_file:452 isolated_file:0
 unevictable:0 dirty:0 writeback:0 unstable:0
 slab_reclaimable:300 slab_unreclaimable:900
 mapped:100 shmem:20 pagetables:40 bounce:0
 free:27000 free_pcp:0 free_cma:0
"""
TAIL = """\
2000 total pagecache pages
0 pages in swap cache
Swap cache stats: add 0, delete 0, find 0/0
Free swap  = 2097148kB
Total swap = 2097148kB
"""


def report(number: int) -> str:
    """One report of about 60 lines; each has a memory state of its own."""
    zones, lists = [], []
    for name, size_kb, reserve in (("DMA", 15900, 1800), ("DMA32", 2900000, 900), ("Normal", 5000000, 0)):
        free = 2000 + number % 997
        zones.append(
            ZONE.format(
                name=name, free_kb=free * 4, min_kb=640, low_kb=800, high_kb=960, size_kb=size_kb, reserve=reserve
            )
        )
        lists.append(f"Node 0 {name}: " + FREE_AREA.format(free=free, free_kb=free * 4))
    text = HEAD.format(cpu=number % 64) + FRAMES + "\n" + SUMMARY + "\n".join((*zones, *lists)) + "\n" + TAIL
    return "\n".join(f"[{1000 + number}.{place:06}] {line}" for place, line in enumerate(text.splitlines()))


def median_ms(call: Callable[[], object], runs: int = 50) -> float:
    """The median of `runs` calls in milliseconds."""
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--reports", type=int, default=10_000)
    count = options.parse_args().reports
    window = Window("messages", 1, 0, tuple(report(1).splitlines()))
    (one,) = read_log([window]).reports
    release = parse_release(RELEASE)
    print(f"lines of one report             {len(window.lines):>9}")
    print(f"read one report                 {median_ms(lambda: read_log([window])):>9.2f} ms")
    print(f"diagnose one report             {median_ms(lambda: diagnose(one, release=release)):>9.2f} ms")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "messages"
        log.write_text("\n".join(map(report, range(count))) + "\n", encoding="utf-8")
        began = time.perf_counter()
        (result,) = diagnose_source(str(log))
        took = time.perf_counter() - began
        finding = result.findings[0]
        print(f"log with {count:,} reports to result  {took:>9.2f} s ({log.stat().st_size / 1e6:.0f} MB)")
        print(f"reports counted, kept, grouped  {finding.reports:,}, {len(result.failures):,}, ", end="")
        print(f"{len(result.groups):,}; cause {finding.cause}")


if __name__ == "__main__":
    main()
