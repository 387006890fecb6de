"""What names in a trace mean: KERNEL.md 2.4 and section 6."""
from __future__ import annotations

import pytest

from nopage.kernel.symbols.drivers import NETWORK_MODULES, STORAGE_MODULES, SYMBOL_PREFIXES, THIRD_PARTY_MODULES
from nopage.kernel.symbols.functions import (
    ALLOCATOR,
    ALLOCATOR_DOORS,
    ALLOCATOR_INTERNAL,
    NEVER_ASKS,
    PACKET_BUFFERS,
    PAGE_FRAG,
    RECEIVE_HELPERS,
    RX_BUFFERS,
    base_symbol,
    longest_prefix,
)


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


@pytest.mark.parametrize("symbol", ["e1000_alloc_rx_buffers", "mlx4_en_alloc_frags", "bnx2x_alloc_rx_sge",
                                    "igb_clean_rx_irq", "virtnet_poll_rx", "sky2_rx_alloc", "be_post_rx_frags"])
def test_receive_buffers(symbol: str) -> None:
    assert RX_BUFFERS.search(symbol)


def test_tables_agree_with_each_other() -> None:
    assert PAGE_FRAG <= ALLOCATOR
    assert ALLOCATOR_INTERNAL <= ALLOCATOR
    assert NETWORK_MODULES.isdisjoint(STORAGE_MODULES)
    assert THIRD_PARTY_MODULES.isdisjoint(NETWORK_MODULES | STORAGE_MODULES)
    assert ALLOCATOR_INTERNAL <= ALLOCATOR_DOORS <= ALLOCATOR
    assert RECEIVE_HELPERS <= PACKET_BUFFERS <= ALLOCATOR
    assert NEVER_ASKS.isdisjoint(ALLOCATOR)
    assert {base_symbol(name) for name in ALLOCATOR} <= ALLOCATOR


def test_longest_prefix_wins() -> None:
    assert longest_prefix("bnx2x_rx_int", SYMBOL_PREFIXES) == "bnx2x"
    assert longest_prefix("bnx2_poll", SYMBOL_PREFIXES) == "bnx2"
    assert longest_prefix("ixgbevf_poll", SYMBOL_PREFIXES) == "ixgbevf"
    assert longest_prefix("schedule", SYMBOL_PREFIXES) is None
