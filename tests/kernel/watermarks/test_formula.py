from __future__ import annotations

from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nopage.kernel.facts import Zone
from nopage.kernel.release.parse import Release, parse_release
from nopage.kernel.watermarks.formula import (
    ZoneWatermarks,
    atomic_floor_pages,
    default_lowmem_kb,
    default_min_free_kbytes,
    lowmem_reserve,
    step_of,
    thp_min_free_kbytes,
    watermarks,
    zone_types,
)

GIB_KB = 1024 * 1024


def release_of(text: str) -> Release:
    release = parse_release(text)
    assert release is not None
    return release


def zone(name: str, pages: int, node: int = 0, page_kb: int = 4) -> Zone:
    return Zone(name=name, node=node, page_kb=page_kb, present_pages=pages)


@pytest.mark.parametrize(
    ("build", "lowmem_gib", "min_free_kb"),
    # KERNEL.md 3.1: 4*sqrt from 2.6.9-55.0.6 on, capped at 64 MB up to RHEL 8.2, at 256 MB from then on
    [
        ("2.6.32-358.el6", 1, 4096), ("2.6.32-358.el6", 2, 5792), ("2.6.18-274.el5", 4, 8192),
        ("3.10.0-1062.el7", 8, 11585), ("3.10.0-1062.el7", 16, 16384), ("4.18.0-80.el8", 32, 23170),
        ("2.6.32-754.el6", 64, 32768), ("3.10.0-1160.el7", 128, 46340), ("3.10.0-1160.el7", 256, 65536),
        ("3.10.0-1160.el7", 4096, 65536), ("4.18.0-147.el8", 1024, 65536), ("2.6.9-89.EL", 1, 4096),
        ("4.18.0-240.el8", 256, 65536), ("4.18.0-240.el8", 512, 92681), ("5.14.0-70.el9", 1024, 131072),
        ("6.12.0-55.el10_0", 4096, 262144), ("6.12.0-55.el10_0", 8192, 262144), ("4.18.0-193.el8", 512, 65536),
        ("2.6.9-55.EL", 1, 1024), ("2.6.9-55.EL", 256, 16384), ("2.6.9-55.0.6.EL", 1, 4096),
        ("2.6.9-42.EL", 1024, 16384),
    ],
)  # fmt: skip
def test_default_min_free_kbytes(build: str, lowmem_gib: int, min_free_kb: int) -> None:
    assert default_min_free_kbytes(release_of(build), lowmem_gib * GIB_KB) == min_free_kb


@pytest.mark.parametrize(("build", "sizes", "total_kb", "lowmem_kb"), [
    # every zone up to Normal, whatever it is of the share
    ("4.18.0-553.el8_10.x86_64", {"DMA": 4000, "DMA32": 500000, "Normal": 600000, "Movable": 900000}, None, 4416000),
    ("2.6.32-754.el6.i686", {"DMA": 4000, "Normal": 220000, "HighMem": 900000}, None, 896000),
    # RHEL 4: Normal alone where its zonelist has no DMA (KERNEL.md 8: 1982 = 4 * isqrt(245632))
    ("2.6.9-89.29.1.ELsmp.x86_64", {"DMA": 4096, "Normal": 61408}, None, 245632),
    ("2.6.9-89.29.1.ELsmp.i686", {"DMA": 4096, "Normal": 61408}, None, 245632),
    ("2.6.9-89.29.1.EL.i686", {"DMA": 4096, "Normal": 61408}, None, 262016),
    ("2.6.9-5.0.3.EL.x86_64", {"DMA": 4096, "Normal": 61408}, None, 262016),
    ("2.6.9-89.29.1.EL.ia64", {"DMA": 61408}, None, 245632),
    # MemTotal where no size is known
    ("2.6.9-89.29.1.EL.x86_64", {}, 1048576, 1032192),
    ("2.6.9-89.29.1.EL.i686", {}, 4000000, 917504),
    ("2.6.9-89.29.1.ELhugemem.i686", {}, 16000000, (4 << 20) - (16 << 10)),
    ("3.10.0-1160.el7.x86_64", {}, 4000000, 4000000),
    ("3.10.0-1160.el7.x86_64", {"Normal": 0}, 4000000, 4000000),
    ("3.10.0-1160.el7.x86_64", {}, None, None),
    ("3.10.0-1160.el7.x86_64", {}, -1, None),
])
def test_what_the_default_is_computed_from(
    build: str, sizes: dict[str, int], total_kb: int | None, lowmem_kb: int | None
) -> None:
    zones = [zone(name, pages) for name, pages in sizes.items()]
    assert default_lowmem_kb(release_of(build), zones, total_kb) == lowmem_kb


@pytest.mark.parametrize("lowmem_kb", [-1, 0, 100])
def test_default_is_at_least_128(lowmem_kb: int) -> None:
    assert default_min_free_kbytes(None, lowmem_kb) == 128
    assert default_min_free_kbytes(release_of("2.6.9-42.EL"), lowmem_kb) == 128


DMA, DMA32, NORMAL = zone("DMA", 3_977), zone("DMA32", 480_000), zone("Normal", 7_700_000)
FAR_NORMAL = zone("Normal", 8_000_000, node=1)
MOVABLE = zone("Movable", 1_000_000)


@pytest.mark.parametrize(
    ("build", "zones", "kb"),
    [
        # the 5 % cap: min_free_kbytes was 2579, highs 36 and 928; (3977 - 36 + 100000 - 928) / 20 = 5150 pages
        ("2.6.32-358.el6.x86_64", (DMA, zone("DMA32", 100_000)), 20600),
        ("2.6.32-358.el6.x86_64", (zone("DMA", 3_977), zone("DMA32", 3_000_000)), 45056),
        ("2.6.32-358.el6.x86_64", (DMA, DMA32, NORMAL), 67584),
        ("3.10.0-1062.el7.x86_64", (DMA, DMA32, NORMAL, FAR_NORMAL), 90112),
        ("3.10.0-1062.el7.x86_64", (DMA, DMA32, NORMAL, MOVABLE), 90112),
        ("4.18.0-553.el8_10.x86_64", (DMA, DMA32, NORMAL, MOVABLE), 67584),
        ("5.14.0-570.el9_6.x86_64", (DMA, DMA32, NORMAL, FAR_NORMAL, zone("Device", 0)), 90112),
    ],
)
def test_thp_raises_min_free_kbytes(build: str, zones: tuple[Zone, ...], kb: int) -> None:
    assert thp_min_free_kbytes(release_of(build), zones) == kb


def test_thp_is_no_matter_before_rhel_6_or_of_unknown_zones() -> None:
    assert thp_min_free_kbytes(release_of("2.6.18-274.el5"), (DMA, DMA32, NORMAL)) is None
    assert thp_min_free_kbytes(None, ()) is None
    assert thp_min_free_kbytes(None, (Zone(name="DMA"),)) is None


def test_thp_unit_follows_the_page_size() -> None:
    zones = (zone("Normal", 4_000_000, page_kb=64),)
    # 64 kB pages: 16 MB pageblocks on ppc64, 512 MB on arm64 (capped at 5 % here)
    assert thp_min_free_kbytes(release_of("4.18.0-553.el8_10.ppc64le"), zones) == 256 * 11 * 64
    assert thp_min_free_kbytes(release_of("4.18.0-553.el8_10.aarch64"), zones) == 8192 * 11 * 64


# A 32-bit host: 896 MB of lowmem, 3 GB above. P = 4096 kB = 1024 pages, L = 4096 + 225280 = 229376.
# DMA t = 1024*4096/229376 = 18, Normal t = 1005, HighMem t = 3510; HighMem min = 786432/1024 = 768 -> 128.
I386 = (zone("DMA", 4096), zone("Normal", 225_280), zone("HighMem", 786_432))
# A 64-bit host of one node: P = 67584 kB = 16896 pages, L = 4000 + 500000 + 3500000 = 4004000.
# t = 16896*4000/4004000 = 16, 2109, 14769.
X86_64 = (zone("DMA", 4000), zone("DMA32", 500_000), zone("Normal", 3_500_000))

FORWARD = [
    ("2.6.9-89.ELhugemem", I386, {"min_free_kbytes": 4096}, [(18, 36, 54), (1005, 2010, 3015), (128, 256, 384)]),
    ("2.6.18-274.el5PAE", I386, {"min_free_kbytes": 4096}, [(18, 22, 27), (1005, 1256, 1507), (128, 1005, 1883)]),
    ("2.6.32-131.el6.i686", I386, {"min_free_kbytes": 4096}, [(18, 22, 27), (1005, 1256, 1507), (128, 1005, 1883)]),
    ("2.6.32-71.el6.x86_64", X86_64, {"min_free_kbytes": 67584},
     [(16, 20, 24), (2109, 2636, 3163), (14769, 18461, 22153)]),
    ("3.10.0-1062.el7.x86_64", X86_64, {"min_free_kbytes": 67584},
     [(16, 20, 24), (2109, 2636, 3163), (14769, 18461, 22153)]),
    # extra_free_kbytes 204800 = 51200 pages: e = 51200*Z/4004000 = 51, 6393, 44755; before 6.2 and on 7 it is not there
    ("2.6.32-358.el6.x86_64", X86_64, {"min_free_kbytes": 67584, "extra_free_kbytes": 204800},
     [(16, 71, 75), (2109, 9029, 9556), (14769, 63216, 66908)]),
    ("2.6.32-131.el6.x86_64", X86_64, {"min_free_kbytes": 67584, "extra_free_kbytes": 204800},
     [(16, 20, 24), (2109, 2636, 3163), (14769, 18461, 22153)]),
    ("3.10.0-1160.el7.x86_64", X86_64, {"min_free_kbytes": 67584, "extra_free_kbytes": 204800},
     [(16, 20, 24), (2109, 2636, 3163), (14769, 18461, 22153)]),
    # RHEL 8 on: d = max(t/4, Z*10/10000) = max(4, 4), max(527, 500), max(3692, 3500)
    ("4.18.0-240.el8.x86_64", X86_64, {"min_free_kbytes": 67584},
     [(16, 20, 24), (2109, 2636, 3163), (14769, 18461, 22153)]),
    # factor 100: Z*100/10000 = 40, 5000, 35000
    ("5.14.0-570.el9_6.x86_64", X86_64, {"min_free_kbytes": 67584, "watermark_scale_factor": 100},
     [(16, 56, 96), (2109, 7109, 12109), (14769, 49769, 84769)]),
    ("6.12.0-55.el10_0.x86_64", X86_64, {"min_free_kbytes": 0}, [(0, 4, 8), (0, 500, 1000), (0, 3500, 7000)]),
    # 64 kB pages: P = 67584/64 = 1056, one zone has it all
    ("4.18.0-553.el8_10.ppc64le", (zone("Normal", 1_000_000, page_kb=64),), {"min_free_kbytes": 67584},
     [(1056, 2056, 3056)]),
    ("3.10.0-1160.el7.ia64", (zone("Normal", 400_000, page_kb=16),), {"min_free_kbytes": 16384}, [(1024, 1280, 1536)]),
    # Movable takes part up to RHEL 9 and stands apart on RHEL 10
    ("5.14.0-570.el9_6.x86_64", (zone("Normal", 300_000), zone("Movable", 100_000)), {"min_free_kbytes": 16384},
     [(3072, 3840, 4608), (1024, 1280, 1536)]),
    ("6.12.0-55.el10_0.x86_64", (zone("Normal", 300_000), zone("Movable", 100_000)), {"min_free_kbytes": 16384},
     [(4096, 5120, 6144), (97, 438, 779)]),
    # what a user may write on RHEL 4-6, where no bound is enforced
    ("2.6.32-358.el6.x86_64", (zone("Normal", 1000),), {"min_free_kbytes": -1}, [(0, 0, 0)]),
    # an unpopulated highmem zone, which RHEL 5 prints on x86_64 too: min 128 kB
    ("2.6.18-274.el5.x86_64", (zone("Normal", 1000), zone("HighMem", 0)), {"min_free_kbytes": 400},
     [(100, 125, 150), (32, 32, 32)]),
]  # fmt: skip


@pytest.mark.parametrize(("build", "zones", "tunables", "expected"), FORWARD)
def test_watermarks_of_each_generation(
    build: str, zones: tuple[Zone, ...], tunables: dict[str, int], expected: list[tuple[int, int, int]]
) -> None:
    marks = watermarks(release_of(build), zones, **tunables)
    assert marks == tuple(ZoneWatermarks(*row) for row in expected)


def test_no_watermarks_from_a_zone_of_unknown_or_absurd_size() -> None:
    assert watermarks(None, (zone("DMA", 4000), Zone(name="Normal")), min_free_kbytes=4096) == ()
    assert watermarks(None, (zone("DMA", -5),), min_free_kbytes=4096) == ()
    assert watermarks(None, (), min_free_kbytes=4096) == ()
    assert watermarks(None, (zone("DMA", 0),), min_free_kbytes=4096) == (ZoneWatermarks(0, 0, 0),)


@pytest.mark.parametrize(
    ("marks", "step"),
    [
        ((100, 200, 300), "double"), ((97, 121, 145), "quarter"), ((477, 596, 715), "quarter"),
        ((100, 160, 220), "wider"), ((3, 3, 4), None),
        ((0, 0, 0), None), ((100, 90, 80), None), ((928, 1032, 1136), None), ((None, 5, 6), None),
    ],
)  # fmt: skip
def test_distance_of_low_tells_the_rule(marks: tuple[int | None, int, int], step: str | None) -> None:
    assert step_of(Zone("Normal", min_pages=marks[0], low_pages=marks[1], high_pages=marks[2])) == step


def test_unknown_kernel_follows_the_rule_its_zones_show() -> None:
    printed = Zone("Normal", present_pages=100_000, min_pages=1000, low_pages=2000, high_pages=3000)
    assert watermarks(None, (printed,), min_free_kbytes=8000) == (ZoneWatermarks(2000, 4000, 6000),)
    wide = Zone("Normal", present_pages=1_000_000, min_pages=1000, low_pages=2000, high_pages=2500)
    assert watermarks(None, (wide,), min_free_kbytes=8000) == (ZoneWatermarks(2000, 3000, 4000),)
    assert watermarks(None, (zone("Normal", 100_000),), min_free_kbytes=8000) == (ZoneWatermarks(2000, 2500, 3000),)


@pytest.mark.parametrize(
    ("build", "zones", "expected"),
    [
        # DMA reserves (DMA32 + Normal)/256 against Normal requests: 500000/256 = 1953, 4000000/256 = 15625
        ("3.10.0-1062.el7.x86_64", X86_64, [(0, 1953, 15625, 15625), (0, 0, 13671, 13671), (0, 0, 0, 0)]),
        ("4.18.0-553.el8_10.x86_64", X86_64, [(0, 1953, 15625, 15625, 15625), (0, 0, 13671, 13671, 13671), (0,) * 5]),
        ("2.6.18-274.el5.x86_64", X86_64, [(0, 1953, 15625, 15625), (0, 0, 13671, 13671), (0, 0, 0, 0)]),
        # i386: Normal keeps HighMem/32 from highmem requests
        ("2.6.32-358.el6.i686", I386, [(0, 880, 3952, 3952), (0, 0, 24576, 24576), (0, 0, 0, 0)]),
        ("2.6.9-89.EL", X86_64[:1] + X86_64[2:], [(0, 0, 0), (0, 0, 0)]),
    ],
)  # fmt: skip
def test_lowmem_reserve(build: str, zones: tuple[Zone, ...], expected: list[tuple[int, ...]]) -> None:
    assert list(lowmem_reserve(release_of(build), zones)) == expected


def test_lowmem_reserve_is_per_node_and_follows_the_ratios() -> None:
    zones = (DMA, DMA32, NORMAL, FAR_NORMAL)
    rows = lowmem_reserve(release_of("3.10.0-1062.el7.x86_64"), zones, ratios={"DMA32": 64})
    assert rows[0] == (0, 480_000 // 256, 8_180_000 // 256, 8_180_000 // 256)
    assert rows[1] == (0, 0, 7_700_000 // 64, 7_700_000 // 64)
    assert rows[3] == (0, 0, 0, 0)
    newer = release_of("4.18.0-553.el8_10.x86_64")
    assert lowmem_reserve(newer, zones, ratios={"DMA32": 0})[1] == (0, 0, 0, 0, 0)  # 0: no reserve
    assert lowmem_reserve(release_of("3.10.0-1062.el7.x86_64"), zones, ratios={"DMA32": 0})[1][2] == 7_700_000  # 1
    assert lowmem_reserve(None, (Zone("DMA"),)) == ()


def test_rhel_4_protects_by_low_watermarks() -> None:
    zones = (
        Zone("DMA", node=0, present_pages=4096, low_pages=36),
        Zone("Normal", node=0, present_pages=225_280, low_pages=2010),
        Zone("HighMem", node=0, present_pages=786_432, low_pages=256),
    )
    release = release_of("2.6.9-89.ELhugemem")
    assert lowmem_reserve(release, zones, lower_zone_protection=10) == ((0, 20100, 22660), (0, 0, 2560), (0, 0, 0))


@pytest.mark.parametrize(
    ("build", "types"),
    [
        ("2.6.9-89.ELsmp", ("DMA", "Normal", "HighMem")),
        ("2.6.18-274.el5.x86_64", ("DMA", "DMA32", "Normal", "HighMem")),
        ("2.6.32-358.el6.x86_64", ("DMA", "DMA32", "Normal", "Movable")),
        ("2.6.32-358.el6.i686", ("DMA", "Normal", "HighMem", "Movable")),
        ("5.14.0-70.el9.x86_64", ("DMA", "DMA32", "Normal", "Movable", "Device")),
    ],
)
def test_zone_types(build: str, types: tuple[str, ...]) -> None:
    assert zone_types(release_of(build), (zone("DMA", 1), zone("Normal", 1))) == types


@pytest.mark.parametrize(
    ("build", "min_pages", "reserve", "harder", "floor"),
    # KERNEL.md 3.4 and the worked example of 4: 130091 - 65045 = 65046; 65046 - 16261 = 48785
    [
        ("2.6.32-358.el6.x86_64", 130091, True, True, 48785), ("2.6.32-358.el6.x86_64", 130091, True, False, 65046),
        ("2.6.32-358.el6.x86_64", 130091, False, True, 97569), ("3.10.0-1062.el7.x86_64", 130091, False, False, 130091),
        ("2.6.9-89.EL", 130091, True, True, 48784),  # m/2 = 65045; 65045 - 16261
        ("6.12.0-55.el10_0", 8, True, True, 3), ("6.12.0-55.el10_0", 0, True, True, 0),
        ("2.6.9-89.EL", -4, True, True, 0),
    ],
)  # fmt: skip
def test_floor_of_an_atomic_request(build: str, min_pages: int, reserve: bool, harder: bool, floor: int) -> None:
    assert atomic_floor_pages(release_of(build), min_pages, uses_reserve=reserve, harder=harder) == floor


# An oracle written from the text of KERNEL.md 3.2, one zone after the other.
def oracle(build: str, sizes: dict[str, int], p: int, e: int, wsf: int) -> list[tuple[int, int, int]]:
    highmem = {"HighMem"} | ({"Movable"} if build == "6.12.0-55.el10_0" or sizes.get("HighMem") else set())
    l_pages = sum(z for name, z in sizes.items() if name not in highmem)
    rows = []
    for name, z in sizes.items():
        t = (p * z) // l_pages if l_pages else 0
        m = t
        if name in highmem:
            m = z // 1024
            m = 32 if m < 32 else 128 if m > 128 else m
        if build.startswith("2.6.9"):
            rows.append((m, 2 * m, 3 * m))
        elif build in ("2.6.18-274.el5", "2.6.32-131.el6", "3.10.0-1062.el7"):
            rows.append((m, m + (t >> 2), m + (t >> 1)))
        elif build == "2.6.32-358.el6":
            more = e * z // sum(sizes.values()) if sum(sizes.values()) else 0
            rows.append((m, m + more + (t >> 2), m + more + (t >> 1)))
        else:
            d = max(t >> 2, z * wsf // 10000)
            rows.append((m, m + d, m + 2 * d))
    return rows


BUILDS = ["2.6.9-89.EL", "2.6.18-274.el5", "2.6.32-131.el6", "2.6.32-358.el6", "3.10.0-1062.el7", "4.18.0-240.el8",
          "5.14.0-570.el9_6", "6.12.0-55.el10_0"]  # fmt: skip


@given(
    st.sampled_from(BUILDS),
    st.dictionaries(
        st.sampled_from(["DMA", "DMA32", "Normal", "HighMem", "Movable"]), st.integers(0, 1 << 32), min_size=1
    ),
    st.integers(0, 1 << 24),
    st.integers(0, 1 << 22),
    st.integers(1, 1000),
)
def test_watermarks_against_the_oracle(build: str, sizes: dict[str, int], p: int, e: int, wsf: int) -> None:
    zones = [zone(name, size) for name, size in sizes.items()]
    marks = watermarks(
        release_of(build), zones, min_free_kbytes=p * 4 + 3, extra_free_kbytes=e * 4, watermark_scale_factor=wsf
    )
    assert [(row.min_pages, row.low_pages, row.high_pages) for row in marks] == oracle(build, sizes, p, e, wsf)


@given(st.sampled_from(BUILDS), st.lists(st.integers(0, 1 << 24), min_size=1, max_size=8), st.integers(0, 1 << 26))
def test_raising_min_free_kbytes_lowers_nothing(build: str, sizes: list[int], kb: int) -> None:
    zones = [zone("Normal", size, node) for node, size in enumerate(sizes)]
    before = watermarks(release_of(build), zones, min_free_kbytes=kb)
    after = watermarks(release_of(build), zones, min_free_kbytes=2 * kb)
    assert all(a.min_pages >= b.min_pages and a.high_pages >= b.high_pages for a, b in zip(after, before, strict=True))
    assert sum(row.min_pages for row in before) <= kb // 4


@given(st.integers(0, 1 << 40))
def test_default_is_four_times_the_square_root(lowmem_kb: int) -> None:
    default = default_min_free_kbytes(release_of("3.10.0-1062.el7"), lowmem_kb)
    assert default == min(max(isqrt(16 * lowmem_kb), 128), 65536)
    assert abs(default - 4 * isqrt(lowmem_kb)) <= 4 or default in (128, 65536)
