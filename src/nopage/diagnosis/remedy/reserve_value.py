"""A value for vm.min_free_kbytes, with where it comes from; and what the zones would look like under it.

The rule is this tool's, after KERNEL.md 5.6: at least twice the present value and 0.5 % of memory, enough for the rings
and for what was seen missing; never more than 5 %, and 3 % where there is little cache or swap is full.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nopage.diagnosis.cause import NETWORK_PATHS, OUT_OF_PAGES, Diagnosis, Drops, HostNetwork, Timeline, decide
from nopage.diagnosis.remedy.nic_needs import SHARE_DENOMINATOR, SHARE_NUMERATOR, Observed, nic_needs, reserve_for
from nopage.diagnosis.watermark import (
    DEFAULT_SCALE_FACTOR,
    LEAST_KB,
    Provenance,
    implied_min_free_kbytes,
    provenance,
    rules_for,
    sized,
    too_low,
    with_watermarks,
    zone_name,
)
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.release import Release
from nopage.kernel.watermarks import atomic_floor_pages, lowmem_pages

CAP_PERCENT, CAP_SHORT_PERCENT = 5, 3
LEAST_SHARE_PERMILLE = 5
ROUND_KB = 1024
# A smaller step is not worth a change of settings.
STEP_LEAST_KB, STEP_LEAST_PERCENT = 1024, 10
BURST_COUNTED_MOST = 1000


@dataclass(frozen=True, slots=True)
class Situation:
    """All that advice depends on. `settings` are vm.* values without "vm."; None means not collected.

    `memory` is the state at collection time: the zones' sizes, and the settings beside it, are of one moment.
    `settings_text` are the vm.* values that are no single number ("lowmem_reserve_ratio": "256 256 32").
    """

    diagnosis: Diagnosis
    release: Release | None
    failed_in: MemInfo | None = None
    memory: MemInfo | None = None
    settings: Mapping[str, int] = field(default_factory=dict)
    total_kb: int | None = None
    network: HostNetwork | None = None
    timeline: Timeline | None = None
    drops: Drops | None = None
    settings_text: Mapping[str, str] = field(default_factory=dict)

    @property
    def on_network(self) -> bool:
        """The request was on a network path, and packets were under way."""
        asker = self.diagnosis.asker
        return asker is not None and asker.path in NETWORK_PATHS and not asker.setup

    @property
    def maybe_on_network(self) -> bool:
        """It was, or nobody can tell."""
        asker = self.diagnosis.asker
        return self.on_network or asker is None or not asker.path_known

    @property
    def receive_buffer(self) -> Observed | None:
        """The buffer that failed, where it is one of a receive ring; fragments of a page are none."""
        asker = self.diagnosis.asker
        if asker is None or not asker.receive_buffer or self.diagnosis.has("page_frag") or self.order > 10:
            return None
        page_kb = next((state.page_kb for state in (self.failed_in, self.memory) if state is not None), 4)
        return Observed(asker.driver, self.order, page_kb)

    @property
    def atomic(self) -> bool:
        return self.diagnosis.request is None or self.diagnosis.request.atomic

    @property
    def order(self) -> int:
        return self.diagnosis.request.order if self.diagnosis.request else 0

    @property
    def cause(self) -> str:
        """The cause; for a sleeping request what the printed state shows."""
        return self.diagnosis.cause or self.diagnosis.state_cause

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The host's zones with their sizes: as collected, else those of the failure."""
        for state in (self.memory, self.failed_in):
            if state is not None and sized(state.zones):
                return sized(state.zones)
        return ()

    @property
    def current_kb(self) -> int | None:
        """The present min_free_kbytes: as collected, else what the printed min marks add up to."""
        value = self.settings.get("min_free_kbytes")
        return value if value is not None else implied_min_free_kbytes(self.release, self.zones)

    @property
    def ram_kb(self) -> int | None:
        """All memory: MemTotal, else the sum of the zones."""
        if self.total_kb:
            return self.total_kb
        return sum((zone.size_pages or 0) * zone.page_kb for zone in self.zones) or None

    @property
    def lowmem_kb(self) -> int | None:
        """The memory that min_free_kbytes is spread over: on 32-bit only lowmem."""
        pages = lowmem_pages(self.release, self.zones) if self.zones else None
        return pages * self.zones[0].page_kb if pages else self.ram_kb


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """One zone's marks in pages, now and under the proposed settings; `floor` is what GFP_ATOMIC must leave."""

    name: str
    min_now: int
    low_now: int
    high_now: int
    floor_now: int
    min_then: int
    low_then: int
    high_then: int
    floor_then: int


@dataclass(frozen=True, slots=True)
class ReserveValue:
    """The proposed min_free_kbytes; `value_kb` None where none can or should be named, then `why_not` says so."""

    value_kb: int | None
    current_kb: int | None
    cap_kb: int | None
    cap_percent: int
    provenance: Provenance | None
    derivation: tuple[str, ...] = ()
    at_cap: bool = False
    why_not: str = ""


def reserve_value(situation: Situation) -> ReserveValue:
    """Choose the largest of what speaks for a larger reserve, below the cap."""
    use = situation.diagnosis.use
    short = use is not None and (use.swap_full or use.small_cache)
    percent = CAP_SHORT_PERCENT if short else CAP_PERCENT
    current, ram = situation.current_kb, situation.ram_kb
    origin = provenance(situation.release, situation.zones, current) if situation.zones else None
    if current is None or not ram or not situation.lowmem_kb:
        return ReserveValue(None, current, None, percent, origin, why_not=(
            "The present value or the memory's size is not known: double the present value, at most "
            f"{percent} % of memory."))
    cap = situation.lowmem_kb * percent // 100
    own = own_default(situation, origin, current)
    wanted = wishes(situation, current)
    if own is not None:
        # Somebody lowered it: back to the default first, more only for what was seen to be missing.
        wanted.insert(0, (own, f"What this kernel sets by itself on this host is {own} kB."))
    else:
        share = ram * LEAST_SHARE_PERMILLE // 1000
        wanted[:0] = [(2 * current, f"Twice the present {current} kB is {2 * current} kB."),
                      (share, f"0.5 % of {ram} kB of memory is {share} kB.")]
    best = max(wanted, key=lambda wish: wish[0])
    value = min(-(-best[0] // ROUND_KB) * ROUND_KB, cap // ROUND_KB * ROUND_KB or cap)
    words = tuple(text for _, text in wanted)
    if own is not None and own >= min(best[0], cap):
        # The kernel's own default is never too high, whatever share of a small host it is.
        return ReserveValue(own, current, cap, percent, origin, words)
    limit = f"{percent} % of {'lowmem' if situation.lowmem_kb < ram * 9 // 10 else 'memory'} is {cap} kB"
    if not worthwhile(value, current):
        further = "raising it further" if value <= current else f"to raise it by {value - current} kB more"
        return ReserveValue(None, current, cap, percent, origin, words, True, (
            f"vm.min_free_kbytes is {current} kB already and {limit}: {further} will not help and takes memory from "
            "processes."))
    held = (f"Held down to the cap: {limit}.",) if best[0] > value else ()
    return ReserveValue(value, current, cap, percent, origin, (*words, *held), best[0] > cap)


def worthwhile(value: int, current: int) -> bool:
    """Whether a step is large enough to change anything."""
    step = value - current
    return step >= STEP_LEAST_KB and step * 100 >= current * STEP_LEAST_PERCENT


def own_default(situation: Situation, origin: Provenance | None, current: int) -> int | None:
    """What the kernel sets by itself, where somebody has set clearly less; at least what its documentation asks for."""
    if not too_low(situation.release, situation.zones, current):
        return None
    return max(LEAST_KB, (origin.own_kb if origin is not None else None) or 0)


def wishes(situation: Situation, current: int) -> list[tuple[int, str]]:
    """(kB, why) for each thing seen that asks for a larger reserve."""
    found: list[tuple[int, str]] = []
    needs = nic_needs(situation.network, situation.receive_buffer) if situation.maybe_on_network else ()
    if needs:
        listed = "; ".join(need.words for need in needs[:3])
        found.append((reserve_for(needs), (
            f"One refill of the receive rings needs {sum(need.need_kb for need in needs)} kB ({listed}); atomic "
            f"requests may use {SHARE_NUMERATOR}/{SHARE_DENOMINATOR} of min, so {reserve_for(needs)} kB.")))
    best = situation.diagnosis.best
    if best is not None and situation.diagnosis.state_cause in OUT_OF_PAGES and best.margin_pages < 0:
        deficit = -best.margin_pages * best.zone.page_kb * SHARE_DENOMINATOR // SHARE_NUMERATOR
        found.append((current + deficit, f"{best.name} was {-best.margin_kb} kB short: {current + deficit} kB."))
    burst = burst_wish(situation, current)
    if burst is not None:
        found.append(burst)
    return found


def burst_wish(situation: Situation, current: int) -> tuple[int, str] | None:
    """What one burst asked for: each printed report its own order, a suppressed one a page at the least.

    Counts that rate limits of RHEL 4-6 give are of other messages too and do not count.
    """
    series = situation.timeline
    if series is None or series.kind not in ("burst", "storm") or series.asked_pages <= 0:
        return None
    pages = series.asked_pages
    if series.reports > BURST_COUNTED_MOST:
        pages = pages * BURST_COUNTED_MOST // series.reports
    hidden = min(series.suppressed, BURST_COUNTED_MOST) if series.suppressed_exact and series.suppressed > 0 else 0
    page_kb = situation.zones[0].page_kb if situation.zones else 4
    kb = (pages + hidden) * page_kb
    wanted = current + kb * SHARE_DENOMINATOR // SHARE_NUMERATOR
    also = f", {hidden} of them for reports that were held back, one page each at the least" if hidden else ""
    return wanted, (f"The burst asked for {pages + hidden} pages ({kb} kB) more than there was{also}; atomic requests "
                    f"may use {SHARE_NUMERATOR}/{SHARE_DENOMINATOR} of min: {wanted} kB.")


def changes(situation: Situation, settings: Mapping[str, int]) -> tuple[ZoneChange, ...]:
    """Each zone's marks now and under `settings` (what they do not name stays); () when sizes are not known."""
    current = situation.current_kb
    if current is None:
        return ()
    now = {"min_free_kbytes": current, "extra_free_kbytes": situation.settings.get("extra_free_kbytes", 0),
           "watermark_scale_factor": situation.settings.get("watermark_scale_factor", DEFAULT_SCALE_FACTOR)}
    before = marks_under(situation, now)
    after = marks_under(situation, {**now, **settings})
    floor = situation.release

    def floor_pages(zone: Zone) -> int:
        return atomic_floor_pages(floor, zone.min_pages or 0)

    return tuple(
        ZoneChange(zone_name(old), old.min_pages or 0, old.low_pages or 0, old.high_pages or 0, floor_pages(old),
                   new.min_pages or 0, new.low_pages or 0, new.high_pages or 0, floor_pages(new))
        for old, new in zip(before, after, strict=True)
    )


def marks_under(situation: Situation, settings: Mapping[str, int]) -> tuple[Zone, ...]:
    return with_watermarks(
        situation.release, situation.zones, min_free_kbytes=settings["min_free_kbytes"],
        extra_free_kbytes=settings["extra_free_kbytes"], watermark_scale_factor=settings["watermark_scale_factor"],
    )


def replay_under(situation: Situation, marks: tuple[ZoneChange, ...]) -> str:
    """What the printed state would say under the new marks: mostly the same; kswapd would have begun earlier."""
    state, request = situation.failed_in, situation.diagnosis.request
    if state is None or request is None or not state.zones or not marks:
        return ""
    new = dict(zip(((zone.node or 0, zone.name) for zone in situation.zones), marks, strict=False))
    rules, _ = rules_for(situation.release)
    populated = [zone for zone in state.zones if zone.size_pages]
    if not rules or not all((zone.node or 0, zone.name) in new for zone in populated):
        return ""
    zones = tuple(moved(zone, new[zone.node or 0, zone.name]) for zone in populated)
    then = decide(request, MemInfo(zones=zones, page_kb=state.page_kb, counters_pages=state.counters_pages), rules[0])
    page_kb = state.page_kb
    earlier = sum(mark.low_then - mark.low_now for mark in marks) * page_kb
    kswapd = f"kswapd would have started {earlier} kB earlier"
    if then.replay.ok is None:
        return f"The printed state cannot be judged under the new marks; {kswapd}."
    if then.replay.ok:
        return f"Replayed under the new marks, the printed state passes; {kswapd}."
    return f"Replayed under the new marks, the printed state still fails: what changes is that {kswapd}."


def moved(zone: Zone, mark: ZoneChange) -> Zone:
    """The zone as printed, with the new marks."""
    return Zone(
        name=zone.name, node=zone.node, page_kb=zone.page_kb, free_pages=zone.free_pages, min_pages=mark.min_then,
        low_pages=mark.low_then, high_pages=mark.high_then, highatomic_pages=zone.highatomic_pages,
        free_cma_pages=zone.free_cma_pages, present_pages=zone.present_pages, managed_pages=zone.managed_pages,
        lowmem_reserve_pages=zone.lowmem_reserve_pages, free_area=zone.free_area,
    )
