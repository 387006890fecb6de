"""Modules by what they drive: network cards, storage, and well-known modules that are not in the kernel tree.

Data only. The network tables tell what a trace's module is and, for drivers that are built in, whose function a
symbol is.
"""
from __future__ import annotations

# Modules of network cards and virtual network devices, RHEL 4 to 10 and their neighbours.
NETWORK_MODULES = frozenset((
    "8139cp", "8139too", "alx", "amd-xgbe", "amd8111e", "aquantia", "atlantic", "ath10k_core", "ath10k_pci", "ath5k",
    "ath9k", "atl1", "atl1c", "atl1e", "axnet_cs", "b43", "b43legacy", "b44", "be2net", "bna", "bnx2", "bnx2x",
    "bnxt_en", "brcmfmac", "cassini", "cnic", "cxgb", "cxgb3", "cxgb4", "cxgb4vf", "dl2k", "e100", "e1000", "e1000e",
    "ehea", "ena", "enic", "eth1394", "fealnx", "fec", "fm10k", "forcedeth", "gve", "hinic", "hns", "hns3",
    "hv_netvsc", "i40e", "i40evf", "iavf", "ib_ipoib", "ibmveth", "ibmvnic", "ice", "idpf", "igb", "igbvf", "igc",
    "ionic", "ipw2100", "ipw2200", "iwl3945", "iwl4965", "iwlagn", "iwlcore", "iwlwifi", "ixgb", "ixgbe", "ixgbevf",
    "jme", "lan78xx", "liquidio", "macb", "mana", "mlx4_core", "mlx4_en", "mlx5_core", "mlx5_ib", "mlx4_ib",
    "mtk_eth", "mvneta", "mvpp2", "myri10ge", "natsemi", "ne2k-pci", "netxen_nic", "nfp", "ns83820", "nicvf",
    "octeontx2_nicpf", "pch_gbe", "pcnet32", "qede", "qed", "qeth", "qlcnic", "qlge", "r8152", "r8169", "rt2x00lib",
    "rtl8187", "s2io", "sfc", "sis190", "sis900", "sk98lin", "skge", "sky2", "smsc", "starfire", "stmmac", "sundance",
    "sungem", "sunhme", "tehuti", "tg3", "tulip", "typhoon", "usbnet", "via-rhine", "via-velocity", "virtio_net",
    "vmxnet", "vmxnet3", "vxge", "wil6210", "xen-netback", "xen-netfront", "xen_netfront", "xennet", "xgene-enet",
    "8021q", "bonding", "bridge", "macvlan", "openvswitch", "team", "tun", "veth", "vxlan", "vhost_net",
    "nf_conntrack", "ip_conntrack",
))

STORAGE_MODULES = frozenset((
    "3w-9xxx", "3w-xxxx", "aacraid", "ahci", "arcmsr", "be2iscsi", "bfa", "bnx2fc", "bnx2i", "btrfs", "cciss", "ceph",
    "cifs", "dm_crypt", "dm_mod", "dm_multipath", "dm_snapshot", "drbd", "ext2", "ext3", "ext4", "fcoe", "fnic",
    "fuse", "gfs2", "hpsa", "ib_iser", "ib_isert", "ib_srp", "ib_srpt", "iscsi_tcp", "isci", "jbd", "jbd2", "libata",
    "libceph", "libfc", "libiscsi", "lockd", "loop", "lpfc", "md_mod", "megaraid_mm", "megaraid_sas", "mpt2sas",
    "mpt3sas", "mptbase", "mptsas", "mptscsih", "nbd", "nfs", "nfsd", "nfsv3", "nfsv4", "nvme", "nvme_core",
    "nvme_fabrics", "nvme_rdma", "nvme_tcp", "nvmet", "ocfs2", "pata_acpi", "qedf", "qedi", "qla2xxx", "qla4xxx",
    "raid1", "raid10", "raid456", "rbd", "reiserfs", "scsi_mod", "sd_mod", "sg", "smartpqi", "sr_mod", "sunrpc",
    "target_core_mod", "usb_storage", "virtio_blk", "virtio_scsi", "vmw_pvscsi", "xen-blkback", "xen-blkfront", "xfs",
    "zram", "sata_nv", "sata_sil", "ata_piix",
))

# Not in the kernel tree that Red Hat ships: what they need is for their vendor to change (KERNEL.md 6, row 20).
THIRD_PARTY_MODULES = frozenset((
    "bmhook", "dattobd", "dazuko", "dsa_filter", "emcp", "emcpdm", "emcpgpx", "emcpmpx", "falcon_kal",
    "falcon_lsm_serviceable", "falcon_nf_netcontain", "fglrx", "gab", "gsch", "igb_uio", "iomemory_vsl", "ko2iblnd",
    "libcfs", "llt", "lnet", "lov", "lustre", "mdc", "mdd", "mdt", "mmfs26", "mmfslinux", "ndiswrapper", "netmap",
    "novfs", "nvidia", "nvidia_drm", "nvidia_uvm", "obdclass", "openafs", "osc", "ost", "pf_ring", "ptlrpc",
    "redirfs", "rte_kni", "scini", "secfs2", "sep", "sisevt", "sisips", "snapapi26", "spl", "symev", "synaptics_ifs",
    "talpa_core", "talpa_syscall", "talpa_vfshook", "tmhook", "vboxdrv", "vboxguest", "vboxnetflt", "vboxsf",
    "veeamsnap", "vmblock", "vmhgfs", "vmmon", "vmnet", "vsepflt", "vxdmp", "vxfen", "vxfs", "vxio", "vxportal",
    "vxspec", "wl", "xpmem", "zavl", "zcommon", "zfs", "znvpair", "zunicode",
))

# Taint letters that say that modules from elsewhere are loaded: P proprietary, O out of tree, F forced, U unsupported.
FOREIGN_TAINTS = frozenset("POFU")

BALLOON_MODULES = frozenset(("vmw_balloon", "vmmemctl", "virtio_balloon", "hv_balloon", "xen_balloon"))

# Prefix of a built-in driver's functions -> driver. Only names that belong to one driver family.
SYMBOL_PREFIXES: dict[str, str] = {
    "e1000_": "e1000", "e1000e_": "e1000e", "igb_": "igb", "igbvf_": "igbvf", "igc_": "igc", "ixgb_": "ixgb",
    "ixgbe_": "ixgbe", "ixgbevf_": "ixgbevf", "i40e_": "i40e", "iavf_": "iavf", "ice_": "ice", "fm10k_": "fm10k",
    "e100_": "e100", "tg3_": "tg3", "bnx2_": "bnx2", "bnx2x_": "bnx2x", "bnxt_": "bnxt_en", "b44_": "b44",
    "be_post_rx": "be2net", "be_alloc_pages": "be2net", "bnad_": "bna", "mlx4_en_": "mlx4_en", "mlx5e_": "mlx5_core",
    "ipoib_": "ib_ipoib", "myri10ge_": "myri10ge", "qlcnic_": "qlcnic", "qlge_": "qlge", "netxen_": "netxen_nic",
    "cxgb_": "cxgb", "t4_": "cxgb4", "enic_": "enic", "ena_": "ena", "vmxnet3_": "vmxnet3", "virtnet_": "virtio_net",
    "try_fill_recv": "virtio_net", "add_recvbuf": "virtio_net", "xennet_": "xen-netfront", "netvsc_": "hv_netvsc",
    "rtl8169_": "r8169", "rtl8152_": "r8152", "r8152_": "r8152", "rtl8139_": "8139too", "cp_rx_": "8139cp",
    "nv_alloc_rx": "forcedeth", "nv_nic_": "forcedeth", "nv_napi_": "forcedeth", "nv_rx_": "forcedeth",
    "sky2_": "sky2", "skge_": "skge", "tulip_": "tulip", "natsemi_": "natsemi", "s2io_": "s2io", "vxge_": "vxge",
    "sfc_": "sfc", "efx_": "sfc", "fec_enet_": "fec", "stmmac_": "stmmac", "macb_": "macb", "mvneta_": "mvneta",
    "mvpp2_": "mvpp2", "gem_": "sungem", "aq_ring_": "atlantic", "atl1c_": "atl1c", "atl1e_": "atl1e", "jme_": "jme",
    "qeth_": "qeth", "ibmveth_": "ibmveth", "ibmvnic_": "ibmvnic", "ehea_": "ehea", "iwl_": "iwlwifi",
    "ath10k_": "ath10k_core", "ath9k_": "ath9k", "b43_": "b43", "usbnet_": "usbnet", "lan78xx_": "lan78xx",
    "pcnet32_": "pcnet32", "velocity_": "via-velocity", "rhine_": "via-rhine", "gfar_": "gianfar", "hns3_": "hns3",
    "hinic_": "hinic", "nicvf_": "nicvf", "otx2_": "octeontx2_nicpf", "qla2x00_": "qla2xxx", "qla24xx_": "qla2xxx",
    "lpfc_": "lpfc", "megasas_": "megaraid_sas", "mpt2sas_": "mpt2sas", "mpt3sas_": "mpt3sas", "_base_": "mpt3sas",
    "hpsa_": "hpsa", "pqi_": "smartpqi", "aac_": "aacraid", "cciss_": "cciss", "nvme_": "nvme",
    "virtblk_": "virtio_blk", "virtscsi_": "virtio_scsi", "xfs_": "xfs", "ext4_": "ext4", "ext3_": "ext3",
    "btrfs_": "btrfs", "nfsd_": "nfsd", "nfs_": "nfs", "svc_": "sunrpc", "rpc_": "sunrpc", "xprt_": "sunrpc",
    "cifs_": "cifs", "ceph_": "ceph", "crypt_": "dm_crypt", "zram_": "zram", "nf_ct_": "nf_conntrack",
    "__nf_conntrack_": "nf_conntrack", "nf_conntrack_": "nf_conntrack", "br_": "bridge", "fuse_": "fuse",
    "jbd2_": "jbd2",
}
