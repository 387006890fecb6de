"""When nothing needs doing: a burst that did no harm, or a kernel that has been replaced since."""
from __future__ import annotations

from nopage.diagnosis.cause import NOT_SHOWN, SHOWN, TRANSIENT
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.what_if import NewerRule, Verdict, ground_of, what_if
from nopage.diagnosis.watermark import rules_for
from nopage.kernel.message import Message, say


def is_harmless(situation: Situation) -> bool:
    """One burst that did not come back and cost nothing, on a host whose reserve is no danger of its own."""
    if not situation.is_failure or not situation.atomic or situation.capture_kernel or situation.shortage:
        return False
    if situation.timeline is None or not situation.timeline.harmless or situation.too_low:
        return False
    verdict = situation.drops.verdict if situation.drops is not None else ""
    if situation.cause == TRANSIENT:
        return verdict != SHOWN
    return verdict == NOT_SHOWN and situation.on_network and own_counters(situation)


def own_counters(situation: Situation) -> bool:
    """That nothing was lost is told by the failing driver's own interface, not by another's."""
    nics = situation.network.nics if situation.network is not None else ()
    if situation.driver is None:
        return True
    return any(nic.driver == situation.driver for nic in nics) or not any(nic.driver for nic in nics)


def let_in_now(situation: Situation) -> bool:
    """The kernel that runs now has another rule than the one that failed, under which the printed state passes."""
    then, now = situation.printed_by, situation.release
    ground = ground_of(situation)
    if then is None or now is None or then == now or ground is None or not ground.printed or not situation.atomic:
        return False
    rules, _ = rules_for(now)
    if len(rules) != 1 or ground.rule is None or rules[0] == ground.rule:
        return False
    effect = what_if(ground, NewerRule(now.text, rules[0]))
    return effect.cures and effect.verdict is Verdict.PASSES


def calm_words(situation: Situation) -> Message:
    """Why nothing is needed."""
    if let_in_now(situation) and situation.release is not None and situation.printed_by is not None:
        return say(
            "remedy.none_needed.let_in_now",
            "{kernel_then} refused it; under the watermark rule of {kernel_now}, which runs now, the printed state "
            "passes.",
            kernel_then=situation.printed_by.text, kernel_now=situation.release.text,
        )
    if situation.cause == TRANSIENT:
        return say("remedy.none_needed.over",
                   "The shortage was over before the report was printed, and it did not come back.")
    return say("remedy.none_needed.burst",
               "One short burst of traffic, and no counter shows a lost packet: harmless unless it comes back.")
