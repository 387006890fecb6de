"""The collected state before anything failed: only evidence is a risk."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pytest

from nopage.diagnosis.at_risk import Asked, Limits, asked_orders, at_risk
from nopage.diagnosis.cause.nics import HostNetwork, NicFacts
from nopage.diagnosis.host import HostFacts, Pressure
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.message import say
from nopage.kernel.release.parse import parse_release
from nopage.rules.knowledge import knowledge

EL64 = parse_release("2.6.32-358.el6.x86_64")
EL7 = parse_release("3.10.0-1160.el7.x86_64")
EL8 = parse_release("4.18.0-240.el8.x86_64")
Make = Callable[..., Zone]
SEEN = [Asked(order, say("at_risk.asks.slab", "slab cache {cache}, which could not grow before", cache="c"))
        for order in (1, 2, 3)]


@pytest.mark.parametrize(
    ("blocks", "orders"),
    [
        ("20000 5000 2000 1000 500", []),
        ("20000", [1, 2, 3]),
        ("20000 1000", [2, 3]),  # order 1: 2000 pages, 150 wanted
        ("20000 20", [1, 2, 3]),  # 40 pages in blocks of order 1, the rule of RHEL 7 wants 150
        ("299", [0, 1, 2, 3]),
    ],
)
def test_orders_that_would_fail(zone: Make, blocks: str, orders: list[int]) -> None:
    free = sum(int(count) << order for order, count in enumerate(blocks.split()))
    memory = MemInfo(zones=(zone(free, 800, blocks, managed_pages=100000),))
    found = at_risk(EL7, memory, seen=SEEN)
    assert [risk.order for risk in found.orders] == orders
    assert found.at_risk is bool(orders)
    alone = at_risk(EL7, memory)  # nothing here asks for more than a page
    assert [risk.order for risk in alone.orders] == [order for order in orders if order == 0]


def nic(driver: str, mtu: int, **more: object) -> HostNetwork:
    """A host with one interface."""
    return HostNetwork(nics=(NicFacts("eth0", driver=driver, mtu=mtu, **more),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("release", "network", "orders"),
    [
        (EL7, None, [0]),
        (EL7, nic("bnx2x", 9000), [0, 2]),
        (EL7, nic("bnx2x", 1500), [0]),
        (EL7, nic("bnx2x", 9000, speed_mbps=0), [0]),
        (EL64, nic("mlx4_en", 1500), [0, 1, 2]),  # and TCP sockets
        (EL64, nic("ib_ipoib", 4092), [0, 1]),
        (EL8, nic("ixgbe", 9000), [0, 1]),
        (parse_release("5.15.0-91-generic"), nic("ixgbe", 9000), [0]),
        (None, nic("ixgbe", 9000), [0]),
    ],
)
def test_what_is_asked_for(release: object, network: HostNetwork | None, orders: list[int]) -> None:
    asked = asked_orders(release, network, 4)  # type: ignore[arg-type]
    assert sorted({one.order for one in asked}) == orders


def test_who_asks_is_told(zone: Make) -> None:
    memory = MemInfo(zones=(zone(20000, 800, "20000", managed_pages=100000),))
    found = at_risk(EL7, memory, network=nic("bnx2x", 9000))
    assert [risk.order for risk in found.orders] == [2]
    assert "eth0 (bnx2x, MTU 9000)" in str(found.orders[0].asker_words)


def test_rings_larger_than_the_reserve_are_no_evidence(zone: Make) -> None:
    memory = MemInfo(zones=(zone(20000, 800, "0 0 0 2500", managed_pages=4000000),))
    network = nic("ixgbe", 9000, speed_mbps=10000, rx_ring=4096, queues=64)
    assert not at_risk(EL7, memory, network=network).at_risk


def test_one_block_is_enough_from_rhel_8(zone: Make) -> None:
    memory = MemInfo(zones=(zone(20008, 800, "20000 0 0 1", managed_pages=100000),))
    assert not at_risk(EL8, memory, seen=SEEN).orders


def test_a_node_alone_is_told_but_no_risk(zone: Make) -> None:
    memory = MemInfo(zones=(zone(10, 800, "10", node=0, managed_pages=100000),
                            zone(20000, 800, "0 0 0 2500", node=1, managed_pages=100000)))
    found = at_risk(EL7, memory)
    assert (found.at_risk, found.orders) == (False, ())
    assert [(risk.node, risk.order) for risk in found.nodes] == [(0, 0)]
    assert "node 0 alone" in str(found.words[0])


@pytest.mark.parametrize(
    ("counters", "uptime_s", "thp", "mtu", "ids"),
    [
        ({"allocstall": 100}, 86400.0, "always", 1500, []),
        ({"allocstall": 100000}, 86400.0, "always", 1500, ["at_risk.allocstall"]),  # 4167 an hour
        ({"allocstall": 100000}, 8640000.0, "always", 1500, []),  # a hundred days
        ({"allocstall": 100000}, None, "always", 1500, []),
        ({"allocstall": 5000}, 600.0, "always", 1500, []),  # ten minutes after boot
        ({"allocstall_normal": 10000, "allocstall_movable": 10000}, 86400.0, None, 1500, ["at_risk.allocstall"]),
        ({"compact_fail": 1000000}, 86400.0, "always", 9000, []),  # those of huge pages
        ({"compact_fail": 1000000}, 86400.0, "never", 1500, []),  # nobody asks for more than a page
        ({"compact_fail": 1000000}, 86400.0, "never", 9000, ["at_risk.compact_fail"]),
    ],
)
def test_pressure(
    zone: Make, counters: dict[str, int], uptime_s: float | None, thp: str | None, mtu: int, ids: list[str]
) -> None:
    memory = MemInfo(zones=(zone(20000, 800, "0 0 0 2500", managed_pages=100000),))
    host = HostFacts(pressure=Pressure(counters, uptime_s), thp=thp)
    for state in (memory, None):
        found = at_risk(EL7, state, network=nic("bnx2x", mtu), host=host)
        assert [one.id for one in found.pressure] == ids
        assert found.at_risk is bool(ids)
    assert not at_risk(EL7, memory, host=HostFacts()).at_risk


def test_the_limits_are_those_of_the_knowledge_file() -> None:
    assert asdict(Limits()) == dict(knowledge("ATOMIC_RESERVE_AT_RISK").thresholds)


@pytest.mark.parametrize(
    ("release", "memory", "reason"),
    [
        (EL7, None, "not collected"),
        (EL7, MemInfo(), "not collected"),
        (None, MemInfo(zones=(Zone("Normal", free_pages=1, min_pages=1),)), "release is not known"),
        (EL7, MemInfo(zones=(Zone("Normal", free_pages=1),)), "watermarks were not collected"),
    ],
)
def test_what_cannot_be_judged(release: object, memory: MemInfo | None, reason: str) -> None:
    found = at_risk(release, memory)  # type: ignore[arg-type]
    assert reason in str(found.reason)
    assert not found.at_risk


def test_many_nodes_are_bounded(zone: Make) -> None:
    empty = (zone(10, 800, "10", node=node) for node in range(300))
    memory = MemInfo(zones=(*empty, zone(90000, 800, "0 0 0 0 5000", node=300)))
    assert len(at_risk(EL7, memory).nodes) == 8
