"""The memory of the host when it was collected, and the settings beside it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from nopage.result.base import Fact, PageFrom, StateFrom
from nopage.result.said import Said

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


class HugePages(Fact, frozen=True):
    """Static hugepages of one size, of one node where that is known."""

    size_kb: Annotated[int, Meta(description="size of each in KiB", ge=1, examples=[2048])]
    count: Annotated[int, Meta(description="how many there are", ge=0, examples=[245760])]
    node: Annotated[int | None, Meta(description="NUMA node; null where it is not known", examples=[0])]


class SettingSource(Fact, frozen=True):
    """One line that sets a vm.* at boot."""

    setting: Annotated[str, Meta(description="name", examples=["vm.min_free_kbytes"])]
    value: Annotated[str, Meta(description="as it stands", examples=["90112"])]
    file: Annotated[str, Meta(description="path inside the source", examples=["etc/sysctl.conf"])]
    line: Annotated[int, Meta(description="line from 1", ge=1, examples=[12])]
    wins: Annotated[bool, Meta(description="has the last word on its setting at boot", examples=[True])]


class Activity(Fact, frozen=True):
    """What sar measured in an interval in which requests failed; null where it did not."""

    time: Annotated[
        str,
        Meta(
            description="end of the interval, ISO 8601 by the clock of the host; +00:00 behind it in UTC",
            examples=["2012-02-14T18:30:01"],
        ),
    ]
    interval_s: Annotated[float | None, Meta(description="length of the interval in seconds", examples=[600.0])]
    failures: Annotated[int, Meta(description="reports in the interval", ge=0, examples=[12])]
    interface: Annotated[str | None, Meta(description="the busiest interface", examples=["eth4"])]
    receive_mbps: Annotated[float | None, Meta(description="Mbit/s it received", examples=[8123.4])]
    transmit_mbps: Annotated[float | None, Meta(description="Mbit/s it sent", examples=[411.0])]
    receive_dropped_per_s: Annotated[
        float | None, Meta(description="packets a second that one interface dropped, the largest", examples=[3.5])
    ]
    kswapd_scanned_per_s: Annotated[float | None, Meta(description="pages a second, pgscank", examples=[1520.0])]
    direct_scanned_per_s: Annotated[float | None, Meta(description="pages a second, pgscand", examples=[0.0])]
    swapped_out_per_s: Annotated[float | None, Meta(description="pages a second, pswpout", examples=[0.0])]
    free_kb: Annotated[int | None, Meta(description="free memory at the end in KiB", examples=[81234])]


class Memory(Fact, frozen=True):
    """The memory state at collection time; the state at each failure stands in the failure."""

    source: Annotated[StateFrom | None, Meta(description="where the zones were read", examples=["proc"])]
    total_kb: Annotated[int | None, Meta(description="MemTotal in KiB", examples=[32645196])]
    settings: Annotated[
        dict[str, int], Meta(description="vm.* values by name without vm.", examples=[{"min_free_kbytes": 90112}])
    ]
    zones: Annotated[tuple[Zone, ...], Meta(description="the populated zones")]
    missing: Annotated[tuple[str, ...], Meta(description="what was not collected", examples=[["/proc/zoneinfo"]])]
    page_kb: Annotated[int | None, Meta(description="page size in KiB; null where nothing tells it", examples=[64])] = (
        None
    )
    page_from: Annotated[
        PageFrom | None,
        Meta(description="what told the page size; meminfo: MemTotal over the zones' pages", examples=["meminfo"]),
    ] = None
    zones_kb: Annotated[
        int | None,
        Meta(description="what the zones hold; total_kb of a container says less", examples=[16303716]),
    ] = None
    contradiction: Annotated[
        str | None,
        Meta(
            description="how the zones and /proc/meminfo contradict each other, and which is taken; null where not",
            examples=["The zones hold 14680064 kB only, /proc/meminfo says MemTotal 33554432 kB"],
        ),
    ] = None
    contradiction_said: Annotated[
        Said | None, Meta(description="the sentence of contradiction as id and parameters")
    ] = None
    pageblock_pages: Annotated[int | None, Meta(description="pages of a pageblock", examples=[512])] = None
    huge_pages: Annotated[tuple[HugePages, ...], Meta(description="static hugepages")] = ()
    thp: Annotated[
        str | None, Meta(description="chosen word of transparent_hugepage/enabled", examples=["madvise"])
    ] = None
    thp_defrag: Annotated[
        str | None, Meta(description="chosen word of transparent_hugepage/defrag", examples=["always"])
    ] = None
    balloons: Annotated[tuple[str, ...], Meta(description="loaded balloon drivers", examples=[["vmw_balloon"]])] = ()
    setting_sources: Annotated[
        tuple[SettingSource, ...],
        Meta(description="every line that sets a vm.* at boot, in the order they take effect"),
    ] = ()
    tuned_profile: Annotated[
        str | None,
        Meta(description="active profile of tuned; empty where none is", examples=["throughput-performance"]),
    ] = None
    uptime_s: Annotated[float | None, Meta(description="seconds since boot", examples=[864000.0])] = None
    pressure: Annotated[
        dict[str, int],
        Meta(description="counters of /proc/vmstat that say memory was short", examples=[{"allocstall": 7}]),
    ] = field(default_factory=dict)
    pressure_per_hour: Annotated[
        dict[str, float], Meta(description="the same per hour of uptime", examples=[{"allocstall": 0.03}])
    ] = field(default_factory=dict)
    activity: Annotated[
        tuple[Activity, ...], Meta(description="what sar measured at the failures, the first to the last")
    ] = ()
    slab_kb: Annotated[
        dict[str, int], Meta(description="the largest slab caches in KiB", examples=[{"dentry": 91234}])
    ] = field(default_factory=dict)
    numa_misses: Annotated[
        dict[str, int], Meta(description="pages that each node gave in place of another one", examples=[{"0": 12}])
    ] = field(default_factory=dict)
