"""What one receive descriptor takes, by driver: a table, from the drivers' own sources.

| scheme | a descriptor takes |
|---|---|
| page | one page whatever the MTU: the driver uses it in halves, larger packets over several descriptors |
| pages | one block of 2**order pages, where the MTU is above `mtu_bytes` |
| frags | as many single pages as a packet needs |
| linear | one piece for the whole packet: head room, frame and skb_shared_info, in a slab of powers of two |
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nopage.kernel.release import Release

STANDARD_MTU = 1500
# What an skb needs beside the frame: head room, Ethernet header, VLAN tag, struct skb_shared_info.
OVERHEAD_BYTES = 384
SMALLEST_BYTES = 2048
LARGEST_BYTES = 1 << 20
PAGE, PAGES, FRAGS, LINEAR = "page", "pages", "frags", "linear"


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a driver fills its receive ring; `order` and `mtu_bytes` of "pages" only. `source` is what was read."""

    kind: str
    source: str
    order: int = 0
    mtu_bytes: int = STANDARD_MTU

    def buffer_kb(self, mtu_bytes: int, page_kb: int) -> int:
        """KiB that one descriptor takes."""
        mtu = max(0, min(mtu_bytes, LARGEST_BYTES))
        if self.kind == LINEAR:
            size = SMALLEST_BYTES
            while size < mtu + OVERHEAD_BYTES:
                size <<= 1
            return size // 1024
        if self.kind == PAGES and mtu > self.mtu_bytes:
            return page_kb << self.order
        if self.kind == FRAGS:
            return page_kb * max(1, -(-(mtu + OVERHEAD_BYTES) // (page_kb * 1024)))
        return page_kb

    def asks_for(self, mtu_bytes: int, page_kb: int) -> int:
        """The order of the pieces."""
        if self.kind in (PAGE, FRAGS):
            return 0
        pages = -(-self.buffer_kb(mtu_bytes, page_kb) // page_kb)
        return max(0, (pages - 1).bit_length())


# (driver, first version that the row holds for, scheme); the last row that holds is taken. Red Hat's builds carry
# drivers of later kernels, so its releases are named by the version whose driver they have.
ROWS: tuple[tuple[str, tuple[int, int, int], Scheme], ...] = (
    ("e1000", (2, 6, 0), Scheme(LINEAR, "el5:drivers/net/e1000/e1000_main.c: rx_buffer_len, next power of two")),
    ("e1000", (2, 6, 32), Scheme(PAGE, "el6:drivers/net/e1000/e1000_main.c: rx_buffer_len capped at PAGE_SIZE")),
    ("e1000e", (2, 6, 0), Scheme(LINEAR, "drivers/net/ethernet/intel/e1000e/netdev.c: e1000_alloc_rx_buffers()")),
    ("e1000e", (2, 6, 32), Scheme(PAGE, "drivers/net/ethernet/intel/e1000e/netdev.c: e1000_alloc_jumbo_rx_buffers()")),
    ("igb", (2, 6, 0), Scheme(PAGE, "drivers/net/ethernet/intel/igb/igb_main.c: igb_alloc_mapped_page()")),
    ("igbvf", (2, 6, 0), Scheme(PAGE, "drivers/net/ethernet/intel/igbvf/netdev.c: igbvf_alloc_rx_buffers()")),
    ("igc", (4, 18, 0), Scheme(PAGE, "drivers/net/ethernet/intel/igc/igc_main.c: igc_alloc_mapped_page()")),
    ("ixgbe", (2, 6, 0), Scheme(PAGE, "2.6.32-322.el6: \"Replace standard receive path with a page based receive\"")),
    ("ixgbe", (4, 12, 0), Scheme(PAGES, "drivers/net/ethernet/intel/ixgbe/ixgbe.h: ixgbe_rx_pg_order(), 3K buffers",
                                 1)),
    ("ixgbevf", (2, 6, 0), Scheme(PAGE, "ixgbevf/ixgbevf_main.c: ixgbevf_alloc_mapped_page()")),
    ("ixgbevf", (4, 18, 0), Scheme(PAGES, "drivers/net/ethernet/intel/ixgbevf/ixgbevf.h: ixgbevf_rx_pg_order()", 1)),
    ("i40e", (2, 6, 0), Scheme(PAGE, "drivers/net/ethernet/intel/i40e/i40e_txrx.c: i40e_alloc_mapped_page()")),
    ("i40e", (4, 12, 0), Scheme(PAGES, "drivers/net/ethernet/intel/i40e/i40e_txrx.h: i40e_rx_pg_order()", 1)),
    ("iavf", (2, 6, 0), Scheme(PAGE, "drivers/net/ethernet/intel/iavf/iavf_txrx.c: iavf_alloc_mapped_page()")),
    ("iavf", (4, 18, 0), Scheme(PAGES, "drivers/net/ethernet/intel/iavf/iavf_txrx.h: iavf_rx_pg_order()", 1)),
    ("ice", (4, 18, 0), Scheme(PAGES, "drivers/net/ethernet/intel/ice/ice_txrx.h: ice_rx_pg_order()", 1)),
    ("fm10k", (3, 10, 0), Scheme(PAGE, "drivers/net/ethernet/intel/fm10k/fm10k_main.c: fm10k_alloc_mapped_page()")),
    ("bnx2", (2, 6, 0), Scheme(FRAGS, "drivers/net/ethernet/broadcom/bnx2.c: rx_pg_ring, one page a descriptor")),
    ("bnx2x", (2, 6, 0), Scheme(LINEAR, "drivers/net/ethernet/broadcom/bnx2x/bnx2x_cmn.h: rx_buf_size of the MTU")),
    ("bnxt_en", (3, 10, 0), Scheme(PAGE, "drivers/net/ethernet/broadcom/bnxt/bnxt.c: jumbo over the aggregation ring")),
    ("be2net", (2, 6, 0), Scheme(PAGE, "emulex/benet/be_main.c: be_post_rx_frags(), big_page_size")),
    ("tg3", (2, 6, 0), Scheme(LINEAR, "drivers/net/ethernet/broadcom/tg3.c: tg3_alloc_rx_data()")),
    ("mlx4_en", (2, 6, 0), Scheme(PAGES, "el6-358:drivers/net/mlx4/en_rx.c: MLX4_EN_ALLOC_ORDER", 2, 0)),
    ("mlx4_en", (3, 10, 0), Scheme(FRAGS, "3.10.0-35.el7: \"mlx4: allow order-0 memory allocations in RX path\"")),
    ("mlx5_core", (3, 10, 0), Scheme(FRAGS, "drivers/net/ethernet/mellanox/mlx5/core/en_rx.c: mlx5e_alloc_rx_wqe()")),
    ("virtio_net", (2, 6, 0), Scheme(PAGE, "drivers/net/virtio_net.c: add_recvbuf_mergeable()")),
    ("vmxnet3", (2, 6, 0), Scheme(PAGE, "drivers/net/vmxnet3/vmxnet3_drv.c: vmxnet3_rq_alloc_rx_buf()")),
    ("qede", (3, 10, 0), Scheme(PAGE, "drivers/net/ethernet/qlogic/qede/qede_fp.c: qede_alloc_rx_buffer()")),
    ("sfc", (3, 10, 0), Scheme(PAGE, "drivers/net/ethernet/sfc/rx_common.c: efx_init_rx_buffers()")),
    ("cxgb4", (2, 6, 0), Scheme(PAGE, "drivers/net/ethernet/chelsio/cxgb4/sge.c: refill_fl()")),
    ("ena", (3, 10, 0), Scheme(PAGE, "drivers/net/ethernet/amazon/ena/ena_netdev.c: ena_alloc_rx_buffer()")),
    ("enic", (2, 6, 0), Scheme(LINEAR, "drivers/net/ethernet/cisco/enic/enic_main.c: enic_rq_alloc_buf()")),
    ("r8169", (2, 6, 0), Scheme(LINEAR, "drivers/net/r8169.c: rtl8169_alloc_rx_skb()")),
    ("r8169", (2, 6, 38), Scheme(PAGES, "drivers/net/ethernet/realtek/r8169_main.c: R8169_RX_BUF_SIZE 16 kB", 2, 0)),
)
ANY_OTHER = Scheme(PAGE, "one page a descriptor, as most drivers take")
# Up to Linux 2.6.32 a driver that no row names mostly took one skb a packet.
ANY_OLD = Scheme(LINEAR, "one piece a packet, as most drivers of that time took")
PAGE_BASED = (2, 6, 32)


def scheme_of(driver: str | None, release: Release | None) -> Scheme:
    """The scheme of a driver on a kernel; of a driver that no row names what most of its time take."""
    version = release.version if release is not None else (9, 0, 0)
    found = list(holding(driver, version))
    if found:
        return found[-1]
    return ANY_OLD if version < PAGE_BASED else ANY_OTHER


def holding(driver: str | None, version: tuple[int, int, int]) -> Iterable[Scheme]:
    """The rows of a driver that this version has reached."""
    return (scheme for name, since, scheme in ROWS if name == driver and version >= since)
