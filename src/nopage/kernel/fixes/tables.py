"""Known problems of kernels and drivers, and the build with the fix: one row each, each with a source that was read.

This is a table of Python, not YAML: diagnosis and the remedies ask it, and they stand below the floor that reads YAML.
Its words are messages like all others.
"""
from __future__ import annotations

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say

FIXES = "fixes"  # the failing request succeeds, or is not made any more
EASES = "eases"  # it fails more rarely
HIDES = "hides"  # only the report goes away
RECEIVE, TRANSMIT, SOCKETS = "network receive", "network transmit", "sockets"
BLOCKS = ("fragmented", "watermark_order")
LARGEST = 63

# The first build of Red Hat, and the first version, whose order 0 that cannot wait may take pages of the high-order
# atomic reserve. mm/page_alloc.c: rmqueue_buddy() asks for ALLOC_OOM alone in 5.14.0-503.11.1.el9_5 .. -503.40.1.el9_5,
# for ALLOC_NON_BLOCK too in 5.14.0-570.12.1.el9_6 .. -570.32.1.el9_6 and 6.12.0-55.24.1.el10_0; upstream 281dd25c1a01
# "mm/page_alloc: let GFP_ATOMIC order-0 allocs access highatomic reserves".
ORDER_0_TAKES_HIGHATOMIC = "5.14.0-570"
ORDER_0_TAKES_HIGHATOMIC_UPSTREAM = (6, 12, 0)
RMQUEUE_READ = "mm/page_alloc.c of 5.14.0-503.40.1.el9_5 and 5.14.0-570.12.1.el9_6: rmqueue_buddy()"


@dataclass(frozen=True, slots=True)
class Fix:
    """One row. An empty tuple, or None, means that it is not looked at.

    It holds for `generations` from build `since` on and below build `fixed_in`; for requests of `drivers` or of
    `functions`, of an order in `orders` (least, greatest), on one of `paths`, that failed for one of `causes`, and that
    show `sign`.
    """

    id: str
    kind: str
    generations: tuple[str, ...]
    fixed_in: str
    words: Message
    source: str
    drivers: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    orders: tuple[int, int] = (0, LARGEST)
    paths: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    sign: str | None = None
    since: str | None = None

    @property
    def major(self) -> bool:
        """The fix needs an upgrade to another major release."""
        return self.fixed_in.split("-")[0] not in {MAINLINE[generation] for generation in self.generations}


MAINLINE = {"el4": "2.6.9", "el5": "2.6.18", "el6": "2.6.32", "el7": "3.10.0", "el8": "4.18.0", "el9": "5.14.0",
            "el10": "6.12.0"}

TABLE: tuple[Fix, ...] = (
    Fix("mlx4_en.order2", FIXES, ("el6",), "2.6.32-431", say(
        "fix.mlx4_en.order2", "mlx4_en of RHEL 6.4 asks for order 2 whatever the MTU; from {fixed_in} (6.5) it tries "
        "larger blocks silently and falls back to single pages.", fixed_in="2.6.32-431.el6"),
        "drivers/net/mlx4/en_rx.c of 2.6.32-358.el6 (MLX4_EN_ALLOC_ORDER) and of 2.6.32-431.el6 (mlx4_alloc_pages()); "
        "the blog of redhat.com, Memory zones and a Linux driver issue",
        drivers=("mlx4_en",), orders=(1, 2), paths=(RECEIVE,)),
    Fix("bnx2.jumbo.el5", FIXES, ("el5",), "2.6.18-164", say(
        "fix.bnx2.jumbo.el5", "bnx2 mishandled errors with jumbo frames, a failed allocation among them, up to "
        "crashes; fixed in {fixed_in} (RHEL 5.4).", fixed_in="2.6.18-164.el5"),
        "access.redhat.com/solutions/62765", drivers=("bnx2",), paths=(RECEIVE,)),
    Fix("bnx2.jumbo.el4", FIXES, ("el4",), "2.6.9-89.100", say(
        "fix.bnx2.jumbo.el4", "bnx2 mishandled errors with jumbo frames, a failed allocation among them, up to "
        "crashes; fixed in {fixed_in} (RHEL 4.9).", fixed_in="2.6.9-89.100.EL"),
        "access.redhat.com/solutions/62765", drivers=("bnx2",), paths=(RECEIVE,)),
    Fix("ixgbe.page_based", FIXES, ("el6",), "2.6.32-322", say(
        "fix.ixgbe.page_based", "From {fixed_in} ixgbe receives into pages instead of one piece a packet (BZ 819101).",
        fixed_in="2.6.32-322.el6"),
        "changelog of kernel 2.6.32-322.el6", drivers=("ixgbe",), orders=(1, LARGEST), paths=(RECEIVE,)),
    Fix("el6.watermark_order", FIXES, ("el6",), "2.6.32-431", say(
        "fix.el6.watermark_order", "From {fixed_in} (RHEL 6.5) a request of order 1 and more passes when two blocks of "
        "its order, or one larger, are free; before, many free pages in larger blocks were asked for as well.",
        fixed_in="2.6.32-431.el6"),
        "mm/page_alloc.c of 2.6.32-358.el6 and 2.6.32-431.el6: __zone_watermark_ok()",
        orders=(1, LARGEST), causes=BLOCKS),
    Fix("el6.compaction", EASES, ("el6",), "2.6.32-358", say(
        "fix.el6.compaction", "{fixed_in} (RHEL 6.4) has the compaction series (BZ 713546, 783248): failures become "
        "rarer, they do not end; kswapd itself compacts for order 4 and more only.", fixed_in="2.6.32-358.el6"),
        "access.redhat.com/solutions/90883; changelog of 2.6.32-324.el6 to -334.el6; mm/vmscan.c: balance_pgdat()",
        orders=(1, LARGEST), causes=BLOCKS),
    Fix("sunrpc.xprt_alloc_slot", HIDES, ("el6",), "2.6.32-274", say(
        "fix.sunrpc.xprt_alloc_slot", "From {fixed_in} sunrpc asks for its slots silently (BZ 822189): it can do "
        "without, so the report said nothing.", fixed_in="2.6.32-274.el6"),
        "changelog of kernel 2.6.32-274.el6", functions=("xprt_alloc_slot", "xprt_alloc_and_init_slot",
                                                         "xprt_dynamic_alloc_slot")),
    Fix("i40e.nowarn", HIDES, ("el7",), "3.10.0-416", say(
        "fix.i40e.nowarn", "From {fixed_in} on (RHEL 7.3) i40e asks for its buffers silently: the reports go away, the "
        "failures stay, and rx_alloc_fail and rx_pg_alloc_fail of ethtool -S count them.", fixed_in="3.10.0-416.el7"),
        "changelog of kernel 3.10.0-416.el7 (BZ 1269238)", drivers=("i40e",), paths=(RECEIVE,)),
    Fix("i40evf.nowarn", HIDES, ("el7",), "3.10.0-417", say(
        "fix.i40evf.nowarn", "From {fixed_in} on (RHEL 7.3) i40evf asks for its buffers silently: the reports go away, "
        "the failures stay.", fixed_in="3.10.0-417.el7"),
        "changelog of kernel 3.10.0-417.el7 (BZ 1274177)", drivers=("i40evf",), paths=(RECEIVE,)),
    Fix("el7.single_try", FIXES, ("el7",), "3.10.0-359", say(
        "fix.el7.single_try", "From {fixed_in} on (RHEL 7.3, 3.10.0-514) the network core tries one large block, "
        "without waiting for it, and then takes single pages (BZ 1284940).", fixed_in="3.10.0-359.el7"),
        "changelog of kernel 3.10.0-359.el7", orders=(1, 3), paths=(RECEIVE, TRANSMIT, SOCKETS),
        functions=("__netdev_alloc_frag", "netdev_alloc_frag", "__alloc_page_frag", "skb_page_frag_refill",
                   "sk_page_frag_refill", "alloc_skb_with_frags", "sock_alloc_send_pskb")),
    Fix("el8.memcg_charge", FIXES, ("el8",), "4.18.0-192.2", say(
        "fix.el8.memcg_charge", "Before {fixed_in} (RHEL 8.2) atomic requests charged to a full memory cgroup failed "
        "with plenty of memory free (BZ 1793534).", fixed_in="4.18.0-192.2.el8"),
        "changelog of kernel 4.18.0-192.2.el8; mm/memcontrol.c: try_charge()",
        paths=(RECEIVE, TRANSMIT, SOCKETS), causes=("transient",)),
    Fix("el8.default", EASES, ("el8",), "4.18.0-193.9", say(
        "fix.el8.default", "{fixed_in} (RHEL 8.2) sets vm.min_free_kbytes by itself to as much as 262144 instead of "
        "65536.", fixed_in="4.18.0-193.9.el8"),
        "changelog of kernel 4.18.0-193.9.el8", causes=("exhausted",)),
    Fix("el4.default", EASES, ("el4",), "2.6.9-55.0.6", say(
        "fix.el4.default", "{fixed_in} sets vm.min_free_kbytes by itself to four times as much.",
        fixed_in="2.6.9-55.0.6.EL"),
        "mm/page_alloc.c of 2.6.9-55.EL and 2.6.9-55.0.6.EL: init_per_zone_pages_min()", causes=("exhausted",)),
    Fix("e1000.whole_frame", FIXES, ("el4",), "2.6.32-71", say(
        "fix.e1000.whole_frame", "e1000 of RHEL 4 takes one piece of the next power of two for a jumbo frame (order 3 "
        "with MTU 9000); that of RHEL 6 takes single pages."),
        "drivers/net/e1000/e1000_main.c of 2.6.9-89.29.1.EL: e1000_change_mtu(), and of 2.6.32-642.6.2.el6",
        drivers=("e1000",), orders=(1, LARGEST), paths=(RECEIVE,)),
    Fix("boost.order0", FIXES, ("el8",), "5.14.0-70", say(
        "fix.boost.order0", "An order-0 request that cannot wait fails here at the boosted min mark; RHEL 9 leaves the "
        "boost out of it. vm.watermark_boost_factor = 0 does the same on this kernel."),
        "mm/page_alloc.c of 4.18.0-553.66.1.el8_10 and 5.14.0-70.30.1.el9_0: zone_watermark_fast(); upstream "
        "1c30844d2dfe brought the boost", orders=(0, 0), sign="boost", since="4.18.0-305"),
    Fix("highatomic.order0.el8", FIXES, ("el8",), ORDER_0_TAKES_HIGHATOMIC, say(
        "fix.highatomic.order0.el8", "The free pages are held by the highatomic reserve, which order 0 may not take "
        "here; {fixed_in} (RHEL 9.6) lets it.", fixed_in=f"{ORDER_0_TAKES_HIGHATOMIC}.el9"),
        RMQUEUE_READ, orders=(0, 0), sign="highatomic"),
    Fix("highatomic.order0.el9", FIXES, ("el9",), ORDER_0_TAKES_HIGHATOMIC, say(
        "fix.highatomic.order0.el9", "The free pages are held by the highatomic reserve, which order 0 may not take "
        "before {fixed_in} (RHEL 9.6).", fixed_in=f"{ORDER_0_TAKES_HIGHATOMIC}.el9"),
        RMQUEUE_READ, orders=(0, 0), sign="highatomic"),
)
