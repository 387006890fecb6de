"""What the first screen and the documents both say of a host and of a step: one message each."""
from __future__ import annotations

from collections.abc import Mapping

from nopage.kernel.message import Message, say
from nopage.kernel.plain import plain
from nopage.report.labels import ACTIONS
from nopage.report.screen.layout import cut
from nopage.report.short import SHORT
from nopage.report.speaker import ENGLISH, Speaker
from nopage.result import Remedy, Result, Step

RELEASE_MOST = 48  # characters of a release: those of RHEL have up to 40


def kernel_said(result: Result) -> Message:
    """'RHEL 6.1 (2.6.32-131.21.1.el6.x86_64)'."""
    kernel = result.kernel
    if kernel.release is None:
        return say("host.no_kernel", "kernel release not found")
    release = cut(plain(kernel.release), RELEASE_MOST)
    if kernel.rhel:
        return say("host.rhel", "RHEL {rhel} ({release})", rhel=kernel.rhel, release=release)
    if kernel.generation is None:
        return say("host.kernel", "kernel {release}", release=release)
    return say("host.nearest", "kernel {release} (rules of RHEL {major})", release=release,
               major=kernel.generation.removeprefix("el"))


def no_host() -> Message:
    """What stands where a host's name is missing."""
    return say("host.no_name", "host name not collected")


def action_words(action: str, speak: Speaker) -> str:
    """What a step does, where nothing says it better."""
    return speak(ACTIONS[action]) if action in ACTIONS else action.replace("_", " ")


def value_words(step: Step | Remedy, speak: Speaker) -> str:
    """The value of a step; "" where it has none."""
    return speak.together(step.value_said) or ("" if step.value is None else str(step.value))


def now_said(step: Step) -> Message:
    """What a setting is before a step."""
    return say("step.now", "now {value}", value=str(step.before))


def update_said(step: Step, speak: Speaker) -> Message | None:
    """The step that asks for another kernel; None for every other."""
    if step.action != "update_kernel" or not step.value:
        return None
    return say("step.update", "update the kernel to {value}", value=value_words(step, speak))


def risk_said(step: Step, speak: Speaker) -> str:
    """What a step may cost, in short; "" where it costs nothing."""
    if not step.risk:
        return ""
    risk = speak.short(step.risk[0])
    if step.risk[0].id in SHORT:
        return risk
    inside = uncapital(risk) if speak.language == ENGLISH else risk
    return speak(say("document.risk", "risk: {risk}", risk=inside))


def uncapital(text: str) -> str:
    """The text as it goes on inside a sentence; a name in capitals stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


DEEDS: Mapping[str, Message] = {
    "add_memory": say("deed.add_memory", "less load at one time, more memory, or swap"),
    "balance_nodes": say("deed.balance_nodes", "spread memory over the nodes (numactl, cpusets)"),
    "deflate_balloon": say("deed.deflate_balloon", "take the balloon's memory back where the machine is run"),
    "lower_order": say("deed.lower_order", "smaller pieces: look for an update of what asks"),
    "none_needed": say("deed.none_needed", "nothing now"),
    "raise_lowmem_reserve": say("deed.low_zone", "ask the driver's vendor why it needs this zone"),
    "reduce_huge_pages": say("deed.reduce_huge_pages", "give back hugepages that nobody uses (vm.nr_hugepages)"),
}


def deed_said(step: Step, speak: Speaker) -> str:
    """What a step without a command asks for, in a few words that begin with what to do."""
    update = update_said(step, speak)
    if update is not None:
        return speak(update)
    if step.value not in (None, ""):
        value = plain(value_words(step, speak))
        if step.action == "lower_order":
            return speak(say("deed.lower_order_to", "smaller pieces ({value})", value=value))
        return value if step.setting is None else f"{step.setting} = {value}"
    told = DEEDS.get(step.action)
    if told is not None:
        return speak(told)
    return speak.short(step.reason[0]) if step.reason else action_words(step.action, speak)
