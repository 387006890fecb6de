"""Names of the storage modules in the kernel tree of each major release. Generated; do not edit.

Source: Makefile, Kbuild and Kconfig files of Red Hat's kernels, read by bench/gen_in_tree.py
(4: 2.6.9, 5: 2.6.18, 6: 2.6.32, 7: 3.10.0, 8: 4.18.0, 9: 5.14.0, 10: 6.12.0).
Names only, as the kernel prints them: "-" is "_". A row: the major releases whose tree has them, the names.
"""
from __future__ import annotations

ROWS: tuple[tuple[str, str], ...] = (
    ("4",
     "adp94xx blkmtd cciss_dump cpqfc dasd_cmb db1550_flash diskdump elan_104nc epxa10db_flash ide_dump iscsi_sfnet "
     "it8212 lpfcdfc mcd md mptscsi oktagon_esp oktagon_io pb1550_flash pb1xxx_flash pci2000 pci2220i pdc4030 "
     "qioctlmod qla2100 qla2200 qla2300 qla2322 qla2400 qla2500 qla6312 qlogicfc qlogicisp raid5 raid6 rd relayfs "
     "scsi_dump tx4925ndfmc tx4938ndfmc"),
    ("4 5",
     "NCR53C9x acsi acsi_slm amd_flash arctic_mtd aztcd bast_ide beech_mtd blz1230 blz2060 cdu31a cm206 cstm_mips_ixx "
     "cyberstorm cyberstormII dec_esp dm_emc dm_hp_sw ebony ecoscsi esp fastlane fcal gscd hpt34x ide_cd ide_disk "
     "ide_floppy ide_scsi iq80310 isp16 jedec jffs lasat lubbock_flash mca_53c9x mcdx mpc1211 ocelot omap_toto_flash "
     "optcd pluto pnc2000 ps2esdi psi240i sbc8240 sbpcd seagate sharp sjcd sonycd535 toto uclinux xor"),
    ("4 5 6",
     "autcpu12 autcpu12_nvram autofs cdb89712 ceiva dbox2_flash dilnetpc dmv182 doc2000 doc2001 doc2001plus docecc "
     "docprobe edb7312 fd_mcs fortunet h720x_flash ibmmca ibmvscsic integrator_flash ixp2000 mbx860 mtdchar mtdconcat "
     "ppchameleonevb redwood rpcsec_gss_spkm3 rpxlite sbp2 smbfs spia tqm8xxl ub viocd viodasd wr_sbc82xx_flash xd"),
    ("4 5 6 7",
     "NCR53c406a aic7xxx_old cciss cpqarray dtc eata eata_pio ext3 g_NCR5380_mmio hppfs i2o_block i2o_config i2o_core "
     "i2o_proc i2o_scsi in2000 jbd mmci nand_ids ncpfs octagon_5066 pas16 sym53c416 t128 tmscsim u14_34f ultrastor "
     "vmax301 wd7000"),
    ("4 5 6 7 8",
     "DAC960 NCR_D700 NCR_Q720_mod aec62xx ali14xx alim15x3 amd74xx atiixp cmd64x cryptoloop cs5520 cs5530 cy82c693 "
     "dtc2278 gdth hpt366 ht6560b icside ide_core ide_cs ide_generic ide_tape nand_ecc ns87415 opti621 osst "
     "pdc202xx_new pdc202xx_old piix qd65xx rapide rz1000 sc1200 serverworks sgiioc4 siimage sis5513 sl82c105 "
     "slc90e66 sx8 triflex trm290 umc8672 umem via82cxxx xpram"),
    ("4 5 6 7 8 9",
     "dpt_i2o ixp4xx lart multipath ntfs paride pcd pd pf pg pt"),
    ("4 5 6 7 8 9 10",
     "3w_9xxx 3w_xxxx 53c700 BusLogic a100u2w a2091 a3000 aacraid acornscsi_mod adfs advansys affs afs aha152x "
     "aha152x_cs aha1542 aha1740 ahci aic79xx aic7xxx amd76xrom amiflop arcmsr arxescsi ata_piix ataflop atari_scsi "
     "aten atp870u au1550nd auth_rpcgss autofs4 befs bfs bpck bpck6 cdrom cfi_cmdset_0001 cfi_cmdset_0002 "
     "cfi_cmdset_0020 cfi_flagadm cfi_probe cfi_util chipreg cifs coda comm cramfs cumana_1 cumana_2 dasd_diag_mod "
     "dasd_eckd_mod dasd_fba_mod dasd_mod dc21285 dc395x dcssblk diskonchip dm_crypt dm_mirror dm_mod dm_multipath "
     "dm_round_robin dm_snapshot dm_zero dmx3191d dstr eesox efs epat epia exportfs ext2 fas216 fat fit2 fit3 floppy "
     "freevxfs friq frpw ftl g_NCR5380 gen_probe generic gvp11 hfs hfsplus hostfs hpfs ib_srp ichxrom imm impa7 inftl "
     "initio ipr ips isofs jedec_probe jffs2 jfs kafs kbic ktti l440gx lasi700 libata linear lockd loop lpfc mac53c94 "
     "mac_esp map_absent map_funcs map_ram map_rom mbcache megaraid megaraid_mbox megaraid_mm megaraid_sas mesh minix "
     "mmc_block mmc_core mptbase mptctl mptfc mptsas mptscsih mptspi ms02_nv msdos msgqueue mtd_blkdevs mtdblock "
     "mtdblock_ro mtdram nand nbd netsc520 nettel nfs nfs_acl nfsd nftl nsp32 nsp_cs oak on20 on26 openpromfs "
     "pata_jmicron pata_pdc2027x pci pcmciamtd pdc_adma phram physmap pmc551 powertec ppa pxamci qla1280 qla2xxx "
     "qla4xxx qlogic_cs qlogicfas qlogicfas408 qlogicpti qnx4 queue quota_v1 quota_v2 raid0 raid1 raid10 redboot "
     "reiserfs romfs rpcsec_gss_krb5 sa1100_flash sata_mv sata_nv sata_promise sata_qstor sata_sil sata_sil24 "
     "sata_sis sata_svw sata_sx4 sata_uli sata_via sata_vsc sbc_gxx sc520cdp scb2_flash scsi_debug scsi_mod "
     "scsi_transport_fc scsi_transport_iscsi scsi_transport_spi scx200_docflash sd_mod sg sgiwd93 sim710 slram "
     "solutionengine sr_mod st stex sun3_scsi sun3_scsi_vme sun_uflash sunrpc swim3 sym53c500_cs sym53c8xx sysv "
     "tsunami_flash udf ufs usb_storage vfat virtio_blk wd33c93 xfs z2ram zalon7xx zfcp"),
    ("4 5 6 7 9 10",
     "fdomain fdomain_cs"),
    ("4 6 7 8",
     "delkin_cb"),
    ("5",
     "bast_flash dm_mem_cache dm_message dm_rdac libiscsi2 libusual lock_dlm lock_nolock mainstone_flash mtx_1_flash "
     "ocotea oktagon_esp_mod scsi_transport_iscsi1 scsi_transport_iscsi2 swarm tqm834x walnut"),
    ("5 6",
     "alchemy_flash as_iosched at91_mci dm_raid45 h1910 imxmmc ipaq_flash omap_nor pata_qdi pata_winbond rtc_from4 "
     "ts7250"),
    ("5 6 7",
     "cfq_iosched deadline_iosched i2o_bus mpt2sas pata_at32 pata_bf54x pata_scc scsi_dh"),
    ("5 6 7 8",
     "au1xmmc cs5535 it821x m25p80"),
    ("5 6 7 8 9",
     "faulty fscache"),
    ("5 6 7 8 9 10",
     "3w_sas 9p aic94xx ams_delta aoe ata_generic be2iscsi bfa block2mtd bnx2i brd cachefiles ch configfs cs553x_nand "
     "cxgb3i cxgb4i dlm dm_log dm_region_hash ext4 fcoe firewire_sbp2 fnic fuse gfs2 hptiop ib_iser ibmvfc isci "
     "iscsi_tcp jbd2 libcxgbi libfc libfcoe libiscsi libiscsi_tcp libsas md_mod mtd_dataflash mvsas nandsim ndfc "
     "ocfs2 ocfs2_dlm ocfs2_dlmfs ocfs2_nodemanager omap onenand pata_acpi pata_ali pata_amd pata_artop pata_atiixp "
     "pata_cmd640 pata_cmd64x pata_cs5520 pata_cs5530 pata_cs5535 pata_cs5536 pata_cypress pata_efar pata_hpt366 "
     "pata_hpt37x pata_hpt3x2n pata_hpt3x3 pata_icside pata_isapnp pata_it8213 pata_it821x pata_ixp4xx_cf pata_legacy "
     "pata_marvell pata_mpc52xx pata_mpiix pata_netcell pata_ninja32 pata_ns87410 pata_ns87415 pata_of_platform "
     "pata_oldpiix pata_opti pata_optidma pata_pcmcia pata_pdc202xx_old pata_platform pata_radisys pata_rb532_cf "
     "pata_rz1000 pata_sc1200 pata_sch pata_serverworks pata_sil680 pata_sis pata_sl82c105 pata_triflex pata_via "
     "pktcdvd plat_ram pmcraid raid456 raid_class rfd_ftl s3c2410 sata_fsl sata_inic162x scsi_dh_alua scsi_dh_emc "
     "scsi_dh_rdac scsi_transport_sas sdhci ses sharpsl squashfs ts5500_flash wbsd"),
    ("5 6 8 9 10",
     "ecryptfs"),
    ("6",
     "at91_ide blk_cgroup dm_cache_cleaner dm_cache_mq dm_memcache excite_nandflash nomadik_nand onenand_sim "
     "scsi_wait_scan sdhci_of svcrdma usb_libusual w90p910_nand xprtrdma"),
    ("6 7",
     "alauda atmel_nand bf5xx_nand bfin_async_flash exofs ibmvstgt ide_h8300 libosd libsrp mg_disk msm_sdcc osd "
     "osdblk pata_at91 pxa3xx_nand scc_pata scsi_tgt"),
    ("6 7 8",
     "buddha cmd640 cmx270_nand cs5536 falconide gayle gpio_addr_flash ide_4drives ide_cd_mod ide_gd_mod "
     "ide_pci_generic ide_platform ide_pnp it8172 it8213 jmicron macide omap2 palm_bk3710 pata_palmld physmap_of pmac "
     "q40ide rtsx_pci_ms s3cmci tc86c001 tmio_mmc tx4938ide tx4939ide xsysace"),
    ("6 7 8 9",
     "ar7part intel_vr_nor pmcmsp_flash rbtx4939_flash rsxx tmio_nand"),
    ("6 7 8 9 10",
     "a4000t atmel_mci bcm47xxsflash bnx2fc btrfs bvme6000_scsi cafe_nand cb710_mmc ck804xrom cuse davinci_nand "
     "dm_bio_prison dm_bufio dm_cache dm_cache_smq dm_delay dm_era dm_flakey dm_log_userspace dm_persistent_data "
     "dm_queue_length dm_raid dm_service_time dm_switch dm_thin_pool esb2rom esp_scsi fsl_elbc_nand fsl_upm gdrom "
     "gluebi gpio hpsa hv_storvsc iscsi_boot_sysfs jmb38x_ms lpddr_cmds memstick mmc_spi mpt3sas mspro_block mtd "
     "mtd_oobtest mtd_pagetest mtd_readtest mtd_speedtest mtd_stresstest mtd_subpagetest mtd_torturetest mtdoops "
     "mtip32xx mvme16x_scsi mvsdio mxc_nand mxcmmc nfs_layout_nfsv41_files nilfs2 nvme ocfs2_stack_o2cb "
     "ocfs2_stack_user ocfs2_stackglue of_mmc_spi ofpart omap_hsmmc omfs orion_nand pasemi_nand pata_atp867x "
     "pata_octeon_cf pata_rdc plat_nand pm80xx ps3disk ps3rom ps3vram pxa2xx_flash qinfo_probe quota_tree r592 "
     "rtsx_pci_sdmmc rtsx_usb_sdmmc scm_block scsi_dh_hp_sw scsi_transport_srp sdhci_pci sdhci_pltfm sdhci_s3c "
     "sdio_uart sdricoh_cs sh_flctl sni_53c710 socrates_nand ssfdc sst25l sun_esp sunvdc swim_mod target_core_file "
     "target_core_iblock target_core_mod target_core_pscsi tcm_fc tcm_loop tifm_ms tifm_sd txx9ndfmc ubi ubifs "
     "ums_alauda ums_cypress ums_datafab ums_freecom ums_isd200 ums_jumpshot ums_karma ums_onetouch ums_sddr09 "
     "ums_sddr55 ums_usbat via_sdmmc virtio_scsi vmu_flash vmw_pvscsi xen_blkfront zorro7xx"),
    ("7",
     "bfin_sdh elm libore logfs mmci_qcom_dml objlayoutdriver sdhci_bcm2835 sh_mobile_sdhi tse ufshcd xway_nand"),
    ("7 8",
     "android_goldfish bcm63xxpart docg4 jz4740_nand latch_addr_flash nand_bch nd_blk nuc900_nand pata_samsung_cf "
     "samsung sdhci_cns3xxx sdhci_sirf ufshcd_pci ufshcd_pltfrm"),
    ("7 8 9 10",
     "acard_ahci ahci_platform bcache bcm47xxnflash bcm47xxpart blocklayoutdriver ceph cmdlinepart cqhci csiostor "
     "cxgbit cxlflash davinci_mmc dax dax_pmem denali denali_dt denali_pci device_dax dm_log_writes dm_verity docg3 "
     "drbd dw_mmc dw_mmc_exynos dw_mmc_pci dw_mmc_pltfm dw_mmc_rockchip efivarfs f2fs fsl_ifc_nand fsmc_nand "
     "gpmi_nand grace ib_isert ib_srpt ibmvscsi iscsi_target_mod jz4740_mmc kyber_iosched lantiq_flash libahci "
     "libceph libnvdimm lpc32xx_mlc lpc32xx_slc moxart_mmc mpc5121_nfc mq_deadline mtd_nandbiterrs mtd_nandecctest "
     "mtdswap mtk_sd mvumi mxs_mmc nd_btt nd_e820 nd_pmem nfs_layout_flexfiles nfsv2 nfsv3 nfsv4 null_blk nvme_core "
     "nvme_fabrics nvme_fc nvme_fcloop nvme_loop nvme_rdma nvmet nvmet_fc nvmet_rdma overlay pata_arasan_cf "
     "pata_ep93xx pata_imx pata_macio pata_piccolo pata_pxa pismo powernv_flash qedf qedi qnx6 r852 ramoops rbd "
     "rpcrdma sata_dwc_460ex sata_highbank sata_rcar sbp_target sdhci_acpi sdhci_bcm_kona sdhci_brcmstb sdhci_cadence "
     "sdhci_dove sdhci_esdhc_imx sdhci_f_sdh30 sdhci_iproc sdhci_msm sdhci_of_esdhc sdhci_of_hlwd sdhci_pic32 "
     "sdhci_pxav2 sdhci_pxav3 sdhci_spear sdhci_st sdhci_tegra sh_mmcif sm_common sm_ftl smartpqi spear_smi sunxi_mmc "
     "target_core_user tcm_qla2xxx tmio_mmc_core toshsd uas ums_eneub6250 ums_realtek usdhi6rol0 ushc vhost_scsi "
     "vub300 wmt_sdmmc xen_blkback zram"),
    ("8",
     "atmel_quadspi cadence_quadspi dw_mmc_zx fscrypto fsl_quadspi jz4780_nand mtk_quadspi pata_bk3710 skd "
     "stm32_quadspi t10_pi tango_nand tc_dwc_g210 tc_dwc_g210_pci tc_dwc_g210_pltfrm ufs_qcom ufshcd_core ufshcd_dwc"),
    ("8 9",
     "aspeed_smc bcm63138_nand dax_pmem_compat intel_spi intel_spi_pci intel_spi_platform mtk_ecc oxnas_nand"),
    ("8 9 10",
     "ahci_brcm ahci_ceva ahci_da850 ahci_dm816 ahci_imx ahci_mtk ahci_mvebu ahci_octeon ahci_qoriq ahci_seattle "
     "ahci_st ahci_sunxi ahci_tegra ahci_xgene am53c974 armmmci atmel_nand_controller atmel_pmecc bcm2835 "
     "bcm6368_nand bfq brcmnand brcmstb_nand cifs_arc4 cifs_md4 dax_hmem dax_pmem_core dm_historical_service_time "
     "dm_integrity dm_io_affinity dm_unstripe dm_writecache dm_zoned dw_mmc_bluefield dw_mmc_hi3798cv200 dw_mmc_k3 "
     "esas2r hisi504_nand hisi_sas_main hisi_sas_v1_hw hisi_sas_v2_hw hisi_sas_v3_hw hisi_sfc ibmvscsis iproc_nand "
     "jz4780_bch libahci_platform lpddr2_nvm mac_scsi marvell_nand mchp23k256 md_cluster meson_gx_mmc meson_mx_sdio "
     "mpi3mr ms_block mtk_nand nandcore nvme_tcp nvmet_tcp nxp_spifi octeon_mmc of_pmem omap2_nand omap_elm orangefs "
     "parser_trx pata_falcon pata_ftide010 pata_gayle pstore pwrseq_emmc pwrseq_sd8787 pwrseq_simple qcom_nandc "
     "renesas_sdhi_core renesas_sdhi_internal_dmac renesas_sdhi_sys_dmac rtsx_usb_ms sata_gemini sdhci_of_arasan "
     "sdhci_of_at91 sdhci_omap sdhci_xenon_driver sharpslpart snic spi_nor st_spi_fsm sunxi_nand thunderx_mmc "
     "vf610_nfc virtiofs wd719x xen_scsiback xen_scsifront zorro_esp"),
    ("9 10",
     "alcor arasan_nand_controller bsg cadence_nand_controller dm_clone dm_dust dm_ebs dw_mmc_starfive efct erofs "
     "exfat fdomain_isa fdomain_pci hbmc_am654 hyperbus_core ingenic_nand intel_nand_controller jz4725b_bch "
     "jz4740_ecc kmem litex_mmc mchp48l640 meson_mx_sdhc meson_nand mmc_hsq mtdpstore mxic_nand myrb myrs nd_virtio "
     "netfs nvme_apple nvme_auth nvme_keyring onenand_omap2 onenand_samsung owl_mmc parser_imagetag pata_buddha "
     "pl35x_nand_controller pstore_blk pstore_zone qcomsmempart rnbd_client rnbd_server rockchip_nand_controller "
     "rpc_if scsi_common sdhci_am654 sdhci_esdhc_mcf sdhci_milbeaut sdhci_of_aspeed sdhci_of_dwcmshc sdhci_of_sparx5 "
     "sdhci_sprd spinand stm32_fmc2_nand tcm_remote tegra_nand uniphier_sd utf8_selftest vboxsf virtio_pmem zonefs"),
    ("10",
     "ahci_dwc bcachefs bcma_nand bcmbca_nand brcm_u_boot dax_cxl dm_vdo dw_mmc_hi3798mv200 ecc_mtk ksmbd nfs_localio "
     "ntfs3 nvmem pata_parport renesas_nand_controller rnull_mod scpart sdhci_npcm sdhci_of_ma35d1 sunplus_mmc "
     "technologic_nand_controller tplink_safeloader ublk_drv utf8data"),
)
