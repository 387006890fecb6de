"""What names in a trace mean: KERNEL.md 2.4 and section 6."""
from __future__ import annotations

import pytest

from nopage.kernel.symbols.drivers import NETWORK_MODULES, STORAGE_MODULES, SYMBOL_PREFIXES, THIRD_PARTY_MODULES
from nopage.kernel.symbols.functions import (
    ALLOCATOR,
    ALLOCATOR_INTERNAL,
    PAGE_FRAG,
    RX_BUFFERS,
    base_symbol,
    longest_prefix,
)
from nopage.kernel.symbols.paths import path_of_symbol


@pytest.mark.parametrize(
    ("symbol", "base"),
    [
        ("__alloc_pages_slowpath.constprop.0", "__alloc_pages_slowpath"),
        ("warn_alloc.cold.119", "warn_alloc"),
        ("new_slab_objects.isra.51.constprop.55", "new_slab_objects"),
        ("__run_timers.part.0", "__run_timers"),
        (".warn_alloc_failed", "warn_alloc_failed"),
        ("__pfx_kthread", "kthread"),
        ("__alloc_pages_noprof", "__alloc_pages"),
        ("vzalloc_noprof", "vzalloc"),
        ("tcp_v4_rcv", "tcp_v4_rcv"),
        ("", ""),
        (".", ""),
    ],
)
def test_base_symbol(symbol: str, base: str) -> None:
    assert base_symbol(symbol) == base


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
    None: ("sys_poll", "do_fork", "schedule", "kthread", ""),
}


@pytest.mark.parametrize(("symbol", "path"), [(symbol, path) for path, names in PATHS.items() for symbol in names])
def test_path_of_symbol(symbol: str, path: str | None) -> None:
    assert path_of_symbol(symbol) == path


@pytest.mark.parametrize("symbol", ["e1000_alloc_rx_buffers", "mlx4_en_alloc_frags", "bnx2x_alloc_rx_sge",
                                    "igb_clean_rx_irq", "virtnet_poll_rx", "sky2_rx_alloc", "be_post_rx_frags"])
def test_receive_buffers(symbol: str) -> None:
    assert RX_BUFFERS.search(symbol)


def test_tables_agree_with_each_other() -> None:
    assert PAGE_FRAG <= ALLOCATOR
    assert ALLOCATOR_INTERNAL <= ALLOCATOR
    assert NETWORK_MODULES.isdisjoint(STORAGE_MODULES)
    assert THIRD_PARTY_MODULES.isdisjoint(NETWORK_MODULES | STORAGE_MODULES)
    assert {base_symbol(name) for name in ALLOCATOR} <= ALLOCATOR


def test_longest_prefix_wins() -> None:
    assert longest_prefix("bnx2x_rx_int", SYMBOL_PREFIXES) == "bnx2x"
    assert longest_prefix("bnx2_poll", SYMBOL_PREFIXES) == "bnx2"
    assert longest_prefix("ixgbevf_poll", SYMBOL_PREFIXES) == "ixgbevf"
    assert longest_prefix("schedule", SYMBOL_PREFIXES) is None
