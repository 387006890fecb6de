"""Failures that only counters tell of."""
from __future__ import annotations

import pytest

from nopage.diagnosis.cause.nics import HostNetwork, host_network
from nopage.diagnosis.silent import silent_failures
from nopage.kernel.release import parse_release

EL7 = parse_release("3.10.0-1160.el7.x86_64")


def network(driver: str, *texts: str, protocol: str = "") -> HostNetwork:
    """One interface with its statistics, collected once or more."""
    found = [("ethtool_-i_eth0", f"driver: {driver}\n")]
    found += [("ethtool_-S_eth0", "NIC statistics:\n" + text) for text in texts]
    if protocol:
        found.append(("proc/net/netstat", protocol))
    return host_network(found)


CASES = [
    # driver, statistics, failures, lost packets, growing; None: nothing to tell
    ("ixgbe", ["alloc_rx_buff_failed: 12\nrx_no_dma_resources: 500\nrx_missed_errors: 5\n"], (12, 505, 0)),
    ("ixgbe", ["alloc_rx_buff_failed: 12\n"], (12, 0, 0)),
    ("ixgbe", ["rx_no_dma_resources: 500\nalloc_rx_buff_failed: 0\n"], None),  # it counts its failures: there were none
    ("mlx5_core", ["rx_out_of_buffer: 900\n"], None),  # the CPU came too late, for all that is known
    ("mlx5_core", ["rx_buff_alloc_err: 3\nrx0_buff_alloc_err: 3\nrx_out_of_buffer: 9\n"], (3, 9, 0)),
    ("mlx4_en", ["rx_alloc_pages: 90000\n"], None),
    ("bnx2x", ["[0]: rx_skb_alloc_discard: 3\n[1]: rx_skb_alloc_discard: 4\nrx_skb_alloc_discard: 7\n"], (7, 7, 0)),
    ("be2net", ["rxq0: rx_post_fail: 2\nrxq1: rx_post_fail: 3\nrxq0: rx_drops_no_frags: 1\n"], (5, 1, 0)),
    ("igb", ["rx_queue_0_alloc_failed: 2\n", "rx_queue_0_alloc_failed: 6\n"], (6, 0, 4)),
    ("igb", ["rx_queue_0_alloc_failed: 6\n", "rx_queue_0_alloc_failed: 2\n"], (6, 0, 4)),  # read in the other order
    ("tg3", ["rx_discards: 4\n"], None),
]


@pytest.mark.parametrize(("driver", "texts", "wanted"), CASES)
def test_failures(driver: str, texts: list[str], wanted: tuple[int, int, int] | None) -> None:
    found = silent_failures(network(driver, *texts), EL7)
    if wanted is None:
        assert found is None
        return
    assert found is not None
    assert (found.failures, found.lost_packets, found.growing) == wanted
    assert found.matters is bool(wanted[1] or wanted[2])


@pytest.mark.parametrize(
    ("release", "message"),
    [
        ("2.6.18-274.el5", "silent.why.atomic"),
        ("2.6.32-754.el6.x86_64", "silent.why.reported"),
        ("3.10.0-1160.el7.x86_64", "silent.why.data"),
        ("4.18.0-240.el8.x86_64", "silent.why.pages"),
        ("6.12.0-55.el10.x86_64", "silent.why.pages"),
        ("5.15.0-91-generic", None),
    ],
)
def test_why_it_is_silent(release: str, message: str | None) -> None:
    found = silent_failures(network("ixgbe", "alloc_rx_buff_failed: 12\n"), parse_release(release))
    assert found is not None
    assert [one.id for one in found.words if one.id.startswith("silent.why")] == ([message] if message else [])


def test_protocols() -> None:
    told = "TcpExt: PFMemallocDrop TCPMemoryPressures PruneCalled\nTcpExt: 3 9 12\n"
    found = silent_failures(network("tg3", "rx_packets: 1\n", protocol=told), EL7)
    assert found is not None
    assert (found.failures, found.lost_packets, found.nics) == (3, 3, ())
    assert [one.named["counter"] for one in found.words if one.id == "drops.protocol"] == [
        "PFMemallocDrop", "TCPMemoryPressures"]
    limits = "TcpExt: TCPMemoryPressures PruneCalled TCPBacklogDrop\nTcpExt: 9 12 4\n"
    assert silent_failures(network("tg3", "rx_packets: 1\n", protocol=limits), EL7) is None


def test_nothing_collected() -> None:
    assert silent_failures(None, EL7) is None
    assert silent_failures(HostNetwork(), None) is None
