"""The value of min_free_kbytes: what asks for it, where it ends, in which steps, and that it is the same again."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nopage.diagnosis.cause.drops import HostNetwork, NicFacts
from nopage.diagnosis.cause.timeline import timeline
from nopage.diagnosis.remedy.problem import Kind, Problem
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step
from nopage.diagnosis.remedy.values.reserve import ReserveValue, reserve_value
from nopage.diagnosis.watermark.marks import with_watermarks
from nopage.kernel.facts import FailureReport, HugePages, MemInfo, Zone
from nopage.kernel.release.parse import parse_release

RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll [ixgbe]; net_rx_action"
NIC = NicFacts("eth0", driver="ixgbe", speed_mbps=10000, mtu=9000, rx_ring=512, queues=8, offloads={"lro": True})
Make = Callable[..., FailureReport]
Plan = Callable[[Situation], tuple[Step, ...]]
STORE = "__alloc_pages; kmem_cache_alloc; mempool_alloc; bio_alloc_bioset; xfs_add_to_ioend [xfs]; kthread"
CAP = 16415908 * 3 // 100 // 1024 * 1024
BLOCKS = {"order": 2, "free": 50000, "blocks": "50000"}


def said(value: ReserveValue) -> str:
    return " ".join(map(str, value.derivation))


def value_of(*situations: Situation) -> ReserveValue:
    return reserve_value(situations)


def host_of(gigabytes: int, nodes: int, current: int, *, huge_kb: int = 0, release: str = "4.18.0-553.el8_10.x86_64",
            situation: Callable[..., Situation]) -> Situation:
    """An exhausted host of this size, all of it Normal, whose nothing was printed."""
    known = parse_release(release)
    each = gigabytes * (1 << 18) // nodes
    sizes = [Zone("Normal", node, managed_pages=each, free_pages=each // 50) for node in range(nodes)]
    memory = MemInfo(zones=with_watermarks(known, sizes, min_free_kbytes=current))
    one = situation(release, mask=0x480020, state=False)
    pools = (HugePages(2048, huge_kb // 2048),) if huge_kb else ()
    return replace(one, host=replace(one.host, collected=memory, total_kb=gigabytes << 20, huge_pages=pools,
                                     thp="always", settings={"min_free_kbytes": current}))


@pytest.mark.parametrize(
    ("gigabytes", "nodes", "current", "huge_kb", "value", "stages"),
    [
        (16, 1, 22528, 0, 83968, ()),  # 0.5 % of memory, 83886 kB
        (64, 2, 45056, 0, 335872, ()),
        # 0.5 % is 32 GB: 1 GB a node first, then twice as much each time
        (6144, 8, 262144, 0, 8388608, (16777216, 32212992)),
        (512, 2, 1048576, 480 << 20, None, ()),  # 32 GB are left: 3 % of them is less than there is
        (1, 1, 22528, 0, 30720, ()),  # 3 % of memory is 31457 kB, in whole 1024 kB 30720
    ],
)
def test_by_host(
    situation: Callable[..., Situation], gigabytes: int, nodes: int, current: int, huge_kb: int, value: int | None,
    stages: tuple[int, ...],
) -> None:
    found = value_of(host_of(gigabytes, nodes, current, huge_kb=huge_kb, situation=situation))
    assert (found.value_kb, found.stages) == (value, stages)


def test_what_followed_the_advice_is_told_the_same(situation: Callable[..., Situation]) -> None:
    """No report shows under which setting it failed: the host itself decides, not twice what it has now."""
    before = value_of(host_of(16, 1, 22528, situation=situation))
    after = value_of(host_of(16, 1, 83968, situation=situation))
    assert (before.value_kb, after.value_kb) == (83968, None)
    assert "83968 kB already" in str(after.why_not)
    assert after.returns_kb == 167936  # if it fails again under this one
    printed = situation()
    raised = replace(printed, host=replace(printed.host, settings={"min_free_kbytes": 135168}))
    later = value_of(raised)
    assert (value_of(printed).value_kb, later.value_kb, later.returns_kb) == (135168, None, None)
    assert "was 67580 kB when it failed and is 135168 kB now" in str(later.why_not)


@pytest.mark.parametrize("current", [18724, 110592, 112640, 225280, 450560])
def test_a_value_that_looks_like_that_of_huge_pages(situation: Callable[..., Situation], current: int) -> None:
    """Nobody knows of huge pages: 110592 is what the advice gives without them, and 2 % from what they would set."""
    def of(kb: int) -> Situation:
        sizes = [Zone("DMA", 0, present_pages=3980), Zone("DMA32", 0, present_pages=500000)]
        sizes += [Zone("Normal", node, present_pages=1826150) for node in range(3)]
        known = parse_release("2.6.32-279.el6.x86_64")
        memory = MemInfo(zones=with_watermarks(known, sizes, min_free_kbytes=kb))
        one = situation("2.6.32-279.el6.x86_64", state=False)
        return replace(one, host=replace(one.host, collected=memory, total_kb=21913800, thp=None,
                                         settings={"min_free_kbytes": kb}))
    told = value_of(of(current)).value_kb
    assert told == {18724: 110592, 112640: 225280}.get(current)
    if told is not None:
        assert value_of(of(told)).value_kb is None


def test_rings_by_the_driver_s_own_scheme(situation: Callable[..., Situation]) -> None:
    """512 descriptors x 8 queues x 4 kB, whatever the MTU and whatever was seen to fail: the ixgbe of 3.10.0-1062."""
    network = HostNetwork(nics=(replace(NIC, rx_ring=4096),))
    asked = "4096 descriptors x 8 queues x 4 kB = 131072 kB"
    values = set()
    for trace in (RX, RX.replace("__alloc_skb", "__alloc_page_frag; __netdev_alloc_frag"), ""):
        found = value_of(situation(trace=trace, network=network))
        assert asked in said(found)
        assert "no driver refills a ring at once" in said(found)
        values.add(found.value_kb)
    assert values == {209920}  # 131072 x 8/5


def test_the_end_is_three_percent(situation: Callable[..., Situation]) -> None:
    big = HostNetwork(nics=(replace(NIC, rx_ring=16384, queues=64),))
    for one in (situation(network=big, current=300000), situation(current=300000),
                situation(current=300000, swap=(0, 4194304))):
        assert value_of(one).value_kb == CAP
    assert value_of(situation(network=big)).value_kb == 4 * 67584  # one step
    assert value_of(situation(network=big)).stages == (CAP,)


def test_min_and_extra_together_stay_below_it(situation: Callable[..., Situation]) -> None:
    one = situation("2.6.32-754.el6.x86_64", current=200000)
    extra = replace(one, host=replace(one.host, settings={"min_free_kbytes": 200000, "extra_free_kbytes": 200000}))
    assert value_of(one).value_kb == 400384
    assert value_of(extra).value_kb == (CAP - 200000) // 1024 * 1024


def test_rings_do_not_matter_off_the_network(situation: Callable[..., Situation], steps: Plan) -> None:
    network = HostNetwork(nics=(replace(NIC, rx_ring=4096),))
    assert "receive rings" not in said(value_of(situation(trace=STORE, network=network)))
    assert "receive rings" in said(value_of(situation(trace="", network=network)))  # nobody knows
    assert "10 Gbit/s" not in str(steps(situation(trace=STORE, network=network))[0].risk)
    assert "10 Gbit/s" in str(steps(situation(network=network))[0].risk)


def test_a_burst_counts_its_own_orders(situation: Callable[..., Situation], report: Make) -> None:
    """20 x order 0 and 10 x order 3 are 100 pages, not 30 x the order of the failure that is shown."""
    reports = [report(0, 0x20, monotonic_s=5.0)] * 20 + [report(3, 0x20, monotonic_s=6.0)] * 10
    exact = value_of(situation(timeline=timeline(reports, suppressed=60)))
    assert "asked for 160 pages (640 kB) more than there was, 60 of them for reports" in said(exact)
    other = value_of(situation(timeline=timeline(reports, suppressed=60, suppressed_exact=False)))
    assert "asked for 100 pages (400 kB) more than there was;" in said(other)
    assert f"of min: {67584 + 400 * 8 // 5} kB." in said(other)
    # pages were not short, or nobody knows
    assert "more than there was" not in said(value_of(situation(timeline=timeline(reports), **BLOCKS)))
    assert "more than there was" not in said(value_of(situation(timeline=timeline(reports), state=False)))


def test_a_small_step_of_the_reserve_is_none(situation: Callable[..., Situation]) -> None:
    value = value_of(situation(current=470000))  # the cap is 491520, 4.6 % more
    assert (value.value_kb, value.at_cap) == (None, True)
    assert "to raise it by 21520 kB more will not help" in str(value.why_not)


@pytest.mark.parametrize(
    ("current", "kind", "value", "action"),
    [
        (900000, Kind.TOO_HIGH, CAP, "lower_min_free_kbytes"),
        (8000, Kind.TOO_LOW, 16206, "raise_min_free_kbytes"),
    ],
)
def test_what_is_wrong_is_put_right(
    situation: Callable[..., Situation], current: int, kind: Kind, value: int, action: str
) -> None:
    one = replace(situation(current=current), problem=Problem("KEY", kind))
    found = value_of(one)
    assert (found.value_kb, found.action) == (value, action)
