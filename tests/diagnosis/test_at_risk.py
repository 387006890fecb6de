"""The collected state before anything failed: orders 0 to 3, nodes, rings, and the limits of min_free_kbytes."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.at_risk import at_risk
from nopage.diagnosis.cause.drops import HostNetwork, NicFacts
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.release.parse import parse_release

EL7 = parse_release("3.10.0-1062.el7.x86_64")
EL8 = parse_release("4.18.0-240.el8.x86_64")
SETTINGS = {"min_free_kbytes": 67584}
Make = Callable[..., Zone]


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
    found = at_risk(EL7, memory, SETTINGS)
    assert [risk.order for risk in found.orders] == orders
    assert found.at_risk is bool(orders)
    assert len(found.words) == len(orders)


def test_one_block_is_enough_from_rhel_8(zone: Make) -> None:
    memory = MemInfo(zones=(zone(20008, 800, "20000 0 0 1", managed_pages=100000),))
    assert not at_risk(EL8, memory, SETTINGS).orders


def test_a_node_alone_is_told_but_no_risk(zone: Make) -> None:
    memory = MemInfo(zones=(zone(10, 800, "10", node=0, managed_pages=100000),
                            zone(20000, 800, "0 0 0 2500", node=1, managed_pages=100000)))
    found = at_risk(EL7, memory, SETTINGS)
    assert (found.at_risk, found.orders) == (False, ())
    assert [(risk.node, risk.order) for risk in found.nodes] == [(0, 0)]
    assert "node 0 alone" in str(found.words[0])


def test_rings_larger_than_the_reserve(zone: Make) -> None:
    memory = MemInfo(zones=(zone(20000, 800, "0 0 0 2500", managed_pages=4000000),))
    nic = NicFacts("eth0", driver="ixgbe", speed_mbps=10000, mtu=9000, rx_ring=512, queues=8)
    found = at_risk(EL7, memory, SETTINGS, network=HostNetwork(nics=(nic,)))
    assert (found.at_risk, found.need_kb, found.wanted_kb) == (True, 65536, 104858)
    assert "42240 kB" in str(found.words[-1])  # 5/8 of 67584
    enough = at_risk(EL7, memory, {"min_free_kbytes": 131072}, network=HostNetwork(nics=(nic,)))
    assert not enough.at_risk


def test_limits_of_min_free_kbytes(zone: Make) -> None:
    memory = MemInfo(zones=(zone(20000, 800, "0 0 0 2500", managed_pages=4000000),))
    low = at_risk(EL7, memory, {"min_free_kbytes": 900})
    assert low.at_risk
    assert low.too_low.id == "too_low.default"
    high = at_risk(EL7, memory, {"min_free_kbytes": 900000})
    assert not high.at_risk
    assert "5.6 %" in str(high.too_high)


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
    found = at_risk(release, memory, {})  # type: ignore[arg-type]
    assert reason in str(found.reason)
    assert not found.at_risk


def test_many_nodes_are_bounded(zone: Make) -> None:
    empty = (zone(10, 800, "10", node=node) for node in range(300))
    memory = MemInfo(zones=(*empty, zone(90000, 800, "0 0 0 0 5000", node=300)))
    assert len(at_risk(EL7, memory, {}).nodes) == 8
