"""The facts that every floor speaks of: zones, call frames, failure reports.

All sizes named `_pages` are in pages of the machine that printed them (`page_kb` says how large one is), `_kb` in KiB.
`None` means "not printed"; nothing here is ever guessed.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands: file name inside the source, line number from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of a call trace, innermost first.

    `context` is the stack it was on: "task", "irq", "softirq", "nmi" or "exception". `reliable` is False for the
    entries that the kernel marks with "?", i.e. words found on the stack that may be left over.
    """

    symbol: str
    module: str | None = None
    offset: int | None = None
    size: int | None = None
    address: int | None = None
    reliable: bool = True
    context: str = "task"


def asked_in_interrupt(frames: tuple[Frame, ...]) -> bool:
    """The innermost frame ran on the stack of an interrupt, a softirq or an NMI."""
    return bool(frames) and frames[0].context in ("irq", "softirq", "nmi")


@dataclass(frozen=True, slots=True)
class FreeBlocks:
    """One column of a zone's free list: `count` free blocks of 2**order pages.

    `migratetypes` holds the letters the kernel prints from RHEL 7 on (KERNEL.md 2.5): each type with a non-empty
    list at this order; empty where none were printed.
    """

    order: int
    count: int
    migratetypes: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """One memory zone of one node, as a report, /proc/zoneinfo or a core shows it.

    `min_pages`, `low_pages`, `high_pages` are as printed, i.e. with the watermark boost on kernels that print it so.
    `lowmem_reserve_pages` is indexed by zone (RHEL 4: protections[]). `stats_kb` holds every other `key:NkB` pair.
    `node` is None where the kernel prints none (one node, CONFIG_NUMA=n).
    """

    name: str
    node: int | None = None
    page_kb: int = 4
    free_pages: int | None = None
    min_pages: int | None = None
    low_pages: int | None = None
    high_pages: int | None = None
    boost_pages: int | None = None
    highatomic_pages: int | None = None
    free_cma_pages: int | None = None
    present_pages: int | None = None
    managed_pages: int | None = None
    lowmem_reserve_pages: tuple[int, ...] = ()
    free_area: tuple[FreeBlocks, ...] = ()
    all_unreclaimable: bool | None = None
    stats_kb: Mapping[str, int] = field(default_factory=dict)

    @property
    def size_pages(self) -> int | None:
        """Managed pages where the kernel counts them (RHEL 7 on), else present pages."""
        return self.managed_pages if self.managed_pages is not None else self.present_pages


@dataclass(frozen=True, slots=True)
class MemInfo:
    """The memory state of a host at one moment.

    `source` is "report" (the Mem-Info block of a failure), "proc" (collected files) or "vmcore".
    `counters_pages` holds the summary block by key ("active_anon", "slab_reclaimable", "free", ...), in pages.
    `nodes_kb` holds the per-node lines of RHEL 8 and later.
    """

    zones: tuple[Zone, ...] = ()
    source: str = "report"
    page_kb: int = 4
    counters_pages: Mapping[str, int] = field(default_factory=dict)
    nodes_kb: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    swap_free_kb: int | None = None
    swap_total_kb: int | None = None
    ram_pages: int | None = None
    reserved_pages: int | None = None
    missing: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class HugePages:
    """`count` static hugepages of `size_kb` each (vm.nr_hugepages) on `node`; None where the node is not known."""

    size_kb: int
    count: int
    node: int | None = None


@dataclass(frozen=True, slots=True)
class SlubBlock:
    """"SLUB: Unable to allocate memory on node N" with the cache that asked (KERNEL.md 2.6).

    `gfp_mask` is the slab caller's mask, before __GFP_COMP and __GFP_NOTRACK were added. `node` -1 means any.
    `nodes` holds (slabs, objects, free objects) of each node.
    """

    node: int
    gfp_mask: int
    place: Place
    gfp_text: str | None = None
    cache: str | None = None
    object_size: int | None = None
    default_order: int | None = None
    min_order: int | None = None
    nodes: Mapping[int, tuple[int, int, int]] = field(default_factory=dict)
    time: str | None = None
    monotonic_s: float | None = None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A line saying that `count` messages were rate limited away.

    `exact` is True where the limiter belongs to this report alone (RHEL 7 on: warn_alloc_failed, warn_alloc); on
    RHEL 4-6 the count is of every rate-limited message of the host.
    """

    function: str
    count: int
    exact: bool
    place: Place
    time: str | None = None
    monotonic_s: float | None = None


@dataclass(frozen=True, slots=True)
class FailureReport:
    """One "page allocation failure" report.

    `gfp_text` is what the kernel printed in parentheses (None on RHEL 4-7). `time` is the wall time as the log tells
    it, ISO 8601 to the second: with the offset where the log has one ("2024-05-01T12:00:00+02:00"), without the year
    where it has none ("05-01T12:00:00"); `nopage.klog.wall` completes it. `monotonic_s` are the seconds since boot.
    `kernel` is the release in the report's own dump_stack line. `note` is a free line before the header (vmalloc's).
    `repeated` counts further copies that syslog folded into "last message repeated N times".
    `missing` lists what this report lacks and why.
    """

    comm: str
    order: int
    gfp_mask: int
    place: Place
    header: str
    gfp_text: str | None = None
    time: str | None = None
    monotonic_s: float | None = None
    pid: int | None = None
    cpu: int | None = None
    kernel: str | None = None
    taint: str | None = None
    hardware: str | None = None
    workqueue: str | None = None
    nodemask: str | None = None
    cpuset: str | None = None
    mems_allowed: str | None = None
    note: str | None = None
    repeated: int = 0
    frames: tuple[Frame, ...] = ()
    mem_info: MemInfo | None = None
    slub: tuple[SlubBlock, ...] = ()
    missing: tuple[Message, ...] = ()

    @property
    def in_interrupt(self) -> bool:
        """The allocating part of the trace ran on an interrupt or softirq stack, or below a softirq function."""
        return asked_in_interrupt(self.frames)


@dataclass(frozen=True, slots=True)
class LoggedLine:
    """One line as it stands in a log, without its end; cut where it is long."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class LogFacts:
    """All that one log (or several windows of it) says of allocation failures.

    `warnings` say what could not be read. `releases` are the kernel releases the log itself names
    (its "Linux version" banner, dump_stack lines), in order, without repeats.
    """

    reports: tuple[FailureReport, ...] = ()
    slub: tuple[SlubBlock, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    releases: tuple[str, ...] = ()
    warnings: tuple[Message, ...] = ()
