"""Who asked, from traces as RHEL 4 to 10 print them: own traces, invented addresses, drivers' real names."""
from __future__ import annotations

import re
import zlib
from typing import NamedTuple

import pytest

from nopage.diagnosis.cause.asker import Asker
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
    told = f"{'? ' if stale or release == 'el6' else ''}{symbol}+{offset:#x}/{size:#x}{f' [{module}]' if module else ''}"
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
    Row("el4", "handle_IRQ_event; cache_grow; cache_alloc_refill; __kmalloc; alloc_skb; e1000_alloc_rx_buffers [e1000]; "
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
    Row("el5", "cache_grow; cache_alloc_refill; __kmalloc; __alloc_skb; do_timer; timer_interrupt; bnx2_alloc_rx_skb [bnx2]; "
        "bnx2_poll [bnx2]; rx", RX, "bnx2", "bnx2_alloc_rx_skb", IRQ),
    Row("el5", "do_IRQ; kmem_getpages; cache_grow; thread_return; cache_alloc_refill; __kmalloc; __alloc_skb; "
        "__netdev_alloc_skb; e1000_alloc_rx_buffers [e1000]; e1000_clean_rx_irq [e1000]; e1000_clean [e1000]; rx",
        RX, "e1000", "e1000_alloc_rx_buffers", IRQ),
    Row("el5", "__netif_receive_skb+0; netif_receive_skb; ip_rcv; __alloc_skb; __netdev_alloc_skb; "
        "igb_alloc_rx_buffers_adv [igb]; igb_clean_rx_irq_adv [igb]; igb_clean_rx_ring_msix [igb]; rx",
        RX, "igb", "igb_alloc_rx_buffers_adv", IRQ),
    Row("el5", "handle_IRQ_event; __do_IRQ; do_IRQ; ret_from_intr; cache_alloc_refill; __kmalloc; do_acct_process; do_exit; "
        "sys_exit_group; system_call", OTHER, None, "do_acct_process", {"path_known": True, **MINE}, "0xd0", "cron"),
    Row("el5", "do_timer; raw_get; ret_from_intr+0; handle_IRQ_event; foo_tick; run_timer_softirq; __do_softirq; "
        "call_softirq; do_softirq; apic_timer_interrupt; <EOI>; mwait_idle",
        OTHER, None, "raw_get", {"path_known": True, **IRQ}),
    Row("el5", "twa_scsi_queue+0; cache_grow; kmem_cache_alloc; scsi_get_command [scsi_mod]; scsi_prep_fn [scsi_mod]; "
        "elv_next_request; scsi_request_fn [scsi_mod]; blk_run_queue; scsi_next_command [scsi_mod]; "
        "scsi_io_completion [scsi_mod]; blk_done_softirq; __do_softirq; call_softirq; do_softirq; do_IRQ; ret_from_intr",
        DISK, "scsi_mod", "scsi_get_command", IRQ),
    # --- RHEL 6: each word with "?"
    Row("el6", "? scheduler_tick; ? __netif_receive_skb; ? alloc_pages_current; ? mlx4_en_alloc_frags [mlx4_en]; "
        "? mlx4_en_process_rx_cq [mlx4_en]; ? mlx4_en_poll_rx_cq [mlx4_en]; rx", RX, "mlx4_en", "mlx4_en_alloc_frags", IRQ),
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
        "? kthread; ? child_rip", RX, "rte_kni", "kni_net_rx_normal", {"third_party": "yes", **MINE}, "0x20", "kni_single"),
    Row("el6", "? __kmalloc; ? mfe_aac_lookup [mfe_aac_1007193773]; ? vfs_read; ? sys_read; ? system_call_fastpath",
        OTHER, "mfe_aac_1007193773", "mfe_aac_lookup", {"third_party": "yes", "path_known": True, **MINE}, "0xd0", "java"),
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
        "init_conntrack [nf_conntrack]; nf_conntrack_in [nf_conntrack]; ipv4_conntrack_in [nf_conntrack_ipv4]; nf_iterate; "
        "nf_hook_slow; ip_rcv; __netif_receive_skb_core; __netif_receive_skb; netif_receive_skb_internal; "
        "napi_gro_receive; i40e_clean_rx_irq [i40e]; i40e_napi_poll [i40e]; rx",
        RX, "nf_conntrack", "nf_conntrack_alloc", {"received_by": "i40e", **IRQ}),
    Row("el7", "kmalloc_order_trace; update_or_create_fnhe; __ip_rt_update_pmtu; ip_rt_update_pmtu; "
        "inet_csk_update_pmtu; tcp_v4_mtu_reduced; tcp_v4_err; icmp_socket_deliver; icmp_unreach; icmp_rcv; "
        "ip_local_deliver_finish; ip_local_deliver; ip_rcv_finish; ip_rcv; __netif_receive_skb_core; "
        "netif_receive_skb_internal; napi_gro_receive; vmxnet3_rq_rx_complete [vmxnet3]; vmxnet3_poll_rx_only [vmxnet3]; rx",
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
        "ret_from_fork", DISK, "virtio_blk", "virtblk_add_req", {"submitted_by": "ext4", **MINE}, "0x11220", "kworker/u8:1"),
    Row("el7", "new_slab; ___slab_alloc; kmem_cache_alloc; get_request; blk_queue_bio; generic_make_request; submit_bio; "
        "xfs_submit_ioend_bio [xfs]; xfs_vm_writepages [xfs]; do_writepages; kthread; ret_from_fork",
        DISK, None, "get_request", {"submitted_by": "xfs", "layer": "block", **MINE}, "0x11220", "kworker/u8:1"),
    Row("el7", "__kmalloc; memcg_alloc_cache_params; kmem_cache_create_memcg; kmem_cache_create; "
        "nf_conntrack_init_net [nf_conntrack]; ops_init; setup_net; copy_net_ns; SyS_unshare; system_call_fastpath",
        OTHER, None, "memcg_alloc_cache_params", {"path_known": True, "setup": True, **MINE}, "0x10c0d0", "runc"),
    Row("el7", "alloc_kmem_pages; kmalloc_order; __kmalloc; seq_buf_alloc; seq_read; proc_reg_read; vfs_read; task",
        OTHER, None, "seq_buf_alloc", {"path_known": True, **MINE}, "0xd0", "pcp"),
    Row("el7", "__alloc_page_frag; __napi_alloc_skb; napi_get_frags; e1000_clean_jumbo_rx_irq [e1000]; e1000_clean [e1000]; rx",
        RX, "e1000", "e1000_clean_jumbo_rx_irq", {"receive_buffer": True, **IRQ}),
    Row("el7", "__alloc_skb; __netdev_alloc_skb; rx_submit [usbnet]; rx_complete [usbnet]; __usb_hcd_giveback_urb; "
        "usb_giveback_urb_bh; tasklet_action; __do_softirq; call_softirq; do_softirq; irq_exit; do_IRQ; common_interrupt",
        RX, "usbnet", "rx_submit", {"third_party": "", **IRQ}, "0x20", "swapper/1", "Tainted: P           OE  ------------"),
    Row("el7", "__alloc_skb; asix_rx_fixup_internal [asix]; asix_rx_fixup_common [asix]; usbnet_bh [usbnet]; tasklet_action; "
        "__do_softirq; call_softirq; do_softirq; irq_exit; do_IRQ; common_interrupt",
        RX, "asix", "asix_rx_fixup_internal", {"third_party": "", **IRQ}, "0x20", "sh", "Tainted: P           OE  ------------"),
    Row("el7", "kmalloc_order; blob_grow [blobfoo]; blob_work [blobfoo]; process_one_work; worker_thread; kthread; ret_from_fork",
        OTHER, "blobfoo", "blob_grow", {"third_party": "maybe", "path_known": True, **MINE}, "0xd0", "kworker/1:2",
        "Tainted: P           OE  ------------"),
    Row("el7", "vlan_skb_copy [8021q]; vlan_dev_hard_start_xmit [8021q]; dev_hard_start_xmit; __dev_queue_xmit; "
        "dev_queue_xmit; ip_finish_output; ip_output; tcp_transmit_skb; tcp_write_xmit; tcp_sendmsg; sock_aio_write; task",
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
    Row("el8", "page_frag_alloc; __napi_alloc_skb; bnxt_copy_skb [bnxt_en]; bnxt_rx_pkt [bnxt_en]; bnxt_poll [bnxt_en]; rx",
        RX, "bnxt_en", "bnxt_copy_skb", IRQ, "0x480020"),
    Row("el8", "allocate_slab; ___slab_alloc; kmem_cache_alloc; skb_clone; br_flood [bridge]; br_handle_frame_finish [bridge]; "
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
    Row("el9", "allocate_slab; ___slab_alloc; kmem_cache_alloc_bulk; napi_skb_cache_get; __napi_build_skb; napi_build_skb; "
        "ena_clean_rx_irq [ena]; ena_io_poll [ena]; rx", RX, "ena", "ena_clean_rx_irq", IRQ, "0xa20"),
    Row("el9", "allocate_slab; ___slab_alloc; kmem_cache_alloc_bulk; napi_skb_cache_get; napi_build_skb; build_skb; "
        "iavf_clean_rx_irq [iavf]; iavf_napi_poll [iavf]; __napi_poll; net_rx_action; __do_softirq; run_ksoftirqd; "
        "smpboot_thread_fn; kthread; ret_from_fork", RX, "iavf", "iavf_clean_rx_irq",
        {"in_interrupt": True, "bystander": False}, "0xa20", "ksoftirqd/12"),
    Row("el9", "? __cond_resched; try_fill_recv [virtio_net]; virtnet_receive [virtio_net]; virtnet_poll [virtio_net]; "
        "__napi_poll; net_rx_action; __do_softirq; __irq_exit_rcu; common_interrupt; </IRQ>; <TASK>; asm_common_interrupt; "
        "_raw_spin_unlock_irqrestore; run_ksoftirqd; smpboot_thread_fn; kthread; ret_from_fork",
        RX, "virtio_net", "try_fill_recv", {"in_interrupt": True, "bystander": True}, "0xa20", "ksoftirqd/1"),
    Row("el9", "xennet_alloc_one_rx_buffer [xen_netfront]; xennet_alloc_rx_buffers [xen_netfront]; xennet_poll [xen_netfront]; rx",
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
        "do_syscall_64; entry_SYSCALL_64_after_hwframe", OTHER, None, "dup_task_struct", {"path_known": True, **MINE}, "0xcc0",
        "java"),
    Row("el10", "___slab_alloc; kmem_cache_alloc_noprof; __alloc_skb; arp_create; arp_send_dst; arp_solicit; "
        "neigh_probe; neigh_timer_handler; call_timer_fn; run_timer_softirq; handle_softirqs; __irq_exit_rcu; "
        "sysvec_apic_timer_interrupt; </IRQ>; <TASK>; asm_sysvec_apic_timer_interrupt; do_idle",
        TX, None, "arp_create", IRQ, "0x820"),
    Row("el10", "___slab_alloc; kmem_cache_alloc_noprof; xfs_inode_alloc [xfs]; shrink_slab; shrink_node; try_to_free_pages; "
        "__alloc_pages_noprof; foo_big [foo]; foo_ioctl [foo]; __x64_sys_ioctl; do_syscall_64", DISK, "xfs", "xfs_inode_alloc",
        MINE, "0xcc0", "foo"),
)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.release}-{row.function}-{i}" for i, row in enumerate(ROWS)])
def test_who_asked(row: Row) -> None:
    asker = asker_of_row(row)
    told = {name: getattr(asker, name) for name in row.more}
    assert (asker.path, asker.driver, asker.function, told) == (row.path, row.driver, row.function, row.more), asker.stack
