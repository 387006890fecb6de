"""What the trace, the memory's use and the release add to a cause: KERNEL.md 6, one row a note.

Adding a signature is adding a row to `ROWS`: its key, when it applies, its sentence.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nopage.diagnosis.cause.asker import Asker, reclaiming
from nopage.diagnosis.cause.diagnosis import COSTLY_ORDER, EXHAUSTED, OUT_OF_BLOCKS, OUT_OF_PAGES, TRANSIENT, Note
from nopage.diagnosis.cause.memory_use import MemoryUse
from nopage.diagnosis.watermark import Request, ZoneVerdict, pages_are
from nopage.kernel.facts import FailureReport
from nopage.kernel.release import Release
from nopage.kernel.symbols import (
    IPOIB,
    IPOIB_CONNECTED,
    NETWORK_RECEIVE,
    NETWORK_TRANSMIT,
    PAGE_FRAG,
    SKB_COPIES,
    SOCK_CLONE,
    SOCKETS,
    SWAP_OUT,
    TABLE_GROWTH,
)

# Programs that save a dump from the capture kernel.
CAPTURE_COMMS = ("makedumpfile", "vmcore-dmesg", "kdump.sh")
NETWORK_PATHS = (NETWORK_RECEIVE, NETWORK_TRANSMIT, SOCKETS)
# include/linux/mmzone.h MAX_ORDER 11 with pages of 4 kB: the free lists end at order 10.
ORDERS_OF_4_KB = 11
ORDERS_BY_ARCH = ("x86_64", "i686", "i586", "i386")


@dataclass(frozen=True, slots=True)
class Case:
    """All that a note may look at. `cause` is the replay's word, also for sleeping requests."""

    report: FailureReport
    release: Release | None
    request: Request
    asker: Asker
    use: MemoryUse | None
    cause: str
    best: ZoneVerdict | None = None
    nofail: bool = False

    @property
    def order(self) -> int:
        return self.request.order

    def stack_has(self, names: frozenset[str]) -> bool:
        return not names.isdisjoint(self.asker.stack)

    def buffer_kb(self) -> int:
        """The contiguous memory that was asked for, in KiB."""
        page_kb = self.report.mem_info.page_kb if self.report.mem_info else 4
        return page_kb << max(0, min(self.order, 40))


Row = tuple[str, Callable[[Case], bool], Callable[[Case], str]]


def driver(case: Case) -> str:
    return case.asker.driver or "the driver"


def rhel(case: Case, *generations: str) -> bool:
    return case.release is not None and case.release.exact and case.release.generation in generations


def is_page_frag(case: Case) -> bool:
    return case.order == 0 and not PAGE_FRAG.isdisjoint(case.asker.helpers)


def is_jumbo(case: Case) -> bool:
    return 1 <= case.order <= COSTLY_ORDER and case.asker.receive_buffer


def is_ipoib(case: Case) -> bool:
    return case.order >= 1 and (case.asker.driver == "ib_ipoib" or any(IPOIB.search(n) for n in case.asker.stack))


def is_connected(case: Case) -> bool:
    """IPoIB's connected mode: its own functions, or pieces that datagram mode never needs (KERNEL.md 6, row 8)."""
    return any(IPOIB_CONNECTED.search(name) for name in case.asker.stack) or case.order > COSTLY_ORDER


def ipoib_words(case: Case) -> str:
    asked = f"IP over InfiniBand asks for {case.buffer_kb()} kB in one piece"
    if is_connected(case):
        return f"{asked}: connected mode with MTU 65520 needs up to order 5."
    return f"{asked}: in datagram mode an MTU of 4 kB (4092) does not fit in one page."


def is_genuine_shortage(case: Case) -> bool:
    return case.use is not None and case.use.genuine_shortage and case.cause == EXHAUSTED


def was_too_late(case: Case) -> bool:
    """Pages ran out although there was plenty to reclaim."""
    use = case.use
    return (case.request.atomic and use is not None and use.cache_pages is not None and not use.small_cache
            and case.cause == EXHAUSTED)


def is_cma(case: Case) -> bool:
    """Pages are free, but most of them in the contiguous memory area, which only movable requests may use."""
    zone = case.best.zone if case.best is not None else None
    if zone is None or case.request.movable or case.cause not in (*OUT_OF_PAGES, *OUT_OF_BLOCKS):
        return False
    return (zone.free_cma_pages or 0) * 2 > (zone.free_pages or 0) > 0


def cma_words(case: Case) -> str:
    zone = case.best.zone if case.best is not None else None
    if zone is None:
        return ""
    return (f"{zone.free_cma_pages} of its {zone.free_pages} free pages are CMA, which this request may not use: the "
            "area (cma= on the command line) may be larger than it needs to be.")


def is_kdump(case: Case) -> bool:
    """As little memory as a capture kernel has, or a program that only runs in one."""
    return (case.use is not None and case.use.small_kernel) or case.report.comm.startswith(CAPTURE_COMMS)


def kdump_words(case: Case) -> str:
    use = case.use
    size = f"has only {(use.total_pages or 0) * use.page_kb // 1024} MB of memory" if use and use.small_kernel else (
        f"runs {case.report.comm}")
    return (f"This kernel {size}, like a kdump capture kernel: if it is one, a larger crashkernel= or fewer rings and "
            "CPUs help more than tuning.")


def unaccounted_words(case: Case) -> str:
    use = case.use
    pages = use.unaccounted_pages if use and use.unaccounted_pages is not None else 0
    share = use.percent(pages) if use else 0
    return (f"{pages} pages ({share} % of memory) are neither free nor on a list, slab or page tables: hugepages, a "
            "balloon driver, or pages that a driver holds.")


def shortage_words(case: Case) -> str:
    use = case.use
    cache = use.cache_pages if use and use.cache_pages is not None else 0
    swap = "there is no swap" if use and use.swap_total_kb == 0 else "swap is full"
    return (f"This is a genuine shortage of memory: only {pages_are(cache)} cache that could be given back, and "
            f"{swap}. A larger reserve would bring the OOM killer sooner.")


def cache_words(case: Case) -> str:
    use = case.use
    cache = use.cache_pages if use and use.cache_pages is not None else 0
    share = use.percent(cache) if use else 0
    return f"{cache} pages ({share} % of memory) are cache that kswapd can give back: it only came too late."


def free_list_orders(case: Case) -> int | None:
    """How many orders the kernel's free lists have: as printed, else by architecture; None where it is not known."""
    memory = case.report.mem_info
    printed = max((len(zone.free_area) for zone in memory.zones), default=0) if memory is not None else 0
    known = case.release is not None and case.release.arch in ORDERS_BY_ARCH
    return max(printed, ORDERS_OF_4_KB) if printed or known else None


def is_caller_bug(case: Case) -> bool:
    """What no kernel can grant, or can promise to one that cannot wait (KERNEL.md 6, row 21)."""
    orders = free_list_orders(case)
    return (case.request.atomic and case.nofail) or (orders is not None and case.order >= orders)


def caller_bug_words(case: Case) -> str:
    orders = free_list_orders(case)
    if orders is not None and case.order >= orders:
        what = f"Order {case.order} is larger than any block this kernel has (its free lists end at order {orders - 1})"
    else:
        what = "__GFP_NOFAIL promises memory only to those who can wait, and this request could not"
    return f"{what}: a mistake of the caller, for its vendor to mend; no setting helps."


def table_growth_words(case: Case) -> str:
    words = "A connection or neighbour table wanted to grow; it tries again with the next packet."
    if any("conntrack" in name or name.startswith("nf_") for name in case.asker.stack[:4]):
        words += (" Give the table its size at boot (nf_conntrack's hashsize=), and keep "
                  "net.netfilter.nf_conntrack_max to what memory allows.")
    elif any("neigh" in name for name in case.asker.stack[:4]):
        words += " net.ipv4.neigh.default.gc_thresh1 to 3 say how large it gets."
    return words


def swap_out_words(case: Case) -> str:
    words = "The way out to swap itself needed atomic memory: reserve has to be left for it."
    if any(name.startswith("zswap_") for name in case.asker.stack):
        words += " Without zswap (echo N > /sys/module/zswap/parameters/enabled) it needs less."
    return words


def is_memcg_charge(case: Case) -> bool:
    """[4.18.0-192.2.el8] "mm: memcontrol: fix network errors from failing __GFP_ATOMIC charges" (BZ 1793534)."""
    return (rhel(case, "el8") and case.release is not None and case.release.build < (192, 2)
            and case.request.atomic and case.cause == TRANSIENT
            and (case.asker.path in NETWORK_PATHS or not case.asker.path_known))


ROWS: tuple[Row, ...] = (
    ("caller_bug", is_caller_bug, caller_bug_words),
    ("page_frag", is_page_frag, lambda c: (
        "The packet fragment code asks for order 3 silently first and prints only when order 0 fails too: this is "
        "exhaustion, never fragmentation.")),
    ("ipoib", is_ipoib, ipoib_words),
    ("jumbo_rx", lambda c: is_jumbo(c) and not is_ipoib(c), lambda c: (
        f"{driver(c)} fills its receive ring with buffers of order {c.order} ({c.buffer_kb()} kB in one piece), "
        "which a large MTU or LRO asks for.")),
    ("sock_clone", lambda c: c.order >= 1 and c.stack_has(SOCK_CLONE), lambda c: (
        f"A new TCP connection needs a slab page of order {c.order} for its socket; a burst of connections asks for "
        "many.")),
    ("skb_copy", lambda c: c.order >= 1 and c.stack_has(SKB_COPIES), lambda c: (
        f"A packet is copied into one piece of order {c.order}: offloads (TSO, GSO, LRO) make packets larger than "
        "the path can take in pieces.")),
    ("table_growth", lambda c: not c.asker.setup and any(TABLE_GROWTH.search(name) for name in c.asker.stack[:4]),
     table_growth_words),
    ("swap_out", lambda c: c.request.atomic and any(SWAP_OUT.search(name) for name in c.asker.stack),
     swap_out_words),
    ("pf_memalloc", lambda c: c.request.atomic and reclaiming(c.asker, c.report), lambda c: (
        "The task was reclaiming memory itself and may ignore the watermarks, so even less was free than they say.")),
    ("third_party", lambda c: c.asker.third_party == "yes", lambda c: (
        f"{driver(c)} is not part of the kernel: what it asks for is for its vendor to change.")),
    ("third_party_maybe", lambda c: c.asker.third_party == "maybe", lambda c: (
        f"The kernel is tainted by modules from elsewhere and {driver(c)} is none of its well-known own ones: it may "
        "be one of them.")),
    ("costly_order", lambda c: c.order > COSTLY_ORDER, lambda c: (
        f"Order {c.order} ({c.buffer_kb()} kB in one piece) is above what the kernel tries hard for "
        f"(PAGE_ALLOC_COSTLY_ORDER {COSTLY_ORDER}): whoever asks must be able to do without.")),
    ("el6_kswapd_compaction", lambda c: rhel(c, "el6") and c.cause in OUT_OF_BLOCKS and 1 <= c.order <= COSTLY_ORDER
     and c.release is not None and c.release.build >= (358,), lambda c: (
        "The article says that 2.6.32-358 and later compact memory as it is freed; by its source kswapd does so "
        f"only for orders above {COSTLY_ORDER}, so not for this one.")),
    ("no_compaction", lambda c: rhel(c, "el4", "el5") and c.cause in OUT_OF_BLOCKS, lambda c: (
        "This release has no memory compaction at all.")),
    ("nowarn_release", lambda c: rhel(c, "el4", "el5") and c.request.atomic, lambda c: (
        "On this release GFP_ATOMIC includes __GFP_NOWARN and fails silently, so this mask came from a caller or a "
        "module that builds its own.")),
    ("not_the_zones", lambda c: c.request.atomic and c.cause == TRANSIENT, lambda c: (
        "If it comes back, look at what the report does not show: a cpuset or memory policy that keeps the request to "
        "fewer nodes, or a free counter that is ahead of the lists by the per-cpu deltas.")),
    ("memcg_charge", is_memcg_charge, lambda c: (
        "Before 4.18.0-192.2.el8 (RHEL 8.2) atomic requests charged to a full memory cgroup failed with plenty of "
        "memory free (BZ 1793534): update, or raise the cgroup's limit.")),
    ("cma", is_cma, cma_words),
    ("genuine_shortage", is_genuine_shortage, shortage_words),
    ("reclaimable", was_too_late, cache_words),
    ("unaccounted", lambda c: c.use is not None and c.use.missing_pages, unaccounted_words),
    ("small_kernel", is_kdump, kdump_words),
    ("fallback_alloc", lambda c: "fallback_alloc" in c.asker.helpers, lambda c: (
        "fallback_alloc() in the trace: the slab allocator had already tried every node.")),
    ("high_but_sleeping", lambda c: not c.request.atomic and c.request.high, lambda c: (
        "Bit 5 (0x20) is set, which the article reads as GFP_ATOMIC, but this request could sleep and reclaim.")),
)


def notes_for(case: Case) -> tuple[Note, ...]:
    """Every row that applies."""
    return tuple(Note(key, text(case)) for key, applies, text in ROWS if applies(case))
