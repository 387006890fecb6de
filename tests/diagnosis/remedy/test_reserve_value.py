"""The value of min_free_kbytes: rings, bursts, caps, and steps that are worth their while."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nopage.diagnosis.cause.drops import HostNetwork, NicFacts
from nopage.diagnosis.cause.timeline import timeline
from nopage.diagnosis.remedy.nic_needs import buffer_kb, nic_needs, reserve_for
from nopage.diagnosis.remedy.remedies import remedies
from nopage.diagnosis.remedy.reserve_value import ReserveValue, Situation, reserve_value
from nopage.kernel.facts import FailureReport

RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll [ixgbe]; net_rx_action"
NIC = NicFacts("eth0", driver="ixgbe", speed_mbps=10000, mtu=9000, rx_ring=512, queues=8, offloads={"lro": True})
Make = Callable[..., FailureReport]
STORE = "__alloc_pages; kmem_cache_alloc; mempool_alloc; bio_alloc_bioset; xfs_add_to_ioend [xfs]; kthread"


def said(value: ReserveValue) -> str:
    return " ".join(map(str, value.derivation))


def test_rings_ask_for_their_share(situation: Callable[..., Situation]) -> None:
    """512 descriptors x 8 queues x 16 kB = 65536 kB; atomic requests may use 5/8 of min: 104858 kB."""
    assert [buffer_kb(mtu) for mtu in (1500, 4092, 9000, 65520)] == [2, 8, 16, 128]
    network = HostNetwork(nics=(NIC,))
    assert [need.need_kb for need in nic_needs(network)] == [65536]
    assert reserve_for(nic_needs(network)) == 104858
    big = HostNetwork(nics=(replace(NIC, rx_ring=4096),))
    value = reserve_value(situation(order=2, free=50000, blocks="50000", network=big)).value_kb
    assert value == 16415908 * 5 // 100 // 1024 * 1024  # held down to 5 %: 838861 kB were asked for
    risk = remedies(situation(network=network))[0].risk
    assert "10 Gbit/s" in str(risk)


def test_the_cap_is_lower_where_swap_is_full(situation: Callable[..., Situation]) -> None:
    one = reserve_value(situation(swap=(0, 4194304), current=300000))
    assert (one.cap_percent, one.value_kb) == (3, 16415908 * 3 // 100 // 1024 * 1024)
    assert reserve_value(situation(current=300000)).value_kb == 600064


@pytest.mark.parametrize(
    ("nic", "order", "trace", "need_kb", "words"),
    [
        # 512 descriptors x 8 queues; the MTU's guess is 16 kB
        (NIC, 1, RX, 512 * 8 * 8, "512 descriptors x 8 queues x 8 kB (order 1, as it asked) = 32768 kB"),
        (NIC, 3, RX, 512 * 8 * 32, "512 descriptors x 8 queues x 32 kB (order 3, as it asked) = 131072 kB"),
        (NIC, 0, RX, 512 * 8 * 4, "x 4 kB (order 0, as it asked)"),
        (NIC, 1, RX.replace("ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll", "skb_copy; ixgbe_xmit_frame"), 65536,
         "512 descriptors x 8 queues x 16 kB = 65536 kB"),
        (NIC, 0, RX.replace("__alloc_skb", "__alloc_page_frag; __netdev_alloc_frag"), 65536, "8 queues x 16 kB ="),
        (replace(NIC, queues=None), 1, RX, 512 * 8,
         "512 descriptors x 8 kB (order 1, as it asked) = 4096 kB a queue, and the number of queues is not known"),
        (replace(NIC, queues=1), 1, RX, 512 * 8, "512 descriptors x 1 queue x 8 kB"),
        (replace(NIC, driver="tg3"), 1, RX, 65536, "512 descriptors x 8 queues x 16 kB = 65536 kB"),
    ],
)
def test_rings_by_the_order_seen(
    situation: Callable[..., Situation], nic: NicFacts, order: int, trace: str, need_kb: int, words: str
) -> None:
    one = situation(order=order, trace=trace, network=HostNetwork(nics=(nic,)))
    needs = nic_needs(one.network, one.receive_buffer)
    assert [need.need_kb for need in needs] == [need_kb]
    assert words in str(needs[0].words)


def test_rings_do_not_matter_off_the_network(situation: Callable[..., Situation]) -> None:
    network = HostNetwork(nics=(replace(NIC, rx_ring=4096),))
    assert "receive rings" not in said(reserve_value(situation(trace=STORE, network=network)))
    assert "receive rings" in said(reserve_value(situation(trace="", network=network)))  # nobody knows
    assert "10 Gbit/s" not in str(remedies(situation(trace=STORE, network=network))[0].risk)


def test_a_burst_counts_its_own_orders(situation: Callable[..., Situation], report: Make) -> None:
    """20 x order 0 and 10 x order 3 are 100 pages, not 30 x the order of the failure that is shown."""
    reports = [report(0, 0x20, monotonic_s=5.0)] * 20 + [report(3, 0x20, monotonic_s=6.0)] * 10
    exact = reserve_value(situation(timeline=timeline(reports, suppressed=60)))
    assert "asked for 160 pages (640 kB) more than there was, 60 of them for reports" in said(exact)
    other = reserve_value(situation(timeline=timeline(reports, suppressed=60, suppressed_exact=False)))
    assert "asked for 100 pages (400 kB) more than there was;" in said(other)
    assert f"of min: {67584 + 400 * 8 // 5} kB." in said(other)


def test_a_small_step_of_the_reserve_is_none(situation: Callable[..., Situation]) -> None:
    value = reserve_value(situation(current=800000))  # the cap is 820224, 2.5 % more
    assert (value.value_kb, value.at_cap) == (None, True)
    assert "to raise it by 20224 kB more will not help" in str(value.why_not)
