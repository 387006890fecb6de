"""Failures that no report tells of: counters that mean "no memory" on a host whose log is silent.

From RHEL 7 on the data of packets is asked for silently (__alloc_skb), from RHEL 8 on the pages of drivers too
(dev_alloc_pages); what page_frag asks for is still reported at order 0. The counters are all there is.
"""
from __future__ import annotations

from collections.abc import Mapping

from nopage.diagnosis.cause import HostNetwork, NicFacts, empty_words, failed_words, protocol_words
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.kernel.nic import PROTOCOLS
from nopage.kernel.release import Release

NICS_TOLD = 8
# net/core/skbuff.c: __kmalloc_reserve(), 3.10.0-1062.el7 and later
DATA_SILENT = say(
    "silent.why.data",
    "From RHEL 7 on the kernel asks for the data of packets silently, so such failures print no report; the counters "
    "are all there is to see.",
)
# include/linux/skbuff.h: dev_alloc_pages() of 4.18.0-240.el8 and later has __GFP_NOWARN
PAGES_SILENT = say(
    "silent.why.pages",
    "From RHEL 8 on the kernel asks silently for the data of packets and for the pages of receive buffers, so such "
    "failures print no report; the counters are all there is to see.",
)
# include/linux/gfp.h of 2.6.9 and 2.6.18: GFP_ATOMIC carries __GFP_NOWARN
ATOMIC_SILENT = say(
    "silent.why.atomic",
    "On RHEL 4 and 5 a failed GFP_ATOMIC request prints no report at all; the counters are all there is to see.",
)
REPORTED = say(
    "silent.why.reported",
    "This kernel reports most failures of that kind; the log may have been rotated away, or the driver asks silently.",
)
WHY: Mapping[str, Message] = {
    "el4": ATOMIC_SILENT, "el5": ATOMIC_SILENT, "el6": REPORTED, "el7": DATA_SILENT,
    "el8": PAGES_SILENT, "el9": PAGES_SILENT, "el10": PAGES_SILENT,
}
NOT_MEMORY = say(
    "silent.ring_empty",
    "Packets that found no buffer in the ring are lost for want of memory, or because the CPU came too late to refill "
    "it: the counters do not tell which.",
)
SINCE_BOOT = say(
    "silent.since_boot",
    "The counters count from boot, or from when the driver was loaded. Collect them again: if they stand still, it is "
    "over.",
)


@dataclass(frozen=True, slots=True)
class Silent:
    """Allocations that failed without a report.

    `nics` have counters of them; `failures` is their sum, `lost_packets` those lost with them: counted as such, or
    found no buffer on the same interface. `growing` is by how much they grew between two collections.
    """

    nics: tuple[NicFacts, ...]
    protocol: Mapping[str, int]
    failures: int
    lost_packets: int
    growing: int
    words: tuple[Message, ...]

    @property
    def matters(self) -> bool:
        """It goes on, or packets were lost."""
        return bool(self.growing or self.lost_packets)


def silent_failures(network: HostNetwork | None, release: Release | None) -> Silent | None:
    """What the counters tell of failures; None where none of them counts any.

    A ring that ran empty alone says nothing of memory, least of all where the driver counts its failures and has none.
    """
    if network is None:
        return None
    nics = tuple(nic for nic in network.nics if nic.allocation_failed)
    proves = {row.name for row in PROTOCOLS if row.proves}
    protocol = {name: count for name, count in network.protocol.items() if name in proves}
    if not nics and not protocol:
        return None
    failures = sum(sum(nic.allocation_failed.values()) for nic in nics)
    dropped = sum(protocol.values())
    lost = sum(max(nic.lost_for_memory, sum(nic.ring_empty.values()), nic.rx_missed or 0) for nic in nics) + dropped
    growing = sum(sum(nic.growing.values()) for nic in nics)
    return Silent(nics, protocol, failures + dropped, lost, growing, words(nics, network, protocol, release))


def words(
    nics: tuple[NicFacts, ...], network: HostNetwork, protocol: Mapping[str, int], release: Release | None
) -> tuple[Message, ...]:
    """The counters and what they mean."""
    found = []
    for nic in nics[:NICS_TOLD]:
        found.append(failed_words(nic))
        if nic.growing:
            found.append(say("silent.growing", "{nic}: {failures} of them between two collections.", nic=nic.name,
                             failures=sum(nic.growing.values())))
        if nic.ring_empty:
            found.append(empty_words(nic))
    if any(nic.ring_empty for nic in nics):
        found.append(NOT_MEMORY)
    told = {name: count for name, count in network.protocol.items() if name in protocol or name in BESIDE}
    found += [protocol_words(name, count) for name, count in told.items()]
    if release is not None and release.exact:
        found.append(WHY[release.generation])
    found.append(SINCE_BOOT)
    return tuple(found)


# They may mean the same and may not: told beside what does.
BESIDE = frozenset(("TCPMemoryPressures", "InDiscards", "TCPRcvQDrop"))
