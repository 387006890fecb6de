"""Names of the network modules in the kernel tree of each major release. Generated; do not edit.

Source: Makefile, Kbuild and Kconfig files of Red Hat's kernels, read by bench/gen_in_tree.py
(4: 2.6.9, 5: 2.6.18, 6: 2.6.32, 7: 3.10.0, 8: 4.18.0, 9: 5.14.0, 10: 6.12.0).
Names only, as the kernel prints them: "-" is "_". A row: the major releases whose tree has them, the names.
"""
from __future__ import annotations

ROWS: tuple[tuple[str, str], ...] = (
    ("4",
     "bagetlance ether00 ethertap fmv18x gact ip6t_MARK ip6t_esp ip6t_length ip6t_limit ip6t_mac ip6t_mark "
     "ip6t_multiport ip6t_physdev ipchains ipfwadm iph5526 ipt_CLASSIFY ipt_MARK ipt_NOTRACK ipt_comment "
     "ipt_connlimit ipt_conntrack ipt_esp ipt_helper ipt_length ipt_limit ipt_mac ipt_mark ipt_multiport ipt_physdev "
     "ipt_pkttype ipt_realm ipt_sctp ipt_state ipt_tcpmss netdump netlink_dev police sdladrv sk_g16 sun3_82586 "
     "wanpipe"),
    ("4 5",
     "act200l actisys atari_bionet atari_pamsnet ctc ctcmpc cu3088 dgrs eepro100 ep7211_ir esi fec_8xx girbil hermes "
     "ib_madeye ib_sdp ieee80211 ieee80211_crypt ieee80211_crypt_ccmp ieee80211_crypt_tkip ieee80211_crypt_wep "
     "ip6t_dst ip6t_hl ip6t_owner ip_conntrack ip_conntrack_amanda ip_conntrack_ftp ip_conntrack_irc "
     "ip_conntrack_proto_sctp ip_conntrack_tftp ip_nat_amanda ip_nat_ftp ip_nat_irc ip_nat_snmp_basic ip_nat_tftp "
     "ipt_DSCP ipt_SAME ipt_TCPMSS ipt_TOS ipt_dscp ipt_iprange ipt_owner ipt_recent ipt_tos ipt_ttl irport litelink "
     "ma600 mcp2120 oaknet old_belkin qlgc_vnic shaper sk98lin sk_mca syncppp tekram tux xircom_tulip_cb"),
    ("4 5 6",
     "3c359 3c501 3c503 3c505 3c507 3c523 3c527 abyss ac3200 arlan at1700 cyclomx cycx_drv de600 de620 depca e2100 "
     "econet eepro eexpress es3210 eth1394 eth16i ewrk3 hp hp_plus ib_mad ib_sa ibmlana ibmtr ibmtr_cs ip6_queue "
     "ip6t_LOG ip_queue ipt_LOG ipt_NETMAP ipt_REDIRECT ipt_addrtype ipt_ecn iseries_veth l2cap lanstreamer lne390 "
     "lp486e madgemc myri_sbus ne2 ne3210 netwave_cs ni5010 ni52 olympic pc300 proteon sco seeq8005 skisa smc_mca "
     "smc_ultra32 smctr strip tms380tr tmspci wanrouter wavelan wavelan_cs znet"),
    ("4 5 6 7",
     "act200l_sir actisys_sir ali_ircc au1k_ir donauboe esi_sir girbil_sir ib_ehca ib_ipath ib_ucm ipt_ULOG ipx "
     "ircomm ircomm_tty irda irda_usb irlan irnet irtty_sir iw_c2 iw_cxgb3 iw_nes litelink_sir ma600_sir mcp2120_sir "
     "ne_h8300 nsc_ircc old_belkin_sir sa1100_ir sir_dev smsc_ircc2 stir4200 tekram_sir via_ircc vlsi_ir w83977af_ir"),
    ("4 5 6 7 8",
     "airo airo_cs cls_rsvp cls_rsvp6 cls_tcindex dlci dscc4 hp100 ipt_MASQUERADE ray_cs sch_atm sch_cbq sch_dsmark "
     "sdla wl3501_cs x25_asy"),
    ("4 5 6 7 8 9",
     "airport ambassador atmel atmel_cs atmel_pci cops cosa de4x5 decnet dmascc dn_rtmsg firestream horizon "
     "hostess_sv11 ipddp ixgb lmc ltpc ni65 orinoco orinoco_cs orinoco_pci orinoco_plx orinoco_tmd prism54 sbni "
     "sealevel uPD98402 unix z85230 zatm"),
    ("4 5 6 7 8 9 10",
     "3c509 3c515 3c574_cs 3c589_cs 3c59x 6pack 7990 8021q 8139cp 8139too 82596 8390 a2065 acenic af_key af_packet "
     "ah4 ah6 amd8111e apne appletalk arc_rawmode arc_rimi arcnet ariadne arp_tables arpt_mangle arptable_filter "
     "atarilance atm atmtcp atp ax25 axnet_cs b44 baycom_epp baycom_par baycom_ser_fdx baycom_ser_hdx bluetooth bmac "
     "bnep bnx2 bnx2x bonding bpqether br2684 bridge bsd_comp c101 catc clip cls_fw cls_route cls_u32 cmtp com20020 "
     "com20020_cs com20020_isa com20020_pci com90io com90xx cs89x0 cxgb3 de2104x declance defxx dl2k dmfe dummy e100 "
     "e1000 e1000e ebt_802_3 ebt_among ebt_arp ebt_arpreply ebt_dnat ebt_ip ebt_limit ebt_log ebt_mark ebt_mark_m "
     "ebt_pkttype ebt_redirect ebt_snat ebt_stp ebt_vlan ebtable_broute ebtable_filter ebtable_nat ebtables ehea eni "
     "epic100 eql esp4 esp6 ether1 ether3 etherh farsync fealnx fmvj18x_cs forcedeth fore_200e fsm gianfar_driver "
     "hamachi hdlc hdlcdrv he hidp hydra ib_cm ib_core ib_ipoib ib_mthca ib_umad ib_uverbs ibmveth idt77105 idt77252 "
     "igb ip6_tables ip6_tunnel ip6t_ah ip6t_eui64 ip6t_frag ip6t_hbh ip6t_ipv6header ip6t_rt ip6table_filter "
     "ip6table_mangle ip6table_raw ip_gre ip_tables ip_vs ip_vs_dh ip_vs_ftp ip_vs_lblc ip_vs_lblcr ip_vs_lc ip_vs_nq "
     "ip_vs_rr ip_vs_sed ip_vs_sh ip_vs_wlc ip_vs_wrr ipcomp ipcomp6 iphase ipip ipt_ECN ipt_REJECT ipt_ah "
     "iptable_filter iptable_mangle iptable_nat iptable_raw ipv6 ipw2100 ipw2200 iucv iw_cm ixgbe jazzsonic kaweth "
     "lanai lance lapb lapbether lasi_82596 lcs lec llc llc2 mac89x0 mace macsonic meth mii mkiss mlx4_core mlx4_en "
     "mlx4_ib mpoa mptlan mv643xx_eth mvme147 n2 natsemi ne ne2k_pci netconsole netiucv netrom netxen_nic nicstar "
     "nmclan_cs ns83820 p8022 pci200syn pcnet32 pcnet_cs pegasus pktgen plip ppp_async ppp_deflate ppp_generic "
     "ppp_synctty pppoatm pppoe pppox psnap qeth qla3xxx r8169 rfc1051 rfc1201 rfcomm rose rrunner rtl8150 s2io "
     "sb1000 sb1250_mac scc sch_gred sch_hfsc sch_htb sch_ingress sch_netem sch_prio sch_red sch_sfq sch_tbf sch_teql "
     "sctp sgiseeq sis900 skfp skge sky2 slhc slip smc9194 smc91c92_cs smc91x smc_ultra smsgiucv starfire stnic "
     "sun3lance sunbmac sundance sungem sungem_phy sunhme suni sunlance sunqe tc35815 tg3 tlan tulip tun typhoon "
     "usbnet via_rhine via_velocity virtio_net wanxl wd winbond_840 x25 xfrm4_tunnel xfrm6_tunnel xfrm_user "
     "xirc2ps_cs xircom_cb yam yellowfin zorro8390"),
    ("4 5 7",
     "inet_lro"),
    ("4 5 7 8 9 10",
     "ibm_emac"),
    ("4 5 8 9 10",
     "rxrpc"),
    ("5",
     "bcm43xx dccp_ccid2 dccp_ccid3 dccp_ipv6 dccp_tfrc_lib fixed ieee80211softmac ip6t_HL ip_conntrack_h323 "
     "ip_conntrack_netbios_ns ip_conntrack_netlink ip_conntrack_pptp ip_conntrack_sip ip_nat ip_nat_h323 ip_nat_pptp "
     "ip_nat_sip ipoib_helper ipt_TTL ipt_hashlimit iwlagn iwlcore multipath_drr multipath_random multipath_rr "
     "multipath_wrandom wireless_compat xfrm4_esp xfrm6_esp xfrm_nalgo"),
    ("5 6",
     "enp2611_mod mipsnet nf_conntrack_proto_sctp rtl8180 xt_CONNMARK xt_MARK xt_NOTRACK"),
    ("5 6 7",
     "at91_ether claw ebt_ulog mcs7780 nf_conntrack_ipv4 nf_conntrack_ipv6 p8023 pxaficp_ir tcp_probe toim3232_sir "
     "xfrm4_mode_transport xfrm4_mode_tunnel xfrm6_mode_transport xfrm6_mode_tunnel"),
    ("5 6 7 8",
     "act_ipt netx_eth qlge"),
    ("5 6 7 8 9",
     "hostap hostap_cs hostap_pci hostap_plx ipt_CLUSTERIP orinoco_nortel smc911x spectrum_cs vxge zd1201"),
    ("5 6 7 8 9 10",
     "act_gact act_mirred act_pedit act_police act_simple adummy af_iucv asix ath ath5k ath9k atl1e be2net bna "
     "capmode cassini cdc_eem cdc_ether cdc_subset cfg80211 cicada cls_basic cnic cxgb cxgb4 davicom dccp dccp_diag "
     "dccp_ipv4 dm9000 dm9601 em_cmp em_meta em_nbyte em_text em_u32 enic fs_enet gl620a ifb igbvf inet_diag "
     "ip6t_REJECT iw_cxgb4 iwl3945 ixgbevf libphy lxt mac80211 marvell mdio myri10ge net1080 nf_conntrack "
     "nf_conntrack_ftp nf_conntrack_netlink nfnetlink nfnetlink_log nfnetlink_queue niu plusb ppp_mppe qlcnic qsemi "
     "rds rfkill rionet rndis_host rt2400pci rt2500pci rt2500usb rt2800usb rt2x00lib rt2x00pci rt2x00usb rt61pci "
     "rt73usb rtl8187 sfc sis190 smsc spidernet tcp_bic tcp_cubic tcp_diag tcp_highspeed tcp_htcp tcp_hybla tcp_lp "
     "tcp_scalable tcp_vegas tcp_veno tcp_westwood tipc tunnel4 tunnel6 ucc_geth_driver uli526x vitesse x_tables "
     "xt_CLASSIFY xt_CONNSECMARK xt_DSCP xt_NFQUEUE xt_SECMARK xt_comment xt_connbytes xt_connlimit xt_connmark "
     "xt_conntrack xt_dccp xt_esp xt_helper xt_length xt_limit xt_mac xt_mark xt_multiport xt_physdev xt_pkttype "
     "xt_policy xt_quota xt_realm xt_sctp xt_state xt_statistic xt_string xt_tcpmss xt_tcpudp zaurus zd1211rw"),
    ("6",
     "af_802154 i2400m_sdio i40evf ib_addr ibm_newemac nf_conntrack_proto_dccp nf_conntrack_proto_udplite "
     "nf_nat_proto_dccp nf_nat_proto_sctp nf_nat_proto_udplite nf_tproxy_core nl802154 pppol2tp tr wpan_class"),
    ("6 7",
     "af_rxrpc bfin_mac bfin_sir dccp_probe ep7211_sir ipg kingsun_sir ks959_sir ksdazzle_sir netprio_cgroup "
     "nf_conntrack_proto_gre nf_nat_proto_gre rxkad s6gmac sja1000_of_platform xfrm4_mode_beet xfrm6_mode_beet "
     "xfrm6_mode_ro"),
    ("6 7 8",
     "cpmac davinci_emac i2400m i2400m_usb ks8695net rndis_wlan w90p910_ether wimax"),
    ("6 7 8 9",
     "ks8851 ks8851_mll libertas_cs orinoco_usb"),
    ("6 7 8 9 10",
     "8390p 9pnet 9pnet_rdma 9pnet_virtio act_nat act_skbedit adm8211 at76c50x_usb at91_can ath9k_common ath9k_htc "
     "ath9k_hw atl1 atl1c atl2 ax88796 b43 b43legacy bcm63xx bcm63xx_enet bnxt_en brcmfmac brcmsmac brcmutil broadcom "
     "btcoexist can can_bcm can_dev can_raw carl9170 cdc_ncm cdc_phonet cls_flow ctcm cxgb4vf dnet ebt_ip6 ebt_nflog "
     "ems_pci ems_usb enc28j60 ep93xx_eth et1011c ethoc fddi fec_mpc52xx fec_mpc52xx_phy firewire_net fm10k "
     "fsl_pq_mdio garp gre hdlc_cisco hdlc_fr hdlc_ppp hdlc_raw hdlc_raw_eth hdlc_x25 hso hv_netvsc i40e ib_qib "
     "icplus int51x1 ip6t_mh ip6table_security ip_set ip_set_bitmap_ip ip_set_bitmap_ipmac ip_set_bitmap_port "
     "ip_set_hash_ip ip_set_hash_ipport ip_set_hash_ipportip ip_set_hash_ipportnet ip_set_hash_net "
     "ip_set_hash_netport ip_set_list_set ip_tunnel ip_vs_pe_sip iptable_security iwl4965 iwldvm iwlegacy iwlmvm "
     "iwlwifi ixp4xx_eth ixp4xx_hss jme korina ks8842 kvaser_pci lib80211 lib80211_crypt_ccmp lib80211_crypt_tkip "
     "lib80211_crypt_wep libertas libertas_sdio libertas_spi libertas_tf libertas_tf_usb libipw ll_temac "
     "mac80211_hwsim macb macvlan macvtap mcs7830 mdio_bitbang mdio_gpio mii_bitbang mii_fec mip6 mlx5_core mlx5_ib "
     "mwl8k national nf_conntrack_amanda nf_conntrack_broadcast nf_conntrack_h323 nf_conntrack_irc "
     "nf_conntrack_netbios_ns nf_conntrack_pptp nf_conntrack_sane nf_conntrack_sip nf_conntrack_snmp "
     "nf_conntrack_tftp nf_defrag_ipv4 nf_defrag_ipv6 nf_nat nf_nat_amanda nf_nat_ftp nf_nat_h323 nf_nat_irc "
     "nf_nat_pptp nf_nat_sip nf_nat_snmp_basic nf_nat_tftp ocrdma openvswitch p54common p54pci p54spi p54usb "
     "pasemi_mac_driver pc300too pch_gbe phonet pn_pep ps3_gelic qeth_l2 qeth_l3 r6040 rds_rdma rds_tcp realtek "
     "rt2800lib rt2800mmio rt2800pci rt2800soc rt2x00mmio rt2x00soc rtl8188ee rtl8192c_common rtl8192ce rtl8192cu "
     "rtl8192de rtl8192ee rtl8192se rtl8723_common rtl8723ae rtl8723be rtl8821ae rtl_pci rtl_usb rtlwifi sc92031 "
     "sch_drr sch_mqprio sch_multiq sch_qfq sh_eth sierra_net sit sja1000 sja1000_isa sja1000_platform smsc911x "
     "smsc9420 smsc95xx smsgiucv_app sni_82596 solos_pci ste10Xp stmmac stp sunvnet tcp_illinois tcp_yeah tehuti "
     "tsi108_eth usb8xxx usnic_verbs vcan veth vhost_net vmxnet3 vxlan wl1251 wl1251_sdio wl1251_spi wl12xx wl18xx "
     "wlcore wlcore_sdio wlcore_spi xen_netfront xfrm_ipcomp xilinx_emaclite xt_AUDIT xt_CHECKSUM xt_HL xt_LED "
     "xt_NFLOG xt_RATEEST xt_TCPMSS xt_TCPOPTSTRIP xt_TPROXY xt_TRACE xt_cluster xt_dscp xt_hashlimit xt_hl "
     "xt_iprange xt_osf xt_owner xt_rateest xt_recent xt_set xt_socket xt_time xt_u32 xtsonic"),
    ("7",
     "bfin_can devlink gianfar_ptp i40iw mv88e6xxx_drv nf_log_bridge nf_log_common nf_log_ipv4 nf_log_ipv6 "
     "nf_nat_ipv4 nf_nat_ipv6 nf_nat_masquerade_ipv4 nf_nat_masquerade_ipv6 nf_nat_redirect nf_tables_arp "
     "nf_tables_bridge nf_tables_inet nf_tables_ipv4 nf_tables_ipv6 nft_chain_nat_ipv4 nft_chain_nat_ipv6 "
     "nft_chain_route_ipv4 nft_chain_route_ipv6 nft_exthdr nft_masq_ipv4 nft_masq_ipv6 nft_meta nft_rbtree "
     "nft_redir_ipv4 nft_redir_ipv6 rfkill_regulator rtw88 rtwpci sctp_probe sh_irda sh_sir tile_net"),
    ("7 8",
     "caif_hsi cfspi_slave davinci_cpdma esd_usb2 ip6t_MASQUERADE mlxsw_switchib mlxsw_switchx2 pch_can"),
    ("7 8 9",
     "nft_counter"),
    ("7 8 9 10",
     "6lowpan act_connmark act_csum act_ife act_meta_mark act_meta_skbprio act_meta_skbtcindex act_sample act_skbmod "
     "act_tunnel_key act_vlan adf7242 af_packet_diag alx amd amd_xgbe ar5523 at803x at86rf230 ath10k_core ath10k_pci "
     "ath10k_sdio ath10k_usb ath6kl_core ath6kl_sdio ath6kl_usb atlantic atusb au1000_eth ax88179_178a batman_adv "
     "bcm87xx bgmac bluetooth_6lowpan bnxt_re br_netfilter c_can c_can_pci c_can_platform caif caif_serial "
     "caif_socket caif_usb caif_virtio can_gw cc2520 cc770 cc770_isa cc770_platform cdc_mbim ch9200 chnl_net cls_bpf "
     "cls_cgroup cls_flower cls_matchall cx82310_eth davinci_mdio dns_resolver dp83640 drop_monitor dsa_core em_canid "
     "em_ipset ems_pcmcia ena failover fakelb fec fixed_phy fjes flexcan fou ftgmac100 ftmac100 geneve grcan greth "
     "gve hci hfi1 huawei_cdc_ncm hv_sock iavf ibmvnic ice ieee802154 ieee802154_6lowpan ieee802154_socket ife igc "
     "ip6_gre ip6_udp_tunnel ip6t_NPT ip6t_SYNPROXY ip6t_rpfilter ip6table_nat ip_set_hash_ipmac ip_set_hash_ipmark "
     "ip_set_hash_mac ip_set_hash_netiface ip_set_hash_netnet ip_set_hash_netportnet ip_vti ipheth ipt_SYNPROXY "
     "ipt_rpfilter janz_ican3 kalmia ksz884x kvaser_usb l2tp_core lan78xx lantiq_etop lg_vl600 libcxgb liquidio "
     "liquidio_vf lpc_eth mac802154 macsec mcf8390 mcp251x mdio_mux mdio_mux_gpio mdio_mux_mmioreg mdio_octeon micrel "
     "mlxfw mlxsw_core mlxsw_i2c mlxsw_minimal mlxsw_pci mlxsw_spectrum mpls_gso mrf24j40 mrp mscan_mpc5xxx mv88e6060 "
     "mvmdio mvneta mwifiex mwifiex_pcie mwifiex_sdio mwifiex_usb nci net_failover netlink_diag nf_dup_ipv4 "
     "nf_dup_ipv6 nf_reject_ipv4 nf_reject_ipv6 nf_synproxy_core nf_tables nfc nfnetlink_cthelper nfnetlink_cttimeout "
     "nfp nft_compat nft_ct nft_dup_ipv4 nft_dup_ipv6 nft_hash nft_limit nft_log nft_masq nft_nat nft_queue nft_redir "
     "nft_reject nft_reject_bridge nft_reject_inet nft_reject_ipv4 nft_reject_ipv6 nhc_dest nhc_fragment "
     "nhc_ghc_ext_dest nhc_ghc_ext_frag nhc_ghc_ext_hop nhc_ghc_ext_route nhc_ghc_icmpv6 nhc_ghc_udp nhc_hop nhc_ipv6 "
     "nhc_mobility nhc_routing nhc_udp nlmon ntb_netdev octeon_mgmt opa_vnic peak_pci peak_pcmcia peak_usb plx_pci "
     "pptp psample pxa168_eth qed qede qedr qmi_wwan r8152 rdma_rxe rdmavt rfkill_gpio rocker rtl818x_pci sch_cbs "
     "sch_choke sch_codel sch_fq sch_fq_codel sch_hhf sch_pie sch_plug sch_sfb sctp_diag sfc_falcon slcan smsc75xx "
     "softing softing_cs spi_ks8995 sr9700 sr9800 tcp_dctcp team team_mode_activebackup team_mode_broadcast "
     "team_mode_loadbalance team_mode_random team_mode_roundrobin thunderbolt_net ti_cpsw ti_hecc tscan1 udp_diag "
     "udp_tunnel unix_diag usb_8dev vmw_pvrdma vmw_vsock_virtio_transport vmw_vsock_virtio_transport_common "
     "vmw_vsock_vmci_transport vport_geneve vport_gre vport_vxlan vsock vsock_diag vsockmon w5100 w5300 wil6210 "
     "xen_netback xfrm_algo xgmac xgmac_mdio xilinx_emac xt_CT xt_HMARK xt_IDLETIMER xt_LOG xt_NETMAP xt_REDIRECT "
     "xt_TEE xt_addrtype xt_bpf xt_cgroup xt_connlabel xt_cpu xt_devgroup xt_ecn xt_ipvs xt_nat xt_nfacct"),
    ("7 9 10",
     "nft_meta_bridge"),
    ("8",
     "cpsw_ale dwmac_oxnas hns_roce mscc_ocelot_common mtk_eth_soc nb8800 nf_osf nf_tables_set ocelot_board "
     "qtnfmac_pearl_pcie"),
    ("8 9",
     "bpfilter diag emac_arc hns_roce_hw_v1 ksz_common nf_flow_table_ipv4 nf_flow_table_ipv6 nft_objref"),
    ("8 9 10",
     "9pnet_xen act_bpf act_ct act_ctinfo act_gate act_mpls adin altera_tse aqc111 aquantia arc_emac ath10k_snoc "
     "ath11k ath11k_ahb ath11k_pci ath12k ath9k_pci_owl_loader ax88796b b53_common b53_mdio b53_mmap b53_spi b53_srab "
     "bareudp bcm54140 bcm7xxx bcm84881 bcm_cygnus bcm_phy_lib bcm_sf2 bcmsysport bgmac_bcma bgmac_bcma_mdio "
     "bgmac_platform brcmfmac_bca brcmfmac_cyw brcmfmac_wcc ca8210 cavium_ptp ch_ipsec ch_ktls cortina cpsw_common "
     "cpts cw1200_core cw1200_wlan_sdio cw1200_wlan_spi dp83822 dp83848 dp83867 dp83869 dp83tc811 dsa_loop "
     "dsa_loop_bdinfo dwc_xlgmac dwmac_altr_socfpga dwmac_anarion dwmac_dwc_qos_eth dwmac_generic dwmac_intel "
     "dwmac_ipq806x dwmac_lpc18xx dwmac_meson dwmac_meson8b dwmac_rk dwmac_sti dwmac_stm32 dwmac_sun8i dwmac_sunxi "
     "ec_bhf efa em_ipt emac_rockchip encx24j600 encx24j600_regmap esp4_offload esp6_offload et131x fou6 fsl_dpa "
     "fsl_dpaa_fman fsl_dpaa_fman_port fsl_dpaa_mac fsl_ucc_hdlc gemini genet gs_usb gtp hclge hclgevf hi311x hinic "
     "hip04_eth hisi_femac hix5hd2_gmac hnae hnae3 hns3 hns_dsaf hns_enet_drv hns_mdio hns_roce_hw_v2 hplance hsr "
     "idpf ifi_canfd ila intel_xway ionic ip6t_srh ip_vs_fo ip_vs_mh ip_vs_ovf ipvlan ipvtap irdma ism iwlmei kcm "
     "keystone_netcp keystone_netcp_ethss lan743x lan9303_core lan9303_i2c lan9303_mdio ldmvsw m_can mac8390 macb_pci "
     "macmace mana mana_ib marvell10g mcba_usb mcr20a mdio_aspeed mdio_bcm_iproc mdio_bcm_unimac mdio_bus mdio_cavium "
     "mdio_hisi_femac mdio_i2c mdio_ipq4019 mdio_ipq8064 mdio_moxart mdio_mscc_miim mdio_mux_bcm_iproc "
     "mdio_mux_meson_g12a mdio_mux_multiplexer mdio_mvusb mdio_sun4i mdio_thunder mdio_xgene meson_gxl mhi_net "
     "microchip microchip_t1 mlxbf_gige moxart_ether mpls_iptunnel mpls_router mptcp_diag mscc mt7530 mt76 mt7601u "
     "mt7603e mt7615_common mt7615e mt7663_usb_sdio_common mt7663s mt7663u mt76_connac_lib mt76_sdio mt76_usb "
     "mt76x02_lib mt76x02_usb mt76x0_common mt76x0e mt76x0u mt76x2_common mt76x2e mt76x2u mt7915e mt7921_common "
     "mt7921e mt7921s mt7921u mt7996e mv88e6xxx mvneta_bm mvpp2 mxl_gpy nci_spi nci_uart netdevsim netsec "
     "nf_conncount nf_dup_netdev nf_flow_table nf_flow_table_inet nf_log_syslog nf_socket_ipv4 nf_socket_ipv6 "
     "nf_tproxy_ipv4 nf_tproxy_ipv6 nfc_digital nft_chain_nat nft_connlimit nft_dup_netdev nft_fib nft_fib_inet "
     "nft_fib_ipv4 nft_fib_ipv6 nft_fib_netdev nft_flow_offload nft_fwd_netdev nft_numgen nft_quota nft_socket "
     "nft_tproxy nft_xfrm nicpf nicvf nixge nps_enet nsh nxp_tja11xx pcs_xpcs peak_pciefd phylink qca8k qca_7k_common "
     "qcaspi qcauart qcom_emac qrtr qrtr_mhi qrtr_smd qrtr_tun qtnfmac r8153_ecm ravb raw_diag rcar_can rcar_canfd "
     "rmnet rockchip rsi_91x rsi_sdio rsi_usb rtl8xxxu rtw88_8723d rtw88_8723de rtw88_8723du rtw88_8821c rtw88_8821ce "
     "rtw88_8821cs rtw88_8821cu rtw88_8822b rtw88_8822be rtw88_8822bs rtw88_8822bu rtw88_8822c rtw88_8822ce "
     "rtw88_8822cs rtw88_8822cu rtw88_core rtw88_pci rtw88_sdio rtw88_usb rtw89_8852a rtw89_8852ae rtw89_8852b "
     "rtw89_8852be rtw89_8852c rtw89_8852ce rtw89_core rtw89_pci samsung_sxgbe sch_cake sch_etf sch_ets sch_fq_pie "
     "sch_mqprio_lib sch_skbprio sch_taprio sfc_siena sfp siw slic_ds26522 slicoss smc smc_diag sni_ave stmmac_pci "
     "stmmac_platform sun4i_can sun4i_emac sunvnet_common tap tcp_bbr tcp_cdg tcp_nv teranetics thunder_bgx "
     "thunder_xcv tls uPD60620 ucan vrf vsock_loopback vxcan w5100_spi wcn36xx xfrm_interface xgene_enet "
     "xgene_enet_v2 xilinx_can xilinx_gmii2rgmii xsk_diag xsurf100 xt_ipcomp xt_l2tp"),
    ("8 10",
     "ksz_spi"),
    ("9",
     "ksz8795 ksz8795_spi ksz9477 ksz9477_spi realtek_smi rvu_rep tag_8021q"),
    ("9 10",
     "acpi_mdio adin1100 ag71xx air_en8811h am65_cpts ar9331 b53_serdes bcm4908_enet bcm_phy_ptp can327 can_isotp "
     "can_j1939 cfg80211_tests chtls ctucanfd ctucanfd_pci ctucanfd_platform defza dp83td510 dp83tg720 dwmac_imx "
     "dwmac_ingenic dwmac_intel_plat dwmac_loongson dwmac_loongson1 dwmac_mediatek dwmac_qcom_ethqos dwmac_rzn1 "
     "dwmac_starfive dwmac_tegra dwmac_visconti esd_usb etas_es58x f81601 fsl_dpaa2_eth fsl_dpaa2_ptp "
     "fsl_dpaa2_switch fsl_enetc fsl_enetc_ierb fsl_enetc_mdio fsl_enetc_ptp fsl_enetc_vf fwnode_mdio hellcreek_sw "
     "icssg_prueth iosm ip_vs_twos ipa iwlmvm_tests iwlwifi_tests k3_cppi_desc_pool ksz8863_smi ksz9477_i2c "
     "kvaser_pciefd lantiq_gswip lantiq_xrx200 libeth libie m_can_pci m_can_platform mac80211_tests mac802154_hwsim "
     "marvell_88q2xxx marvell_88x2222 mcp251xfd mdio_devres mdio_mux_bcm6368 mdio_regmap mediatek_ge mediatek_ge_soc "
     "mhi_wwan_ctrl mhi_wwan_mbim microchip_t1s mlx5_dpll motorcomm mscc_felix mscc_ocelot mscc_ocelot_switch_lib "
     "mscc_seville mt7925_common mt7925e mt7925u mt792x_lib mt792x_usb mtk_eth mtk_star_emac mtk_t7xx ncn26000 "
     "nf_conntrack_bridge nfnetlink_acct nfnetlink_hook nfnetlink_osf nft_osf nft_reject_netdev nft_synproxy "
     "nft_tunnel nxp_c45_tja nxp_cbtx octeon_ep octeon_ep_vf of_mdio otx2_ptp owl_emac pcs_lynx prestera prestera_pci "
     "ptp_ixp46x qca807x qca808x qca83xx qcom_bam_dmux qcom_phy_lib qtnfmac_pcie rcar_gen4_ptp rpmsg_wwan_ctrl "
     "rswitch rtl8192d_common rtl8192du rtrs_client rtrs_core rtrs_server rtw88_8703b rtw88_8723cs rtw88_8723ds "
     "rtw88_8723x rtw89_8851b rtw89_8851be rtw89_8852b_common rtw89_8852bt rtw89_8852bte rtw89_8922a rtw89_8922ae "
     "rvu_af rvu_mbox rvu_nicpf rvu_nicvf rxperf selftests sparx5_switch tag_ar9331 tag_brcm tag_dsa tag_gswip "
     "tag_hellcreek tag_ksz tag_lan9303 tag_mtk tag_ocelot tag_ocelot_8021q tag_qca tag_rtl4_a tag_sja1105 "
     "tag_trailer tag_xrs700x tcan4x5x ti_am65_cpsw_nuss ti_cpsw_new ti_davinci_emac virt_wifi vitesse_vsc73xx_core "
     "vitesse_vsc73xx_platform vitesse_vsc73xx_spi wilc1000 wilc1000_sdio wilc1000_spi wireguard wwan wwan_hwsim "
     "xfrm_compat xrs700x xrs700x_i2c xrs700x_mdio xt_MASQUERADE"),
    ("10",
     "9pnet_fd adin1110 airoha_eth amt ax88796b_rust ax88796c bcm_asp bxcan dm9051 erdma esd_402_pci f81604 fbnic "
     "framer_pef2256 fsl_enetc_core fsl_qmc_hdlc funcore funeth hclge_common icssg icssg_prueth_sr1 ip6_vti "
     "ks8851_common ks8851_par ks8851_spi ksz_switch lan865x lan966x_switch libwx liquidio_core litex_liteeth "
     "mctp_i2c mctp_i3c mctp_serial mdio_mux_meson_gxl mscc_felix_dsa_lib mscc_ocelot_ext mse102x mt7530_mdio "
     "mt7530_mmio ngbe oa_tc6 pcs_mtk_lynxi pcs_rzn1_miic pd692x0 pds_core pfcp plfxlc pse_regulator qt2025 "
     "realtek_dsa rockchip_canfd rtase rtl8365mb rtl8366 rtsn rzn1_a5psw sp7021_emac tag_none tag_rtl8_4 "
     "tag_rzn1_a5psw tag_vsc73xx_8021q tcp_sigpool tipc_diag tn40xx tps23881 tsnep txgbe wfx"),
)
