"""Which path a request was on, where a function's name and its module tell different things."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.cause.asking.asker import asker_of
from nopage.kernel.facts import FailureReport

RX, SOCK, DISK, OTHER = "network receive", "sockets", "storage", "other"
TASK = "do_syscall_64; entry_SYSCALL_64_after_hwframe"
DONE = "usb_giveback_urb_bh [usbcore]; tasklet_action; __do_softirq; irq_exit; common_interrupt"


@pytest.mark.parametrize(
    ("text", "path", "driver"),
    [
        # a display's dm_ is no device mapper, a scanner's aac_ no RAID controller
        (f"__kmalloc; foo_copy [amdgpu]; dm_atomic_get_foo [amdgpu]; drm_ioctl [drm]; {TASK}", OTHER, "amdgpu"),
        (f"__kmalloc; aac_foo [mfe_aac_100610]; foo_open [mfe_fileaccess_100610]; {TASK}", OTHER, "mfe_aac_100610"),
        # what a modem, a keyboard, a serial line receive are no packets
        (f"__kmalloc; acm_rx_fill [cdc_acm]; __usb_hcd_giveback_urb [usbcore]; {DONE}", OTHER, "cdc_acm"),
        (f"__kmalloc; foo_rx [hid_foo]; __usb_hcd_giveback_urb [usbcore]; {DONE}", OTHER, "hid_foo"),
        # but a USB network card's are, whoever of the bus stands nearer
        (f"__kmalloc; usb_foo [usbcore]; rx_submit [usbnet]; rx_complete [usbnet]; {DONE}", RX, "usbcore"),
        # receive buffers of a storage protocol
        ("__kmalloc; foo_alloc_rx_descriptors [ib_isert]; cma_foo [rdma_cm]; kthread; ret_from_fork", DISK, "ib_isert"),
        ("__kmalloc; foo_alloc_rx_buf [nvmet_rdma]; cma_foo [rdma_cm]; kthread; ret_from_fork", DISK, "nvmet_rdma"),
        # a storage word in a network card's function
        ("__kmalloc; st_foo [mlx5_core]; foo_napi_poll [mlx5_core]; net_rx_action; __do_softirq", RX, "mlx5_core"),
        # modules of no table: by how they begin
        ("__kmalloc; foo_ios [dm_foo]; kthread; ret_from_fork", DISK, "dm_foo"),
        ("__kmalloc; uds_foo [kvdo]; kthread; ret_from_fork", DISK, "kvdo"),
        # a process's socket, of whatever family
        (f"get_free_pages; alloc_one_pg_vec_page; packet_set_ring; packet_setsockopt; {TASK}", SOCK, None),
        (f"__kmalloc; foo; bar_setsockopt [barproto]; __sys_setsockopt; {TASK}", SOCK, "barproto"),
        (f"__get_free_pages; xskq_create; xsk_setsockopt; {TASK}", SOCK, None),
        ("alloc_pages; smcr_new_foo [smc]; smc_buf_create [smc]; kthread; ret_from_fork", SOCK, "smc"),
        (f"__kmalloc; vmci_transport_foo [vmw_vsock_vmci_transport]; vsock_connect [vsock]; {TASK}", SOCK,
         "vmw_vsock_vmci_transport"),
        ("alloc_pages; wg_packet_decrypt_worker [wireguard]; process_one_work; worker_thread", RX, "wireguard"),
        ("alloc_pages; wg_packet_encrypt_worker [wireguard]; process_one_work; worker_thread", "network transmit",
         "wireguard"),
    ],
)
def test_the_module_knows_what_the_function_means(
    report: Callable[..., FailureReport], text: str, path: str, driver: str | None
) -> None:
    asker = asker_of(report(0, 0x20, trace=f"dump_stack; warn_alloc; __alloc_pages; {text}", comm="foo"))
    assert (asker.path, asker.driver) == (path, driver)


SOFT = "net_rx_action; __do_softirq; irq_exit; common_interrupt"
UP = f"__netif_receive_skb_core; napi_gro_receive; foo_poll [igb]; {SOFT}"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        # a table that packets of either way go through: who stands outward tells
        (f"neigh_alloc; __neigh_create; ip_finish_output2; ip_output; udp_sendmsg; {TASK}", "network transmit"),
        (f"neigh_alloc; __neigh_create; foo_learn; ip_rcv; {UP}", RX),
        (f"neigh_alloc; __neigh_create; ip_finish_output2; ip_forward; ip_rcv; {UP}", "network transmit"),
        (f"dst_alloc; rt_dst_alloc; tcp_v4_connect; inet_stream_connect; {TASK}", SOCK),
        (f"dst_alloc; rt_dst_alloc; ip_route_input_slow; ip_rcv; {UP}", RX),
        (f"__nf_conntrack_alloc; init_conntrack; nf_conntrack_in; nf_hook_slow; ip_local_out; ip_queue_xmit; {TASK}",
         "network transmit"),
        (f"__nf_conntrack_alloc; init_conntrack; nf_conntrack_in; nf_hook_slow; {SOFT}", RX),
        ("__nf_conntrack_alloc; init_conntrack; foo_insert; bar; ret_from_fork", SOCK),
        # an answer to a connection's first packet
        (f"__alloc_skb; tcp_make_synack; tcp_v4_send_synack; tcp_conn_request; tcp_v4_rcv; {UP}", "network transmit"),
        (f"kmem_cache_alloc; inet_twsk_alloc; tcp_time_wait; tcp_v4_rcv; {UP}", SOCK),
        # a card's own words
        ("__alloc_skb; foo_rx_handle [iwlwifi]; foo_handler [iwlwifi]; irq_thread; kthread; ret_from_fork", RX),
        ("__alloc_skb; foo_tx_cmd [iwlwifi]; foo_work [iwlwifi]; worker_thread; kthread; ret_from_fork",
         "network transmit"),
        ("__kmalloc; foo_set_rx_mode [e1000]; foo_bar; ret_from_fork", OTHER),
        (f"kvmalloc_node; hash_resize [ip_set_hash_net]; nfnetlink_rcv_msg [nfnetlink]; netlink_unicast; {TASK}", SOCK),
    ],
)
def test_which_way_a_packet_went(report: Callable[..., FailureReport], text: str, path: str) -> None:
    assert asker_of(report(0, 0x20, trace=f"dump_stack; warn_alloc; __alloc_pages; {text}", comm="foo")).path == path


@pytest.mark.parametrize(
    ("text", "driver", "submitted_by"),
    [
        # the driver below the queue is the same as the one above it: nobody else submitted
        ("foo_queue_request [xen-blkfront]; do_foo_request [xen-blkfront]; __blk_run_queue; foo_irq [xen-blkfront]; "
         "handle_irq_event", "xen_blkfront", None),
        ("foo_request [xen-blkfront]; __blk_run_queue; blk_queue_bio; submit_bio; foo_io [zfs]; kthread",
         "xen_blkfront", "zfs"),
        # a helper that maps a driver's buffers is the driver's
        ("iommu_map_page; map_sg; scsi_dma_map; foo_queue_command [smartpqi]; scsi_queue_rq", "smartpqi", None),
        ("alloc_iova; scsi_dma_map; scsi_queue_rq; blk_mq_dispatch_rq_list", "scsi_mod", None),
        # a page swapped in for a display is the swap's
        ("xas_nomem; add_to_swap_cache; __read_swap_cache_async; swap_cluster_readahead; shmem_swapin; "
         "foo_pages [i915]; drm_ioctl [drm]", None, None),
        # a driver's queues while it is set up: nothing was submitted
        ("blk_mq_alloc_rqs; blk_mq_alloc_map_and_requests; scsi_mq_setup_tags; foo_probe_one [megaraid_sas]; "
         "local_pci_probe", "scsi_mod", None),
        ("blk_mq_alloc_rqs; blk_mq_alloc_map_and_requests; blk_mq_alloc_tag_set; foo_probe [nvme]", "nvme", None),
        # who completed the input only told
        ("aio_complete; dio_bio_end_aio; bio_endio; foo_endio [dm_mod]; bio_endio; blk_done_softirq", None, None),
        ("foo_alloc; foo_endio [dm_crypt]; bio_endio; blk_done_softirq", "dm_crypt", None),
        ("hid_foo; hid_irq_in; __usb_hcd_giveback_urb [usbcore]; foo_irq [ehci_hcd]", None, None),
        # built in
        ("__netdev_alloc_skb; bcmgenet_rx_refill; bcmgenet_rx_poll; __napi_poll", "genet", None),
        ("__netdev_alloc_skb; rx_submit; rx_complete; __usb_hcd_giveback_urb", "usbnet", None),
        ("kmem_cache_alloc_trace; sr_probe; really_probe; __scsi_add_device", "sr_mod", None),
    ],
)
def test_whose_request_it_was(
    report: Callable[..., FailureReport], text: str, driver: str | None, submitted_by: str | None
) -> None:
    asker = asker_of(report(0, 0x20, trace=f"dump_stack; warn_alloc; __alloc_pages; {text}", comm="foo"))
    assert (asker.driver, asker.submitted_by) == (driver, submitted_by)
