"""One plan: only what the release has and what can work for the cause, each step tried, the best first."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nopage.diagnosis.cause.diagnose import diagnose
from nopage.diagnosis.cause.drops import Drops, HostNetwork, NicFacts
from nopage.diagnosis.cause.timeline import timeline
from nopage.diagnosis.host.facts import HostFacts
from nopage.diagnosis.remedy.plan import plan_host
from nopage.diagnosis.remedy.problem import Kind, Problem, failure_problem
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import HostPlan, Step
from nopage.kernel.facts import FailureReport, FreeBlocks, HugePages, MemInfo, Place, Zone
from nopage.kernel.procfs.zones import free_area
from nopage.kernel.release.parse import parse_release

RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll [ixgbe]; net_rx_action"
SHORT = {"free": 100, "active_file": 500, "inactive_file": 500, "active_anon": 2900000, "inactive_anon": 50000,
         "slab_reclaimable": 300, "slab_unreclaimable": 50000}
NIC = NicFacts("eth0", driver="ixgbe", speed_mbps=10000, mtu=9000, rx_ring=512, queues=8, offloads={"lro": True})
Make = Callable[..., FailureReport]
Plan = Callable[[Situation], tuple[Step, ...]]
STORE = "__alloc_pages; kmem_cache_alloc; mempool_alloc; bio_alloc_bioset; xfs_add_to_ioend [xfs]; kthread"
MLX4 = "<IRQ> __alloc_pages_nodemask; mlx4_en_alloc_frag [mlx4_en]; mlx4_en_process_rx_cq [mlx4_en]; net_rx_action"
REFUSED = {"order": 2, "free": 50020, "blocks": "50000 0 5"}
FRAGMENTED = {"order": 2, "free": 50000, "blocks": "50000"}


def plan_of(one: Situation) -> HostPlan:
    return plan_host(one.host, [one.problem], one.network)


def actions(found: tuple[Step, ...]) -> list[str]:
    return [remedy.action for remedy in found]


@pytest.mark.parametrize(
    ("release", "first", "others"),
    [
        ("2.6.9-89.EL.x86_64", "raise_min_free_kbytes", []),
        ("2.6.18-371.el5.x86_64", "raise_min_free_kbytes", []),
        ("2.6.32-131.el6.x86_64", "raise_min_free_kbytes", ["update_kernel"]),
        ("2.6.32-279.el6.x86_64", "raise_min_free_kbytes", ["raise_extra_free_kbytes", "update_kernel"]),
        ("2.6.32-358.el6.x86_64", "raise_min_free_kbytes", ["raise_extra_free_kbytes"]),
        ("2.6.32-754.el6.x86_64", "raise_min_free_kbytes", ["raise_extra_free_kbytes"]),
        ("3.10.0-1160.el7.x86_64", "raise_min_free_kbytes", []),
        ("4.18.0-553.el8_10.x86_64", "raise_watermark_scale_factor", ["raise_min_free_kbytes"]),
        ("5.14.0-427.el9_4.x86_64", "raise_watermark_scale_factor", ["raise_min_free_kbytes"]),
        ("6.12.0-55.24.1.el10_0.x86_64", "raise_watermark_scale_factor", ["raise_min_free_kbytes"]),
    ],
)
def test_exhaustion_by_release(
    situation: Callable[..., Situation], steps: Plan, release: str, first: str, others: list[str]
) -> None:
    mask = {"el8": 0x480020, "el9": 0xA20, "el10": 0x820}.get(parse_release(release).generation, 0x20)  # type: ignore[union-attr]
    one = situation(release, mask=mask)
    assert one.cause == "exhausted"
    assert actions(steps(one)) == [first, *others]


def test_an_update_adds_no_free_pages(situation: Callable[..., Situation], steps: Plan) -> None:
    """Order 0: the article's build comes after the reserve; for larger orders it is the article's resolution."""
    update = steps(situation("2.6.32-279.el6.x86_64"))[-1]
    assert str(update.value) == "2.6.32-358 or later"
    assert "does not add free pages" in str(update.reason)
    unknown = steps(situation("2.6.32-279.el6.x86_64", order=1, state=False))
    assert actions(unknown)[:2] == ["update_kernel", "raise_min_free_kbytes"]
    assert "lower_order" in actions(unknown)
    assert "2.6.32-431" in str(unknown[0].reason)
    assert "6.10" in str(unknown[0].reason)


def test_a_refused_block_passes_under_a_newer_rule(situation: Callable[..., Situation]) -> None:
    el6 = plan_of(situation("2.6.32-358.el6.x86_64", **REFUSED))
    first = el6.steps[0]
    assert (first.action, str(first.value)) == ("update_kernel", "2.6.32-431 or later")
    assert first.effect is not None
    assert first.effect.cures
    assert str(first.effect.words).startswith("Under the watermark rule of 2.6.32-431 and later, this request passes")
    assert str(el6.verdict).startswith("With step 1 or step 2 alone the request would have passed")
    el7 = plan_of(situation(**REFUSED))
    assert "RHEL 8 or later" in [str(step.value) for step in el7.steps]


def test_the_kernel_that_runs_now_lets_it_in(situation: Callable[..., Situation]) -> None:
    one = situation("2.6.32-358.el6.x86_64", **REFUSED)
    updated = replace(one, host=replace(one.host, release=parse_release("2.6.32-754.el6.x86_64")))
    plan = plan_of(updated)
    assert actions(plan.steps) == ["none_needed"]
    assert "2.6.32-754.el6.x86_64, which runs now, the printed state passes" in str(plan.steps[0].reason)
    assert "update_kernel" not in actions(plan.later)


def test_fragmented_with_much_free(situation: Callable[..., Situation]) -> None:
    """50000 pages free, high of 29642 x 3 / 2: no reserve wakes kswapd, and it comes last."""
    plan = plan_of(situation(network=HostNetwork(nics=(NIC,)), **FRAGMENTED))
    assert actions(plan.steps) == ["lower_order", "compact_memory", "raise_min_free_kbytes"]
    assert [step.effect.verdict for step in plan.steps if step.effect] == ["passes", "cannot_be_told", "still_fails"]
    assert "1.1 x above the new high (50000 against 44463 pages)" in str(plan.steps[-1].reason)
    assert str(plan.article).startswith("The article advises a larger vm.min_free_kbytes in general; here it does not")
    assert plan_of(situation("5.14.0-427.el9_4.x86_64", mask=0xA20, **FRAGMENTED)).article.id == ""


def test_at_the_cap_it_says_what_helps_instead(situation: Callable[..., Situation], steps: Plan) -> None:
    found = steps(situation(current=700000))
    assert actions(found) == ["add_memory"]
    assert "will not help" in str(found[0].reason)
    blocks = steps(situation(order=1, current=700000, free=900000, blocks="900000", trace=""))
    assert actions(blocks) == ["compact_memory"]


def test_a_genuine_shortage_is_not_tuned_away(situation: Callable[..., Situation]) -> None:
    one = situation(counters=SHORT, swap=(0, 4194304))
    assert one.has("genuine_shortage")
    plan = plan_of(one)
    assert actions(plan.steps) == ["add_memory"]
    assert [(no.action, no.setting) for no in plan.do_not] == [("raise_min_free_kbytes", "vm.min_free_kbytes")]
    assert "OOM killer sooner" in str(plan.do_not[0].reason)
    assert "because: Memory is short" in str(plan.article)


def test_what_holds_the_memory_is_named(situation: Callable[..., Situation]) -> None:
    one = situation(counters=SHORT, swap=(0, 4194304))
    held = replace(one, host=replace(one.host, huge_pages=(HugePages(2048, 4000, 0),), balloons=("vmw_balloon",)))
    plan = plan_of(held)
    assert actions(plan.steps) == ["reduce_huge_pages", "add_memory", "deflate_balloon"]
    assert plan.steps[0].effect is not None
    assert plan.steps[0].effect.cures
    assert "vmw_balloon" in str(plan.steps[2].reason)
    assert "memory reservation" in str(plan.steps[2].reason)


def test_dma_requests_are_a_matter_of_the_driver(situation: Callable[..., Situation]) -> None:
    for release, mask in (("3.10.0-1062.el7.x86_64", 0x21), ("4.18.0-553.el8_10.x86_64", 0x480021)):
        plan = plan_of(situation(release, mask=mask, free=900000))
        assert actions(plan.steps) == ["raise_lowmem_reserve"]
        assert "vendor" in str(plan.steps[0].reason)
        assert "costs gigabytes" in str(plan.do_not[0].reason)
    old = plan_of(situation("2.6.9-89.ELsmp", mask=0x21, free=900000)).steps[0]
    assert (old.setting, old.value) == ("vm.lower_zone_protection", 100)


@pytest.mark.parametrize(("release", "mask", "kernel"), [
    ("5.14.0-427.el9_4.x86_64", 0xA20, "5.14.0-570"),
    ("5.14.0-503.40.1.el9_5.x86_64", 0x820, "5.14.0-570"),
    ("4.18.0-553.el8_10.x86_64", 0x480020, "RHEL 9.6 (5.14.0-570), Linux 6.12"),
])
def test_pages_of_the_high_order_reserve_are_no_shortage(
    situation: Callable[..., Situation], release: str, mask: int, kernel: str
) -> None:
    one = situation(release, mask=mask, free=90000)
    assert one.failed_in is not None
    zones = tuple(replace(zone, free_area=(FreeBlocks(0, 90000, "H"),), highatomic_pages=90000)
                  if zone.name == "Normal" else zone for zone in one.failed_in.zones)
    state = replace(one.failed_in, zones=zones)
    failure = FailureReport("x", 0, mask, one_place(), "", mem_info=state)
    problem = failure_problem("KEY", diagnose(failure, release=one.release), state=state, release=one.release)
    plan = plan_host(one.host, [problem])
    assert [(step.action, str(step.value)) for step in plan.steps] == [("update_kernel", f"{kernel} or later")]
    assert plan.steps[0].effect is not None
    assert plan.steps[0].effect.cures
    assert "no reserve value helps" in str(plan.do_not[0].reason)


def test_the_boost_itself(situation: Callable[..., Situation]) -> None:
    """Normal's marks are 4096 pages above what the setting gives: 3/8 of 18917 is more than the 6000 that are free."""
    one = situation("4.18.0-553.el8_10.x86_64", mask=0x480020, free=6000)
    assert one.failed_in is not None
    zones = tuple(replace(zone, min_pages=zone.min_pages + 4096, low_pages=zone.low_pages + 4096,
                          high_pages=zone.high_pages + 4096) if zone.name == "Normal" else zone
                  for zone in one.failed_in.zones)
    state = replace(one.failed_in, zones=zones)
    failure = FailureReport("x", 0, 0x480020, one_place(), "", mem_info=state)
    problem = failure_problem("KEY", diagnose(failure, release=one.release), state=state, release=one.release)
    first = plan_host(one.host, [problem]).steps[0]
    assert (first.action, first.setting, first.value) == ("no_watermark_boost", "vm.watermark_boost_factor", 0)
    assert first.effect is not None
    assert first.effect.cures


def one_place() -> Place:
    return Place("dmesg", 1)


@pytest.mark.parametrize(("comm", "cmdline", "total_kb", "said"), [
    ("makedumpfile", None, 250000, "This is a kdump capture kernel"),
    ("swapper/0", "ro elfcorehdr=0x1000 nr_cpus=1", 250000, "This is a kdump capture kernel"),
    ("swapper/0", "ro quiet", 250000, None),  # a small guest
    ("swapper/0", None, 250000, "this is most likely a kdump capture kernel"),  # no RHEL of today runs in so little
    ("swapper/0", None, 16415908, None),  # only some of its zones were printed
])
def test_a_capture_kernel(comm: str, cmdline: str | None, total_kb: int, said: str | None) -> None:
    known = parse_release("4.18.0-553.el8_10.x86_64")
    zone = Zone("DMA32", 0, free_pages=100, min_pages=500, low_pages=600, high_pages=700, managed_pages=62000,
                present_pages=62000, free_area=free_area((100,)), lowmem_reserve_pages=(0, 0, 0, 0, 0))
    state = MemInfo(zones=(zone,))
    failure = FailureReport(comm, 0, 0x480020, one_place(), "", mem_info=state)
    problem = failure_problem("KEY", diagnose(failure, release=known), state=state, release=known, comm=comm)
    plan = plan_host(HostFacts(known, state, total_kb=total_kb, cmdline=cmdline), [problem])
    assert ("larger_crashkernel" in actions(plan.steps)) is bool(said)
    if said:
        assert actions(plan.steps) == ["larger_crashkernel"]
        assert said in str(plan.steps[0].reason)
        assert "crashkernel=" in str(plan.steps[0].reason)
        assert "nr_cpus=1" in str(plan.steps[0].reason)


def test_a_driver_that_asks_for_more_whatever_the_mtu(situation: Callable[..., Situation], steps: Plan) -> None:
    for mtu in (1500, 9000):
        network = HostNetwork(nics=(NicFacts("eth2", driver="mlx4_en", speed_mbps=10000, mtu=mtu),))
        found = steps(situation("2.6.32-358.el6.x86_64", order=2, state=False, trace=MLX4, network=network))
        assert actions(found)[0] == "update_kernel"
        assert "whatever the MTU" in str(found[0].reason)
        assert "lower_order" not in actions(found)


def test_a_harmless_burst_needs_nothing(situation: Callable[..., Situation], report: Make) -> None:
    calm = timeline([report(monotonic_s=5.0)])
    quiet = Drops("not shown", (), {})
    plan = plan_of(situation(timeline=calm, drops=quiet))
    assert actions(plan.steps) == ["none_needed"]
    assert actions(plan.later) == ["raise_min_free_kbytes"]
    assert str(plan.verdict) == "Nothing needs doing unless it comes back; then set vm.min_free_kbytes = 135168 first."
    passed = plan_of(situation(free=900000, timeline=calm))
    assert actions(passed.steps) == ["none_needed"]
    # nobody knows whether packets were lost: no word that nothing is needed
    unsure = plan_of(situation(timeline=calm))
    assert "none_needed" not in actions(unsure.steps)
    assert str(unsure.verdict).endswith("It has not come back: if it does not, nothing has to be done.")
    # the counters of another driver's interface tell nothing
    others = HostNetwork(nics=(replace(NIC, driver="igb"),))
    assert "none_needed" not in actions(plan_of(situation(timeline=calm, drops=quiet, network=others)).steps)


def test_an_update_beside_a_harmless_burst_waits_for_the_maintenance(
    situation: Callable[..., Situation], report: Make
) -> None:
    calm = timeline([report(monotonic_s=5.0)])
    plan = plan_of(situation("2.6.32-279.el6.x86_64", order=1, free=900000, blocks="0 450000", timeline=calm))
    assert actions(plan.steps) == ["update_kernel"]
    assert plan.steps[0].maintenance
    assert "at the next maintenance" in str(plan.steps[0].reason)
    assert "raise_min_free_kbytes" in actions(plan.later)
    unsure = plan_of(situation("2.6.32-279.el6.x86_64", order=1, state=False, timeline=calm))
    assert [("at the next maintenance" in str(step.reason)) for step in unsure.steps
            if step.action == "update_kernel"] == [True]


def test_sleeping_requests_have_other_steps(situation: Callable[..., Situation], steps: Plan) -> None:
    found = steps(situation(order=5, mask=0xD0, free=90000, blocks="90000", trace="__alloc_pages; __kmalloc; foo"))
    assert actions(found) == ["lower_order", "compact_memory"]
    assert actions(steps(situation(mask=0xD0, free=900000))) == ["none_needed"]


def test_unknown_memory_size_gives_no_number(report: Make) -> None:
    problem = failure_problem("KEY", diagnose(report(0, 0x20, trace=RX), release=None))
    found = plan_host(HostFacts(), [problem]).steps
    assert found[0].action == "raise_min_free_kbytes"
    assert found[0].value is None
    assert "double the present value" in str(found[0].reason)


def test_too_high_and_failing_has_one_voice(situation: Callable[..., Situation]) -> None:
    one = situation(current=900000)
    plan = plan_host(one.host, [one.problem, Problem("MIN_FREE_KBYTES_TOO_HIGH", Kind.TOO_HIGH)])
    assert [(step.action, step.value) for step in plan.steps] == [("lower_min_free_kbytes", 491520)]
    assert plan.numbers("ATOMIC_ALLOCATION_FAILURE") == plan.numbers("MIN_FREE_KBYTES_TOO_HIGH") == (1,)


def test_other_nodes_had_enough(report: Make) -> None:
    zones = tuple(
        Zone("Normal", node, free_pages=free, min_pages=800, free_area=free_area((free,)), present_pages=900000)
        for node, free in ((0, 10), (1, 90000))
    )
    failure = report(0, 0x480020, *zones, nodemask="0")
    known = parse_release("4.18.0-240.el8.x86_64")
    problem = failure_problem("KEY", diagnose(failure, release=known), state=failure.mem_info, release=known)
    assert problem.cause == "node_exhausted"
    plan = plan_host(HostFacts(known), [problem])
    balance = plan.steps[0]
    assert balance.action == "balance_nodes"
    assert balance.effect is not None
    assert balance.effect.cures
    assert "never helps the atomic request itself" in str(balance.reason)
    assert "file servers and databases" in str(balance.risk)
    assert "add_memory" not in actions(plan.steps)


@pytest.mark.parametrize(("order", "mask"), [(0, 0x820), (2, 0x820), (11, 0x20)])
def test_a_caller_s_mistake_is_no_matter_of_the_reserve(
    situation: Callable[..., Situation], steps: Plan, order: int, mask: int
) -> None:
    """RHEL 7: 0x800 is __GFP_NOFAIL; order 11 is above the largest block."""
    one = situation(order=order, mask=mask, free=50000, blocks="50000",
                    trace="__alloc_pages_nodemask; __kmalloc; foo_start [foo]; foo_timer [foo]")
    assert one.has("caller_bug")
    found = steps(one)
    assert [str(step.value) for step in found if step.action == "lower_order"] == ["report to the vendor of foo"]
    assert actions(found) == ["lower_order"]


TSO = "__alloc_pages_nodemask; __kmalloc; skb_copy; tg3_start_xmit [tg3]; dev_hard_start_xmit"


def together(*every: Situation) -> HostPlan:
    return plan_host(every[0].host, [one.problem for one in every], every[0].network)


def test_every_kind_of_failure_is_planned_for(situation: Callable[..., Situation]) -> None:
    """One plan for all: what only another kind needs stands behind, says so, and cures not the first."""
    first, other = situation(), situation(trace=MLX4, network=HostNetwork(nics=(NIC,)), **FRAGMENTED)
    alone, both = together(first), together(first, other)
    assert set(actions(alone.steps)) < set(actions(both.steps))
    more = next(step for step in both.steps if step.action == "lower_order")
    assert more.effect is not None
    assert more.effect.of_others
    assert str(more.effect.words).startswith("Of the failures of order 2 that mlx4_en asked for: At order 0")
    assert str(both.verdict) == str(alone.verdict)
    assert "compact_memory" not in actions(both.steps)
    reserve = [step for plan in (alone, both) for step in plan.steps if step.setting == "vm.min_free_kbytes"]
    assert len(reserve) == 2
    assert reserve[0].value == reserve[1].value


def test_a_calm_failure_beside_another_that_has_a_cure(situation: Callable[..., Situation]) -> None:
    """The verdict is on the one that needs something, and says first that the shown one does not."""
    over = situation(free=100000, timeline=timeline([FailureReport("x", 0, 0x20, one_place(), "", monotonic_s=5.0)]))
    assert over.cause == "transient"
    plan = together(over, situation(trace=TSO, **FRAGMENTED))
    assert actions(plan.steps)[0] == "lower_order"
    assert str(plan.verdict) == (
        "The shortage was over before the report was printed, and it did not come back. With step 1 alone the "
        "request would have passed.")


def test_a_state_that_passes_is_no_step_s_merit(situation: Callable[..., Situation]) -> None:
    plan = plan_of(situation("5.14.0-427.el9_4.x86_64", mask=0xA20, free=100000))
    assert str(plan.verdict).startswith("The shortage was over before the report was printed, so what")
    told = [str(step.effect.words) for step in plan.steps if step.effect is not None]
    assert told
    assert all("as it does without" in words for words in told if "passes" in words)


def test_a_reserve_that_is_too_large_already(situation: Callable[..., Situation]) -> None:
    """Lowering it makes no such state rarer, and nothing says so."""
    one = situation(current=900000)
    plan = plan_host(one.host, [one.problem, Problem("TOO_HIGH", Kind.TOO_HIGH)])
    assert actions(plan.steps) == ["lower_min_free_kbytes"]
    assert str(plan.verdict).startswith("The reserve is larger than it should be, and still it failed")


def test_the_article_s_line_is_about_the_failure_that_is_shown(situation: Callable[..., Situation]) -> None:
    """Another failure was of DMA: that is no reason for the shown one, which asks for order 5."""
    shown = situation(order=5, free=50000, blocks="50000", trace=TSO)
    plan = together(shown, situation(mask=0x21, free=900000))
    assert [one.action for one in plan.do_not] == ["raise_min_free_kbytes"]
    assert plan.article.id == ""


def test_a_low_zone_of_devices_holds_no_balloon(situation: Callable[..., Situation]) -> None:
    one = situation(mask=0x21, free=900000, huge_pages=(HugePages(2048, 4000, 0),), balloons=("vmw_balloon",))
    assert not {"deflate_balloon", "reduce_huge_pages"} & set(actions(plan_of(one).steps))


def test_the_kernel_s_own_default_is_named_where_it_decides(situation: Callable[..., Situation]) -> None:
    """Static hugepages leave 1 GB: the raise for transparent ones is more than 3 % of them, but the kernel's own."""
    one = situation(state=False, current=22528, thp="always", huge_pages=(HugePages(2048, 7500, None),))
    plan = plan_host(one.host, [one.problem, Problem("TOO_LOW", Kind.TOO_LOW)])
    step = next(step for step in plan.steps if step.setting == "vm.min_free_kbytes")
    assert f"What this kernel sets by itself on this host is {step.value} kB" in str(step.reason)


def test_each_caller_has_its_own_smaller_pieces(situation: Callable[..., Situation]) -> None:
    plan = together(situation(trace=RX, network=HostNetwork(nics=(NIC,)), **FRAGMENTED),
                    situation(trace=TSO, **FRAGMENTED))
    smaller = [str(step.value) for step in plan.steps if step.action == "lower_order"]
    assert smaller == ["MTU 1500 on eth0 (now 9000)", "tso off"]


def test_one_update_for_two_kinds(situation: Callable[..., Situation]) -> None:
    """An order-0 failure would have 2.6.32-358; a refused block needs 2.6.32-431."""
    el6 = "2.6.32-279.el6.x86_64"
    plan = together(situation(el6), situation(el6, **REFUSED))
    updates = [step for step in plan.steps if step.action == "update_kernel"]
    assert [str(step.value) for step in updates] == ["2.6.32-431 or later"]


def test_memory_that_was_short_once_is_not_taken_for_a_reserve(situation: Callable[..., Situation]) -> None:
    plan = together(situation(), situation(trace=STORE, counters=SHORT, swap=(0, 4194304)))
    assert "add_memory" in actions(plan.steps)
    assert not {"raise_min_free_kbytes", "raise_watermark_scale_factor"} & set(actions((*plan.steps, *plan.later)))
    assert [one.action for one in plan.do_not] == ["raise_min_free_kbytes"]


def test_no_problem_no_plan() -> None:
    assert plan_host(HostFacts(), []) == HostPlan()
