"""Who asked, from the trace: the shapes of KERNEL.md 2.4 and the signatures of section 6."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.cause.asking.asker import asker_of, third_party
from nopage.kernel.facts import FailureReport, Frame, Place
from nopage.klog.report import CONTEXT_LOST

ARTICLE = (
    "<IRQ> ? __alloc_pages_nodemask+757; ? kmem_getpages+62; ? fallback_alloc+1ba; ? cache_grow+2cf;"
    "? ____cache_alloc_node+99; ? kmem_cache_alloc_node_trace+90; ? __kmalloc_node+4d; ? __alloc_skb+6d;"
    "? dev_alloc_skb+1d; ? ipoib_alloc_rx_skb+44 [ib_ipoib]; ? ipoib_ib_handle_rx_wc+9f [ib_ipoib];"
    "? ipoib_poll+b7 [ib_ipoib]; ? net_rx_action+103; ? __do_softirq+c1; ? call_softirq+1c;"
    "<EOI> ? do_softirq+65; ? ksoftirqd+80; ? ksoftirqd+0; ? kthread+96"
)
TRACES = [
    # trace, path, driver, function, in interrupt
    (ARTICLE, "network receive", "ib_ipoib", "ipoib_alloc_rx_skb", True),
    ("dump_stack; warn_alloc_failed; __alloc_pages_nodemask; alloc_pages_current; new_slab; __slab_alloc;"
     "kmem_cache_alloc; sk_prot_alloc; sk_clone_lock; inet_csk_clone_lock; tcp_create_openreq_child;"
     "tcp_v4_syn_recv_sock; tcp_check_req; tcp_v4_rcv; ip_local_deliver; netif_receive_skb; bnx2_poll_work [bnx2];"
     "net_rx_action; __do_softirq", "sockets", None, "sk_prot_alloc", True),
    ("__alloc_pages_nodemask; kmem_getpages; __kmalloc; skb_copy; tigon3_dma_hwbug_workaround [tg3];"
     "tg3_start_xmit [tg3]; dev_hard_start_xmit; sch_direct_xmit; dev_queue_xmit; ip_output; tcp_sendmsg; "
     "sock_aio_write",
     "network transmit", "tg3", "skb_copy", False),
    ("warn_alloc; __alloc_pages; __alloc_skb; alloc_skb_with_frags; sock_alloc_send_pskb; unix_stream_sendmsg;"
     "sock_sendmsg; __sys_sendto", "sockets", None, "sock_alloc_send_pskb", False),
    ("warn_alloc; __alloc_pages; kmem_cache_alloc; mempool_alloc; bio_alloc_bioset; xfs_add_to_ioend [xfs]",
     "storage", "xfs", "bio_alloc_bioset", False),
    # a built-in driver's function behind underscores; who only had a page read stands beyond the queue
    ("dump_stack; warn_alloc_failed; __alloc_pages_nodemask; __kmalloc; alloc_indirect.isra.3; virtqueue_add_sgs;"
     "__virtblk_add_req; virtio_queue_rq; __blk_mq_run_hw_queue; blk_mq_flush_plug_list; ext4_readpages [ext4]",
     "storage", "virtio_blk", "alloc_indirect", False),
    ("dump_stack; warn_alloc; __alloc_pages; mempool_alloc; sg_pool_alloc; __sg_alloc_table; blk_mq_dispatch_rq_list;"
     "__blk_mq_sched_dispatch_requests; blk_mq_run_hw_queue; xfs_buf_submit [xfs]", "storage", None, "sg_pool_alloc",
     False),
    ("warn_alloc; __alloc_pages; __kmalloc; input_register_handle; hid_connect", "other", None,
     "input_register_handle", False),
    ("dump_stack_lvl; warn_alloc; __alloc_pages_slowpath.constprop.0; __alloc_pages_noprof; page_frag_alloc_align;"
     "__napi_alloc_skb; mlx5e_skb_from_cqe_linear [mlx5_core]; mlx5e_poll_rx_cq [mlx5_core]; net_rx_action",
     "network receive", "mlx5_core", "mlx5e_skb_from_cqe_linear", True),
    # built in: no module in the trace
    ("__alloc_pages; alloc_skb; e1000_alloc_rx_buffers; e1000_clean_rx_irq; e1000_clean; net_rx_action; __do_softirq",
     "network receive", "e1000", "e1000_alloc_rx_buffers", True),
    # ppc64: a dot before each function
    (".dump_stack; .warn_alloc_failed; .__alloc_pages_nodemask; .__alloc_page_frag; .__netdev_alloc_frag;"
     ".tg3_poll_work [tg3]; .tg3_poll [tg3]; .net_rx_action", "network receive", "tg3", "tg3_poll_work", True),
]


@pytest.mark.parametrize(("text", "path", "driver", "function", "interrupted"), TRACES)
def test_asker(
    report: Callable[..., FailureReport], text: str, path: str, driver: str | None, function: str, interrupted: bool
) -> None:
    one = report(1, 0x20, trace=text, comm="java")
    asker = asker_of(one)
    assert (asker.path, asker.driver, asker.function) == (path, driver, function)
    assert asker.in_interrupt is interrupted
    asker = asker_of(one)
    assert (asker.path, asker.driver, asker.in_interrupt) == (path, driver, interrupted)


def test_the_interrupted_task_did_not_ask(report: Callable[..., FailureReport]) -> None:
    """Outward of the interrupt stack stand the frames of whoever was interrupted."""
    text = ("<IRQ> warn_alloc; __alloc_pages; __alloc_skb; tcp_send_ack; call_timer_fn; run_timer_softirq; "
            "__do_softirq;"
            "<EOI> xfs_bmapi_write [xfs]; vfs_write; sys_write")
    asker = asker_of(report(0, 0x20, trace=text))
    assert (asker.driver, asker.path) == (None, "network transmit")
    assert "xfs_bmapi_write" not in asker.stack


def test_reliable_frames_win_over_leftovers(report: Callable[..., FailureReport]) -> None:
    text = ("dump_stack; warn_alloc_failed; ? nvidia_isr [nvidia]; __alloc_pages_nodemask; ? lock_timer_base;"
            "bnx2x_alloc_rx_sge [bnx2x]; bnx2x_rx_int [bnx2x]; net_rx_action")
    assert asker_of(report(1, 0x20, trace=text)).driver == "bnx2x"


@pytest.mark.parametrize(
    ("text", "function"),
    [
        # 2.6.18 marks nothing: a module's leftover between the allocator's own functions
        ("__alloc_pages+282; ipt_do_table+1eb [ip_tables]; cache_grow+134; cache_alloc_refill+189; __kmalloc+8a;"
         "__alloc_skb+5c; __netdev_alloc_skb+12; e1000_alloc_rx_buffers+6f", "e1000_alloc_rx_buffers"),
        # a pointer to a function's first byte is no return address
        ("__alloc_pages+2b3; kmem_getpages+31; cache_grow+ae; ip_rcv_finish+0; cache_alloc_refill+17b; alloc_skb+47;"
         "e1000_alloc_rx_buffers+57", "e1000_alloc_rx_buffers"),
        # RHEL 6: every entry has a "?"
        ("? __alloc_pages_nodemask+61; ? ktime_get+43; ? tick_program_event+20; ? alloc_pages_current+9d;"
         "? mlx4_en_alloc_frags+8d [mlx4_en]", "mlx4_en_alloc_frags"),
    ],
)
def test_words_left_over_on_the_stack(report: Callable[..., FailureReport], text: str, function: str) -> None:
    assert asker_of(report(1, 0x20, trace=text)).function == function


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("warn_alloc; __alloc_pages; ___kmalloc_large_node; __kmalloc_large_node_noprof; foo_open", "foo_open"),
        ("warn_alloc; __alloc_frozen_pages_noprof; allocate_slab; refill_objects; __pcs_replace_empty_main; "
         "kmem_cache_alloc_noprof; alloc_extent_state [btrfs]", "alloc_extent_state"),
        ("warn_alloc_failed; __vmalloc_node_range; __vmalloc_node; vzalloc; alloc_fdmem", "alloc_fdmem"),
        ("warn_alloc; __vmalloc_area_node; __vmalloc_node_range_noprof; vmalloc_noprof; bpf_prog_alloc",
         "bpf_prog_alloc"),
        ("warn_alloc; __alloc_pages; kvmalloc_node; kvzalloc; seq_buf_alloc", "seq_buf_alloc"),
        ("warn_alloc_failed; __alloc_pages_nodemask; __kmalloc; memcg_register_cache; kmem_cache_create_memcg; "
         "kmem_cache_create; bar_init", "memcg_register_cache"),
        ("__alloc_pages; kmem_getpages; kmem_zone_alloc [xfs]; xfs_inode_alloc [xfs]", "xfs_inode_alloc"),
        # RHEL 6: every entry has a "?", and the clock's words lie between
        ("? __alloc_pages_nodemask+75; ? ktime_get+63; ? sched_clock+9; ? sched_clock_cpu+b8; ? cache_grow+21;"
         "? ktime_get_real+15; ? __alloc_skb+6d; ? rds_alloc_buf+d [rds]", "rds_alloc_buf"),
        # reliable inside the allocator, leftovers marked
        ("dump_stack; warn_alloc; ? zone_watermark_ok_safe; ? get_page_from_freelist; ? __this_cpu_preempt_check",
         None),
    ],
)
def test_helpers_are_not_the_asker(report: Callable[..., FailureReport], text: str, function: str | None) -> None:
    assert asker_of(report(1, 0x20, trace=text)).function == function


@pytest.mark.parametrize(
    ("text", "comm", "more", "path_known", "context_known"),
    [
        ("", "swapper", {}, False, False),  # header only
        ("", "ksoftirqd/3", {}, False, True),  # runs nothing but softirqs
        ("dump_stack; __alloc_pages; kmem_getpages; cache_grow", "swapper", {}, False, False),
        ("<IRQ> dump_stack; warn_alloc", "nfsd", {}, False, True),  # the stack's marker is there
        ("dump_stack; warn_alloc; __alloc_pages; __kmalloc; foo; ret_from_fork", "kworker/0:1", {}, True, True),
        ("dump_stack; warn_alloc; __alloc_pages; __kmalloc; foo; do_syscall_64", "java", {}, True, True),
        ("dump_stack; warn_alloc; __alloc_pages; __kmalloc; foo", "java",
         {"missing": (CONTEXT_LOST,)}, False, False),  # who stands outward may have been the network
        ("dump_stack; warn_alloc; __alloc_pages; ? __netdev_alloc_skb", "swapper", {}, True, False),
    ],
)
def test_what_a_cut_trace_leaves_open(
    report: Callable[..., FailureReport], text: str, comm: str, more: dict[str, object], path_known: bool,
    context_known: bool,
) -> None:
    one = report(0, 0x20, trace=text, comm=comm, **more)
    asker = asker_of(one)
    assert (asker.path_known, asker.context_known) == (path_known, context_known)
    assert asker_of(one, sleeping=True).context_known  # no interrupt may sleep


@pytest.mark.parametrize(
    ("text", "path", "receive_buffer", "setup"),
    [
        ("__alloc_pages; dma_alloc_coherent; e100_alloc_cbs [e100]; e100_up [e100]; e100_open [e100]; dev_open; "
         "dev_change_flags; devinet_ioctl; sys_ioctl", "other", False, True),
        ("warn_alloc_failed; __vmalloc_node_range; vzalloc; ath10k_coredump_register [ath10k_core]; "
         "ath10k_core_register_work [ath10k_core]; process_one_work; worker_thread", "other", False, True),
        ("__alloc_pages_nodemask; __kmalloc; kmem_cache_create; nf_conntrack_init_net [nf_conntrack]; ops_init",
         "other", False, True),
        ("__alloc_pages; vzalloc; igb_setup_rx_resources [igb]; igb_open [igb]; dev_open", "other", False, True),
        # the ring filled while the interface comes up: its buffers, but no packet is lost
        ("__alloc_pages; alloc_skb; e1000_alloc_rx_buffers [e1000]; e1000_configure [e1000]; e1000_open [e1000]; "
         "dev_open; dev_ioctl; sys_ioctl", "other", True, True),
        ("__alloc_pages; alloc_skb; e1000_alloc_rx_buffers [e1000]; e1000_clean_rx_irq [e1000]; net_rx_action",
         "network receive", True, False),
        # a card's module without a telling name
        ("__alloc_pages; __kmalloc; mystery [tg3]; net_rx_action; __do_softirq", "network receive", False, False),
        ("__alloc_pages; __kmalloc; mystery [tg3]; worker_thread; kthread", "other", False, False),
    ],
)
def test_setting_up_is_not_receiving(
    report: Callable[..., FailureReport], text: str, path: str, receive_buffer: bool, setup: bool
) -> None:
    asker = asker_of(report(3, 0x20, trace=text, comm="ifconfig"))
    assert (asker.path, asker.receive_buffer, asker.setup) == (path, receive_buffer, setup)


def test_no_trace_is_nobody(report: Callable[..., FailureReport]) -> None:
    asker = asker_of(report(0, 0x20, comm="nfsd"))
    assert (asker.path, asker.driver, asker.function, asker.in_interrupt) == ("other", None, None, False)
    assert asker_of(report(0, 0x20, comm="ksoftirqd/3")).in_interrupt


def test_signature_is_of_the_asking_stack_only(report: Callable[..., FailureReport]) -> None:
    one = report(1, 0x20, trace=ARTICLE, comm="ksoftirqd/0")
    other = report(1, 0x20, trace=ARTICLE.replace("ksoftirqd", "cpu_idle"), comm="swapper")
    third = report(1, 0x20, trace=ARTICLE.replace("ipoib_alloc_rx_skb", "ipoib_cm_alloc_rx_skb"))
    assert asker_of(one).signature == asker_of(other).signature
    assert asker_of(one).signature != asker_of(third).signature
    assert len(asker_of(one).signature) == 12


@pytest.mark.parametrize(
    ("driver", "taint", "answer"),
    [
        ("pf_ring", None, "yes"),
        ("vboxdrv", "Not tainted", "yes"),
        ("bnx2x", "Tainted: P           OE", ""),
        ("whatever", "Tainted: G           OE", "maybe"),
        ("whatever", "Tainted: G        W", ""),
        ("whatever", "Not tainted", ""),
        (None, "Tainted: P", ""),
    ],
)
def test_third_party_modules(driver: str | None, taint: str | None, answer: str) -> None:
    assert third_party(driver, taint) == answer


def test_a_trace_of_a_thousand_frames_is_bounded(report: Callable[..., FailureReport]) -> None:
    one = report(0, 0x20, trace=";".join(["__alloc_pages", *["recursive_call"] * 1000]))
    assert len(asker_of(one).stack) <= 128


def test_odd_symbols_do_not_matter() -> None:
    frames = tuple(Frame(symbol) for symbol in ("", ".", "0xc07ff5f0", "a" * 5000, "[<0>]", "\x00"))
    asker = asker_of(FailureReport("x", 0, 0x20, Place("f", 1), "", frames=frames))
    assert asker.driver is None
