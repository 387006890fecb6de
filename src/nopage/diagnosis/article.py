"""What the article says of one failure, point by point, in its words for this host; and where the source is narrower.

The article ("Failed GFP_ATOMIC allocations (dropped network packets) result in kernel warnings and backtrace") is about
RHEL 4 to 7. Points that the source narrows are followed by what is true, with the same id and ".source".
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.cause import NETWORK_PATHS, SHOWN, Diagnosis, Drops, HostNetwork, NicFacts
from nopage.diagnosis.host import Activity
from nopage.diagnosis.watermark import zone_name
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.gfp import GfpDecoded
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release
from nopage.kernel.watermarks import atomic_floor_pages

GENERATIONS = ("el4", "el5", "el6", "el7")
SILENT_ATOMIC = ("el4", "el5")
COMPACTS = "2.6.32-358"
TEN_GIGABIT_MBPS = 10_000
SUSTAINED_MBPS = 8_000
HIGH_BIT = 0x20
COSTLY_ORDER = 3

NOTHING_LEFT = say("article.nothing_left", "Once there are no free pages, nothing else helps.")
NOTHING_LEFT_HERE = say(
    "article.nothing_left.here",
    "Once there are no free pages, nothing else helps: that is so here, memory itself was short.",
)
TOO_HIGH = say(
    "article.too_high", "Too high a value hurts user space and makes out-of-memory kills likelier."
)
TEN_GIGABIT = say(
    "article.ten_gigabit",
    "vm.min_free_kbytes cannot be raised enough for sustained 10 Gbit/s traffic: 1.25 GB arrive each second.",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One failure and its host. `kernel` is what the host runs now: its remedies count, not those of the report's."""

    diagnosis: Diagnosis
    gfp: GfpDecoded
    release: Release
    kernel: Release
    collected: MemInfo | None = None
    network: HostNetwork | None = None
    drops: Drops | None = None
    activity: Sequence[Activity] = ()
    current_kb: int | None = None

    @property
    def path(self) -> str:
        return self.diagnosis.asker.path if self.diagnosis.asker else "other"

    @property
    def on_network(self) -> bool:
        return self.path in NETWORK_PATHS

    @property
    def path_known(self) -> bool:
        return self.diagnosis.asker is not None and self.diagnosis.asker.path_known

    @property
    def order(self) -> int:
        return self.diagnosis.request.order if self.diagnosis.request else 0

    @property
    def zone(self) -> Zone | None:
        """The deciding zone, as the report printed it; else the largest that was collected."""
        if self.diagnosis.best is not None:
            return self.diagnosis.best.zone
        zones = [zone for zone in (self.collected.zones if self.collected else ()) if zone.min_pages]
        return max(zones, key=lambda zone: zone.size_pages or 0, default=None)


def article_points(case: Case) -> tuple[Message, ...]:
    """The points in the article's order; () for requests that could sleep and for releases it is not about."""
    if not case.gfp.atomic or not case.release.exact or case.release.generation not in GENERATIONS:
        return ()
    found = (
        *cannot_wait(case), *dropped(case), *bit5(case), *below_min(case), *compacts(case), *raise_min(case),
        *nothing_left(case), *ten_gigabit(case), TOO_HIGH, *ladder(case),
    )
    return tuple(message for message in found if message)


def cannot_wait(case: Case) -> tuple[Message, ...]:
    if case.diagnosis.asker is not None and case.diagnosis.asker.in_interrupt:
        return (say("article.cannot_wait.interrupt", "The request was made in interrupt context, where the kernel can "
                    "neither reclaim memory nor wait for it: free memory was low at that moment, so it failed."),)
    return (say("article.cannot_wait", "The request could neither reclaim memory nor wait for it: free memory was "
                                       "low at "
                "that moment, so it failed."),)


def dropped(case: Case) -> tuple[Message, ...]:
    """What becomes of the packet."""
    if not case.path_known:
        return (say("article.dropped.perhaps", "If it was for a packet, the network stack dropped the packet, which is "
                    "likely received on a retransmit."),)
    if not case.on_network:
        return (say("article.dropped.not_network", "The article is about network packets, which are dropped and likely "
                    "received on a retransmit; this request was for none (path {path}).", path=case.path),)
    if case.drops is not None and case.drops.verdict == SHOWN:
        return (say("article.dropped.shown", "The network stack drops the packet, which is likely received on a "
                    "retransmit; the counters show drops here."), RETRANSMIT)
    return (say("article.dropped", "The network stack drops the packet, which is likely received on a retransmit."),
            RETRANSMIT)


RETRANSMIT = say("article.dropped.source", "TCP sends it again; UDP and multicast do not.")


def bit5(case: Case) -> tuple[Message, ...]:
    """The article's quick test, and what the bit says."""
    mask = case.gfp.mask
    if not mask & HIGH_BIT:
        return (say("article.bit5.unset", "Bit 1<<5 (0x20), by which the article knows GFP_ATOMIC, is not in mode "
                    "{gfp_mask:#x}.", gfp_mask=mask),
                say("article.bit5.unset.source", "It could not wait all the same: 0x10 is not in it either."))
    found = [
        say("article.bit5", "Bit 1<<5 (0x20) is in mode {gfp_mask:#x}, which means GFP_ATOMIC.", gfp_mask=mask),
        say("article.bit5.source", "By the source it only says that half of the reserve may be used; that it could not "
            "wait shows in 0x10, which is not in it."),
    ]
    if case.release.generation in SILENT_ATOMIC:
        found.append(say(
            "article.bit5.silent.source", "GFP_ATOMIC of this release is 0x220: it prints nothing. So this mask "
                                          "probably "
            "came from a caller or a module that builds its own."))
    return tuple(found)


def below_min(case: Case) -> tuple[Message, ...]:
    """How far it may go down."""
    zone = case.zone
    if not case.gfp.uses_reserve:
        return (say("article.below_min.no_reserve", "GFP_ATOMIC may go below a zone's WMARK_MIN, normal requests may "
                    "not; without bit 5 this one has no part of the high-priority reserve."),)
    if zone is None or not zone.min_pages:
        return (say("article.below_min", "Such a request may go below a zone's WMARK_MIN; normal ones may not."),)
    floor = atomic_floor_pages(case.release, zone.min_pages, harder=case.gfp.harder)
    return (say(
        "article.below_min.here",
        "Such a request may go below the zone's WMARK_MIN; normal ones may not. In {zone} min is {min_pages} pages "
        "({min_kb} kB), and it may go down to {floor_pages} pages ({floor_kb} kB).",
        zone=zone_name(zone), min_pages=zone.min_pages, min_kb=zone.min_pages * zone.page_kb, floor_pages=floor,
        floor_kb=floor * zone.page_kb),)


def compacts(case: Case) -> tuple[Message, ...]:
    """2.6.32-358, for the kernel that runs now."""
    if not case.kernel.exact or case.kernel.generation != "el6":
        return (say("article.update.not_here", "The kernel that the article advises, 2.6.32-358, is one of RHEL 6: for "
                    "{kernel} there is none.", kernel=case.kernel.text),)
    narrower = say(
        "article.update.source", "By its source kswapd compacts for orders above {costly_order} only; this request was "
        "of order {order}.", costly_order=COSTLY_ORDER, order=case.order) if case.order <= COSTLY_ORDER else NOTHING
    if case.kernel.at_least(COMPACTS):
        return (say("article.update.has", "2.6.32-358 helps by compacting memory as it is freed; {kernel} has that "
                    "already.", kernel=case.kernel.text), narrower)
    return (say("article.update", "An update to 2.6.32-358 or later helps by compacting memory as it is freed; "
                                  "{kernel} "
                "is older.", kernel=case.kernel.text), narrower)


def raise_min(case: Case) -> tuple[Message, ...]:
    """The only other remedy, and why it may not help here."""
    if case.current_kb is None:
        advice = say("article.raise_min", "If failures go on, or an update is not possible yet, the only other "
                                          "remedy is "
                     "a higher WMARK_MIN through vm.min_free_kbytes.")
    else:
        advice = say("article.raise_min.now", "If failures go on, or an update is not possible yet, the only other "
                                              "remedy "
                     "is a higher WMARK_MIN through vm.min_free_kbytes, which is {current_kb} kB now.",
                     current_kb=case.current_kb)
    because = why_not(case)
    if not because:
        return (advice,)
    return (advice, say("article.raise_min.not_here.source", "The article advises it in general; here it does not "
                                                             "help, "
                        "because {because}.", because=because))


def why_not(case: Case) -> Message:
    """Why a larger reserve would not have helped this request; NOTHING where it may."""
    zone = case.zone
    if case.diagnosis.has("genuine_shortage"):
        return say("article.why_not.shortage", "memory itself is short, and a larger reserve brings the OOM killer "
                                               "sooner")
    if case.diagnosis.has("caller_bug"):
        return say("article.why_not.caller_bug", "no kernel can grant what was asked for")
    if case.gfp.zone_limit in ("DMA", "DMA32") and case.diagnosis.cause == "zone_exhausted":
        return say("article.why_not.zone", "the request is limited to {zone}, which gets a small part of the reserve",
                   zone=case.gfp.zone_limit)
    if case.diagnosis.cause == "fragmented" and zone is not None and zone.high_pages and zone.free_pages is not None \
            and zone.free_pages > zone.high_pages:
        return say("article.why_not.fragmented", "{free_pages} pages of {zone} were free, more than its high mark "
                   "({high_pages}): what was missing is a block of order {order}", free_pages=zone.free_pages,
                   zone=zone_name(zone), high_pages=zone.high_pages, order=case.order)
    return NOTHING


def nothing_left(case: Case) -> tuple[Message, ...]:
    return (NOTHING_LEFT_HERE if case.diagnosis.has("genuine_shortage") else NOTHING_LEFT,)


def ten_gigabit(case: Case) -> tuple[Message, ...]:
    """The article's caution, on network paths always; sharper where traffic or speed is known."""
    if not case.on_network and case.path_known:
        return ()
    measured = [one for one in case.activity if one.receive_mbps is not None]
    busiest = max(measured, key=lambda one: one.receive_mbps or 0, default=None)
    if busiest is not None and busiest.receive_mbps is not None:
        mbps, nic = busiest.receive_mbps, busiest.interface or ""
        if busiest.receive_mbps >= SUSTAINED_MBPS:
            return (TEN_GIGABIT, say("article.ten_gigabit.measured", "It was that much here: sar measured {mbps:.0f} "
                                     "Mbit/s received on {nic} at {time}.",
                                     mbps=mbps, nic=nic, time=busiest.time))
        return (TEN_GIGABIT, say("article.ten_gigabit.not_reached", "It was less here: sar measured {mbps:.0f} Mbit/s "
                                 "received on {nic} at {time}, the most at the failures.",
                                 mbps=mbps, nic=nic, time=busiest.time))
    fastest = max(links(case), key=lambda nic: nic.speed_mbps or 0, default=None)
    if fastest is None or not fastest.speed_mbps:
        return (TEN_GIGABIT,)
    if fastest.speed_mbps >= TEN_GIGABIT_MBPS:
        return (TEN_GIGABIT, say("article.ten_gigabit.speed", "{nic} runs at {speed_mbps} Mbit/s and can bring as "
                                 "much.", nic=fastest.name, speed_mbps=fastest.speed_mbps))
    return (TEN_GIGABIT, say("article.ten_gigabit.slower", "{nic} runs at {speed_mbps} Mbit/s and cannot bring as "
                                                           "much.",
                             nic=fastest.name, speed_mbps=fastest.speed_mbps))


def links(case: Case) -> tuple[NicFacts, ...]:
    """The interfaces of the driver that asked; all of the host where no driver is known."""
    nics = case.network.nics if case.network is not None else ()
    driver = case.diagnosis.asker.driver if case.diagnosis.asker else None
    return nics if driver is None else tuple(nic for nic in nics if nic.is_of(driver))


def ladder(case: Case) -> tuple[Message, ...]:
    """The intervals a and b and the reserve c, in pages and kB of the deciding zone."""
    zone = case.zone
    if zone is None or not zone.min_pages or zone.low_pages is None or zone.high_pages is None:
        return (say("article.ladder", "Below WMARK_LOW kswapd reclaims asynchronously; it has the interval (b) from "
                                      "low to "
                    "min before callers reclaim themselves, and sleeps again at WMARK_HIGH, interval (a) above low. "
                    "Below "
                    "min only PF_MEMALLOC, ALLOC_HARDER and ALLOC_HIGH get parts of the reserve (c)."),)
    a, b = zone.high_pages - zone.low_pages, zone.low_pages - zone.min_pages
    return (say(
        "article.ladder.here",
        "In {zone}: below low ({low_pages} pages, {low_kb} kB) kswapd reclaims asynchronously; it has interval (b), "
        "{b_pages} pages ({b_kb} kB), before callers reclaim themselves, and sleeps again at high ({high_pages} pages, "
        "{high_kb} kB), interval (a), {a_pages} pages ({a_kb} kB). Below min only PF_MEMALLOC, ALLOC_HARDER and "
        "ALLOC_HIGH get parts of the reserve (c), {min_pages} pages ({min_kb} kB).",
        zone=zone_name(zone), low_pages=zone.low_pages, low_kb=zone.low_pages * zone.page_kb, b_pages=b,
        b_kb=b * zone.page_kb, high_pages=zone.high_pages, high_kb=zone.high_pages * zone.page_kb, a_pages=a,
        a_kb=a * zone.page_kb, min_pages=zone.min_pages, min_kb=zone.min_pages * zone.page_kb),)
