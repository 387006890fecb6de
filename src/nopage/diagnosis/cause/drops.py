"""Were packets lost? What the host's counters say next to the failures.

Reports are rate limited and many callers ask silently: the counters are nearer to the truth than the reports. Only
counters of the interface of the driver that asked count; what another's card has counted says nothing.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from nopage.diagnosis.cause.asking import Asker
from nopage.diagnosis.cause.nics import HostNetwork, NicFacts, host_network, nics_of, own_nics
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.kernel.nic import PROTOCOLS
from nopage.kernel.symbols import NETWORK_RECEIVE, NETWORK_TRANSMIT, OTHER, SOCKETS

__all__ = ["Drops", "HostNetwork", "NicFacts", "drops", "drops_of", "host_network", "nics_of"]

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
NO_DROP_BY_LINK = say(
    "drops.none.link",
    "The kernel's own counters of the interface (/proc/net/dev, ip -s) show no dropped packet; those of the driver "
    "(ethtool -S) were not collected.",
)
NO_DROP_OF_SOCKETS = say(
    "drops.none.sockets",
    "No counter shows a lost packet; the connection or message that asked was delayed or refused.",
)
NOT_SURE = say(
    "drops.not_sure",
    "Which interface is the driver's was not collected, so whose counters these are is not known.",
)
SHOWN, LIKELY, NOT_SHOWN = "shown", "likely", "not shown"
NETWORK_PATHS = (NETWORK_RECEIVE, NETWORK_TRANSMIT, SOCKETS)

PROTOCOL_DROPS: Mapping[str, Message] = {
    "PFMemallocDrop": say("drops.pf_memalloc_drop", "Packets dropped because they came from the emergency reserve"),
    "InDiscards": say("drops.in_discards", "IP packets dropped because they could not be copied or trimmed"),
    "TCPMemoryPressures": say("drops.tcp_memory_pressures", "Times that TCP ran short, by its own limit (tcp_mem) or "
                              "because a page could not be had"),
    "TCPBacklogDrop": say("drops.tcp_backlog_drop", "Packets dropped at a full socket backlog"),
    "TCPRcvQDrop": say("drops.tcp_rcv_q_drop", "Packets dropped at a full receive queue"),
    "TCPRcvCollapsed": say("drops.tcp_rcv_collapsed", "Packets collapsed in a receive queue at its limit"),
    "PruneCalled": say("drops.prune_called", "Receive queues pruned at their socket's limit or at TCP's own (tcp_mem)"),
    "RcvPruned": say("drops.rcv_pruned", "Packets pruned from receive queues"),
    "OfoPruned": say("drops.ofo_pruned", "Packets pruned from out-of-order queues"),
}
PROTOCOL_SHOWS = frozenset(row.name for row in PROTOCOLS if row.proves)
# What a failure costs on each path, where no counter was collected.
NO_COUNTERS: Mapping[str, Message] = {
    NETWORK_RECEIVE: say("drops.no_counters.receive", "The counters of the interfaces were not collected; a receive "
                         "buffer that cannot be had usually costs a packet."),
    NETWORK_TRANSMIT: say("drops.no_counters.transmit", "The counters of the interfaces were not collected; a packet "
                          "that cannot be copied or built is dropped or delayed."),
    SOCKETS: say("drops.no_counters.sockets", "The counters of the interfaces were not collected; the connection or "
                 "message that asked was delayed or refused."),
}
COSTS: Mapping[str, Message] = {
    NETWORK_RECEIVE: say("drops.costs.receive", "a receive buffer that cannot be had usually costs a packet"),
    NETWORK_TRANSMIT: say("drops.costs.transmit", "a packet that cannot be copied or built is dropped or delayed"),
    SOCKETS: say("drops.costs.sockets", "the connection or message that asked was delayed or refused"),
}
COUNTERS_TOLD = 4


@dataclass(frozen=True, slots=True)
class Drops:
    """Whether packets were "shown" to be dropped, "likely" were, or it is "not shown"; with sentences and numbers."""

    verdict: str
    words: tuple[Message, ...]
    evidence: Mapping[str, int]


@dataclass(slots=True)
class Found:
    """What the counters have told so far."""

    words: list[Message] = field(default_factory=list)
    evidence: dict[str, int] = field(default_factory=dict)
    shown: bool = False
    hinted: bool = False


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
    own = own_nics(network, driver)
    found = Found()
    if path == NETWORK_RECEIVE or not path_known:
        for nic in own.nics:
            receive_counters(found, nic, proves=path_known and own.sure and failures > 0)
    elif path == NETWORK_TRANSMIT:
        for nic in own.nics:
            transmit_counters(found, nic)
    if network is not None:
        host_counters(found, network, path_known=path_known)
    if not path_known:
        return Drops(LIKELY if found.hinted else NOT_SHOWN, (PATH_UNKNOWN, *found.words), found.evidence)
    if found.shown:
        return Drops(SHOWN, (DROPPED, *found.words), found.evidence)
    if found.hinted:
        doubt = () if own.sure or driver is None or not own.nics else (NOT_SURE,)
        return Drops(LIKELY, (HINTED, *doubt, *found.words), found.evidence)
    return nothing_shown(network, found, path, driver, own.nics)


def nothing_shown(
    network: HostNetwork | None, found: Found, path: str, driver: str | None, nics: Sequence[NicFacts]
) -> Drops:
    """No counter says anything: is that because none was collected?"""
    if path == SOCKETS:
        if network is not None and network.has_protocol:
            return Drops(NOT_SHOWN, (NO_DROP_OF_SOCKETS, *found.words), found.evidence)
        return Drops(LIKELY, (NO_COUNTERS[path], *found.words), found.evidence)
    if nics and all(nic.has_statistics for nic in nics):
        return Drops(NOT_SHOWN, (NO_DROP, *found.words), found.evidence)
    if nics and all(nic.has_statistics or nic.has_counts for nic in nics):
        return Drops(NOT_SHOWN, (NO_DROP_BY_LINK, *found.words), found.evidence)
    others = network is not None and any(nic.has_statistics or nic.has_counts for nic in network.nics)
    if driver is not None and others:
        absent = say("drops.own_not_collected", "The counters of {driver}'s interface were not collected (those of "
                     "other interfaces say nothing about it); {cost}.", driver=driver, cost=COSTS[path])
        return Drops(LIKELY, (absent, *found.words), found.evidence)
    return Drops(LIKELY, (NO_COUNTERS[path], *found.words), found.evidence)


def receive_counters(found: Found, nic: NicFacts, *, proves: bool) -> None:
    """What one interface counted on receiving. `proves`: it is the one that failed."""
    failed, empty = sum(nic.allocation_failed.values()), sum(nic.ring_empty.values())
    missed, dropped = nic.rx_missed or 0, nic.rx_dropped or 0
    if failed:
        found.evidence[f"{nic.name}.allocation_failed"] = failed
        found.words.append(failed_words(nic))
    if empty:
        found.evidence[f"{nic.name}.ring_empty"] = empty
        found.words.append(empty_words(nic))
    if missed:
        found.evidence[f"{nic.name}.rx_missed"] = missed
    if dropped:
        found.evidence[f"{nic.name}.rx_dropped"] = dropped
        found.words.append(say(
            "drops.rx_dropped", "{nic}: the kernel counts {packets:# packet|# packets} as dropped on receiving, "
            "for any reason.", nic=nic.name, packets=dropped))
    # net/core, caf586e5f23c (2.6.37): rx_dropped also counts packets of protocols that nobody here speaks
    found.shown = found.shown or (proves and bool(empty or nic.lost_for_memory or (failed and missed)))
    found.hinted = found.hinted or bool(failed or empty or missed or dropped)


def transmit_counters(found: Found, nic: NicFacts) -> None:
    """What one interface counted on sending; a full queue counts there as well."""
    if nic.tx_dropped:
        found.evidence[f"{nic.name}.tx_dropped"] = nic.tx_dropped
        found.words.append(say(
            "drops.tx_dropped", "{nic}: the kernel counts {packets:# packet|# packets} as dropped on sending, "
            "for any reason.", nic=nic.name, packets=nic.tx_dropped))
        found.hinted = True


def host_counters(found: Found, network: HostNetwork, *, path_known: bool) -> None:
    """What belongs to no interface."""
    for key, count in network.protocol.items():
        found.evidence[key] = count
        found.words.append(protocol_words(key, count))
        found.shown = found.shown or (path_known and key in PROTOCOL_SHOWS)
        found.hinted = found.hinted or key in PROTOCOL_SHOWS
    if network.softnet_dropped:
        found.evidence["softnet_dropped"] = network.softnet_dropped
        found.words.append(say("drops.softnet", "Dropped because a CPU's backlog queue was full: {packets:# packet|# "
                               "packets}.", packets=network.softnet_dropped))
        found.hinted = True


def failed_words(nic: NicFacts) -> Message:
    """How often the driver got no buffer."""
    return say(
        "drops.allocation_failed",
        "{nic}: the driver could not get a buffer {failures:once|# times} ({counters}).",
        nic=nic.name, failures=sum(nic.allocation_failed.values()), counters=listed(nic.allocation_failed))


def empty_words(nic: NicFacts) -> Message:
    """How many packets found no buffer."""
    return say(
        "drops.ring_empty",
        "{nic}: {packets:# packet|# packets} found no buffer in the receive ring ({counters}).",
        nic=nic.name, packets=sum(nic.ring_empty.values()), counters=listed(nic.ring_empty))


def protocol_words(name: str, count: int) -> Message:
    """One counter of PROTOCOL_DROPS."""
    return say("drops.protocol", "{what}: {count} ({counter}).", what=PROTOCOL_DROPS[name], count=count, counter=name)


def listed(counters: Mapping[str, int]) -> Message:
    """The largest counters by name."""
    largest = sorted(counters.items(), key=lambda item: -item[1])[:COUNTERS_TOLD]
    each = tuple(say("drops.counter", "{counter} {count}", counter=name, count=count) for name, count in largest)
    if len(counters) > COUNTERS_TOLD:
        return say("drops.counters.more", "{counters}, ...", counters=each)
    return say("drops.counters", "{counters}", counters=each)
