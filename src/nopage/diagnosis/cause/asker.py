"""Who asked for the memory: code path, driver, interrupt context, and a signature to group equal failures by."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nopage.kernel.facts import FailureReport, Frame
from nopage.kernel.symbols import (
    ALLOCATOR_INTERNAL,
    FOREIGN_TAINTS,
    INTERRUPT_BOUNDARIES,
    INTERRUPT_ENTRIES,
    LEFTOVERS,
    NETWORK_MODULES,
    NETWORK_RECEIVE,
    NOISE,
    OTHER,
    RECEIVE_HELPERS,
    RECEIVE_INTERRUPTS,
    RECLAIM,
    RX_BUFFERS,
    SETUP,
    SOFTIRQ_BODIES,
    STORAGE,
    STORAGE_MODULES,
    SYMBOL_PREFIXES,
    TASK_BOTTOMS,
    THIRD_PARTY_MODULES,
    base_symbol,
    is_allocator,
    longest_prefix,
    path_of_symbol,
)
from nopage.klog.report import CONTEXT_LOST

INTERRUPT_CONTEXTS = ("irq", "softirq", "nmi", "exception")
FRAMES_MOST = 128
ASKING_FRAMES = 16
BUFFER_FRAMES = 3
SYSCALLS = ("sys_", "__x64_sys_", "__se_sys_", "__do_sys_", "__arm64_sys_", "__s390x_sys_")
LEFTOVERS_RELIABLE, LEFTOVERS_UNRELIABLE = 1, 5


@dataclass(frozen=True, slots=True)
class Asker:
    """What the call trace says of one request.

    `path` is "network receive", "network transmit", "sockets", "storage" or "other", `function` the first function
    above the allocator, `driver` the nearest module above it (or the built-in driver whose function it is), `stack`
    all base symbols from there to where the interrupt began, `signature` a short hash.
    `path_known` is False where the trace is missing or ends inside the allocator: `path` "other" then only means that
    nobody can tell. `context_known` is False where it cannot be told whether the report's comm asked or an interrupt
    did (`in_interrupt` is then False for want of a sign). `receive_buffer`: what was wanted is a buffer of a receive
    ring; `setup`: a device or module was being set up, no packet was under way.
    """

    path: str
    driver: str | None
    function: str | None
    in_interrupt: bool
    stack: tuple[str, ...]
    helpers: frozenset[str]
    callers: frozenset[str]
    third_party: str
    signature: str
    path_known: bool = True
    context_known: bool = True
    receive_buffer: bool = False
    setup: bool = False


def asker_of(report: FailureReport, *, sleeping: bool = False) -> Asker:
    """All of it, in one walk over the trace; `sleeping`: the mask allows to sleep, so no interrupt can have asked."""
    frames = trusted_frames(report)
    named = [(base_symbol(frame.symbol), frame) for frame in frames]
    scanned = is_scanned(named)
    asked = [one for one in named if (one[1].reliable and not scanned) or not LEFTOVERS.match(one[0])]
    first = first_asker(asked, LEFTOVERS_UNRELIABLE if scanned else LEFTOVERS_RELIABLE)
    above = asked[first:]
    end = next((index for index, (name, frame) in enumerate(above)
                if name in INTERRUPT_BOUNDARIES or frame.context != above[0][1].context), len(above))
    asking = above[: end + 1] if end < len(above) and above[end][1].context == above[0][1].context else above[:end]
    stack = tuple(name for name, _ in asking)
    driver = driver_in(asking)
    in_interrupt = interrupted(report, named)
    setup = not in_interrupt and any(SETUP.search(name) for name in stack[:ASKING_FRAMES])
    in_task = not in_interrupt and (sleeping or ends_in_task(named))
    lost = CONTEXT_LOST in report.missing
    helpers = frozenset(name for name, _ in asked[:first])
    path = path_in(asking, driver, in_task)
    if not stack and not helpers.isdisjoint(RECEIVE_HELPERS):
        path = NETWORK_RECEIVE
    return Asker(
        path=OTHER if setup and path == NETWORK_RECEIVE else path,
        driver=driver,
        function=stack[0] if stack else None,
        in_interrupt=in_interrupt,
        stack=stack,
        helpers=helpers,
        callers=frozenset(name for name, _ in named),
        third_party=third_party(driver, report.taint),
        signature=stack_hash(stack),
        path_known=bool(stack) or path != OTHER,
        context_known=in_interrupt or in_task or (bool(stack) and not lost),
        receive_buffer=fills_receive_ring(stack, path, driver),
        setup=setup,
    )


def ends_in_task(named: Sequence[tuple[str, Frame]]) -> bool:
    """The trace reaches the beginning of a task's stack or its system call: it was not cut before an interrupt."""
    return any(name in TASK_BOTTOMS or name.startswith(SYSCALLS) for name, _ in named)


def fills_receive_ring(stack: tuple[str, ...], path: str, driver: str | None) -> bool:
    """The request is for a buffer of a network card's receive ring."""
    network = path == NETWORK_RECEIVE or driver in NETWORK_MODULES
    return network and any(RX_BUFFERS.search(name) for name in stack[:BUFFER_FRAMES])


def first_asker(named: Sequence[tuple[str, Frame]], leftovers: int) -> int:
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


def is_scanned(named: Sequence[tuple[str, Frame]]) -> bool:
    """The trace is every text address found on the stack: all marked "?", or a kernel too old to mark any.

    Up to 2.6.25 x86 marked none; its allocator is the one whose trace has __alloc_pages() but no reporting function.
    """
    names = {name for name, _ in named}
    if not names:
        return False
    marks_none = "__alloc_pages" in names and names.isdisjoint(("warn_alloc", "dump_stack", "dump_stack_lvl"))
    return marks_none or not any(frame.reliable for _, frame in named)


def trusted_frames(report: FailureReport) -> tuple[Frame, ...]:
    """The frames that the kernel vouches for; where it vouches for none (RHEL 6 marks all with "?"), all of them."""
    # A return address is never a function's first byte: "kthread+0x0" is a pointer that lay on the stack.
    frames = tuple(frame for frame in report.frames[:FRAMES_MOST] if frame.offset != 0)
    reliable = tuple(frame for frame in frames if frame.reliable)
    outside = any(name not in NOISE and not is_allocator(name) for name in (base_symbol(f.symbol) for f in reliable))
    return reliable if outside else frames


def interrupted(report: FailureReport, named: list[tuple[str, Frame]]) -> bool:
    """In interrupt context by the stack's marker, or because softirq functions are among the callers."""
    if report.in_interrupt or report.comm.startswith("ksoftirqd/"):
        return True
    if any(RECEIVE_INTERRUPTS.search(name) for name, _ in named[:ASKING_FRAMES]):
        return True
    callers = [name for name, frame in named if name in INTERRUPT_ENTRIES]
    vouched = [name for name, frame in named if name in INTERRUPT_ENTRIES and frame.reliable]
    return bool(vouched) or (len(callers) >= 2 and not SOFTIRQ_BODIES.isdisjoint(callers))


def driver_in(asking: list[tuple[str, Frame]]) -> str | None:
    """The nearest module of the asking frames, else the nearest function of a driver that is built in."""
    for _, frame in asking:
        if frame.module:
            return frame.module
    for name, _ in asking:
        driver = built_in_driver(name)
        if driver:
            return driver
    return None


@lru_cache(maxsize=4096)
def built_in_driver(name: str) -> str | None:
    """The driver that a function belongs to by its name."""
    return longest_prefix(name, SYMBOL_PREFIXES)


def path_in(asking: list[tuple[str, Frame]], driver: str | None, in_task: bool) -> str:
    """The path of the nearest function that tells one; where none does, of the module.

    What a card's driver does from an interrupt is mostly receiving; what it does for a process is not.
    """
    for name, _ in asking:
        path = path_of_symbol(name)
        if path:
            return path
    if driver in NETWORK_MODULES:
        return OTHER if in_task else NETWORK_RECEIVE
    return STORAGE if driver in STORAGE_MODULES else OTHER


def third_party(driver: str | None, taint: str | None) -> str:
    """Whether the module is from elsewhere: "yes", "maybe" (an unknown one on a kernel tainted by such) or ""."""
    if driver is None:
        return ""
    if driver in THIRD_PARTY_MODULES:
        return "yes"
    known = driver in NETWORK_MODULES or driver in STORAGE_MODULES or driver in SYMBOL_PREFIXES.values()
    letters = (taint or "").removeprefix("Tainted:")
    foreign = taint is not None and "Not tainted" not in taint and not FOREIGN_TAINTS.isdisjoint(letters)
    return "maybe" if foreign and not known else ""


def stack_hash(stack: tuple[str, ...]) -> str:
    """Twelve hex digits that are equal for equal stacks, on every machine and run."""
    return hashlib.blake2b("\n".join(stack).encode("utf-8", "replace"), digest_size=6).hexdigest()


def reclaiming(asker: Asker, report: FailureReport) -> bool:
    """The task itself was reclaiming (PF_MEMALLOC), so outside interrupts it may ignore the watermarks."""
    return not asker.in_interrupt and not RECLAIM.isdisjoint(asker.callers) and bool(report.frames)
