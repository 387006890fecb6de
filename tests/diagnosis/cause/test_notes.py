"""What a note adds to a cause, and when: the signatures of KERNEL.md 6, the memory's use, the release."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nopage.diagnosis.cause.diagnose import diagnose
from nopage.diagnosis.cause.diagnosis import Diagnosis
from nopage.kernel.facts import FailureReport, MemInfo, Zone
from nopage.kernel.release.parse import parse_release

EL64, EL77 = "2.6.32-358.el6.x86_64", "3.10.0-1062.el7.x86_64"
RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; igb_alloc_rx_buffers [igb]; igb_poll [igb]; net_rx_action"


def found(report: FailureReport, release: str) -> Diagnosis:
    return diagnose(report, release=parse_release(release))


@pytest.mark.parametrize(
    ("order", "trace", "key"),
    [
        (1, RX, "jumbo_rx"),
        (1, RX.replace("igb_alloc_rx_buffers [igb]", "ipoib_alloc_rx_skb [ib_ipoib]"), "ipoib"),
        (1, "__alloc_pages_nodemask; kmem_cache_alloc; sk_prot_alloc; sk_clone; "
            "tcp_create_openreq_child", "sock_clone"),
        (3, "__alloc_pages_nodemask; __kmalloc; skb_copy; tg3_start_xmit [tg3]; dev_queue_xmit", "skb_copy"),
        (0, "__alloc_pages_nodemask; __get_free_pages; neigh_hash_alloc; neigh_create; arp_process", "table_growth"),
        (5, "__alloc_pages_nodemask; __kmalloc; pf_ring_open [pf_ring]", "third_party"),
        (5, "__alloc_pages_nodemask; __kmalloc; pf_ring_open [pf_ring]", "costly_order"),
        (0, "__alloc_pages; kmem_cache_alloc; zswap_store; swap_writepage; pageout; shrink_folio_list; "
            "kswapd", "swap_out"),
        (0, "__alloc_pages; kmem_cache_alloc; zswap_store; swap_writepage; shrink_node; kswapd", "pf_memalloc"),
        (0, "__alloc_pages; fallback_alloc; kmem_cache_alloc; foo", "fallback_alloc"),
        (5, "__alloc_pages; __kmalloc; __alloc_skb; tcp_sendmsg; ipoib_start_xmit [ib_ipoib]", "ipoib"),
    ],
)
def test_signatures(report: Callable[..., FailureReport], order: int, trace: str, key: str) -> None:
    assert found(report(order, 0x20, trace=trace, comm="java"), EL77).has(key)


@pytest.mark.parametrize(
    ("order", "function", "words"),
    [
        (1, "ipoib_alloc_rx_skb [ib_ipoib]; ipoib_ib_handle_rx_wc [ib_ipoib]", "datagram mode an MTU of 4 kB"),
        (1, "ipoib_cm_alloc_rx_skb [ib_ipoib]", "connected mode with MTU 65520"),
        (5, "tcp_sendmsg; ipoib_start_xmit [ib_ipoib]", "connected mode with MTU 65520"),
    ],
)
def test_ipoib_by_its_mode(report: Callable[..., FailureReport], order: int, function: str, words: str) -> None:
    one = found(report(order, 0x20, trace=f"__alloc_pages_nodemask; __alloc_skb; {function}"), EL77)
    assert words in next(str(note.text) for note in one.notes if note.key == "ipoib")


def test_comm_is_named_once_elsewhere(report: Callable[..., FailureReport]) -> None:
    """Who only happened to run is said where the place is said; no note repeats it."""
    assert not any("java" in str(words) for words in found(report(0, 0x20, trace=RX, comm="java"), EL77).words)


@pytest.mark.parametrize(
    ("pages", "comm", "like"),
    [(60000, "swapper", True), (80000, "swapper", False), (900000, "makedumpfile", True), (900000, "java", False)],
)
def test_a_capture_kernel_needs_evidence(
    report: Callable[..., FailureReport], zone: Callable[..., Zone], pages: int, comm: str, like: bool
) -> None:
    one = found(report(0, 0x20, zone(100, 800, "100", present_pages=pages), comm=comm), EL77)
    assert one.has("small_kernel") is like


def test_genuine_shortage_and_missed_reclaim(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    short = zone(100, 800, "100", present_pages=500000)
    counters = {"free": 100, "active_file": 300, "inactive_file": 200, "active_anon": 450000, "inactive_anon": 30000,
                "slab_reclaimable": 500, "slab_unreclaimable": 15000, "pagetables": 2000}
    full = MemInfo(zones=(short,), counters_pages=counters, swap_free_kb=0, swap_total_kb=4194304)
    one = found(report(0, 0x20, memory=full), EL77)
    assert one.has("genuine_shortage")
    assert one.evidence["cache_pages"] == 1000
    cached = replace(full, counters_pages={**counters, "inactive_file": 300000, "active_anon": 150000})
    assert found(report(0, 0x20, memory=cached), EL77).has("reclaimable")
    assert not found(report(0, 0xD0, memory=cached), EL77).has("reclaimable")  # it waited for kswapd and for itself
    assert not found(report(0, 0x20, memory=cached), EL77).has("genuine_shortage")
    gone = replace(full, counters_pages={**counters, "active_anon": 1000})
    assert found(report(0, 0x20, memory=gone), EL77).has("unaccounted")


def test_free_pages_that_are_cma(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    one = found(report(0, 0x20, zone(35948, 834, "35948UC", free_cma_pages=35784)), "3.10.53")
    assert one.cause == "exhausted"
    assert one.has("cma")
    assert any("35784 of its 35948 free pages are CMA" in str(words) for words in one.words)


def test_rhel_4_and_5_do_not_print_their_own_gfp_atomic(report: Callable[..., FailureReport]) -> None:
    assert found(report(1, 0x20), "2.6.18-371.el5").has("nowarn_release")
    assert not found(report(1, 0x20), EL64).has("nowarn_release")


def test_the_article_s_compaction_is_narrower_in_the_source(
    report: Callable[..., FailureReport], zone: Callable[..., Zone]
) -> None:
    pieces = report(1, 0x20, zone(20000, 800, "20000"))
    assert found(pieces, EL64).has("el6_kswapd_compaction")
    assert not found(pieces, "2.6.32-279.el6.x86_64").has("el6_kswapd_compaction")


@pytest.mark.parametrize(
    ("trace", "key", "words"),
    [
        ("__alloc_pages; kmem_cache_alloc; __nf_conntrack_alloc [nf_conntrack]; init_conntrack [nf_conntrack]",
         "table_growth", "net.netfilter.nf_conntrack_max"),
        ("__alloc_pages; __get_free_pages; neigh_hash_alloc; neigh_create; arp_process", "table_growth", "gc_thresh1"),
        ("__alloc_pages; kmem_cache_alloc; zswap_store; swap_writepage; pageout; kswapd", "swap_out", "Without zswap"),
    ],
)
def test_what_a_note_advises(report: Callable[..., FailureReport], trace: str, key: str, words: str) -> None:
    one = found(report(0, 0x20, trace=trace), EL77)
    assert words in next(str(note.text) for note in one.notes if note.key == key)


def test_zswap_is_only_named_where_it_is(report: Callable[..., FailureReport]) -> None:
    one = found(report(0, 0x20, trace="__alloc_pages; kmem_cache_alloc; zram_write [zram]; pageout; kswapd"), EL77)
    assert one.has("swap_out")
    assert not any("zswap" in str(words) for words in one.words)


@pytest.mark.parametrize(
    ("order", "mask", "release", "bug"),
    [
        (0, 0x820, EL77, True),  # atomic with __GFP_NOFAIL
        (0, 0x8D0, EL77, False),  # it may wait
        (10, 0x20, EL77, False), (11, 0x20, EL77, True), (11, 0xD0, EL77, True),
        (11, 0x20, "3.10.0-1062.el7.aarch64", False),  # pages of 64 kB: more orders
    ],
)
def test_what_no_kernel_can_grant(
    report: Callable[..., FailureReport], order: int, mask: int, release: str, bug: bool
) -> None:
    assert found(report(order, mask, trace=RX), release).has("caller_bug") is bug


@pytest.mark.parametrize(
    ("release", "free", "mask", "noted", "charge"),
    [
        ("4.18.0-147.el8.x86_64", 90000, 0x480020, True, True),
        ("4.18.0-192.1.el8.x86_64", 90000, 0x480020, True, True),
        ("4.18.0-192.2.el8.x86_64", 90000, 0x480020, True, False),
        ("4.18.0-147.el8.x86_64", 10, 0x480020, False, False),
        (EL77, 90000, 0x20, True, False),
        (EL77, 90000, 0xD0, False, False),
    ],
)
def test_a_pass_on_the_printed_state_has_other_reasons_too(
    report: Callable[..., FailureReport], zone: Callable[..., Zone], release: str, free: int, mask: int, noted: bool,
    charge: bool,
) -> None:
    one = found(report(0, mask, zone(free, 800, f"{free}"), trace=RX), release)
    assert (one.has("not_the_zones"), one.has("memcg_charge")) == (noted, charge)
    assert not noted or any("cpuset" in str(words) and "per-cpu" in str(words) for words in one.words)
