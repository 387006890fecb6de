"""Which order a network driver asks for to refill its receive ring: by driver, release and MTU.

Only what asks for more than one page in one piece is here; of every other driver nothing more than single pages is
assumed. The order is that of the request, whether a failure of it would be reported or not.
"""
from __future__ import annotations

from collections.abc import Callable

from nopage.kernel.frozen import dataclass
from nopage.kernel.nic.counters import driver_names
from nopage.kernel.release import Release

STANDARD_MTU = 1500
DATAGRAM_MTU, MOST_DATAGRAM_MTU = 2044, 4092  # IPoIB: the InfiniBand MTU, 2048 or 4096, less its header
SHARED_INFO_BYTES = 320  # struct skb_shared_info, which lies behind the data in the same piece


def order_of(size_bytes: int, page_kb: int) -> int:
    """The smallest order that holds so many bytes."""
    pages = -(-size_bytes // (page_kb * 1024))
    return max(0, (pages - 1).bit_length())


def whole_frame(mtu: int, page_kb: int) -> int:
    """Frame, head room and shared info in one piece of kmalloc()."""
    return order_of(mtu + 64 + 32 + SHARED_INFO_BYTES, page_kb)


def power_of_two(mtu: int, page_kb: int) -> int:
    """A hardware buffer of the next power of two above the frame, and the rest behind it."""
    size = 2048
    while size < mtu + 22 and size < 16384:
        size <<= 1
    return order_of(size + 18 + SHARED_INFO_BYTES, page_kb)


def three_kilobytes(mtu: int, page_kb: int) -> int:
    """Two halves of 3 kB need two pages of 4 kB; up to the standard MTU two halves share one page."""
    return 1 if mtu > STANDARD_MTU and page_kb == 4 else 0


def jumbo_piece(mtu: int, page_kb: int) -> int:
    """One size for all jumbo frames, 9046 bytes."""
    return order_of(9046 + 64 + 32 + SHARED_INFO_BYTES, page_kb) if mtu > STANDARD_MTU else 0


def four_pages(mtu: int, page_kb: int) -> int:
    """Order 2 whatever the MTU."""
    return 2


def datagram(mtu: int, page_kb: int) -> int:
    """IPoIB in datagram mode: one skb of the InfiniBand MTU; connected mode receives into single pages."""
    if not DATAGRAM_MTU < mtu <= MOST_DATAGRAM_MTU:
        return 0
    return order_of(4096 + 40 + 20 + SHARED_INFO_BYTES, page_kb)


@dataclass(frozen=True, slots=True)
class Buffers:
    """How these drivers' rings are refilled in these generations, from build `since` on and below `below`."""

    drivers: tuple[str, ...]
    generations: tuple[str, ...]
    order: Callable[[int, int], int]
    source: str
    since: str | None = None
    below: str | None = None

    def holds(self, release: Release) -> bool:
        """Whether `release` lies in the range."""
        if not release.exact or release.generation not in self.generations:
            return False
        if self.since is not None and not release.at_least(self.since):
            return False
        return self.below is None or not release.at_least(self.below)


BUFFERS: tuple[Buffers, ...] = (
    Buffers(("e1000",), ("el4",), power_of_two, "el4 e1000/e1000_main.c: e1000_change_mtu()"),
    Buffers(("mlx4_en",), ("el6",), four_pages,
            "2.6.32-358.el6 mlx4/en_rx.c: MLX4_EN_ALLOC_ORDER; 2.6.32-431.el6 falls back to single pages, silently",
            below="2.6.32-431"),
    Buffers(("i40e", "iavf", "ixgbe", "ixgbevf", "igb"), ("el7",), three_kilobytes,
            "3.10.0-1160.el7 i40e/i40e_main.c, i40e_txrx.h; ixgbe/ixgbe_main.c: __IXGBE_RX_3K_BUFFER; igb/igb_main.c",
            since="3.10.0-1160"),
    Buffers(("i40e", "iavf", "ixgbe", "ixgbevf", "igb", "ice"), ("el8", "el9", "el10"), three_kilobytes,
            "4.18.0-240.el8, 4.18.0-553.66.1.el8_10, 5.14.0-570.32.1.el9_6, 6.12.0-55.24.1.el10_0: *_rx_pg_order()"),
    Buffers(("bnx2x",), ("el6", "el7", "el8", "el9"), whole_frame,
            "2.6.32-642.6.2.el6, 3.10.0-1160.el7, 8.10, 9.6 bnx2x/bnx2x_cmn.c: bnx2x_frag_alloc()"),
    Buffers(("tg3",), ("el6", "el7", "el8", "el9"), jumbo_piece,
            "2.6.32-642.6.2.el6, 3.10.0-1160.el7, 5.14.0-570.32.1.el9_6 tg3.c: tg3_alloc_rx_data(), TG3_RX_JMB_DMA_SZ"),
    Buffers(("ib_ipoib",), ("el6", "el7"), datagram,
            "2.6.32-642.6.2.el6 and 3.10.0-1160.el7 ipoib/ipoib_ib.c: ipoib_alloc_rx_skb()"),
)


def receive_order(driver: str | None, mtu: int | None, release: Release | None, page_kb: int = 4) -> int:
    """The order of one receive buffer; 0 where nothing larger is known to be asked for."""
    if release is None or mtu is None or not 0 < mtu <= 1 << 17:
        return 0
    names = driver_names(driver)
    rows = [row for row in BUFFERS if any(one in row.drivers for one in names) and row.holds(release)]
    return max((row.order(mtu, page_kb) for row in rows), default=0)
