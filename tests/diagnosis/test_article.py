"""The article's points for one host: which stand for which release, request and evidence."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nopage.diagnosis.article import Case, article_points
from nopage.diagnosis.cause import Drops, HostNetwork, NicFacts, diagnose
from nopage.diagnosis.host import Activity
from nopage.kernel.facts import FailureReport, MemInfo, Zone
from nopage.kernel.gfp import decode
from nopage.kernel.message import Message
from nopage.kernel.release import parse_release

EL4, EL5 = "2.6.9-89.29.1.EL", "2.6.18-274.el5.x86_64"
EL63, EL64 = "2.6.32-279.el6.x86_64", "2.6.32-358.el6.x86_64"
EL7, EL8 = "3.10.0-1062.el7.x86_64", "4.18.0-240.el8.x86_64"
RECEIVE = "<IRQ>; dump_stack; __alloc_pages_nodemask; __netdev_alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll"
STORE = "dump_stack; __alloc_pages_nodemask; kmem_cache_alloc; mempool_alloc; bio_alloc_bioset; xfs_add_to_ioend [xfs]"
CUT = "dump_stack; warn_alloc_failed; __alloc_pages_nodemask; new_slab"
Make = Callable[..., Zone]
Report = Callable[..., FailureReport]


@pytest.fixture(scope="module")
def points(zone: Make, report: Report) -> Callable[..., tuple[Message, ...]]:
    """The points of an order-1 request in a zone of min 800, low 1000, high 1200 pages with `free` pages free."""

    def made(
        release: str, *, mask: int = 0x20, trace: str = RECEIVE, free: int = 200, kernel: str | None = None,
        order: int = 1, zones: bool = True, **more: Any
    ) -> tuple[Message, ...]:
        parsed = parse_release(release)
        one = zone(free, 800, str(free), low_pages=1000, high_pages=1200, managed_pages=200000)
        told = report(order, mask, *([one] if zones else []), trace=trace)
        diagnosis = diagnose(told, release=parsed)
        assert parsed is not None
        return article_points(Case(
            diagnosis=diagnosis, gfp=decode(mask, parsed), release=parsed,
            kernel=(parse_release(kernel) if kernel else None) or parsed, **more,
        ))

    return made


Points = Callable[..., tuple[Message, ...]]
EVERYWHERE = ["article.cannot_wait", "article.dropped", "article.bit5", "article.below_min", "article.update",
              "article.raise_min", "article.nothing_left", "article.ten_gigabit", "article.too_high", "article.ladder"]


def ids(messages: tuple[Message, ...]) -> list[str]:
    return [message.id for message in messages]


@pytest.mark.parametrize("release", [EL4, EL5, EL63, EL64, EL7])
def test_every_point_stands_on_rhel_4_to_7(points: Points, release: str) -> None:
    told = ids(points(release))
    for point in EVERYWHERE:
        assert any(one == point or one.startswith(f"{point}.") for one in told), (point, told)
    order = [next(n for n, one in enumerate(told) if one.startswith(point)) for point in EVERYWHERE]
    assert order == sorted(order)


def test_it_is_about_atomic_requests_of_rhel_4_to_7(points: Points) -> None:
    assert points(EL8, mask=0x480020) == ()
    assert points(EL7, mask=0xD0) == ()
    assert points("3.10.0-1-generic") == ()


@pytest.mark.parametrize(
    ("release", "kernel", "wanted"),
    [
        (EL4, None, ["article.update.not_here"]),
        (EL63, None, ["article.update", "article.update.source"]),
        (EL64, None, ["article.update.has", "article.update.source"]),
        (EL63, EL64, ["article.update.has", "article.update.source"]),  # updated since the report
        (EL7, None, ["article.update.not_here"]),
    ],
)
def test_2_6_32_358(points: Points, release: str, kernel: str | None, wanted: list[str]) -> None:
    assert [one for one in ids(points(release, kernel=kernel)) if one.startswith("article.update")] == wanted


def test_above_the_costly_order_kswapd_does_compact(points: Points) -> None:
    assert "article.update.source" not in ids(points(EL63, order=4))


@pytest.mark.parametrize(
    ("release", "mask", "wanted"),
    [
        (EL7, 0x20, ["article.bit5", "article.bit5.source"]),
        (EL7, 0x0, ["article.bit5.unset", "article.bit5.unset.source"]),
        (EL4, 0x20, ["article.bit5", "article.bit5.source", "article.bit5.silent.source"]),
        (EL5, 0x20, ["article.bit5", "article.bit5.source", "article.bit5.silent.source"]),
    ],
)
def test_bit_5(points: Points, release: str, mask: int, wanted: list[str]) -> None:
    told = points(release, mask=mask)
    assert [one for one in ids(told) if one.startswith("article.bit5")] == wanted
    if "article.bit5.silent.source" in wanted:
        assert "probably came" in " ".join(map(str, told))
    assert ("article.below_min.no_reserve" in ids(told)) is (mask == 0)


@pytest.mark.parametrize(
    ("trace", "drops", "wanted"),
    [
        (RECEIVE, None, ["article.dropped", "article.dropped.source"]),
        (RECEIVE, "shown", ["article.dropped.shown", "article.dropped.source"]),
        (RECEIVE, "likely", ["article.dropped", "article.dropped.source"]),
        (STORE, None, ["article.dropped.not_network"]),
        (CUT, None, ["article.dropped.perhaps"]),
    ],
)
def test_what_becomes_of_the_packet(points: Points, trace: str, drops: str | None, wanted: list[str]) -> None:
    told = points(EL7, trace=trace, drops=Drops(drops, (), {}) if drops else None)
    assert [one for one in ids(told) if one.startswith("article.dropped")] == wanted
    assert "retransmit" in " ".join(map(str, told))
    assert ("article.ten_gigabit" in ids(told)) is (trace != STORE)


def nics(*speeds: tuple[str, int]) -> HostNetwork:
    return HostNetwork(nics=tuple(NicFacts(f"eth{number}", driver=driver, speed_mbps=speed)
                                  for number, (driver, speed) in enumerate(speeds)))


def measured(*mbps: float) -> tuple[Activity, ...]:
    return tuple(Activity("2024-03-05T10:10:00", 600.0, "eth0", rate) for rate in mbps)


@pytest.mark.parametrize(
    ("network", "activity", "more"),
    [
        (None, (), []),
        (nics(("ixgbe", 10000)), (), ["article.ten_gigabit.speed"]),
        (nics(("ixgbe", 1000), ("tg3", 100000)), (), ["article.ten_gigabit.slower"]),  # tg3 did not ask
        (nics(("tg3", 100000)), (), []),
        (nics(("ixgbe", 10000)), measured(310.0, 9400.0), ["article.ten_gigabit.measured"]),
        (nics(("ixgbe", 10000)), measured(310.0, 12.0), ["article.ten_gigabit.not_reached"]),
    ],
)
def test_ten_gigabit(
    points: Points, network: HostNetwork | None, activity: tuple[Activity, ...], more: list[str]
) -> None:
    told = points(EL7, network=network, activity=activity)
    assert [one for one in ids(told) if one.startswith("article.ten_gigabit")] == ["article.ten_gigabit", *more]
    if activity:
        assert f"{max(one.receive_mbps or 0 for one in activity):.0f} Mbit/s" in " ".join(map(str, told))


def test_the_ladder_has_this_host_s_numbers(points: Points, zone: Make) -> None:
    told = next(one for one in points(EL7) if one.id == "article.ladder.here")
    assert {name: told.named[name] for name in ("a_pages", "a_kb", "b_pages", "b_kb", "min_pages", "min_kb")} == {
        "a_pages": 200, "a_kb": 800, "b_pages": 200, "b_kb": 800, "min_pages": 800, "min_kb": 3200}
    below = next(one for one in points(EL7) if one.id == "article.below_min.here")
    assert (below.named["floor_pages"], below.named["floor_kb"]) == (300, 1200)
    collected = MemInfo(zones=(zone(9000, 64, low_pages=80, high_pages=96, managed_pages=4000, name="DMA"),
                               zone(9000, 400, low_pages=500, high_pages=600, managed_pages=90000)))
    beside = next(one for one in points(EL7, zones=False, collected=collected) if one.id == "article.ladder.here")
    assert (beside.named["zone"], beside.named["min_pages"]) == ("Normal", 400)
    assert "article.ladder" in ids(points(EL7, zones=False))


@pytest.mark.parametrize(
    ("free", "because"),
    [(200, None), (9000, "article.why_not.fragmented")],
)
def test_where_the_remedy_does_not_help(points: Points, free: int, because: str | None) -> None:
    told = points(EL7, free=free, current_kb=67584)
    advice = next(one for one in told if one.id == "article.raise_min.now")
    assert "67584 kB" in str(advice)
    limits = [one for one in told if one.id == "article.raise_min.not_here.source"]
    reasons = [one.named["because"] for one in limits]
    assert [one.id for one in reasons if isinstance(one, Message)] == ([because] if because else [])
