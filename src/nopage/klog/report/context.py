"""On which stack each frame of a trace ran: task, irq, softirq, nmi or exception.

x86_64 marks its stacks (<IRQ> .. <EOI>, </IRQ>, <NMI>). Elsewhere, and inside an <IRQ> section, the functions tell:
what stands above __do_softirq ran in softirq, above do_IRQ in the interrupt. A stack that was only scanned (x86 up to
2.6.25; RHEL 6, all "?") is full of such words of interrupts that ended long ago; they count only where what they call
stands inside them.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nopage.kernel.symbols import base_symbol, genuine_entries, is_unmarked_scan
from nopage.klog.report.trace import RawFrame


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Entry functions of the softirq layer, 2.5 to 6.19, all architectures (kernel/softirq.c, arch/*/kernel/irq.c).
SOFTIRQ: Final = _names(
    """__do_softirq do_softirq handle_softirqs call_softirq __call_softirq call_do_softirq ___do_softirq
    do_softirq_own_stack __do_softirq_own_stack do_softirq_thunk do_call_softirq run_ksoftirqd ksoftirqd
    net_rx_action net_tx_action tasklet_action tasklet_hi_action tasklet_action_common run_timer_softirq
    blk_done_softirq rcu_core_si"""
)
HARDIRQ: Final = _names(
    """do_IRQ __do_IRQ do_irq handle_IRQ_event handle_irq_event handle_irq_event_percpu __handle_irq_event_percpu
    handle_IRQ handle_irq handle_edge_irq handle_level_irq handle_fasteoi_irq handle_fasteoi_ack_irq handle_percpu_irq
    handle_percpu_devid_irq handle_simple_irq generic_handle_irq generic_handle_domain_irq generic_handle_arch_irq
    __handle_domain_irq common_interrupt asm_common_interrupt __common_interrupt apic_timer_interrupt
    smp_apic_timer_interrupt sysvec_apic_timer_interrupt asm_sysvec_apic_timer_interrupt smp_local_timer_interrupt
    timer_interrupt call_function_single_interrupt smp_call_function_single_interrupt smp_call_function_interrupt
    sysvec_call_function_single asm_sysvec_call_function_single el1_irq el1h_64_irq el1h_64_irq_handler el1_interrupt
    el0_irq gic_handle_irq asm_do_IRQ __irq_svc __irq_usr do_IRQ_nonatomic plat_irq_dispatch handle_int ret_from_irq
    hardware_interrupt_common hardware_interrupt_entry do_extint ext_int_handler io_int_handler do_io_irq
    do_irq_async evtchn_do_upcall xen_evtchn_do_upcall __xen_evtchn_do_upcall xen_hvm_callback_vector
    riscv_intc_irq do_irq_own_stack __do_irq ret_from_intr"""
)
_NOT_X86: Final = _names(
    """plat_irq_dispatch handle_int riscv_intc_irq handle_exception ret_from_exception el1_irq el0_irq el1h_64_irq
    el1_interrupt gic_handle_irq asm_do_IRQ __irq_svc __irq_usr do_extint ext_int_handler io_int_handler"""
)
_SCANNED: Final = "__alloc_pages"  # the allocator of the kernels that mark no word
_EXTERNAL: Final = frozenset(("500", "501", "900", "901", "502", "a00", "e80", "ea0", "980", "f00"))  # ppc vectors
_X86_MARKERS: Final = frozenset(("IRQ", "/IRQ", "SOFTIRQ", "/SOFTIRQ", "EOI", "EOE", "NMI", "/NMI", "TASK", "/TASK"))
_MARKERS: Final = {"IRQ": "irq", "SOFTIRQ": "softirq", "NMI": "nmi", "TASK": "task"}


def contexts(entries: Sequence[RawFrame | str], comm: str = "") -> list[str]:
    """The context of every frame of `entries`, innermost first; str entries are stack markers.

    ksoftirqd runs nothing but softirqs, so a trace of it that was cut before its end is one all the same.
    """
    frames = [entry for entry in entries if isinstance(entry, RawFrame)]
    if not frames:
        return []
    trusted = any(frame.reliable for frame in frames)
    marked = _marks_stacks(entries)
    stale = _left_over(frames)
    current = stack = "task"
    told: list[str] = []
    for index, ground in zip(reversed(range(len(frames))), reversed(_stacks(entries)), strict=True):
        frame = frames[index]
        if ground != stack:
            stack = ground
            if ground != "irq" or current != "softirq":
                current = ground
        # Words found on the stack ("?") count only where nothing better was printed: RHEL 6 marks every frame so.
        if index not in stale and (frame.reliable or not (trusted or (marked and ground == "task"))):
            if frame.symbol in SOFTIRQ and ground in ("task", "irq"):
                current = "softirq"
            elif frame.symbol in HARDIRQ and (ground == "irq" or (ground == "task" and not marked)):
                current = "irq"
        told.append(current)
    told.reverse()
    if told[0] == "task" and comm.startswith("ksoftirqd"):
        return ["softirq" if context == "task" else context for context in told]
    return told


def _left_over(frames: Sequence[RawFrame]) -> frozenset[int]:
    """The words of a scanned stack that are no interrupt's entry; nothing for a trace that was unwound."""
    marked = sum(not frame.reliable for frame in frames)
    if 0 < marked < len(frames) or (not marked and not any(frame.symbol == _SCANNED for frame in frames)):
        return frozenset()
    names = [base_symbol(frame.symbol) if frame.offset != 0 else "" for frame in frames]
    if not marked and not is_unmarked_scan(names, [frame.address for frame in frames]):
        return frozenset()
    stale = frozenset(range(len(frames))) - genuine_entries(names)
    # On an interrupt's own stack, marked as such, a softirq's entry needs no proof.
    return frozenset(index for index in stale if frames[index].symbol in HARDIRQ) if marked else stale


def is_told(entries: Sequence[RawFrame | str]) -> bool:
    """Whether the trace tells its context although its end is lost."""
    return _marks_stacks(entries) or any(
        isinstance(entry, RawFrame) and (entry.symbol in SOFTIRQ or entry.symbol in HARDIRQ) for entry in entries
    )


def _marks_stacks(entries: Sequence[RawFrame | str]) -> bool:
    """x86 switches stacks for an interrupt and marks it, so in its traces an unmarked do_IRQ is no entry.

    Known by a marker, or by the addresses of x86_64 (from ffffffff80000000), which riscv and mips64 share.
    """
    found = False
    for entry in entries:
        if isinstance(entry, str):
            found = found or entry in _X86_MARKERS
        elif entry.symbol in _NOT_X86:
            return False
        elif entry.address is not None and entry.address >= 0xFFFFFFFF80000000:
            found = True
    return found


def _stacks(entries: Sequence[RawFrame | str]) -> list[str]:
    """The stack of every frame as the markers alone tell it."""
    stacks: list[str] = []
    ground = "task"
    switched = False
    for entry in entries:
        if isinstance(entry, RawFrame):
            stacks.append(ground)
        elif entry in _MARKERS:
            ground = _MARKERS[entry]
            switched = True
        elif entry.startswith("#"):
            ground = "exception"
            switched = True
        elif entry.startswith("---"):
            if entry[4:] in _EXTERNAL:  # ppc: what was printed so far ran in this interrupt
                stacks = ["irq" if stack == "task" else stack for stack in stacks]
            ground = "task"
        else:
            if not switched and entry in ("EOI", "/IRQ"):  # the line with <IRQ> was lost
                stacks = ["irq"] * len(stacks)
            ground = "task"
            switched = True
    return stacks
