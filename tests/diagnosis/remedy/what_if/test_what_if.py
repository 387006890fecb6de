"""Changes tried on a printed state: what passes, what fails, where kswapd starts earlier, what nobody can tell."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.what_if import (
    AnyNode,
    Change,
    Ground,
    HugePagesBack,
    LowerOrder,
    NewerRule,
    NewMarks,
    NoBoost,
    Verdict,
    ground_of,
    newer_rules,
    what_if,
)
from nopage.diagnosis.watermark import NodeSet, gfp_atomic, rule_of, with_watermarks
from nopage.kernel.facts import FreeBlocks, HugePages, MemInfo, Zone
from nopage.kernel.procfs.zones import free_area
from nopage.kernel.release.parse import parse_release

EL6_4, EL6_5, EL7 = "2.6.32-358.el6.x86_64", "2.6.32-431.el6.x86_64", "3.10.0-1062.el7.x86_64"
EL8, EL8_10, EL9_4 = "4.18.0-240.el8.x86_64", "4.18.0-553.el8_10.x86_64", "5.14.0-427.el9_4.x86_64"
# One zone of 4 GB; with vm.min_free_kbytes = 40000 min, low, high are 10000, 12500, 15000 pages (RHEL 7).
SIZE, CURRENT = 1 << 20, 40000


def build(
    release: str = EL7, order: int = 0, blocks: str = "100", *, free: int | None = None, boost: int = 0,
    printed_boost: bool = False, current: int = CURRENT, values: dict[str, int] | None = None,
) -> Ground:
    """A GFP_ATOMIC request of `order` on one zone with this free list."""
    known = parse_release(release)
    counts = tuple(int(word) for word in blocks.split())
    listed = sum(count << place for place, count in enumerate(counts))
    sizes = (Zone("Normal", 0, managed_pages=SIZE, free_pages=listed if free is None else free,
                  free_area=free_area(counts)),)
    (zone,) = with_watermarks(known, sizes, min_free_kbytes=current)
    zone = replace(zone, min_pages=zone.min_pages + boost, low_pages=zone.low_pages + boost,
                   high_pages=zone.high_pages + boost, boost_pages=boost if printed_boost else None)
    state = MemInfo(zones=(zone,))
    return Ground(gfp_atomic(order), state, known, rule_of(known, state), values or {"min_free_kbytes": current}, sizes)


@pytest.mark.parametrize(
    ("ground", "change", "verdict", "facts"),
    [
        # 3/8 of 10000 pages must be left: 3750; 100 are free
        (build(), NewMarks(min_free_kbytes=80000), Verdict.STILL_FAILS, ("exhausted", -7401, 12500, 25000)),
        (build(), NewMarks(min_free_kbytes=1024), Verdict.PASSES, ("transient", 3, 12500, 320)),
        # above low, and only single pages: kswapd was asleep and wakes at the new low, 25000; the order loop wants more
        # than 7500 >> 1 pages in larger blocks and there are -3 (3 are taken for the request)
        (build(order=2, blocks="20000"), NewMarks(min_free_kbytes=80000), Verdict.KSWAPD_EARLIER,
         ("fragmented", -3754, 12500, 25000)),
        (build(order=2, blocks="25000"), NewMarks(min_free_kbytes=80000), Verdict.KSWAPD_EARLIER,
         ("fragmented", -3754, 12500, 25000)),
        (build(order=2, blocks="25001"), NewMarks(min_free_kbytes=80000), Verdict.STILL_FAILS,
         ("fragmented", -3754, 12500, 25000)),
        (build(order=2, blocks="12500"), NewMarks(min_free_kbytes=80000), Verdict.STILL_FAILS,
         ("fragmented", -3754, 12500, 25000)),
        (build(EL6_5, order=2, blocks="20000"), NewMarks(extra_free_kbytes=40000), Verdict.KSWAPD_EARLIER,
         ("fragmented", -6, 12500, 22500)),
        (build(EL8, order=2, blocks="20000"), NewMarks(watermark_scale_factor=100), Verdict.KSWAPD_EARLIER,
         ("fragmented", -1, 12500, 20485)),
        # order 0 of the same pages passes, order 1 has none
        (build(order=2, blocks="20000"), LowerOrder(0), Verdict.PASSES, ("transient", 16249, 12500, 12500)),
        (build(order=2, blocks="20000"), LowerOrder(1), Verdict.STILL_FAILS, ("fragmented", -1877, 12500, 12500)),
        # 6.4 wants 3750 >> 2 pages in larger blocks, 6.5 two blocks of the order
        (build(EL6_4, order=2, blocks="20000 0 5"), newer_rules(parse_release(EL6_4))[0], Verdict.PASSES,
         ("transient", 14, 12500, 12500)),
        (build(EL6_4, order=2, blocks="20000 0 0"), newer_rules(parse_release(EL6_4))[0], Verdict.STILL_FAILS,
         ("fragmented", -6, 12500, 12500)),
        # 4096 pages of boost on 10000 of min: 3/8 of 14096 is 5286, of 10000 3750
        (build(EL8_10, blocks="5000", boost=4096), NoBoost(), Verdict.PASSES, ("transient", 1249, 16596, 12500)),
        (build(EL9_4, order=1, blocks="4400 300", boost=4096, printed_boost=True), NoBoost(), Verdict.PASSES,
         ("transient", 1248, 16596, 12500)),
        (build(EL9_4, blocks="3000"), NoBoost(), Verdict.STILL_FAILS, ("exhausted", -751, 12500, 12500)),
        # a boost is not taken away by another min
        (build(EL8_10, blocks="5000", boost=4096), NewMarks(min_free_kbytes=41984), Verdict.STILL_FAILS,
         ("exhausted", -473, 16596, 17216)),
        (build(), HugePagesBack((HugePages(2048, 100),)), Verdict.PASSES, ("transient", 47549, 12500, 12500)),
        (build(order=3, blocks="100 0 0 0 0 0 0 0 0 0"), HugePagesBack((HugePages(2048, 100, 0),)), Verdict.PASSES,
         ("transient", 47542, 12500, 12500)),
        (build(), HugePagesBack((HugePages(2048, 0),)), Verdict.STILL_FAILS, ("exhausted", -3651, 12500, 12500)),
    ],
)
def test_what_a_change_does(
    ground: Ground, change: Change, verdict: Verdict, facts: tuple[str, int, int, int]
) -> None:
    found = what_if(ground, change)
    assert (found.verdict, found.before) == (verdict, Verdict.STILL_FAILS)
    assert (found.cause, found.margin_pages, found.low_now_pages, found.low_then_pages) == facts
    assert found.zone == "Node 0 Normal"
    assert found.cures is (verdict is Verdict.PASSES)
    assert found.words.id == f"what_if.{verdict}"
    earlier = (found.low_then_pages or 0) - (found.low_now_pages or 0)
    assert found.earlier_kb == (earlier * 4 if verdict is Verdict.KSWAPD_EARLIER else 0)


@pytest.mark.parametrize(
    ("ground", "change", "reason"),
    [
        (build(), NewMarks(watermark_scale_factor=50), "has no vm.watermark_scale_factor"),
        (build(EL8), NewMarks(watermark_scale_factor=5000), "vm.watermark_scale_factor does not take 5000"),
        (build(), NewMarks(min_free_kbytes=-1), "vm.min_free_kbytes does not take -1"),
        (replace(build(), zones=()), NewMarks(min_free_kbytes=80000), "sizes are not known"),
        (replace(build(), zones=(), settings={}), NewMarks(min_free_kbytes=80000), "is not known"),
        (replace(build(), rule=None), LowerOrder(0), "watermark rule is not known"),
        (build(order=2), LowerOrder(3), "order 3 is not below order 2"),
        (replace(build(), state=MemInfo()), LowerOrder(0), "nothing to replay"),
    ],
)
def test_what_cannot_be_told(ground: Ground, change: Change, reason: str) -> None:
    found = what_if(ground, change)
    assert found.verdict is Verdict.CANNOT_BE_TOLD
    assert reason in str(found.words)
    assert (found.zone, found.earlier_kb, found.cures) == ("", 0, False)


def test_marks_of_other_settings_give_way_to_the_formula() -> None:
    """The reserve was lowered since: what is set now counts, not how far the printed marks are from it."""
    changed = build(blocks="5000", current=80000, values={"min_free_kbytes": CURRENT})
    found = what_if(changed, NewMarks(min_free_kbytes=CURRENT))
    assert (found.verdict, found.before, found.low_now_pages, found.low_then_pages) == (
        Verdict.PASSES, Verdict.STILL_FAILS, 25000, 12500)


def test_rounding_alone_makes_no_request_pass() -> None:
    """The printed min marks add up to 60000 kB, of which DMA32 would get 5000 pages, one less than printed."""
    known = parse_release(EL7)
    zones = tuple(
        Zone(name, 0, managed_pages=size, free_pages=free, min_pages=low_min, low_pages=low_min * 5 // 4,
             high_pages=low_min * 3 // 2, lowmem_reserve_pages=(0,) * 4, free_area=free_area((free,)))
        for name, size, free, low_min in (("DMA32", SIZE, 1876, 5001), ("Normal", 2 * SIZE, 0, 9999))
    )
    state = MemInfo(zones=zones)
    ground = Ground(gfp_atomic(0), state, known, rule_of(known, state), {}, zones)
    for value, low_then, margin in ((60000, 6251, -1), (59000, 6146, 30), (120000, 12501, -1876)):
        found = what_if(ground, NewMarks(min_free_kbytes=value))
        assert (found.zone, found.margin_pages, found.low_then_pages) == ("Node 0 DMA32", margin, low_then), value


def test_order_0_gets_nothing_of_the_high_order_reserve() -> None:
    """RHEL 8: blocks of type H are for orders 1 and up, so here a lower order is no help."""
    ground = build(EL8, order=1, blocks="0 9000")
    (zone,) = ground.state.zones
    reserved = replace(zone, free_area=(FreeBlocks(0, 0), FreeBlocks(1, 9000, "H")), highatomic_pages=18000)
    ground = replace(ground, state=MemInfo(zones=(reserved,)))
    assert [what_if(ground, LowerOrder(order)).verdict for order in (1, 0)] == [Verdict.PASSES, Verdict.STILL_FAILS]


def test_what_passes_already_is_no_cure() -> None:
    found = what_if(build(blocks="900000"), NewMarks(min_free_kbytes=80000))
    assert (found.verdict, found.before, found.cures) == (Verdict.PASSES, Verdict.PASSES, False)


def two_nodes(**request: object) -> Ground:
    """Node 0 is empty, node 1 has plenty."""
    known = parse_release(EL8)
    zones = tuple(Zone("Normal", node, free_pages=free, min_pages=800, low_pages=1000, high_pages=1200,
                       free_area=free_area((free,)), managed_pages=SIZE) for node, free in ((0, 10), (1, 90000)))
    state = MemInfo(zones=zones)
    return Ground(replace(gfp_atomic(0), **request), state, known, rule_of(known, state), {}, zones)  # type: ignore[arg-type]


@pytest.mark.parametrize("request_is", [{"nodes": NodeSet(((0, 0),))}, {"one_node": True}])
def test_another_node_has_enough(request_is: dict[str, object]) -> None:
    found = what_if(two_nodes(**request_is), AnyNode())
    assert (found.verdict, found.before, found.zone) == (Verdict.PASSES, Verdict.STILL_FAILS, "Node 1 Normal")


def test_hugepages_need_their_node() -> None:
    bound = two_nodes(nodes=NodeSet(((0, 0),)))
    pool = HugePages(2048, 100)
    assert what_if(bound, HugePagesBack((pool,))).verdict is Verdict.CANNOT_BE_TOLD
    assert what_if(bound, HugePagesBack((replace(pool, node=0),))).cures
    assert what_if(bound, HugePagesBack((replace(pool, node=1),))).verdict is Verdict.STILL_FAILS


@pytest.mark.parametrize(
    ("release", "kernels"),
    [
        ("2.6.32-71.el6.x86_64", ["2.6.32-220", "2.6.32-431"]),
        (EL6_4, ["2.6.32-431"]),
        (EL6_5, []),
        (EL7, []),
        (EL8, ["4.18.0-553"]),
        (EL9_4, ["5.14.0-503", "5.14.0-570"]),
        ("2.6.32-24-generic", []),
        (None, []),
    ],
)
def test_later_builds_of_the_same_release(release: str | None, kernels: list[str]) -> None:
    assert [one.kernel for one in newer_rules(parse_release(release) if release else None)] == kernels


def test_the_ground_of_a_failure(situation: Callable[..., Situation]) -> None:
    one = situation(order=2, free=50000, blocks="50000")
    ground = ground_of(one)
    assert ground is not None
    assert (ground.state, ground.request) == (one.failed_in, one.diagnosis.request)
    assert what_if(ground, LowerOrder(0)).cures
    assert what_if(ground, NewMarks(min_free_kbytes=135168)).verdict is Verdict.STILL_FAILS
    collected = ground_of(replace(one, problem=replace(one.problem, state=None)))
    assert collected is not None
    assert collected.state == one.memory
    assert (ground.printed, collected.printed) == (True, False)
    nothing = replace(one, problem=replace(one.problem, state=None), host=replace(one.host, collected=None))
    assert ground_of(nothing) is None


RELEASES = st.sampled_from(["2.6.9-89.EL.x86_64", "2.6.18-371.el5.x86_64", EL6_4, EL6_5, EL7, EL8, EL8_10, EL9_4,
                            "6.12.0-55.24.1.el10_0.x86_64", "2.6.39", "3.10.0", "6.8.0"])
NAMES = st.sampled_from(["DMA", "DMA32", "Normal"])
AREAS = st.lists(st.tuples(st.integers(0, 300), st.sampled_from(["", "U", "M", "UMR", "C"])), min_size=1, max_size=6)


@st.composite
def grounds(draw: st.DrawFn) -> Ground:
    """Hosts whose printed marks follow from their settings, and whose counters may differ a little from their lists."""
    known = parse_release(draw(RELEASES))
    sizes = []
    for name in sorted(draw(st.sets(NAMES, min_size=1))):
        for node in range(draw(st.integers(1, 2))):
            area = tuple(FreeBlocks(order, count, text if count else "")
                         for order, (count, text) in enumerate(draw(AREAS)))
            listed = sum(column.count << column.order for column in area)
            sizes.append(Zone(name, node, managed_pages=draw(st.integers(1 << 16, 1 << 20)),
                              free_pages=max(0, listed + draw(st.integers(-200, 200))), free_area=area,
                              lowmem_reserve_pages=(0, *((draw(st.integers(0, 500)) if name == "DMA" else 0,) * 4))))
    current = draw(st.integers(1, 200000))
    zones = with_watermarks(known, sizes, min_free_kbytes=current)
    state = MemInfo(zones=zones)
    request = replace(gfp_atomic(draw(st.integers(0, 5))), high=draw(st.booleans()))
    return Ground(request, state, known, rule_of(known, state), {"min_free_kbytes": current}, tuple(sizes))


@settings(max_examples=300, deadline=None)
@given(grounds(), st.integers(0, 5), st.integers(0, 5))
def test_a_lower_order_never_fails_where_a_higher_one_passes(ground: Ground, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assume(high <= ground.request.order)
    if what_if(ground, LowerOrder(high)).verdict is Verdict.PASSES:
        assert what_if(ground, LowerOrder(low)).verdict is Verdict.PASSES


@settings(max_examples=300, deadline=None)
@given(grounds(), st.integers(0, 400000), st.integers(0, 400000))
def test_a_larger_min_never_passes_where_a_smaller_one_fails(ground: Ground, one: int, other: int) -> None:
    low, high = (what_if(ground, NewMarks(min_free_kbytes=value)) for value in sorted((one, other)))
    if high.verdict is Verdict.PASSES:
        assert low.verdict is Verdict.PASSES
    for found in (low, high):
        if found.verdict is Verdict.KSWAPD_EARLIER:
            assert found.earlier_kb > 0
            assert (found.low_now_pages or 0) < (found.free_pages or 0) <= (found.low_then_pages or 0)


@settings(max_examples=200, deadline=None)
@given(grounds(), st.integers(0, 1 << 22), st.sampled_from([2048, 16384, 1048576]), st.sampled_from([None, 0, 1, 7]))
def test_any_change_has_an_effect(ground: Ground, value: int, size_kb: int, node: int | None) -> None:
    """Given hugepages and no change at all: pages that come back never make a request fail that passes."""
    same = what_if(ground, NewMarks())
    assert same.verdict in (same.before, Verdict.CANNOT_BE_TOLD)
    back = what_if(ground, HugePagesBack((HugePages(size_kb, value // size_kb, node),)))
    if back.before is Verdict.PASSES:
        assert back.verdict is not Verdict.STILL_FAILS
    changes: tuple[Change, ...] = (NewMarks(extra_free_kbytes=value), NewMarks(watermark_scale_factor=value), NoBoost(),
                                   AnyNode(), *newer_rules(ground.release))
    for change in changes:
        found = what_if(ground, change)
        anyway = "_anyway" if found.verdict is found.before is Verdict.PASSES else ""
        assert found.words.id == f"what_if.{found.verdict}{anyway}"
        assert str(found.words)
        assert isinstance(change, NewerRule) or not found.cures
