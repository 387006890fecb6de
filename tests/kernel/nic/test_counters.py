"""Counters of drivers by name: what each means, and what only looks alike."""
from __future__ import annotations

import re

import pytest

from nopage.kernel.nic import COUNTERS, NO_BUFFER, NO_MEMORY, PROTOCOLS, counter_of, counts_failures, driver_names

CASES = [
    # driver, counter, meaning, whether each count is a packet lost
    ("ixgbe", "alloc_rx_buff_failed", NO_MEMORY, False),
    ("ixgbe", "alloc_rx_page_failed", NO_MEMORY, False),
    ("ixgbe", "alloc_rx_page", None, False),
    ("ixgbe", "rx_no_dma_resources", NO_BUFFER, True),
    ("e1000e", "alloc_rx_buff_failed", NO_MEMORY, False),
    ("igb", "rx_queue_3_alloc_failed", NO_MEMORY, False),
    ("i40e", "rx_pg_alloc_fail", NO_MEMORY, False),
    ("i40e", "rx_cache_alloc", None, False),
    ("ice", "rx_alloc_fail", NO_MEMORY, False),
    ("mlx5_core", "rx_buff_alloc_err", NO_MEMORY, False),
    ("mlx5_core", "rx12_buff_alloc_err", None, False),
    ("mlx5_core", "rx_out_of_buffer", NO_BUFFER, True),
    ("mlx5_core[ib_ipoib]", "rx_out_of_buffer", NO_BUFFER, True),
    ("mlx4_en", "rx_alloc_pages", None, False),
    ("bnx2x", "rx_skb_alloc_discard", NO_MEMORY, True),
    ("bnxt_en", "rx_total_oom_discards", NO_MEMORY, True),
    ("be2net", "rx_drops_no_skbs", NO_MEMORY, True),
    ("be2net", "rx_drops_no_frags", NO_BUFFER, True),
    ("bnx2", "rx_fw_discards", NO_BUFFER, True),
    ("bnx2", "rx_discards", None, False),
    ("hv_netvsc", "tx_no_memory", NO_MEMORY, True),
    ("ena", "queue_2_rx_page_alloc_fail", NO_MEMORY, False),
    ("vmxnet3", "rx buf alloc fail", NO_MEMORY, False),
    ("vmxnet3", "pkts rx OOB", NO_BUFFER, True),
    ("ibmveth", "replenish_no_mem", NO_MEMORY, False),
    ("enic", "rx_no_bufs", NO_BUFFER, True),
    # by the name alone
    (None, "alloc_rx_buff_failed", NO_MEMORY, False),
    ("newnic", "rx_buf_alloc_failure", NO_MEMORY, False),
    ("newnic", "rx_oom", NO_MEMORY, True),
    ("newnic", "rx_missed_errors", NO_BUFFER, True),
    ("newnic", "rx_discards_phy", None, False),
    ("newnic", "tx_alloc_failed", None, False),
    ("newnic", "rx_xdp_alloc_fails", None, False),
    ("newnic", "rx_bytes", None, False),
    ("newnic", "headroom", None, False),
    ("newnic", "tx_boom", None, False),
]


@pytest.mark.parametrize(("driver", "name", "meaning", "lost"), CASES)
def test_meaning(driver: str | None, name: str, meaning: str | None, lost: bool) -> None:
    row = counter_of(driver, name)
    assert (row.meaning if row else None, row.lost if row else False) == (meaning, lost)


def test_every_row_of_a_driver_names_its_source() -> None:
    for row in COUNTERS:
        re.compile(row.pattern)
        assert bool(row.source) == (row.drivers != ("*",)), row
    assert all(row.source for row in PROTOCOLS)
    assert [row.name for row in PROTOCOLS if row.proves] == ["PFMemallocDrop"]


@pytest.mark.parametrize(
    ("driver", "names"),
    [
        (None, ()),
        ("", ()),
        ("ixgbe", ("ixgbe",)),
        ("xen-netfront", ("xen_netfront",)),
        ("vif", ("xen_netfront",)),
        ("mlx5_core[ib_ipoib]", ("mlx5_core", "ib_ipoib")),
    ],
)
def test_names_of_drivers(driver: str | None, names: tuple[str, ...]) -> None:
    assert driver_names(driver) == names


@pytest.mark.parametrize(("driver", "known"), [("mlx5_core", True), ("ixgbe", True), ("tg3", False), (None, False)])
def test_who_counts_its_failures(driver: str | None, known: bool) -> None:
    assert counts_failures(driver) is known
