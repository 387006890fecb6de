"""Who asks for large pieces, and what makes them smaller: MTU, offloads, modes, vendors."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nopage.diagnosis.cause.drops import HostNetwork, NicFacts
from nopage.diagnosis.remedy.remedies import remedies
from nopage.diagnosis.remedy.remedy import Remedy
from nopage.diagnosis.remedy.reserve_value import Situation

NIC = NicFacts("eth0", driver="ixgbe", speed_mbps=10000, mtu=9000, rx_ring=512, queues=8, offloads={"lro": True})
IPOIB_RX = "__alloc_pages; __alloc_skb; ipoib_alloc_rx_skb [ib_ipoib]; ipoib_ib_handle_rx_wc [ib_ipoib]; net_rx_action"


def actions(found: tuple[Remedy, ...]) -> list[str]:
    return [remedy.action for remedy in found]


def test_fragmentation_names_mtu_and_driver(situation: Callable[..., Situation]) -> None:
    one = situation(order=2, free=50000, blocks="50000", network=HostNetwork(nics=(NIC,)))
    found = {remedy.action: remedy for remedy in remedies(one)}
    assert list(found) == ["raise_min_free_kbytes", "lower_order", "compact_memory"]
    assert str(found["lower_order"].value) == "MTU 1500 on eth0 (now 9000)"
    assert "ixgbe" in str(found["lower_order"].reason)
    small = situation(order=2, free=50000, blocks="50000", network=HostNetwork(nics=(replace(NIC, mtu=1500),)))
    lro = next(remedy for remedy in remedies(small) if remedy.action == "lower_order")
    assert lro.value == "lro off"


@pytest.mark.parametrize(
    ("trace", "order", "value"),
    [
        ("__alloc_pages; __kmalloc; ipoib_cm_alloc_rx_skb [ib_ipoib]; net_rx_action", 3, "datagram mode, MTU 2044"),
        ("__alloc_pages; __alloc_skb; tcp_sendmsg; ipoib_start_xmit [ib_ipoib]", 5, "datagram mode, MTU 2044"),
        ("__alloc_pages; __alloc_skb; ipoib_alloc_rx_skb [ib_ipoib]; ipoib_ib_handle_rx_wc [ib_ipoib]", 1,
         "MTU 2044 on the interface"),
        ("__alloc_pages; __kmalloc; skb_copy; tg3_start_xmit [tg3]", 3, "tso off gso off lro off"),
        ("__alloc_pages; __kmalloc; pf_ring_open [pf_ring]", 5, "vendor of pf_ring"),
    ],
)
def test_lower_order_by_signature(
    situation: Callable[..., Situation], trace: str, order: int, value: str
) -> None:
    found = remedies(situation(order=order, free=90000, blocks="90000", trace=trace))
    assert value in [str(remedy.value) for remedy in found if remedy.action == "lower_order"]
    assert ("raise_min_free_kbytes" in actions(found)) is (order <= 3)


@pytest.mark.parametrize(
    ("trace", "order", "named"),
    [
        ("__alloc_pages; dma_alloc_coherent; e100_alloc_cbs [e100]; e100_up [e100]; e100_open [e100]; dev_open",
         5, False),
        ("__alloc_pages; __kmalloc; kmem_cache_create; nf_conntrack_init_net [nf_conntrack]; ops_init", 6, False),
        ("__alloc_pages; alloc_skb; e1000_alloc_rx_buffers [e1000]; e1000_clean_rx_irq [e1000]; net_rx_action",
         3, True),
        ("__alloc_pages; alloc_skb; e1000_alloc_rx_buffers [e1000]; e1000_configure [e1000]; e1000_open [e1000]; "
         "dev_open", 3, True),
    ],
)
def test_the_mtu_is_advice_for_receive_buffers_only(
    situation: Callable[..., Situation], trace: str, order: int, named: bool
) -> None:
    found = remedies(situation(order=order, free=90000, blocks="90000", trace=trace))
    assert any("MTU" in str(one.reason) for one in found) is named


def test_ipoib_with_a_small_mtu_has_no_mtu_to_lower(situation: Callable[..., Situation]) -> None:
    for mtu, value in ((4092, "MTU 2044 on ib0 (now 4092)"), (2044, None)):
        network = HostNetwork(nics=(NicFacts("ib0", driver="ib_ipoib", mtu=mtu),))
        found = remedies(situation(order=1, free=90000, blocks="90000", trace=IPOIB_RX, network=network))
        lower = next((one for one in found if one.action == "lower_order"), None)
        assert (str(lower.value) if lower else None) == value
        assert lower is None or "echo datagram" not in str(lower.reason)


@pytest.mark.parametrize(
    ("trace", "order", "nic", "datagram"),
    [
        ("__alloc_pages; __kmalloc; __alloc_skb; tcp_sendmsg; inet_sendmsg; sock_sendmsg", 5, ("ib0", 65520), True),
        ("__alloc_pages; __kmalloc; __alloc_skb; tcp_sendmsg; inet_sendmsg; sock_sendmsg", 4, ("ib0", None), True),
        ("__alloc_pages; __kmalloc; __alloc_skb; tcp_sendmsg; inet_sendmsg; sock_sendmsg", 5, ("ib0", 2044), False),
        ("__alloc_pages; __kmalloc; __alloc_skb; tcp_sendmsg; inet_sendmsg; sock_sendmsg", 5, ("eth0", 9000), False),
        ("__alloc_pages; __kmalloc; __alloc_skb; tcp_sendmsg; inet_sendmsg; sock_sendmsg", 7, ("ib0", 65520), False),
        ("__alloc_pages; __alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; net_rx_action", 4, ("ib0", 65520), False),
    ],
)
def test_large_socket_buffers_where_infiniband_is(
    situation: Callable[..., Situation], trace: str, order: int, nic: tuple[str, int | None], datagram: bool
) -> None:
    """The trace ends in the socket, so only the host's interfaces tell that connected mode asked for it."""
    network = HostNetwork(nics=(NicFacts(nic[0], driver="ib_ipoib" if nic[0] == "ib0" else "ixgbe", mtu=nic[1]),))
    found = remedies(situation(order=order, free=90000, blocks="90000", trace=trace, network=network))
    assert any("echo datagram > /sys/class/net/ib0/mode" in str(one.reason) for one in found) is datagram
