"""The numbers behind `nopage watermarks`: marks now and then, the intervals a, b, c, and what requests could get."""
from __future__ import annotations

from dataclasses import replace

import pytest

from nopage.diagnosis.watermark.ladder import ladder
from nopage.diagnosis.watermark.marks import with_watermarks
from nopage.kernel.facts import FreeBlocks, MemInfo, Zone
from nopage.kernel.release.parse import parse_release

EL7 = parse_release("3.10.0-1062.el7.x86_64")
EL64 = parse_release("2.6.32-358.el6.x86_64")
EL8 = parse_release("4.18.0-240.el8.x86_64")
NOW = {"min_free_kbytes": 40000}


def memory(release: object = EL7, free: int = 20000, blocks: tuple[int, ...] = (20000,)) -> MemInfo:
    zones = with_watermarks(release, (Zone("Normal", 0, managed_pages=1000000, present_pages=1000000),),  # type: ignore[arg-type]
                            min_free_kbytes=40000)
    area = tuple(FreeBlocks(order, count) for order, count in enumerate(blocks))
    return MemInfo(zones=tuple(replace(zone, free_pages=free, free_area=area) for zone in zones))


def test_now_and_then() -> None:
    """40000 kB are 10000 pages, all in Normal: low + 2500, high + 5000; 3/8 of min is 3750."""
    found = ladder(EL7, memory(), NOW, {"min_free_kbytes": 80000})
    row = found.rows[0]
    assert (row.name, row.size_pages, row.free_pages) == ("Node 0 Normal", 1000000, 20000)
    assert (row.now.min_pages, row.now.low_pages, row.now.high_pages) == (10000, 12500, 15000)
    assert row.now.atomic_floor_pages == 3750
    assert (row.now.interval_a_pages, row.now.interval_b_pages, row.now.reserve_c_pages) == (2500, 2500, 10000)
    assert row.then is not None
    assert (row.then.min_pages, row.then.low_pages, row.then.high_pages) == (20000, 25000, 30000)
    assert found.settings_then == {"min_free_kbytes": 80000}


@pytest.mark.parametrize(
    ("free", "blocks", "orders"),
    [
        (20000, (20000,), (0,)),
        (20000, (10000, 5000), (0, 1)),
        (3750, (3750,), ()),
        (3751, (3751,), (0,)),
    ],
)
def test_orders_that_gfp_atomic_would_get(free: int, blocks: tuple[int, ...], orders: tuple[int, ...]) -> None:
    assert ladder(EL7, memory(EL7, free, blocks), NOW, {}).rows[0].now.orders == orders


def test_without_a_question_there_is_no_then() -> None:
    assert ladder(EL7, memory(), NOW, {}).rows[0].then is None


def test_a_larger_min_refuses_more() -> None:
    row = ladder(EL7, memory(EL7, 6000, (6000,)), NOW, {"min_free_kbytes": 80000}).rows[0]
    assert row.now.orders == (0,)
    assert row.then is not None
    assert row.then.orders == ()


def test_other_tunables() -> None:
    extra = ladder(EL64, memory(EL64), NOW, {"extra_free_kbytes": 40000}).rows[0].then
    assert extra is not None
    assert (extra.min_pages, extra.low_pages) == (10000, 22500)
    scale = ladder(EL8, memory(EL8), NOW, {"watermark_scale_factor": 500}).rows[0].then
    assert scale is not None
    assert (scale.min_pages, scale.low_pages, scale.high_pages) == (10000, 60000, 110000)


@pytest.mark.parametrize(
    ("release", "asked", "words"),
    [
        (EL7, {"extra_free_kbytes": 1000}, "does not exist on this kernel"),
        (EL7, {"watermark_scale_factor": 20}, "does not exist on this kernel"),
        (EL8, {"watermark_scale_factor": 5000}, "takes 1 to 1000"),
        (EL8, {"watermark_scale_factor": 0}, "takes 1 to 1000"),
        (EL7, {"min_free_kbytes": -1}, "takes 0 and more"),
        (EL7, {"min_free_kbytes": 5000000}, "more than the memory"),
        (EL7, {"no_such_thing": 1}, "does not exist"),
        (None, {"extra_free_kbytes": 1}, "no release"),
    ],
)
def test_refused_settings(release: object, asked: dict[str, int], words: str) -> None:
    found = ladder(release, memory(), NOW, asked)  # type: ignore[arg-type]
    assert words in str(found.refused[0])
    assert found.rows[0].then is None


def test_what_is_missing_is_said() -> None:
    bare = MemInfo(zones=(Zone("Normal", 0, free_pages=20000),))
    found = ladder(None, bare, {}, {"min_free_kbytes": 80000})
    assert len(found.missing) == 3
    assert found.rows[0].now.orders is None
    assert found.rows[0].then is None


def test_zones_that_gfp_atomic_may_not_use_give_nothing() -> None:
    state = MemInfo(zones=(Zone("Normal", free_pages=90000, min_pages=800, managed_pages=100000),
                           Zone("HighMem", free_pages=90000, min_pages=128, managed_pages=100000)))
    rows = ladder(EL7, state, {}, {}).rows
    assert rows[0].now.orders == (0,)
    assert rows[1].now.orders == ()


def test_the_ladder_looks_up_the_reserve_as_the_release_does() -> None:
    """A guest without a Normal zone: RHEL 10 keeps nothing of DMA from GFP_ATOMIC, RHEL 8.3 keeps 1914 pages."""
    area = (FreeBlocks(0, 1500, "U"),)
    dma = Zone("DMA", 0, free_pages=1500, min_pages=30, managed_pages=3840, lowmem_reserve_pages=(0, 1914, 0, 0, 0),
               free_area=area)
    dma32 = Zone("DMA32", 0, free_pages=1000, min_pages=8000, managed_pages=490000,
                 lowmem_reserve_pages=(0, 0, 0, 0, 0), free_area=area)
    for release, orders in ((EL8, ()), (parse_release("6.12.0-55.24.1.el10_0.x86_64"), (0,))):
        assert ladder(release, MemInfo(zones=(dma, dma32)), {}, {}).rows[0].now.orders == orders


def boosted(release: object, told: int | None, pages: int = 5000) -> MemInfo:
    """40000 kB in two zones, and a boost on Normal that the kernel prints or does not."""
    sizes = (Zone("DMA32", 0, managed_pages=200000, free_pages=9000), Zone("Normal", 0, managed_pages=800000,
                                                                           free_pages=9000))
    low, high = with_watermarks(release, sizes, min_free_kbytes=40000)  # type: ignore[arg-type]
    zone = replace(high, min_pages=8000 + pages, low_pages=10000 + pages, high_pages=12000 + pages, boost_pages=told)
    return MemInfo(zones=(replace(low, boost_pages=None if told is None else 0), zone))


@pytest.mark.parametrize(
    ("release", "told", "floor"),
    [
        ("4.18.0-553.el8_10.x86_64", None, 4875),  # 3/8 of 13000: RHEL 8 keeps the boost
        ("5.14.0-70.el9.x86_64", None, 3000),  # 3/8 of 8000: order 0 ignores it
        ("5.14.0-427.42.1.el9_4.x86_64", 5000, 3000),
        ("5.14.0-570.el9_6.x86_64", 5000, 3000),
    ],
)
def test_the_boost_stands_apart(release: str, told: int | None, floor: int) -> None:
    known = parse_release(release)
    row = ladder(known, boosted(known, told), NOW, {"min_free_kbytes": 40000}).rows[1]
    assert (row.now.min_pages, row.now.low_pages, row.now.high_pages) == (8000, 10000, 12000)
    assert (row.boost_pages, row.boost_told, row.now.atomic_floor_pages) == (5000, told is not None, floor)
    assert row.then is not None
    assert (row.then.min_pages, row.then.atomic_floor_pages) == (8000, 3000)


def test_as_many_orders_as_the_free_lists_have() -> None:
    zone = Zone("Normal", 0, page_kb=64, free_pages=40000, min_pages=300, low_pages=375, high_pages=450,
                managed_pages=50000, lowmem_reserve_pages=(0, 0, 0, 0),
                free_area=tuple(FreeBlocks(order, 1) for order in range(14)))
    release = parse_release("5.14.0-427.42.1.el9_4.aarch64+64k")
    assert ladder(release, MemInfo(zones=(zone,)), {}, {}).rows[0].now.orders == tuple(range(14))


def test_a_report_that_shows_some_zones_only_takes_the_sizes_of_all() -> None:
    release = parse_release("5.14.0-570.el9_6.x86_64")
    whole = (Zone("DMA32", 0, managed_pages=200000), Zone("Normal", 0, managed_pages=800000))
    shown = MemInfo(zones=with_watermarks(release, whole, min_free_kbytes=40000)[:1], ram_pages=1020000,
                    reserved_pages=20000)
    asked = {"min_free_kbytes": 80000}
    row = ladder(release, shown, NOW, asked, all_zones=whole).rows[0]
    assert (row.now.min_pages, row.then and row.then.min_pages) == (2000, 4000)
    alone = ladder(release, shown, NOW, asked)
    assert alone.rows[0].then is None
    assert "missing.ladder.zones" in [text.id for text in alone.missing]
    other = ladder(release, shown, NOW, asked, all_zones=(replace(whole[0], managed_pages=7), whole[1]))
    assert other.rows[0].then is None
