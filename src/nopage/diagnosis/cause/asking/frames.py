"""The frames of a call trace that count: from whoever asked for the memory outward to where an interrupt began.

A stack that was only scanned (RHEL 4 and 5 mark no word of it, RHEL 6 each with "?") is full of words that earlier
calls left behind. They neither name the asker nor end the trace.
"""
from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from nopage.kernel.facts import FailureReport, Frame
from nopage.kernel.frozen import dataclass
from nopage.kernel.pattern import later
from nopage.kernel.symbols import (
    ALLOCATOR_DOORS,
    ALLOCATOR_INTERNAL,
    HANDED_ON,
    INTERRUPT_BOUNDARIES,
    INTERRUPT_ENTRIES,
    INTERRUPT_WORDS,
    LEFTOVERS,
    NEVER_ASKS,
    NOISE,
    PACKET_STEPS,
    RECLAIM,
    SOFTIRQ_BODIES,
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
STEPS_NEAR = 3
RECEIVES = later(r"poll|clean|(?<!t)rx|rcv|recv|receive|napi|_intr|_isr|interrupt|backlog")
# The report and the page allocator, which no caller's address is handed to.
PAGE_LEVEL = frozenset((
    "dump_stack", "dump_stack_lvl", "warn_alloc", "warn_alloc_failed", "__alloc_pages_slowpath", "__alloc_pages",
    "__alloc_pages_nodemask", "__alloc_frozen_pages", "alloc_pages_current", "alloc_pages_mpol", "alloc_pages",
))
DISPATCHERS = NEVER_ASKS | INTERRUPT_ENTRIES | TASK_BOTTOMS
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
    frames, vouched = trusted_frames(report)
    named = tuple((base_symbol(frame.symbol), frame) for frame in frames)
    names = [name for name, _ in named]
    unmarked = is_unmarked_scan(names, [frame.address for frame in frames])
    scanned = unmarked or not vouched
    genuine = genuine_entries(names) if scanned else frozenset(range(len(named)))
    kept = [
        one for index, one in enumerate(named)
        if not (is_leftover(one[0], index in genuine) if scanned else LEFTOVERS.match(one[0]) and not one[1].reliable)
    ]
    boundary = next((index for index, (name, _) in enumerate(kept) if name in INTERRUPT_BOUNDARIES), len(kept))
    inside = kept[:boundary]
    if scanned:
        inside = without_bystanders(inside)
    leftovers = LEFTOVERS_UNRELIABLE if scanned else LEFTOVERS_RELIABLE
    first = first_asker(inside, leftovers, ALLOCATOR_DOORS if scanned else ALLOCATOR_INTERNAL)
    if first == len(inside):  # the trace was cut right behind: what was passed over is all there is
        inner = first_asker(inside, leftovers, ALLOCATOR_INTERNAL)
        first = inner if inner < first and is_handed_on(inside[inner], frames) else first
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


def is_handed_on(named: Named, frames: Sequence[Frame]) -> bool:
    """A word between the allocator's functions may be its caller: slab's hand on its address, a driver's receives."""
    name, frame = named
    return any(one.reliable for one in frames) or (frame.module is not None and RECEIVES.search(name) is not None)


def is_leftover(name: str, genuine: bool) -> bool:
    """A word of a scanned stack that tells of no call: of a clock, the scheduler, an interrupt that has long ended."""
    return (name in INTERRUPT_WORDS and not genuine) or (LEFTOVERS.match(name) is not None and not genuine)


def without_bystanders(named: list[Named]) -> list[Named]:
    """Without what lies on a scanned stack but never asks: packets that were freed, steps of packets long gone.

    A step of a packet's way up counts where the next one, the driver or the softirq stands outward of it, or nothing at
    all does any more; directly behind the allocator it never does, unless nobody else can have asked.
    """
    kept: list[Named] = []
    cut = not ends_in_task(named)
    for index in range(len(named) - 1, -1, -1):
        name, _ = named[index]
        outward = kept[-1 : -1 - STEPS_NEAR : -1]
        if name not in NEVER_ASKS or name in SOFTIRQ_BODIES or (
            name in PACKET_STEPS and ((cut and not outward) or any(takes_packets(near) for near in outward))
        ):
            kept.append(named[index])
    kept.reverse()
    asked = next((index for index, (name, _) in enumerate(kept)
                  if name not in NEVER_ASKS and name not in NOISE and not is_allocator(name)), None)
    if asked is None:
        return kept if kept else named
    return [one for one in kept[:asked] if one[0] not in NEVER_ASKS] + kept[asked:]


def takes_packets(named: Named) -> bool:
    """The frame is of a packet's way up: a step, the driver that received it, the softirq."""
    name, _ = named
    return name in PACKET_STEPS or name == "net_rx_action" or RECEIVES.search(name) is not None


def first_asker(named: Sequence[Named], leftovers: int, doors: frozenset[str]) -> int:
    """Where the allocator's own functions end; up to so many leftover words before its `doors` are passed over."""
    first = 0
    for index, (name, frame) in enumerate(named):
        if is_allocator(name) or (name in NOISE and index == first):
            first = index + 1
        elif leads_to(doors, named[index : first + leftovers + 1]):
            continue
        elif index >= first + leftovers or frame.module or path_of_symbol(name):
            break
    return first


def leads_to(doors: frozenset[str], named: Sequence[Named]) -> bool:
    """The first of these is left over: the allocator's own functions go on outward of it.

    Not those of an outer request that reclaims, whose shrinkers ask for memory themselves.
    """
    for name, _ in named:
        if name in RECLAIM or HANDED_ON.match(name):
            return False
        if name in doors:
            return True
    return False


def ends_in_task(named: Sequence[Named]) -> bool:
    """The trace reaches the beginning of a task's stack or its system call: it was not cut before an interrupt."""
    return any(name in TASK_BOTTOMS or name.startswith(SYSCALLS) for name, _ in named)


def trusted_frames(report: FailureReport) -> tuple[tuple[Frame, ...], bool]:
    """The frames that tell of calls, and whether the kernel vouches for whoever asked.

    Where it vouches for none (RHEL 6 marks all with "?"), or for none that can have asked but the allocator and, behind
    a gap, the softirq, all of them count; but what lies between the report and the page allocator does not. Outward of
    that, slab's functions hand on their caller's address: the word between them is mostly the asker's.
    """
    frames = tuple(frame for frame in report.frames[:FRAMES_MOST] if may_return(frame))
    reliable = tuple(frame for frame in frames if frame.reliable)
    inside = tuple(takewhile(lambda frame: frame.context == frames[0].context, reliable))
    if any(may_ask(base_symbol(frame.symbol)) for frame in inside):
        return reliable, True
    pages = (at for at, frame in enumerate(frames) if frame.reliable and base_symbol(frame.symbol) in PAGE_LEVEL)
    last = max(pages, default=0)
    return (*(frame for frame in frames[:last] if frame.reliable), *frames[last:]), False


def may_ask(name: str) -> bool:
    """A function that can have wanted memory for itself."""
    return not (name in NOISE or name in DISPATCHERS or is_allocator(name))


def may_return(frame: Frame) -> bool:
    """A return address is never a function's first byte: "kthread+0x0" is a pointer that lay on the stack.

    One behind the last byte is (a call that does not return stands there), but not where the kernel does not vouch.
    """
    return frame.offset != 0 and (frame.reliable or frame.offset is None or frame.offset != frame.size)
