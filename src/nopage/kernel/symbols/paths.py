"""Which path a function of a call trace belongs to, and where one layer hands on to the next.

Data, with the functions that look it up; names as `base_symbol` gives them.
"""
from __future__ import annotations

import re
from functools import lru_cache

from nopage.kernel.pattern import later

NETWORK_RECEIVE, NETWORK_TRANSMIT, SOCKETS, STORAGE, OTHER = (
    "network receive", "network transmit", "sockets", "storage", "other",
)
NETWORK_PATHS = (NETWORK_RECEIVE, NETWORK_TRANSMIT, SOCKETS)

# Symbol -> path, first match from the asker outward; the order of the rows is the order of trust.
PATHS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (NETWORK_TRANSMIT, later(
        r"(?:^|_)(?:start_xmit|xmit_frame|hard_start_xmit|xmit_one|tx_map|tso_start_xmit)(?:_|$)|(?:^|_)xmit(?:_|$)"
        r"|^(?:dev_queue_xmit|__dev_queue_xmit|sch_direct_xmit|tcp_write_xmit|tcp_push|__tcp_push_pending_frames"
        r"|tcp_transmit_skb|__tcp_transmit_skb|tcp_fragment|tso_fragment|ip_output|ip_finish_output2?|ip_fragment"
        r"|tcp_retransmit_skb|tcp_send_(?:ack|probe0|skb|fin|synack|active_reset)|tcp_make_synack|tcp_v[46]_send_\w+|tcp_tso_segment|tcp_gso_segment|skb_gso_segment"
        r"|skb_segment|__skb_gso_segment|skb_checksum_help|net_tx_action|qdisc_restart|__qdisc_run|arp_send|icmp_send"
        r"|wg_packet_(?:encrypt|send|tx|create)\w*|arp_create|ndisc_send_skb|ip_send_skb|ip_queue_xmit|validate_xmit_skb|ip6_output|ip6_finish_output2?|ieee80211_(?:tx|xmit)\w*)$")),
    (SOCKETS, later(
        r"^(?:sk_alloc|sk_prot_alloc|sk_clone(?:_lock)?|inet_csk_clone(?:_lock)?|tcp_create_openreq_child|sock_alloc_send_p?skb"
        r"|sock_wmalloc|sock_kmalloc|sock_rmalloc|sk_stream_alloc_(?:p?skb|page)|tcp_stream_alloc_skb|sk_page_frag_refill"
        r"|tcp_sendmsg(?:_locked)?|tcp_sendpage|udp_sendmsg|udpv6_sendmsg|raw_sendmsg|sock_sendmsg|sock_write_iter|sock_aio_write"
        r"|__sock_sendmsg|kernel_sendmsg|unix_(?:stream|dgram)_(?:sendmsg|connect)|netlink_(?:sendmsg|alloc_large_skb|broadcast"
        r"|unicast|dump|ack)|nlmsg_new|sock_create|__sock_create|inet_create|tcp_recvmsg|sock_recvmsg|inet_reqsk_alloc|inet_twsk_alloc"
        r"|ip_append_data|__ip_append_data|ip_make_skb|ip_ufo_append_data|tcp_connect|tcp_v[46]_connect|sctp_\w+|packet_(?:sendmsg|snd|set_ring)"
        r"|alloc_(?:one_)?pg_vec\w*|_*(?:xsk|xdp_umem|vsock|vmci_transport|virtio_transport|smcr)_\w+|smc_(?:buf|conn|llc|lgr|clc|listen)\w*"
        r"|\w+_(?:[gs]etsockopt|sendmsg|recvmsg))$")),
    (NETWORK_RECEIVE, later(
        r"_(?:alloc|fill|refill|clean|get|post|prepare|setup|replenish)_(?:jumbo_|all_|one_|single_)?rx(?:_|$|b|d|s|q)"
        r"|_rx_(?:alloc|refill|fill|skb|poll|clean|irq|int|interrupt|handle|action|napi|buffer|buf|page|desc|packet|data)"
        r"|_(?:rx|receive)$|_poll_rx\w*$|_recv_refill|_(?:clean|process)_rx|_refill_(?:rx|desc|fl)|(?:^|_)refill_fl"
        r"|mlx4_en_alloc_frag|_frag_alloc$|_rx_allocate|^rx_|(?:^|_)alloc_rx|[a-z]Rx[A-Z]|_napi_poll|_handle_rx|_rbuf|_rxbuf|_rcvbuf|_rcb_|(?:^|_)try_fill_recv|add_recvbuf_\w+|_fill_freelist"
        r"|^(?:net_rx_action|netif_receive_skb\w*|__netif_receive_skb\w*|netif_rx\w*|process_backlog|napi_gro_\w+|dev_gro_receive"
        r"|napi_skb_finish|napi_get_frags|ip_rcv\w*|ip_local_deliver\w*|ipv6_rcv|ip6_input\w*|tcp_v[46]_rcv|tcp_v[46]_do_rcv"
        r"|tcp_rcv_\w+|tcp_data_queue|tcp_collapse|tcp_prune_queue|tcp_check_req|tcp_v[46]_syn_recv_sock|tcp_conn_request|udp_rcv"
        r"|__udp4_lib_rcv|udp_queue_rcv_skb|ip_defrag|ip_frag_\w+|br_handle_frame\w*|br_forward|br_fdb_update|fdb_create|arp_rcv"
        r"|arp_process|gro_cell_poll|skb_gro_receive|netif_receive_generic_xdp"
        r"|ieee80211_rx\w*|wg_packet_(?:decrypt|receive|rx|consume)\w*|icmp_rcv|igmp_rcv|sctp_rcv|iwl_rx_\w+|ip_route_input\w*)$")),
    (STORAGE, later(
        r"^(?:xfs|ext[234]|jbd2?|btrfs|nfs[34d]?|nfsd4?|svc|rpc|xprt|xdr|cifs|smb[23]|ceph|fuse|gfs2|dlm|ocfs2|reiserfs|jfs|f2fs"
        r"|scsi|sd|blk|bio|generic_make|submit_bio|submit_bh|__make_request|elv|cfq|dm|crypt|kcryptd|md|raid[156]\w*|loop|nbd|rbd"
        r"|ata|ahci|libata|nvme|iscsi|iser|fc|fcoe|lpfc|qla\w*|mpt\w*|megasas|megaraid|hpsa|aac|pqi|smartpqi|virtscsi|drbd"
        r"|zram|zswap|zs|swap|mpage|block|bvec|bioset|cciss|usb_stor|sg|sr|st|target|lio|ib_srp|srp|lustre|ptlrpc|ll|zfs|zio|arc|dbuf|dmu|spa|vdev|zpl|mmfs|kxOps|gpfs|o2net|dio|iomap|filemap|readahead|page_cache"
        r"|virtblk|xlbd|blkif|zfcp|dasd|mmc|mtd|ubi)_"
        r"|^(?:swap_writepage|submit_bio\w*|get_request\w*|zswap_\w+|__swap_writepage|pageout|do_mpage_readpage"
        r"|mpage_\w+|add_to_swap|journal_\w+|svc_\w+|read_swap_cache_async|\w*page_cache_readahead\w*|ondemand_readahead"
        r"|scsi\w*_alloc_\w+|__scsi_\w+|__blk_\w+|__bio_\w+|__elv_\w+|do_blockdev_direct_IO|__blockdev_direct_IO"
        r"|do_direct_IO|do_generic_file_read|alloc_buffer_head|alloc_page_buffers|__getblk\w*|grow_(?:buffers|dev_page))$")),
    # Known to be neither: reading /proc and /sys, processes' memory, shared memory, pipes, terminals, slab's arrays.
    (OTHER, later(
        r"^_{0,2}(?:proc|sysctl|seq|kernfs|sysfs|shmem|pipe|tty|n_tty|pty|memcg|mem_cgroup|cgroup|hugetlb|khugepaged|kimage"
        r"|input|snd|drm|ttm|i915|amdgpu|radeon|nouveau|kvm|ring_buffer|trac(?:e|ing)|perf|audit|ipmi|ipc|shm|hid|mhi)_"
        r"|^(?:do_anonymous_page|do_wp_page|wp_page_copy|do_cow_fault|handle_pte_fault|_*handle_mm_fault|alloc_huge_page"
        r"|do_huge_pmd_\w+|collapse_huge_page|alloc_fresh_huge\w+|set_max_huge_pages|_*get_user_pages\w*|do_brk\w*|mmap_region"
        r"|copy_page_range|_*p[tmgu4]d?e?_alloc(?:_\w+)?|dup_mm|dup_task_struct|copy_process|alloc_thread_\w+|load_elf_\w+"
        r"|setup_arg_pages|expand_files|alloc_fd\w+|dup_fd|newseg|newary|load_msg|alloc_msg|alloc_pipe_info|single_open\w*"
        r"|alloc_large_system_hash|module_alloc|ffs_\w+)$")),
)

# The tables that packets of either way go through: who stands outward tells the way; from an interrupt it is a packet
# received, where nobody does.
EITHER_WAY = later(
    r"^(?:_*nf_conntrack_(?:alloc|in)|init_conntrack|_*neigh_(?:create|alloc|lookup|hash_alloc|hash_grow)|dst_alloc"
    r"|rt_dst_alloc|ip6_dst_alloc|inet_frag_\w+)$"
)
# What a card's own function does by its name, where the rows above have none for it.
CARD_RECEIVES = later(
    r"^(?!.*netlink).*_(?:rx|recv|rcv|receive)(?:_(?!mode|filter|csum|ring|resources|coalesce|flow|hash)|\d|$)"
)
CARD_SENDS = later(r"_(?:tx|xmit|send)(?:_(?!ring|resources|coalesce|timeout|csum)|\d|$)")

# Names that tell the network but not which way: they count where no function of the rows above stands. Seldom needed,
# so these are compiled when they are.
_NETWORK = (
    r"^_{0,2}(?:tcp|udp|udplite|inet6?|sock|sk|p?skb|dccp|mptcp|sctp|unix|netlink|genl|nlmsg|rtnl|rtnetlink|ip6?|ipv[46]"
    r"|icmp(?:v6)?|igmp6?|mld|arp"
    r"|ndisc|neigh|fib6?|rt6|dst|nf|nfnl|nft|xfrm6?|ipt|ip6t|xt|br|vlan|macvlan|bond|netdev|netif|napi|qdisc|tcf|ppp|pppoe|tun|tap|veth"
    r"|vxlan|gre|ipip|geneve|ovs|ieee80211|cfg80211|rds|tipc|fnhe|net|addrconf)_"
    r"|_(?:alloc_skb|skb_alloc)$"
    r"|^(?:release_sock|_*lock_sock\w*|update_or_create_fnhe|find_or_create_fnhe|move_addr_to_\w+|eth_type_trans|rt_\w*(?:dst|cache)\w*)$"
)
# Shared helpers of the file layer: they count as storage only where nothing nearer or stronger tells.
_FILES = (r"^(?:generic_file_\w+|radix_tree_\w+|xas?_\w+|add_to_page_cache\w*|sg_alloc_table\w*"
          r"|generic_perform_write"
          r"|find_or_create_page|grab_cache_page\w*|pagecache_get_page|writeback_\w+|do_writepages)$")

# Where a received packet goes up into the stack: who stands outward of it received it, and did not ask.
RECEIVED = later(
    r"^(?:_*netif_receive_skb\w*|netif_rx\w*|napi_gro_(?:receive|frags|flush|complete)\w*|gro_normal_\w+|napi_skb_finish"
    r"|vlan_gro_(?:receive|frags)|vlan_hwaccel_\w+|_*vlan_hwaccel_rx|lro_(?:receive|flush)_\w+|process_backlog|napi_complete\w*)$"
)
# Where work is handed to another layer: who stands outward of it only submitted or sent it.
SUBMITTED = later(
    r"^(?:_*submit_bio\w*|_*generic_make_request\w*|submit_bh\w*|ll_rw_block|blk_queue_bio|_*make_request|blk_mq_(?:submit_bio|make_request)"
    r"|_*blk_mq_(?!alloc|init|realloc)(?:\w+_)?(?:hw_queues?|rq_list|issue_directly|requests|plug_list)|_*blk_run_queue\w*|blk_flush_plug\w*|queue_unplugged"
    r"|_*generic_unplug_device|blk_(?:backing_dev_)?unplug\w*|blk_execute_rq\w*|scsi_execute\w*|_*sock_sendmsg\w*|kernel_(?:sendmsg|sendpage|recvmsg|connect|accept|sock_shutdown)|sock_create\w*"
    r"|sock_recvmsg\w*)$"
)
# The same where nothing was submitted: a cache created, a file read, a page swapped in, memory reclaimed for an outer
# request, somebody told that his input or output is done.
HANDED_ON = later(
    r"^(?:kmem_cache_create\w*|memcg_create_kmem_cache|vfs_(?:write|read|fsync)\w*|swap_cluster_readahead|swapin_\w+|bio_endio|blk_update_request|_*usb_hcd_giveback_urb|try_to_free_pages|shrink_slab\w*)$"
)
# The layer that a function is of, where a name says it better than a module's.
LAYERS: tuple[tuple[str, str], ...] = (
    ("TCP", r"^_{0,2}(?:tcp|inet_csk|mptcp)_"),
    ("UDP", r"^_{0,2}udp(?:v6|4_lib|6_lib|lite)?_"),
    ("IP", r"^_{0,2}(?:ip6?|ipv[46]|icmp(?:v6)?|igmp|arp|ndisc|fib6?|rt6|rt|fnhe|neigh)_|_fnhe$"),
    ("SCSI", r"^_{0,2}scsi_"),
    ("block", r"^_{0,2}(?:blk|bio|elv|elevator|cfq|deadline|dd)_|^_*get_request\w*$"),
)


@lru_cache(maxsize=4096)
def path_of_symbol(symbol: str) -> str | None:
    """The path that a function (as `base_symbol` gives it) belongs to; None when it tells nothing.

    "other" is told too: a read of /proc, a page fault, a fork are known to be neither network nor storage.
    """
    for path, pattern in PATHS:
        if pattern.search(symbol):
            return path
    return None


@lru_cache(maxsize=4096)
def hinted_path(symbol: str) -> str | None:
    """The path that a function only hints at, for traces in which none tells more."""
    if re.search(_NETWORK, symbol):
        return SOCKETS
    return STORAGE if re.search(_FILES, symbol) else None


@lru_cache(maxsize=4096)
def layer_of(symbol: str) -> str | None:
    """The layer of a function, by its name."""
    return next((layer for layer, pattern in LAYERS if re.search(pattern, symbol)), None)
