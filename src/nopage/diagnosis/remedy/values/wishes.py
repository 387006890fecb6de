"""What asks for a larger vm.min_free_kbytes: a share of memory, twice what was in force, full rings, a burst."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.cause import NETWORK_PATHS, OUT_OF_PAGES, HostNetwork
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.values.bounds import Bounds
from nopage.diagnosis.remedy.values.rings import SHARE_DENOMINATOR, SHARE_NUMERATOR, nic_needs, reserve_for
from nopage.diagnosis.watermark import sized
from nopage.kernel.message import Message, say

LEAST_SHARE_PERMILLE = 5
NEAR_PERCENT = 5
BURST_COUNTED_MOST = 1000
RINGS_TOLD = 3


def wishes(
    asking: Sequence[Situation], present: int, bounds: Bounds, *, told: bool
) -> list[tuple[int, Message]]:
    """(kB, why) for each thing that asks for a larger reserve; `present` is the value at the failure."""
    found: list[tuple[int, Message]] = []
    own, base = bounds.own_kb, bounds.base
    if own is not None and present * 100 < own * (100 - NEAR_PERCENT):
        found.append((own, own_words(own)))  # somebody lowered it: back first, more only for what was seen
    else:
        share = base.base_kb * LEAST_SHARE_PERMILLE // 1000
        twice = say("reserve.twice", "Twice the present {current_kb} kB is {twice_kb} kB.", current_kb=present,
                    twice_kb=2 * present)
        if not told:
            twice = say("reserve.twice_own", "Twice what this kernel sets by itself, {own_kb} kB, is {twice_kb} kB.",
                        own_kb=present, twice_kb=2 * present)
        found += [
            (2 * present, twice),
            (share, say("reserve.share", "0.5 % of {memory_kb} kB of memory is {share_kb} kB.",
                        memory_kb=base.base_kb, share_kb=share)),
        ]
    ringed = next((situation for situation in asking if is_of_rings(situation)), None)
    if ringed is not None:
        found += rings_wish(ringed.network, ringed)
    for situation in asking:
        burst = burst_wish(situation, present)
        if burst is not None:
            found.append(burst)
            break
    return found


def is_of_rings(situation: Situation) -> bool:
    """Whether the receive rings may be what asks: not where the caller is known to be none of the network's."""
    asker = situation.asker
    return asker is None or not asker.path_known or asker.path in NETWORK_PATHS


def rings_wish(network: HostNetwork | None, situation: Situation) -> list[tuple[int, Message]]:
    """All that the receive rings hold."""
    needs = nic_needs(network, situation.release, situation.page_kb)
    if not needs:
        return []
    return [(reserve_for(needs), say(
        "reserve.rings",
        "The receive rings hold {need_kb} kB when full ({rings:join; }); no driver refills a ring at once, so it is "
        "the most that a burst can ask for. Atomic requests may use {share_numerator}/{share_denominator} of min: "
        "{wanted_kb} kB.",
        need_kb=sum(need.need_kb for need in needs), rings=tuple(need.words for need in needs[:RINGS_TOLD]),
        share_numerator=SHARE_NUMERATOR, share_denominator=SHARE_DENOMINATOR, wanted_kb=reserve_for(needs),
    ))]


def burst_wish(situation: Situation, present: int) -> tuple[int, Message] | None:
    """What one burst asked for, where pages were short: each printed report its own order, a suppressed one a page.

    Counts that rate limits of RHEL 4-6 give are of other messages too and do not count.
    """
    series = situation.timeline
    if series is None or series.kind not in ("burst", "storm") or series.asked_pages <= 0:
        return None
    if situation.cause not in OUT_OF_PAGES or situation.failed_in is None or not sized(situation.failed_in.zones):
        return None
    pages = series.asked_pages
    if series.reports > BURST_COUNTED_MOST:
        pages = pages * BURST_COUNTED_MOST // series.reports
    hidden = min(series.suppressed, BURST_COUNTED_MOST) if series.suppressed_exact and series.suppressed > 0 else 0
    kb = (pages + hidden) * situation.page_kb
    wanted = present + kb * SHARE_DENOMINATOR // SHARE_NUMERATOR
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


def own_words(own: int) -> Message:
    return say("reserve.own_default", "What this kernel sets by itself on this host is {own_kb} kB.", own_kb=own)
