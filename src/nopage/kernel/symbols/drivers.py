"""Modules by what they drive: network cards, storage, and well-known modules that are not in the kernel tree.

Data only. The network tables tell what a trace's module is and, for drivers that are built in, whose function a
symbol is.
"""
from __future__ import annotations

# Beside the names of the kernel trees (in_tree_network.py, in_tree_storage.py): drivers of other kernels, older names.
NETWORK_MODULES = frozenset((
    "genet", "hns", "mtk_eth", "netback", "netbk", "nicvf", "octeontx2_nicpf", "qib", "rdma_cm", "rdma_ucm",
    "rt2x00lib", "sk98lin", "xen_netback", "xen_netfront", "xen_vnif", "xennet", "xenvif",
))
STORAGE_MODULES = frozenset((
    "blktap", "blktap2", "blkback", "xen_blkback", "xen_blkfront", "xen_vbd", "xenblk", "mpt3sas", "nvmet",
    # Red Hat's own, built beside the kernel (kmod-kvdo)
    "kvdo", "uds",
    # libraries of storage
    "async_memcpy", "async_pq", "async_raid6_recov", "async_tx", "async_xor", "enclosure", "raid6_pq", "zsmalloc",
))
# Virtual devices and layers: a packet passes through them, another module received it.
STACKED_MODULES = frozenset((
    "8021q", "bonding", "br_netfilter", "bridge", "dummy", "ebtables", "geneve", "ifb", "ip_gre", "ip_tables",
    "ip_tunnel",
    "ip_vs", "ipip", "ipv6", "ipvlan", "macvlan", "macvtap", "nf_conntrack", "nf_nat", "nf_tables", "openvswitch",
    "team",
    "tun", "veth", "vhost_net", "vxlan", "wireguard", "xfrm_interface",
))

# Not in the kernel tree that Red Hat ships: what they need is for their vendor to change (KERNEL.md 6, row 20).
FOREIGN_STORAGE = frozenset((
    "aufs", "bdevfilter", "beegfs", "blksnap", "blkvsc", "cvfs", "dattobd", "dm_powerpath", "dm_writeboost",
    "dmpaa", "dmpaaa", "dmpap", "dmpapf", "dmpapg", "dmpjbod", "elastio_snap", "emcp", "emcpdm", "emcpgpx",
    "emcpioc", "emcpmpx", "emcpvlumd", "enhanceio", "fid", "flashcache", "fld", "fsfilt_ldiskfs", "hcpdriver",
    "icp", "iomemory_vsl", "iscsi_scst", "kdfs", "ko2iblnd", "ksocklnd", "ldiskfs", "libafs", "libcfs", "lin_tape",
    "llite", "lmv", "lnet", "lod", "lov", "lquota", "lustre", "lvfs", "mdc", "mdd", "mdt", "mgc", "mgs", "mmfs",
    "mmfs26", "mmfslinux", "mppUpper", "mppVhba", "novfs", "nvidia_fs", "obdclass", "obdecho", "obdfilter", "ofd",
    "openafs", "oracleacfs", "oracleadvm", "oracleasm", "oracleoks", "osc", "osd_ldiskfs", "osd_zfs", "ost",
    "panfs", "ptlrpc", "pvscsi", "px", "qfs", "qla2x00tgt", "reiser4", "scini", "scoutfs", "scst", "scst_disk",
    "scst_vdisk", "sddlmadrv", "sfdsk", "snapapi26", "snumbd26", "spl", "storvsc", "tracedev", "ufsd", "unionfs",
    "vboxsf", "veeamsnap", "vmblock", "vmhgfs", "vxdmp", "vxfs", "vxglm", "vxgms", "vxio", "vxodm", "vxportal",
    "vxspec", "wekafsgw", "wekafsio", "zavl", "zcommon", "zfs", "zlua", "znvpair", "zunicode", "zzstd",
))
FOREIGN_NETWORK = frozenset((
    "8188eu", "8192cu", "8812au", "8814au", "8821au", "8821cu", "88x2bu", "bcm5700", "dag", "dagmem", "et",
    "fbcapture", "gab", "igb_uio", "kni", "llt", "mlx4_vnic", "mt7601Usta", "ndiswrapper", "netmap", "netvsc",
    "nt3gd", "nt3gd_netdev", "ntoss", "onload", "openonload", "pf_ring", "r8101", "r8125", "r8126", "r8127",
    "r8168", "rt5370sta", "rte_kni", "rtl8821cu", "sfc_resource", "vboxnetadp", "vboxnetflt", "vmnet", "vmxnet",
    "wl",
))
THIRD_PARTY_MODULES = FOREIGN_STORAGE | FOREIGN_NETWORK | frozenset((
    "CyProtectDrv", "acdrv", "amf", "bmhook", "cbsensor", "cyprotect", "dazuko", "ds_agent", "dsa_filter",
    "dsa_filter_hook", "eset_rtp", "eset_wap", "falco", "falcon_kal", "falcon_lsm_pinned", "falcon_lsm_serviceable",
    "falcon_nf_netcontain", "fglrx", "gdrdrv", "gsch", "knem", "linuxshield", "lkrg", "mfe_fileaccess",
    "nv_peer_mem", "nvidia", "nvidia_drm", "nvidia_uvm", "p_lkrg", "pax", "redirfs", "scap", "secfs2", "sep",
    "sisevt", "sisips", "splat", "symap", "symev", "synaptics_ifs", "sysdig_probe", "talpa_core", "talpa_syscall",
    "talpa_vfshook", "tbimdsa", "tmhook", "twnotify", "vboxdrv", "vboxguest", "vmblock", "vmci", "vmmemctl",
    "vmmon", "vmsync", "vsepflt", "vsock_vmci", "vtsspp", "vxfen", "xpmem",
))
# The same, by how their names begin: McAfee's and Trellix' carry a number, CrowdStrike's and Intel's a version,
# Symantec's the release they were built for.
THIRD_PARTY_PREFIXES = (
    "mfe_", "falcon_lsm_", "falcon_nf_", "nvidia_", "talpa_", "emcp", "tmhook", "symev", "symap", "vxfs", "vxio",
    "event_collector_", "ksplice_", "sep3_", "sep4_", "sep5", "socperf", "scst_", "dmpa",
)
# What a module drives by how its name begins, where no table has the whole name.
STORAGE_PREFIXES = (
    "dm_", "emcp", "vxfs", "vxio", "scst_", "dmpa", "nvme_", "nvmet_", "scsi_", "raid", "mmfs", "lustre",
)

# Taint letters that say that modules from elsewhere are loaded: P proprietary, O out of tree, F forced, U unsupported.
FOREIGN_TAINTS = frozenset("POFU")

# Prefix of a built-in driver's functions -> driver. Only names that belong to one driver family.
SYMBOL_PREFIXES: dict[str, str] = {
    "e1000_": "e1000", "e1000e_": "e1000e", "igb_": "igb", "igbvf_": "igbvf", "igc_": "igc", "ixgb_": "ixgb",
    "ixgbe_": "ixgbe", "ixgbevf_": "ixgbevf", "i40e_": "i40e", "iavf_": "iavf", "ice_": "ice", "fm10k_": "fm10k",
    "e100_": "e100", "tg3_": "tg3", "bnx2_": "bnx2", "bnx2x_": "bnx2x", "bnxt_": "bnxt_en", "b44_": "b44",
    "be_post_rx": "be2net", "be_alloc_pages": "be2net", "bnad_": "bna", "mlx4_en_": "mlx4_en", "mlx5e_": "mlx5_core",
    "ipoib_": "ib_ipoib", "myri10ge_": "myri10ge", "qlcnic_": "qlcnic", "qlge_": "qlge", "netxen_": "netxen_nic",
    "cxgb_": "cxgb", "t4_": "cxgb4", "enic_": "enic", "ena_": "ena", "vmxnet3_": "vmxnet3", "virtnet_": "virtio_net",
    "try_fill_recv": "virtio_net", "add_recvbuf": "virtio_net", "xennet_": "xen_netfront", "netvsc_": "hv_netvsc",
    "rtl8169_": "r8169", "rtl8152_": "r8152", "r8152_": "r8152", "rtl8139_": "8139too", "cp_rx_": "8139cp",
    "nv_alloc_rx": "forcedeth", "nv_nic_": "forcedeth", "nv_napi_": "forcedeth", "nv_rx_": "forcedeth",
    "sky2_": "sky2", "skge_": "skge", "tulip_": "tulip", "natsemi_": "natsemi", "s2io_": "s2io", "vxge_": "vxge",
    "sfc_": "sfc", "efx_": "sfc", "fec_enet_": "fec", "stmmac_": "stmmac", "macb_": "macb", "mvneta_": "mvneta",
    "mvpp2_": "mvpp2", "gem_": "sungem", "aq_ring_": "atlantic", "atl1c_": "atl1c", "atl1e_": "atl1e", "jme_": "jme",
    "qeth_": "qeth", "ibmveth_": "ibmveth", "ibmvnic_": "ibmvnic", "ehea_": "ehea", "iwl_": "iwlwifi",
    "ath10k_": "ath10k_core", "ath9k_": "ath9k", "b43_": "b43", "usbnet_": "usbnet", "lan78xx_": "lan78xx",
    "pcnet32_": "pcnet32", "velocity_": "via_velocity", "rhine_": "via_rhine", "gfar_": "gianfar", "hns3_": "hns3",
    "hinic_": "hinic", "nicvf_": "nicvf", "otx2_": "octeontx2_nicpf", "qla2x00_": "qla2xxx", "qla24xx_": "qla2xxx",
    "lpfc_": "lpfc", "megasas_": "megaraid_sas", "mpt2sas_": "mpt2sas", "mpt3sas_": "mpt3sas", "_base_": "mpt3sas",
    "hpsa_": "hpsa", "pqi_": "smartpqi", "aac_": "aacraid", "cciss_": "cciss", "nvme_": "nvme",
    "virtblk_": "virtio_blk", "virtscsi_": "virtio_scsi", "xfs_": "xfs", "ext4_": "ext4", "ext3_": "ext3",
    "btrfs_": "btrfs", "nfsd_": "nfsd", "nfs_": "nfs", "svc_": "sunrpc", "rpc_": "sunrpc", "xprt_": "sunrpc",
    "cifs_": "cifs", "ceph_": "ceph", "crypt_": "dm_crypt", "zram_": "zram", "nf_ct_": "nf_conntrack",
    "__nf_conntrack_": "nf_conntrack", "nf_conntrack_": "nf_conntrack", "br_": "bridge", "fuse_": "fuse",
    "jbd2_": "jbd2", "scsi_": "scsi_mod", "__scsi_": "scsi_mod", "ahci_": "ahci", "ata_": "libata", "dasd_": "dasd_mod",
    "zfcp_": "zfcp", "blkif_": "xen_blkfront", "raid5_": "raid456", "bcmgenet_": "genet", "rx_submit": "usbnet",
    "rx_complete": "usbnet", "sr_probe": "sr_mod", "sd_probe": "sd_mod", "sd_prep_fn": "sd_mod", "sd_setup_": "sd_mod",
    "sd_init_command": "sd_mod",
    # a helper that drivers call to have their buffers mapped: theirs is the request
    "scsi_dma_": "",
}
