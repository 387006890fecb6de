"""Who asks for large pieces, and what makes them smaller: MTU, offloads, modes, vendors."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nopage.diagnosis.cause.drops import HostNetwork, NicFacts
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step

NIC = NicFacts("eth0", driver="ixgbe", speed_mbps=10000, mtu=9000, rx_ring=512, queues=8, offloads={"lro": True})
Plan = Callable[[Situation], tuple[Step, ...]]
IPOIB_RX = "__alloc_pages; __alloc_skb; ipoib_alloc_rx_skb [ib_ipoib]; ipoib_ib_handle_rx_wc [ib_ipoib]; net_rx_action"


def actions(found: tuple[Step, ...]) -> list[str]:
    return [remedy.action for remedy in found]


def test_fragmentation_names_mtu_and_driver(situation: Callable[..., Situation], steps: Plan) -> None:
    one = situation(order=2, free=50000, blocks="50000", network=HostNetwork(nics=(NIC,)))
    found = {remedy.action: remedy for remedy in steps(one)}
    assert list(found) == ["lower_order", "compact_memory", "raise_min_free_kbytes"]
    assert str(found["lower_order"].value) == "MTU 1500 on eth0 (now 9000)"
    assert "ixgbe" in str(found["lower_order"].reason)
    small = situation(order=2, free=50000, blocks="50000", network=HostNetwork(nics=(replace(NIC, mtu=1500),)))
    lro = next(remedy for remedy in steps(small) if remedy.action == "lower_order")
    assert lro.value == "lro off"


@pytest.mark.parametrize(
    ("trace", "order", "value"),
    [
        ("__alloc_pages; __kmalloc; ipoib_cm_alloc_rx_skb [ib_ipoib]; net_rx_action", 3, "datagram mode, MTU 2044"),
        ("__alloc_pages; __alloc_skb; tcp_sendmsg; ipoib_start_xmit [ib_ipoib]", 5, "datagram mode, MTU 2044"),
        ("__alloc_pages; __alloc_skb; ipoib_alloc_rx_skb [ib_ipoib]; ipoib_ib_handle_rx_wc [ib_ipoib]", 1,
         "MTU 2044 on the interface"),
        ("__alloc_pages; __kmalloc; skb_copy; tg3_start_xmit [tg3]", 3, "tso off"),
        ("__alloc_pages; __kmalloc; pf_ring_open [pf_ring]", 5, "vendor of pf_ring"),
    ],
)
def test_lower_order_by_signature(
    situation: Callable[..., Situation], steps: Plan, trace: str, order: int, value: str
) -> None:
    found = steps(situation(order=order, free=90000, blocks="90000", trace=trace))
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
    situation: Callable[..., Situation], steps: Plan, trace: str, order: int, named: bool
) -> None:
    found = steps(situation(order=order, free=90000, blocks="90000", trace=trace))
    assert any("MTU" in str(one.reason) for one in found) is named


def test_ipoib_with_a_small_mtu_has_no_mtu_to_lower(situation: Callable[..., Situation], steps: Plan) -> None:
    for mtu, value in ((4092, "MTU 2044 on ib0 (now 4092)"), (2044, None)):
        network = HostNetwork(nics=(NicFacts("ib0", driver="ib_ipoib", mtu=mtu),))
        found = steps(situation(order=1, free=90000, blocks="90000", trace=IPOIB_RX, network=network))
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
    situation: Callable[..., Situation], steps: Plan, trace: str, order: int, nic: tuple[str, int | None],
    datagram: bool,
) -> None:
    """The trace ends in the socket, so only the host's interfaces tell that connected mode asked for it."""
    network = HostNetwork(nics=(NicFacts(nic[0], driver="ib_ipoib" if nic[0] == "ib0" else "ixgbe", mtu=nic[1]),))
    found = steps(situation(order=order, free=90000, blocks="90000", trace=trace, network=network))
    assert any("echo datagram > /sys/class/net/ib0/mode" in str(one.reason) for one in found) is datagram


IWL = "<IRQ> __alloc_pages_nodemask; iwl_pcie_rx_alloc_page [iwlwifi]; iwl_pcie_rxq_alloc_rbs [iwlwifi]; net_rx_action"


@pytest.mark.parametrize(
    ("release", "option"),
    [("3.10.0-1160.el7.x86_64", "amsdu_size=1"), ("2.6.32-754.el6.x86_64", "amsdu_size_8K=0"),
     ("6.1.0", "amsdu_size=1")],
)
def test_wireless_cards_have_an_option(
    situation: Callable[..., Situation], steps: Plan, release: str, option: str
) -> None:
    mask = 0x820 if release == "6.1.0" else 0x20
    found = next(one for one in steps(situation(release, order=1, mask=mask, free=50000, blocks="50000", trace=IWL))
                 if one.action == "lower_order")
    assert found.value == f"options iwlwifi {option}"
    assert (found.persist.file, found.persist.text) == ("/etc/modprobe.d/iwlwifi.conf", f"options iwlwifi {option}\n")
    assert found.effect is not None
    assert found.effect.cures


@pytest.mark.parametrize(
    ("offloads", "value"),
    [
        ({"tso": True, "gso": True, "gro": True, "lro": False}, "tso off"),  # never what is received
        ({"tso": False, "ufo": False, "gso": True, "gro": True}, None),  # all of this direction are off already
        ({"tso": False, "ufo": True}, "ufo off"),
        ({}, "tso off"),  # not collected
    ],
)
def test_offloads_of_the_failing_direction_that_are_on(
    situation: Callable[..., Situation], steps: Plan, offloads: dict[str, bool], value: str | None
) -> None:
    network = HostNetwork(nics=(NicFacts("eth0", driver="tg3", mtu=1500, offloads=offloads),))
    trace = "__alloc_pages; __kmalloc; skb_copy; tg3_start_xmit [tg3]; dev_hard_start_xmit"
    found = steps(situation(order=3, free=90000, blocks="90000", trace=trace, network=network))
    assert next((one.value for one in found if one.action == "lower_order"), None) == value


def test_nothing_is_turned_off_that_is_off(situation: Callable[..., Situation], steps: Plan) -> None:
    off = HostNetwork(nics=(replace(NIC, mtu=1500, offloads={"lro": False}),))
    found = next(one for one in steps(situation(order=1, free=50000, blocks="50000", network=off))
                 if one.action == "lower_order")
    assert (found.value, found.commands) == (None, ())
    assert "without LRO" in str(found.reason)


def test_all_of_a_driver_s_interfaces_are_changed(situation: Callable[..., Situation], steps: Plan) -> None:
    network = HostNetwork(nics=tuple(replace(NIC, name=f"eth{number}") for number in range(6)))
    found = next(one for one in steps(situation(order=2, free=50000, blocks="50000", network=network))
                 if one.action == "lower_order")
    assert len(found.commands) == len(found.way_back) == 6
    assert str(found.value).endswith("eth3, ... (now 9000)")
