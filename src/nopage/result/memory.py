"""The memory of the host when it was collected, and the settings beside it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from nopage.result.base import Fact, StateFrom

Pages = Annotated[int | None, Meta(description="pages; null where not printed", examples=[9847])]


class FreeBlocks(Fact, frozen=True, array_like=True):
    """One column of a free list, written as a list of three: order, count, letters."""

    order: Annotated[int, Meta(description="blocks of 2**order pages", ge=0, examples=[2])]
    count: Annotated[int, Meta(description="free blocks", ge=0, examples=[84])]
    migratetypes: Annotated[
        str,
        Meta(
            description="letters of the migratetypes that have one (RHEL 7 on); empty where none are printed",
            examples=["UM"],
        ),
    ]


class Zone(Fact, frozen=True):
    """One memory zone of one node, in pages of `page_kb`."""

    node: Annotated[int | None, Meta(description="NUMA node; null where the kernel prints none", examples=[0])]
    zone: Annotated[str, Meta(description="name", examples=["Normal"])]
    page_kb: Annotated[int, Meta(description="page size in KiB", ge=1, examples=[4])]
    free_pages: Annotated[int | None, Meta(description="free pages, all orders", examples=[21870])]
    min_pages: Annotated[int | None, Meta(description="min watermark as printed", examples=[9847])]
    low_pages: Annotated[int | None, Meta(description="low watermark as printed", examples=[12308])]
    high_pages: Annotated[int | None, Meta(description="high watermark as printed", examples=[14770])]
    present_pages: Annotated[int | None, Meta(description="pages that are there", examples=[4128768])]
    managed_pages: Annotated[
        int | None, Meta(description="pages that the allocator has (RHEL 7 on)", examples=[4096000])
    ]
    lowmem_reserve_pages: Annotated[
        tuple[int, ...],
        Meta(
            description="kept from requests that could use a higher zone, by zone type",
            examples=[[0, 2991, 8041, 8041]],
        ),
    ]
    free_area: Annotated[tuple[FreeBlocks, ...], Meta(description="free blocks: order, count, migratetype letters")]


class Memory(Fact, frozen=True):
    """The memory state at collection time; the state at each failure stands in the failure."""

    source: Annotated[StateFrom | None, Meta(description="where the zones were read", examples=["proc"])]
    total_kb: Annotated[int | None, Meta(description="MemTotal in KiB", examples=[32645196])]
    settings: Annotated[
        dict[str, int], Meta(description="vm.* values by name without vm.", examples=[{"min_free_kbytes": 90112}])
    ]
    zones: Annotated[tuple[Zone, ...], Meta(description="the populated zones")]
    missing: Annotated[tuple[str, ...], Meta(description="what was not collected", examples=[["/proc/zoneinfo"]])]
