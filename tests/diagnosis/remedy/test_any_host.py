"""Whatever the host: the plan stays within its bounds, speaks with one voice, and tells who followed it the same again.

Hosts of 1 GB to 12 TB, 1 to 16 nodes, 32-bit and 64 kB pages, static hugepages, every release, any failure.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.diagnosis.cause import HostNetwork, NicFacts, timeline
from nopage.diagnosis.cause.diagnose import diagnose
from nopage.diagnosis.host import HostFacts
from nopage.diagnosis.remedy import HostPlan, Kind, Problem, Step, failure_problem, plan_host
from nopage.diagnosis.watermark import MemoryBase, Provenance, memory_base, provenance, too_high, too_low
from nopage.diagnosis.watermark.marks import with_watermarks
from nopage.kernel.facts import FailureReport, HugePages, MemInfo, Zone
from nopage.kernel.procfs.zones import free_area
from nopage.kernel.release import parse_release
from nopage.kernel.watermarks import default_min_free_kbytes
from nopage.result.build import plan_of

Make = Callable[..., FailureReport]
GIB_PAGES = 1 << 18
RELEASES = {
    "2.6.9-89.EL.x86_64": 0x20, "2.6.18-371.el5.i686": 0x20, "2.6.32-279.el6.x86_64": 0x20,
    "2.6.32-358.el6.x86_64": 0x20, "2.6.32-754.el6.i686": 0x20, "3.10.0-1160.el7.x86_64": 0x20,
    "4.18.0-240.el8.x86_64": 0x480020, "4.18.0-553.el8_10.x86_64": 0x480020, "5.14.0-427.el9_4.x86_64": 0xA20,
    "5.14.0-427.42.1.el9_4.aarch64+64k": 0xA20, "5.14.0-570.el9_6.x86_64": 0x820,
    "6.12.0-55.24.1.el10_0.x86_64": 0x820, "6.8.0-31-generic": 0x820,
}
TRACES = ("", "<IRQ> __alloc_pages_nodemask; __alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll [ixgbe]; "
          "net_rx_action",
          "__alloc_pages; kmem_cache_alloc; mempool_alloc; bio_alloc_bioset; xfs_submit [xfs]; kthread",
          "<IRQ> __alloc_pages; __alloc_skb; ipoib_alloc_rx_skb [ib_ipoib]; net_rx_action",
          "__alloc_pages; __kmalloc; skb_copy; tg3_start_xmit [tg3]; dev_hard_start_xmit")
PLENTY = {"active_file": 10**6, "inactive_file": 10**6, "active_anon": 10**6, "inactive_anon": 10**5,
          "slab_reclaimable": 10**5, "slab_unreclaimable": 10**5, "free": 10**4}
LITTLE = {**PLENTY, "active_file": 10, "inactive_file": 10, "slab_reclaimable": 10}


@dataclass(frozen=True)
class Made:
    """A host with what it has failed at, if anything, and the min_free_kbytes that was in force then."""

    facts: HostFacts
    failure: FailureReport | None
    network: HostNetwork | None
    then_kb: int
    other: FailureReport | None = None

    @property
    def current(self) -> int:
        return self.facts.settings["min_free_kbytes"]

    @property
    def zones(self) -> tuple[Zone, ...]:
        return self.facts.collected.zones if self.facts.collected else ()

    @property
    def base(self) -> MemoryBase:
        base = memory_base(self.facts.release, self.zones, self.facts.total_kb, self.facts.huge_pages)
        assert base is not None
        return base

    @property
    def own(self) -> Provenance:
        return provenance(self.facts.release, self.zones, self.current, thp=self.facts.thp,
                          total_kb=self.facts.total_kb)

    @property
    def problems(self) -> list[Problem]:
        found, release = [], self.facts.release
        every = [failure for failure in (self.failure, self.other) if failure is not None]
        for failure in every:
            found.append(failure_problem(
                "FAILURE", diagnose(failure, release=release), state=failure.mem_info, release=release,
                timeline=timeline(every),
            ))
        if too_high(self.base, self.current, self.own.own_most_kb):
            found.append(Problem("TOO_HIGH", Kind.TOO_HIGH))
        if too_low(self.facts.release, self.zones, self.current, thp=self.facts.thp, total_kb=self.facts.total_kb):
            found.append(Problem("TOO_LOW", Kind.TOO_LOW))
        return found

    @property
    def plan(self) -> HostPlan:
        return plan_host(self.facts, self.problems, self.network)


def sizes(release: str, pages: int, nodes: int) -> list[Zone]:
    """The zones of so many pages, without marks."""
    page_kb = 64 if "64k" in release else 4
    old = release.startswith("2.6")

    def zone(name: str, node: int, size: int) -> Zone:
        return Zone(name, node, page_kb, managed_pages=None if old else size, present_pages=size,
                    lowmem_reserve_pages=(0, 0, 0, 0, 0))

    if release.endswith("i686"):
        low = min(pages - 4000, 220000)
        return [zone("DMA", 0, 3980), zone("Normal", 0, low), zone("HighMem", 0, max(0, pages - low - 3980))]
    if page_kb == 64:
        first = min(pages // nodes, 65536)
        rest = [zone("Normal", node, pages // nodes - (first if node == 0 else 0)) for node in range(nodes)]
        return [zone("DMA", 0, first), *rest]
    low = min(pages // nodes - 4000, 500000)
    rest = [zone("Normal", node, pages // nodes - (low + 3980 if node == 0 else 0)) for node in range(nodes)]
    return [zone("DMA", 0, 3980), zone("DMA32", 0, low), *rest]


def with_marks(release: str, zones: Sequence[Zone], values: dict[str, int]) -> tuple[Zone, ...]:
    return with_watermarks(parse_release(release), zones, **values)


@st.composite
def hosts(draw: st.DrawFn, report: Make) -> Made:
    release = draw(st.sampled_from(sorted(RELEASES)))
    known = parse_release(release)
    page_kb = 64 if "64k" in release else 4
    pages = draw(st.integers(1 << 20, 12 << 30).map(lambda kb: kb // page_kb)) if draw(st.booleans()) else (
        (1 << draw(st.integers(0, 13))) * GIB_PAGES * 4 // page_kb)
    nodes = 1 if release.endswith("i686") else draw(st.integers(1, 16 if pages > 16 * GIB_PAGES else 1))
    if release.endswith("i686"):
        pages = min(pages, 16 * GIB_PAGES)
    plain = sizes(release, pages, nodes)
    total_kb = pages * page_kb
    huge = draw(st.sampled_from([0, 0, 50, 94])) * total_kb // 100 // 2048
    low_kb = sum(zone.size_pages or 0 for zone in plain if zone.name != "HighMem") * page_kb
    default = default_min_free_kbytes(known, low_kb)
    current = draw(st.sampled_from([default, 67584, 2 * default, default // 3, low_kb * 2 // 100, low_kb * 7 // 100,
                                    low_kb * 3 // 100]))
    values = {"min_free_kbytes": max(current, 128)}
    if known is not None and known.generation == "el6":
        values["extra_free_kbytes"] = draw(st.sampled_from([0, 0, low_kb // 100, low_kb * 4 // 100]))
    if known is not None and known.major >= 8:
        values["watermark_scale_factor"] = draw(st.sampled_from([10, 10, 50, 200]))
    share = draw(st.integers(0, 200))
    zones = tuple(replace(zone, free_pages=(zone.size_pages or 0) * share // 1000)
                  for zone in with_marks(release, plain, values))
    swap = draw(st.sampled_from([(0, 0), (0, 1 << 22), (1 << 22, 1 << 22)]))
    facts = HostFacts(
        known, MemInfo(zones=zones, source="proc", page_kb=page_kb), values, total_kb=total_kb, page_kb=page_kb,
        huge_pages=(HugePages(2048, huge, draw(st.sampled_from([None, 0]))),) if huge else (),
        thp=draw(st.sampled_from([None, "always", "never"])), balloons=draw(st.sampled_from([(), ("hv_balloon",)])),
    )
    failure, other, then_kb = None, None, values["min_free_kbytes"]
    if draw(st.booleans()) or draw(st.booleans()):
        failure, then_kb = failed(draw, report, release, facts, swap)
        if draw(st.integers(0, 3)) == 0:
            other, other_kb = failed(draw, report, release, facts, swap)
            then_kb = max(then_kb, other_kb)
    nic = NicFacts(
        "eth0", draw(st.sampled_from(["ixgbe", "bnx2x", "tg3", None])), 10000, draw(st.sampled_from([1500, 9000])),
        draw(st.sampled_from([256, 4096])), queues=draw(st.sampled_from([None, 1, 64])),
        offloads=draw(st.sampled_from([{}, {"lro": True, "tso": True}])),
    )
    return Made(facts, failure, HostNetwork(nics=(nic,)) if draw(st.booleans()) else None, then_kb, other)


def failed(
    draw: st.DrawFn, report: Make, release: str, facts: HostFacts, swap: tuple[int, int]
) -> tuple[FailureReport, int]:
    """A failure of this host: under the present settings, or those of another time; with a state or without."""
    order = draw(st.integers(0, 5))
    mask = RELEASES[release] | draw(st.sampled_from([0, 0, 0, 1]))
    if facts.collected is None or draw(st.integers(0, 2)) == 0:
        silent = report(order, mask, trace=draw(st.sampled_from(TRACES)), monotonic_s=9.0)
        return silent, facts.settings["min_free_kbytes"]
    then = {**facts.settings}
    if draw(st.booleans()):
        then["min_free_kbytes"] = max(128, then["min_free_kbytes"] * draw(st.sampled_from([1, 2, 4])) // 2)
    marked = with_marks(release, facts.collected.zones, then)
    zones = []
    for zone in marked:
        size = zone.size_pages or 0
        free = draw(st.sampled_from([size // 5, (zone.min_pages or 0), (zone.low_pages or 0) + 1, 3, size // 40]))
        larger = draw(st.sampled_from([0, 0, 1, free // 8]))
        single = max(0, free - larger * 2)
        zones.append(replace(zone, free_pages=single + 2 * larger, free_area=free_area((single, larger, 0, 0))))
    memory = MemInfo(
        zones=tuple(zones), page_kb=zones[0].page_kb, counters_pages=draw(st.sampled_from([PLENTY, LITTLE])),
        swap_free_kb=swap[0], swap_total_kb=swap[1],
    )
    shown = report(order, mask, trace=draw(st.sampled_from(TRACES)), monotonic_s=9.0, memory=memory)
    return shown, then["min_free_kbytes"]


def followed(made: Made, plan: HostPlan) -> Made:
    """The host after somebody did what the plan says: the settings, and the marks that follow from them."""
    values, texts = dict(made.facts.settings), dict(made.facts.settings_text)
    for step in plan.steps:
        if step.setting is not None and isinstance(step.value, int):
            values[step.setting.removeprefix("vm.")] = step.value
        elif step.setting is not None and isinstance(step.value, str):
            texts[step.setting.removeprefix("vm.")] = step.value
    assert made.facts.release is not None
    marks = {name: values[name] for name in ("min_free_kbytes", "extra_free_kbytes", "watermark_scale_factor")
             if name in values}
    zones = with_watermarks(made.facts.release, made.zones, **marks)
    assert made.facts.collected is not None
    collected = replace(made.facts.collected, zones=zones)
    return replace(made, facts=replace(made.facts, settings=values, settings_text=texts, collected=collected))


def told(*plans: HostPlan) -> str:
    """The plans in short, for a failure of these tests."""
    steps = [step for plan in plans for step in (*plan.steps, *plan.later)]
    return "\n".join(f"{step.action} {step.before} -> {step.value}: {step.reason}" for step in steps)


def value_of(steps: Sequence[Step], setting: str) -> int | None:
    return next((step.value for step in steps if step.setting == f"vm.{setting}" and isinstance(step.value, int)), None)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_bounds(report: Make, data: st.DataObject) -> None:
    made = data.draw(hosts(report))
    plan, base, own = made.plan, made.base, made.own
    most = base.bound_kb(own.own_most_kb)
    defaults = {own.own_kb, own.default_kb, own.own_most_kb}
    extra_now = made.facts.settings.get("extra_free_kbytes", 0)
    for step in (*plan.steps, *plan.later):
        if step.setting != "vm.min_free_kbytes" or not isinstance(step.value, int):
            continue
        assert step.value % 1024 == 0 or step.value in defaults
        if step.action == "lower_min_free_kbytes":
            assert most <= step.value < made.current
            continue
        assert step.value > made.current
        assert step.value <= most
        assert step.value in defaults or step.value + extra_now <= max(most, own.own_kb or 0)
        at_failure = max(made.current, made.then_kb, own.own_most_kb or 0)
        nodes = len({zone.node for zone in made.zones})
        assert step.value <= max(4 * at_failure, base.base_kb // 100, 1024)
        assert step.value <= max(nodes << 20, 2 * at_failure)
        assert list(step.stages) == sorted(step.stages, key=lambda stage: stage.value)
        assert all(step.value < stage.value <= most for stage in step.stages)
    minimum = value_of(plan.steps, "min_free_kbytes") or made.current
    extra = value_of(plan.steps, "extra_free_kbytes")
    assert extra is None or minimum + extra <= most
    factor = value_of((*plan.steps, *plan.later), "watermark_scale_factor")
    if factor is not None and factor > 100:
        step = next(step for step in (*plan.steps, *plan.later) if step.action == "raise_watermark_scale_factor")
        assert step.effect is not None
        assert step.effect.verdict == "kswapd_earlier"
        assert "MB more free" in str(step.reason)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_one_voice(report: Make, data: st.DataObject) -> None:
    made = data.draw(hosts(report))
    plan = made.plan
    every = (*plan.steps, *plan.later)
    settings_of = [step.setting for step in every if step.setting]
    assert len(settings_of) == len(set(settings_of))
    actions = [step.action for step in every]
    once = [step.action if step.action != "lower_order" else f"{step.action} {step.value}" for step in every]
    assert len(once) == len(set(once))
    assert not {one.action for one in plan.do_not} & set(actions)
    if "none_needed" in [step.action for step in plan.steps]:
        assert len(plan.steps) == 1
    verdicts = [step.effect.verdict if step.effect else None for step in plan.steps]
    if "passes" in verdicts:
        last = len(verdicts) - 1 - verdicts[::-1].index("passes")
        assert "still_fails" not in verdicts[:last]
    keys = {problem.finding for problem in made.problems}
    assert all(set(step.findings) <= keys and step.findings for step in every)
    assert bool(plan.steps) >= bool(made.problems and made.problems[0].kind is Kind.FAILURE)
    written = plan_of(plan)
    assert [step.number for step in (*written.steps, *written.later)] == list(range(1, len(every) + 1))
    assert msgspec.json.decode(msgspec.json.encode(written), type=type(written)) == written
    for step in every:
        if step.setting and step.value is not None:
            assert step.value != step.before
            assert step.persist.file
            assert f"{step.setting} = {step.value}" in step.persist.text


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_who_followed_it_is_told_nothing_else(report: Make, data: st.DataObject) -> None:
    assert_nothing_else_is_told(data.draw(hosts(report)))


def assert_nothing_else_is_told(made: Made) -> None:
    plan = made.plan
    set_by_plan = {step.setting for step in plan.steps if step.setting and step.value is not None}
    after = followed(made, plan)
    again = after.plan
    assert not set_by_plan & {step.setting for step in again.steps if step.value is not None}, told(plan, again)
    wrong = {problem.kind for problem in after.problems} - {Kind.FAILURE}
    assert not wrong, f"{sorted(wrong)} {made.base} {made.own}\n{told(plan, again)}"


# (release, GiB of memory, settings now, settings when it failed): what hosts drawn above were once told differently
# after they had followed the plan.
FOLLOWED = [
    ("4.18.0-553.el8_10.x86_64", 1, {"min_free_kbytes": 4096, "watermark_scale_factor": 50}, {}),
    ("4.18.0-553.el8_10.x86_64", 1, {"min_free_kbytes": 4096}, {"min_free_kbytes": 8192}),
    ("4.18.0-553.el8_10.x86_64", 3, {"min_free_kbytes": 2048}, {"min_free_kbytes": 4096}),
    ("4.18.0-240.el8.x86_64", 4, {"min_free_kbytes": 8192, "watermark_scale_factor": 10}, {}),
    ("4.18.0-240.el8.x86_64", 4, {"min_free_kbytes": 8192, "watermark_scale_factor": 10}, {"min_free_kbytes": 16384}),
    ("5.14.0-427.el9_4.x86_64", 4, {"min_free_kbytes": 8192, "watermark_scale_factor": 10}, {}),
]


@pytest.mark.parametrize(("release", "gib", "now", "then"), FOLLOWED)
@pytest.mark.parametrize("free", ["min", "fifth", "little"])
@pytest.mark.parametrize("order", [0, 1, 3])
def test_who_followed_it_once(
    report: Make, release: str, gib: int, now: dict[str, int], then: dict[str, int], free: str, order: int
) -> None:
    plain = sizes(release, gib * GIB_PAGES, 1)

    def freed(zone: Zone) -> Zone:
        size = zone.size_pages or 0
        pages = {"min": zone.min_pages or 0, "fifth": size // 5, "little": size // 40}[free]
        return replace(zone, free_pages=pages, free_area=free_area((pages, 0, 0, 0)))

    printed = MemInfo(zones=tuple(map(freed, with_marks(release, plain, {**now, **then}))), page_kb=4,
                      counters_pages=PLENTY)
    facts = HostFacts(parse_release(release), MemInfo(zones=with_marks(release, plain, now), source="proc", page_kb=4),
                      now, total_kb=gib << 20, page_kb=4, thp="always")
    failure = report(order, RELEASES[release], trace=TRACES[1], monotonic_s=9.0, memory=printed)
    assert_nothing_else_is_told(Made(facts, failure, None, then.get("min_free_kbytes", now["min_free_kbytes"])))
