"""The MTU that somebody tries: told by an interface, else one at which the driver asks for what failed."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.cause import HostNetwork, NicFacts
from nopage.diagnosis.remedy import mtu_now, mtu_told, tried
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.values import scheme_of

RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; {0}_alloc_rx_buffers [{0}]; {0}_poll [{0}]; net_rx_action"
OLD = "2.6.32-220.el6.x86_64"


@pytest.mark.parametrize(
    ("driver", "release", "order", "mtu"),
    [
        ("tg3", OLD, 1, 7808),  # 8 kB less head room and skb_shared_info
        ("tg3", OLD, 2, 9000),
        ("tg3", OLD, 3, 16001),
        ("ixgbe", OLD, 1, 7808),
        ("e1000", "2.6.18-274.el5", 1, 4074),  # the next power of two of the frame, and the rest behind it
        ("e1000", "2.6.18-274.el5", 3, 9000),
        ("mlx4_en", OLD, 2, 9000),  # order 2 whatever the MTU
        ("ixgbe", "3.10.0-1160.el7", 3, 9000),  # no MTU explains order 3
    ],
)
def test_an_mtu_that_is_not_told_is_one_of_the_order(
    situation: Callable[..., Situation], driver: str, release: str, order: int, mtu: int
) -> None:
    one = situation(release, order, trace=RX.format(driver), blocks="5000")
    assert one.driver == driver
    assert (mtu_told(one), mtu_now(one)) == (None, mtu)
    scheme = scheme_of(driver, one.printed_by)
    if scheme.asks_for(65520, one.page_kb) > scheme.asks_for(1500, one.page_kb) >= 0 and order < 3:
        assert scheme.asks_for(mtu, one.page_kb) == order


def test_one_that_is_told_counts(situation: Callable[..., Situation]) -> None:
    network = HostNetwork(nics=(NicFacts("eth0", driver="tg3", mtu=4500), NicFacts("eth1", driver="e1000e", mtu=9000)))
    one = situation(OLD, 1, trace=RX.format("tg3"), blocks="5000", network=network)
    assert (mtu_told(one), mtu_now(one)) == (4500, 4500)
    assert tried(one, {}, 4500) == []
    (words,) = tried(one, {}, 1500)
    assert "order 0" in str(words) or "passes" in str(words)


def test_an_order_0_has_no_mtu(situation: Callable[..., Situation]) -> None:
    assert mtu_now(situation(OLD, 0, trace=RX.format("tg3"))) is None
