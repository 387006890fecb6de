"""Remedies that are one vm.* value: a larger reserve, an earlier kswapd, low zones kept for those who need them."""
from __future__ import annotations

from dataclasses import replace

from nopage.diagnosis.cause import (
    COSTLY_ORDER,
    OUT_OF_BLOCKS,
    OUT_OF_PAGES,
    TRANSIENT,
    UNKNOWN,
    WATERMARK_ORDER,
    ZONE_EXHAUSTED,
)
from nopage.diagnosis.remedy.nic_needs import is_fast
from nopage.diagnosis.remedy.remedy import Remedy, paragraph, sysctl_file, sysctl_remedy
from nopage.diagnosis.remedy.reserve_value import (
    STEP_LEAST_KB,
    STEP_LEAST_PERCENT,
    ReserveValue,
    Situation,
    own_default,
    worthwhile,
)
from nopage.diagnosis.remedy.zone_change import ZoneChange, changes, replay_under
from nopage.diagnosis.watermark import DEFAULT_SCALE_FACTOR, LEAST_KB, percent_of
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.watermarks import has_tunable, tunable_limits

SCALE_FACTOR_WANTED, SCALE_FACTOR_MOST = 50, 300
EXTRA_SHARE_PERMILLE = 5
RESERVE_RISK = say(
    "remedy.raise_min_free_kbytes.risk",
    "Processes can no longer use this memory; too high a value (5 % of memory and more) makes the OOM killer likelier.",
)
CACHE_RISK = say("remedy.earlier_kswapd.risk", "Less memory for cache.")
BETTER_FOR_BURSTS = say("remedy.raise_watermark_scale_factor.bursts",
                        "For bursts it is better than a large min_free_kbytes.")
SWAP_FULL = say("remedy.raise_min_free_kbytes.risk.swap_full",
                "Here swap is full, so the cap is 3 % instead of 5 %.")
NO_SWAP = say("remedy.raise_min_free_kbytes.risk.no_swap", "Here there is no swap, so the cap is 3 % instead of 5 %.")
SMALL_CACHE = say("remedy.raise_min_free_kbytes.risk.small_cache",
                  "Here cache is small, so the cap is 3 % instead of 5 %.")


def wants_reserve(situation: Situation) -> bool:
    """Whether a larger reserve can work for this cause."""
    diagnosis = situation.diagnosis
    if not situation.atomic or diagnosis.has("genuine_shortage") or situation.order > COSTLY_ORDER:
        return False
    if diagnosis.has("caller_bug"):
        return False
    # A request limited to DMA: its zone's share of the reserve is a few pages.
    dma_only = diagnosis.request is not None and diagnosis.request.zone_limit == "DMA"
    return not (situation.cause == ZONE_EXHAUSTED and dma_only)


def raise_min_free_kbytes(situation: Situation, value: ReserveValue) -> Remedy | None:
    """The article's remedy, where a larger reserve can work."""
    cause = situation.cause
    if not wants_reserve(situation):
        return None
    if value.value_kb is None:
        if value.at_cap:
            return None
        return Remedy("raise_min_free_kbytes", None, value.why_not, RESERVE_RISK, setting="vm.min_free_kbytes",
                      before=value.current_kb, file=sysctl_file(situation.release))
    marks = changes(situation, {"min_free_kbytes": value.value_kb})
    at_least = say(
        "remedy.raise_min_free_kbytes.value",
        "At least {value_kb} kB ({share}; now {current_kb} kB): {derivation:join }",
        value_kb=value.value_kb, share=share_words(situation, value.value_kb), current_kb=value.current_kb,
        derivation=value.derivation,
    )
    origin = value.provenance
    return replace(
        sysctl_remedy(
            situation.release, "raise_min_free_kbytes", "vm.min_free_kbytes", value.value_kb, value.current_kb,
            paragraph(why_reserve(cause), at_least, at_least_words(value)), paragraph(*reserve_risks(situation)),
        ),
        percent_of_ram=percent_of(value.value_kb, situation.ram_kb),
        cap_kb=value.cap_kb or 0,
        cap_percent=value.cap_percent,
        derivation=value.derivation,
        provenance=origin.kind if origin is not None else "",
        provenance_words=origin.words if origin is not None else NOTHING,
        zones=marks,
        replay=replay_under(situation, marks),
    )


def not_raised_further(situation: Situation, value: ReserveValue) -> Remedy | None:
    """Where a larger reserve would be the remedy but is at its cap: said, so that nobody misses it."""
    if not wants_reserve(situation) or value.value_kb is not None or not value.at_cap:
        return None
    reason = say("remedy.raise_min_free_kbytes.at_cap", "Not raised further: {why_not}", why_not=value.why_not)
    return Remedy("raise_min_free_kbytes", None, reason, before=value.current_kb)


def share_words(situation: Situation, kb: int) -> Message:
    """The value as a share of memory, and on 32-bit of the lowmem that it is taken from."""
    lowmem, ram = situation.lowmem_kb, situation.ram_kb
    percent = percent_of(kb, ram)
    if lowmem and ram and lowmem < ram * 9 // 10:
        return say("reserve.value_share.lowmem", "{memory_percent:.1f} % of memory, {lowmem_percent:.1f} % of lowmem",
                   memory_percent=percent, lowmem_percent=percent_of(kb, lowmem))
    return say("reserve.value_share", "{memory_percent:.1f} % of memory", memory_percent=percent)


def why_reserve(cause: str) -> Message:
    """What a larger reserve does about this cause."""
    if cause in OUT_OF_BLOCKS:
        return say("remedy.raise_min_free_kbytes.blocks",
                   "kswapd then keeps more pages free, and with them larger blocks: failures become rarer.")
    if cause == UNKNOWN:
        return say("remedy.raise_min_free_kbytes.unknown",
                   "Whether pages or blocks ran out, more free pages make it rarer.")
    return say("remedy.raise_min_free_kbytes.pages",
               "kswapd then starts earlier and leaves more for requests that cannot wait.")


def at_least_words(value: ReserveValue) -> Message:
    """Other programs may raise it too: never lower what they set."""
    origin = value.provenance
    if origin is None or value.value_kb is None:
        return NOTHING
    if origin.kind == "thp":
        return say("remedy.raise_min_free_kbytes.thp_raised",
                   "Transparent huge pages raised it to the present value and may again, and so may a tuned profile.")
    if origin.thp_kb is not None and origin.thp_kb > value.value_kb:
        return say("remedy.raise_min_free_kbytes.thp_may_raise",
                   "Transparent huge pages may raise it to {thp_kb} kB; leave it there then.", thp_kb=origin.thp_kb)
    return NOTHING


def reserve_risks(situation: Situation) -> list[Message]:
    """What a larger reserve costs, and where it is not enough."""
    risks = [RESERVE_RISK]
    use = situation.diagnosis.use
    if use is not None and (use.swap_full or use.small_cache):
        risks.append(
            SWAP_FULL if use.swap_full and use.swap_total_kb else NO_SWAP if use.swap_full else SMALL_CACHE)
    driver = situation.diagnosis.asker.driver if situation.diagnosis.asker else None
    if situation.maybe_on_network and is_fast(situation.network, driver):
        risks.append(say(
            "remedy.raise_min_free_kbytes.risk.fast_traffic",
            "It cannot be raised enough for sustained traffic at 10 Gbit/s: there only smaller bursts help.",
        ))
    if situation.cause == WATERMARK_ORDER:
        risks.append(say("remedy.raise_min_free_kbytes.risk.per_order",
                         "This kernel's per-order rule demands more in larger blocks as min grows."))
    return risks


def raise_extra_free_kbytes(situation: Situation, value: ReserveValue) -> Remedy | None:
    """RHEL 6.2 on: kswapd starts earlier without a larger untouchable min."""
    if not wants_earlier_kswapd(situation) or not has_tunable(situation.release, "extra_free_kbytes"):
        return None
    if value.current_kb is None or value.cap_kb is None or not situation.ram_kb:
        return None
    now = situation.settings.get("extra_free_kbytes")
    wanted = max(2 * (now or 0), situation.ram_kb * EXTRA_SHARE_PERMILLE // 1000, value.current_kb)
    extra = min(wanted, value.cap_kb - value.current_kb)
    if not worthwhile(value.current_kb + extra, value.current_kb + (now or 0)):
        return None
    reason = say(
        "remedy.raise_extra_free_kbytes.reason",
        "It raises low and high but not min: kswapd starts earlier, and requests that may wait can still use what it "
        "frees. Size it to the burst.",
    )
    return setting(situation, "raise_extra_free_kbytes", "extra_free_kbytes", extra, now, reason, CACHE_RISK)


def raise_watermark_scale_factor(situation: Situation, value: ReserveValue) -> Remedy | None:
    """RHEL 8 on: widens low and high, max(min / 4, the zone's share of the factor) and twice that above min."""
    limits = tunable_limits(situation.release, "watermark_scale_factor")
    if not wants_earlier_kswapd(situation) or limits is None:
        return None
    now = situation.settings.get("watermark_scale_factor")
    base = DEFAULT_SCALE_FACTOR if now is None else now
    wanted = min(max(2 * base, SCALE_FACTOR_WANTED), SCALE_FACTOR_MOST, limits[1] or SCALE_FACTOR_MOST)
    if wanted <= base:
        return None
    page_kb = situation.zones[0].page_kb if situation.zones else 4
    alone = distance(changes(situation, {"watermark_scale_factor": wanted})) * page_kb
    if alone:
        beside = {"min_free_kbytes": value.value_kb} if value.value_kb is not None else {}
        both = distance(changes(situation, {**beside, "watermark_scale_factor": wanted})) * page_kb
        without = distance(changes(situation, beside)) * page_kb
        if both - without < STEP_LEAST_KB or (both - without) * 100 < without * STEP_LEAST_PERCENT:
            return None  # a quarter of min is as far already
    reason = paragraph(scale_words(wanted, alone, distance_now(situation, now)), BETTER_FOR_BURSTS)
    return setting(situation, "raise_watermark_scale_factor", "watermark_scale_factor", wanted, now, reason, CACHE_RISK)


def scale_words(factor: int, low_kb: int, before_kb: int | None) -> Message:
    """How far low and high then stand above min: in kB where the zones' sizes are known (`low_kb` not 0)."""
    if not low_kb:
        return say(
            "remedy.raise_watermark_scale_factor.share",
            "Low and high then stand {low_percent:g} % and {high_percent:g} % of each zone above min, or min / 4: "
            "kswapd starts earlier.",
            low_percent=factor / 100, high_percent=factor / 50,
        )
    if before_kb is None:
        return say(
            "remedy.raise_watermark_scale_factor.distance",
            "Low and high then stand {low_kb} and {high_kb} kB above min over all zones: kswapd starts earlier.",
            low_kb=low_kb, high_kb=2 * low_kb,
        )
    return say(
        "remedy.raise_watermark_scale_factor.distance.now",
        "Low and high then stand {low_kb} and {high_kb} kB above min over all zones (now {low_now_kb} and "
        "{high_now_kb} kB): kswapd starts earlier.",
        low_kb=low_kb, high_kb=2 * low_kb, low_now_kb=before_kb, high_now_kb=2 * before_kb,
    )


def distance(marks: tuple[ZoneChange, ...]) -> int:
    """How far low is above min under the new settings, in pages over all zones; high is twice as far."""
    return sum(mark.low_then - mark.min_then for mark in marks)


def distance_now(situation: Situation, factor: int | None) -> int | None:
    """The same under the present settings in kB: by the collected factor, else as printed; None where neither is."""
    page_kb = situation.zones[0].page_kb if situation.zones else 4
    if factor is not None:
        return sum(mark.low_now - mark.min_now for mark in changes(situation, {})) * page_kb
    marks = [(zone.min_pages, zone.low_pages) for zone in situation.zones]
    if any(minimum is None or low is None for minimum, low in marks):
        return None
    return sum((low or 0) - (minimum or 0) for minimum, low in marks) * page_kb


def wants_earlier_kswapd(situation: Situation) -> bool:
    """Pages to reclaim are there; they only came too late."""
    useful = situation.cause in (*OUT_OF_PAGES, *OUT_OF_BLOCKS, UNKNOWN, TRANSIENT)
    return (useful and situation.atomic and situation.order <= COSTLY_ORDER
            and not situation.diagnosis.has("genuine_shortage") and not situation.diagnosis.has("caller_bug"))


def setting(
    situation: Situation, action: str, name: str, wanted: int, now: int | None, reason: Message, risk: Message
) -> Remedy:
    """A remedy that is one vm.* value; `now` None where it was not collected."""
    marks = changes(situation, {name: wanted})
    remedy = sysctl_remedy(situation.release, action, f"vm.{name}", wanted, now, reason, risk)
    return replace(remedy, zones=marks, replay=replay_under(situation, marks))


def reserve_below_least(situation: Situation, value: ReserveValue) -> Remedy | None:
    """Even where a larger reserve cures nothing, one below 1 MB is a danger: back to the kernel's own default."""
    current = value.current_kb
    if current is None or current >= LEAST_KB or not situation.atomic:
        return None
    wanted = own_default(situation, value.provenance, current)
    if wanted is None:
        return None
    reason = say(
        "remedy.raise_min_free_kbytes.below_least",
        "vm.min_free_kbytes is below {least_kb} kB, where the kernel's documentation warns of deadlock; by itself this "
        "kernel would set {wanted_kb} kB.",
        least_kb=LEAST_KB, wanted_kb=wanted,
    )
    return setting(situation, "raise_min_free_kbytes", "min_free_kbytes", wanted, current, reason, RESERVE_RISK)
