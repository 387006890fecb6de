"""The frames of a call trace that count: from whoever asked for the memory outward to where an interrupt began.

A stack that was only scanned (RHEL 4 and 5 mark no word of it, RHEL 6 each with "?") is full of words that earlier calls
left behind. They neither name the asker nor end the trace.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nopage.kernel.facts import FailureReport, Frame
from nopage.kernel.symbols import (
    ALLOCATOR_INTERNAL,
    INTERRUPT_BOUNDARIES,
    INTERRUPT_ENTRIES,
    INTERRUPT_WORDS,
    LEFTOVERS,
    NEVER_ASKS,
    NOISE,
    TASK_BOTTOMS,
    base_symbol,
    genuine_entries,
    is_allocator,
    is_unmarked_scan,
    path_of_symbol,
)

FRAMES_MOST = 128
SYSCALLS = ("sys_", "SyS_", "__x64_sys_", "__se_sys_", "__do_sys_", "__arm64_sys_", "__s390x_sys_", "__ia32_sys_")
LEFTOVERS_RELIABLE, LEFTOVERS_UNRELIABLE = 1, 5
RAW = "0x"  # how an address without a name begins

Named = tuple[str, Frame]


@dataclass(frozen=True, slots=True)
class Walk:
    """A trace, read.

    `named` are all its frames with their base symbols, `helpers` those of the allocator, `asking` the ones from the
    asker outward, up to and with the function where an interrupt began. `entries` are the interrupt entries that are
    believed. `whole`: the asking part is not cut; its outer end is an interrupt's or a task's beginning.
    """

    named: tuple[Named, ...]
    helpers: frozenset[str]
    asking: tuple[Named, ...]
    entries: frozenset[str]
    whole: bool


def walk(report: FailureReport) -> Walk:
    """The frames of one report that tell who asked."""
    frames = trusted_frames(report)
    named = tuple((base_symbol(frame.symbol), frame) for frame in frames)
    names = [name for name, _ in named]
    unmarked = is_unmarked_scan(names, [frame.address for frame in frames])
    scanned = unmarked or not any(frame.reliable for frame in frames)
    genuine = genuine_entries(names) if scanned else frozenset(range(len(named)))
    kept = [
        one for index, one in enumerate(named)
        if not (is_leftover(one[0], index in genuine) if scanned else LEFTOVERS.match(one[0]) and not one[1].reliable)
    ]
    boundary = next((index for index, (name, _) in enumerate(kept) if name in INTERRUPT_BOUNDARIES), len(kept))
    inside = kept[:boundary]
    if scanned:
        inside = without_bystanders(inside)
    first = first_asker(inside, LEFTOVERS_UNRELIABLE if scanned else LEFTOVERS_RELIABLE)
    above = inside[first:]
    end = next((index for index, (_, frame) in enumerate(above) if frame.context != above[0][1].context), len(above))
    ended = end < len(above) or boundary < len(kept)
    asking = above[:end]
    if end == len(above) and boundary < len(kept) and (not above or kept[boundary][1].context == above[0][1].context):
        asking = [*above, kept[boundary]] if above else above
    return Walk(
        named=named,
        helpers=frozenset(name for name, _ in inside[:first]),
        asking=tuple(asking),
        entries=frozenset(names[index] for index in genuine if names[index] in INTERRUPT_ENTRIES
                          and (unmarked or frames[index].reliable)),
        whole=ended or ends_in_task(named),
    )


def is_leftover(name: str, genuine: bool) -> bool:
    """A word of a scanned stack that tells of no call: of a clock, the scheduler, an interrupt that has long ended."""
    return (name in INTERRUPT_WORDS and not genuine) or (LEFTOVERS.match(name) is not None and not genuine)


def without_bystanders(named: list[Named]) -> list[Named]:
    """Without the steps of a packet's way that lie behind the allocator but never call it, if anybody else can have."""
    for index, (name, _) in enumerate(named):
        if name not in NEVER_ASKS and name not in NOISE and not is_allocator(name):
            return [one for one in named[:index] if one[0] not in NEVER_ASKS] + named[index:]
    return named


def first_asker(named: Sequence[Named], leftovers: int) -> int:
    """Where the allocator's own functions end; up to so many leftover words between them are passed over."""
    first = 0
    for index, (name, frame) in enumerate(named):
        if is_allocator(name) or (name in NOISE and index == first):
            first = index + 1
        elif any(inner in ALLOCATOR_INTERNAL for inner, _ in named[index + 1 : first + leftovers + 1]):
            continue
        elif index >= first + leftovers or frame.module or path_of_symbol(name):
            break
    return first


def ends_in_task(named: Sequence[Named]) -> bool:
    """The trace reaches the beginning of a task's stack or its system call: it was not cut before an interrupt."""
    return any(name in TASK_BOTTOMS or name.startswith(SYSCALLS) for name, _ in named)


def trusted_frames(report: FailureReport) -> tuple[Frame, ...]:
    """The frames that the kernel vouches for; where it vouches for none (RHEL 6 marks all with "?"), all of them."""
    frames = tuple(frame for frame in report.frames[:FRAMES_MOST] if may_return(frame))
    reliable = tuple(frame for frame in frames if frame.reliable)
    outside = any(name not in NOISE and not is_allocator(name) for name in (base_symbol(f.symbol) for f in reliable))
    return reliable if outside else frames


def may_return(frame: Frame) -> bool:
    """A return address is never a function's first byte: "kthread+0x0" is a pointer that lay on the stack.

    One behind the last byte is (a call that does not return stands there), but not where the kernel vouches for nothing.
    """
    return frame.offset != 0 and (frame.reliable or frame.offset is None or frame.offset != frame.size)
