"""The order of a receive buffer by driver, release and MTU."""
from __future__ import annotations

import pytest

from nopage.kernel.nic import BUFFERS, receive_order
from nopage.kernel.release import parse_release

EL4, EL64, EL610 = "2.6.9-89.29.1.EL", "2.6.32-358.el6.x86_64", "2.6.32-754.el6.x86_64"
EL73, EL79 = "3.10.0-514.el7.x86_64", "3.10.0-1160.el7.x86_64"
EL8, EL9 = "4.18.0-553.el8_10.x86_64", "5.14.0-570.el9_6.x86_64"
CASES = [
    # driver, MTU, release, order
    ("mlx4_en", 1500, EL64, 2),  # whatever the MTU
    ("mlx4_en", 9000, EL610, 0),
    ("e1000", 1500, EL4, 0),
    ("e1000", 9000, EL4, 3),  # E1000_RXBUFFER_16384 and the rest behind it
    ("e1000", 9000, EL610, 0),
    ("e1000e", 9000, EL79, 0),
    ("i40e", 1500, EL79, 0),
    ("i40e", 9000, EL79, 1),  # two halves of 3 kB
    ("i40e", 9000, EL73, 0),  # not known there
    ("ixgbe", 9000, EL9, 1),
    ("ice", 9000, EL8, 1),
    ("ice", 9000, EL79, 0),
    ("bnx2x", 1500, EL79, 0),
    ("bnx2x", 9000, EL79, 2),
    ("bnx2x", 4500, EL79, 1),
    ("tg3", 1500, EL79, 0),
    ("tg3", 2000, EL79, 2),  # one size for all jumbo frames
    ("ib_ipoib", 2044, EL610, 0),
    ("ib_ipoib", 4092, EL610, 1),
    ("ib_ipoib", 65520, EL610, 0),  # connected: single pages
    ("mlx5_core[ib_ipoib]", 4092, EL79, 1),
    ("bnxt_en", 9000, EL9, 0),
    ("virtio_net", 9000, EL9, 0),
    (None, 9000, EL9, 0),
    ("bnx2x", None, EL79, 0),
    ("bnx2x", 1 << 40, EL79, 0),
    ("bnx2x", -1, EL79, 0),
    ("bnx2x", 9000, "5.15.0-91-generic", 0),  # no Red Hat build
]


@pytest.mark.parametrize(("driver", "mtu", "release", "order"), CASES)
def test_order(driver: str | None, mtu: int | None, release: str, order: int) -> None:
    assert receive_order(driver, mtu, parse_release(release)) == order


def test_large_pages_take_smaller_orders() -> None:
    release = parse_release("4.18.0-553.el8_10.aarch64")
    assert receive_order("bnx2x", 9000, release, 64) == 0
    assert receive_order("ixgbe", 9000, release, 64) == 0


def test_no_release_no_order() -> None:
    assert receive_order("bnx2x", 9000, None) == 0
    assert all(row.source for row in BUFFERS)
