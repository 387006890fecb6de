from __future__ import annotations

import pytest

from nopage.kernel.facts import FreeBlocks
from nopage.klog.report.meminfo import MemInfoBuilder


def build(text):
    """The block, from lines that must all be known."""
    builder = MemInfoBuilder()
    for line in text.strip().splitlines():
        assert builder.add(line.strip()), line
    return builder.build()


FREE = "1*4kB 2*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 3*4096kB = 12308kB"

# KERNEL.md 2.5: each generation's zone line -> name, node, free, min, low, high, present, managed (pages)
ZONE_LINES = [
    (
        "Normal free:320kB min:400kB low:800kB high:1200kB active:100000kB inactive:3000kB present:16000kB "
        "pages_scanned:0 all_unreclaimable? no",
        ("Normal", None, 80, 100, 200, 300, 4000, None),
    ),
    (
        "Node 0 DMA32 free:0kB min:0kB low:0kB high:0kB active:0kB inactive:0kB present:0kB pages_scanned:0 "
        "all_unreclaimable? no",
        ("DMA32", 0, 0, 0, 0, 0, 0, None),
    ),
    (
        "Node 1 Normal free:50000kB min:90112kB low:112640kB high:135168kB active_anon:0kB isolated(anon):0kB "
        "present:33030144kB mlocked:0kB kernel_stack:8192kB pages_scanned:3 all_unreclaimable? yes",
        ("Normal", 1, 12500, 22528, 28160, 33792, 8257536, None),
    ),
    (
        "Node 0 DMA free:15000kB min:44kB low:56kB high:68kB present:15900kB managed:15800kB free_pcp:0kB "
        "local_pcp:0kB free_cma:0kB writeback_tmp:0kB pages_scanned:0 all_unreclaimable? yes",
        ("DMA", 0, 3750, 11, 14, 17, 3975, 3950),
    ),
    (
        "Node 0 Normal free:80000kB boost:20000kB min:60000kB low:70000kB high:80000kB reserved_highatomic:4096KB "
        "active_anon:4kB writepending:0kB present:12000000kB managed:11000000kB mlocked:0kB bounce:0kB free_pcp:8kB "
        "local_pcp:4kB free_cma:0kB",
        ("Normal", 0, 20000, 15000, 17500, 20000, 3000000, 2750000),
    ),
]


@pytest.mark.parametrize(("line", "told"), ZONE_LINES)
def test_zone_lines(line, told):
    info = build(line)
    (zone,) = info.zones
    assert (
        zone.name, zone.node, zone.free_pages, zone.min_pages, zone.low_pages, zone.high_pages, zone.present_pages,
        zone.managed_pages,
    ) == told  # fmt: skip
    assert zone.all_unreclaimable == ("yes" in line if "unreclaimable" in line else None)
    assert "free" not in zone.stats_kb
    assert "Mem-Info has no free lists" in map(str, info.missing)


def test_boost_and_highatomic():
    (zone,) = build(ZONE_LINES[-1][0]).zones
    assert (zone.boost_pages, zone.highatomic_pages, zone.free_cma_pages) == (5000, 1024, 0)
    assert zone.stats_kb["active_anon"] == 4


def test_reserve_belongs_to_the_zone_before():
    info = build(
        f"""DMA free:4kB min:4kB low:4kB high:4kB present:4kB
        protections[]: 0 16 32
        Normal free:4kB min:4kB low:4kB high:4kB present:4kB
        lowmem_reserve[]: 0 0 1600 64000 64000
        DMA: {FREE}
        Normal: {FREE}"""
    )
    assert [zone.lowmem_reserve_pages for zone in info.zones] == [(0, 16, 32), (0, 0, 1600, 64000, 64000)]
    assert info.missing == ()


def test_free_lists():
    info = build(
        """Node 0 Normal free:8000kB min:1kB low:1kB high:1kB present:8kB
        Node 0 Normal: 1000*4kB (UMEH) 500*8kB (UEH) 0*16kB = 8000kB"""
    )
    assert info.zones[0].free_area == (
        FreeBlocks(0, 1000, "UMEH"), FreeBlocks(1, 500, "UEH"), FreeBlocks(2, 0, ""),
    )  # fmt: skip


@pytest.mark.parametrize("page_kb", [4, 16, 64])
def test_pages_are_of_the_size_of_the_first_column(page_kb):
    info = build(
        f"""Node 0 DMA free:{page_kb * 10}kB min:{page_kb * 2}kB low:{page_kb * 3}kB present:{page_kb * 99}kB
        Node 0 DMA: 4*{page_kb}kB 3*{page_kb * 2}kB = {page_kb * 10}kB"""
    )
    assert info.page_kb == page_kb
    (zone,) = info.zones
    assert (zone.free_pages, zone.min_pages, zone.present_pages) == (10, 2, 99)
    assert [(block.order, block.count) for block in zone.free_area] == [(0, 4), (1, 3)]
    assert info.missing == ()


def test_page_size_without_free_lists():
    some = "Node 0 DMA free:6400kB min:128kB low:192kB high:256kB active_anon:64kB present:65536kB managed:65472kB"
    assert build(some).page_kb == 4
    assert "the page size is not printed; 4 kB taken" in map(str, build(some).missing)
    info = build(f"{some} mlocked:640kB")
    assert info.page_kb == 64
    assert "the page size is not printed; every figure is a multiple of 64 kB" in map(str, info.missing)


def test_empty_zones_lack_nothing():
    info = build(
        f"""DMA free:4kB min:4kB low:4kB high:4kB present:4kB
        HighMem free:0kB min:128kB low:128kB high:128kB present:0kB
        DMA: {FREE}
        HighMem: empty"""
    )
    assert info.zones[1].free_area == ()
    assert info.missing == ()


def test_free_lists_that_do_not_add_up_are_told_and_kept():
    info = build("Node 0 DMA: 1*4kB 2*8kB = 24kB")
    assert [block.count for block in info.zones[0].free_area] == [1, 2]
    assert "the free list of Node 0 DMA adds up to 20 kB, printed 24 kB" in map(str, info.missing)
    assert "Mem-Info has no zone lines with watermarks" in map(str, info.missing)


def test_cut_free_list():
    info = build("DMA free:4kB min:4kB low:4kB high:4kB present:4kB\nDMA: 1*4kB 2*8kB 0*1")
    assert tuple(map(str, info.missing)) == ("the free list of DMA is cut",)


@pytest.mark.parametrize(
    ("columns", "lost"),
    [
        ("1*4kB 0*8kB 0*16kB 1*32kB = 36kB", None),
        ("1*4kB 0*8kB 1*32kB = 36kB", "16 kB"),
        ("1*4kB 1*32kB = 36kB", "8, 16 kB"),
        ("2*64kB 1*256kB = 384kB", "128 kB"),
    ],
)
def test_a_free_list_with_a_column_lost_is_said_so(columns, lost):
    size = "64kB" if "64kB" in columns else "4kB"
    info = build(f"DMA free:{size} min:{size} low:{size} high:{size} present:{size}\nDMA: {columns}")
    expected = () if lost is None else (f"the free list of DMA lacks the blocks of {lost}",)
    assert tuple(map(str, info.missing)) == expected


def test_cut_values_are_not_taken():
    info = build("Node 0 DMA free:4kB min:4kB low:4kB high:4kB active_anon:12kB managed:15")
    assert info.zones[0].managed_pages is None


def test_counters_of_rhel_4_and_5():
    info = build(
        """Free pages:       26800kB (0kB HighMem)
        Active:150000 inactive:5000 dirty:18 writeback:280 unstable:0 free:6700 slab:40000 mapped-file:410 mapped-anon:9
        229376 pages of RAM
        0 pages of HIGHMEM
        2500 reserved pages
        1400 pages shared
        93000 pages swap cached
        Swap cache: add 600000, delete 590000, find 140000/210000, race 2+9
        Free swap:       490000kB"""
    )
    assert info.counters_pages["active"] == 150000
    assert info.counters_pages["mapped-file"] == 410
    assert info.counters_pages["swap_cache"] == 93000
    assert (info.ram_pages, info.reserved_pages, info.swap_free_kb) == (229376, 2500, 490000)


def test_counters_and_trailer_of_rhel_9():
    info = build(
        """Mem-Info:
        active_anon:110 inactive_anon:14000 isolated_anon:0
        active_file:17000 inactive_file:87 isolated_file:0
        slab_reclaimable:6900 slab_unreclaimable:20000
        kernel_misc_reclaimable:0
        free:13000 free_pcp:99 free_cma:0
        Node 0 active_anon:440kB inactive_anon:56000kB shmem_thp: 0kB kernel_stack:9kB all_unreclaimable? no
        Node 0 hugepages_total=20 hugepages_free=20 hugepages_surp=0 hugepages_size=2048kB
        19000 total pagecache pages
        0 pages in swap cache
        Free swap  = 120000kB
        Total swap = 125000kB
        524288 pages RAM
        0 pages HighMem/MovableOnly
        129000 pages reserved
        0 pages cma reserved
        0 pages hwpoisoned"""
    )
    assert info.counters_pages["slab_unreclaimable"] == 20000
    assert info.nodes_kb == {0: {"active_anon": 440, "inactive_anon": 56000, "shmem_thp": 0, "kernel_stack": 9}}
    assert (info.swap_free_kb, info.swap_total_kb, info.ram_pages) == (120000, 125000, 524288)


@pytest.mark.parametrize(
    "line", ["Node 0 DMA per-cpu:", "CPU    0: hi:  186, btch:  31 usd: 117", "cpu 0 cold: high 62, batch 15 used:14"]
)
def test_per_cpu_lines_are_known_and_not_kept(line):
    assert build(line) is None


@pytest.mark.parametrize("line", ["dump_stack+0x19/0x1b", "eth0: link up", "Out of memory: Kill process 1", "a: 4kB"])
def test_other_lines(line):
    assert not MemInfoBuilder().add(line)


def test_a_block_of_another_cpu_does_not_overwrite():
    info = build(
        f"""DMA free:4kB min:4kB low:4kB high:4kB present:4kB
        DMA free:8kB min:8kB low:8kB high:8kB present:8kB
        DMA: {FREE}"""
    )
    assert info.zones[0].free_pages == 1
