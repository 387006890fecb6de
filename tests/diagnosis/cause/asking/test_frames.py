"""Which frames count: those the kernel vouches for, and what is left of a trace in which they are few."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.cause.asking.asker import asker_of
from nopage.kernel.facts import FailureReport

OWN = "dump_stack; warn_alloc_failed; __alloc_pages_nodemask"
SOFT = "net_rx_action; __do_softirq; call_softirq; do_softirq; do_IRQ"


@pytest.mark.parametrize(
    ("text", "driver", "function"),
    [
        # vouched for are only the allocator and, behind a gap, the softirq
        (f"{OWN}; ? foo_alloc_rx_buffers [ixgbe]; ? foo_poll [ixgbe]; {SOFT}", "ixgbe", "foo_alloc_rx_buffers"),
        (f"<IRQ> {OWN}; ? foo_fill [tg3]; {SOFT}; <EOI> cpu_idle; start_secondary", "tg3", "foo_fill"),
        # what lies between the report and the page allocator is left over, even where nobody outward is named
        (f"dump_stack; warn_alloc; ? foo_irq [nvme]; __alloc_pages; new_slab; ? foo_rx [ixgbe]; __kmalloc; {SOFT}",
         "ixgbe", "foo_rx"),
        (f"dump_stack; warn_alloc; ? foo_irq [nvme]; __alloc_pages; new_slab; __kmalloc; {SOFT}", None, None),
        ("dump_stack; warn_alloc; ? foo_irq [nvme]; __alloc_pages; ? tcp_tso_segment; kmalloc_large_node", None,
         "tcp_tso_segment"),
        ("dump_stack; warn_alloc; __alloc_pages; new_slab; ? skb_segment; __kmalloc_track_caller; ? skb_segment; "
         "__alloc_skb", None, "skb_segment"),
        # RHEL 6: a word inside the allocator, the trace cut right behind
        ("? __alloc_pages_nodemask; ? kmem_getpages; ? dm_foo [dm_mod]; ? __kmalloc_node; ? __alloc_skb", None, None),
        ("? __alloc_pages_nodemask; ? kfree_skb; ? foo_alloc_rx_sge [bnx2x]; ? foo_poll [bnx2x]; ? net_rx_action",
         "bnx2x", "foo_alloc_rx_sge"),
    ],
)
def test_vouched_and_left_over(
    report: Callable[..., FailureReport], text: str, driver: str | None, function: str | None
) -> None:
    asker = asker_of(report(0, 0x20, trace=text, comm="foo"))
    assert (asker.driver, asker.function) == (driver, function)


@pytest.mark.parametrize(
    ("text", "comm", "pid", "sleeping", "interrupted"),
    [
        # a receive function inside the allocator is no interrupt
        ("? __alloc_pages_nodemask; ? kmem_getpages; ? foo_msix_clean_rx [ixgbe]; ? __kmalloc; ? foo_ioctl [aacraid]; "
         "? vfs_ioctl; ? sys_ioctl", "arcconf", 12, False, False),
        # the idle task asks for nothing, even where the trace is cut
        ("dump_stack; warn_alloc; __alloc_pages; __alloc_skb", "swapper/3", 0, False, True),
        ("? __alloc_pages_nodemask; ? kmem_getpages", "swapper", 0, False, True),
        # at boot it does, and the first process bears its name
        ("dump_stack; warn_alloc; __vmalloc; alloc_foo; inode_init; start_kernel", "swapper/0", 0, False, False),
        ("dump_stack; warn_alloc; __alloc_pages; foo_expand; do_one_initcall; kernel_init", "swapper/0", 1, False,
         False),
        ("dump_stack; warn_alloc; __alloc_pages; foo_expand", "swapper/0", 0, True, False),
    ],
)
def test_who_was_interrupted(
    report: Callable[..., FailureReport], text: str, comm: str, pid: int, sleeping: bool, interrupted: bool
) -> None:
    one = report(0, 0x20, trace=text, comm=comm, pid=pid)
    assert asker_of(one, sleeping=sleeping).in_interrupt is interrupted


@pytest.mark.parametrize(
    ("comm", "bottom", "bystander"),
    [
        # threads that poll or handle themselves; an interrupt on top of one makes it a bystander again
        ("napi/eth0-8193", "napi_threaded_poll; kthread", False),
        ("irq/57-eth0-TxR", "net_rx_action; irq_forced_thread_fn; irq_thread; kthread", False),
        ("ksoftirqd/3", "net_rx_action; __do_softirq; run_ksoftirqd; kthread", False),
        ("napi/eth0-8193", "net_rx_action; __do_softirq; irq_exit; do_IRQ; common_interrupt", True),
        ("irq/57-eth0-TxR", "net_rx_action; __do_softirq; irq_exit; do_IRQ", True),
        ("java", "net_rx_action; __do_softirq; irq_exit; do_IRQ", True),
    ],
)
def test_who_is_a_bystander(report: Callable[..., FailureReport], comm: str, bottom: str, bystander: bool) -> None:
    text = f"dump_stack; warn_alloc; __alloc_pages; foo_alloc_rx_bufs [ice]; foo_clean_rx_irq [ice]; {bottom}"
    asker = asker_of(report(0, 0x20, trace=text, comm=comm))
    assert (asker.in_interrupt, asker.bystander) == (True, bystander)
