"""Remedies: only what the release has and what can work for the cause, with exact values and their limits."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.diagnosis.cause.diagnose import diagnose
from nopage.diagnosis.cause.drops import Drops, HostNetwork, NicFacts
from nopage.diagnosis.cause.timeline import timeline
from nopage.diagnosis.remedy.remedies import remedies
from nopage.diagnosis.remedy.remedy import Remedy
from nopage.diagnosis.remedy.reserve_value import Situation
from nopage.diagnosis.remedy.zone_change import changes
from nopage.kernel.facts import FailureReport, Zone
from nopage.kernel.procfs.zones import free_area
from nopage.kernel.release.parse import parse_release

RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll [ixgbe]; net_rx_action"
SHORT = {"free": 100, "active_file": 500, "inactive_file": 500, "active_anon": 2900000, "inactive_anon": 50000,
         "slab_reclaimable": 300, "slab_unreclaimable": 50000}
NIC = NicFacts("eth0", driver="ixgbe", speed_mbps=10000, mtu=9000, rx_ring=512, queues=8, offloads={"lro": True})
Make = Callable[..., FailureReport]
IPOIB_RX = "__alloc_pages; __alloc_skb; ipoib_alloc_rx_skb [ib_ipoib]; ipoib_ib_handle_rx_wc [ib_ipoib]; net_rx_action"
STORE = "__alloc_pages; kmem_cache_alloc; mempool_alloc; bio_alloc_bioset; xfs_add_to_ioend [xfs]; kthread"
def actions(found: tuple[Remedy, ...]) -> list[str]:
    return [remedy.action for remedy in found]


@pytest.mark.parametrize(
    ("release", "first", "others"),
    [
        ("2.6.9-89.EL.x86_64", "raise_min_free_kbytes", []),
        ("2.6.18-371.el5.x86_64", "raise_min_free_kbytes", []),
        ("2.6.32-131.el6.x86_64", "update_kernel", ["raise_min_free_kbytes"]),
        ("2.6.32-279.el6.x86_64", "update_kernel", ["raise_min_free_kbytes", "raise_extra_free_kbytes"]),
        ("2.6.32-358.el6.x86_64", "raise_min_free_kbytes", ["raise_extra_free_kbytes"]),
        ("2.6.32-754.el6.x86_64", "raise_min_free_kbytes", ["raise_extra_free_kbytes"]),
        ("3.10.0-1160.el7.x86_64", "raise_min_free_kbytes", []),
        ("4.18.0-553.el8_10.x86_64", "raise_watermark_scale_factor", ["raise_min_free_kbytes"]),
        ("5.14.0-427.el9_4.x86_64", "raise_watermark_scale_factor", ["raise_min_free_kbytes"]),
        ("6.12.0-55.24.1.el10_0.x86_64", "raise_watermark_scale_factor", ["raise_min_free_kbytes"]),
    ],
)
def test_exhaustion_by_release(
    situation: Callable[..., Situation], release: str, first: str, others: list[str]
) -> None:
    mask = {"el8": 0x480020, "el9": 0xA20, "el10": 0x820}.get(parse_release(release).generation, 0x20)  # type: ignore[union-attr]
    one = situation(release, mask=mask)
    assert one.cause == "exhausted"
    assert actions(remedies(one)) == [first, *others]


def test_the_update_names_the_article_s_build_and_the_better_ones(situation: Callable[..., Situation]) -> None:
    update = remedies(situation("2.6.32-279.el6.x86_64"))[0]
    assert str(update.value) == "2.6.32-358 or later"
    assert "2.6.32-431" in str(update.reason)
    assert "6.10" in str(update.reason)


def test_at_the_cap_it_says_what_helps_instead(situation: Callable[..., Situation]) -> None:
    found = remedies(situation(current=900000))
    assert actions(found) == ["add_memory"]
    assert "will not help" in str(found[0].reason)
    blocks = remedies(situation(order=1, current=900000, free=900000, blocks="900000", trace=""))
    assert actions(blocks) == ["compact_memory", "raise_min_free_kbytes"]
    assert blocks[1].value is None
    assert blocks[1].setting is None  # nothing to set
    told = "Not raised further: vm.min_free_kbytes is 900000 kB already and 5 % of memory"
    assert str(blocks[1].reason).startswith(told)
    assert "already" not in str(blocks[0].reason)


def test_a_genuine_shortage_is_not_tuned_away(situation: Callable[..., Situation]) -> None:
    one = situation(counters=SHORT, swap=(0, 4194304))
    assert one.diagnosis.has("genuine_shortage")
    assert actions(remedies(one)) == ["add_memory"]


def test_the_relaxed_rule_is_an_update(situation: Callable[..., Situation]) -> None:
    refused = {"order": 2, "free": 50020, "blocks": "50000 0 5"}
    el6 = situation("2.6.32-358.el6.x86_64", **refused)
    assert el6.cause == "watermark_order"
    assert "2.6.32-431 or later" in [str(remedy.value) for remedy in remedies(el6)]
    assert "RHEL 8 or later" in [str(remedy.value) for remedy in remedies(situation(**refused))]


def test_dma_requests_are_a_matter_of_the_driver(situation: Callable[..., Situation]) -> None:
    one = situation(mask=0x21, free=900000)
    assert one.cause == "zone_exhausted"
    assert actions(remedies(one)) == ["raise_lowmem_reserve"]
    assert "vendor" in str(remedies(one)[0].reason)
    old = remedies(situation("2.6.9-89.ELsmp", mask=0x21, free=900000))[0]
    assert (old.setting, old.value) == ("vm.lower_zone_protection", 100)


def test_no_state_still_gets_the_article_s_remedies(situation: Callable[..., Situation]) -> None:
    one = situation("2.6.32-279.el6.x86_64", order=1, state=False)
    assert one.cause == "unknown"
    assert actions(remedies(one))[:2] == ["update_kernel", "raise_min_free_kbytes"]
    assert "lower_order" in actions(remedies(one))


def test_a_harmless_burst_needs_nothing(situation: Callable[..., Situation], report: Make) -> None:
    calm = timeline([report(monotonic_s=5.0)])
    quiet = Drops("not shown", (), {})
    assert actions(remedies(situation(timeline=calm, drops=quiet)))[0] == "none_needed"
    assert actions(remedies(situation(timeline=calm)))[-1] == "none_needed"
    passed = situation(free=900000, timeline=calm)
    assert passed.cause == "transient"
    assert actions(remedies(passed))[0] == "none_needed"


def test_sleeping_requests_have_other_remedies(situation: Callable[..., Situation]) -> None:
    found = remedies(situation(order=5, mask=0xD0, free=90000, blocks="90000", trace="__alloc_pages; __kmalloc; foo"))
    assert actions(found) == ["lower_order", "compact_memory"]
    assert actions(remedies(situation(mask=0xD0, free=900000))) == ["none_needed"]


def test_unknown_memory_size_gives_no_number(report: Make) -> None:
    one = Situation(diagnose(report(0, 0x20, trace=RX), release=None), None)
    found = remedies(one)
    assert found[0].action == "raise_min_free_kbytes"
    assert found[0].value is None
    assert "double the present value" in str(found[0].reason)
    assert changes(one, {"min_free_kbytes": 1}) == ()


def test_traffic_is_only_named_on_a_network_path(situation: Callable[..., Situation], report: Make) -> None:
    calm = timeline([report(monotonic_s=5.0)])
    for trace, on_network in ((RX, True), (STORE, False), ("", False)):
        said = " ".join(f"{one.reason} {one.risk}" for one in remedies(situation(trace=trace, timeline=calm)))
        assert ("TCP" in said, "traffic" in said) == (on_network, on_network)


def test_nothing_to_set_where_nothing_is_needed(situation: Callable[..., Situation], report: Make) -> None:
    calm = timeline([report(monotonic_s=5.0)])
    passed = remedies(situation("5.14.0-427.el9_4.x86_64", mask=0xA20, free=900000, timeline=calm))
    assert actions(passed) == ["none_needed"]
    old = remedies(situation("2.6.32-279.el6.x86_64", free=900000, timeline=calm))
    assert actions(old) == ["none_needed", "update_kernel"]


def test_other_nodes_had_enough(situation: Callable[..., Situation], report: Make) -> None:
    zones = tuple(
        Zone("Normal", node, free_pages=free, min_pages=800, free_area=free_area((free,)), present_pages=900000)
        for node, free in ((0, 10), (1, 90000))
    )
    failure = report(0, 0x480020, *zones, nodemask="0")
    known = parse_release("4.18.0-240.el8.x86_64")
    one = Situation(diagnose(failure, release=known), known, failure.mem_info)
    assert one.cause == "node_exhausted"
    balance = next(remedy for remedy in remedies(one) if remedy.action == "balance_nodes")
    assert "never helps the atomic request itself" in str(balance.reason)
    assert "file servers and databases" in str(balance.risk)
    assert "add_memory" not in actions(remedies(one))


@pytest.mark.parametrize(("order", "mask"), [(0, 0x820), (2, 0x820), (11, 0x20)])
def test_a_caller_s_mistake_is_no_matter_of_the_reserve(
    situation: Callable[..., Situation], order: int, mask: int
) -> None:
    """RHEL 7: 0x800 is __GFP_NOFAIL; order 11 is above the largest block."""
    one = situation(order=order, mask=mask, free=50000, blocks="50000",
                    trace="__alloc_pages_nodemask; __kmalloc; foo_start [foo]; foo_timer [foo]")
    assert one.diagnosis.has("caller_bug")
    found = remedies(one)
    assert [str(remedy.value) for remedy in found if remedy.action == "lower_order"] == ["report to the vendor of foo"]
    assert actions(found) == ["lower_order"]


COUNTS = st.one_of(st.none(), st.integers(-5, 1 << 40))
RELEASES = st.sampled_from([None, "2.6.9-89.EL", "2.6.18-8.el5", "2.6.32-358.el6.i686", "2.6.32-754.el6.x86_64",
                            "3.10.0-1062.el7.x86_64", "4.18.0-553.el8_10.x86_64", "6.12.0-55.24.1.el10_0.x86_64",
                            "1.0"])
TRACES = st.sampled_from(["", RX, "__alloc_pages; __alloc_skb; ipoib_cm_send [ib_ipoib]",
                           "__alloc_pages; foo; kthread"])
ZONES = st.builds(
    Zone, name=st.sampled_from(["DMA", "DMA32", "Normal", "HighMem", "Movable"]), node=st.sampled_from([None, 0, 1]),
    free_pages=COUNTS, min_pages=COUNTS, low_pages=COUNTS, present_pages=COUNTS,
    lowmem_reserve_pages=st.lists(st.integers(-1, 1 << 30), max_size=5).map(tuple),
    free_area=st.lists(st.integers(0, 90), max_size=5).map(lambda counts: free_area(tuple(counts))),
)
SETTINGS = st.dictionaries(
    st.sampled_from(["min_free_kbytes", "extra_free_kbytes", "watermark_scale_factor", "lower_zone_protection"]),
    st.integers(-5, 1 << 40),
)


@settings(max_examples=120, deadline=None)
@given(
    zones=st.lists(ZONES, max_size=5), release=RELEASES, order=st.integers(-1, 12),
    mask=st.sampled_from([0x20, 0x21, 0xD0]), trace=TRACES, values=SETTINGS,
    text=st.one_of(st.none(), st.text(max_size=20), st.just("256 256 32")),
    total=COUNTS, ring=COUNTS, suppressed=st.integers(-3, 1 << 40), exact=st.booleans(),
)
def test_any_host_gets_remedies_that_agree(
    report: Make, zones: list[Zone], release: str | None, order: int, mask: int, trace: str, values: dict[str, int],
    text: str | None, total: int | None, ring: int | None, suppressed: int, exact: bool,
) -> None:
    known = parse_release(release) if release else None
    failure = report(order, mask, *zones, trace=trace, monotonic_s=1.0)
    one = Situation(
        diagnose(failure, release=known), known, failure.mem_info, failure.mem_info, values, total,
        HostNetwork(nics=(replace(NIC, rx_ring=ring),)),
        timeline([failure] * 3, suppressed=suppressed, suppressed_exact=exact),
        settings_text={"lowmem_reserve_ratio": text} if text is not None else {},
    )
    found = remedies(one)
    assert found
    assert len({remedy.action for remedy in found}) == len(found)
    changed = [remedy for remedy in found if remedy.setting and remedy.value is not None]
    assert len({remedy.setting for remedy in changed}) == len(changed)
    for remedy in changed:
        assert remedy.file
        assert f"{remedy.setting} = {remedy.value}" in remedy.persistent
        assert remedy.value != remedy.before
    if found[0].action == "none_needed":
        assert not changed
