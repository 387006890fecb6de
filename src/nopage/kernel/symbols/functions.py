"""What the names in a call trace mean: allocator internals, buffers, leftovers of the stack.

Data only, with the few functions that look it up. Names are those of 2.6.9 to 6.12 (KERNEL.md 2.4, 6); a symbol is
compared without the compiler's suffixes and without ppc64's leading dot.
"""
from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from nopage.kernel.pattern import later

# What gcc and the kernel add to a name: clones (.constprop.0, .isra.3, .part.1, .cold.45), allocation profiling
# (_noprof, 6.10), padding symbols (__pfx_, 6.2).
SUFFIX = later(r"(?:\.(?:constprop|isra|part|cold|lto_priv|llvm)(?:\.\d+)?)+$")

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
    "new_node_page", "alloc_kmem_pages", "alloc_kmem_pages_node",
    # pages handed out in fragments, buffers for packets: helpers of the asker
    "page_frag_alloc", "page_frag_alloc_align", "__page_frag_alloc_align", "__page_frag_cache_refill",
    "__page_frag_cache_drain", "__page_frag_refill", "__alloc_page_frag", "skb_page_frag_refill",
    "__netdev_alloc_frag", "netdev_alloc_frag", "__napi_alloc_frag", "napi_alloc_frag", "napi_get_frags_check",
    "__alloc_skb", "alloc_skb", "__build_skb", "build_skb", "napi_build_skb", "dev_alloc_skb", "__dev_alloc_skb",
    "__netdev_alloc_skb", "netdev_alloc_skb", "__netdev_alloc_page",
    "__netdev_alloc_skb_ip_align", "netdev_alloc_skb_ip_align", "__alloc_rx_skb", "__napi_alloc_skb", "napi_alloc_skb",
    "__skb_alloc_pages", "slab_build_skb", "napi_get_frags", "napi_skb_cache_get", "__napi_build_skb",
    "__finalize_skb_around", "alloc_skb_with_frags", "page_pool_alloc_pages",
    "__page_pool_alloc_pages_slow", "__page_pool_alloc_page_order", "page_pool_dev_alloc_pages",
    "page_pool_alloc_netmem", "page_pool_alloc_frag",
    # buffers for devices
    "dma_alloc_coherent", "dma_generic_alloc_coherent", "dma_direct_alloc", "__dma_direct_alloc_pages",
    "dma_alloc_attrs", "dma_alloc_pages", "x86_swiotlb_alloc_coherent", "intel_alloc_coherent",
    "pci_alloc_consistent", "__dma_alloc", "swiotlb_alloc_coherent", "dma_pool_alloc",
))

# Whole families of them: kernels rename and add such functions all the time (kmalloc_trace, __kmalloc_large_noprof,
# refill_objects of 6.19, ...), and whoever bears such a name hands memory on, he does not ask for it.
ALLOCATOR_FAMILY = later(
    r"^_*(?:k[vmz]?[mz]alloc|kvcalloc|kcalloc|kvrealloc|krealloc|kmem_cache_(?:z?alloc|create|open)|vm?alloc|vzalloc|kmemdup|kstrn?dup)(?:_\w+)?$"
    r"|^_*(?:alloc_pages|folio_alloc|alloc_percpu|get_free_pages?|vm_area_alloc_pages|page_frag_alloc|page_pool_alloc"
    r"|slab_alloc|cache_alloc|pcpu_(?:alloc|populate|create|balance))(?:_\w+)?$"
    r"|^(?:refill_objects|refill_sheaf|__refill_objects_\w+|_*pcs_replace_\w+|alloc_(?:full|empty)_sheaf|alloc_from_pcs|__pcs_\w+"
    r"|__prefill_sheaf\w*|get_(?:any_)?partial\w*|get_from_\w*partial|compaction_suitable|memcg_create_kmem_cache"
    r"|create_(?:boot_|kmalloc_)?cache|(?:do_tune|setup_cpu|enable_cpu)_?cache|do_kmem_cache_create\w*|calculate_slab_order"
    r"|kmem_(?:z?alloc|zone_z?alloc|realloc|zalloc_large|alloc_large|zalloc_greedy)"  # fs/xfs/kmem.c
    r"|spl_\w*alloc\w*|spl_cache_grow\w*|kv_alloc|kmem_(?:cache_)?alloc_debug"
    r"|dma_alloc_\w+|dma_direct_alloc\w*|__dma_(?:direct_)?alloc\w*|mempool_alloc\w*|mempool_(?:create|init|resize)\w*)$"
)

# Of these, the ones that only the allocator itself calls: whatever stands between two of them is a leftover word.
ALLOCATOR_INTERNAL = frozenset((
    "kmem_getpages", "cache_grow", "cache_grow_begin", "cache_alloc_refill", "fallback_alloc", "____cache_alloc_node",
    "____cache_alloc", "__cache_alloc_node", "alternate_node_alloc", "__do_cache_alloc", "new_slab",
    "new_slab_objects", "allocate_slab", "__slab_alloc", "___slab_alloc",
    "alloc_slab_page", "__alloc_pages_slowpath", "__alloc_pages_nodemask", "__alloc_pages", "alloc_pages_current",
    "alloc_pages_mpol", "get_page_from_freelist", "warn_alloc", "warn_alloc_failed", "dump_stack", "dump_stack_lvl",
))

# And the ones that call nothing but the allocator: on a scanned stack, a word before them is left over, too.
ALLOCATOR_DOORS = ALLOCATOR_INTERNAL | frozenset((
    "__kmalloc", "__kmalloc_node", "__kmalloc_track_caller", "__kmalloc_node_track_caller", "kmem_cache_alloc",
    "kmem_cache_alloc_node", "kmem_cache_alloc_trace", "kmem_cache_alloc_notrace", "kmem_cache_zalloc",
    "__get_free_pages", "__alloc_skb", "alloc_skb", "__netdev_alloc_skb", "dev_alloc_skb",
))

# Locks and return thunks: never the asker, wherever they stand.
NOISE = frozenset((
    "_raw_spin_unlock_irqrestore", "_raw_spin_unlock", "_raw_spin_lock", "_spin_unlock_irqrestore", "_spin_lock",
    "srso_return_thunk", "srso_alias_return_thunk", "__x86_return_thunk", "retbleed_return_thunk",
))

# What a stack that is only scanned is full of: clocks, timers, the scheduler, locks and their checkers, printing, pages
# being freed. None asks for memory.
LEFTOVERS = later(
    r"^(?:_?_?ktime_\w+|\w*sched_clock\w*|timekeeping_\w+|clocksource_\w+|__?getnstime\w*|do_gettimeofday|current_kernel_time"
    r"|__(?:this|raw)_cpu_\w+|__read_once_\w+|_*kasan_\w+|__asan_\w+|_*kmsan_\w+|(?:_*lock|lockdep)_(?:acquire|release|is_held|hardirqs)\w*"
    r"|_*(?:might|cond)_(?:sleep|resched)\w*|preempt_\w+|_*rcu_\w+|_*local_bh_\w+|_(?:raw_)?(?:spin|read|write)_(?:un)?lock\w*"
    r"|v?s?c?n?printf?|v?printk\w*|vprintk\w*|vsnprintf|snprintf|number|string|release_console_sem|console_unlock"
    r"|prep_new_page|__isolate_free_page|autoremove_wake_function|default_wake_function|resched_task|resched_curr"
    r"|scheduler_tick|tick_\w+|hrtimer_\w+|clockevents_\w+|lapic_next_event|read_tsc"
    r"|(?:en|de)queue_(?:task|entity)\w*|check_preempt_\w+|ttwu_\w+|try_to_wake_up|__wake_up\w*|lock_timer_base|_?_?mod_timer"
    r"|_*free_pages\w*|__?free_page|native_\w+|account_\w+|update_(?:curr|process_times|wall_time|rq_clock)|ack_apic\w*"
    r"|timer_interrupt|do_timer|main_timer_handler|update_vsyscall|perf_event_\w*tick\w*|irqtime_\w+|psi_\w+|getnstimeofday\w*|run_rebalance_domains|task_tick_\w+|find_busiest_\w+)$"
)

# Steps on a packet's way up that never ask for memory themselves: directly behind the allocator they are left over.
PACKET_STEPS = frozenset((
    "netif_receive_skb", "__netif_receive_skb", "__netif_receive_skb_core", "__netif_receive_skb_one_core",
    "netif_receive_skb_internal", "napi_gro_receive", "napi_gro_flush", "napi_gro_complete", "dev_gro_receive",
    "napi_skb_finish", "napi_complete", "napi_complete_done", "process_backlog", "ip_rcv", "ip_rcv_finish",
    "ip_local_deliver", "ip_local_deliver_finish", "tcp_v4_rcv", "tcp_v6_rcv", "udp_rcv", "__udp4_lib_rcv",
    "ipv6_rcv", "ip6_rcv_finish", "ip6_input",
))
# These and others that never do: packets and slabs being freed, tables looked through, the scheduler.
NEVER_ASKS = PACKET_STEPS | frozenset((
    "net_rx_action", "__napi_poll", "eth_type_trans", "kfree_skb", "__kfree_skb", "consume_skb", "skb_release_data",
    "skb_release_all", "skb_release_head_state", "kfree_skbmem", "nf_iterate", "nf_hook_slow", "ipt_do_table",
    "ipt_hook", "sock_def_readable", "dma_map_page_attrs", "swiotlb_map_page", "skb_put", "kfree", "kmem_cache_free",
    "free_block", "cache_flusharray", "cache_free_debugcheck", "smp_call_function", "on_each_cpu", "thread_return",
    "io_schedule", "schedule", "__schedule", "schedule_timeout",
))

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
    "__alloc_rx_skb", "__napi_alloc_skb", "napi_alloc_skb", "napi_get_frags_check", "dev_alloc_skb", "__dev_alloc_skb",
    "napi_get_frags", "napi_skb_cache_get", "napi_build_skb",
))
# A buffer for a packet, whoever asked for it.
PACKET_BUFFERS = RECEIVE_HELPERS | frozenset((
    "__alloc_skb", "alloc_skb", "__build_skb", "build_skb", "slab_build_skb", "dev_alloc_skb", "__dev_alloc_skb",
    "alloc_skb_with_frags", "kmalloc_reserve", "__kmalloc_reserve", "__skb_alloc_pages", "skb_page_frag_refill",
))

# Driver functions that fill receive rings: at order 1 and more their buffers are larger than a page. The memory of the
# rings themselves (..._setup_rx_resources) is none of them.
RX_BUFFERS = later(
    r"(?!.*(?:rx_(?:resources|ring|descriptors|desc_ring)$|_cbs$))^.*?(?:_(?:alloc|fill|refill|post|prepare|setup|replenish|get)_(?:jumbo_|all_|one_|single_)?rx|_rx_(?:alloc|refill|fill|skb|page)"
    r"|_clean_(?:jumbo_)?rx_irq|_alloc_(?:mapped_)?(?:page|skb)s?$|_refill_(?:rx|desc|fl)|refill_fl|_refill_\w*rcb|_rbuf|_rxbuf"
    r"|mlx4_en_alloc_frag|_frag_alloc$|_rx_allocate|try_fill_recv|add_recvbuf|_alloc_rcb|_rxq_refill|_refill_rx_data|_rx_(?:int|poll|data|irq)$|_poll_rx)"
)
# A device or a module is being set up, from a process: whatever fails there, no packet was under way.
SETUP = later(
    r"^(?:_*dev_open|_*dev_change_flags|dev_set_mtu\w*|dev_ioctl|dev_ifsioc|devinet_ioctl|dev_ethtool|ethtool_\w+|do_setlink|rtnl_newlink"
    r"|register_netdev\w*|local_pci_probe|pci_device_probe|really_probe|driver_probe_device|usb_probe_interface|platform_\w*probe"
    r"|do_one_initcall|do_init_module|load_module|init_module|request_firmware\w*|ops_init|setup_net|copy_net_ns"
    r"|register_pernet_\w+)$"
    # opening a file is none
    r"|^(?!tcp_|sk_|sock_|inet_|\w*sys_|SyS_|\w*(?:filp|file|dentry)_|vfs_|chrdev_|blkdev_|proc_|single_|seq_|nfs|xfs_|ext[234]_|fuse_|cifs_"
    r"|ceph_).*_(?:open|ifup|probe|probe_one|init_one|init_net|pernet_init|init_module|core_register\w*|change_mtu"
    r"|set_ringparam|set_channels|coredump_register|setup_(?:all_)?[rt]x_(?:resources|ring|descriptors)|alloc_cbs)$"
)
IPOIB = later(r"^ipoib_")
IPOIB_CONNECTED = later(r"^ipoib_cm_")
SOCK_CLONE = frozenset(("sk_prot_alloc", "sk_clone", "sk_clone_lock", "inet_csk_clone", "inet_csk_clone_lock",
                        "tcp_create_openreq_child"))
SKB_COPIES = frozenset((
    "skb_copy", "skb_linearize", "__skb_linearize", "pskb_expand_head", "pskb_copy", "__pskb_copy",
    "__pskb_copy_fclone", "__pskb_pull_tail", "__pskb_pull", "skb_copy_expand", "skb_realloc_headroom", "skb_unshare",
    "skb_segment", "skb_cow_data", "skb_checksum_help", "__skb_pad", "skb_pad",
))
TABLE_GROWTH = later(
    r"^(?:neigh_hash_\w+|__nf_conntrack_alloc|nf_conntrack_alloc|init_conntrack|nf_ct_\w+|fib_\w+_alloc|fib_info_hash_alloc"
    r"|rhashtable_\w+|bucket_table_alloc|nf_nat_\w+|dst_alloc|__neigh_create|neigh_alloc)$"
)
SWAP_OUT = later(
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


def longest_prefix(symbol: str, table: Mapping[str, str]) -> str | None:
    """The value of the longest key of `table` that begins `symbol`, or `symbol` without its leading underscores."""
    names = {symbol, symbol.lstrip("_")}
    best = max((prefix for prefix in table if any(name.startswith(prefix) for name in names)), key=len, default=None)
    return table[best] if best is not None else None
