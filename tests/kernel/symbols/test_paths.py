"""Which path a function tells, hints at or hands on to (KERNEL.md 6)."""
from __future__ import annotations

import pytest

from nopage.kernel.symbols.paths import HANDED_ON, RECEIVED, SUBMITTED, hinted_path, layer_of, path_of_symbol

PATHS = {
    "network receive": (
        "e1000_alloc_rx_buffers", "e1000_clean_jumbo_rx_irq", "tg3_alloc_rx_skb", "igb_alloc_rx_buffers_adv",
        "mlx4_en_alloc_frags", "mlx4_en_process_rx_cq", "mlx5e_poll_rx_cq", "bnx2x_rx_int", "be_post_rx_frags",
        "bnad_refill_rxq", "try_fill_recv", "rtl8169_rx_interrupt", "nv_alloc_rx_optimized", "ipoib_alloc_rx_skb",
        "net_rx_action", "tcp_v4_rcv", "ip_rcv_finish", "bnx2x_frag_alloc", "rds_ib_recv_refill",
    ),
    "network transmit": (
        "tg3_start_xmit", "dev_hard_start_xmit", "ixgbe_xmit_frame", "tcp_write_xmit", "ip_finish_output",
        "skb_segment",
    ),
    "sockets": ("sk_clone", "tcp_sendmsg", "sock_alloc_send_pskb", "netlink_sendmsg", "unix_stream_sendmsg"),
    "storage": ("xfs_bmapi_write", "svc_recv", "scsi_dispatch_cmd", "pqi_scsi_queue_command", "zswap_store",
                "swap_writepage"),
    "other": ("proc_sys_call_handler", "proc_reg_read", "seq_read", "shmem_getpage_gfp", "shmem_write_begin",
    "sysfs_read_file",
              "do_anonymous_page", "copy_process", "pipe_write", "memcg_alloc_cache_params"),
    None: ("generic_file_splice_read", "radix_tree_preload", "__add_to_page_cache", "sys_poll", "do_fork", "schedule",
    "kthread", ""),
}


@pytest.mark.parametrize(("symbol", "path"), [(symbol, path) for path, names in PATHS.items() for symbol in names])
def test_path_of_symbol(symbol: str, path: str | None) -> None:
    assert path_of_symbol(symbol) == path


@pytest.mark.parametrize(
    ("symbol", "path"),
    [
        ("ip_rt_update_pmtu", "sockets"), ("update_or_create_fnhe", "sockets"), ("release_sock", "sockets"),
        ("skb_copy", "sockets"), ("generic_file_splice_read", "storage"), ("radix_tree_preload", "storage"),
        ("nci_skb_alloc", "sockets"),
        ("rt_mutex_lock", None), ("dev_set_name", None), ("raw_notifier_call_chain", None), ("bridge", None),
    ],
)
def test_hints(symbol: str, path: str | None) -> None:
    assert hinted_path(symbol) == path


@pytest.mark.parametrize(
    ("symbol", "layer"),
    [("tcp_send_ack", "TCP"), ("inet_csk_clone_lock", "TCP"), ("udpv6_sendmsg", "UDP"), ("update_or_create_fnhe", "IP"),
     ("__ip_rt_update_pmtu", "IP"), ("scsi_pool_alloc_command", "SCSI"), ("get_request", "block"), ("kmalloc", None)],
)
def test_layers(symbol: str, layer: str | None) -> None:
    assert layer_of(symbol) == layer


@pytest.mark.parametrize(
    ("symbol", "kind"),
    [
        ("netif_receive_skb_list_internal", RECEIVED), ("napi_gro_receive", RECEIVED), ("process_backlog", RECEIVED),
        ("submit_bio_noacct_nocheck", SUBMITTED), ("generic_make_request", SUBMITTED), ("kernel_sendmsg", SUBMITTED),
        ("kmem_cache_create_memcg", HANDED_ON), ("try_to_free_pages", HANDED_ON),
        ("napi_get_frags", None), ("ixgbe_clean_rx_irq", None), ("tcp_sendmsg", None),
        ("blk_mq_dispatch_rq_list", SUBMITTED), ("__blk_mq_run_hw_queue", SUBMITTED), ("scsi_queue_rq", None),
        ("blk_mq_init_queue", None), ("blk_flush_plug_list", SUBMITTED),
    ],
)
def test_where_layers_end(symbol: str, kind: object) -> None:
    assert [one for one in (RECEIVED, SUBMITTED, HANDED_ON) if one.match(symbol)] == ([kind] if kind else [])
