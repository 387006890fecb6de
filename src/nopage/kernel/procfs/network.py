"""Network commands and files -> numbers: ethtool, `ip -s link`, ifconfig, netstat -s, /proc/net/{dev,softnet_stat,...}.

Pure and forgiving: a line that cannot be read is passed over; what is not there is not in the result.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from nopage.kernel.bounds import BOUNDS
from nopage.kernel.numbers import added, counted, hex_number
from nopage.kernel.pattern import later

ETHTOOL_NAME = re.compile(r"ethtool(?:_(-[A-Za-z]|--[a-z-]+))?_([^/]+)$")
# "[0]: rx_ucast", "rxq0: rx_post_fail", "rx-0: dropped_nomem", "0: rx_alloc_errors" are of one queue
QUEUE = re.compile(r"\[\d+\]:?\s*|(?:[A-Za-z]+-?)?\d+:\s+")
IP_LINK = re.compile(r"^\d+:\s+(?P<name>[^:@\s]+)(?:@\S+)?:\s+<[^>]*>.*?\bmtu\s+(?P<mtu>\d+)")
NET_DEV = re.compile(r"^\s*(?P<name>[^\s:][^:]*):\s*(?P<counts>\d[\d\s]*)$")
SPEED = later(r"^[ \t]*Speed:\s*(\d+)\s*Mb/s", re.MULTILINE)
SENTENCE = later(r"(?P<count>\d+)\s+(?P<words>[A-Za-z].*)$")
DRIVER = re.compile(r"^driver:\s*(\S+)", re.MULTILINE)

IFCONFIG = re.compile(r"^(?P<name>[^\s:]+(?::\d+)?)(?::\s+flags=\S+\s+mtu\s+(?P<mtu>\d+)|\s+Link encap:)")
IFCONFIG_MTU = re.compile(r"\bMTU:(\d+)")
IFCONFIG_COUNTS = re.compile(r"\b(packets|errors|dropped|overruns)[: ](\d+)")

IP_COLUMNS = {
    "missed": "rx_missed", "dropped": "dropped", "errors": "errors", "overrun": "overrun", "packets": "packets",
}
# /proc/net/dev: rx bytes packets errs drop fifo frame compressed multicast, then tx bytes packets errs drop fifo ...
NET_DEV_COLUMNS = {1: "rx_packets", 2: "rx_errors", 3: "rx_dropped", 4: "rx_fifo", 9: "tx_packets", 11: "tx_dropped"}
# ethtool -k's long names of what makes packets larger than the MTU.
OFFLOADS = {
    "tcp-segmentation-offload": "tso", "tcp segmentation offload": "tso", "generic-segmentation-offload": "gso",
    "generic segmentation offload": "gso", "generic-receive-offload": "gro", "generic receive offload": "gro",
    "large-receive-offload": "lro", "large receive offload": "lro", "scatter-gather": "sg", "scatter gather": "sg",
    "udp-fragmentation-offload": "ufo", "rx-gro-hw": "gro-hw",
}


@dataclass(slots=True)
class Interface:
    """What the texts say of one interface; counters are since boot or since the driver was loaded.

    `grown` is by how much a counter of `statistics` differs between two texts, where it was collected twice.
    """

    name: str
    driver: str | None = None
    speed_mbps: int | None = None
    mtu: int | None = None
    rx_ring: int | None = None
    rx_ring_max: int | None = None
    rx_jumbo_ring: int | None = None
    queues: int | None = None
    offloads: dict[str, bool] = field(default_factory=dict)
    statistics: dict[str, int] = field(default_factory=dict)
    grown: dict[str, int] = field(default_factory=dict)
    link: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class NetText:
    """All interfaces, the per-CPU backlog sums and the protocol counters of one host."""

    interfaces: dict[str, Interface] = field(default_factory=dict)
    softnet_dropped: int | None = None
    softnet_squeezed: int | None = None
    protocol: dict[str, int] = field(default_factory=dict)

    def interface(self, name: str) -> Interface:
        return self.interfaces.setdefault(name, Interface(name))


def read_network(texts: Iterable[tuple[str, str]]) -> NetText:
    """Sort out (file name, text) pairs by name; a name that is none of the known ones is passed over."""
    net = NetText()
    for path, text in texts:
        name = path.rsplit("/", 1)[-1]
        ethtool = ETHTOOL_NAME.search(name)
        if ethtool:
            read_ethtool(net.interface(ethtool[2]), ethtool[1] or "", text)
        elif name.startswith("ifconfig") or "Link encap:" in text[:400]:
            read_ifconfig(net, text)
        elif name.startswith(("ip_-s", "ip_-d_-s", "ip_-d_address", "ip_-d_link", "ip_address", "ip_link")):
            read_ip_link(net, text)
        elif name == "softnet_stat":
            read_softnet(net, text)
        elif name.startswith("netstat_-s"):
            read_netstat(net, text)
        elif name in ("netstat", "snmp"):
            read_proc_netstat(net, text)
        elif name == "dev" and "net" in path:
            read_net_dev(net, text)
    return net


def read_ethtool(interface: Interface, option: str, text: str) -> None:
    """One ethtool text; `option` as on its command line, "" for none."""
    if option == "":
        speed = SPEED.search(text)
        interface.speed_mbps = counted(speed[1]) if speed else interface.speed_mbps
    elif option == "-i":
        driver = DRIVER.search(text)
        interface.driver = driver[1] if driver else interface.driver
    elif option == "-k":
        for line in text.splitlines():
            name, _, state = line.partition(":")
            short = OFFLOADS.get(name.strip())
            if short and state.split()[:1] in (["on"], ["off"]):
                interface.offloads[short] = state.split()[0] == "on"
    elif option == "-S":
        read_statistics(interface, pairs(text))
    elif option == "-g":
        read_rings(interface, text)
    elif option in ("-l", "--show-channels"):
        current = pairs(text.partition("Current")[2])
        queues = current.get("Combined", 0) + current.get("RX", 0)
        interface.queues = queues or interface.queues


def read_statistics(interface: Interface, counters: dict[str, int]) -> None:
    """ethtool -S; of two collections the later one, which has the larger numbers: counters only grow."""
    for name, count in counters.items():
        before = interface.statistics.get(name)
        if before is not None and before != count:
            interface.grown[name] = max(interface.grown.get(name, 0), abs(count - before))
        interface.statistics[name] = count if before is None else max(before, count)


def read_rings(interface: Interface, text: str) -> None:
    """ethtool -g: "Pre-set maximums", then "Current hardware settings"."""
    maximum, _, current = text.partition("Current")
    most, now = pairs(maximum), pairs(current)
    interface.rx_ring = now.get("RX", interface.rx_ring)
    interface.rx_ring_max = most.get("RX", interface.rx_ring_max)
    interface.rx_jumbo_ring = now.get("RX Jumbo", interface.rx_jumbo_ring)


def pairs(text: str) -> dict[str, int]:
    """Every "key: number" line; a key that comes twice is summed, those of the queues where they have no sum."""
    found: dict[str, int] = {}
    of_queues: dict[str, int] = {}
    for line in text.splitlines()[: BOUNDS.fact_pairs]:
        name, _, value = line.rpartition(":")  # no expression: it would look at long blanks again and again
        name, value = name.strip(), value.strip()
        if not name or not value.removeprefix("-").isdecimal():
            continue
        queue = QUEUE.match(name)
        key = name[queue.end() :] if queue else ""
        sums, key = (of_queues, key) if key else (found, name)
        if ":" not in key:
            sums[key] = added(sums.get(key, 0), counted(value))
    return of_queues | found


def read_ip_link(net: NetText, text: str) -> None:
    """`ip -s [-d] link`: a head line, then for RX and TX a line of column names and one of numbers."""
    interface: Interface | None = None
    columns: tuple[str, list[str]] | None = None
    for line in text.splitlines():
        head = IP_LINK.match(line)
        words = line.split()
        if head:
            interface, columns = net.interface(head["name"]), None
            interface.mtu = counted(head["mtu"])
        elif interface is not None and words and words[0] in ("RX:", "TX:"):
            # "RX errors: length ..." of a doubled -s has other columns
            columns = (words[0][:2].lower(), words[1:]) if "bytes" in words else None
        elif interface is not None and columns and words and all(word.isdecimal() for word in words):
            direction, names = columns
            for name, count in zip(names, words, strict=False):
                key = IP_COLUMNS.get(name)
                if key:
                    interface.link[key if key.startswith("rx_") else f"{direction}_{key}"] = counted(count)
            columns = None


def read_ifconfig(net: NetText, text: str) -> None:
    """ifconfig, of net-tools 1.60 ("RX packets:1 errors:0 dropped:0") and 2 ("RX errors 0  dropped 0")."""
    interface: Interface | None = None
    for line in text.splitlines():
        head = IFCONFIG.match(line)
        if head:
            interface = net.interface(head["name"])
            interface.mtu = counted(head["mtu"]) if head["mtu"] else interface.mtu
        if interface is None:
            continue
        mtu = IFCONFIG_MTU.search(line)
        interface.mtu = counted(mtu[1]) if mtu else interface.mtu
        direction = line.split()[:1]
        if direction in (["RX"], ["TX"]):
            for key, count in IFCONFIG_COUNTS.findall(line):
                interface.link[f"{direction[0].lower()}_{key}"] = counted(count)


def read_net_dev(net: NetText, text: str) -> None:
    """/proc/net/dev; what `ip -s link` said already stands."""
    for line in text.splitlines():
        match = NET_DEV.match(line)
        counts = [counted(word) for word in match["counts"].split()] if match else []
        if match and len(counts) >= 16:
            interface = net.interface(match["name"].strip())
            for column, key in NET_DEV_COLUMNS.items():
                interface.link.setdefault(key, counts[column])


def read_softnet(net: NetText, text: str) -> None:
    """/proc/net/softnet_stat: one line a CPU, hexadecimal: processed, dropped (backlog full), squeezed (budget)."""
    for line in text.splitlines():
        words = [hex_number(word) for word in line[:64].split()[:3]]
        dropped, squeezed = words[1:] if len(words) == 3 and words[0] is not None else (None, None)
        if dropped is not None and squeezed is not None:
            net.softnet_dropped = added(net.softnet_dropped or 0, dropped)
            net.softnet_squeezed = added(net.softnet_squeezed or 0, squeezed)


def read_netstat(net: NetText, text: str) -> None:
    """netstat -s: "123 packets pruned from receive queue ..." or "TCPBacklogDrop: 123"."""
    for line in text.splitlines():
        sentence = SENTENCE.match(line.strip())
        if sentence:
            net.protocol.setdefault(sentence["words"], counted(sentence["count"]))
    for key, count in pairs(text).items():
        net.protocol.setdefault(key, count)


def read_proc_netstat(net: NetText, text: str) -> None:
    """/proc/net/netstat and snmp: a line of names and a line of numbers with the same prefix."""
    lines = text.splitlines()
    for names, numbers in pairwise(lines):
        prefix, _, words = names.partition(":")
        again, _, counts = numbers.partition(":")
        if prefix != again:
            continue
        for name, count in zip(words.split(), counts.split(), strict=False):
            if count.removeprefix("-").isdecimal() and not name.lstrip("-").isdigit():
                net.protocol[name] = counted(count)
