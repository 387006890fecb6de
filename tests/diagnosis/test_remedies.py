"""Remedies: only what the release has and what can work for the cause, with exact values and their limits."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nopage.diagnosis.cause import diagnose
from nopage.diagnosis.drops import Drops, HostNetwork, NicFacts
from nopage.diagnosis.nic_needs import buffer_kb, nic_needs, reserve_for
from nopage.diagnosis.remedies import remedies
from nopage.diagnosis.remedy import Remedy
from nopage.diagnosis.reserve_value import Situation, changes, reserve_value
from nopage.diagnosis.timeline import timeline
from nopage.diagnosis.watermark_check import with_watermarks
from nopage.kernel.facts import FailureReport, MemInfo, Zone
from nopage.kernel.procfs import free_area
from nopage.kernel.release import parse_release

RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll [ixgbe]; net_rx_action"
SIZES = {"DMA": 3977, "DMA32": 500000, "Normal": 3600000}
CACHED = {"free": 100, "active_file": 900000, "inactive_file": 900000, "active_anon": 1000000, "inactive_anon": 50000,
          "slab_reclaimable": 50000, "slab_unreclaimable": 50000}
SHORT = {**CACHED, "active_file": 500, "inactive_file": 500, "slab_reclaimable": 300, "active_anon": 2900000}
NIC = NicFacts("eth0", driver="ixgbe", speed_mbps=10000, mtu=9000, rx_ring=512, queues=8, offloads={"lro": True})

Make = Callable[..., FailureReport]


@pytest.fixture
def situation(report: Make) -> Callable[..., Situation]:
    """A failure on a 16 GB host with min_free_kbytes 67584, of `order`, with so many pages free in Normal."""

    def build(
        release: str = "3.10.0-1062.el7.x86_64", order: int = 0, mask: int = 0x20, *, free: int = 100,
        blocks: str | None = None, counters: dict[str, int] = CACHED, swap: tuple[int, int] = (4000000, 4194304),
        current: int = 67584, trace: str = RX, state: bool = True, **more: object,
    ) -> Situation:
        known = parse_release(release)
        modern = known is not None and known.generation in ("el7", "el8", "el9", "el10")
        sizes = [Zone(name, 0, managed_pages=pages if modern else None, present_pages=pages)
                 for name, pages in SIZES.items()]
        zones = list(with_watermarks(known, sizes, min_free_kbytes=current))
        zones[2] = replace(zones[2], free_pages=free)
        zones[:2] = [replace(zone, free_pages=0, lowmem_reserve_pages=(0, 0, 0, 0)) for zone in zones[:2]]
        listed = blocks if blocks is not None else str(free)
        zones[2] = replace(zones[2], free_area=free_area(tuple(int(word) for word in listed.split())))
        zones[:2] = [replace(zone, free_area=free_area((0,))) for zone in zones[:2]]
        memory = MemInfo(zones=tuple(zones), counters_pages=counters, swap_free_kb=swap[0], swap_total_kb=swap[1])
        failure = report(order, mask, trace=trace, monotonic_s=5.0, **({"memory": memory} if state else {}))
        settings = {"min_free_kbytes": current}
        return Situation(
            diagnose(failure, release=known), known, failure.mem_info, memory, settings, 16415908,
            **more,  # type: ignore[arg-type]
        )

    return build


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
        ("4.18.0-553.el8_10.x86_64", "raise_min_free_kbytes", ["raise_watermark_scale_factor"]),
        ("5.14.0-427.el9_4.x86_64", "raise_min_free_kbytes", ["raise_watermark_scale_factor"]),
        ("6.12.0-55.24.1.el10_0.x86_64", "raise_min_free_kbytes", ["raise_watermark_scale_factor"]),
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
    assert update.value == "2.6.32-358 or later"
    assert "2.6.32-431" in update.reason
    assert "6.10" in update.reason


def test_the_value_of_min_free_kbytes(situation: Callable[..., Situation]) -> None:
    one = situation()
    raise_it = remedies(one)[0]
    assert (raise_it.setting, raise_it.value, raise_it.before) == ("vm.min_free_kbytes", 135168, 67584)
    assert "Twice the present 67584 kB is 135168 kB." in raise_it.reason
    assert raise_it.details["percent_of_ram"] == "0.8"
    assert raise_it.details["cap_kb"] == 16415908 * 5 // 100
    assert raise_it.details["provenance"] == "thp"
    assert raise_it.persistent.endswith("vm.min_free_kbytes = 135168\n")
    assert "/etc/sysctl.d/" in raise_it.persistent
    assert raise_it.way_back.startswith("sysctl -w vm.min_free_kbytes=67584")
    normal = raise_it.zones[2]
    assert (normal.min_now, normal.low_now, normal.min_then, normal.low_then) == (14821, 18526, 29642, 37052)
    assert "still fails" in raise_it.replay
    assert "kB earlier" in raise_it.replay


def test_old_releases_keep_sysctl_in_one_file(situation: Callable[..., Situation]) -> None:
    assert "/etc/sysctl.conf" in remedies(situation("2.6.18-371.el5.x86_64"))[0].persistent


def test_rings_ask_for_their_share(situation: Callable[..., Situation]) -> None:
    """512 descriptors x 8 queues x 16 kB = 65536 kB; atomic requests may use 5/8 of min: 104858 kB."""
    assert [buffer_kb(mtu) for mtu in (1500, 4092, 9000, 65520)] == [2, 8, 16, 128]
    network = HostNetwork(nics=(NIC,))
    assert [need.need_kb for need in nic_needs(network)] == [65536]
    assert reserve_for(nic_needs(network)) == 104858
    big = HostNetwork(nics=(replace(NIC, rx_ring=4096),))
    value = reserve_value(situation(network=big)).value_kb
    assert value == 16415908 * 5 // 100 // 1024 * 1024  # held down to 5 %: 838861 kB were asked for
    risk = remedies(situation(network=network))[0].risk
    assert "10 Gbit/s" in risk


def test_the_cap_is_lower_where_swap_is_full(situation: Callable[..., Situation]) -> None:
    one = reserve_value(situation(swap=(0, 4194304), current=300000))
    assert (one.cap_percent, one.value_kb) == (3, 16415908 * 3 // 100 // 1024 * 1024)
    assert reserve_value(situation(current=300000)).value_kb == 600064


def test_at_the_cap_it_says_what_helps_instead(situation: Callable[..., Situation]) -> None:
    found = remedies(situation(current=900000))
    assert actions(found) == ["add_memory"]
    assert "will not help" in found[0].reason
    blocks = remedies(situation(order=1, current=900000, free=900000, blocks="900000", trace=""))
    assert "raise_min_free_kbytes" not in actions(blocks)


def test_a_genuine_shortage_is_not_tuned_away(situation: Callable[..., Situation]) -> None:
    one = situation(counters=SHORT, swap=(0, 4194304))
    assert one.diagnosis.has("genuine_shortage")
    assert actions(remedies(one)) == ["add_memory"]


def test_fragmentation_names_mtu_and_driver(situation: Callable[..., Situation]) -> None:
    one = situation(order=2, free=50000, blocks="50000", network=HostNetwork(nics=(NIC,)))
    found = {remedy.action: remedy for remedy in remedies(one)}
    assert list(found) == ["raise_min_free_kbytes", "lower_order", "compact_memory"]
    assert found["lower_order"].value == "MTU 1500 on eth0 (now 9000)"
    assert "ixgbe" in found["lower_order"].reason
    small = situation(order=2, free=50000, blocks="50000", network=HostNetwork(nics=(replace(NIC, mtu=1500),)))
    lro = next(remedy for remedy in remedies(small) if remedy.action == "lower_order")
    assert lro.value == "lro off"


@pytest.mark.parametrize(
    ("trace", "order", "value"),
    [
        ("__alloc_pages; __kmalloc; ipoib_cm_alloc_rx_skb [ib_ipoib]; net_rx_action", 3, "datagram mode, MTU 2044"),
        ("__alloc_pages; __kmalloc; skb_copy; tg3_start_xmit [tg3]", 3, "tso off gso off lro off"),
        ("__alloc_pages; __kmalloc; pf_ring_open [pf_ring]", 5, "vendor of pf_ring"),
    ],
)
def test_lower_order_by_signature(
    situation: Callable[..., Situation], trace: str, order: int, value: str
) -> None:
    found = remedies(situation(order=order, free=90000, blocks="90000", trace=trace))
    assert value in [remedy.value for remedy in found if remedy.action == "lower_order"]
    assert ("raise_min_free_kbytes" in actions(found)) is (order <= 3)


def test_the_relaxed_rule_is_an_update(situation: Callable[..., Situation]) -> None:
    refused = {"order": 2, "free": 50020, "blocks": "50000 0 5"}
    el6 = situation("2.6.32-358.el6.x86_64", **refused)
    assert el6.cause == "watermark_order"
    assert "2.6.32-431 or later" in [remedy.value for remedy in remedies(el6)]
    assert "RHEL 8 or later" in [remedy.value for remedy in remedies(situation(**refused))]


def test_dma_requests_are_a_matter_of_the_driver(situation: Callable[..., Situation]) -> None:
    one = situation(mask=0x21, free=900000)
    assert one.cause == "zone_exhausted"
    assert actions(remedies(one)) == ["raise_lowmem_reserve"]
    assert "vendor" in remedies(one)[0].reason
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
    assert "double the present value" in found[0].reason
    assert changes(one, {"min_free_kbytes": 1}) == ()
