"""What one receive descriptor takes, by driver: a table, from the drivers' own sources.

| scheme | a descriptor takes |
|---|---|
| page | one page whatever the MTU: the driver uses it in halves, larger packets over several descriptors |
| pages | one block of 2**order pages, where the MTU is above `mtu_bytes` |
| frags | as many single pages as a packet needs |
| linear | one piece for the whole packet: head room, frame and skb_shared_info, in a slab of powers of two |
| power | one piece whose frame has the next power of two, and the rest behind it |
"""
from __future__ import annotations

from nopage.kernel.frozen import dataclass
from nopage.kernel.release import Release

Version = tuple[int, int, int]

STANDARD_MTU = 1500
# What an skb needs beside the frame: head room, Ethernet header, VLAN tag, struct skb_shared_info.
OVERHEAD_BYTES = 384
FRAME_BYTES = 22
SMALLEST_BYTES = 2048
LARGEST_BYTES = 1 << 20
PAGE, PAGES, FRAGS, LINEAR, POWER = "page", "pages", "frags", "linear", "power"


def slab_bytes(size: int) -> int:
    """The next power of two, at least 2 kB."""
    slab = SMALLEST_BYTES
    while slab < size:
        slab <<= 1
    return slab


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
            return slab_bytes(mtu + OVERHEAD_BYTES) // 1024
        if self.kind == POWER:
            return slab_bytes(slab_bytes(mtu + FRAME_BYTES) + OVERHEAD_BYTES) // 1024
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


@dataclass(frozen=True, slots=True)
class Row:
    """A scheme of these drivers, from build `since` and below `below`; of kernels that are no RHEL build by version."""

    drivers: tuple[str, ...]
    scheme: Scheme
    since: str = ""
    below: str = ""
    upstream_since: Version = (0, 0, 0)
    upstream_below: Version = (1 << 30, 0, 0)

    def holds(self, driver: str | None, release: Release | None) -> bool:
        """Whether this is the scheme of `driver` on `release`; a kernel that is not known is taken for a new one."""
        if driver not in self.drivers:
            return False
        if release is None or not release.exact:
            version = release.version if release is not None else NEWEST
            return self.upstream_since <= version < self.upstream_below
        return release.at_least(self.since or OLDEST) and not (self.below and release.at_least(self.below))


OLDEST, NEWEST = "2.6.9-0", (1 << 29, 0, 0)
INTEL = ("i40e", "iavf", "ixgbe", "ixgbevf", "igb")
ROWS: tuple[Row, ...] = (
    Row(("e1000",), Scheme(POWER, "2.6.9-89.29.1.EL e1000/e1000_main.c: e1000_change_mtu(), the next power of two"),
        below="2.6.32-71", upstream_below=(2, 6, 32)),
    Row(("e1000",), Scheme(PAGE, "2.6.32-754.el6 e1000/e1000_main.c: rx_buffer_len, PAGE_SIZE at the most"),
        since="2.6.32-71", upstream_since=(2, 6, 32)),
    Row(("ixgbe",), Scheme(LINEAR, "before 2.6.32-322.el6, BZ 819101: one piece a packet"), below="2.6.32-322",
        upstream_below=(3, 6, 0)),
    Row(INTEL, Scheme(PAGES, "3.10.0-1160.el7 i40e/i40e_txrx.h, ixgbe/ixgbe_main.c: __IXGBE_RX_3K_BUFFER, "
                      "igb/igb_main.c; 4.18.0-240.el8 and later: *_rx_pg_order()", 1),
        since="3.10.0-1160", upstream_since=(4, 12, 0)),
    Row(INTEL, Scheme(PAGE, "2.6.32-322.el6: \"Replace standard receive path with a page based receive\""),
        since="2.6.32-322", below="3.10.0-1160", upstream_since=(3, 6, 0), upstream_below=(4, 12, 0)),
    Row(("ice",), Scheme(PAGES, "4.18.0-553.66.1.el8_10, 5.14.0-570.32.1.el9_6 ice/ice_txrx.h: ice_rx_pg_order()", 1)),
    Row(("bnx2x",), Scheme(LINEAR, "2.6.32-642.6.2.el6, 3.10.0-1160.el7 bnx2x/bnx2x_cmn.c: bnx2x_frag_alloc()")),
    Row(("tg3",), Scheme(LINEAR, "2.6.32-642.6.2.el6, 5.14.0-570.32.1.el9_6 tg3.c: tg3_alloc_rx_data()")),
    Row(("mlx4_en",), Scheme(PAGES, "2.6.32-358.el6 mlx4/en_rx.c: MLX4_EN_ALLOC_ORDER", 2, 0), below="2.6.32-431",
        upstream_below=(3, 10, 0)),
    Row(("mlx4_en",), Scheme(FRAGS, "2.6.32-431.el6 mlx4/en_rx.c: mlx4_alloc_pages(); 3.10.0-35.el7"),
        since="2.6.32-431", upstream_since=(3, 10, 0)),
)
ANY_OTHER = Scheme(PAGE, "one page a descriptor")
# Before page-based receive a driver that no row names mostly took one skb a packet.
ANY_OLD = Scheme(LINEAR, "one piece a packet")
PAGE_BASED = (2, 6, 32)


def scheme_of(driver: str | None, release: Release | None) -> Scheme:
    """The scheme of a driver on a kernel; of a driver that no row names what most of its time take."""
    found = next((row.scheme for row in ROWS if row.holds(driver, release)), None)
    if found is not None:
        return found
    return ANY_OLD if release is not None and release.version < PAGE_BASED else ANY_OTHER
