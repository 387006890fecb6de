"""What the counters of network drivers mean: a row a driver and name, with the source it was read in.

Sources: el6 is 2.6.32-642.6.2.el6, el7 3.10.0-1160, el8 4.18.0-240, 8.10 4.18.0-553.66.1, 9.6 5.14.0-570.32.1.
"""
from __future__ import annotations

import re
from functools import lru_cache

from nopage.kernel.frozen import dataclass

NO_MEMORY = "no memory"  # the driver asked for memory and got none
NO_BUFFER = "no buffer"  # a packet found no buffer posted in the receive ring, for whatever reason
OTHER_COUNT = "other"  # named alike, and counts something else
ANY = ("*",)


@dataclass(frozen=True, slots=True)
class Counter:
    """What the names that `pattern` matches whole count in these drivers; `lost`: each count is a packet lost.

    `source` is the file and build it was read in; "" for rows of ANY driver, which go by the name alone.
    """

    drivers: tuple[str, ...]
    meaning: str
    pattern: str
    lost: bool = False
    source: str = ""


# What `ethtool -S` names, without the "[0]: " of a queue. The driver's own row counts before those of ANY.
COUNTERS: tuple[Counter, ...] = (
    # Asked, and got none: the refill is tried again with the next packet.
    Counter(("e1000", "e1000e", "igbvf"), NO_MEMORY, r"alloc_rx_buff_failed", False,
            "el7 e1000e/netdev.c: e1000_alloc_rx_buffers(), igbvf/netdev.c"),
    Counter(("ixgbe", "ixgbevf"), NO_MEMORY, r"alloc_rx_(?:page|buff)_failed", False,
            "el7 ixgbe/ixgbe_main.c: ixgbe_alloc_mapped_page(), ixgbe_clean_rx_irq()"),
    Counter(("ixgbe", "ixgbevf"), OTHER_COUNT, r"alloc_rx_page", False, "el7 ixgbe/ixgbe_ethtool.c: pages that it got"),
    Counter(("ixgbe",), NO_BUFFER, r"rx_no_dma_resources", True,
            "el7 ixgbe/ixgbe_main.c: sum of QPRDC, packets dropped for want of a descriptor in their queue"),
    Counter(("igb", "igc"), NO_MEMORY, r"rx_queue_\d+_alloc_failed", False, "el7 igb/igb_ethtool.c, igb/igb_main.c"),
    Counter(("i40e", "ice"), NO_MEMORY, r"rx_(?:pg_)?alloc_fail", False,
            "el7 i40e/i40e_ethtool.c: rx_buf_failed, rx_page_failed; 9.6 ice/ice_ethtool.c"),
    Counter(("i40e",), OTHER_COUNT, r"rx_cache_\w+", False, "9.6 i40e/i40e_ethtool.c: pages that it got"),
    Counter(("fm10k",), NO_MEMORY, r"rx_alloc_failed", False, "el7 fm10k/fm10k_ethtool.c"),
    Counter(("fm10k",), NO_BUFFER, r"nodesc_drop", True, "el7 fm10k/fm10k_ethtool.c"),
    Counter(("mlx5_core",), NO_MEMORY, r"rx_(?:xsk_)?buff_alloc_err", False,
            "el7 mlx5/core/en_rx.c; 9.6 mlx5/counters.rst: failed to allocate a buffer (or SKB) on ring i"),
    Counter(("mlx5_core",), OTHER_COUNT, r"rx\d+_\w+", False, "el7 mlx5/core/en_stats.c: of one ring"),
    Counter(("mlx5_core",), NO_BUFFER, r"rx_out_of_buffer", True,
            "9.6 mlx5/counters.rst: receive queue had no software buffers allocated for incoming traffic"),
    Counter(("mlx4_en",), OTHER_COUNT, r"rx_alloc_pages", False, "el7 mlx4/en_ethtool.c: pages that it got"),
    Counter(("ena",), NO_MEMORY, r"queue_\d+_rx_(?:page|skb)_alloc_fail", False,
            "el7 amazon/ena/ena_netdev.c: ena_alloc_rx_page(), ena_rx_skb()"),
    Counter(("be2net",), NO_MEMORY, r"rx_post_fail", False,
            "el7 benet/be.h: page post alloc failures; be_main.c: be_post_rx_frags()"),
    Counter(("qede",), NO_MEMORY, r"rx_alloc_errors", False, "el7 qede/qede_fp.c"),
    Counter(("vmxnet3",), NO_MEMORY, r"rx buf alloc fail", False, "el7 vmxnet3/vmxnet3_ethtool.c"),
    Counter(("ibmveth", "ibmvnic"), NO_MEMORY, r"replenish_no_mem", False,
            "el7 ibm/ibmveth.c: ibmveth_replenish_buffer_pool()"),
    Counter(("bna",), NO_MEMORY, r"rxbuf_alloc_failed", False, "el7 bna/bnad_ethtool.c"),
    Counter(("bna",), OTHER_COUNT, r"rxq\d+_allocbuf_failed", False, "el7 bna/bnad_ethtool.c: of one ring"),
    Counter(("nfp",), NO_MEMORY, r"rx_replace_buf_alloc_fail", False, "el7 nfp/nfp_net_ethtool.c"),
    Counter(("liquidio",), NO_MEMORY, r"buffer_alloc_failure", False, "el7 liquidio/lio_ethtool.c"),
    Counter(("gve",), NO_MEMORY, r"page_alloc_fail|rx_(?:skb|buf)_alloc_fail", False, "9.6 google/gve/gve_ethtool.c"),
    Counter(("atlantic", "aquantia"), NO_MEMORY, r".*Queue\[\d+\] (?:Skb)?AllocFails", False,
            "9.6 aquantia/atlantic/aq_ethtool.c"),
    Counter(("mvneta",), NO_MEMORY, r"skb_alloc_errors|refill_errors", False, "9.6 marvell/mvneta.c"),
    Counter(("gianfar",), NO_MEMORY, r"rx-allocation-errors", False, "9.6 freescale/gianfar_ethtool.c"),
    Counter(("hns3",), OTHER_COUNT, r".*frag_alloc", False, "9.6 hns3/hns3_ethtool.c: fragments that it got"),
    # Asked, got none, and dropped the packet for it.
    Counter(("bnx2x",), NO_MEMORY, r"rx_skb_alloc_discard", True,
            "el7 bnx2x/bnx2x_cmn.c: bnx2x_tpa_stop(), bnx2x_rx_int(): drops the packet and keeps its buffer"),
    Counter(("bnxt_en",), NO_MEMORY, r"rx_(?:total_)?oom_discards", True, "8.10, 9.6 bnxt/bnxt.c: bnxt_rx_pkt()"),
    Counter(("hv_netvsc",), NO_MEMORY, r"[rt]x_no_memory", True, "el7 hyperv/netvsc_drv.c: netvsc_recv_callback()"),
    Counter(("be2net",), NO_MEMORY, r"rx_drops_no_skbs", True, "el7 benet/be.h: skb allocation errors"),
    Counter(("qlcnic",), NO_MEMORY, r"skb_alloc_failure", True, "el7 qlcnic/qlcnic_ethtool.c"),
    Counter(("liquidio",), NO_MEMORY, r"dropped_nomem", True, "el7 liquidio/lio_ethtool.c"),
    # No buffer in the ring: for want of memory, or because the CPU came too late.
    Counter(("be2net",), NO_BUFFER, r"rx_drops_no_frags", True, "el7 benet/be.h: HW has no fetched frags"),
    Counter(("bnx2x",), NO_BUFFER, r"rx_discards", True, "el7 bnx2x/bnx2x_ethtool.c: no_buff_discard"),
    Counter(("bnx2",), NO_BUFFER, r"rx_fw_discards", True, "el7 bnx2.c: stat_FwRxDrop"),
    Counter(("bnx2",), OTHER_COUNT, r"rx_discards|rx_ftq_discards", False,
            "el7 bnx2.c: stat_IfInMBUFDiscards, memory on the card"),
    Counter(("tg3",), NO_BUFFER, r"rx_discards", True, "el7 tg3.c: RCVLPC_IN_DISCARDS_CNT"),
    Counter(("enic",), NO_BUFFER, r"rx_no_bufs", True, "el7 enic/enic_ethtool.c"),
    Counter(("qede",), NO_BUFFER, r"no_buff_discards", True, "el7 qede/qede_ethtool.c"),
    Counter(("sfc",), NO_BUFFER, r"(?:port_)?rx_nodesc_drops?(?:_cnt)?", True, "el7 sfc/ef10.c: RX_NODESC_DROPS"),
    Counter(("vmxnet3",), NO_BUFFER, r"pkts rx OOB", True, "el7 vmxnet3/vmxnet3_ethtool.c: pktsRxOutOfBuf"),
    Counter(("ibmveth",), NO_BUFFER, r"rx_no_buffer", True, "el7 ibm/ibmveth.c: ibmveth_update_rx_no_buffer()"),
    Counter(("myri10ge",), NO_BUFFER, r"dropped_no_(?:small|big)_buffer", True, "el7 myri10ge/myri10ge.c"),
    # Names that speak for themselves, of drivers and builds that were not read.
    Counter(ANY, OTHER_COUNT, r"tx.*|.*xdp.*"),
    Counter(ANY, NO_MEMORY, r".*alloc\w*?_?(?:fail|err|discard)\w*"),
    Counter(ANY, NO_MEMORY, r".*(?:fail|err)\w*_alloc\w*"),
    Counter(ANY, NO_MEMORY, r"(?:.*_)?(?:no_?mem(?:ory)?|oom)(?:_\w+)?", True),
    Counter(ANY, NO_BUFFER, r"(?:.*_)?(?:no_?buf\w*|out_of_buffer|no_dma\w*|no_desc|nodesc\w*|no_frags|buf_err)", True),
    Counter(ANY, NO_BUFFER, r"rx_missed\w*|rx_fifo\w*|rx_over_err\w*|rx_overrun\w*|rx_\w*?discards?", True),
)


@dataclass(frozen=True, slots=True)
class Protocol:
    """A counter of the protocols (/proc/net/netstat, snmp). `proves`: only an allocation that failed counts there."""

    name: str
    proves: bool
    source: str


# net/ipv4 of el7 and 9.6. What is not here for cause: a qdisc and softnet_stat's second column drop at a limit of their
# own length; PruneCalled and its kin at a socket's receive buffer or tcp_mem.
PROTOCOLS: tuple[Protocol, ...] = (
    Protocol("PFMemallocDrop", True, "el7 net/core/filter.c: sk_filter(): the packet lay in a page below min"),
    Protocol("InDiscards", False, "el7, 9.6 net/ipv4/ip_input.c: a copy or trim failed; 9.6 also l2tp and bridges"),
    Protocol("TCPMemoryPressures", False, "el7 net/core/sock.c: sk_page_frag_refill() failed, or tcp_mem was reached"),
    Protocol("TCPBacklogDrop", False, "el7 net/ipv4/tcp_ipv4.c: the socket's backlog was full"),
    Protocol("TCPRcvQDrop", False, "net/ipv4/tcp_input.c: the socket's receive buffer or tcp_mem was full"),
    Protocol("TCPRcvCollapsed", False, "net/ipv4/tcp_input.c: a receive queue was made smaller"),
    Protocol("PruneCalled", False, "el7 net/ipv4/tcp_input.c: tcp_prune_queue()"),
    Protocol("RcvPruned", False, "el7 net/ipv4/tcp_input.c: tcp_prune_queue() had to give up packets"),
    Protocol("OfoPruned", False, "el7 net/ipv4/tcp_input.c: tcp_prune_ofo_queue()"),
)


def driver_names(driver: str | None) -> tuple[str, ...]:
    """A driver as `ethtool -i` or a call trace names it, in the names of modules; () where none is given.

    IPoIB over mlx5 says "mlx5_core[ib_ipoib]": it is both. Xen's front end calls itself "vif".
    """
    if not driver:
        return ()
    parts = re.findall(r"[^\[\]\s]+", driver.replace("-", "_"))
    return tuple({"vif": "xen_netfront"}.get(part, part) for part in parts)


@lru_cache(maxsize=4096)
def counter_of(driver: str | None, name: str) -> Counter | None:
    """The row for a counter of a driver, its own before those of any; None where it is none of these."""
    rows, names = _rows_of(driver)
    found = names.fullmatch(name)
    row = rows[found.lastgroup or ""] if found else None
    return None if row is None or row.meaning == OTHER_COUNT else row


@lru_cache(maxsize=64)
def _rows_of(driver: str | None) -> tuple[dict[str, Counter], re.Pattern[str]]:
    """A driver's rows, then those of any, and one pattern whose groups are their names here."""
    names = driver_names(driver)
    own = [row for row in COUNTERS if any(one in row.drivers for one in names)]
    rows = {f"row{number}": row for number, row in enumerate((*own, *(row for row in COUNTERS if row.drivers == ANY)))}
    return rows, re.compile("|".join(f"(?P<{name}>{row.pattern})" for name, row in rows.items()), re.IGNORECASE)


def counts_failures(driver: str | None) -> bool:
    """Whether this driver is known to count the allocations that fail, so that a zero there says something."""
    names = driver_names(driver)
    return any(row.meaning == NO_MEMORY and any(one in row.drivers for one in names) for row in COUNTERS)
