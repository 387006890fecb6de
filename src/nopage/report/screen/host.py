"""What the first screen and the documents both say of a host and of a step: one message each."""
from __future__ import annotations

from nopage.kernel.message import Message, say
from nopage.kernel.plain import plain
from nopage.report.labels import ACTIONS
from nopage.report.screen.layout import cut
from nopage.report.speaker import Speaker
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
