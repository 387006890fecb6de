"""What the trace, the memory's use and the release add to a cause: KERNEL.md 6, one row a note.

Adding a signature is adding a row to `ROWS`: its key, when it applies, its message.
"""
from __future__ import annotations

from collections.abc import Callable

from nopage.diagnosis.cause.asking import Asker, reclaiming
from nopage.diagnosis.cause.diagnosis import COSTLY_ORDER, EXHAUSTED, OUT_OF_BLOCKS, OUT_OF_PAGES, TRANSIENT, Note
from nopage.diagnosis.cause.memory_use import MemoryUse
from nopage.diagnosis.watermark import Request, ZoneVerdict
from nopage.kernel.facts import FailureReport
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say
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
ZSWAP_OFF = "echo N > /sys/module/zswap/parameters/enabled"
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


Row = tuple[str, Callable[[Case], bool], Callable[[Case], Message]]
NAMELESS_DRIVER = say("driver.nameless", "the driver")


def driver(case: Case) -> str | Message:
    return case.asker.driver or NAMELESS_DRIVER


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


def ipoib_words(case: Case) -> Message:
    if is_connected(case):
        return say("note.ipoib.connected", "IP over InfiniBand asks for {buffer_kb} kB in one piece: connected mode "
                   "with MTU 65520 needs up to order 5.", buffer_kb=case.buffer_kb())
    return say("note.ipoib.datagram", "IP over InfiniBand asks for {buffer_kb} kB in one piece: in datagram mode an "
               "MTU of 4 kB (4092) does not fit in one page.", buffer_kb=case.buffer_kb())


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


def cma_words(case: Case) -> Message:
    zone = case.best.zone if case.best is not None else None
    if zone is None:
        return NOTHING
    return say("note.cma", "{free_cma_pages} of its {free_pages} free pages are CMA, which this request may not use: "
               "the area (cma= on the command line) may be larger than it needs to be.",
               free_cma_pages=zone.free_cma_pages, free_pages=zone.free_pages)


def is_kdump(case: Case) -> bool:
    """As little memory as a capture kernel has, or a program that only runs in one."""
    return (case.use is not None and case.use.small_kernel) or case.report.comm.startswith(CAPTURE_COMMS)


def kdump_words(case: Case) -> Message:
    use = case.use
    if use is not None and use.small_kernel:
        return say("note.small_kernel.memory", "This kernel has only {total_mb} MB of memory, like a kdump capture "
                   "kernel: if it is one, a larger crashkernel= or fewer rings and CPUs help more than tuning.",
                   total_mb=(use.total_pages or 0) * use.page_kb // 1024)
    return say("note.small_kernel.comm", "This kernel runs {comm}, like a kdump capture kernel: if it is one, a larger "
               "crashkernel= or fewer rings and CPUs help more than tuning.", comm=case.report.comm)


def unaccounted_words(case: Case) -> Message:
    use = case.use
    pages = use.unaccounted_pages if use and use.unaccounted_pages is not None else 0
    return say("note.unaccounted", "{unaccounted_pages} pages ({share_percent} % of memory) are neither free nor on a "
               "list, slab or page tables: hugepages, a balloon driver, or pages that a driver holds.",
               unaccounted_pages=pages, share_percent=use.percent(pages) if use else 0)


def shortage_words(case: Case) -> Message:
    use = case.use
    cache = use.cache_pages if use and use.cache_pages is not None else 0
    if use is not None and use.swap_total_kb == 0:
        return say("note.genuine_shortage.no_swap", "This is a genuine shortage of memory: only "
                   "{cache_pages:# page is|# pages are} cache that could be given back, and there is no swap. A larger "
                   "reserve would bring the OOM killer sooner.", cache_pages=cache)
    return say("note.genuine_shortage.swap_full", "This is a genuine shortage of memory: only "
               "{cache_pages:# page is|# pages are} cache that could be given back, and swap is full. A larger reserve "
               "would bring the OOM killer sooner.", cache_pages=cache)


def cache_words(case: Case) -> Message:
    use = case.use
    cache = use.cache_pages if use and use.cache_pages is not None else 0
    return say("note.reclaimable", "{cache_pages} pages ({share_percent} % of memory) are cache that kswapd can give "
               "back: it only came too late.", cache_pages=cache, share_percent=use.percent(cache) if use else 0)


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


def caller_bug_words(case: Case) -> Message:
    orders = free_list_orders(case)
    if orders is not None and case.order >= orders:
        return say("note.caller_bug.order", "Order {order} is larger than any block this kernel has (its free lists "
                   "end at order {last_order}): a mistake of the caller, for its vendor to mend; no setting helps.",
                   order=case.order, last_order=orders - 1)
    return say("note.caller_bug.nofail", "__GFP_NOFAIL promises memory only to those who can wait, and this request "
               "could not: a mistake of the caller, for its vendor to mend; no setting helps.")


def table_growth_words(case: Case) -> Message:
    if any("conntrack" in name or name.startswith("nf_") for name in case.asker.stack[:4]):
        return say("note.table_growth.conntrack", "A connection or neighbour table wanted to grow; it tries again with "
                   "the next packet. Give the table its size at boot (nf_conntrack's hashsize=), and keep {setting} to "
                   "what memory allows.", setting="net.netfilter.nf_conntrack_max")
    if any("neigh" in name for name in case.asker.stack[:4]):
        return say("note.table_growth.neighbours", "A connection or neighbour table wanted to grow; it tries again "
                   "with the next packet. {setting} to 3 say how large it gets.",
                   setting="net.ipv4.neigh.default.gc_thresh1")
    return say("note.table_growth.plain", "A connection or neighbour table wanted to grow; it tries again with the "
               "next packet.")


def swap_out_words(case: Case) -> Message:
    if any(name.startswith("zswap_") for name in case.asker.stack):
        return say("note.swap_out.zswap", "The way out to swap itself needed atomic memory: reserve has to be left for "
                   "it. Without zswap ({command}) it needs less.", command=ZSWAP_OFF)
    return say("note.swap_out.plain", "The way out to swap itself needed atomic memory: reserve has to be left for it.")


def is_memcg_charge(case: Case) -> bool:
    """[4.18.0-192.2.el8] "mm: memcontrol: fix network errors from failing __GFP_ATOMIC charges" (BZ 1793534)."""
    return (rhel(case, "el8") and case.release is not None and case.release.build < (192, 2)
            and case.request.atomic and case.cause == TRANSIENT
            and (case.asker.path in NETWORK_PATHS or not case.asker.path_known))


ROWS: tuple[Row, ...] = (
    ("caller_bug", is_caller_bug, caller_bug_words),
    ("page_frag", is_page_frag, lambda c: say(
        "note.page_frag", "The packet fragment code asks for order 3 silently first and prints only when order 0 fails "
        "too: this is exhaustion, never fragmentation.")),
    ("ipoib", is_ipoib, ipoib_words),
    ("jumbo_rx", lambda c: is_jumbo(c) and not is_ipoib(c), lambda c: say(
        "note.jumbo_rx", "{driver} fills its receive ring with buffers of order {order} ({buffer_kb} kB in one piece), "
        "which a large MTU or LRO asks for.", driver=driver(c), order=c.order, buffer_kb=c.buffer_kb())),
    ("sock_clone", lambda c: c.order >= 1 and c.stack_has(SOCK_CLONE), lambda c: say(
        "note.sock_clone", "A new TCP connection needs a slab page of order {order} for its socket; a burst of "
        "connections asks for many.", order=c.order)),
    ("skb_copy", lambda c: c.order >= 1 and c.stack_has(SKB_COPIES), lambda c: say(
        "note.skb_copy", "A packet is copied into one piece of order {order}: offloads (TSO, GSO, LRO) make packets "
        "larger than the path can take in pieces.", order=c.order)),
    ("table_growth", lambda c: not c.asker.setup and any(TABLE_GROWTH.search(name) for name in c.asker.stack[:4]),
     table_growth_words),
    ("swap_out", lambda c: c.request.atomic and any(SWAP_OUT.search(name) for name in c.asker.stack),
     swap_out_words),
    ("pf_memalloc", lambda c: c.request.atomic and reclaiming(c.asker, c.report), lambda c: say(
        "note.pf_memalloc", "The task was reclaiming memory itself and may ignore the watermarks, so even less was "
        "free than they say.")),
    ("third_party", lambda c: c.asker.third_party == "yes", lambda c: say(
        "note.third_party", "{driver} is not part of the kernel: what it asks for is for its vendor to change.",
        driver=driver(c))),
    ("third_party_maybe", lambda c: c.asker.third_party == "maybe", lambda c: say(
        "note.third_party_maybe", "The kernel is tainted by modules from elsewhere and {driver} is none of its "
        "well-known own ones: it may be one of them.", driver=driver(c))),
    ("costly_order", lambda c: c.order > COSTLY_ORDER, lambda c: say(
        "note.costly_order", "Order {order} ({buffer_kb} kB in one piece) is above what the kernel tries hard for "
        "(PAGE_ALLOC_COSTLY_ORDER {costly_order}): whoever asks must be able to do without.", order=c.order,
        buffer_kb=c.buffer_kb(), costly_order=COSTLY_ORDER)),
    ("el6_kswapd_compaction", lambda c: rhel(c, "el6") and c.cause in OUT_OF_BLOCKS and 1 <= c.order <= COSTLY_ORDER
     and c.release is not None and c.release.build >= (358,), lambda c: say(
        "note.el6_kswapd_compaction", "The article says that 2.6.32-358 and later compact memory as it is freed; by "
        "its source kswapd does so only for orders above {costly_order}, so not for this one.",
        costly_order=COSTLY_ORDER)),
    ("no_compaction", lambda c: rhel(c, "el4", "el5") and c.cause in OUT_OF_BLOCKS, lambda c: say(
        "note.no_compaction", "This release has no memory compaction at all.")),
    ("nowarn_release", lambda c: rhel(c, "el4", "el5") and c.request.atomic, lambda c: say(
        "note.nowarn_release", "On this release GFP_ATOMIC includes __GFP_NOWARN and fails silently, so this mask "
        "probably came from a caller or a module that builds its own.")),
    ("not_the_zones", lambda c: c.request.atomic and c.cause == TRANSIENT, lambda c: say(
        "note.not_the_zones", "If it comes back, look at what the report does not show: a cpuset or memory policy that "
        "keeps the request to fewer nodes, or a free counter that is ahead of the lists by the per-cpu deltas.")),
    ("memcg_charge", is_memcg_charge, lambda c: say(
        "note.memcg_charge", "Before 4.18.0-192.2.el8 (RHEL 8.2) atomic requests charged to a full memory cgroup "
        "failed with plenty of memory free (BZ 1793534): update, or raise the cgroup's limit.")),
    ("cma", is_cma, cma_words),
    ("genuine_shortage", is_genuine_shortage, shortage_words),
    ("reclaimable", was_too_late, cache_words),
    ("unaccounted", lambda c: c.use is not None and c.use.missing_pages, unaccounted_words),
    ("small_kernel", is_kdump, kdump_words),
    ("fallback_alloc", lambda c: "fallback_alloc" in c.asker.helpers, lambda c: say(
        "note.fallback_alloc", "fallback_alloc() in the trace: the slab allocator had already tried every node.")),
    ("high_but_sleeping", lambda c: not c.request.atomic and c.request.high, lambda c: say(
        "note.high_but_sleeping", "Bit 5 (0x20) is set, which the article reads as GFP_ATOMIC, but this request could "
        "sleep and reclaim.")),
)


def notes_for(case: Case) -> tuple[Note, ...]:
    """Every row that applies."""
    return tuple(Note(key, text(case)) for key, applies, text in ROWS if applies(case))
