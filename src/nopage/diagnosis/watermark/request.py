"""What a request may take: the allocator's flags that follow from its mask, and the zones it may look in.

Source: KERNEL.md section 4 (gfp_to_alloc_flags() of each generation) and 3.3 (zonelists, classzone index).
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nopage.diagnosis.watermark.rules import WatermarkRule
from nopage.kernel.facts import FailureReport, MemInfo, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.gfp import GfpDecoded
from nopage.kernel.message import Message, say
from nopage.kernel.numbers import counted
from nopage.kernel.pattern import later
from nopage.kernel.release import Release
from nopage.kernel.watermarks import dma_is_no_fallback

# include/linux/mmzone.h enum zone_type: a request may use its zone and every lower one.
ZONE_RANK = {"DMA": 0, "DMA32": 1, "Normal": 2, "HighMem": 3, "Movable": 4, "Device": 5}
LARGEST_ORDER = 63
NODE_RANGE = later(r"(\d+)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class NodeSet:
    """A node mask as the kernel prints it ("0-1,4"); ranges, so that 0-1023 costs nothing."""

    ranges: tuple[tuple[int, int], ...]

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int) and any(first <= node <= last for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the allocator's min pass sees it.

    `high`: half of min (bit 0x20). `harder`: a quarter of what is left. `nonblock`: cannot reclaim and may use
    reserves at all (not __GFP_NOMEMALLOC). `nodes` limits it to these; None is no limit. `one_node`: it was limited
    to a single node that the report does not name (__GFP_THISNODE).
    """

    order: int
    atomic: bool
    high: bool = False
    harder: bool = False
    nonblock: bool = False
    gfp_atomic: bool = False
    movable: bool = False
    no_watermarks: bool = False
    zone_limit: str = "Normal"
    nodes: NodeSet | None = None
    one_node: bool = False
    skips_dma: bool = False


@dataclass(frozen=True, slots=True)
class Zonelist:
    """The zones of a memory state as one request sees them.

    `excluded` are populated zones that its limit forbids. `classzone` is the name of the highest usable zone
    (`classzone_of` says by which zone lowmem_reserve[] is looked up). `notes` are sentences
    on what had to be assumed.
    """

    usable: tuple[Zone, ...]
    excluded_by_zone: tuple[Zone, ...]
    excluded_by_node: tuple[Zone, ...]
    classzone: str
    notes: tuple[Message, ...] = ()


def node_set(text: str | None) -> NodeSet | None:
    """A printed node list; None for `(null)`, for nothing printed and for what is not a node list."""
    if not text or not re.fullmatch(r"[\d,\s-]+", text):
        return None
    ranges = [(counted(first), counted(last or first)) for first, last in NODE_RANGE.findall(text)]
    return NodeSet(tuple(ranges)) if ranges else None


def request_of(report: FailureReport, mask: GfpDecoded, release: Release | None) -> Request:
    """The request that this report is of."""
    nonblock = mask.atomic and not mask.nomemalloc
    nodes = node_set(report.nodemask)
    if nodes is None and not mask.atomic:
        # An atomic request is outside its cpuset (ALLOC_CPUSET cleared for !wait); a sleeping one is in it.
        nodes = node_set(report.mems_allowed)
    one_node = mask.thisnode
    on_node = {block.node for block in report.slub[:1] if block.node >= 0}  # further ones are of later requests
    if one_node and len(on_node) == 1:
        node = on_node.pop()
        nodes, one_node = NodeSet(((node, node),)), False
    return Request(
        order=report.order,
        atomic=mask.atomic,
        high=mask.uses_reserve,
        harder=mask.harder,
        nonblock=nonblock,
        gfp_atomic="__GFP_ATOMIC" in mask.flags,
        movable=mask.movable,
        no_watermarks=mask.memalloc and not mask.nomemalloc,
        zone_limit=mask.zone_limit,
        nodes=nodes,
        one_node=one_node,
        skips_dma=skips_dma(report, mask, release),
    )


def skips_dma(report: FailureReport, mask: GfpDecoded, release: Release | None) -> bool:
    """RHEL 4's ZONE_NORMAL zonelist has no ZONE_DMA; where the flavour does not tell, addresses of 64 bits do."""
    if release is None or mask.zone_limit == "DMA":
        return False
    if dma_is_no_fallback(release):
        return True
    if not dma_is_no_fallback(replace(release, arch=release.arch or "x86_64")):
        return False
    addresses = [frame.address for frame in report.frames if frame.address]
    return bool(addresses) and max(addresses) >= 1 << 32


def populated(zone: Zone) -> bool:
    """False for the zones without memory that RHEL 4, 5 and /proc/zoneinfo list too."""
    return zone.size_pages != 0


def zonelist(request: Request, memory: MemInfo) -> Zonelist:
    """The zones that `request` may look in, out of those that `memory` shows."""
    zones = [zone for zone in memory.zones if populated(zone)]
    limit = ZONE_RANK.get(request.zone_limit, ZONE_RANK["Normal"])
    notes: list[Message] = []
    if zones and not any(zone_rank(zone) <= limit for zone in zones):
        # CONFIG_ZONE_DMA=n or CONFIG_ZONE_DMA32=n: OPT_ZONE_DMA and OPT_ZONE_DMA32 are then ZONE_NORMAL.
        notes.append(say("zonelist.no_such_zone", "This kernel has no {zone_limit} zone, so the request may use "
                         "Normal.", zone_limit=request.zone_limit))
        limit = max(limit, ZONE_RANK["Normal"])
    usable: list[Zone] = []
    by_zone: list[Zone] = []
    by_node: list[Zone] = []
    for zone in zones:
        rank = zone_rank(zone)
        if rank >= ZONE_RANK["Device"]:
            continue
        if rank > limit or (rank == ZONE_RANK["Movable"] and not request.movable):
            by_zone.append(zone)
        elif request.skips_dma and zone.name == "DMA":
            notes.append(say("zonelist.no_dma_fallback", "RHEL 4 has no fallback to the DMA zone for this request."))
        elif request.nodes is not None and (zone.node or 0) not in request.nodes:
            by_node.append(zone)
        else:
            usable.append(zone)
    classzone = max(usable, key=zone_rank).name if usable else request.zone_limit
    return Zonelist(tuple(usable), tuple(by_zone), tuple(by_node), classzone, tuple(dict.fromkeys(notes)))


def zone_rank(zone: Zone) -> int:
    """The zone's place in enum zone_type; an unknown name counts as Normal."""
    return ZONE_RANK.get(zone.name, ZONE_RANK["Normal"])


def zone_names(memory: MemInfo, rule: WatermarkRule) -> Sequence[str]:
    """The zone types that this kernel was built with, in order; lowmem_reserve[] has one entry for each.

    The kernel leaves out the types it was built without, so the place of Normal differs: x86_64 has
    DMA DMA32 Normal Movable [Device], i386 DMA Normal HighMem Movable, RHEL 5 DMA DMA32 Normal HighMem.
    """
    present = {zone.name for zone in memory.zones}
    entries = max((len(zone.lowmem_reserve_pages) for zone in memory.zones), default=0)
    if rule.key == "el4":
        names = ["DMA", "Normal", "HighMem"]
    elif {"DMA32", "HighMem"} <= present:
        names = ["DMA", "DMA32", "Normal", "HighMem"]  # RHEL 5 lists the empty ones too
    elif "HighMem" in present:
        names = ["DMA", "Normal", "HighMem", "Movable"]
    else:
        names = ["DMA", "DMA32", "Normal", "Movable", "Device"]
        # Without a zone type the list is shorter: drop the ones that nothing here belongs to. A kernel built with DMA
        # has pages in it, one built with DMA32 may have none; Device is the newest type.
        first = ("DMA", "Device") if "DMA32" in present else ("Device", "DMA32", "DMA")
        for name in (*first, "Movable"):
            if len(names) > entries and name not in present:
                names.remove(name)
    return names[:entries] if entries < len(names) else names


def reserve_for(zone: Zone, zones: Zonelist, names: Sequence[str], request: Request, rule: WatermarkRule) -> int | None:
    """The pages of `zone` that `rule` keeps from this request for those without another choice; None if not printed.

    The highest zone that the request can use keeps none: above it its node has no pages.
    """
    if zone.name == zones.classzone:
        return 0
    return reserve_pages(zone, names, classzone_of(zones, names, request, rule))


def classzone_of(zones: Zonelist, names: Sequence[str], request: Request, rule: WatermarkRule) -> str:
    """The zone by which the rule looks up lowmem_reserve[]: KERNEL.md 3.3.

    A zone type that the kernel was built without is Normal, as OPT_ZONE_DMA32 and OPT_ZONE_HIGHMEM are.
    """
    if not rule.classzone_by_mask:
        return zones.classzone
    limit = request.zone_limit if request.zone_limit in names else "Normal"
    return max(limit, zones.classzone, key=lambda name: ZONE_RANK.get(name, ZONE_RANK["Normal"]))


def reserve_pages(zone: Zone, names: Sequence[str], classzone: str) -> int | None:
    """lowmem_reserve[classzone] of `zone`; None where it was not printed.

    The entries only grow towards the higher zones and are 0 up to the zone's own place.
    """
    reserve = zone.lowmem_reserve_pages
    if zone.name == classzone:
        return 0
    if not reserve:
        return None
    if classzone not in names:
        return max(reserve)
    index = names.index(classzone)
    return reserve[index] if index < len(reserve) else reserve[-1]


def gfp_atomic(order: int, nodes: NodeSet | None = None) -> Request:
    """A plain GFP_ATOMIC request of this order, as any kernel's own."""
    return Request(order=order, atomic=True, high=True, harder=True, nonblock=True, gfp_atomic=True, nodes=nodes)
