"""Every step is tried before it is offered: what the printed state would say of the failed request after a change.

One state, replayed again: it tells whether this request would have passed, not what would have happened on the way.
A change of settings mostly does not make a printed state pass; where its free pages lie between the old and the new
low mark kswapd would have been at work already, and only there that is claimed.
"""
from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from nopage.diagnosis.cause import TRANSIENT, UNKNOWN, decide
from nopage.diagnosis.remedy.what_if.change import Change
from nopage.diagnosis.remedy.what_if.ground import Ground
from nopage.diagnosis.watermark import zone_name
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say

PRINTED = say("what_if.printed", "the printed state")
COLLECTED = say("what_if.collected", "the collected state")
NO_RULE = say("what_if.no_rule", "the kernel's watermark rule is not known")


class Verdict(StrEnum):
    """What a change does to the printed state."""

    PASSES = "passes"
    STILL_FAILS = "still_fails"
    KSWAPD_EARLIER = "kswapd_earlier"
    CANNOT_BE_TOLD = "cannot_be_told"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the printed state, and what it said before the change.

    `before` is never KSWAPD_EARLIER; where it is PASSES the change is not what makes it pass. `cause` is the cause
    that the state then has ("" where nothing was replayed). `zone` decided, as the kernel prints its name, with
    `free_pages` free and a margin (0 and more passes, -1 fails by one page); its low mark, with the lowmem_reserve that
    counts beside it, was `low_now_pages` and is `low_then_pages`. `earlier_kb` only of KSWAPD_EARLIER. `of_others`: the
    request is not the one that is shown.
    """

    verdict: Verdict
    before: Verdict
    words: Message
    cause: str = ""
    zone: str = ""
    free_pages: int | None = None
    margin_pages: int | None = None
    low_now_pages: int | None = None
    low_then_pages: int | None = None
    earlier_kb: int = 0
    of_others: bool = False

    @property
    def cures(self) -> bool:
        """The request passes, and it is the change that makes it."""
        return self.verdict is Verdict.PASSES and self.before is not Verdict.PASSES


def what_if(ground: Ground, change: Change) -> Effect:
    """Try `change` on the printed state."""
    before = Verdict.CANNOT_BE_TOLD
    if ground.rule is not None:
        before = verdict_of(decide(ground.request, ground.state, ground.rule).cause)
    altered = change.applied(ground)
    if isinstance(altered, Message):
        return Effect(Verdict.CANNOT_BE_TOLD, before, unknown(change, altered))
    if altered.rule is None:
        return Effect(Verdict.CANNOT_BE_TOLD, before, unknown(change, NO_RULE))
    decision = decide(altered.request, altered.state, altered.rule)
    verdict, best = verdict_of(decision.cause), decision.best
    if verdict is Verdict.CANNOT_BE_TOLD or best is None:
        return Effect(Verdict.CANNOT_BE_TOLD, before, unknown(change, decision.reason), decision.cause)
    printed = next((zone for zone in ground.state.zones if zone_name(zone) == best.name), best.zone)
    state = PRINTED if ground.printed else COLLECTED
    effect = Effect(
        verdict, before, say("what_if.passes", "{change}, this request passes on {state} ({verdict}).",
                             change=change.words, state=state, verdict=best.words),
        decision.cause, best.name, best.zone.free_pages, best.margin_pages,
        with_reserve(printed.low_pages, best.reserve_pages), with_reserve(best.zone.low_pages, best.reserve_pages),
    )
    if verdict is Verdict.PASSES and before is Verdict.PASSES:
        return replace(effect, words=say(
            "what_if.passes_anyway", "{change}, this request passes on {state}, as it does without ({verdict}).",
            change=change.words, state=state, verdict=best.words))
    if verdict is Verdict.PASSES:
        return effect
    return kswapd_earlier(effect, change, best.zone.page_kb, best.words, state) or replace(effect, words=say(
        "what_if.still_fails", "{change}, this request still fails on {state} ({verdict}).",
        change=change.words, state=state, verdict=best.words,
    ))


def kswapd_earlier(
    effect: Effect, change: Change, page_kb: int, verdict: Message | str, state: Message
) -> Effect | None:
    """The effect where the free pages stand above the old low mark and not above the new one; else None.

    kswapd is woken where the check fails at low: mm/page_alloc.c: get_page_from_freelist(), wake_all_kswapds().
    """
    free, low_now, low_then = effect.free_pages, effect.low_now_pages, effect.low_then_pages
    if free is None or low_now is None or low_then is None or not low_now < free <= low_then:
        return None
    earlier_kb = (low_then - low_now) * page_kb
    return replace(effect, verdict=Verdict.KSWAPD_EARLIER, earlier_kb=earlier_kb, words=say(
        "what_if.kswapd_earlier",
        "{change}, this request still fails on {state} ({verdict}), but kswapd starts {earlier_kb} kB "
        "earlier: {free_pages} free pages are above the present low mark ({low_now_pages}) but not above the new one "
        "({low_then_pages}).",
        change=change.words, state=state, verdict=verdict, earlier_kb=earlier_kb, free_pages=free,
        low_now_pages=low_now, low_then_pages=low_then,
    ))


def unknown(change: Change, reason: Message | str) -> Message:
    """Why a change cannot be tried."""
    return say("what_if.cannot_be_told", "{change} it cannot be told whether this request passes: {reason}.",
               change=change.words, reason=reason)


def with_reserve(mark: int | None, reserve: int) -> int | None:
    """A mark as it binds the request."""
    return None if mark is None else mark + reserve


def verdict_of(cause: str) -> Verdict:
    """A cause as the verdict on the request."""
    return {TRANSIENT: Verdict.PASSES, UNKNOWN: Verdict.CANNOT_BE_TOLD}.get(cause, Verdict.STILL_FAILS)


def cannot_try(reason: Message, change: Change | None = None) -> Effect:
    """The effect of what no replay can tell."""
    words = unknown(change, reason) if change is not None else say(
        "what_if.not_tried", "Whether this request then passes cannot be told: {reason}.", reason=reason)
    return Effect(Verdict.CANNOT_BE_TOLD, Verdict.CANNOT_BE_TOLD, words)
