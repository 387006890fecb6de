"""Interrupts and the bottoms of stacks in a call trace: which words are entries, and which of them are only left over.

Names are those of 2.6.9 to 6.12 (KERNEL.md 2.4 and 8), as `base_symbol` gives them.
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.pattern import later
from nopage.kernel.symbols.functions import ALLOCATOR_DOORS, LEFTOVERS, NEVER_ASKS, NOISE, is_allocator

# Entered from an interrupt or a softirq: what runs below them cannot sleep, and current->comm is a bystander.
INTERRUPT_ENTRIES = frozenset((
    "do_IRQ", "__do_IRQ", "handle_IRQ_event", "handle_irq", "handle_IRQ", "common_interrupt", "asm_common_interrupt",
    "ret_from_intr", "do_softirq", "__do_softirq", "call_softirq", "do_softirq_own_stack", "handle_softirqs",
    "run_ksoftirqd", "ksoftirqd", "irq_exit", "irq_exit_rcu", "__irq_exit_rcu", "net_rx_action", "net_tx_action",
    "run_timer_softirq", "tasklet_action", "tasklet_action_common", "tasklet_hi_action", "apic_timer_interrupt",
    "smp_apic_timer_interrupt", "sysvec_apic_timer_interrupt", "asm_sysvec_apic_timer_interrupt", "blk_done_softirq",
    "sysvec_call_function_single", "asm_sysvec_call_function_single", "smp_call_function_single_interrupt",
    "gic_handle_irq", "el1_irq", "el1_interrupt", "el0_interrupt", "__irq_svc", "__irq_usr", "asm_do_IRQ",
    "call_on_irq_stack", "do_IRQ_cpu", "__handle_domain_irq", "generic_handle_domain_irq", "hardware_interrupt_entry",
    "hardware_interrupt_common", "hardware_interrupt_common_virt", "do_irq", "do_extint", "io_int_handler",
    "timer_interrupt", "handle_int", "plat_irq_dispatch", "irq_handler", "xen_evtchn_do_upcall", "xen_do_upcall",
    "evtchn_do_upcall", "run_irq_on_irqstack_cond", "sysvec_xen_hvm_callback",
))
# A driver's receive interrupt or NAPI poll: softirq or interrupt even where the trace was cut before its caller.
RECEIVE_INTERRUPTS = later(r"_clean_(?:jumbo_)?rx|_rx_interrupt|_rx_int$|_poll_rx|_rx_irq$|_napi_poll")
# Where the stack of a task, an idle loop or the boot begins: a trace that reaches one was not cut before its end.
TASK_BOTTOMS = frozenset((
    "ret_from_fork", "ret_from_fork_asm", "ret_from_kernel_thread", "kernel_thread_helper", "kernel_thread",
    "child_rip", "kthread", "start_kernel_thread", "worker_thread", "start_kernel", "start_secondary", "cpu_idle",
    "cpu_startup_entry", "rest_init", "x86_64_start_kernel", "secondary_startup_64", "kernel_init", "system_call",
    "system_call_fastpath", "sysenter_past_esp", "sysenter_do_call", "sysenter_dispatch", "syscall_call",
    "tracesys", "ia32_sysret", "entry_SYSCALL_64", "entry_SYSCALL_64_after_hwframe", "entry_SYSCALL_64_fastpath",
    "do_syscall_64", "x64_sys_call", "entry_INT80_32", "entry_SYSENTER_32", "do_fast_syscall_32",
    "do_int80_syscall_32", "page_fault", "do_page_fault", "asm_exc_page_fault", "exc_page_fault", "error_code",
    "el0_svc", "el0t_64_sync", "el0_sync", "ret_fast_syscall", "system_call_exception", "system_call_common",
    "syscall_exit", "system_call_vectored_common", "sysc_return", "sysc_noemu", "__do_syscall", "do_trap_ecall_u",
    "handle_sys", "handle_sys64", "syscall_common",
))
# These run a softirq that was pending on the way out of a task's own code; the task did not ask either.
SOFTIRQ_BODIES = frozenset((
    "__do_softirq", "handle_softirqs", "net_rx_action", "net_tx_action", "run_timer_softirq", "tasklet_action",
    "tasklet_action_common", "tasklet_hi_action", "blk_done_softirq", "run_ksoftirqd",
))
# Where one stack ends and the interrupted one begins; what lies outward did not ask for the memory.
INTERRUPT_BOUNDARIES = frozenset((
    "do_IRQ", "common_interrupt", "asm_common_interrupt", "ret_from_intr", "apic_timer_interrupt", "__irq_svc",
    "__irq_usr", "smp_apic_timer_interrupt", "sysvec_apic_timer_interrupt", "asm_sysvec_apic_timer_interrupt",
    "el1_irq", "el0_irq", "hardware_interrupt_entry", "hardware_interrupt_common", "hardware_interrupt_common_virt",
    "handle_softirqs", "__do_softirq", "run_ksoftirqd", "call_softirq", "asm_sysvec_call_function_single",
    "handle_int",
))

# Words of an interrupt that has long ended: what a scanned stack shows most often, right behind the allocator.
INTERRUPT_WORDS = INTERRUPT_ENTRIES | frozenset((
    "do_timer", "main_timer_handler", "smp_local_timer_interrupt", "handle_edge_irq", "handle_fasteoi_irq",
    "handle_level_irq", "handle_simple_irq", "handle_percpu_irq", "handle_irq_event", "handle_irq_event_percpu",
    "__handle_irq_event_percpu", "do_timer_interrupt", "timer_interrupt", "timer_event_interrupt",
    "smp_call_function_interrupt", "call_function_interrupt", "reschedule_interrupt", "smp_reschedule_interrupt",
    "thermal_interrupt", "spurious_interrupt", "error_interrupt", "local_apic_timer_interrupt", "retint_careful",
    "restore_args", "retint_restore_args", "retint_swapgs", "do_IRQ_nonatomic",
))
_SOFTIRQ = frozenset(("__do_softirq", "handle_softirqs"))
_ROUND_SOFTIRQ = frozenset(("call_softirq", "do_softirq", "do_softirq_own_stack", "run_ksoftirqd"))
_HANDLERS = frozenset(("handle_IRQ_event", "handle_edge_irq", "handle_fasteoi_irq", "handle_level_irq", "handle_irq",
                       "handle_percpu_irq", "handle_simple_irq", "handle_irq_event", "handle_irq_event_percpu",
                       "__handle_irq_event_percpu"))
_DO_IRQ = frozenset(("do_IRQ", "__do_IRQ", "handle_irq", "handle_edge_irq", "handle_fasteoi_irq", "handle_level_irq"))
_BODY = later(r"(?:_action|_softirq)$|^tasklet_|^rcu_core|^__?run_timers")
_HANDLER = later(r"_(?:intr|interrupt|irq|isr|handler)\w*$")
_NEAR = 2
_GAP = 6  # a whole chain: the handler, handle_IRQ_event(), __do_IRQ(), do_IRQ(), ret_from_intr


def is_x86(addresses: Sequence[int | None]) -> bool:
    """Whether the text addresses of a trace can be x86's; where none is printed, they can.

    i386's kernel begins at 3 GB; at 32 MB in RHEL 4's hugemem kernel, which has an address space of its own.
    """
    known = [at for at in addresses if at is not None]
    if known and 0x02000000 <= min(known) < 0x10000000:
        return max(known) <= 0xFFFFFFFF
    return all(at >= 0xFFFFFFFF80000000 or 0xC0000000 <= at <= 0xFFFFFFFF for at in known)


def is_unmarked_scan(names: Sequence[str], addresses: Sequence[int | None]) -> bool:
    """The trace is every text address on the stack and no word of it is marked: x86 up to 2.6.25 (RHEL 4, 5).

    Their allocator is the one whose trace has __alloc_pages() but no reporting function.
    """
    if "__alloc_pages" not in names or not {"warn_alloc", "dump_stack", "dump_stack_lvl"}.isdisjoint(names):
        return False
    return is_x86(addresses)


def genuine_entries(names: Sequence[str]) -> frozenset[int]:
    """Which words of `names` (innermost first, a scanned stack) are interrupt entries that are not just left over.

    An entry is believed when what it calls stands right inside it: __do_softirq() a softirq's body, do_softirq() that,
    do_IRQ() a handler, which in turn has somebody inside who can have asked for memory.
    """
    found: set[int] = set()
    asked = False
    allocating = allocator_end(names)
    for index, name in enumerate(names):
        inner = range(max(0, index - _NEAR), index)
        held = any(near in found for near in inner)
        if name in SOFTIRQ_BODIES and name not in _SOFTIRQ | _ROUND_SOFTIRQ:
            genuine = asked
        elif name in _SOFTIRQ:
            genuine = any(_BODY.search(names[near]) for near in inner)
        elif name in _HANDLERS:
            genuine = asked and (held or not _DO_IRQ.isdisjoint(names[index + 1 : index + 1 + _NEAR]))
        elif name == "ksoftirqd":
            genuine = True
        else:
            called = asked and name in ("do_IRQ", "__do_IRQ") and names[index - 1] not in INTERRUPT_WORDS
            genuine = name in INTERRUPT_WORDS and (held or (called and bool(_HANDLER.search(names[index - 1]))))
        if genuine:
            found.add(index)
        elif not asked and index >= allocating:
            asked = not (name in INTERRUPT_WORDS or name in NEVER_ASKS or name in NOISE or is_allocator(name)
                         or LEFTOVERS.match(name))
    return frozenset(found)


def allocator_end(names: Sequence[str]) -> int:
    """Where the allocator's own functions end, with the words that lie between them: nobody there asked.

    A card's handler among them is of an interrupt long gone; a genuine one's softirq or task stands outward of it.
    """
    end = 0
    for index, name in enumerate(names):
        if index > end + _GAP or name in SOFTIRQ_BODIES:
            break
        if name in ALLOCATOR_DOORS:
            end = index
    return end
