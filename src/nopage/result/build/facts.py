"""From the facts of the floors below to the types of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from nopage.diagnosis.cause import Drops as DropsFacts
from nopage.diagnosis.cause import HostNetwork
from nopage.diagnosis.cause import Timeline as Series
from nopage.diagnosis.host import Diagnosed
from nopage.diagnosis.host import Group as Members
from nopage.kernel import facts
from nopage.kernel.gfp import decode
from nopage.kernel.message import Message, say
from nopage.kernel.release import Release
from nopage.result import (
    Cause,
    Confidence,
    ContextLine,
    DropsVerdict,
    Evidence,
    Failure,
    Frame,
    FreeBlocks,
    Group,
    Interface,
    LayoutFrom,
    Network,
    Path,
    Place,
    Said,
    SeriesKind,
    Slub,
    StackContext,
    TimeFrom,
    Timeline,
    Zone,
    said_all,
    texts,
)

CALL_TRACE_MOST = 64
CONTEXTS = {one.value: one for one in StackContext}
COMMS_MOST = 20
PLACES_MOST = 20
GROUPS_MOST = 50


def failures_of(diagnosed: Iterable[Diagnosed], *, trace: bool = True) -> Iterator[Failure]:
    """The failures one by one; equal ones share a diagnosis, whose sentences are written once.

    Without call traces and zones when `trace` is False, for findings that must stay small.
    """
    known: dict[int, tuple[Said, ...]] = {}
    for one in diagnosed:
        words = known.get(id(one.diagnosis.words))
        if words is None:
            words = known[id(one.diagnosis.words)] = said_all(one.diagnosis.words)
        yield failure_of(one, words, trace=trace)


def failure_of(one: Diagnosed, words: tuple[Said, ...], *, trace: bool) -> Failure:
    """One failure; `words` are its diagnosis in sentences."""
    report, gfp, diagnosis = one.failure.report, one.failure.gfp, one.diagnosis
    asker = diagnosis.asker
    short = Failure(
        time=one.failure.time,
        time_printed=report.time,
        time_from=TimeFrom(one.failure.time_from) if one.failure.time_from else None,
        monotonic_s=report.monotonic_s,
        comm=report.comm,
        pid=report.pid,
        order=report.order,
        gfp_mask=f"{report.gfp_mask:#x}",
        gfp_name=gfp.name,
        gfp_flags=tuple(gfp.flags),
        gfp_printed=report.gfp_text,
        gfp_layout=gfp.layout,
        gfp_layout_from=LayoutFrom(gfp.layout_from),
        atomic=gfp.atomic,
        uses_reserve=gfp.uses_reserve,
        kernel=one.failure.kernel,
        path=Path(one.path),
        path_known=asker is not None and asker.path_known,
        driver=one.driver,
        function=one.function,
        received_by=asker.received_by if asker is not None else None,
        submitted_by=asker.submitted_by if asker is not None else None,
        in_interrupt=one.in_interrupt,
        cause=Cause(diagnosis.cause) if diagnosis.cause else None,
        confidence=Confidence(diagnosis.confidence),
        words=tuple(message.text for message in words),
        seen_in=tuple(map(place_of, one.failure.seen_in)),
        repeated=report.repeated,
        signature=one.signature,
    )
    if not trace:
        return short
    frames = report.frames[:CALL_TRACE_MOST]
    return replace(
        short,
        call_trace=tuple(map(frame_text, frames)),
        frames=tuple(map(frame_of, frames)),
        zones=tuple(map(zone_of, report.mem_info.zones)) if report.mem_info else (),
        missing=texts(report.missing),
        evidence=Evidence(**diagnosis.evidence),  # type: ignore[arg-type]
        log=one.failure.log,
        log_from=place_of(report.place) if one.failure.log else None,
        words_said=words,
        missing_said=said_all(report.missing),
    )


def group_of(group: Members) -> Group:
    """Failures of one signature: how many, from when to when, and what they share."""
    first, last = group.members[0].failure, group.members[-1].failure
    return Group(
        signature=group.signature,
        count=group.count,
        order=first.report.order,
        gfp_mask=f"{first.report.gfp_mask:#x}",
        gfp_name=first.gfp.name,
        atomic=first.gfp.atomic,
        comm=tuple(dict.fromkeys(one.failure.report.comm for one in group.members))[:COMMS_MOST],
        path=Path(group.members[0].path),
        driver=group.members[0].driver,
        cause=Cause(group.cause) if group.cause else None,
        first=first.time,
        last=last.time,
        first_monotonic_s=first.report.monotonic_s,
        last_monotonic_s=last.report.monotonic_s,
    )


def slub_of(blocks: Iterable[facts.SlubBlock], release: Release | None) -> tuple[Slub, ...]:
    """SLUB's own reports that came without a page allocation failure, one a cache: mostly a memory cgroup's limit."""
    caches: dict[tuple[str | None, int], list[facts.SlubBlock]] = {}
    for block in blocks:
        caches.setdefault((block.cache, block.gfp_mask), []).append(block)
    return tuple(slub_cache(cache, mask, some, release) for (cache, mask), some in caches.items())


def slub_cache(cache: str | None, mask: int, blocks: Sequence[facts.SlubBlock], release: Release | None) -> Slub:
    """The reports of one cache and mask."""
    gfp = decode(mask, release, blocks[0].gfp_text)
    name = cache or say("slub.no_name", "(name not printed)")
    messages = [
        say(
            "slub.could_not_grow",
            "SLUB could not grow cache {cache} {count:once|# times} (gfp {gfp_mask:#x} = {gfp_name}), and no page "
            "allocation failure was printed with it.",
            cache=name,
            count=len(blocks),
            gfp_mask=mask,
            gfp_name=gfp.name,
        ),
        say(
            "slub.cgroup",
            "The cache is that of a memory cgroup: its kernel memory limit was reached, the host had memory.",
        )
        if cache and "(" in cache
        else say(
            "slub.cgroup_or_cut",
            "A memory cgroup at its limit of kernel memory looks like this; so does a report that was cut.",
        ),
    ]
    return Slub(
        cache=cache,
        count=len(blocks),
        gfp_mask=f"{mask:#x}",
        atomic=gfp.atomic,
        words=" ".join(texts(messages)),
        said=said_all(messages),
        seen_in=tuple(place_of(block.place) for block in blocks[:PLACES_MOST]),
    )


def place_of(place: facts.Place) -> Place:
    return Place(file=place.file, line=place.line)


def frame_of(frame: facts.Frame) -> Frame:
    """One entry of the call trace in parts."""
    return Frame(
        symbol=frame.symbol,
        module=frame.module,
        offset=frame.offset,
        size=frame.size,
        reliable=frame.reliable,
        context=CONTEXTS[frame.context],
    )


def frame_text(frame: facts.Frame) -> str:
    """`symbol+0xoff/0xlen [module]`, with "? " before an entry that the kernel marks unreliable."""
    text = frame.symbol
    if frame.offset is not None:
        text += f"+{frame.offset:#x}" + (f"/{frame.size:#x}" if frame.size is not None else "")
    if frame.module:
        text += f" [{frame.module}]"
    return text if frame.reliable else f"? {text}"


def zone_of(zone: facts.Zone) -> Zone:
    """One zone in pages."""
    return Zone(
        node=zone.node,
        zone=zone.name,
        page_kb=zone.page_kb,
        free_pages=zone.free_pages,
        min_pages=zone.min_pages,
        low_pages=zone.low_pages,
        high_pages=zone.high_pages,
        present_pages=zone.present_pages,
        managed_pages=zone.managed_pages,
        lowmem_reserve_pages=zone.lowmem_reserve_pages,
        free_area=tuple(
            FreeBlocks(order=blocks.order, count=blocks.count, migratetypes=blocks.migratetypes)
            for blocks in zone.free_area
        ),
    )


def network_of(host: HostNetwork, drops: DropsFacts | None) -> Network:
    """The interfaces, and what their counters say."""
    messages: tuple[Message, ...] = drops.words if drops else ()
    return Network(
        interfaces=tuple(
            Interface(
                name=nic.name,
                driver=nic.driver,
                speed_mbps=nic.speed_mbps,
                mtu=nic.mtu,
                rx_ring=nic.rx_ring,
                rx_ring_max=nic.rx_ring_max,
                queues=nic.queues,
                offloads=dict(nic.offloads),
                allocation_failed=dict(nic.allocation_failed),
                ring_empty=dict(nic.ring_empty),
                rx_dropped=nic.rx_dropped,
                rx_missed=nic.rx_missed,
                tx_dropped=nic.tx_dropped,
                has_statistics=nic.has_statistics,
            )
            for nic in host.nics
        ),
        softnet_dropped=host.softnet_dropped,
        softnet_squeezed=host.softnet_squeezed,
        drops=DropsVerdict(drops.verdict) if drops else None,
        words=texts(messages),
        said=said_all(messages),
    )


def context_of(lines: Iterable[facts.LoggedLine]) -> tuple[ContextLine, ...]:
    """Log lines from before the first failure."""
    return tuple(ContextLine(file=line.place.file, line=line.place.line, text=line.text) for line in lines)


def timeline_of(series: Series) -> Timeline:
    """What the failures look like over time."""
    return Timeline(
        kind=SeriesKind(series.kind),
        reports=series.reports,
        span_s=series.span_s,
        bursts=series.bursts,
        harmless=series.harmless,
        asked_pages=series.asked_pages,
        said=said_all(series.words),
    )


def groups_of(groups: Iterable[Members]) -> list[Group]:
    """The first groups, so many as a finding names."""
    return [group_of(group) for group in list(groups)[:GROUPS_MOST]]
