"""Another kernel: a watermark rule that lets the request in, a driver that asks for less, the article's build."""
from __future__ import annotations

from dataclasses import replace

from nopage.diagnosis.cause import OUT_OF_BLOCKS, UNKNOWN, WATERMARK_ORDER, fixes_of
from nopage.diagnosis.remedy.actions.context import Context, Proposal
from nopage.diagnosis.remedy.commands import update_command
from nopage.diagnosis.remedy.situation import HIGHATOMIC, Situation
from nopage.diagnosis.remedy.step import Step, paragraph
from nopage.diagnosis.remedy.what_if import LowerOrder, NewerRule, ground_of, newer_rules, what_if
from nopage.diagnosis.watermark import RED_HAT
from nopage.kernel.fixes import FIXES, ORDER_0_TAKES_HIGHATOMIC, ORDER_0_TAKES_HIGHATOMIC_UPSTREAM, Fix
from nopage.kernel.message import Message, say
from nopage.kernel.release import Release, parse_release

REBOOT = say("remedy.update_kernel.risk", "A reboot.")
MAJOR = say("remedy.update_kernel.major_release.risk", "An upgrade to another major release.")
RHEL_8 = "RHEL 8"
ARTICLE_BUILD = "2.6.32-358"
TAKES_HIGHATOMIC = "RHEL 9.6 ({}), Linux {}.{}".format(ORDER_0_TAKES_HIGHATOMIC, *ORDER_0_TAKES_HIGHATOMIC_UPSTREAM)
UNRESERVES_EARLIER = (4, 10, 0)


def or_later(kernel: str) -> Message:
    """The first build, or the release, that has what is missing."""
    return say("remedy.update_kernel.value", "{kernel} or later", kernel=kernel)


def update_kernel(situation: Situation, context: Context) -> Proposal | None:
    """The reasons to update that hold here; one step, to the newest build that one of them asks for."""
    proposal = kernel_wanted(situation, context)
    command = update_command(situation.release)
    if proposal is None or not command or proposal.step.risk == MAJOR:
        return proposal
    return replace(proposal, step=replace(proposal.step, commands=(command,)))


def kernel_wanted(situation: Situation, context: Context) -> Proposal | None:
    """The kernel to update to, and why."""
    found = [one for reason in (update_for_driver, update_for_rule) if (one := reason(situation)) is not None]
    if len(found) == 2:
        return together(*found)
    if found:
        return found[0]
    for reason in (update_for_held_pages, update_by_article, update_major):
        proposal = reason(situation)
        if proposal is not None:
            return proposal
    return None


def together(one: Proposal, other: Proposal) -> Proposal:
    """Both reasons, the newer of the two builds, and the first change, which is the driver's."""
    return Proposal(replace(newest_update(one.step, other.step), driver_fix=True), one.change or other.change)


def newest_update(one: Step, other: Step) -> Step:
    """One update for both: the newer of the two builds, and both reasons where they differ."""
    if one.value == other.value:
        return one
    first, second = (parse_release(build_of(step)) for step in (one, other))
    newest = other if first is None or (second is not None and second > first) else one
    return replace(newest, reason=paragraph(one.reason, other.reason), driver_fix=one.driver_fix or other.driver_fix)


def build_of(step: Step) -> str:
    return str(step.value.named["kernel"]) if isinstance(step.value, Message) else ""


def update_for_driver(situation: Situation) -> Proposal | None:
    """A known fix of the driver or function that asked, within this major release (the table of known fixes)."""
    release, diagnosis = situation.release, situation.diagnosis
    if diagnosis is None or release is None or not situation.is_failure:
        return None
    fix = next((row for row in fixes_of(diagnosis, release) if is_of_caller(row)), None)
    if fix is None:
        return None
    step = Step("update_kernel", or_later(fix.fixed_in), fix.words, REBOOT, driver_fix=True)
    return Proposal(step, LowerOrder(0) if situation.order else None)


def is_of_caller(fix: Fix) -> bool:
    """The row is about who asks, not about the allocator, and needs no other major release."""
    return fix.kind == FIXES and not fix.major and bool(fix.drivers or fix.functions)


def update_for_rule(situation: Situation) -> Proposal | None:
    """A newer watermark rule of the same major release, where the printed state passes under it."""
    release = situation.release
    if release is None or not release.exact or situation.order == 0 or not situation.atomic:
        return None
    ground = ground_of(situation)
    for change in newer_rules(release):
        if ground is not None and situation.failed_in is not None and what_if(ground, change).cures:
            return Proposal(Step("update_kernel", or_later(change.kernel), rule_words(change), REBOOT), change)
    if is_el6(release) and not release.at_least("2.6.32-431") and situation.cause in (*OUT_OF_BLOCKS, UNKNOWN):
        change = next(one for one in newer_rules(release) if one.kernel.endswith("-431"))
        more = article_words(release) if not release.at_least(ARTICLE_BUILD) else None
        return Proposal(Step("update_kernel", or_later(ARTICLE_BUILD if more else change.kernel),
                             more or rule_words(change), REBOOT), change)
    return None


def rule_words(change: NewerRule) -> Message:
    if change.rule.order_test == "relaxed":
        return say(
            "remedy.update_kernel.relaxed_rule",
            "From 2.6.32-431 (RHEL 6.5) a request of order 1 and more passes when two blocks of its order, or one "
            "larger, are free; this kernel wants many free pages in larger blocks as well.",
        )
    return say("remedy.update_kernel.newer_rule",
               "{kernel} ({kernels}) has another watermark check, which lets this request in.",
               kernel=change.kernel, kernels=change.rule.kernels)


def update_for_held_pages(situation: Situation) -> Proposal | None:
    """Order 0, and what is free lies in the high-order atomic reserve."""
    if situation.held_by != HIGHATOMIC:
        return None
    release = situation.printed_by
    rule = next(rule for generation, _, rule in RED_HAT if generation == "el10")
    newer = [change for change in newer_rules(situation.release) if change.rule.order0_takes_highatomic]
    change = newer[0] if newer else NewerRule(TAKES_HIGHATOMIC, rule)
    reason = say(
        "remedy.update_kernel.highatomic",
        "The free pages lie in the reserve for atomic requests of higher order, which order 0 may not take on this "
        "kernel; {kernel} and later let it.",
        kernel=change.kernel,
    )
    if release is not None and not release.exact and release.version < UNRESERVES_EARLIER:
        reason = paragraph(reason, say("remedy.update_kernel.highatomic.unreserve",
                                       "Linux 4.10 gives this reserve back sooner."))
    return Proposal(Step("update_kernel", or_later(change.kernel), reason, REBOOT if newer else MAJOR), change)


def update_by_article(situation: Situation) -> Proposal | None:
    """RHEL 6 below 2.6.32-358: the article's resolution."""
    release = situation.release
    if not is_el6(release) or release is None or release.at_least(ARTICLE_BUILD) or not situation.atomic:
        return None
    if not situation.is_failure or situation.shortage or situation.has("caller_bug"):
        return None
    reason = article_words(release)
    if situation.order == 0:
        reason = say(
            "remedy.update_kernel.order_0",
            "{kernel} is older than 2.6.32-358 (RHEL 6.4), the article's resolution, which keeps memory less "
            "fragmented. A single page is never missing for fragmentation: the update does not add free pages, it only "
            "helps requests of order 1 and more.",
            kernel=release.text,
        )
    return Proposal(Step("update_kernel", or_later(ARTICLE_BUILD), reason, REBOOT))


def article_words(release: Release) -> Message:
    return say(
        "remedy.update_kernel.resolution",
        "{kernel} is older than 2.6.32-358 (RHEL 6.4), which keeps memory less fragmented. Better still is "
        "2.6.32-431 (RHEL 6.5) or later, best the latest of RHEL 6.10: from there a request of order 1 and more no "
        "longer needs many free pages in larger blocks. It makes such failures rarer, it does not end them.",
        kernel=release.text,
    )


def update_major(situation: Situation) -> Proposal | None:
    """Releases whose every kernel has the strict per-order rule."""
    release = situation.release
    if release is None or not release.exact or situation.order == 0 or not situation.atomic:
        return None
    if release.generation not in ("el4", "el5", "el7") or situation.cause != WATERMARK_ORDER:
        return None
    rule = next(rule for generation, _, rule in reversed(RED_HAT) if generation == "el8")
    reason = say(
        "remedy.update_kernel.major_release",
        "No kernel of this release relaxes the per-order rule that refused the free block; from RHEL 8 on one "
        "suitable free block is enough.",
    )
    return Proposal(Step("update_kernel", or_later(RHEL_8), reason, MAJOR), NewerRule(RHEL_8, rule))


def is_el6(release: Release | None) -> bool:
    return release is not None and release.exact and release.generation == "el6"
