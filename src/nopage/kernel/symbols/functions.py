"""What the names in a call trace mean: allocator internals, interrupt entries, code paths, drivers.

Data only, with the few functions that look it up. Names are those of 2.6.9 to 6.12 (KERNEL.md 2.4, 6); a symbol is
compared without the compiler's suffixes and without ppc64's leading dot.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

NETWORK_RECEIVE, NETWORK_TRANSMIT, SOCKETS, STORAGE, OTHER = (
    "network receive", "network transmit", "sockets", "storage", "other",
)

# What gcc and the kernel add to a name: clones (.constprop.0, .isra.3, .part.1, .cold.45), allocation profiling
# (_noprof, 6.10), padding symbols (__pfx_, 6.2).
SUFFIX = re.compile(r"(?:\.(?:constprop|isra|part|cold|lto_priv|llvm)(?:\.\d+)?)+$")

# Everything between the report and the one who asked for memory.
ALLOCATOR = frozenset((
    # the report itself
    "dump_stack", "dump_stack_lvl", "show_stack", "show_trace", "show_stack_log_lvl", "dump_backtrace",
    "unwind_backtrace", "warn_alloc", "warn_alloc_failed", "__dump_stack", "dump_trace", "print_trace_address",
    # mm/page_alloc.c
    "__alloc_pages", "__alloc_pages_nodemask", "__alloc_pages_internal", "__alloc_pages_slowpath",
    "__alloc_pages_noprof", "alloc_pages", "alloc_pages_current", "alloc_pages_node", "__alloc_pages_node",
    "alloc_pages_mpol", "alloc_pages_vma", "__alloc_frozen_pages", "alloc_frozen_pages", "alloc_page_interleave",
    "__get_free_pages", "get_free_pages", "__get_free_page", "get_zeroed_page", "get_page_from_freelist",
    "__alloc_pages_direct_compact", "alloc_pages_exact", "__alloc_pages_direct_reclaim", "alloc_slab_page",
    "__folio_alloc", "folio_alloc", "alloc_pages_exact_node", "zone_watermark_ok", "zone_watermark_ok_safe",
    "__zone_watermark_ok", "policy_nodemask", "wake_all_kswapds",
    # mm/slab.c
    "kmem_getpages", "cache_grow", "cache_grow_begin", "fallback_alloc", "____cache_alloc_node", "____cache_alloc",
    "__cache_alloc", "__cache_alloc_node", "cache_alloc_refill", "cache_alloc_debugcheck_after",
    "alternate_node_alloc", "slab_alloc", "slab_alloc_node", "__do_cache_alloc", "kmem_cache_alloc_node_trace",
    "kmem_cache_alloc_notrace",
    # mm/slub.c, mm/slab_common.c
    "new_slab", "new_slab_objects", "allocate_slab", "__slab_alloc", "___slab_alloc", "__slab_alloc_node",
    "kmem_cache_alloc", "kmem_cache_alloc_node", "kmem_cache_alloc_trace", "kmem_cache_alloc_lru",
    "kmem_cache_zalloc", "kmem_cache_alloc_bulk", "__kmem_cache_alloc_node", "kmalloc_trace", "kmalloc_large",
    "kmalloc_large_node", "__kmalloc_large_node", "kmalloc_order", "kmalloc_order_trace", "kmalloc_large_node_noprof",
    "__kmalloc_cache", "__kmalloc", "__kmalloc_node", "__kmalloc_track_caller", "__kmalloc_node_track_caller",
    "__do_kmalloc_node", "kmalloc", "kzalloc", "kmem_alloc_pages", "krealloc", "__krealloc", "kmemdup",
    "kvmalloc_node", "__kvmalloc_node", "kmalloc_slab", "kmalloc_reserve", "__kmalloc_reserve", "mempool_alloc",
    "mempool_alloc_slab", "mempool_alloc_pages", "mempool_kmalloc", "___kmalloc_large_node", "__kmalloc_cache_node",
    "new_node_page",
    # pages handed out in fragments, buffers for packets: helpers of the asker
    "page_frag_alloc", "page_frag_alloc_align", "__page_frag_alloc_align", "__page_frag_cache_refill",
    "__page_frag_cache_drain", "__page_frag_refill", "__alloc_page_frag", "skb_page_frag_refill",
    "__netdev_alloc_frag", "netdev_alloc_frag", "__napi_alloc_frag", "napi_alloc_frag", "napi_get_frags_check",
    "__alloc_skb", "alloc_skb", "__build_skb", "build_skb", "napi_build_skb", "dev_alloc_skb", "__dev_alloc_skb",
    "__netdev_alloc_skb", "netdev_alloc_skb", "__netdev_alloc_page",
    "__netdev_alloc_skb_ip_align", "netdev_alloc_skb_ip_align", "__alloc_rx_skb", "__napi_alloc_skb", "napi_alloc_skb",
    "__skb_alloc_pages", "slab_build_skb", "alloc_skb_with_frags", "page_pool_alloc_pages",
    "__page_pool_alloc_pages_slow", "__page_pool_alloc_page_order", "page_pool_dev_alloc_pages",
    "page_pool_alloc_netmem", "page_pool_alloc_frag",
    # buffers for devices
    "dma_alloc_coherent", "dma_generic_alloc_coherent", "dma_direct_alloc", "__dma_direct_alloc_pages",
    "dma_alloc_attrs", "dma_alloc_pages", "x86_swiotlb_alloc_coherent", "intel_alloc_coherent",
    "pci_alloc_consistent", "__dma_alloc", "swiotlb_alloc_coherent", "dma_pool_alloc",
))

# Whole families of them: kernels rename and add such functions all the time (kmalloc_trace, __kmalloc_large_noprof,
# refill_objects of 6.19, ...), and whoever bears such a name hands memory on, he does not ask for it.
ALLOCATOR_FAMILY = re.compile(
    r"^_*(?:k[vmz]?[mz]alloc|kvcalloc|kcalloc|kvrealloc|krealloc|kmem_cache_(?:z?alloc|create|open)|vm?alloc|vzalloc|kmemdup|kstrn?dup)(?:_\w+)?$"
    r"|^_*(?:alloc_pages|folio_alloc|alloc_percpu|get_free_pages?|vm_area_alloc_pages|page_frag_alloc|page_pool_alloc"
    r"|slab_alloc|cache_alloc|pcpu_(?:alloc|populate|create|balance))(?:_\w+)?$"
    r"|^(?:refill_objects|refill_sheaf|__refill_objects_\w+|_*pcs_replace_\w+|alloc_(?:full|empty)_sheaf|alloc_from_pcs|__pcs_\w+"
    r"|__prefill_sheaf\w*|get_(?:any_)?partial\w*|get_from_\w*partial|compaction_suitable|memcg_(?:register_cache|create_kmem_cache)"
    r"|create_(?:boot_|kmalloc_)?cache|(?:do_tune|setup_cpu|enable_cpu)_?cache|do_kmem_cache_create\w*|calculate_slab_order"
    r"|kmem_(?:z?alloc|zone_z?alloc|realloc|zalloc_large|alloc_large|zalloc_greedy)"  # fs/xfs/kmem.c
    r"|dma_alloc_\w+|dma_direct_alloc\w*|__dma_(?:direct_)?alloc\w*|mempool_alloc\w*|mempool_(?:create|init|resize)\w*)$"
)

# Of these, the ones that only the allocator itself calls: whatever stands between two of them is a leftover word.
ALLOCATOR_INTERNAL = frozenset((
    "kmem_getpages", "cache_grow", "cache_grow_begin", "cache_alloc_refill", "fallback_alloc", "____cache_alloc_node",
    "____cache_alloc", "new_slab", "new_slab_objects", "allocate_slab", "__slab_alloc", "___slab_alloc",
    "alloc_slab_page", "__alloc_pages_slowpath", "__alloc_pages_nodemask", "__alloc_pages", "alloc_pages_current",
    "alloc_pages_mpol", "get_page_from_freelist", "warn_alloc", "warn_alloc_failed", "dump_stack", "dump_stack_lvl",
))

# Locks and return thunks: never the asker, wherever they stand.
NOISE = frozenset((
    "_raw_spin_unlock_irqrestore", "_raw_spin_unlock", "_raw_spin_lock", "_spin_unlock_irqrestore", "_spin_lock",
    "srso_return_thunk", "srso_alias_return_thunk", "__x86_return_thunk", "retbleed_return_thunk",
))

# What a stack that is only scanned is full of: clocks, timers, the scheduler, locks and their checkers, printing, pages
# being freed. None asks for memory.
LEFTOVERS = re.compile(
    r"^(?:_?_?ktime_\w+|\w*sched_clock\w*|timekeeping_\w+|clocksource_\w+|__?getnstime\w*|do_gettimeofday|current_kernel_time"
    r"|__(?:this|raw)_cpu_\w+|__read_once_\w+|_*kasan_\w+|__asan_\w+|_*kmsan_\w+|(?:_*lock|lockdep)_(?:acquire|release|is_held|hardirqs)\w*"
    r"|_*(?:might|cond)_(?:sleep|resched)\w*|preempt_\w+|_*rcu_\w+|_*local_bh_\w+|_(?:raw_)?(?:spin|read|write)_(?:un)?lock\w*"
    r"|v?s?c?n?printf?|v?printk\w*|vprintk\w*|vsnprintf|snprintf|number|string|release_console_sem|console_unlock"
    r"|prep_new_page|__isolate_free_page|autoremove_wake_function|default_wake_function|resched_task|resched_curr"
    r"|scheduler_tick|tick_\w+|hrtimer_\w+|clockevents_\w+|lapic_next_event|read_tsc"
    r"|(?:en|de)queue_(?:task|entity)\w*|check_preempt_\w+|ttwu_\w+|try_to_wake_up|__wake_up\w*|lock_timer_base|_?_?mod_timer"
    r"|_*free_pages\w*|__?free_page|native_\w+|account_\w+|update_(?:curr|process_times|wall_time|rq_clock)|ack_apic\w*"
    r"|timer_interrupt|getnstimeofday\w*|run_rebalance_domains|task_tick_\w+|find_busiest_\w+)$"
)

# page_frag and its kin ask for order 3 silently and print only for the order-0 retry (KERNEL.md 2.6): at order 0 it
# is exhaustion, never fragmentation.
PAGE_FRAG = frozenset((
    "page_frag_alloc", "page_frag_alloc_align", "__page_frag_alloc_align", "__page_frag_cache_refill",
    "__page_frag_refill", "__alloc_page_frag", "skb_page_frag_refill", "__netdev_alloc_frag", "netdev_alloc_frag",
    "__napi_alloc_frag", "napi_alloc_frag", "__napi_alloc_skb", "napi_alloc_skb",
))

# Helpers that only receiving uses: they tell the path even where the trace was cut before the driver.
RECEIVE_HELPERS = frozenset((
    "__netdev_alloc_frag", "netdev_alloc_frag", "__napi_alloc_frag", "napi_alloc_frag", "__netdev_alloc_skb",
    "netdev_alloc_skb", "__netdev_alloc_page", "__netdev_alloc_skb_ip_align", "netdev_alloc_skb_ip_align",
    "__alloc_rx_skb", "__napi_alloc_skb", "napi_alloc_skb", "napi_get_frags_check",
))

# Entered from an interrupt or a softirq: what runs below them cannot sleep, and current->comm is a bystander.
INTERRUPT_ENTRIES = frozenset((
    "do_IRQ", "__do_IRQ", "handle_IRQ_event", "handle_irq", "handle_IRQ", "common_interrupt", "asm_common_interrupt",
    "ret_from_intr", "do_softirq", "__do_softirq", "call_softirq", "do_softirq_own_stack", "handle_softirqs",
    "run_ksoftirqd", "ksoftirqd", "irq_exit", "irq_exit_rcu", "__irq_exit_rcu", "net_rx_action", "net_tx_action",
    "run_timer_softirq", "tasklet_action", "tasklet_action_common", "tasklet_hi_action", "apic_timer_interrupt",
    "smp_apic_timer_interrupt", "sysvec_apic_timer_interrupt", "asm_sysvec_apic_timer_interrupt", "blk_done_softirq",
    "sysvec_call_function_single", "asm_sysvec_call_function_single", "smp_call_function_single_interrupt",
    "gic_handle_irq", "el1_irq", "el1_interrupt", "el0_interrupt", "__irq_svc", "__irq_usr", "asm_do_IRQ",
    "call_on_irq_stack", "do_IRQ_cpu", "__handle_domain_irq", "generic_handle_domain_irq", "hardware_interrupt_entry",
    "hardware_interrupt_common", "hardware_interrupt_common_virt", "do_irq", "do_extint", "io_int_handler",
    "timer_interrupt", "handle_int", "plat_irq_dispatch", "irq_handler", "xen_evtchn_do_upcall", "xen_do_upcall",
    "evtchn_do_upcall", "run_irq_on_irqstack_cond", "sysvec_xen_hvm_callback",
))
# A driver's receive interrupt or NAPI poll: softirq or interrupt even where the trace was cut before its caller.
RECEIVE_INTERRUPTS = re.compile(r"_clean_(?:jumbo_)?rx|_rx_interrupt|_rx_int$|_poll_rx|_rx_irq$|_napi_poll")
# Where the stack of a task, an idle loop or the boot begins: a trace that reaches one was not cut before its end.
TASK_BOTTOMS = frozenset((
    "ret_from_fork", "ret_from_fork_asm", "ret_from_kernel_thread", "kernel_thread_helper", "kernel_thread",
    "child_rip", "kthread", "start_kernel_thread", "worker_thread", "start_kernel", "start_secondary", "cpu_idle",
    "cpu_startup_entry", "rest_init", "x86_64_start_kernel", "secondary_startup_64", "kernel_init", "system_call",
    "system_call_fastpath", "sysenter_past_esp", "sysenter_do_call", "sysenter_dispatch", "syscall_call",
    "tracesys", "ia32_sysret", "entry_SYSCALL_64", "entry_SYSCALL_64_after_hwframe", "entry_SYSCALL_64_fastpath",
    "do_syscall_64", "x64_sys_call", "entry_INT80_32", "entry_SYSENTER_32", "do_fast_syscall_32",
    "do_int80_syscall_32", "page_fault", "do_page_fault", "asm_exc_page_fault", "exc_page_fault", "error_code",
    "el0_svc", "el0t_64_sync", "el0_sync", "ret_fast_syscall", "system_call_exception", "system_call_common",
    "syscall_exit", "system_call_vectored_common", "sysc_return", "sysc_noemu", "__do_syscall", "do_trap_ecall_u",
    "handle_sys", "handle_sys64", "syscall_common",
))
# These run a softirq that was pending on the way out of a task's own code; the task did not ask either.
SOFTIRQ_BODIES = frozenset((
    "__do_softirq", "handle_softirqs", "net_rx_action", "net_tx_action", "run_timer_softirq", "tasklet_action",
    "tasklet_action_common", "tasklet_hi_action", "blk_done_softirq", "run_ksoftirqd",
))
# Where one stack ends and the interrupted one begins; what lies outward did not ask for the memory.
INTERRUPT_BOUNDARIES = frozenset((
    "do_IRQ", "common_interrupt", "asm_common_interrupt", "ret_from_intr", "apic_timer_interrupt", "__irq_svc",
    "__irq_usr", "smp_apic_timer_interrupt", "sysvec_apic_timer_interrupt", "asm_sysvec_apic_timer_interrupt",
    "el1_irq", "el0_irq", "hardware_interrupt_entry", "hardware_interrupt_common", "hardware_interrupt_common_virt",
    "handle_softirqs", "__do_softirq", "run_ksoftirqd", "call_softirq", "asm_sysvec_call_function_single",
    "handle_int",
))

# Symbol -> path, first match from the asker outward; the order of the rows is the order of trust.
PATHS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (NETWORK_TRANSMIT, re.compile(
        r"(?:^|_)(?:start_xmit|xmit_frame|hard_start_xmit|xmit_one|tx_map|tso_start_xmit)(?:_|$)|(?:^|_)xmit(?:_|$)"
        r"|^(?:dev_queue_xmit|__dev_queue_xmit|sch_direct_xmit|tcp_write_xmit|tcp_push|__tcp_push_pending_frames"
        r"|tcp_transmit_skb|__tcp_transmit_skb|tcp_fragment|tso_fragment|ip_output|ip_finish_output2?|ip_fragment"
        r"|tcp_retransmit_skb|tcp_send_(?:ack|probe0|skb|fin|active_reset)|tcp_tso_segment|tcp_gso_segment|skb_gso_segment"
        r"|skb_segment|__skb_gso_segment|skb_checksum_help|net_tx_action|qdisc_restart|__qdisc_run|arp_send|icmp_send"
        r"|arp_create|ndisc_send_skb|ip_send_skb|ip_queue_xmit|validate_xmit_skb|ip6_output|ip6_finish_output2?)$")),
    (SOCKETS, re.compile(
        r"^(?:sk_alloc|sk_prot_alloc|sk_clone(?:_lock)?|inet_csk_clone(?:_lock)?|tcp_create_openreq_child|sock_alloc_send_p?skb"
        r"|sock_wmalloc|sock_kmalloc|sock_rmalloc|sk_stream_alloc_(?:p?skb|page)|tcp_stream_alloc_skb|sk_page_frag_refill"
        r"|tcp_sendmsg(?:_locked)?|tcp_sendpage|udp_sendmsg|udpv6_sendmsg|raw_sendmsg|sock_sendmsg|sock_write_iter|sock_aio_write"
        r"|__sock_sendmsg|kernel_sendmsg|unix_(?:stream|dgram)_(?:sendmsg|connect)|netlink_(?:sendmsg|alloc_large_skb|broadcast"
        r"|unicast|dump|ack)|nlmsg_new|sock_create|__sock_create|inet_create|tcp_recvmsg|sock_recvmsg|inet_reqsk_alloc"
        r"|ip_append_data|__ip_append_data|ip_make_skb|ip_ufo_append_data|tcp_connect|tcp_v[46]_connect|sctp_\w+|packet_sendmsg)$")),
    (NETWORK_RECEIVE, re.compile(
        r"_(?:alloc|fill|refill|clean|get|post|prepare|setup|replenish)_(?:jumbo_|all_|one_|single_)?rx(?:_|$|b|d|s|q)"
        r"|_rx_(?:alloc|refill|fill|skb|poll|clean|irq|int|interrupt|handler|action|napi|buffer|buf|page|desc|packet|data)"
        r"|_(?:rx|receive)$|_poll_rx\w*$|_recv_refill|_(?:clean|process)_rx|_refill_(?:rx|desc|fl)|(?:^|_)refill_fl"
        r"|mlx4_en_alloc_frag|_frag_alloc$|_rx_allocate|^rx_|(?:^|_)alloc_rx|[a-z]Rx[A-Z]|_napi_poll|_handle_rx|_rbuf|_rxbuf|_rcvbuf|_rcb_|(?:^|_)try_fill_recv|add_recvbuf_\w+|_fill_freelist"
        r"|^(?:net_rx_action|netif_receive_skb\w*|__netif_receive_skb\w*|netif_rx\w*|process_backlog|napi_gro_\w+|dev_gro_receive"
        r"|napi_skb_finish|napi_get_frags|ip_rcv\w*|ip_local_deliver\w*|ipv6_rcv|ip6_input\w*|tcp_v[46]_rcv|tcp_v[46]_do_rcv"
        r"|tcp_rcv_\w+|tcp_data_queue|tcp_collapse|tcp_prune_queue|tcp_check_req|tcp_v[46]_syn_recv_sock|tcp_conn_request|udp_rcv"
        r"|__udp4_lib_rcv|udp_queue_rcv_skb|ip_defrag|ip_frag_\w+|br_handle_frame\w*|br_forward|br_fdb_update|fdb_create|nf_conntrack_in"
        r"|__nf_conntrack_alloc|nf_conntrack_alloc|init_conntrack|arp_rcv|arp_process|__neigh_create|neigh_create|neigh_alloc"
        r"|neigh_hash_alloc|neigh_hash_grow|inet_frag_\w+|gro_cell_poll|skb_gro_receive|netif_receive_generic_xdp|__neigh_lookup"
        r"|ieee80211_rx\w*|iwl_rx_\w+|dst_alloc|rt_dst_alloc|ip_route_input\w*)$")),
    (STORAGE, re.compile(
        r"^(?:xfs|ext[234]|jbd2?|btrfs|nfs[34d]?|nfsd4?|svc|rpc|xprt|xdr|cifs|smb[23]|ceph|fuse|gfs2|dlm|ocfs2|reiserfs|jfs|f2fs"
        r"|scsi|sd|blk|bio|generic_make|submit_bio|submit_bh|__make_request|elv|cfq|dm|crypt|kcryptd|md|raid[156]\w*|loop|nbd|rbd"
        r"|ata|ahci|libata|nvme|iscsi|iser|fc|fcoe|lpfc|qla\w*|mpt\w*|megasas|megaraid|hpsa|aac|pqi|smartpqi|virtblk|virtscsi|drbd"
        r"|zram|zswap|zs|swap|shmem|mpage|block|bvec|bioset|cciss|usb_stor|sg|sr|st|target|lio|ib_srp|srp|lustre|ptlrpc|ll|zfs)_"
        r"|^(?:swap_writepage|submit_bio\w*|get_request\w*|zswap_\w+|__swap_writepage|pageout|generic_file_\w+|do_mpage_readpage"
        r"|mpage_\w+|add_to_swap|radix_tree_\w+|add_to_page_cache\w*|journal_\w+|svc_\w+|read_swap_cache_async|sg_alloc_table\w*)$")),
)

# Driver functions that fill receive rings: at order 1 and more their buffers are larger than a page. The memory of the
# rings themselves (..._setup_rx_resources) is none of them.
RX_BUFFERS = re.compile(
    r"(?!.*(?:rx_(?:resources|ring|descriptors|desc_ring)$|_cbs$))^.*?(?:_(?:alloc|fill|refill|post|prepare|setup|replenish|get)_(?:jumbo_|all_|one_|single_)?rx|_rx_(?:alloc|refill|fill|skb|page)"
    r"|_clean_(?:jumbo_)?rx_irq|_alloc_(?:mapped_)?(?:page|skb)s?$|_refill_(?:rx|desc|fl)|refill_fl|_refill_\w*rcb|_rbuf|_rxbuf"
    r"|mlx4_en_alloc_frag|_frag_alloc$|_rx_allocate|try_fill_recv|add_recvbuf|_alloc_rcb|_rxq_refill|_refill_rx_data|_rx_(?:int|poll|data|irq)$|_poll_rx)"
)
# A device or a module is being set up, from a process: whatever fails there, no packet was under way.
SETUP = re.compile(
    r"^(?:_*dev_open|_*dev_change_flags|dev_set_mtu\w*|dev_ioctl|dev_ifsioc|devinet_ioctl|dev_ethtool|ethtool_\w+|do_setlink|rtnl_newlink"
    r"|register_netdev\w*|local_pci_probe|pci_device_probe|really_probe|driver_probe_device|usb_probe_interface|platform_\w*probe"
    r"|do_one_initcall|do_init_module|load_module|init_module|request_firmware\w*|ops_init|setup_net|copy_net_ns"
    r"|register_pernet_\w+)$"
    r"|^(?!tcp_|sk_|sock_|inet_).*_(?:open|ifup|probe|probe_one|init_one|init_net|pernet_init|init_module|core_register\w*|change_mtu"
    r"|set_ringparam|set_channels|coredump_register|setup_(?:all_)?[rt]x_(?:resources|ring|descriptors)|alloc_cbs)$"
)
IPOIB = re.compile(r"^ipoib_")
IPOIB_CONNECTED = re.compile(r"^ipoib_cm_")
SOCK_CLONE = frozenset(("sk_prot_alloc", "sk_clone", "sk_clone_lock", "inet_csk_clone", "inet_csk_clone_lock",
                        "tcp_create_openreq_child"))
SKB_COPIES = frozenset((
    "skb_copy", "skb_linearize", "__skb_linearize", "pskb_expand_head", "pskb_copy", "__pskb_copy",
    "__pskb_copy_fclone", "__pskb_pull_tail", "__pskb_pull", "skb_copy_expand", "skb_realloc_headroom", "skb_unshare",
    "skb_segment", "skb_cow_data", "skb_checksum_help", "__skb_pad", "skb_pad",
))
TABLE_GROWTH = re.compile(
    r"^(?:neigh_hash_\w+|__nf_conntrack_alloc|nf_conntrack_alloc|init_conntrack|nf_ct_\w+|fib_\w+_alloc|fib_info_hash_alloc"
    r"|rhashtable_\w+|bucket_table_alloc|nf_nat_\w+|dst_alloc|__neigh_create|neigh_alloc)$"
)
SWAP_OUT = re.compile(
    r"^(?:zswap_\w+|zram_\w+|zs_malloc|zpool_\w+|swap_writepage|__swap_writepage|pageout|shrink_page_list|shrink_folio_list"
    r"|crypt_\w+|kcryptd_\w+|scomp_\w+|crypto_\w+)$"
)
# The task is reclaiming memory itself: PF_MEMALLOC is set.
RECLAIM = frozenset((
    "try_to_free_pages", "do_try_to_free_pages", "shrink_zone", "shrink_zones", "shrink_node", "balance_pgdat",
    "kswapd", "shrink_list", "shrink_lruvec", "shrink_inactive_list", "shrink_caches", "try_to_shrink_lruvec",
    "shrink_slab",
))
VMALLOC = frozenset(("vm_area_alloc_pages",
                     "__vmalloc", "__vmalloc_node", "__vmalloc_node_range", "__vmalloc_area_node", "vmalloc", "vzalloc",
                     "vmalloc_user", "vmalloc_node", "vzalloc_node", "__vmalloc_noprof", "vmalloc_noprof"))


@lru_cache(maxsize=4096)
def base_symbol(symbol: str) -> str:
    """The function as it stands in the source: without ppc64's dot and what the compiler appended.

    >>> base_symbol(".__alloc_pages_slowpath.constprop.0"), base_symbol("__pfx_kthread"), base_symbol("vzalloc_noprof")
    ('__alloc_pages_slowpath', 'kthread', 'vzalloc')
    """
    name = symbol[1:] if symbol.startswith(".") else symbol
    name = SUFFIX.sub("", name) if "." in name else name
    if name.startswith("__pfx_"):
        name = name[6:]
    return name.removesuffix("_noprof")


@lru_cache(maxsize=4096)
def is_allocator(symbol: str) -> bool:
    """Whether a function (as `base_symbol` gives it) stands between the report and whoever asked for memory."""
    return symbol in ALLOCATOR or ALLOCATOR_FAMILY.match(symbol) is not None


@lru_cache(maxsize=4096)
def path_of_symbol(symbol: str) -> str | None:
    """The path that a function (as `base_symbol` gives it) belongs to; None when it tells nothing."""
    for path, pattern in PATHS:
        if pattern.search(symbol):
            return path
    return None


def longest_prefix(symbol: str, table: Mapping[str, str]) -> str | None:
    """The value of the longest key of `table` that begins `symbol`."""
    best = max((prefix for prefix in table if symbol.startswith(prefix)), key=len, default=None)
    return table[best] if best is not None else None
