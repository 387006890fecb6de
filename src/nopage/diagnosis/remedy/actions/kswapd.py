"""An earlier kswapd by the marks above min (extra_free_kbytes, watermark_scale_factor), and no watermark boost."""
from __future__ import annotations

from dataclasses import replace

from nopage.diagnosis.cause import OUT_OF_BLOCKS, OUT_OF_PAGES, TRANSIENT, UNKNOWN
from nopage.diagnosis.remedy.actions.context import Context, Proposal
from nopage.diagnosis.remedy.problem import Kind
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import paragraph, sysctl_step
from nopage.diagnosis.remedy.values import NODE_KB, ZoneChange, all_above, changes, worthwhile
from nopage.diagnosis.remedy.what_if import NewMarks, NoBoost, Verdict, ground_of, what_if
from nopage.diagnosis.watermark import DEFAULT_SCALE_FACTOR
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.watermarks import has_tunable, tunable_limits

EXTRA, SCALE, BOOST = "vm.extra_free_kbytes", "vm.watermark_scale_factor", "vm.watermark_boost_factor"
# In 1/10000 of each zone. Up to SCALE_FACTOR_USUAL as far as its cost allows; to SCALE_FACTOR_MOST where only that
# would have woken kswapd before the failure, beyond it with its cost said.
SCALE_FACTORS = (20, 30, 40, 50, 75, 100, 150, 200, 300)
SCALE_FACTOR_USUAL, SCALE_FACTOR_MOST = 50, 100
EXTRA_SHARE_PERMILLE = 5
CACHE_RISK = say("remedy.earlier_kswapd.risk", "Less memory for cache.")
BETTER_FOR_BURSTS = say("remedy.raise_watermark_scale_factor.bursts",
                        "For bursts it is better than a large min_free_kbytes.")


def wants_earlier_kswapd(situation: Situation) -> bool:
    """Pages to reclaim are there; they only came too late."""
    if not situation.wants_reserve or situation.problem.kind not in (Kind.FAILURE, Kind.AT_RISK):
        return False
    return situation.cause in (*OUT_OF_PAGES, *OUT_OF_BLOCKS, UNKNOWN, TRANSIENT)


def raise_extra_free_kbytes(situation: Situation, context: Context) -> Proposal | None:
    """RHEL 6.2 on: kswapd starts earlier without a larger untouchable min."""
    value = context.value
    if not has_tunable(situation.release, "extra_free_kbytes") or value.bounds is None or value.then_kb is None:
        return None
    now = situation.settings.get("extra_free_kbytes")
    base_kb = value.bounds.base.base_kb
    wanted = min(base_kb * EXTRA_SHARE_PERMILLE // 1000, value.bounds.most_kb - value.then_kb) // 1024 * 1024
    if wanted <= 0 or not worthwhile(value.then_kb + wanted, value.then_kb + (now or 0)):
        return None
    if above_high_under(situation, NewMarks(value.then_kb, wanted)):
        return None
    reason = say(
        "remedy.raise_extra_free_kbytes.reason",
        "It raises low and high but not min: kswapd starts earlier, and requests that may wait can still use what it "
        "frees. Size it to the burst.",
    )
    step = sysctl_step("raise_extra_free_kbytes", EXTRA, wanted, now, reason, CACHE_RISK)
    zones = changes(situation, {"min_free_kbytes": value.then_kb, "extra_free_kbytes": wanted})
    return Proposal(replace(step, zones=zones), NewMarks(min_free_kbytes=value.then_kb, extra_free_kbytes=wanted))


def above_high_under(situation: Situation, marks: NewMarks) -> bool:
    """Every large zone has more free than its high mark under the new settings, too: kswapd would not wake."""
    if situation.cause not in OUT_OF_BLOCKS:
        return False
    return all_above(situation, {one.name: one.high_then for one in changes(situation, marks.named)})


def raise_watermark_scale_factor(situation: Situation, context: Context) -> Proposal | None:
    """RHEL 8 on: widens low and high, max(min / 4, the zone's share of the factor) and twice that above min."""
    limits = tunable_limits(situation.release, "watermark_scale_factor")
    if limits is None:
        return None
    now = situation.settings.get("watermark_scale_factor")
    wanted = scale_factor(situation, context, limits[1] or max(SCALE_FACTORS))
    if wanted is None or wanted <= (DEFAULT_SCALE_FACTOR if now is None else now):
        return None
    if above_high_under(situation, NewMarks(context.value.then_kb, None, wanted)):
        return None
    kb = situation.page_kb
    alone = distance(changes(situation, {"watermark_scale_factor": wanted})) * kb
    if alone:
        beside = min_then(context)
        both = distance(changes(situation, {**beside, "watermark_scale_factor": wanted})) * kb
        default = distance(changes(situation, {**beside, "watermark_scale_factor": DEFAULT_SCALE_FACTOR})) * kb
        if not worthwhile(both, default):
            return None  # a quarter of min is as far already
    cost = NOTHING
    if wanted > SCALE_FACTOR_MOST:
        cost = say("remedy.raise_watermark_scale_factor.cost",
                   "Less than that would not have woken kswapd before this failure; it keeps {cost_mb} MB more free.",
                   cost_mb=2 * alone // 1024)
    reason = paragraph(scale_words(wanted, alone, distance_now(situation, now)), BETTER_FOR_BURSTS, cost)
    step = sysctl_step("raise_watermark_scale_factor", SCALE, wanted, now, reason, CACHE_RISK)
    # The factor was chosen beside the plan's own min, so it is tried beside it.
    zones = changes(situation, {**min_then(context), "watermark_scale_factor": wanted})
    return Proposal(replace(step, zones=zones), NewMarks(context.value.value_kb, None, wanted))


def scale_factor(situation: Situation, context: Context, most: int) -> int | None:
    """The smallest factor under which kswapd would have been awake; else the largest usual one that does not cost much.

    None where even the least takes too much: with static hugepages a zone is much larger than what is left of it.
    """
    able = [factor for factor in SCALE_FACTORS if factor <= most and affordable(situation, context, factor)]
    ground, then_kb = ground_of(situation), context.value.then_kb
    if ground is not None and ground.printed:

        def wakes(factor: int | None) -> bool:
            return what_if(ground, NewMarks(then_kb, None, factor)).verdict is Verdict.KSWAPD_EARLIER

        found = next((factor for factor in able if wakes(factor)), None)
        if found is not None and not wakes(None):
            return found
    return max((factor for factor in able if factor <= SCALE_FACTOR_USUAL), default=None)


def affordable(situation: Situation, context: Context, factor: int) -> bool:
    """What kswapd keeps free beyond min stays below the bound of a reserve, and of one step of it."""
    bounds = context.value.bounds
    beside = min_then(context)
    apart = 2 * distance(changes(situation, {**beside, "watermark_scale_factor": factor})) * situation.page_kb
    if bounds is None or not apart:
        return factor <= SCALE_FACTOR_USUAL
    usual = changes(situation, {**beside, "watermark_scale_factor": DEFAULT_SCALE_FACTOR})
    default = 2 * distance(usual) * situation.page_kb
    return apart <= min(bounds.base.bound_kb(), max(NODE_KB * bounds.nodes, 2 * default))


def min_then(context: Context) -> dict[str, int]:
    """min_free_kbytes once the plan is followed: what any other setting is judged beside."""
    return {"min_free_kbytes": context.value.then_kb} if context.value.then_kb is not None else {}


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
    if factor is not None:
        return sum(mark.low_now - mark.min_now for mark in changes(situation, {})) * situation.page_kb
    marks = [(zone.min_pages, zone.low_pages) for zone in situation.zones]
    if any(minimum is None or low is None for minimum, low in marks):
        return None
    return sum((low or 0) - (minimum or 0) for minimum, low in marks) * situation.page_kb


def no_boost(situation: Situation, _: Context) -> Proposal | None:
    """Where the boost itself made it fail."""
    ground = ground_of(situation)
    if ground is None or situation.failed_in is None or not has_tunable(situation.release, "watermark_boost_factor"):
        return None
    now = situation.settings.get("watermark_boost_factor")
    if now == 0 or not any(ground.boosts.values()) or not what_if(ground, NoBoost()).cures:
        return None
    reason = say(
        "remedy.no_watermark_boost.reason",
        "The printed marks are raised for a while by a watermark boost ({boost_kb} kB over all zones), which follows a "
        "mix of movable and unmovable pages in one block; without it the request has what it needs.",
        boost_kb=sum(ground.boosts.values()) * situation.page_kb,
    )
    risk = say("remedy.no_watermark_boost.risk", "Memory may become more fragmented over weeks.")
    return Proposal(sysctl_step("no_watermark_boost", BOOST, 0, now, reason, risk), NoBoost())
