"""Were packets lost? What the host's counters say next to the failures.

Reports are rate limited and many callers ask silently: the counters are nearer to the truth than the reports.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nopage.diagnosis.cause.asker import Asker
from nopage.kernel.message import Message, say
from nopage.kernel.procfs import Interface, NetText, read_network
from nopage.kernel.symbols import NETWORK_RECEIVE, NETWORK_TRANSMIT, OTHER, SOCKETS

PATH_UNKNOWN = say(
    "drops.path_unknown",
    "The call trace is missing or was cut before the caller, so the path is not known: whether packets were lost "
    "cannot be told.",
)
NO_NETWORK_PATH = say("drops.no_network_path", "The failed requests were not on a network path.")
NO_KNOWN_PATH = say("drops.no_known_path", "No failed request is known to have been on a network path.")
DROPPED = say("drops.shown", "Packets were dropped, by the counters; not each of them for want of memory.")
HINTED = say("drops.hinted", "Packets were likely dropped: counters hint at it but do not prove it.")
NO_DROP = say("drops.none", "No counter shows a dropped packet: the driver refilled its ring in time or tried again.")
SHOWN, LIKELY, NOT_SHOWN = "shown", "likely", "not shown"
NETWORK_PATHS = (NETWORK_RECEIVE, NETWORK_TRANSMIT, SOCKETS)

# Counters of drivers, by what they count. Names differ per driver; these are the words they share.
ALLOCATION_FAILED = re.compile(
    r"alloc\w*_?(?:fail|err)|(?:fail|err)\w*_?alloc|alloc_rx_\w*fail|rx_oom|skb_alloc|no_?mem(?:ory)?\b|nomem|mbuf_alloc"
    r"|page_alloc_fail|buff_alloc_err|rx_alloc",
    re.IGNORECASE,
)
RING_EMPTY = re.compile(
    r"no_?buf|nobuf|no_buffer|out_of_buffer|rx_missed|missed_err|no_dma_res|rx_no_dma|rx_fifo|rx_discards?\b|rx_\w*discards"
    r"|rx_over_err|rx_overrun|no_desc|rx_drop_no|drops_no_frags|rx_buf_err|rx_nodesc_drop",
    re.IGNORECASE,
)
# Protocol counters that only count packets given up for want of memory or queue (net/ipv4/proc.c; netstat's words).
PROTOCOL_DROPS: Mapping[str, Message] = {
    "PFMemallocDrop": say("drops.pf_memalloc_drop", "Packets dropped because they came from the emergency reserve"),
    "TCPBacklogDrop": say("drops.tcp_backlog_drop", "Packets dropped at a full socket backlog"),
    "TCPRcvQDrop": say("drops.tcp_rcv_q_drop", "Packets dropped at a full receive queue"),
    "TCPRcvCollapsed": say("drops.tcp_rcv_collapsed", "Packets collapsed in a receive queue short of memory"),
    "PruneCalled": say("drops.prune_called", "Receive queues pruned for want of memory"),
    "RcvPruned": say("drops.rcv_pruned", "Packets pruned from receive queues"),
    "OfoPruned": say("drops.ofo_pruned", "Packets pruned from out-of-order queues"),
}
PROTOCOL_SHOWS = ("PFMemallocDrop",)
# What a failure costs on each path, where no counter was collected.
NO_COUNTERS: Mapping[str, Message] = {
    NETWORK_RECEIVE: say("drops.no_counters.receive", "The counters of the interfaces were not collected; a receive "
                         "buffer that cannot be had usually costs a packet."),
    NETWORK_TRANSMIT: say("drops.no_counters.transmit", "The counters of the interfaces were not collected; a packet "
                          "that cannot be copied or built is dropped or delayed."),
    SOCKETS: say("drops.no_counters.sockets", "The counters of the interfaces were not collected; the connection or "
                 "message that asked was delayed or refused."),
}
COUNTERS_TOLD = 4


@dataclass(frozen=True, slots=True)
class NicFacts:
    """One interface: what it is, how large its rings are, and what it has counted since boot.

    `allocation_failed` are driver counters of buffers it could not get, `ring_empty` of packets that found none.
    """

    name: str
    driver: str | None = None
    speed_mbps: int | None = None
    mtu: int | None = None
    rx_ring: int | None = None
    rx_ring_max: int | None = None
    queues: int | None = None
    offloads: Mapping[str, bool] = field(default_factory=dict)
    allocation_failed: Mapping[str, int] = field(default_factory=dict)
    ring_empty: Mapping[str, int] = field(default_factory=dict)
    rx_dropped: int | None = None
    rx_missed: int | None = None
    tx_dropped: int | None = None
    has_statistics: bool = False


@dataclass(frozen=True, slots=True)
class HostNetwork:
    """All interfaces with the counters that belong to none of them; None where a text was not collected."""

    nics: tuple[NicFacts, ...] = ()
    softnet_dropped: int | None = None
    softnet_squeezed: int | None = None
    protocol: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drops:
    """Whether packets were "shown" to be dropped, "likely" were, or it is "not shown"; with sentences and numbers."""

    verdict: str
    words: tuple[Message, ...]
    evidence: Mapping[str, int]


def host_network(texts: Iterable[tuple[str, str]]) -> HostNetwork:
    """From (file name, text) pairs as sosreports and insights archives name them."""
    return from_text(read_network(texts))


def from_text(net: NetText) -> HostNetwork:
    """The facts that matter here out of everything that was read."""
    nics = tuple(nic_facts(interface) for name, interface in sorted(net.interfaces.items()) if name != "lo")
    protocol = {key: count for key, count in net.protocol.items() if key in PROTOCOL_DROPS and count > 0}
    return HostNetwork(nics, net.softnet_dropped, net.softnet_squeezed, protocol)


def nic_facts(interface: Interface) -> NicFacts:
    """One interface's facts; queue counts come from `ethtool -l`, else from the statistics' own names."""
    statistics = interface.statistics
    queues = interface.queues or len({
        match[1] for match in (re.match(r"rx[-_]?(?:queue_?)?(\d+)[_.]", key) for key in statistics) if match
    }) or None
    return NicFacts(
        name=interface.name,
        driver=interface.driver,
        speed_mbps=interface.speed_mbps,
        mtu=interface.mtu,
        rx_ring=interface.rx_ring,
        rx_ring_max=interface.rx_ring_max,
        queues=queues,
        offloads=interface.offloads,
        allocation_failed={key: n for key, n in statistics.items() if n > 0 and ALLOCATION_FAILED.search(key)},
        ring_empty={
            key: n for key, n in statistics.items()
            if n > 0 and RING_EMPTY.search(key) and not ALLOCATION_FAILED.search(key)
        },
        rx_dropped=interface.link.get("rx_dropped"),
        rx_missed=interface.link.get("rx_missed"),
        tx_dropped=interface.link.get("tx_dropped"),
        has_statistics=bool(statistics),
    )


def drops_of(network: HostNetwork | None, groups: Sequence[tuple[Asker | None, int]]) -> Drops:
    """What the counters say about groups of failures, (who asked, how many), the main one first.

    The first group on a network path is the one that matters here; where none is, but the path of one is not known,
    it may have been.
    """
    failures = sum(count for _, count in groups)
    askers = [asker for asker, _ in groups]
    on_network = next((asker for asker in askers if asker is not None and asker.path in NETWORK_PATHS), None)
    known = all(asker is not None and asker.path_known for asker in askers)
    if on_network is None:
        return drops(network, path=OTHER, driver=None, failures=failures, path_known=known)
    found = drops(network, path=on_network.path, driver=on_network.card, failures=failures)
    if on_network is askers[0]:
        return found
    count = sum(number for asker, number in groups if asker is not None and asker.path in NETWORK_PATHS)
    some = say("drops.some_on_network", "{network_failures} of these {failures} failures {network_failures:was|were} "
               "on a network path ({path}).", network_failures=count, failures=failures, path=on_network.path)
    return replace(found, words=(some, *found.words))


def drops(
    network: HostNetwork | None, *, path: str, driver: str | None, failures: int, path_known: bool | None = None
) -> Drops:
    """What the counters say about `failures` failed requests of `driver` on `path`; `drops_of` picks these.

    `path_known` as `Asker` has it; None where the caller cannot tell.
    """
    if path_known is None:
        path_known = path != OTHER or driver is not None
        if not path_known and network is None:
            return Drops(NOT_SHOWN, (NO_KNOWN_PATH,), {})
    if path not in NETWORK_PATHS and path_known:
        return Drops(NOT_SHOWN, (NO_NETWORK_PATH,), {})
    evidence: dict[str, int] = {}
    words: list[Message] = []
    nics = nics_of(network, driver)
    own = path_known and (
        all(nic.driver == driver for nic in nics) or (len(nics) == 1 and nics[0].driver is None))
    shown = False
    hinted = False
    for nic in nics:
        failed, empty = sum(nic.allocation_failed.values()), sum(nic.ring_empty.values())
        missed, dropped = nic.rx_missed or 0, nic.rx_dropped or 0
        if failed:
            evidence[f"{nic.name}.allocation_failed"] = failed
            words.append(say(
                "drops.allocation_failed",
                "{nic}: the driver could not get a buffer {failures:once|# times} ({counters}).",
                nic=nic.name, failures=failed, counters=listed(nic.allocation_failed)))
        if empty:
            evidence[f"{nic.name}.ring_empty"] = empty
            words.append(say(
                "drops.ring_empty",
                "{nic}: {packets:# packet|# packets} found no buffer in the receive ring ({counters}).",
                nic=nic.name, packets=empty, counters=listed(nic.ring_empty)))
        if missed:
            evidence[f"{nic.name}.rx_missed"] = missed
        if dropped:
            evidence[f"{nic.name}.rx_dropped"] = dropped
            words.append(say(
                "drops.rx_dropped", "{nic}: the kernel counts {packets:# packet|# packets} as dropped on receiving, "
                "for any reason.", nic=nic.name, packets=dropped))
        if path_known:
            shown = shown or bool(failed and (empty or missed)) or bool(failures and (empty or (own and dropped)))
        hinted = hinted or bool(failed or empty or missed or dropped)
    protocol = network.protocol if network else {}
    for key in protocol:
        evidence[key] = protocol[key]
        words.append(say("drops.protocol", "{what}: {count} ({counter}).", what=PROTOCOL_DROPS[key],
                         count=protocol[key], counter=key))
        shown = shown or (path_known and key in PROTOCOL_SHOWS)
        hinted = hinted or key in PROTOCOL_SHOWS
    if network is not None and network.softnet_dropped:
        evidence["softnet_dropped"] = network.softnet_dropped
        words.append(say("drops.softnet", "Dropped because a CPU's backlog queue was full: {packets:# packet|# "
                         "packets}.", packets=network.softnet_dropped))
        hinted = True
    if not path_known:
        return Drops(LIKELY if hinted else NOT_SHOWN, (PATH_UNKNOWN, *words), evidence)
    if shown:
        return Drops(SHOWN, (DROPPED, *words), evidence)
    if hinted:
        return Drops(LIKELY, (HINTED, *words), evidence)
    if nics and all(nic.has_statistics for nic in nics):
        return Drops(NOT_SHOWN, (NO_DROP, *words), evidence)
    return Drops(LIKELY, (NO_COUNTERS[path], *words), evidence)


def nics_of(network: HostNetwork | None, driver: str | None) -> tuple[NicFacts, ...]:
    """The interfaces of `driver`; all of them where none is known to be its."""
    if network is None:
        return ()
    own = tuple(nic for nic in network.nics if driver is not None and nic.driver == driver)
    return own or network.nics


def listed(counters: Mapping[str, int]) -> Message:
    """The largest counters by name."""
    largest = sorted(counters.items(), key=lambda item: -item[1])[:COUNTERS_TOLD]
    each = tuple(say("drops.counter", "{counter} {count}", counter=name, count=count) for name, count in largest)
    if len(counters) > COUNTERS_TOLD:
        return say("drops.counters.more", "{counters}, ...", counters=each)
    return say("drops.counters", "{counters}", counters=each)
