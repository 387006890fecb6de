"""The cause in the design's words, for states made for each of them, and what is said where it cannot be known."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.diagnosis.cause.diagnose import diagnose, diagnose_all
from nopage.diagnosis.cause.diagnosis import CAUSES, Diagnosis
from nopage.kernel.facts import FailureReport, FreeBlocks, MemInfo, Place, Zone
from nopage.kernel.message import Message
from nopage.kernel.release.parse import parse_release

EL64, EL68, EL77 = "2.6.32-358.el6.x86_64", "2.6.32-642.6.2.el6.x86_64", "3.10.0-1062.el7.x86_64"
EL10 = "6.12.0-55.24.1.el10_0.x86_64"
RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; igb_alloc_rx_buffers [igb]; igb_poll [igb]; net_rx_action"


def cause_of(report: FailureReport, release: str | None) -> str | None:
    return found(report, release).cause


def found(report: FailureReport, release: str | None) -> Diagnosis:
    return diagnose(report, release=parse_release(release) if release else None)


def test_exhausted(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    one = found(report(0, 0x20, zone(250, 800, "250")), EL77)
    assert (one.cause, one.confidence) == ("exhausted", "replayed")
    assert one.evidence["free_pages"] == 250
    assert one.evidence["floor_pages"] == 300
    assert one.evidence["margin_pages"] == -51
    assert any("3/8 of min" in str(words) for words in one.words)


def test_zone_exhausted_by_mask(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    zones = (zone(0, 20, "0", name="DMA"), zone(9000, 800, "9000"))
    assert cause_of(report(0, 0x21, *zones), EL77) == "zone_exhausted"
    assert cause_of(report(0, 0x20, *zones), EL77) == "transient"
    short = (zones[0], zone(100, 800, "100"))
    assert cause_of(report(0, 0x21, *short), EL77) == "exhausted"


def test_zone_exhausted_in_lowmem(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    zones = (zone(20, 800, "20"), zone(60000, 128, "60000", name="HighMem"))
    one = found(report(0, 0x20, *zones), "2.6.32-754.el6.i686")
    assert one.cause == "zone_exhausted"
    assert "HighMem" in str(one.words[0])
    assert cause_of(report(0, 0x22, *zones), "2.6.32-754.el6.i686") == "transient"


@pytest.mark.parametrize(("free", "cause"), [(31, "exhausted"), (32, "exhausted"), (33, "zone_exhausted")])
def test_highmem_below_its_own_min_had_not_enough(
    report: Callable[..., FailureReport], zone: Callable[..., Zone], free: int, cause: str
) -> None:
    zones = (zone(20, 800, "20"), zone(free, 32, str(free), name="HighMem"))
    assert cause_of(report(0, 0x20, *zones), "2.6.32-754.el6.i686") == cause


@pytest.mark.parametrize(
    ("name", "free", "managed", "cause"),
    [
        ("DMA", 2249, None, "watermark_order"),  # 2.6.15 to 2.6.28 count memmap and dma_reserve off present
        ("DMA", 5000, None, "unknown"),  # more than 16 MB
        ("DMA", 2249, 2141, "unknown"),
        ("DMA32", 2249, None, "unknown"),
    ],
)
def test_a_dma_zone_with_more_free_than_present(
    report: Callable[..., FailureReport], zone: Callable[..., Zone], name: str, free: int, managed: int | None,
    cause: str,
) -> None:
    low = zone(free, 2, str(free), name=name, node=0, present_pages=2141, managed_pages=managed,
               lowmem_reserve_pages=(0, 9000, 9000, 9000))
    normal = zone(29107, 1138, "28900 100 1", node=0, present_pages=900000, lowmem_reserve_pages=(0, 0, 0, 0))
    assert cause_of(report(1, 0x20, low, normal), "2.6.18-274.el5") == cause


def test_a_node_that_is_not_printed_is_not_named(
    report: Callable[..., FailureReport], zone: Callable[..., Zone]
) -> None:
    zones = (zone(250, 800, "250", node=0), zone(250, 800, "250", node=1), zone(9000, 800, "9000", node=2))
    words = [str(text) for text in found(report(0, 0x40020, *zones), EL77).words]
    assert any("does not print" in text and "node 0 or node 1 would refuse it" in text for text in words)
    plenty = [str(text) for text in found(report(0, 0x40020, zones[2]), EL77).words]
    assert any(text.endswith("which the report does not print.") for text in plenty)
    assert not any("__GFP_THISNODE" in str(text) for text in found(report(0, 0x20, *zones), EL77).words)


@pytest.mark.parametrize(
    ("printed", "collected", "total", "full"), [(None, 0, 0, True), (None, 4096, 4096, True), (None, None, None, False),
                                                (8192, 4096, 8192, True)]
)
def test_swap_of_reports_that_print_only_what_is_free(
    report: Callable[..., FailureReport], zone: Callable[..., Zone], printed: int | None, collected: int | None,
    total: int | None, full: bool,
) -> None:
    memory = MemInfo(zones=(zone(250, 800, "250"),), swap_free_kb=0, swap_total_kb=printed)
    release = parse_release("2.6.9-89.29.1.ELsmp.x86_64")
    (one,) = diagnose_all([(report(0, 0x20, memory=memory), release)], swap_total_kb=collected)
    assert one.use is not None
    assert (one.use.swap_total_kb, one.use.swap_full) == (total, full)


def test_zone_exhausted_where_the_other_zones_are_not_printed(
    report: Callable[..., FailureReport], zone: Callable[..., Zone]
) -> None:
    """RHEL 9.5 and Linux 6.1 print only the zones that the request could use; the summary counts all."""
    dma = zone(0, 20, "0", name="DMA", managed_pages=3840)
    memory = MemInfo(zones=(dma,), counters_pages={"free": 90000}, ram_pages=500000, reserved_pages=10000)
    assert cause_of(report(0, 0x821, memory=memory), EL10) == "zone_exhausted"
    empty = replace(memory, counters_pages={"free": 50})
    assert cause_of(report(0, 0x821, memory=empty), EL10) == "exhausted"
    unlimited = replace(memory, zones=(dma, zone(10, 800, "10", managed_pages=400000)))
    assert cause_of(report(0, 0x820, memory=replace(unlimited, counters_pages={"free": 10})), EL10) == "exhausted"


def test_node_exhausted(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    zones = (zone(10, 800, "10", node=0), zone(90000, 800, "90000", node=1))
    assert cause_of(report(0, 0x480020, *zones, nodemask="0"), "4.18.0-240.el8.x86_64") == "node_exhausted"
    assert cause_of(report(0, 0x480020, *zones, nodemask="1"), "4.18.0-240.el8.x86_64") == "transient"
    assert cause_of(report(0, 0x40020, *zones), EL77) == "node_exhausted"  # __GFP_THISNODE
    assert cause_of(report(1, 0x40020, *zones), EL77) == "node_exhausted"
    full = (zones[0], zone(10, 800, "10", node=1))
    assert cause_of(report(0, 0x40020, *full), EL77) == "exhausted"
    assert cause_of(report(0, 0x20, *full), EL77) == "exhausted"


def test_fragmented_and_watermark_order(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    pieces = report(2, 0x20, zone(20000, 800, "20000"))
    refused = report(2, 0x20, zone(20040, 800, "20000 0 10"))
    for release in (EL64, EL68, EL77, "2.6.18-371.el5"):
        assert cause_of(pieces, release) == "fragmented"
    assert cause_of(refused, EL77) == "watermark_order"  # 40 pages in blocks of order 2, 75 wanted
    assert cause_of(refused, EL64) == "watermark_order"
    assert cause_of(refused, EL68) == "transient"
    assert cause_of(replace(refused, gfp_mask=0x480020), "4.18.0-240.el8.x86_64") == "transient"


def test_a_block_only_elsewhere_is_fragmentation(
    report: Callable[..., FailureReport], zone: Callable[..., Zone]
) -> None:
    only_isolated = report(2, 0x480020, zone(20040, 800, "20000UM 0 10CI"))
    assert cause_of(only_isolated, "4.18.0-240.el8.x86_64") == "fragmented"


@pytest.mark.parametrize(
    ("release", "mask", "cause"),
    [
        ("4.18.0-240.el8.x86_64", 0x480020, "exhausted"),
        ("4.18.0-553.el8_10.x86_64", 0x480020, "exhausted"),
        ("5.14.0-427.el9_4.x86_64", 0xA20, "exhausted"),
        ("5.14.0-570.el9_6.x86_64", 0x820, "transient"),
        (EL10, 0x820, "transient"),
    ],
)
def test_a_page_only_in_the_high_order_reserve(
    report: Callable[..., FailureReport], zone: Callable[..., Zone], release: str, mask: int, cause: str
) -> None:
    one = found(report(0, mask, zone(1024, 2000, "0 0 0 0 0 0 0 0 0 2H", highatomic_pages=1024)), release)
    assert one.cause == cause
    assert ("lists of the high-order atomic reserve" in str(one.words[0])) is (cause == "exhausted")


def test_a_request_that_could_sleep_has_no_cause(
    report: Callable[..., FailureReport], zone: Callable[..., Zone]
) -> None:
    one = found(report(4, 0xD0, zone(20000, 800, "20000")), EL77)
    assert (one.cause, one.state_cause) == (None, "fragmented")
    assert "could sleep" in str(one.words[0])
    assert "one printed state" in str(one.words[0])
    unseen = found(report(4, 0xD0), EL77)
    assert "could sleep" in str(unseen.words[0])
    assert "printed state" not in str(unseen.words[0])
    high = found(report(0, 0xF0, zone(20000, 800, "20000")), EL77)
    assert high.has("high_but_sleeping")


def test_vmalloc_is_not_replayed(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    state = zone(90000, 800, "90000")
    for one in (report(0, 0xD2, state, note="vmalloc: allocation failure: 1048576 bytes"),
                report(0, 0xD2, state, trace="warn_alloc; __vmalloc_node_range; vmalloc; load_module")):
        diagnosis = found(one, EL77)
        assert (diagnosis.cause, diagnosis.state_cause) == (None, "unknown")
        assert "vmalloc" in str(diagnosis.reason)


# --- without Mem-Info -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("release", [EL64, EL77, "4.18.0-240.el8.x86_64"])
def test_no_state_by_design(report: Callable[..., FailureReport], release: str) -> None:
    one = found(report(2, 0x480020 if ".el8" in release else 0x20, trace=RX), release)
    assert (one.cause, one.confidence) == ("unknown", "none")
    assert "interrupt context" in str(one.reason)
    assert "order 2" in str(one.reason)


@pytest.mark.parametrize(
    ("release", "suppressed"),
    [
        ("2.6.32-131.0.15.el6.x86_64", False), ("2.6.32-174.el6.x86_64", True), ("2.6.32-754.el6.i686", False),
        ("3.10.0-1160.el7.x86_64", True), ("4.18.0-240.el8.x86_64", True), ("4.18.0-305.el8.x86_64", True),
        ("4.18.0-425.19.2.el8_7.x86_64", True), ("4.18.0-477.10.1.el8_8.x86_64", False),
        ("4.18.0-553.el8_10.x86_64", False), ("5.14.0-70.el9.x86_64", False),
    ],
)
def test_which_kernels_print_no_state_from_interrupts(
    report: Callable[..., FailureReport], release: str, suppressed: bool
) -> None:
    """The same bounds as in the log's own words."""
    one = found(report(2, 0x480020 if ".el8" in release else 0x20, trace=RX), release)
    assert ("suppressed by design" in str(one.reason)) is suppressed
    assert "no Mem-Info" in str(one.reason)


def test_order_0_without_state_can_only_be_exhaustion(report: Callable[..., FailureReport]) -> None:
    one = found(report(0, 0x20, trace=RX), EL77)
    assert (one.cause, one.confidence) == ("exhausted", "from order")
    frag = found(report(0, 0x20, trace=RX.replace("__alloc_skb", "page_frag_alloc; __napi_alloc_skb")), EL77)
    assert (frag.cause, frag.confidence) == ("exhausted", "from trace")
    assert frag.has("page_frag")


@pytest.mark.parametrize(("mask", "more"), [(0x21, {}), (0x24, {}), (0x40020, {}), (0x480020, {"nodemask": "0"})])
def test_order_0_of_a_limited_request_without_state(
    report: Callable[..., FailureReport], mask: int, more: dict[str, str]
) -> None:
    release = "4.18.0-240.el8.x86_64" if mask == 0x480020 else EL77
    assert cause_of(report(0, mask, **more), release) == "unknown"


def test_collected_state_is_told_but_decides_nothing(
    report: Callable[..., FailureReport], zone: Callable[..., Zone]
) -> None:
    memory = MemInfo(zones=(zone(5000, 800, "5000"),), source="proc")
    one = diagnose(report(2, 0x20, trace=RX), release=parse_release(EL77), memory=memory)
    assert one.cause == "unknown"
    assert any("0 of 1 zones had a block of order 2" in str(words) for words in one.words)


# --- bad input --------------------------------------------------------------------------------------------------------


def test_no_release_is_no_guess_where_the_rules_differ(
    report: Callable[..., FailureReport], zone: Callable[..., Zone]
) -> None:
    edge = found(report(2, 0x20, zone(20040, 800, "20000 0 10")), None)
    assert edge.cause == "unknown"
    assert "rules differ" in str(edge.reason)
    clear = found(report(0, 0x20, zone(1, 800, "1")), None)
    assert clear.cause == "exhausted"
    assert any("release is not known" in str(words) for words in clear.words)


def test_free_lists_that_do_not_add_up(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    torn = found(report(0, 0x20, zone(250, 800, "90000")), EL77)
    assert torn.cause == "unknown"
    assert "differ by 89750 pages" in str(torn.reason)
    late = found(report(0, 0x20, zone(250, 800, "400")), EL77)  # within what is freed meanwhile
    assert late.cause == "exhausted"


@pytest.mark.parametrize("page_kb", [16, 64])
def test_other_page_sizes(report: Callable[..., FailureReport], zone: Callable[..., Zone], page_kb: int) -> None:
    one = found(report(0, 0x20, zone(250, 800, "250", page_kb=page_kb)), "3.10.0-1062.el7.ppc64le")
    assert one.cause == "exhausted"
    assert one.evidence["margin_kb"] == -51 * page_kb


def test_a_thousand_nodes(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    zones = tuple(zone(10, 800, "10", node=node, name=name, lowmem_reserve_pages=(0, 5, 9, 9))
                  for node in range(1024) for name in ("DMA", "DMA32", "Normal"))
    one = found(report(2, 0x20, *zones), EL77)
    assert one.cause == "exhausted"
    assert len(one.words) < 20


@pytest.mark.parametrize(
    ("order", "mask"), [(-1, 0x20), (11, 0x20), (64, 0x20), (4294967295, 0x20), (2, -1), (2, 1 << 70)]
)
def test_absurd_headers(report: Callable[..., FailureReport], zone: Callable[..., Zone], order: int, mask: int) -> None:
    one = found(report(order, mask, zone(9000, 800, "9000")), EL77)
    assert one.cause is None or one.cause in CAUSES


def test_half_a_zone_is_unknown(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    for broken in (zone(None, 800), zone(100, None), zone(-4, 800), zone(50000, 800, present_pages=100)):
        one = found(report(1, 0x20, broken), EL77)
        assert (one.cause, bool(one.reason)) == ("unknown", True)
    node_less = report(1, 0x480020, zone(100, 800, "100", node=0), nodemask="7")
    assert "none of the printed zones" in str(found(node_less, "4.18.0-240.el8.x86_64").reason)
    empty = report(1, 0x20, zone(0, 0, "0", present_pages=0, managed_pages=0))
    assert "zone is empty" in str(found(empty, EL77).reason)
    listed = report(2, 0x20, zone(None, None, "207920UE 18052U 0"))
    assert "only its free list was printed (244024 pages)" in str(found(listed, EL77).reason)


INTEGERS = st.one_of(st.none(), st.integers(-5, 5000), st.integers(-(2**65), 2**65))
ZONES = st.builds(
    Zone, name=st.sampled_from(["DMA", "DMA32", "Normal", "HighMem", "Movable", "Device", "", "?"]),
    node=st.one_of(st.none(), st.integers(0, 3)), page_kb=st.sampled_from([4, 16, 64]), free_pages=INTEGERS,
    min_pages=INTEGERS, low_pages=INTEGERS, high_pages=INTEGERS, boost_pages=INTEGERS, highatomic_pages=INTEGERS,
    free_cma_pages=INTEGERS, present_pages=INTEGERS, managed_pages=INTEGERS,
    lowmem_reserve_pages=st.lists(st.integers(-1, 1 << 40), max_size=6).map(tuple),
    free_area=st.lists(st.builds(FreeBlocks, st.integers(-2, 80), st.integers(-2, 1 << 40),
                                 st.sampled_from(["", "U", "UM", "HCI", "x"])), max_size=12).map(tuple),
)
STATES = st.builds(
    MemInfo, zones=st.lists(ZONES, max_size=6).map(tuple), page_kb=st.sampled_from([4, 16, 64]),
    counters_pages=st.dictionaries(
        st.sampled_from(["free", "active_file", "inactive_file", "slab"]), st.integers(-9, 1 << 50)
    ),
    swap_free_kb=INTEGERS, swap_total_kb=INTEGERS, ram_pages=INTEGERS, reserved_pages=INTEGERS,
)
RELEASES = st.sampled_from([None, "2.6.9-89.EL", "2.6.18-8.el5", EL64, EL68, EL77, "4.18.0-553.el8_10.x86_64",
                            "5.14.0-70.el9", EL10, "3.2.4", "1.0"])


@settings(max_examples=150, deadline=None)
@given(state=STATES, release=RELEASES, order=st.integers(-2, 70), mask=st.integers(0, 1 << 26))
def test_any_numbers_give_a_cause_or_a_reason(state: MemInfo, release: str | None, order: int, mask: int) -> None:
    report = FailureReport("x", order, mask, Place("f", 1), "", mem_info=state)
    one = found(report, release)
    assert one.state_cause in CAUSES
    assert one.state_cause != "unknown" or one.reason
    assert all(isinstance(words, Message) and str(words) for words in one.words)


# --- storms; how long they take is for the benchmark to say (bench/reports.py) ----------------------------------------


def sixty_lines(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> FailureReport:
    zones = [zone(9000, 800, "9000UM 0 0 0 0 0 0 0 0 0 0", name=name, node=0, present_pages=90000,
                  lowmem_reserve_pages=(0, 3, 4, 4)) for name in ("DMA", "DMA32", "Normal")]
    trace = RX + ";" + ";".join(f"frame_{index}" for index in range(25))
    return report(2, 0x20, *zones, trace=trace)


def test_equal_reports_share_one_diagnosis(report: Callable[..., FailureReport], zone: Callable[..., Zone]) -> None:
    release = parse_release(EL77)
    diagnoses = diagnose_all([(sixty_lines(report, zone), release) for _ in range(1000)])
    assert len(diagnoses) == 1000
    assert len({id(one) for one in diagnoses}) == 1


def test_reports_of_different_states_are_diagnosed_each(
    report: Callable[..., FailureReport], zone: Callable[..., Zone]
) -> None:
    one = sixty_lines(report, zone)
    assert one.mem_info is not None
    dma, dma32, normal = one.mem_info.zones
    reports = [
        replace(one, mem_info=replace(one.mem_info, zones=(dma, dma32, replace(normal, free_pages=9000 + number))))
        for number in range(50)
    ]
    diagnoses = diagnose_all([(each, parse_release(EL77)) for each in reports])
    assert len({id(each) for each in diagnoses}) == 50


def test_a_small_guest_of_rhel_10_may_use_its_dma_zone(
    report: Callable[..., FailureReport], zone: Callable[..., Zone]
) -> None:
    """Its DMA zone keeps 1914 pages from DMA32 requests, none from those that Normal is empty for."""
    dma = zone(1500, 30, "1500U", name="DMA", managed_pages=3840, lowmem_reserve_pages=(0, 1914, 0, 0, 0))
    dma32 = zone(1000, 8000, "1000U", name="DMA32", managed_pages=490000, lowmem_reserve_pages=(0, 0, 0, 0, 0))
    assert cause_of(report(0, 0x820, dma, dma32), EL10) == "transient"
    assert cause_of(report(0, 0x480020, dma, dma32), "4.18.0-240.el8.x86_64") == "exhausted"
