"""What a receive descriptor takes, by driver, release and MTU."""
from __future__ import annotations

import pytest

from nopage.diagnosis.remedy.values.rx_buffers import ROWS, scheme_of
from nopage.kernel.nic.buffers import BUFFERS, receive_order
from nopage.kernel.release.parse import parse_release


@pytest.mark.parametrize(
    ("driver", "release", "mtu", "kb", "order"),
    [
        ("ixgbe", "3.10.0-1062.el7.x86_64", 9000, 4, 0),
        ("ixgbe", "3.10.0-1160.el7.x86_64", 1500, 4, 0),
        ("ixgbe", "3.10.0-1160.el7.x86_64", 9000, 8, 1),
        ("ixgbe", "2.6.32-279.el6.x86_64", 9000, 16, 2),  # before the page-based receive of -322
        ("e1000", "2.6.18-371.el5.x86_64", 9000, 32, 3),
        ("e1000", "2.6.32-754.el6.x86_64", 9000, 4, 0),
        ("bnx2x", "3.10.0-1160.el7.x86_64", 1500, 2, 0),
        ("bnx2x", "3.10.0-1160.el7.x86_64", 9000, 16, 2),
        ("mlx4_en", "2.6.32-358.el6.x86_64", 1500, 16, 2),
        ("mlx4_en", "2.6.32-431.el6.x86_64", 9000, 12, 0),
        ("unheard_of", "5.14.0-427.el9_4.x86_64", 9000, 4, 0),
        ("unheard_of", "2.6.18-371.el5.x86_64", 9000, 16, 2),
        (None, "4.18.0-553.el8_10.x86_64", 1500, 4, 0),
        ("i40e", "6.1.0", 9000, 8, 1),
        ("i40e", "4.4.0", 9000, 4, 0),
    ],
)
def test_buffers(driver: str | None, release: str, mtu: int, kb: int, order: int) -> None:
    scheme = scheme_of(driver, parse_release(release))
    assert (scheme.buffer_kb(mtu, 4), scheme.asks_for(mtu, 4)) == (kb, order)


def test_a_page_of_another_size() -> None:
    scheme = scheme_of("ixgbe", parse_release("5.14.0-427.el9_4.aarch64+64k"))
    assert scheme.buffer_kb(1500, 64) == 64


def test_an_unknown_kernel_is_taken_for_a_new_one() -> None:
    assert scheme_of("ixgbe", None).order == 1


def test_every_row_says_what_was_read() -> None:
    assert all(row.scheme.source and row.drivers for row in ROWS)


@pytest.mark.parametrize("release", [
    "2.6.9-89.EL.x86_64", "2.6.32-358.el6.x86_64", "2.6.32-754.el6.x86_64", "3.10.0-1062.el7.x86_64",
    "3.10.0-1160.el7.x86_64", "4.18.0-553.el8_10.x86_64", "5.14.0-570.el9_6.x86_64",
])
@pytest.mark.parametrize("mtu", [1500, 9000])
def test_the_order_is_the_one_that_the_table_of_drivers_knows(release: str, mtu: int) -> None:
    """Two tables, of sizes and of orders, that must not say two things."""
    known = parse_release(release)
    for row in BUFFERS:
        for driver in row.drivers:
            order = receive_order(driver, mtu, known)
            if order and driver != "ib_ipoib":  # its ring is no ring of ethtool -g
                assert scheme_of(driver, known).asks_for(mtu, 4) == order, driver
