"""Whether packets were shown to be dropped, likely were, or are not shown: by the counters of the right interface."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.cause.asking import asker_of
from nopage.diagnosis.cause.drops import HostNetwork, NicFacts, drops, drops_of, host_network
from nopage.kernel.facts import FailureReport

IXGBE = {"name": "eth0", "driver": "ixgbe", "has_statistics": True}
CASES = [
    # facts of the interface, verdict
    ({}, "not shown"),
    ({"allocation_failed": {"alloc_rx_buff_failed": 17}}, "likely"),
    ({"allocation_failed": {"alloc_rx_buff_failed": 17}, "rx_missed": 4}, "shown"),
    ({"ring_empty": {"rx_no_buffer_count": 9}}, "shown"),
    ({"rx_dropped": 12}, "likely"),  # since 2.6.37 it counts protocols that nobody speaks as well
    ({"allocation_failed": {"alloc_rx_buff_failed": 17}, "rx_dropped": 12}, "likely"),
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


NICS = {
    "igb": NicFacts("eth0", driver="igb", has_statistics=True),
    "igb dropping": NicFacts("eth0", driver="igb", has_statistics=True, ring_empty={"rx_no_buffer_count": 5}),
    "ixgbe": NicFacts("eth1", driver="ixgbe", has_statistics=True),
    "ixgbe, no counters": NicFacts("eth1", driver="ixgbe"),
    "ixgbe by ip -s": NicFacts("eth1", driver="ixgbe", has_counts=True, rx_dropped=0),
    "nameless": NicFacts("eth2", has_counts=True, rx_dropped=0),
    "nameless dropping": NicFacts("eth2", has_counts=True, rx_dropped=7),
    "nameless, ring empty": NicFacts("eth2", has_statistics=True, ring_empty={"rx_missed_errors": 7}),
    "bond": NicFacts("bond0", driver="bonding", has_counts=True, rx_dropped=50),
    "ib": NicFacts("ib0", driver="mlx5_core[ib_ipoib]", has_statistics=True),
}


@pytest.mark.parametrize(
    ("nics", "driver", "verdict", "first"),
    [
        (["igb"], "ib_ipoib", "likely", "drops.own_not_collected"),
        (["igb dropping"], "ib_ipoib", "likely", "drops.own_not_collected"),
        (["igb dropping", "ixgbe"], "ixgbe", "not shown", "drops.none"),
        (["igb dropping", "ixgbe, no counters"], "ixgbe", "likely", "drops.own_not_collected"),
        (["igb", "ixgbe by ip -s"], "ixgbe", "not shown", "drops.none.link"),
        (["nameless"], "e1000", "not shown", "drops.none.link"),  # the only one there is
        (["nameless dropping"], "e1000", "likely", "drops.hinted"),
        (["nameless, ring empty"], "e1000", "shown", "drops.shown"),
        (["igb", "nameless, ring empty"], "e1000", "likely", "drops.hinted"),  # it may be another's
        (["igb", "bond"], "e1000", "likely", "drops.own_not_collected"),
        (["ib"], "ib_ipoib", "not shown", "drops.none"),
        (["ib"], "mlx5_core", "not shown", "drops.none"),
        (["igb dropping", "ixgbe"], None, "likely", "drops.hinted"),
        (["igb dropping"], None, "shown", "drops.shown"),
        ([], "igb", "likely", "drops.no_counters.receive"),
    ],
)
def test_whose_counters(nics: list[str], driver: str | None, verdict: str, first: str) -> None:
    network = HostNetwork(nics=tuple(NICS[name] for name in nics))
    found = drops(network, path="network receive", driver=driver, failures=2)
    assert (found.verdict, found.words[0].id) == (verdict, first)


def test_whose_interface_it_is_may_not_be_known() -> None:
    network = HostNetwork(nics=(NICS["nameless dropping"], NICS["igb"]))
    found = drops(network, path="network receive", driver="e1000", failures=2)
    assert [one.id for one in found.words[:2]] == ["drops.hinted", "drops.not_sure"]


@pytest.mark.parametrize(
    ("path", "nic", "protocol", "verdict", "first"),
    [
        ("network transmit", {"tx_dropped": 4}, {}, "likely", "drops.hinted"),
        ("network transmit", {"ring_empty": {"rx_missed_errors": 4}}, {}, "not shown", "drops.none"),
        ("sockets", {"ring_empty": {"rx_missed_errors": 4}}, {"PruneCalled": 3}, "not shown", "drops.none.sockets"),
        ("sockets", {}, {"PFMemallocDrop": 3}, "shown", "drops.shown"),
    ],
)
def test_what_counts_on_other_paths(
    path: str, nic: dict[str, object], protocol: dict[str, int], verdict: str, first: str
) -> None:
    own = NicFacts(**IXGBE, **nic)  # type: ignore[arg-type]
    network = HostNetwork(nics=(own,), protocol=protocol, has_protocol=True)
    found = drops(network, path=path, driver="ixgbe", failures=2)
    assert (found.verdict, found.words[0].id) == (verdict, first)


def test_the_counters_of_proc_net_dev_are_counters() -> None:
    text = "Inter-|   Receive  |  Transmit\n  eth0: 917 73 0 0 0 0 0 0 4196 14 0 0 0 0 0 0\n"
    found = drops(host_network([("proc/net/dev", text)]), path="network receive", driver="e1000", failures=2)
    assert (found.verdict, found.words[0].id) == ("not shown", "drops.none.link")


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
    nic = NicFacts(**IXGBE, rx_dropped=9, ring_empty={"rx_no_buffer": 4})  # type: ignore[arg-type]
    network = HostNetwork(nics=(nic,))
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
