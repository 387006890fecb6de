"""Who asked for the memory: code path, driver, interrupt context, and a signature to group equal failures by."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from nopage.diagnosis.cause.asking.frames import RAW, Named, Walk, ends_in_task, walk
from nopage.diagnosis.cause.asking.path import is_known_other, path_in
from nopage.kernel.facts import FailureReport
from nopage.kernel.frozen import dataclass
from nopage.kernel.pattern import later
from nopage.kernel.release import Release
from nopage.kernel.symbols import (
    FOREIGN_TAINTS,
    HANDED_ON,
    INTERRUPT_ENTRIES,
    NETWORK_KIND,
    NETWORK_RECEIVE,
    OTHER,
    RECEIVE_INTERRUPTS,
    RECEIVED,
    RECLAIM,
    RX_BUFFERS,
    SETUP,
    SOFTIRQ_BODIES,
    STACKED_MODULES,
    SUBMITTED,
    SYMBOL_PREFIXES,
    is_in_tree,
    is_third_party,
    kind_of_module,
    layer_of,
    longest_prefix,
    plain,
)
from nopage.klog.report import CONTEXT_LOST

ASKING_FRAMES = 16
BUFFER_FRAMES = 3
LAYER_FRAMES = 6
SOFTIRQ_DAEMON = "ksoftirqd"
# Threads that poll cards or handle interrupts themselves (threaded NAPI, threaded handlers), and where they begin.
POLLING = (f"{SOFTIRQ_DAEMON}/", "napi/", "irq/", "ktimersoftd/", "ktimers/")
POLLED = frozenset((SOFTIRQ_DAEMON, "run_ksoftirqd", "smpboot_thread_fn", "napi_threaded_poll",
                    "napi_threaded_poll_loop", "irq_thread", "irq_thread_fn", "irq_forced_thread_fn"))
IDLE = later(r"^swapper(?:/\d+)?$")
BOOT = frozenset(("start_kernel", "kernel_init", "kernel_init_freeable", "do_one_initcall", "start_secondary"))
HARD_ENTRIES = INTERRUPT_ENTRIES - SOFTIRQ_BODIES - frozenset((
    "do_softirq", "call_softirq", "do_softirq_own_stack", "run_ksoftirqd", "ksoftirqd", "call_on_irq_stack",
))


@dataclass(frozen=True, slots=True)
class Asker:
    """What the call trace says of one request.

    `path` is "network receive", "network transmit", "sockets", "storage" or "other", `function` the first function
    above the allocator, `driver` the nearest module above it (or the built-in driver whose function it is) that is not
    beyond the next layer, `stack` all base symbols from there to where the interrupt began, `signature` a short hash.
    `received_by` is the network driver whose packet was worked on, `submitted_by` the module whose input, output or
    message it was: neither asked itself. `layer` is the kernel's own that asked ("TCP", "UDP", "IP", "SCSI", "block").
    `path_known` is False where the trace is missing, cut or has an address without a name, and no name tells a path:
    `path` "other" then only means that nobody can tell. A packet's buffer makes it a network path whoever asked.
    `context_known` is False where it cannot be told whether the report's comm asked or an interrupt
    did (`in_interrupt` is then False for want of a sign). `bystander`: comm was only interrupted; ksoftirqd is none of
    the softirqs that it runs. `receive_buffer`: what was wanted is a buffer of a receive
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
    received_by: str | None = None
    submitted_by: str | None = None
    layer: str | None = None
    bystander: bool = False

    @property
    def card(self) -> str | None:
        """The driver whose interfaces the failure is about: its own, or the one that received the packet."""
        own = self.received_by is None or kind_of_module(self.driver) == NETWORK_KIND
        return self.driver if own else self.received_by


def asker_of(report: FailureReport, *, sleeping: bool = False, release: Release | None = None) -> Asker:
    """All of it, in one walk over the trace.

    `sleeping`: the mask allows to sleep, so no interrupt can have asked. `release` tells which modules are the
    kernel's own; without it those of every release are.
    """
    read = walk(report)
    stack = tuple(RAW if name.startswith(RAW) else name for name, _ in read.asking)
    own = own_part(read.asking)
    driver = driver_in(own)
    in_interrupt = interrupted(report, read, sleeping=sleeping)
    setup = not in_interrupt and any(SETUP.search(name) for name in stack[:ASKING_FRAMES])
    in_task = not in_interrupt and (sleeping or ends_in_task(read.named))
    lost = CONTEXT_LOST in report.missing
    path = path_in(read, driver, in_interrupt, in_task, setup)
    outward = read.asking[len(own):]
    foreign_to = release.generation if release is not None and release.exact else None
    return Asker(
        path=path,
        driver=driver,
        function=stack[0] if stack and stack[0] != RAW else None,
        in_interrupt=in_interrupt,
        stack=stack,
        helpers=read.helpers,
        callers=frozenset(name for name, _ in read.named),
        third_party=third_party(driver, report.taint, foreign_to),
        signature=stack_hash(stack),
        path_known=path != OTHER or is_known_other(read, stack, driver, setup),
        context_known=in_interrupt or in_task or (bool(stack) and not lost),
        receive_buffer=fills_receive_ring(stack, path, driver),
        setup=setup,
        received_by=receiver_in(outward, driver),
        submitted_by=submitter_in(outward, driver),
        layer=next(filter(None, map(layer_of, stack[:LAYER_FRAMES])), None),
        bystander=in_interrupt and not runs_softirqs(report, read),
    )


def own_part(asking: Sequence[Named]) -> Sequence[Named]:
    """The frames up to where the asker's layer ends: whoever stands outward only handed it a packet or a request."""
    for index, (name, _) in enumerate(asking):
        if RECEIVED.match(name) or SUBMITTED.match(name) or HANDED_ON.match(name):
            return asking[:index]
    return asking


def receiver_in(outward: Sequence[Named], driver: str | None) -> str | None:
    """The network driver, outermost of all, that received the packet on whose way up somebody asked."""
    received = False
    found = None
    for name, frame in outward:
        received = received or RECEIVED.match(name) is not None
        module = frame.module or (built_in_driver(name) if received else None)
        if received and module and kind_of_module(module) == NETWORK_KIND and plain(module) not in STACKED_MODULES:
            found = plain(module)
    return found if found != driver else None


def submitter_in(outward: Sequence[Named], driver: str | None) -> str | None:
    """The module whose input, output or message the asker's layer worked on; not the asker itself once more."""
    if not outward or not SUBMITTED.match(outward[0][0]):
        return None
    for name, frame in outward:
        if RECEIVED.match(name):
            return None
        if frame.module:
            return plain(frame.module) if plain(frame.module) != driver else None
    return None


def fills_receive_ring(stack: tuple[str, ...], path: str, driver: str | None) -> bool:
    """The request is for a buffer of a network card's receive ring."""
    network = path == NETWORK_RECEIVE or kind_of_module(driver) == NETWORK_KIND
    return network and any(RX_BUFFERS.search(name) for name in stack[:BUFFER_FRAMES])


def interrupted(report: FailureReport, read: Walk, *, sleeping: bool = False) -> bool:
    """In interrupt context by the stack's marker, or because softirq functions are among the callers.

    The idle task asks for nothing: whatever runs in its name and cannot sleep is an interrupt, but for the boot.
    """
    if report.in_interrupt or report.comm.startswith(f"{SOFTIRQ_DAEMON}/"):
        return True
    if any(RECEIVE_INTERRUPTS.search(name) for name, _ in read.asking[:ASKING_FRAMES]):
        return True
    if not sleeping and report.pid == 0 and IDLE.match(report.comm) and read.named:
        return BOOT.isdisjoint(name for name, _ in read.named)
    callers = [name for name, _ in read.named if name in INTERRUPT_ENTRIES]
    vouched = any(frame.reliable for _, frame in read.named)
    return bool(read.entries) or (not vouched and len(callers) >= 2 and not SOFTIRQ_BODIES.isdisjoint(callers))


def runs_softirqs(report: FailureReport, read: Walk) -> bool:
    """comm is a thread that runs softirqs or polls, and no interrupt came between: it ran this one itself."""
    if not report.comm.startswith(POLLING):
        return False
    for name, _ in read.named:
        if name in POLLED:
            return True
        if name in HARD_ENTRIES and name in read.entries:
            return False
    return report.comm.startswith(SOFTIRQ_DAEMON)


def driver_in(own: Sequence[Named]) -> str | None:
    """The driver of the nearest frame that has one: its module, else that of a built-in driver's function."""
    for name, frame in own:
        if frame.module:
            return plain(frame.module)
        driver = built_in_driver(name)
        if driver:
            return driver
    return None


@lru_cache(maxsize=4096)
def built_in_driver(name: str) -> str | None:
    """The driver that a function belongs to by its name."""
    return longest_prefix(name, SYMBOL_PREFIXES) or None


def third_party(driver: str | None, taint: str | None, generation: str | None = None) -> str:
    """Whether the module is from elsewhere: "yes", "maybe" (an unknown one on a kernel tainted by such) or ""."""
    if driver is None:
        return ""
    if is_third_party(driver):
        return "yes"
    letters = (taint or "").removeprefix("Tainted:")
    foreign = taint is not None and "Not tainted" not in taint and not FOREIGN_TAINTS.isdisjoint(letters)
    return "maybe" if foreign and not is_in_tree(driver, generation) else ""


def stack_hash(stack: tuple[str, ...]) -> str:
    """Twelve hex digits that are equal for equal stacks, on every machine and run."""
    return hashlib.blake2b("\n".join(stack).encode("utf-8", "replace"), digest_size=6).hexdigest()


def reclaiming(asker: Asker, report: FailureReport) -> bool:
    """The task itself was reclaiming (PF_MEMALLOC), so outside interrupts it may ignore the watermarks."""
    return not asker.in_interrupt and not RECLAIM.isdisjoint(asker.callers) and bool(report.frames)
