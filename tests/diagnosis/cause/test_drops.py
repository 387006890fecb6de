"""Whether packets were shown to be dropped, likely were, or are not shown: by the counters of the right interface."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.cause.asker import asker_of
from nopage.diagnosis.cause.drops import HostNetwork, NicFacts, drops, drops_of, host_network
from nopage.kernel.facts import FailureReport

IXGBE = {"name": "eth0", "driver": "ixgbe", "has_statistics": True}
CASES = [
    # facts of the interface, verdict
    ({}, "not shown"),
    ({"allocation_failed": {"alloc_rx_buff_failed": 17}}, "likely"),
    ({"allocation_failed": {"alloc_rx_buff_failed": 17}, "rx_missed": 4}, "shown"),
    ({"ring_empty": {"rx_no_buffer_count": 9}}, "shown"),
    ({"rx_dropped": 12}, "shown"),
]


@pytest.mark.parametrize(("facts", "verdict"), CASES)
def test_verdict(facts: dict[str, object], verdict: str) -> None:
    network = HostNetwork(nics=(NicFacts(**IXGBE, **facts),))  # type: ignore[arg-type]
    found = drops(network, path="network receive", driver="ixgbe", failures=3)
    assert found.verdict == verdict
    assert found.words


def test_only_the_driver_s_own_interfaces_count() -> None:
    other = NicFacts("eth1", driver="tg3", has_statistics=True, rx_dropped=99)
    network = HostNetwork(nics=(NicFacts(**IXGBE), other))  # type: ignore[arg-type]
    assert drops(network, path="network receive", driver="ixgbe", failures=1).verdict == "not shown"
    unknown = drops(network, path="network receive", driver=None, failures=1)
    assert unknown.verdict == "likely"
    assert unknown.evidence == {"eth1.rx_dropped": 99}


def test_nothing_collected_is_likely_on_a_network_path() -> None:
    assert drops(None, path="network receive", driver="ixgbe", failures=1).verdict == "likely"
    assert drops(None, path="sockets", driver=None, failures=1).verdict == "likely"
    assert drops(None, path="storage", driver="xfs", failures=1).verdict == "not shown"


CUT = "dump_stack; warn_alloc_failed; __alloc_pages_nodemask; new_slab"
RECEIVE = "dump_stack; __alloc_pages_nodemask; __alloc_page_frag; __napi_alloc_skb; ixgbe_clean_rx_irq [ixgbe]"
STORE = "dump_stack; __alloc_pages_nodemask; kmem_cache_alloc; mempool_alloc; bio_alloc_bioset; xfs_add_to_ioend [xfs]"


@pytest.mark.parametrize(
    ("traces", "words", "verdict"),
    [
        ([STORE], "not on a network path", "not shown"),
        ([CUT], "path is not known", "not shown"),
        ([""], "path is not known", "not shown"),
        ([STORE, CUT], "path is not known", "not shown"),
        ([CUT, RECEIVE], "1 of these 2 failures was on a network path (network receive)", "likely"),
        ([RECEIVE, CUT], "counters of the interfaces were not collected", "likely"),
    ],
)
def test_an_unknown_path_is_not_another_path(
    report: Callable[..., FailureReport], traces: list[str], words: str, verdict: str
) -> None:
    askers = [(asker_of(report(0, 0x20, trace=trace)), 1) for trace in traces]
    found = drops_of(None, askers)
    assert (words in str(found.words[0]), found.verdict) == (True, verdict)
    if words != "not on a network path":
        assert "not on a network path" not in " ".join(map(str, found.words))


def test_counters_do_not_prove_what_an_unknown_path_lost() -> None:
    network = HostNetwork(nics=(NicFacts(**IXGBE, rx_dropped=9, ring_empty={"rx_no_buffer": 4}),))  # type: ignore[arg-type]
    found = drops(network, path="other", driver=None, failures=3, path_known=False)
    assert (found.verdict, found.evidence["eth0.ring_empty"]) == ("likely", 4)


def test_counts_of_one() -> None:
    nic = NicFacts(**IXGBE, allocation_failed={"alloc_rx_buff_failed": 1}, rx_dropped=1)  # type: ignore[arg-type]
    words = drops(HostNetwork(nics=(nic,)), path="network receive", driver="ixgbe", failures=1).words
    assert "could not get a buffer once" in str(words[1])
    assert "counts 1 packet as dropped" in str(words[2])


def test_protocol_counters() -> None:
    found = drops(HostNetwork(protocol={"PFMemallocDrop": 3}), path="sockets", driver=None, failures=1)
    assert found.verdict == "shown"
    backlog = drops(HostNetwork(softnet_dropped=8), path="network receive", driver=None, failures=1)
    assert (backlog.verdict, backlog.evidence["softnet_dropped"]) == ("likely", 8)


@pytest.mark.parametrize(
    ("counter", "kind"),
    [
        ("alloc_rx_buff_failed", "allocation_failed"),  # ixgbe, igb, e1000e
        ("rx_alloc_failed", "allocation_failed"),  # bnx2x, ena variants
        ("rx_skb_alloc_discard", "allocation_failed"),  # bnx2x
        ("rx_oom_discards", "allocation_failed"),
        ("drv_rx_pkts_no_mem", "allocation_failed"),
        ("rx_no_buffer_count", "ring_empty"),  # e1000, igb
        ("rx_missed_errors", "ring_empty"),
        ("rx_out_of_buffer", "ring_empty"),  # mlx5
        ("rx_no_dma_resources", "ring_empty"),  # ixgbe
        ("rx_drops_no_frags", "ring_empty"),  # be2net
        ("rx_fifo_errors", "ring_empty"),
        ("rx_bytes", None),
        ("tx_packets", None),
        ("rx_csum_errors", None),
    ],
)
def test_counter_names_of_drivers(counter: str, kind: str | None) -> None:
    nic = host_network([("ethtool_-S_eth0", f"NIC statistics:\n     {counter}: 5\n")]).nics[0]
    found = {name for name in ("allocation_failed", "ring_empty") if getattr(nic, name)}
    assert found == ({kind} if kind else set())


def test_queues_from_the_statistics_names() -> None:
    lines = "".join(f"     rx_queue_{n}_packets: 5\n     tx_queue_{n}_bytes: 1\n" for n in range(6))
    text = f"NIC statistics:\n{lines}"
    assert host_network([("ethtool_-S_eth0", text)]).nics[0].queues == 6
