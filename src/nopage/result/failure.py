"""The failures, one by one and in groups."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from nopage.result.base import Cause, Confidence, Fact, LayoutFrom, Path, SeriesKind, StackContext, TimeFrom
from nopage.result.memory import Zone
from nopage.result.said import Said
from nopage.result.source import Place

Mask = Annotated[str, Meta(description="gfp_mask as printed, in hex", pattern="^0x[0-9a-f]+$", examples=["0x4020"])]
Time = Annotated[
    str | None,
    Meta(
        description="wall time, ISO 8601 with year; with offset where the log tells it",
        examples=["2012-02-14T18:26:56"],
    ),
]
Order = Annotated[int, Meta(description="2**order contiguous pages were wanted", ge=0, examples=[2])]
Asked = Annotated[str | None, Meta(description="module that asked", examples=["mlx4_en"])]
Why = Annotated[Cause | None, Meta(description="null for a request that could sleep", examples=["watermark_order"])]


class Frame(Fact, frozen=True):
    """One entry of a call trace."""

    symbol: Annotated[str, Meta(description="function", examples=["__alloc_pages_nodemask"])]
    module: Annotated[str | None, Meta(description="its module; null when built in", examples=["mlx4_en"])] = None
    offset: Annotated[int | None, Meta(description="bytes into the function", examples=[1860])] = None
    size: Annotated[int | None, Meta(description="the function's length in bytes", examples=[2256])] = None
    reliable: Annotated[bool, Meta(description="false for entries that the kernel marks with ?", examples=[False])] = (
        True
    )
    context: Annotated[StackContext, Meta(description="the stack it was on", examples=["irq"])] = StackContext.TASK


class Evidence(Fact, frozen=True, omit_defaults=True):
    """The numbers behind a cause, in pages unless the name says otherwise; what is not known is left out."""

    zone: Annotated[str | None, Meta(description="the zone that decides", examples=["Node 0 Normal"])] = None
    test: Annotated[str | None, Meta(description="the test of the kernel that decides", examples=["order 0"])] = None
    left_pages: Annotated[int | None, Meta(description="left side of that test", examples=[893])] = None
    right_pages: Annotated[int | None, Meta(description="right side of it", examples=[1846])] = None
    margin_pages: Annotated[int | None, Meta(description="by how much it passes; negative: fails", examples=[-954])] = (
        None
    )
    margin_kb: Annotated[int | None, Meta(description="the same in KiB", examples=[-3816])] = None
    floor_pages: Annotated[int | None, Meta(description="what the request must leave of min", examples=[3693])] = None
    reserve_pages: Annotated[int | None, Meta(description="lowmem_reserve that it must leave too", examples=[0])] = None
    page_kb: Annotated[int | None, Meta(description="page size in KiB", examples=[4])] = None
    free_pages: Annotated[int | None, Meta(description="free pages of the zone", examples=[21870])] = None
    min_pages: Annotated[int | None, Meta(description="its min as printed", examples=[9847])] = None
    low_pages: Annotated[int | None, Meta(description="its low as printed", examples=[12308])] = None
    blocks_at_order: Annotated[int | None, Meta(description="free blocks of the order or larger", examples=[97])] = None
    free_cma_pages: Annotated[int | None, Meta(description="free pages of CMA", examples=[1024])] = None
    highatomic_pages: Annotated[
        int | None, Meta(description="pages of the high-order atomic reserve", examples=[512])
    ] = None
    boost_pages: Annotated[int | None, Meta(description="watermark boost in min, low and high", examples=[2048])] = None
    rule: Annotated[
        str | None, Meta(description="whose watermark rule was replayed", examples=["RHEL 5, 6.0, 6.1"])
    ] = None
    asked_by: Annotated[str | None, Meta(description="function that asked", examples=["mlx4_en_alloc_frag"])] = None
    total_pages: Annotated[int | None, Meta(description="all memory", examples=[8264606])] = None
    cache_pages: Annotated[int | None, Meta(description="cache that can be given back", examples=[2706893])] = None
    anon_pages: Annotated[int | None, Meta(description="anonymous memory", examples=[4378802])] = None
    slab_pages: Annotated[int | None, Meta(description="slab", examples=[796145])] = None
    unaccounted_pages: Annotated[int | None, Meta(description="pages in nobody's account", examples=[573512])] = None
    swap_free_kb: Annotated[int | None, Meta(description="free swap in KiB", examples=[16777208])] = None
    swap_total_kb: Annotated[int | None, Meta(description="all swap in KiB", examples=[16777208])] = None


class Failure(Fact, frozen=True):
    """One failed request."""

    time: Time
    monotonic_s: Annotated[float | None, Meta(description="seconds since boot", examples=[12345.678901])]
    comm: Annotated[
        str, Meta(description="the process that ran; a bystander when in_interrupt is true", examples=["swapper"])
    ]
    pid: Annotated[int | None, Meta(description="its number", examples=[0])]
    order: Order
    gfp_mask: Mask
    gfp_name: Annotated[str, Meta(description="the mask in names", examples=["GFP_ATOMIC|__GFP_COMP"])]
    gfp_flags: Annotated[tuple[str, ...], Meta(description="its flags", examples=[["__GFP_HIGH", "__GFP_COMP"]])]
    gfp_printed: Annotated[
        str | None, Meta(description="the names that the kernel printed itself (4.4 on)", examples=["GFP_ATOMIC"])
    ]
    gfp_layout: Annotated[str, Meta(description="numbering by which the mask was read", examples=["el6"])]
    gfp_layout_from: Annotated[LayoutFrom, Meta(description="how the numbering was found", examples=["exact"])]
    atomic: Annotated[bool, Meta(description="the request could not sleep", examples=[True])]
    uses_reserve: Annotated[bool, Meta(description="bit 5: it may use half of the min reserve", examples=[True])]
    kernel: Annotated[str | None, Meta(description="release that printed it", examples=["2.6.32-358.el6.x86_64"])]
    path: Annotated[Path, Meta(description="code path that asked", examples=["network receive"])]
    driver: Asked
    in_interrupt: Annotated[bool, Meta(description="it was asked from an interrupt", examples=[True])]
    cause: Why
    confidence: Annotated[Confidence, Meta(description="what the cause rests on", examples=["replayed"])]
    words: Annotated[tuple[str, ...], Meta(description="cause and proof in sentences")]
    seen_in: Annotated[tuple[Place, ...], Meta(description="every place that tells of it")]
    repeated: Annotated[int, Meta(description="further copies that syslog folded into one line", ge=0, examples=[0])]
    signature: Annotated[
        str,
        Meta(
            description="equal for failures of one kind: order, mode, cause, stack",
            examples=["2-0x4020-watermark_order-6a6aa23afd8d"],
        ),
    ]
    call_trace: Annotated[
        tuple[str, ...], Meta(description="innermost first", examples=[["? __alloc_pages_nodemask+0x744/0x8d0"]])
    ] = ()
    zones: Annotated[tuple[Zone, ...], Meta(description="the memory state that was printed with it")] = ()
    missing: Annotated[tuple[str, ...], Meta(description="what the report lacks, and why")] = ()
    evidence: Annotated[Evidence, Meta(description="the numbers behind the cause")] = Evidence()
    time_printed: Annotated[
        str | None,
        Meta(description="the time as the log tells it, without what it leaves out", examples=["02-14T18:26:56"]),
    ] = None
    time_from: Annotated[
        TimeFrom | None, Meta(description="what told the year or the whole time", examples=["log"])
    ] = None
    path_known: Annotated[
        bool, Meta(description="false where the call trace was cut before the caller", examples=[True])
    ] = True
    function: Annotated[str | None, Meta(description="function that asked", examples=["mlx4_en_alloc_frag"])] = None
    received_by: Annotated[
        str | None,
        Meta(description="driver that received the packet on whose way up it was asked; it did not ask itself",
             examples=["ixgbe"]),
    ] = None
    submitted_by: Annotated[
        str | None,
        Meta(description="module whose input, output or message it was; it did not ask itself", examples=["zfs"]),
    ] = None
    frames: Annotated[tuple[Frame, ...], Meta(description="the call trace in parts")] = ()
    log: Annotated[
        tuple[str, ...],
        Meta(description="the report as it stands in the log, of one failure a signature; at most 200 lines"),
    ] = ()
    words_said: Annotated[tuple[Said, ...], Meta(description="the sentences of words as ids and parameters")] = ()
    missing_said: Annotated[tuple[Said, ...], Meta(description="the sentences of missing as ids and parameters")] = ()
    log_from: Annotated[
        Place | None, Meta(description="where the first line of log stands; the others follow it line by line")
    ] = None


class Group(Fact, frozen=True):
    """Failures of one signature."""

    signature: Annotated[str, Meta(description="what they share", examples=["2-0x4020-watermark_order-6a6aa23afd8d"])]
    count: Annotated[int, Meta(description="failures, folded copies included", ge=1, examples=[3])]
    order: Order
    gfp_mask: Mask
    gfp_name: Annotated[str, Meta(description="the mask in names", examples=["GFP_ATOMIC|__GFP_COMP"])]
    atomic: Annotated[bool, Meta(description="they could not sleep", examples=[True])]
    comm: Annotated[tuple[str, ...], Meta(description="the processes named, at most 20", examples=[["swapper"]])]
    path: Annotated[Path, Meta(description="code path that asked", examples=["network receive"])]
    driver: Asked
    cause: Why
    first: Time
    last: Time
    first_monotonic_s: Annotated[
        float | None, Meta(description="seconds since boot of the first", examples=[12345.6])
    ] = None
    last_monotonic_s: Annotated[
        float | None, Meta(description="seconds since boot of the last", examples=[12399.1])
    ] = None


class Timeline(Fact, frozen=True):
    """What the failures of the host look like over time."""

    kind: Annotated[
        SeriesKind,
        Meta(
            description="single, burst (within a minute), storm (many of them), recurring",
            examples=["burst"],
        ),
    ]
    reports: Annotated[int, Meta(description="failures printed, folded copies included", ge=0, examples=[3])]
    span_s: Annotated[float | None, Meta(description="seconds from the first to the last", examples=[24.0])]
    bursts: Annotated[int, Meta(description="groups more than ten minutes apart", ge=0, examples=[1])]
    harmless: Annotated[bool, Meta(description="one burst that did not come back", examples=[True])]
    asked_pages: Annotated[
        int, Meta(description="pages that the printed requests asked for in all", ge=0, examples=[12])
    ]
    said: Annotated[tuple[Said, ...], Meta(description="the same in sentences")]


class Slub(Fact, frozen=True):
    """SLUB's own reports that came without a page allocation failure, one a cache."""

    cache: Annotated[str | None, Meta(description="name of the cache", examples=["kmalloc-512"])]
    count: Annotated[int, Meta(description="how often", ge=1, examples=[2])]
    gfp_mask: Mask
    atomic: Annotated[bool, Meta(description="the request could not sleep", examples=[True])]
    words: Annotated[
        str,
        Meta(
            description="what it means",
            examples=["The cache is that of a memory cgroup: its kernel memory limit was reached ..."],
        ),
    ]
    seen_in: Annotated[tuple[Place, ...], Meta(description="where it stands, at most 20 places")]
    said: Annotated[tuple[Said, ...], Meta(description="the sentences of words as ids and parameters")] = ()
