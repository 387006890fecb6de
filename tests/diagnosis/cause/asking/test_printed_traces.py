"""Who asked, from traces as RHEL 4 to 10 print them: own traces, invented addresses, drivers' real names."""
from __future__ import annotations

import re
import zlib
from random import Random
from typing import NamedTuple

import pytest

from nopage.diagnosis.cause.asking.asker import Asker
from nopage.diagnosis.cause.diagnose import diagnose
from nopage.kernel.release import parse_release
from nopage.kernel.window import Window
from nopage.klog.reading import read_log

RELEASES = {
    "el4": "2.6.9-89.29.1.ELsmp", "el5": "2.6.18-274.7.1.el5", "el6": "2.6.32-431.el6.x86_64",
    "el7": "3.10.0-957.el7.x86_64", "el8": "4.18.0-553.el8_10.x86_64", "el9": "5.14.0-427.el9.x86_64",
    "el10": "6.12.0-55.el10.x86_64",
}
ALLOCATOR = {
    "el4": "__alloc_pages", "el5": "__alloc_pages", "el6": "? __alloc_pages_nodemask",
    "el7": "dump_stack; warn_alloc_failed; __alloc_pages_slowpath; __alloc_pages_nodemask; alloc_pages_current",
    "el8": "dump_stack; warn_alloc.cold.119; __alloc_pages_slowpath; __alloc_pages_nodemask",
    "el9": "dump_stack_lvl; warn_alloc; __alloc_pages_slowpath.constprop.0; __alloc_pages",
    "el10": "dump_stack_lvl; warn_alloc; __alloc_pages_slowpath.constprop.0; __alloc_pages_noprof; "
            "alloc_pages_mpol_noprof",
}
TAIL_IRQ = {
    "el4": "net_rx_action; __do_softirq; do_softirq; do_IRQ; ret_from_intr; <EOI>; default_idle; cpu_idle",
    "el5": "net_rx_action; __do_softirq; call_softirq; do_softirq; do_IRQ; ret_from_intr; <EOI>; mwait_idle; cpu_idle",
    "el6": "net_rx_action; __do_softirq; call_softirq; <EOI>; do_softirq; irq_exit; do_IRQ; ret_from_intr; cpu_idle",
    "el7": "net_rx_action; __do_softirq; call_softirq; do_softirq; irq_exit; do_IRQ; common_interrupt; <EOI>; "
           "cpu_startup_entry; start_secondary",
    "el8": "net_rx_action; __do_softirq; irq_exit; do_IRQ; common_interrupt; </IRQ>; do_idle; cpu_startup_entry",
    "el9": "__napi_poll; net_rx_action; __do_softirq; __irq_exit_rcu; common_interrupt; </IRQ>; <TASK>; "
           "asm_common_interrupt; do_idle; cpu_startup_entry",
    "el10": "__napi_poll; net_rx_action; handle_softirqs; __irq_exit_rcu; common_interrupt; </IRQ>; <TASK>; "
            "asm_common_interrupt; do_idle; cpu_startup_entry",
}
TASK = {
    "el4": "sys_write; system_call", "el5": "sys_write; tracesys", "el6": "? sys_write; ? system_call_fastpath",
    "el7": "SyS_write; system_call_fastpath", "el8": "ksys_write; do_syscall_64; entry_SYSCALL_64_after_hwframe",
    "el9": "ksys_write; do_syscall_64; entry_SYSCALL_64_after_hwframe",
    "el10": "ksys_write; do_syscall_64; entry_SYSCALL_64_after_hwframe",
}


class Row(NamedTuple):
    """One trace: `trace` from the allocator outward without the reporting functions; what it must tell."""

    release: str
    trace: str
    path: str
    driver: str | None
    function: str | None
    more: dict[str, object] = {}  # noqa: RUF012 - read only
    mask: str = "0x20"
    comm: str = "swapper"
    taint: str = "Not tainted"


def printed(row: Row) -> str:
    """The report as that release prints it. In a trace "rx" and "task" stand for the usual ends, "sym+0" is stale."""
    release = RELEASES[row.release]
    text = re.sub("; rx$", f"; {TAIL_IRQ[row.release]}", row.trace)
    text = re.sub("; task$", f"; {TASK[row.release]}", text)
    marked = re.search("<EOI>|</IRQ>", text) and "<IRQ>" not in text
    text = f"{'<IRQ>; ' if marked else ''}{ALLOCATOR[row.release]}; {text}"
    header = "page allocation failure" + (". " if row.release in ("el4", "el5", "el6") else ": ")
    lines = [f"{row.comm}: {header}order:0, mode:{row.mask}" + NAMES.get((row.release, row.mask), "")]
    if row.release not in ("el4", "el5"):
        lines.append(f"CPU: 3 PID: 10 Comm: {row.comm} {row.taint} {release} #1")
    lines += ["Call Trace:", *(line for word in text.split(";") if (line := frame(row.release, word.strip())))]
    return "".join(f"Mar  3 10:11:12 web7 kernel: {line}\n" for line in lines)


NAMES = {(release, mask): f"({name}), nodemask=(null),cpuset=/,mems_allowed=0"
         for release in ("el8", "el9", "el10")
         for mask, name in (("0x480020", "GFP_ATOMIC"), ("0xa20", "GFP_ATOMIC"), ("0x820", "GFP_ATOMIC"),
                            ("0x6000c0", "GFP_KERNEL"), ("0xcc0", "GFP_KERNEL"))}


def frame(release: str, word: str) -> str:
    """One word of a trace in the form of a release."""
    if not word or word.startswith("<"):
        return f" {word} " if word else ""
    stale = word.startswith("?")
    symbol, _, module = word.removeprefix("? ").partition(" ")
    module = module.strip("[]")
    if symbol.startswith("0x"):
        return f" [<{symbol[2:]}>] {'? ' if stale else ''}{symbol}"
    symbol, plus, at = symbol.partition("+")
    number = zlib.crc32(symbol.encode())
    size = 0x40 + number % 0x300 * 16
    offset = {"0": 0, "end": size}.get(at, 1 + number % (size - 2)) if plus else 1 + number % (size - 2)
    address = (0xFFFFFFFFA0000000 if module else 0xFFFFFFFF80100000) + number % 0xFFFFF + offset
    if release == "el4":
        return f"<{address:016x}>{{{f':{module}:' if module else ''}{symbol}+{offset}}}"
    if release == "el5":
        return f" [<{address:016x}>] {f':{module}:' if module else ''}{symbol}+{offset:#x}/{size:#x}"
    mark, where = "? " if stale or release == "el6" else "", f" [{module}]" if module else ""
    told = f"{mark}{symbol}+{offset:#x}/{size:#x}{where}"
    return f" [<{address:016x}>] {told}" if release in ("el6", "el7") else f" {told}"


def asker_of_row(row: Row) -> Asker:
    (report,) = read_log([Window("messages", 1, 0, tuple(printed(row).splitlines()))]).reports
    asker = diagnose(report, release=parse_release(RELEASES[row.release])).asker
    assert asker is not None
    return asker


RX, TX, SOCK, DISK, OTHER = "network receive", "network transmit", "sockets", "storage", "other"
IRQ: dict[str, object] = {"in_interrupt": True, "bystander": True}
MINE: dict[str, object] = {"in_interrupt": False, "bystander": False}
ROWS = (
    # --- unmarked scans: what interrupts left on the stack neither names the asker nor ends the trace
    Row("el4", "handle_IRQ_event; cache_grow; cache_alloc_refill; __kmalloc; alloc_skb; "
        "e1000_alloc_rx_buffers [e1000]; "
        "do_IRQ; e1000_clean_rx_irq [e1000]; ret_from_intr+0; e1000_clean [e1000]; rx",
        RX, "e1000", "e1000_alloc_rx_buffers", IRQ),
    Row("el4", "handle_IRQ_event; do_IRQ; alloc_skb; tg3_alloc_rx_skb [tg3]; tg3_rx [tg3]; tg3_poll [tg3]; rx",
        RX, "tg3", "tg3_alloc_rx_skb", IRQ),
    Row("el4", "apic_timer_interrupt; kmem_getpages; cache_grow; kmem_cache_alloc; bio_alloc; mpage_alloc; "
        "mpage_readpages; ext3_readpages [ext3]; do_generic_mapping_read; generic_file_aio_read; vfs_read; task",
        DISK, "ext3", "bio_alloc", MINE, "0x50", "tar"),
    Row("el4", "smp_apic_timer_interrupt; apic_timer_interrupt; foo_get [foo]; foo_ioctl [foo]; sys_ioctl; system_call",
        OTHER, "foo", "foo_get", {"path_known": True, **MINE}, "0xd0", "fooctl"),
    Row("el4", "do_timer; __kmalloc; alloc_skb; tcp_send_ack; tcp_delack_timer; run_timer_softirq; __do_softirq; "
        "do_softirq; apic_timer_interrupt; <EOI>; default_idle",
        TX, None, "tcp_send_ack", IRQ),
    Row("el5", "cache_grow; cache_alloc_refill; __kmalloc; __alloc_skb; do_timer; timer_interrupt; "
        "bnx2_alloc_rx_skb [bnx2]; "
        "bnx2_poll [bnx2]; rx", RX, "bnx2", "bnx2_alloc_rx_skb", IRQ),
    Row("el5", "do_IRQ; kmem_getpages; cache_grow; thread_return; cache_alloc_refill; __kmalloc; __alloc_skb; "
        "__netdev_alloc_skb; e1000_alloc_rx_buffers [e1000]; e1000_clean_rx_irq [e1000]; e1000_clean [e1000]; rx",
        RX, "e1000", "e1000_alloc_rx_buffers", IRQ),
    Row("el5", "__netif_receive_skb+0; netif_receive_skb; ip_rcv; __alloc_skb; __netdev_alloc_skb; "
        "igb_alloc_rx_buffers_adv [igb]; igb_clean_rx_irq_adv [igb]; igb_clean_rx_ring_msix [igb]; rx",
        RX, "igb", "igb_alloc_rx_buffers_adv", IRQ),
    Row("el5", "handle_IRQ_event; __do_IRQ; do_IRQ; ret_from_intr; cache_alloc_refill; __kmalloc; do_acct_process; "
        "do_exit; "
        "sys_exit_group; system_call", OTHER, None, "do_acct_process", {"path_known": True, **MINE}, "0xd0", "cron"),
    Row("el5", "do_timer; raw_get; ret_from_intr+0; handle_IRQ_event; foo_tick; run_timer_softirq; __do_softirq; "
        "call_softirq; do_softirq; apic_timer_interrupt; <EOI>; mwait_idle",
        OTHER, None, "raw_get", {"path_known": True, **IRQ}),
    Row("el5", "twa_scsi_queue+0; cache_grow; kmem_cache_alloc; scsi_get_command [scsi_mod]; scsi_prep_fn [scsi_mod]; "
        "elv_next_request; scsi_request_fn [scsi_mod]; blk_run_queue; scsi_next_command [scsi_mod]; "
        "scsi_io_completion [scsi_mod]; blk_done_softirq; __do_softirq; call_softirq; do_softirq; do_IRQ; "
        "ret_from_intr",
        DISK, "scsi_mod", "scsi_get_command", IRQ),
    # cut right behind the allocator: the word that was passed over is all there is
    Row("el5", "cache_grow; r8169_rx_interrupt [r8169]; __netdev_alloc_skb", RX, "r8169", "r8169_rx_interrupt", {}),
    # --- RHEL 6: each word with "?"
    Row("el6", "? scheduler_tick; ? __netif_receive_skb; ? alloc_pages_current; ? mlx4_en_alloc_frags [mlx4_en]; "
        "? mlx4_en_process_rx_cq [mlx4_en]; ? mlx4_en_poll_rx_cq [mlx4_en]; rx", RX, "mlx4_en", "mlx4_en_alloc_frags",
        IRQ),
    Row("el6", "? __netif_receive_skb; ? netif_receive_skb; ? napi_gro_receive; ? bnx2x_alloc_rx_sge [bnx2x]; "
        "? bnx2x_rx_int [bnx2x]; ? bnx2x_poll [bnx2x]; rx", RX, "bnx2x", "bnx2x_alloc_rx_sge", IRQ),
    Row("el6", "? kmem_getpages; ? fallback_alloc; ? cache_grow; ? ____cache_alloc_node; ? foo_next+end; ? __kmalloc; "
        "? be_other+end [be2net]; ? be_post_rx_frags [be2net]; ? be_poll_rx [be2net]; rx",
        RX, "be2net", "be_post_rx_frags", IRQ),
    Row("el6", "? kmem_getpages; ? cache_grow; ? kmem_cache_alloc; ? sk_prot_alloc; ? sk_clone; ? inet_csk_clone; "
        "? tcp_create_openreq_child; ? tcp_v4_syn_recv_sock; ? tcp_check_req; ? tcp_v4_do_rcv; ? tcp_v4_rcv; "
        "? ip_local_deliver; ? ip_rcv; ? __netif_receive_skb; ? netif_receive_skb; ? napi_gro_receive; "
        "? ixgbe_clean_rx_irq [ixgbe]; ? ixgbe_clean_rxtx_many [ixgbe]; rx",
        SOCK, None, "sk_prot_alloc", {"received_by": "ixgbe", "layer": "TCP", "card": "ixgbe", **IRQ}),
    Row("el6", "? kmem_getpages; ? __kmalloc_node; ? __alloc_skb; ? __netdev_alloc_skb; ? rtl8139_rx [8139too]; "
        "? rtl8139_poll [8139too]; rx", RX, "8139too", "rtl8139_rx", IRQ),
    Row("el6", "? kmem_getpages; ? __kmalloc; ? twa_scsiop_execute_scsi [3w_9xxx]; ? twa_scsi_queue [3w_9xxx]; "
        "? scsi_dispatch_cmd; ? scsi_request_fn; ? __blk_run_queue; ? blk_run_queue; ? scsi_run_queue; "
        "? blk_done_softirq; ? __do_softirq; ? call_softirq; <EOI>; ? do_softirq; ? irq_exit",
        DISK, "3w_9xxx", "twa_scsiop_execute_scsi", IRQ),
    Row("el6", "? kmem_getpages; ? cache_grow; ? __kmalloc; ? cxiInitDentry [mmfslinux]; ? gpfs_i_lookup [mmfslinux]; "
        "? do_lookup; ? path_walk; ? sys_open; ? system_call_fastpath", DISK, "mmfslinux", "cxiInitDentry",
        {"third_party": "yes", **MINE}, "0xd0", "find", "Tainted: P           ---------------"),
    Row("el6", "? __get_free_pages; ? _traceAlloc [tracedev]; ? trc_open [tracedev]; ? chrdev_open; ? sys_open; "
        "? system_call_fastpath", DISK, "tracedev", "_traceAlloc", {"third_party": "yes", **MINE}, "0xd0", "lxtrace"),
    Row("el6", "? __alloc_skb; ? kni_net_rx_normal [rte_kni]; ? kni_net_rx [rte_kni]; ? kni_thread_single [rte_kni]; "
        "? kthread; ? child_rip", RX, "rte_kni", "kni_net_rx_normal", {"third_party": "yes", **MINE}, "0x20",
        "kni_single"),
    Row("el6", "? __kmalloc; ? mfe_aac_lookup [mfe_aac_1007193773]; ? vfs_read; ? sys_read; ? system_call_fastpath",
        OTHER, "mfe_aac_1007193773", "mfe_aac_lookup", {"third_party": "yes", "path_known": True, **MINE}, "0xd0",
        "java"),
    Row("el6", "? kmem_getpages; ? __kmalloc; ? ib_isert_alloc [ib_isert]; ? isert_rx_completion [ib_isert]; "
        "? isert_cq_rx_work [ib_isert]; ? worker_thread; ? kthread; ? child_rip",
        DISK, "ib_isert", "ib_isert_alloc", MINE, "0xd0", "isert"),
    Row("el6", "? shmem_alloc_page; ? shmem_getpage; ? shmem_write_begin; ? generic_file_buffered_write; "
        "? __generic_file_aio_write; ? generic_file_aio_write; ? vfs_write; ? sys_write; ? system_call_fastpath",
        OTHER, None, "shmem_alloc_page", {"path_known": True, **MINE}, "0x200da", "dd"),
    Row("el6", "? proc_reg_read; ? vfs_read; ? sys_read; ? system_call_fastpath",
        OTHER, None, "proc_reg_read", {"path_known": True, **MINE}, "0xd0", "cat"),
    Row("el6", "? __alloc_skb; ? sock_alloc_send_pskb; ? unix_stream_sendmsg; ? sock_aio_write; ? do_sync_write; "
        "? vfs_write; ? sys_write; ? system_call_fastpath",
        SOCK, None, "sock_alloc_send_pskb", MINE, "0x4d0", "dbus-daemon"),
    Row("el6", "? skb_copy; ? tg3_start_xmit [tg3]; ? dev_hard_start_xmit; ? sch_direct_xmit; ? dev_queue_xmit; "
        "? ip_finish_output; ? ip_forward; ? ip_rcv; ? __netif_receive_skb; ? netif_receive_skb; ? napi_gro_receive; "
        "? igb_poll [igb]; rx", TX, "tg3", "skb_copy", {"received_by": "igb", "card": "tg3", **IRQ}),
    # --- RHEL 7
    Row("el7", "new_slab; ___slab_alloc; ? number; kmem_cache_alloc; nf_conntrack_alloc [nf_conntrack]; "
        "init_conntrack [nf_conntrack]; nf_conntrack_in [nf_conntrack]; ipv4_conntrack_in [nf_conntrack_ipv4]; "
        "nf_iterate; "
        "nf_hook_slow; ip_rcv; __netif_receive_skb_core; __netif_receive_skb; netif_receive_skb_internal; "
        "napi_gro_receive; i40e_clean_rx_irq [i40e]; i40e_napi_poll [i40e]; rx",
        RX, "nf_conntrack", "nf_conntrack_alloc", {"received_by": "i40e", **IRQ}),
    Row("el7", "kmalloc_order_trace; update_or_create_fnhe; __ip_rt_update_pmtu; ip_rt_update_pmtu; "
        "inet_csk_update_pmtu; tcp_v4_mtu_reduced; tcp_v4_err; icmp_socket_deliver; icmp_unreach; icmp_rcv; "
        "ip_local_deliver_finish; ip_local_deliver; ip_rcv_finish; ip_rcv; __netif_receive_skb_core; "
        "netif_receive_skb_internal; napi_gro_receive; vmxnet3_rq_rx_complete [vmxnet3]; "
        "vmxnet3_poll_rx_only [vmxnet3]; rx",
        RX, None, "update_or_create_fnhe", {"received_by": "vmxnet3", "layer": "IP", **IRQ}),
    Row("el7", "kmalloc_order_trace; update_or_create_fnhe; __ip_rt_update_pmtu; inet_csk_update_pmtu; tcp_release_cb; "
        "release_sock; tcp_sendmsg; inet_sendmsg; sock_aio_write; vfs_write; task",
        SOCK, None, "update_or_create_fnhe", MINE, "0x20", "etcd"),
    Row("el7", "__alloc_skb; tcp_send_ack; __tcp_ack_snd_check; tcp_rcv_established; tcp_v4_do_rcv; tcp_v4_rcv; "
        "ip_local_deliver; ip_rcv; __netif_receive_skb; napi_gro_receive; mlx5e_handle_rx_cqe [mlx5_core]; "
        "mlx5e_poll_rx_cq [mlx5_core]; mlx5e_napi_poll [mlx5_core]; rx",
        TX, None, "tcp_send_ack", {"received_by": "mlx5_core", "layer": "TCP", **IRQ}),
    Row("el7", "kmem_cache_alloc; scsi_pool_alloc_command; scsi_host_alloc_command; __scsi_get_command; "
        "scsi_setup_cmnd; scsi_prep_fn; blk_peek_request; scsi_request_fn; __blk_run_queue; queue_unplugged; "
        "blk_queue_bio; generic_make_request; submit_bio; vdev_disk_io_start [zfs]; zio_vdev_io_start [zfs]; "
        "zio_execute [zfs]; taskq_thread [spl]; kthread; ret_from_fork",
        DISK, "scsi_mod", "scsi_pool_alloc_command",
        {"submitted_by": "zfs", "third_party": "", "layer": "SCSI", **MINE}, "0x20", "z_wr_iss",
        "Tainted: P           OE  ------------"),
    Row("el7", "kmem_cache_alloc; mempool_alloc_slab; mempool_alloc; virtblk_add_req [virtio_blk]; "
        "virtio_queue_rq [virtio_blk]; __blk_mq_run_hw_queue; blk_mq_run_hw_queue; blk_mq_make_request; "
        "generic_make_request; submit_bio; ext4_io_submit [ext4]; ext4_writepages [ext4]; do_writepages; kthread; "
        "ret_from_fork", DISK, "virtio_blk", "virtblk_add_req", {"submitted_by": "ext4", **MINE}, "0x11220",
        "kworker/u8:1"),
    Row("el7", "new_slab; ___slab_alloc; kmem_cache_alloc; get_request; blk_queue_bio; generic_make_request; "
        "submit_bio; "
        "xfs_submit_ioend_bio [xfs]; xfs_vm_writepages [xfs]; do_writepages; kthread; ret_from_fork",
        DISK, None, "get_request", {"submitted_by": "xfs", "layer": "block", **MINE}, "0x11220", "kworker/u8:1"),
    Row("el7", "__kmalloc; memcg_alloc_cache_params; kmem_cache_create_memcg; kmem_cache_create; "
        "nf_conntrack_init_net [nf_conntrack]; ops_init; setup_net; copy_net_ns; SyS_unshare; system_call_fastpath",
        OTHER, None, "memcg_alloc_cache_params", {"path_known": True, "setup": True, **MINE}, "0x10c0d0", "runc"),
    Row("el7", "alloc_kmem_pages; kmalloc_order; __kmalloc; seq_buf_alloc; seq_read; proc_reg_read; vfs_read; task",
        OTHER, None, "seq_buf_alloc", {"path_known": True, **MINE}, "0xd0", "pcp"),
    Row("el7", "__alloc_page_frag; __napi_alloc_skb; napi_get_frags; e1000_clean_jumbo_rx_irq [e1000]; "
        "e1000_clean [e1000]; rx",
        RX, "e1000", "e1000_clean_jumbo_rx_irq", {"receive_buffer": True, **IRQ}),
    Row("el7", "__alloc_skb; __netdev_alloc_skb; rx_submit [usbnet]; rx_complete [usbnet]; __usb_hcd_giveback_urb; "
        "usb_giveback_urb_bh; tasklet_action; __do_softirq; call_softirq; do_softirq; irq_exit; do_IRQ; "
        "common_interrupt",
        RX, "usbnet", "rx_submit", {"third_party": "", **IRQ}, "0x20", "swapper/1",
        "Tainted: P           OE  ------------"),
    Row("el7", "__alloc_skb; asix_rx_fixup_internal [asix]; asix_rx_fixup_common [asix]; usbnet_bh [usbnet]; "
        "tasklet_action; "
        "__do_softirq; call_softirq; do_softirq; irq_exit; do_IRQ; common_interrupt",
        RX, "asix", "asix_rx_fixup_internal", {"third_party": "", **IRQ}, "0x20", "sh",
        "Tainted: P           OE  ------------"),
    Row("el7", "kmalloc_order; blob_grow [blobfoo]; blob_work [blobfoo]; process_one_work; worker_thread; kthread; "
        "ret_from_fork",
        OTHER, "blobfoo", "blob_grow", {"third_party": "maybe", "path_known": True, **MINE}, "0xd0", "kworker/1:2",
        "Tainted: P           OE  ------------"),
    Row("el7", "vlan_skb_copy [8021q]; vlan_dev_hard_start_xmit [8021q]; dev_hard_start_xmit; __dev_queue_xmit; "
        "dev_queue_xmit; ip_finish_output; ip_output; tcp_transmit_skb; tcp_write_xmit; tcp_sendmsg; sock_aio_write; "
        "task",
        TX, "8021q", "vlan_skb_copy", MINE, "0x20", "nfs"),
    Row("el7", "kmem_cache_alloc; p9_client_prepare_req [9pnet]; p9_client_rpc [9pnet]; p9_client_walk [9pnet]; "
        "v9fs_vfs_lookup [9p]; lookup_real; path_openat; do_sys_open; SyS_open; system_call_fastpath",
        OTHER, "9pnet", "p9_client_prepare_req", {"path_known": False, **MINE}, "0xd0", "ls"),
    Row("el7", "__kmalloc; spl_kmem_alloc_impl [spl]; spl_kmem_zalloc [spl]; dbuf_hold_impl [zfs]; dmu_read [zfs]; "
        "zfs_read [zfs]; zpl_read [zfs]; vfs_read; SyS_read; system_call_fastpath",
        DISK, "zfs", "dbuf_hold_impl", {"third_party": "yes", **MINE}, "0xd0", "rsync", "Tainted: P           OE"),
    Row("el7", "__alloc_skb; sk_stream_alloc_skb; tcp_sendmsg; inet_sendmsg; sock_sendmsg; kernel_sendmsg; "
        "xs_send_kvec [sunrpc]; xs_sendpages [sunrpc]; xs_tcp_send_request [sunrpc]; xprt_transmit [sunrpc]; "
        "call_transmit [sunrpc]; __rpc_execute [sunrpc]; rpc_async_schedule [sunrpc]; process_one_work; worker_thread; "
        "kthread; ret_from_fork", SOCK, None, "sk_stream_alloc_skb", {"submitted_by": "sunrpc", "layer": "TCP", **MINE},
        "0x20", "kworker/3:1"),
    # --- RHEL 8 to 10
    Row("el8", "page_frag_alloc; __napi_alloc_skb; bnxt_copy_skb [bnxt_en]; bnxt_rx_pkt [bnxt_en]; "
        "bnxt_poll [bnxt_en]; rx",
        RX, "bnxt_en", "bnxt_copy_skb", IRQ, "0x480020"),
    Row("el8", "allocate_slab; ___slab_alloc; kmem_cache_alloc; skb_clone; br_flood [bridge]; "
        "br_handle_frame_finish [bridge]; "
        "br_handle_frame [bridge]; __netif_receive_skb_core; netif_receive_skb_internal; napi_gro_receive; "
        "ice_clean_rx_irq [ice]; ice_napi_poll [ice]; rx",
        RX, "bridge", "skb_clone", {"received_by": "ice", **IRQ}, "0x480020"),
    Row("el8", "kmalloc_order; proc_sys_call_handler; proc_sys_read; generic_file_splice_read; splice_direct_to_actor; "
        "do_sendfile; __x64_sys_sendfile64; do_syscall_64; entry_SYSCALL_64_after_hwframe",
        OTHER, None, "proc_sys_call_handler", {"path_known": True, **MINE}, "0x6000c0", "cat"),
    Row("el8", "___slab_alloc; kmem_cache_alloc; 0xffffffffc0a51234; 0xffffffffc0a52341; tasklet_action_common; "
        "__do_softirq; irq_exit; do_IRQ; common_interrupt",
        OTHER, None, None, {"path_known": False, **IRQ}, "0x480020"),
    Row("el8", "___slab_alloc; __kmalloc; some_helper; another_helper", OTHER, None, "some_helper",
        {"path_known": False, "in_interrupt": False}, "0x480020"),
    Row("el8", "___slab_alloc; __kmalloc_node_track_caller; __alloc_skb; some_helper", RX, None, "some_helper",
        {"path_known": True}, "0x480020"),
    Row("el8", "nvme_alloc_iod [nvme]; nvme_queue_rq [nvme]; __blk_mq_try_issue_directly; blk_mq_make_request; "
        "generic_make_request; submit_bio; xfs_submit_ioend [xfs]; xfs_vm_writepages [xfs]; do_writepages; kthread; "
        "ret_from_fork", DISK, "nvme", "nvme_alloc_iod", {"submitted_by": "xfs", **MINE}, "0x480020", "kworker/u128:3"),
    Row("el9", "page_pool_alloc_pages; page_pool_dev_alloc_pages; mlx5e_alloc_rx_wqes [mlx5_core]; "
        "mlx5e_post_rx_wqes [mlx5_core]; mlx5e_napi_poll [mlx5_core]; rx",
        RX, "mlx5_core", "mlx5e_alloc_rx_wqes", IRQ, "0xa20"),
    Row("el9", "allocate_slab; ___slab_alloc; kmem_cache_alloc_bulk; napi_skb_cache_get; __napi_build_skb; "
        "napi_build_skb; "
        "ena_clean_rx_irq [ena]; ena_io_poll [ena]; rx", RX, "ena", "ena_clean_rx_irq", IRQ, "0xa20"),
    Row("el9", "allocate_slab; ___slab_alloc; kmem_cache_alloc_bulk; napi_skb_cache_get; napi_build_skb; build_skb; "
        "iavf_clean_rx_irq [iavf]; iavf_napi_poll [iavf]; __napi_poll; net_rx_action; __do_softirq; run_ksoftirqd; "
        "smpboot_thread_fn; kthread; ret_from_fork", RX, "iavf", "iavf_clean_rx_irq",
        {"in_interrupt": True, "bystander": False}, "0xa20", "ksoftirqd/12"),
    Row("el9", "? __cond_resched; try_fill_recv [virtio_net]; virtnet_receive [virtio_net]; virtnet_poll [virtio_net]; "
        "__napi_poll; net_rx_action; __do_softirq; __irq_exit_rcu; common_interrupt; </IRQ>; <TASK>; "
        "asm_common_interrupt; "
        "_raw_spin_unlock_irqrestore; run_ksoftirqd; smpboot_thread_fn; kthread; ret_from_fork",
        RX, "virtio_net", "try_fill_recv", {"in_interrupt": True, "bystander": True}, "0xa20", "ksoftirqd/1"),
    Row("el9", "xennet_alloc_one_rx_buffer [xen_netfront]; xennet_alloc_rx_buffers [xen_netfront]; "
        "xennet_poll [xen_netfront]; rx",
        RX, "xen_netfront", "xennet_alloc_one_rx_buffer", IRQ, "0xa20"),
    Row("el9", "blkif_queue_rw_req [xen_blkfront]; blkif_queue_rq [xen_blkfront]; blk_mq_dispatch_rq_list; "
        "__blk_mq_run_hw_queue; process_one_work; worker_thread; kthread; ret_from_fork",
        DISK, "xen_blkfront", "blkif_queue_rw_req", MINE, "0xa20", "kworker/0:1H"),
    Row("el9", "xgbe_map_rx_buffer [amd_xgbe]; xgbe_rx_refresh [amd_xgbe]; xgbe_rx_poll [amd_xgbe]; "
        "xgbe_one_poll [amd_xgbe]; rx", RX, "amd_xgbe", "xgbe_map_rx_buffer", IRQ, "0xa20"),
    Row("el9", "shmem_alloc_hugefolio; shmem_alloc_and_acct_folio; shmem_get_folio_gfp; shmem_fault; __do_fault; "
        "do_fault; __handle_mm_fault; handle_mm_fault; exc_page_fault; asm_exc_page_fault",
        OTHER, None, "shmem_alloc_hugefolio", {"path_known": True, **MINE}, "0xcc0", "postgres"),
    Row("el9", "__vmalloc_node_range; __vmalloc_node; kvmalloc_node; mystery_open [mystery]; tg3_reset_task [tg3]; "
        "process_one_work; worker_thread; kthread; ret_from_fork", OTHER, "mystery", "mystery_open",
        {"setup": True, "path_known": True, **MINE}, "0xcc0", "kworker/1:1"),
    Row("el9", "tg3_restart_hw [tg3]; tg3_reset_task [tg3]; process_one_work; worker_thread; kthread; ret_from_fork",
        OTHER, "tg3", "tg3_restart_hw", {"path_known": False, **MINE}, "0xcc0", "kworker/1:1"),
    Row("el10", "___slab_alloc; kmem_cache_alloc_noprof; sk_prot_alloc; sk_clone_lock; inet_csk_clone_lock; "
        "tcp_create_openreq_child; tcp_v6_syn_recv_sock; tcp_check_req; tcp_v6_rcv; ip6_protocol_deliver_rcu; "
        "ip6_input; ipv6_rcv; __netif_receive_skb_one_core; netif_receive_skb_list_internal; gro_normal_list; "
        "napi_complete_done; gve_rx_poll_dqo [gve]; gve_napi_poll_dqo [gve]; rx",
        SOCK, None, "sk_prot_alloc", {"received_by": "gve", "layer": "TCP", **IRQ}, "0x820"),
    Row("el10", "bio_alloc_bioset; bio_alloc_clone; alloc_tio [dm_mod]; __split_and_process_bio [dm_mod]; "
        "dm_split_and_process_bio [dm_mod]; __submit_bio; submit_bio_noacct_nocheck; btrfs_submit_bio [btrfs]; "
        "extent_write_cache_pages [btrfs]; do_writepages; kthread; ret_from_fork",
        DISK, "dm_mod", "bio_alloc_bioset", {"submitted_by": "btrfs", **MINE}, "0x820", "kworker/u64:1"),
    Row("el10", "___slab_alloc; __kmalloc_noprof; nfsd_alloc_thing [nfsd]; nfsd4_proc_compound [nfsd]; "
        "nfsd_dispatch [nfsd]; svc_process_common [sunrpc]; svc_recv [sunrpc]; nfsd [nfsd]; kthread; ret_from_fork",
        DISK, "nfsd", "nfsd_alloc_thing", MINE, "0xcc0", "nfsd"),
    Row("el10", "___slab_alloc; kmem_cache_alloc_noprof; dup_task_struct; copy_process; kernel_clone; __do_sys_clone3; "
        "do_syscall_64; entry_SYSCALL_64_after_hwframe", OTHER, None, "dup_task_struct", {"path_known": True, **MINE},
        "0xcc0",
        "java"),
    Row("el10", "___slab_alloc; kmem_cache_alloc_noprof; __alloc_skb; arp_create; arp_send_dst; arp_solicit; "
        "neigh_probe; neigh_timer_handler; call_timer_fn; run_timer_softirq; handle_softirqs; __irq_exit_rcu; "
        "sysvec_apic_timer_interrupt; </IRQ>; <TASK>; asm_sysvec_apic_timer_interrupt; do_idle",
        TX, None, "arp_create", IRQ, "0x820"),
    Row("el10", "___slab_alloc; kmem_cache_alloc_noprof; xfs_inode_alloc [xfs]; shrink_slab; shrink_node; "
        "try_to_free_pages; "
        "__alloc_pages_noprof; foo_big [foo]; foo_ioctl [foo]; __x64_sys_ioctl; do_syscall_64", DISK, "xfs",
        "xfs_inode_alloc",
        MINE, "0xcc0", "foo"),
    # --- layers over layers: bridges, IPsec, disks on disks, modules from elsewhere
    Row("el6",
        "? __kmalloc; ? __alloc_skb; ? skb_copy; ? skb_linearize_any [bonding]; ? bond_start_xmit [bonding]; ? "
        "dev_hard_start_xmit; ? dev_queue_xmit; ? ip_finish_output; ? ip_output; ? tcp_transmit_skb; ? "
        "tcp_write_xmit; ? tcp_sendmsg; ? sock_aio_write; ? do_sync_write; ? sys_write; ? system_call_fastpath",
        TX, "bonding", "skb_copy", MINE, "0x20", "java"),
    Row("el7",
        "kmem_cache_alloc; skb_clone; do_execute_actions [openvswitch]; ovs_execute_actions [openvswitch]; "
        "ovs_dp_process_packet [openvswitch]; ovs_vport_receive [openvswitch]; netdev_frame_hook [openvswitch]; "
        "__netif_receive_skb_core; __netif_receive_skb; netif_receive_skb_internal; napi_gro_receive; "
        "bnx2x_rx_int [bnx2x]; bnx2x_poll [bnx2x]; rx",
        RX, "openvswitch", "skb_clone", {"received_by": "bnx2x"}),
    Row("el7",
        "kmem_cache_alloc; ip_vs_conn_new [ip_vs]; ip_vs_schedule [ip_vs]; tcp_conn_schedule [ip_vs]; ip_vs_in "
        "[ip_vs]; ip_vs_local_request4 [ip_vs]; nf_iterate; nf_hook_slow; ip_local_deliver; ip_rcv; "
        "__netif_receive_skb; napi_gro_receive; ixgbe_poll [ixgbe]; rx",
        RX, "ip_vs", "ip_vs_conn_new", {"received_by": "ixgbe"}),
    Row("el7",
        "__vmalloc_node_range; vmalloc_node; xt_alloc_table_info [x_tables]; do_replace [ip_tables]; "
        "do_ipt_set_ctl [ip_tables]; nf_setsockopt; ip_setsockopt; raw_setsockopt; sock_common_setsockopt; "
        "SyS_setsockopt; system_call_fastpath",
        SOCK, "x_tables", "xt_alloc_table_info", MINE, "0xd2", "iptables"),
    Row("el7",
        "usb_alloc_urb; usb_sg_init; usb_stor_bulk_transfer_sglist [usb_storage]; usb_stor_bulk_srb "
        "[usb_storage]; usb_stor_Bulk_transport [usb_storage]; usb_stor_control_thread [usb_storage]; kthread; "
        "ret_from_fork",
        DISK, "usb_storage", "usb_alloc_urb", MINE, "0x10", "usb-storage"),
    Row("el6",
        "? __alloc_skb; ? sk_stream_alloc_skb; ? tcp_sendpage; ? inet_sendpage; ? kernel_sendpage; ? "
        "iscsi_sw_tcp_xmit_segment [iscsi_tcp]; ? iscsi_sw_tcp_pdu_xmit [iscsi_tcp]; ? iscsi_xmit_task "
        "[libiscsi]; ? iscsi_xmitworker [libiscsi]; ? worker_thread; ? kthread; ? child_rip",
        SOCK, None, "sk_stream_alloc_skb", {"submitted_by": "iscsi_tcp"}, "0x20", "iscsi_wq"),
    Row("el6",
        "? dma_generic_alloc_coherent; ? megasas_mgmt_fw_ioctl [megaraid_sas]; ? megasas_mgmt_ioctl_fw "
        "[megaraid_sas]; ? vfs_ioctl; ? sys_ioctl; ? system_call_fastpath",
        DISK, "megaraid_sas", "megasas_mgmt_fw_ioctl", MINE, "0xd0", "MegaCli64"),
    Row("el7",
        "__kmalloc; nv_alloc_pages [nvidia]; nvidia_ioctl [nvidia]; do_vfs_ioctl; SyS_ioctl; system_call_fastpath",
        OTHER, "nvidia", "nv_alloc_pages", {"third_party": "yes", "path_known": True}, "0xd0", "Xorg",
        "Tainted: P           OE"),
    Row("el8",
        "kmem_cache_alloc_node; __alloc_skb; tcp_fragment; tcp_retransmit_skb; tcp_retransmit_timer; "
        "tcp_write_timer_handler; tcp_write_timer; call_timer_fn; run_timer_softirq; __do_softirq; irq_exit; "
        "smp_apic_timer_interrupt; apic_timer_interrupt; </IRQ>; do_idle",
        TX, None, "tcp_fragment", IRQ, "0x480020"),
    Row("el8",
        "skb_cow_data; esp_input [esp4]; xfrm_input; xfrm4_rcv_encap; ip_local_deliver_finish; ip_local_deliver; "
        "ip_rcv; __netif_receive_skb_one_core; netif_receive_skb_internal; napi_gro_receive; mlx5e_poll_rx_cq "
        "[mlx5_core]; rx",
        RX, "esp4", "skb_cow_data", {"received_by": "mlx5_core"}, "0x480020"),
    Row("el8",
        "kmem_cache_alloc; sctp_chunkify [sctp]; sctp_rcv [sctp]; ip_local_deliver_finish; ip_local_deliver; "
        "ip_rcv; netif_receive_skb; napi_gro_receive; tg3_poll_work [tg3]; rx",
        SOCK, "sctp", "sctp_chunkify", {"received_by": "tg3"}, "0x480020"),
    Row("el7",
        "krealloc; __kmalloc; osdmap_set_max_osd [libceph]; ceph_osdmap_decode [libceph]; ceph_con_workfn "
        "[libceph]; process_one_work; worker_thread; kthread; ret_from_fork",
        DISK, "libceph", "osdmap_set_max_osd", MINE, "0x10c050", "kworker/3:0"),
    Row("el7",
        "alloc_netdev_mqs; xenvif_alloc [xen_netback]; backend_create_xenvif [xen_netback]; netback_probe "
        "[xen_netback]; xenbus_dev_probe; driver_probe_device; really_probe; xenwatch_thread; kthread; "
        "ret_from_fork",
        OTHER, "xen_netback", "alloc_netdev_mqs", {"setup": True}, "0xd0", "xenwatch"),
    Row("el8",
        "mmu_topup_memory_caches [kvm]; kvm_mmu_load [kvm]; vcpu_enter_guest [kvm]; kvm_vcpu_ioctl [kvm]; "
        "do_vfs_ioctl; ksys_ioctl; __x64_sys_ioctl; do_syscall_64",
        OTHER, "kvm", "mmu_topup_memory_caches", {"path_known": True}, "0x6000c0", "qemu-kvm"),
    Row("el7",
        "jbd2_alloc [jbd2]; jbd2_journal_write_metadata_buffer [jbd2]; jbd2_journal_commit_transaction [jbd2]; "
        "kjournald2 [jbd2]; kthread; ret_from_fork",
        DISK, "jbd2", "jbd2_alloc", MINE, "0x50", "jbd2/sda3-8"),
    Row("el7",
        "r1bio_pool_alloc [raid1]; mempool_alloc; make_request [raid1]; md_make_request; generic_make_request; "
        "submit_bio; xfs_submit_ioend [xfs]; kthread; ret_from_fork",
        DISK, "raid1", "r1bio_pool_alloc", MINE, "0x11210", "kworker/u4:2"),
    Row("el8",
        "zs_malloc [zsmalloc]; zram_bvec_rw [zram]; zram_rw_page [zram]; bdev_write_page; __swap_writepage; "
        "swap_writepage; pageout; shrink_page_list; shrink_node; balance_pgdat; kswapd; kthread; ret_from_fork",
        DISK, "zsmalloc", "zs_malloc", MINE, "0x480020", "kswapd0"),
    Row("el9",
        "iwl_pcie_rx_alloc_page [iwlwifi]; iwl_pcie_rxq_alloc_rbs [iwlwifi]; iwl_pcie_rx_allocator_work "
        "[iwlwifi]; process_one_work; worker_thread; kthread; ret_from_fork",
        RX, "iwlwifi", "iwl_pcie_rx_alloc_page", MINE, "0xa20", "kworker/2:2"),
    Row("el9",
        "__alloc_skb; tun_build_skb [tun]; tun_get_user [tun]; tun_sendmsg [tun]; handle_tx_copy [vhost_net]; "
        "handle_tx [vhost_net]; vhost_worker [vhost]; kthread; ret_from_fork",
        SOCK, "tun", "tun_build_skb", MINE, "0xa20", "vhost-2231"),
    Row("el9",
        "__kmalloc_node; kvmalloc_node; sk_filter_alloc_something; __netlink_kernel_create; rtnl_dump; "
        "netlink_dump; netlink_recvmsg; sock_recvmsg; __sys_recvfrom; __x64_sys_recvfrom; do_syscall_64",
        SOCK, None, "sk_filter_alloc_something", MINE, "0xcc0", "ip"),
    Row("el4",
        "kmem_getpages; cache_grow; thread_return; cache_alloc_refill; __kmalloc; SkDrvAllocRx [sk98lin]; "
        "FillRxRing [sk98lin]; SkGeIsr [sk98lin]; handle_IRQ_event; do_IRQ; ret_from_intr; <EOI>; default_idle; "
        "cpu_idle",
        RX, "sk98lin", "SkDrvAllocRx", IRQ),
    Row("el4",
        "handle_IRQ_event; do_IRQ; ret_from_intr+0; kmem_getpages; cache_grow; kmem_cache_alloc; __nfs_create "
        "[nfs]; nfs_writepage_async [nfs]; nfs_writepage_sync [nfs]; pdflush; kthread; child_rip",
        DISK, "nfs", "__nfs_create", MINE, "0x50", "pdflush"),
    Row("el5",
        "apic_timer_interrupt; scheduler_tick; cache_alloc_refill; kmem_cache_alloc; lpfc_sli_iocb_get [lpfc]; "
        "lpfc_queuecommand [lpfc]; scsi_dispatch_cmd [scsi_mod]; scsi_request_fn [scsi_mod]; "
        "generic_unplug_device; dm_table_unplug_all [dm_mod]; kblockd; worker_thread; kthread; child_rip",
        DISK, "lpfc", "lpfc_sli_iocb_get", MINE, "0x20", "kblockd/0"),
    Row("el5",
        "do_IRQ; qla2x00_intr; __kmalloc; skb_copy_expand; ipoib_start_xmit [ib_ipoib]; dev_hard_start_xmit; "
        "__qdisc_run; dev_queue_xmit; ip_output; tcp_transmit_skb; tcp_push_one; tcp_sendmsg; sock_aio_write; "
        "do_sync_write; vfs_write; task",
        TX, "ib_ipoib", "skb_copy_expand", MINE, "0x20", "mpirun"),
    Row("el5",
        "tcp_collapse; tcp_prune_queue; tcp_data_queue; tcp_rcv_established; tcp_v4_do_rcv; tcp_v4_rcv; "
        "ip_local_deliver; ip_rcv; netif_receive_skb; e1000_receive_skb [e1000]; e1000_clean_rx_irq [e1000]; "
        "e1000_clean [e1000]; rx",
        RX, None, "tcp_collapse", {"received_by": "e1000", "layer": "TCP"}),
    Row("el6",
        "? kmem_getpages; ? cache_grow; ? kmem_cache_alloc; ? dst_alloc; ? ip_route_input; ? ip_rcv_finish; ? "
        "ip_rcv; ? __netif_receive_skb; ? netif_receive_skb; ? virtnet_poll [virtio_net]; rx",
        RX, None, "dst_alloc", {"received_by": "virtio_net"}),
    Row("el6",
        "? kmem_getpages; ? fallback_alloc; ? __kmalloc; ? pskb_expand_head; ? __pskb_pull_tail; ? "
        "dev_hard_start_xmit; ? sch_direct_xmit; ? dev_queue_xmit; ? br_dev_queue_push_xmit [bridge]; ? "
        "br_forward_finish [bridge]; ? br_handle_frame [bridge]; ? __netif_receive_skb; ? netif_receive_skb; ? "
        "napi_gro_receive; ? be_poll_rx [be2net]; rx",
        TX, "bridge", "pskb_expand_head", {"received_by": "be2net"}),
    Row("el6",
        "? __get_free_pages; ? pgd_alloc; ? mm_init; ? mm_alloc; ? do_execve; ? sys_execve; ? stub_execve",
        OTHER, None, "pgd_alloc", {"path_known": True}, "0xd0", "sh"),
    Row("el6",
        "? tick_program_event; ? hrtimer_interrupt; ? alloc_slabmgmt; ? cache_grow; ? cache_alloc_refill; ? "
        "__kmalloc; ? dm_crypt_alloc [dm_crypt]; ? crypt_convert [dm_crypt]; ? kcryptd_crypt [dm_crypt]; ? "
        "worker_thread; ? kthread; ? child_rip",
        DISK, "dm_crypt", "dm_crypt_alloc", MINE, "0x20", "kcryptd"),
    Row("el7",
        "__alloc_skb; audit_log_start; audit_log_exit; __audit_syscall_exit; sysret_audit",
        SOCK, None, "audit_log_start", {"path_known": True}, "0xd0", "sshd"),
    Row("el7",
        "new_slab; kmem_cache_alloc; __build_skb; build_skb; tg3_poll_work [tg3]; tg3_poll_msix [tg3]; rx",
        RX, "tg3", "tg3_poll_work", IRQ),
    Row("el7",
        "alloc_pages_current; qlcnic_alloc_rx_skb [qlcnic]; qlcnic_process_rcv_ring [qlcnic]; qlcnic_poll "
        "[qlcnic]; rx",
        RX, "qlcnic", "qlcnic_alloc_rx_skb", IRQ),
    Row("el8",
        "__kmalloc; hpsa_scsi_queue_command; scsi_queue_rq; blk_mq_dispatch_rq_list; blk_mq_run_work_fn; "
        "process_one_work; worker_thread; kthread; ret_from_fork",
        DISK, "hpsa", "hpsa_scsi_queue_command", MINE, "0x480020", "kworker/1:1H"),
    Row("el9",
        "alloc_buffer_head; alloc_page_buffers; create_empty_buffers; ext4_block_write_begin; "
        "ext4_da_write_begin; generic_perform_write; ext4_buffered_write_iter; vfs_write; task",
        DISK, "ext4", "alloc_buffer_head", MINE, "0xcc0", "dd"),
    Row("el10",
        "folio_alloc_noprof; filemap_alloc_folio_noprof; page_cache_ra_unbounded; filemap_get_pages; "
        "filemap_read; xfs_file_read_iter [xfs]; vfs_read; ksys_read; do_syscall_64",
        DISK, "xfs", "filemap_alloc_folio", MINE, "0xcc0", "dd"),
    Row("el10",
        "alloc_pages_bulk_noprof; __page_pool_alloc_pages_slow; page_pool_alloc_netmems; mlx5e_alloc_rx_mpwqe "
        "[mlx5_core]; mlx5e_post_rx_mpwqes [mlx5_core]; mlx5e_napi_poll [mlx5_core]; rx",
        RX, "mlx5_core", "mlx5e_alloc_rx_mpwqe", IRQ, "0x820"),
    Row("el9",
        "allocate_slab; kmem_cache_alloc; inet_reqsk_alloc; tcp_conn_request; tcp_rcv_state_process; "
        "tcp_v4_do_rcv; tcp_v4_rcv; ip_local_deliver; ip_rcv; __netif_receive_skb_one_core; process_backlog; "
        "__napi_poll; net_rx_action; __do_softirq; do_softirq; __local_bh_enable_ip; __dev_queue_xmit; "
        "ip_finish_output2; __ip_queue_xmit; tcp_connect; tcp_v4_connect; __inet_stream_connect; __sys_connect; "
        "do_syscall_64; entry_SYSCALL_64_after_hwframe",
        SOCK, None, "inet_reqsk_alloc", {"in_interrupt": True}, "0xa20", "curl"),
    Row("el8",
        "allocate_slab; kmem_cache_alloc; tcp_add_backlog_x; veth_xmit [veth]; dev_hard_start_xmit; "
        "__dev_queue_xmit; br_forward [bridge]; br_handle_frame [bridge]; __netif_receive_skb_core; "
        "netif_receive_skb; tg3_rx [tg3]; tg3_poll [tg3]; rx",
        TX, "veth", "tcp_add_backlog_x", {"received_by": "tg3"}, "0x480020"),
    Row("el6",
        "? ____cache_alloc_node; ? kmem_cache_alloc; ? bio_integrity_alloc; ? sd_prep_fn [sd_mod]; ? "
        "blk_peek_request; ? scsi_request_fn; ? __generic_unplug_device; ? blk_unplug; ? dm_table_unplug_all "
        "[dm_mod]; ? sync_page; ? sys_fsync; ? system_call_fastpath",
        DISK, "sd_mod", "bio_integrity_alloc", MINE, "0x20", "oracle"),
    Row("el7",
        "kmalloc_order_trace; sg_build_indirect [sg]; sg_start_req [sg]; sg_common_write [sg]; sg_write [sg]; "
        "vfs_write; task",
        DISK, "sg", "sg_build_indirect", MINE, "0xd0", "tapeio"),
    Row("el7",
        "kmalloc_order_trace; st_open [st]; chrdev_open; do_dentry_open; do_sys_open; SyS_open; "
        "system_call_fastpath",
        DISK, "st", "st_open", MINE, "0xd0", "nsrmmd"),
    Row("el7",
        "vmalloc; symev_fs_alloc [symev_custom_3_10_x86_64]; symev_open [symev_custom_3_10_x86_64]; SyS_open; "
        "system_call_fastpath",
        OTHER, "symev_custom_3_10_x86_64", "symev_fs_alloc", {"third_party": "yes"}, "0xd2", "ls"),
    Row("el6",
        "? __alloc_skb; ? LNetPutLnet [lnet]; ? ksocknal_send [ksocklnd]; ? kthread; ? child_rip",
        SOCK, "lnet", "LNetPutLnet", {"third_party": "yes"}, "0x20", "socknal_sd00"),
    Row("el6",
        "? __kmalloc; ? cfs_alloc_large [libcfs]; ? ptlrpc_alloc_rqbd [ptlrpc]; ? ptlrpc_main [ptlrpc]; ? "
        "child_rip",
        DISK, "libcfs", "cfs_alloc_large", {"third_party": "yes"}, "0x50", "mdt01_001"),
)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.release}-{row.function}-{i}" for i, row in enumerate(ROWS)])
def test_who_asked(row: Row) -> None:
    asker = asker_of_row(row)
    told = {name: getattr(asker, name) for name in row.more}
    assert (asker.path, asker.driver, asker.function, told) == row[2:6], asker.stack


STALE = (
    "do_IRQ", "handle_IRQ_event", "ret_from_intr", "ret_from_intr+0", "do_timer", "apic_timer_interrupt",
        "scheduler_tick",
    "smp_apic_timer_interrupt", "thread_return", "tfn+0", "netif_receive_skb", "kfree_skb", "ip_rcv", "timer_interrupt",
    "main_timer_handler", "try_to_wake_up", "number", "vsnprintf", "ktime_get", "ip_local_deliver", "tcp_v4_rcv",
)
# Not the one that is cut right behind the allocator, nor the one whose functions look like a receive interrupt's.
SCANNED = tuple(row for row in ROWS if row.release in ("el4", "el5", "el6")
                and row.function not in ("ib_isert_alloc", "r8169_rx_interrupt"))


@pytest.mark.parametrize("seed", range(8))
def test_stale_words_anywhere_change_nothing(seed: int) -> None:
    """Up to three words of calls long gone between the frames of a scanned stack, half of them behind the allocator."""
    random = Random(seed)
    for row in SCANNED:
        known = asker_of_row(row)
        words = re.sub("; rx$", f"; {TAIL_IRQ[row.release]}", row.trace).split("; ")
        for _ in range(random.randint(1, 3)):
            at = 0 if random.random() < 0.5 else random.randint(0, min(8, len(words)))
            words.insert(at, ("? " if row.release == "el6" else "") + random.choice(STALE))
        asker = asker_of_row(row._replace(trace="; ".join(words)))
        assert (asker.path, asker.driver, asker.function, asker.in_interrupt) == (
            known.path, known.driver, known.function, known.in_interrupt), words
