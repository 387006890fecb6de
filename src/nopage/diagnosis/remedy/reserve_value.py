"""A value for vm.min_free_kbytes, with where it comes from.

The rule is this tool's, after KERNEL.md 5.6: at least twice the present value and 0.5 % of memory, enough for the rings
and for what was seen missing; never more than 5 %, and 3 % where there is little cache or swap is full.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nopage.diagnosis.cause import NETWORK_PATHS, OUT_OF_PAGES, Diagnosis, Drops, HostNetwork, Timeline
from nopage.diagnosis.remedy.nic_needs import SHARE_DENOMINATOR, SHARE_NUMERATOR, Observed, nic_needs, reserve_for
from nopage.diagnosis.watermark import (
    LEAST_KB,
    Provenance,
    implied_min_free_kbytes,
    provenance,
    sized,
    too_low,
)
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release
from nopage.kernel.watermarks import lowmem_pages

CAP_PERCENT, CAP_SHORT_PERCENT = 5, 3
LEAST_SHARE_PERMILLE = 5
ROUND_KB = 1024
# A smaller step is not worth a change of settings.
STEP_LEAST_KB, STEP_LEAST_PERCENT = 1024, 10
BURST_COUNTED_MOST = 1000
RINGS_TOLD = 3


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
class ReserveValue:
    """The proposed min_free_kbytes; `value_kb` None where none can or should be named, then `why_not` says so."""

    value_kb: int | None
    current_kb: int | None
    cap_kb: int | None
    cap_percent: int
    provenance: Provenance | None
    derivation: tuple[Message, ...] = ()
    at_cap: bool = False
    why_not: Message = NOTHING


def reserve_value(situation: Situation) -> ReserveValue:
    """Choose the largest of what speaks for a larger reserve, below the cap."""
    use = situation.diagnosis.use
    short = use is not None and (use.swap_full or use.small_cache)
    percent = CAP_SHORT_PERCENT if short else CAP_PERCENT
    current, ram = situation.current_kb, situation.ram_kb
    origin = provenance(situation.release, situation.zones, current) if situation.zones else None
    if current is None or not ram or not situation.lowmem_kb:
        return ReserveValue(None, current, None, percent, origin, why_not=say(
            "reserve.unknown",
            "The present value or the memory's size is not known: double the present value, at most {cap_percent} % of "
            "memory.",
            cap_percent=percent,
        ))
    cap = situation.lowmem_kb * percent // 100
    own = own_default(situation, origin, current)
    wanted = wishes(situation, current)
    if own is not None:
        # Somebody lowered it: back to the default first, more only for what was seen to be missing.
        wanted.insert(0, (own, say(
            "reserve.own_default", "What this kernel sets by itself on this host is {own_kb} kB.", own_kb=own)))
    else:
        share = ram * LEAST_SHARE_PERMILLE // 1000
        wanted[:0] = [
            (2 * current, say("reserve.twice", "Twice the present {current_kb} kB is {twice_kb} kB.",
                              current_kb=current, twice_kb=2 * current)),
            (share, say("reserve.share", "0.5 % of {memory_kb} kB of memory is {share_kb} kB.", memory_kb=ram,
                        share_kb=share)),
        ]
    best = max(wanted, key=lambda wish: wish[0])
    value = min(-(-best[0] // ROUND_KB) * ROUND_KB, cap // ROUND_KB * ROUND_KB or cap)
    words = tuple(text for _, text in wanted)
    if own is not None and own >= min(best[0], cap):
        # The kernel's own default is never too high, whatever share of a small host it is.
        return ReserveValue(own, current, cap, percent, origin, words)
    limit = cap_words(percent, cap, lowmem=situation.lowmem_kb < ram * 9 // 10)
    if not worthwhile(value, current):
        return ReserveValue(None, current, cap, percent, origin, words, True, no_further(value, current, limit))
    held = (say("reserve.held_down", "Held down to the cap: {limit}.", limit=limit),) if best[0] > value else ()
    return ReserveValue(value, current, cap, percent, origin, (*words, *held), best[0] > cap)


def cap_words(cap_percent: int, cap_kb: int, *, lowmem: bool) -> Message:
    """The cap, and what it is a share of."""
    if lowmem:
        return say("reserve.cap.lowmem", "{cap_percent} % of lowmem is {cap_kb} kB", cap_percent=cap_percent,
                   cap_kb=cap_kb)
    return say("reserve.cap", "{cap_percent} % of memory is {cap_kb} kB", cap_percent=cap_percent, cap_kb=cap_kb)


def no_further(value_kb: int, current_kb: int, limit: Message) -> Message:
    """Why a value at the cap is not raised."""
    if value_kb <= current_kb:
        return say(
            "reserve.at_cap",
            "vm.min_free_kbytes is {current_kb} kB already and {limit}: raising it further will not help and takes "
            "memory from processes.",
            current_kb=current_kb, limit=limit,
        )
    return say(
        "reserve.near_cap",
        "vm.min_free_kbytes is {current_kb} kB already and {limit}: to raise it by {step_kb} kB more will not help and "
        "takes memory from processes.",
        current_kb=current_kb, limit=limit, step_kb=value_kb - current_kb,
    )


def worthwhile(value: int, current: int) -> bool:
    """Whether a step is large enough to change anything."""
    step = value - current
    return step >= STEP_LEAST_KB and step * 100 >= current * STEP_LEAST_PERCENT


def own_default(situation: Situation, origin: Provenance | None, current: int) -> int | None:
    """What the kernel sets by itself, where somebody has set clearly less; at least what its documentation asks for."""
    if not too_low(situation.release, situation.zones, current):
        return None
    return max(LEAST_KB, (origin.own_kb if origin is not None else None) or 0)


def wishes(situation: Situation, current: int) -> list[tuple[int, Message]]:
    """(kB, why) for each thing seen that asks for a larger reserve."""
    found: list[tuple[int, Message]] = []
    needs = nic_needs(situation.network, situation.receive_buffer) if situation.maybe_on_network else ()
    if needs:
        found.append((reserve_for(needs), say(
            "reserve.rings",
            "One refill of the receive rings needs {need_kb} kB ({rings:join; }); atomic requests may use "
            "{share_numerator}/{share_denominator} of min, so {wanted_kb} kB.",
            need_kb=sum(need.need_kb for need in needs), rings=tuple(need.words for need in needs[:RINGS_TOLD]),
            share_numerator=SHARE_NUMERATOR, share_denominator=SHARE_DENOMINATOR, wanted_kb=reserve_for(needs),
        )))
    best = situation.diagnosis.best
    if best is not None and situation.diagnosis.state_cause in OUT_OF_PAGES and best.margin_pages < 0:
        deficit = -best.margin_pages * best.zone.page_kb * SHARE_DENOMINATOR // SHARE_NUMERATOR
        found.append((current + deficit, say("reserve.short", "{zone} was {short_kb} kB short: {wanted_kb} kB.",
                                             zone=best.name, short_kb=-best.margin_kb, wanted_kb=current + deficit)))
    burst = burst_wish(situation, current)
    if burst is not None:
        found.append(burst)
    return found


def burst_wish(situation: Situation, current: int) -> tuple[int, Message] | None:
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
    if not hidden:
        return wanted, say(
            "reserve.burst",
            "The burst asked for {asked_pages} pages ({asked_kb} kB) more than there was; atomic requests may use "
            "{share_numerator}/{share_denominator} of min: {wanted_kb} kB.",
            asked_pages=pages, asked_kb=kb, share_numerator=SHARE_NUMERATOR, share_denominator=SHARE_DENOMINATOR,
            wanted_kb=wanted,
        )
    return wanted, say(
        "reserve.burst.held_back",
        "The burst asked for {asked_pages} pages ({asked_kb} kB) more than there was, {hidden_pages} of them for "
        "reports that were held back, one page each at the least; atomic requests may use "
        "{share_numerator}/{share_denominator} of min: {wanted_kb} kB.",
        asked_pages=pages + hidden, asked_kb=kb, hidden_pages=hidden, share_numerator=SHARE_NUMERATOR,
        share_denominator=SHARE_DENOMINATOR, wanted_kb=wanted,
    )
