"""Which words of a scanned stack are an interrupt's entry, and which an earlier one left there."""
from __future__ import annotations

import pytest

from nopage.kernel.symbols.interrupts import genuine_entries, is_unmarked_scan

SOFTIRQ = "run_timer_softirq; __do_softirq; call_softirq; do_softirq; apic_timer_interrupt"


@pytest.mark.parametrize(
    ("trace", "genuine"),
    [
        (f"__alloc_pages; handle_IRQ_event; raw; {SOFTIRQ}; thread_return", SOFTIRQ),
        (f"__alloc_pages; raw; do_IRQ; foo; {SOFTIRQ}", SOFTIRQ),
        (f"__alloc_pages; alloc_skb; do_timer; foo; {SOFTIRQ}; do_IRQ; default_idle", f"{SOFTIRQ}; do_IRQ"),
        # a handler that asks
        ("__alloc_pages; alloc_skb; nic_fill; nic_intr; handle_IRQ_event; __do_IRQ; do_IRQ; ret_from_intr; cpu_idle",
         "handle_IRQ_event; __do_IRQ; do_IRQ; ret_from_intr"),
        ("__alloc_pages; qeth_read; ccw_device_irq; io_subchannel_irq; do_IRQ; io_return", "do_IRQ"),
        # the whole chain of one long gone, but nobody inside it
        ("__alloc_pages; handle_IRQ_event; __do_IRQ; do_IRQ; ret_from_intr; raw; sys_write", ""),
        ("__alloc_pages; raw; apic_timer_interrupt; sys_write; system_call", ""),
        # a card's handler between the allocator's own functions: nobody asked there
        ("__alloc_pages; kmem_getpages; nic_intr; handle_IRQ_event; do_IRQ; cache_alloc_refill; __kmalloc; foo", ""),
        ("__alloc_pages; sock_wfree; cache_grow; nic_isr; handle_IRQ_event; __do_IRQ; do_IRQ; ret_from_intr; "
         "__kmalloc; foo; sys_ioctl", ""),
        ("__do_softirq; raw", ""),
        ("", ""),
    ],
)
def test_genuine_entries(trace: str, genuine: str) -> None:
    names = trace.split("; ")
    assert "; ".join(names[index] for index in sorted(genuine_entries(names))) == genuine


@pytest.mark.parametrize(
    ("names", "addresses", "scan"),
    [
        (("__alloc_pages", "raw"), (0xFFFFFFFF8000F2F3, None), True),
        (("__alloc_pages", "raw"), (0xC0148F35, 0xF8A00ACB), True),
        (("__alloc_pages", "raw"), (0x02155C9D, 0xF8A00ACB), True),  # hugemem: the kernel begins at 32 MB
        (("__alloc_pages", "raw"), (0x80012345,), False),  # mips unwinds
        (("__alloc_pages", "raw"), (0x02155C9D, 0xC000000000012345), False),
        (("__alloc_pages", "raw"), (0xC000000000012345,), False),  # ppc64 unwinds
        (("__alloc_pages", "raw"), (0x49000,), False),  # s390 too
        (("dump_stack_lvl", "warn_alloc", "__alloc_pages"), (), False),  # 5.14
        (("__alloc_pages_nodemask",), (), False),
    ],
)
def test_unmarked_scans(names: tuple[str, ...], addresses: tuple[int | None, ...], scan: bool) -> None:
    assert is_unmarked_scan(names, addresses) is scan
