"""The replay on states worked out by hand: KERNEL.md section 4 and its worked example."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.watermark.replay import check_zone, replay
from nopage.diagnosis.watermark.request import Request
from nopage.diagnosis.watermark.rules import EL4, EL5, EL6_2, EL6_5, EL7, EL8, EL9_0, EL9_5, EL9_6, WatermarkRule
from nopage.kernel.facts import MemInfo, Zone


def atomic(order: int = 0, **more: bool) -> Request:
    return Request(order=order, atomic=True, high=True, harder=True, nonblock=True, gfp_atomic=True, **more)


def test_worked_example_of_rhel_6_4(zone: Callable[..., Zone]) -> None:
    """Normal min 520364kB free 687528kB, order 1: not exhausted, fails below 24393 pages in larger blocks."""
    pages = 687528 // 4
    for in_larger, ok in ((24392, False), (24394, True)):
        # f is what the counter leaves after 3 pages and all single pages
        singles = pages - 3 - in_larger
        state = zone(pages, 520364 // 4, f"{singles} {in_larger // 2}")
        verdict = check_zone(state, atomic(1), EL6_2, 0)
        assert verdict.floor_pages == 48785
        assert (verdict.ok, verdict.left, verdict.right) == (ok, in_larger, 24392)
        assert check_zone(state, atomic(1), EL6_5, 0).ok
    assert check_zone(zone(pages, 520364 // 4, f"{pages - 3}"), atomic(1), EL6_5, 0).failed == "fragmentation"


@pytest.mark.parametrize(
    ("rule", "order", "free", "ok"),
    [
        # m = 800: the floor of GFP_ATOMIC is 800 - 400 - 100 = 300
        (EL4, 0, 300, False), (EL4, 0, 301, True),  # F >= 300 + 1
        (EL5, 0, 300, False), (EL5, 0, 301, True),  # F - 1 + 1 > 300
        (EL6_2, 0, 302, False), (EL6_2, 0, 303, True),  # F - 2 > 300
        (EL6_5, 0, 302, False), (EL6_5, 0, 303, True),
        (EL7, 0, 300, False), (EL7, 0, 301, True),
        (EL8, 0, 300, False), (EL8, 0, 301, True),
        (EL9_0, 0, 300, False), (EL9_0, 0, 301, True),
        (EL9_5, 0, 300, False), (EL9_5, 0, 301, True),
        (EL5, 2, 303, False), (EL5, 2, 304, True),  # 2**2 - 1 taken
        (EL6_2, 2, 305, False), (EL6_2, 2, 306, True),  # 2**2 + 1 taken
        (EL7, 2, 303, False), (EL7, 2, 304, True),
        (EL4, 2, 303, False), (EL4, 2, 304, True),  # F >= 300 + 4
    ],
    ids=lambda value: value.key if isinstance(value, WatermarkRule) else str(value),
)
def test_first_test_at_its_edge(
    zone: Callable[..., Zone], rule: WatermarkRule, order: int, free: int, ok: bool
) -> None:
    verdict = check_zone(zone(free, 800, "0 0 0 0 0 9"), atomic(order), rule, 0)
    assert verdict.ok is ok
    assert verdict.margin_pages == (0 if ok else -1)
    assert verdict.margin_kb == verdict.margin_pages * 4


@pytest.mark.parametrize(
    ("high", "harder", "floor"),
    [(True, True, 300), (True, False, 400), (False, True, 600), (False, False, 800)],
)
def test_share_of_the_reserve(zone: Callable[..., Zone], high: bool, harder: bool, floor: int) -> None:
    request = Request(order=0, atomic=True, high=high, harder=harder)
    assert check_zone(zone(1000, 800), request, EL7, 0).floor_pages == floor


def test_rhel_4_halves_where_the_others_take_half_away(zone: Callable[..., Zone]) -> None:
    odd = zone(1000, 801)
    assert check_zone(odd, atomic(), EL4, 0).floor_pages == 300  # 801 / 2 = 400, - 100
    assert check_zone(odd, atomic(), EL5, 0).floor_pages == 301  # 801 - 400 = 401, - 100


def test_gfp_nowait_gets_nothing_of_the_reserve_from_rhel_9_5(zone: Callable[..., Zone]) -> None:
    nowait = Request(order=0, atomic=True, nonblock=True, harder=True)
    assert check_zone(zone(700, 800), nowait, EL7, 0).ok
    assert not check_zone(zone(700, 800), nowait, EL9_5, 0).ok


@pytest.mark.parametrize(
    ("rule", "blocks", "ok"),
    [
        (EL5, "0 0 1", True),  # 4 - 1 free pages > 0
        (EL6_2, "0 0 1", False),  # off by two: -1
        (EL6_5, "0 0 1", False),
        (EL6_5, "0 0 2", True),  # two blocks of the order
        (EL6_5, "0 0 0 1", True),  # or one larger
        (EL7, "0 0 1", True),
        (EL8, "0 0 1", True),
    ],
    ids=lambda value: value.key if isinstance(value, WatermarkRule) else str(value),
)
def test_one_block_of_order_two(zone: Callable[..., Zone], rule: WatermarkRule, blocks: str, ok: bool) -> None:
    """With min 0 only the order loop or the list decides; 1000 single pages lie beside the blocks."""
    pages = sum(int(count) << order for order, count in enumerate(blocks.split()))
    state = zone(1000 + pages, 0, f"1000 {blocks[2:]}")
    verdict = check_zone(state, atomic(2), rule, 0)
    assert verdict.ok is ok
    assert verdict.usable_blocks is True


def test_a_pass_needs_a_block_in_the_lists(zone: Callable[..., Zone]) -> None:
    """A genuine 6.8: 7984 pages by the counter, 7980 in the lists, the rule passed by one, the kernel had failed."""
    state = zone(7984, 0, "7980")
    verdict = check_zone(state, atomic(1), EL6_5, 0)
    assert (verdict.failed, verdict.test, verdict.drift_pages) == ("fragmentation", "free list", 4)


@pytest.mark.parametrize(
    ("rule", "letters", "ok"),
    [
        (EL7, "C", False), (EL7, "I", False), (EL7, "R", True), (EL7, "UM", True),
        (EL8, "H", True), (EL8, "C", False), (EL8, "CI", False), (EL8, "CE", True), (EL8, "", True),
        (EL9_5, "H", True), (EL9_5, "I", False),
    ],
    ids=lambda value: value.key if isinstance(value, WatermarkRule) else str(value),
)
def test_migratetypes_that_count(zone: Callable[..., Zone], rule: WatermarkRule, letters: str, ok: bool) -> None:
    assert check_zone(zone(5000, 0, f"0 0 0 500{letters}"), atomic(2), rule, 0).ok is ok


@pytest.mark.parametrize(
    ("rule", "letters", "ok"),
    [
        (EL7, "C", False), (EL7, "I", False), (EL7, "R", True), (EL7, "", True),
        (EL8, "H", False), (EL8, "C", False), (EL8, "HCI", False), (EL8, "HU", True),
        (EL9_0, "H", False), (EL9_5, "H", False), (EL9_6, "H", True), (EL9_6, "C", False), (EL9_6, "I", False),
    ],
    ids=lambda value: value.key if isinstance(value, WatermarkRule) else str(value),
)
def test_order_0_needs_a_page_of_a_type_that_it_may_take(
    zone: Callable[..., Zone], rule: WatermarkRule, letters: str, ok: bool
) -> None:
    """GFP_ATOMIC passes on the pages of the high-order reserve, but its order 0 cannot take them up to RHEL 9.5."""
    verdict = check_zone(zone(4000, 800, f"0 0 0 500{letters}", highatomic_pages=4000), atomic(), rule, 0)
    assert (verdict.ok, verdict.failed) == (ok, "" if ok else "exhaustion")
    assert ok or "may not take from: fails" in str(verdict.words)


def test_a_gfp_nowait_page_may_come_from_the_high_order_reserve(zone: Callable[..., Zone]) -> None:
    state = zone(4000, 800, "4000H")
    nowait = Request(order=0, atomic=True, nonblock=True)
    assert check_zone(state, nowait, EL9_6, 0).ok
    assert not check_zone(state, nowait, EL9_5, 0).ok
    assert not check_zone(state, Request(order=0, atomic=False, high=True), EL9_6, 0).ok


def test_cma_pages_count_only_for_movable_requests(zone: Callable[..., Zone]) -> None:
    state = zone(1000, 800, free_cma_pages=900)
    assert check_zone(state, atomic(), EL5, 0).ok
    assert not check_zone(state, atomic(), EL7, 0).ok
    assert not check_zone(state, atomic(), EL8, 0).ok
    assert check_zone(state, atomic(movable=True), EL7, 0).ok


def test_highatomic_reserve_is_hidden_from_those_who_may_not_use_it(zone: Callable[..., Zone]) -> None:
    state = zone(1000, 800, highatomic_pages=900)
    sleeping = Request(order=0, atomic=False)
    high_only = Request(order=0, atomic=False, high=True)
    assert check_zone(state, atomic(), EL8, 0).ok
    assert not check_zone(state, sleeping, EL8, 0).ok
    assert not check_zone(state, high_only, EL8, 0).ok
    assert check_zone(state, high_only, EL9_5, 0).ok


@pytest.mark.parametrize(("stats_kb", "ok"), [({}, False), ({"free_highatomic": 0}, True),
                                              ({"free_highatomic": 4 * 800}, False)])
def test_rhel_10_hides_only_what_of_the_reserve_is_free(
    zone: Callable[..., Zone], stats_kb: dict[str, int], ok: bool
) -> None:
    state = zone(1600, 800, highatomic_pages=900, stats_kb=stats_kb)
    assert check_zone(state, Request(order=0, atomic=False), EL9_5, 0).ok is ok


@pytest.mark.parametrize(("rule", "ok"), [(EL8, False), (EL9_0, True), (EL9_5, True)], ids=("el8", "el9.0", "el9.5"))
def test_order_0_ignores_the_boost(zone: Callable[..., Zone], rule: WatermarkRule, ok: bool) -> None:
    """min 1312 of which 512 are boost: the floor is 492 with it, 300 without."""
    state = zone(400, 1312, "400", boost_pages=512)
    assert check_zone(state, atomic(), rule, 0).ok is ok
    assert not check_zone(state, atomic(1), rule, 0).ok


def test_lowmem_reserve_counts_in_full(zone: Callable[..., Zone]) -> None:
    """DMA free:15892kB lowmem_reserve[]: 0 1918 258458 258458 never helps (KERNEL.md 3.3)."""
    dma = zone(3973, 20, name="DMA", lowmem_reserve_pages=(0, 1918, 258458, 258458))
    normal = zone(10, 8000, lowmem_reserve_pages=(0, 0, 0, 0))
    found = replay(atomic(), MemInfo(zones=(dma, normal)), EL7)
    assert found.ok is False
    assert [(one.name, one.reserve_pages) for one in found.verdicts] == [("DMA", 258458), ("Normal", 0)]


def test_best_zone_is_a_pass_then_the_least_short(zone: Callable[..., Zone]) -> None:
    near, far, blocked = zone(299, 800), zone(0, 800, node=1), zone(5000, 800, "5000", node=2)
    assert replay(atomic(), MemInfo(zones=(far, near)), EL7).best.zone is near  # type: ignore[union-attr]
    found = replay(atomic(1), MemInfo(zones=(zone(300, 800, "0 150"), blocked)), EL7)
    assert found.best is not None
    assert found.best.zone is blocked


def test_memalloc_ignores_the_watermarks(zone: Callable[..., Zone]) -> None:
    request = atomic(1, no_watermarks=True)
    assert check_zone(zone(4, 800, "0 2"), request, EL7, 5000).ok
    assert check_zone(zone(4, 800, "4"), request, EL7, 0).failed == "fragmentation"
    assert check_zone(zone(1, 800, "1"), request, EL7, 0).failed == "exhaustion"


@pytest.mark.parametrize(
    ("state", "order", "reason"),
    [
        ({"free": None}, 0, "free pages were not printed"),
        ({"minimum": None}, 0, "min pages were not printed"),
        ({"free": -5}, 0, "negative"),
        ({"minimum": -5}, 0, "negative"),
        ({"free": 100, "present_pages": 50}, 0, "more pages are free"),
        ({"free": 1000, "lowmem_reserve_pages": (0, -1)}, 0, "negative"),
        ({"free": 1000, "blocks": "-4 3"}, 1, "negative"),
        ({"free": 1000}, 2, "free list was not printed"),
        ({"free": 1000}, 64, "order 64 does not exist"),
        ({"free": 1000}, -1, "order -1 does not exist"),
        ({"free": 1000}, 1 << 40, "does not exist"),
    ],
)
def test_what_cannot_be_judged(zone: Callable[..., Zone], state: dict[str, object], order: int, reason: str) -> None:
    verdict = check_zone(zone(**state), atomic(order), EL7, 0)
    assert verdict.ok is None
    assert reason in str(verdict.reason)
    assert reason in str(verdict.words)


def test_a_reserve_that_was_not_printed_decides_only_a_failure(zone: Callable[..., Zone]) -> None:
    assert check_zone(zone(10, 800, name="DMA"), atomic(), EL7, None).ok is False
    assert check_zone(zone(1000, 800, name="DMA"), atomic(), EL7, None).ok is None


ASIDE = "that the rule sets aside for the request more than"
ORDER_WORDS = [
    # rule, order, state, words; 6.2 sets 2**order + 1 pages aside, 7 one less than 2**order
    (EL6_2, 3, (1995, 30, "1995"),
     f"0 pages are in blocks larger than order 0; after the 9 {ASIDE} 6 must be left: fails (fragmentation) by 16"),
    (EL7, 3, (10280, 1917, "9960 0 0 0 0 0 1 0 1"),
     f"320 pages are in blocks larger than order 0; after the 7 {ASIDE} 360 must be left: fails (fragmentation) by 48"),
    (EL7, 3, (2, 40, "2"),
     f"2 pages are free; after the 7 {ASIDE} 15 must be left (15 of min, 0 of lowmem_reserve): "
     "fails (exhaustion) by 21"),
    (EL6_2, 0, (1, 40, "1"),
     f"1 page is free; after the 2 {ASIDE} 15 must be left (15 of min, 0 of lowmem_reserve): "
     "fails (exhaustion) by 17"),
    (EL4, 1, (16, 40, "16"),
     "16 pages are free, at least 17 must be (15 of min, 0 of lowmem_reserve, 2 for the request): "
     "fails (exhaustion) by 1"),
]


@pytest.mark.parametrize(("rule", "order", "state", "words"), ORDER_WORDS)
def test_words_never_count_below_nothing(
    zone: Callable[..., Zone], rule: WatermarkRule, order: int, state: tuple[int, int, str], words: str
) -> None:
    assert str(check_zone(zone(*state), atomic(order), rule, 0).words) == f"Normal: {words}"


def test_words_tell_cma_apart(zone: Callable[..., Zone]) -> None:
    words = str(check_zone(zone(500, 80, "500", free_cma_pages=490), atomic(0), EL7, 0).words)
    assert "500 pages are free; after the 490 that do not count (0 for the request, 490 of CMA" in words


def test_words_name_zone_numbers_and_verdict(zone: Callable[..., Zone]) -> None:
    words = str(check_zone(zone(299, 800, node=1), atomic(), EL7, 7).words)
    assert words == (
        "Node 1 Normal: 299 pages count as free, more than 307 must (300 of min, 7 of lowmem_reserve): "
        "fails (exhaustion) by 9"
    )
