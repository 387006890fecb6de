"""Network texts as the commands print them: ethtool, iproute2, net-tools 1.60 and 2, /proc/net."""
from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.kernel.procfs.network import read_network

ETHTOOL = {
    "ethtool_eth0": "Settings for eth0:\n\tSpeed: 10000Mb/s\n\tDuplex: Full\n\tLink detected: yes\n",
    "ethtool_-i_eth0": "driver: ixgbe\nversion: 3.9.15-k\nfirmware-version: 0x61c10001\n",
    "ethtool_-k_eth0": """Features for eth0:
tcp-segmentation-offload: on
\ttx-tcp-segmentation: on
generic-receive-offload: on
large-receive-offload: off [fixed]
""",
    "ethtool_-g_eth0": """Ring parameters for eth0:
Pre-set maximums:
RX:\t\t4096
RX Mini:\t0
RX Jumbo:\t0
TX:\t\t4096
Current hardware settings:
RX:\t\t512
RX Mini:\t0
RX Jumbo:\t0
TX:\t\t512
""",
    "ethtool_-S_eth0": """NIC statistics:
     rx_packets: 5000
     alloc_rx_buff_failed: 17
     rx_missed_errors: 3
     rx_queue_0_packets: 1
     rx_queue_1_packets: 2
     [0]: rx_ucast: 9
""",
    "ethtool_-l_eth0": """Channel parameters for eth0:
Pre-set maximums:
Combined:\t63
Current hardware settings:
RX:\t0
Combined:\t8
""",
}
IP_LINK = """1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0
    RX: bytes  packets  errors  dropped overrun mcast
    123 5 0 0 0 0
    TX: bytes  packets  errors  dropped carrier collsns
    123 5 0 0 0 0
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9000 qdisc mq state UP mode DEFAULT qlen 1000
    link/ether 52:54:00:00:00:02 brd ff:ff:ff:ff:ff:ff promiscuity 0
    RX:  bytes packets errors dropped  missed   mcast
    6617920 736 1 1595028 7 0
    TX:  bytes packets errors dropped carrier collsns
    4196 14 0 2 0 0
3: bond0.10@bond0: <BROADCAST> mtu 1500 qdisc noop
"""


def test_ethtool() -> None:
    eth0 = read_network((f"sos_commands/networking/{name}", text) for name, text in ETHTOOL.items()).interfaces["eth0"]
    assert (eth0.driver, eth0.speed_mbps, eth0.rx_ring, eth0.rx_ring_max, eth0.queues) == ("ixgbe", 10000, 512, 4096, 8)
    assert eth0.offloads == {"tso": True, "gro": True, "lro": False}
    assert eth0.statistics["alloc_rx_buff_failed"] == 17


def test_ip_link() -> None:
    net = read_network([("sos_commands/networking/ip_-s_-d_link", IP_LINK)])
    eth0 = net.interfaces["eth0"]
    assert eth0.mtu == 9000
    assert eth0.link == {"rx_packets": 736, "rx_errors": 1, "rx_dropped": 1595028, "rx_missed": 7, "tx_packets": 14,
                         "tx_errors": 0, "tx_dropped": 2}
    assert net.interfaces["bond0.10"].mtu == 1500


def test_ifconfig_of_both_kinds() -> None:
    old = """eth0      Link encap:Ethernet  HWaddr 52:54:00:00:00:02
          UP BROADCAST RUNNING MULTICAST  MTU:9000  Metric:1
          RX packets:736 errors:0 dropped:15 overruns:0 frame:0
          TX packets:14 errors:0 dropped:1 overruns:0 carrier:0
"""
    new = """eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 9000
        RX packets 736  bytes 6617920 (6.3 MiB)
        RX errors 0  dropped 15  overruns 0  frame 0
        TX packets 14  bytes 4196 (4.0 KiB)
        TX errors 0  dropped 1 overruns 0  carrier 0  collisions 0
"""
    for text in (old, new):
        eth0 = read_network([("sos_commands/networking/ifconfig_-a", text)]).interfaces["eth0"]
        assert (eth0.mtu, eth0.link["rx_dropped"], eth0.link["tx_dropped"]) == (9000, 15, 1)


def test_proc_net() -> None:
    dev = """Inter-|   Receive                  |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier
  eth0: 6617920     736    0   15    2     0          0         0     4196      14    0    1    0     0       0    0
    lo:123 5 0 0 0 0 0 0 123 5 0 0 0 0 0 0
"""
    netstat = """TcpExt: SyncookiesSent PruneCalled TCPBacklogDrop
TcpExt: 0 3 12
IpExt: InNoRoutes
IpExt: 4
"""
    net = read_network([
        ("proc/net/dev", dev),
        ("proc/net/softnet_stat", "0000a1b2 00000005 0000000a 00000000\n0000a1b2 00000001 00000002 00000000\nzz\n"),
        ("proc/net/netstat", netstat),
    ])
    assert net.interfaces["eth0"].link["rx_dropped"] == 15
    assert net.interfaces["eth0"].link["rx_fifo"] == 2
    assert (net.softnet_dropped, net.softnet_squeezed) == (6, 12)
    assert net.protocol == {"SyncookiesSent": 0, "PruneCalled": 3, "TCPBacklogDrop": 12, "InNoRoutes": 4}


def test_netstat_s() -> None:
    text = "TcpExt:\n    12 packets pruned from receive queue because of socket buffer overrun\n    TCPBacklogDrop: 7\n"
    net = read_network([("sos_commands/networking/netstat_-s", text)])
    assert net.protocol["TCPBacklogDrop"] == 7
    assert net.protocol["packets pruned from receive queue because of socket buffer overrun"] == 12


def test_other_names_are_passed_over() -> None:
    assert read_network([("etc/hosts", "127.0.0.1 localhost"), ("dev", "x")]).interfaces == {}


NAMES = st.sampled_from([*ETHTOOL, "ip_-s_link", "ifconfig_-a", "proc/net/dev", "proc/net/softnet_stat", "netstat_-s",
                         "proc/net/netstat", "ethtool_", "ethtool_-S_"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, st.one_of(st.text(), st.sampled_from([IP_LINK, *ETHTOOL.values()]))), max_size=5))
def test_any_text(texts: list[tuple[str, str]]) -> None:
    read_network(texts)
