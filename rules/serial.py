"""Facts as the plain objects of the JSON contract `nopage/1`; field names are only ever added to."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nopage.combiners.diagnoses import Diagnosed, Group
from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.kernel.facts import Frame, Place, SlubBlock, Zone
from nopage.kernel.gfp import decode
from nopage.kernel.release import Release

CALL_TRACE_MOST = 64


def kernel_json(kernel: Kernel | None) -> dict[str, Any]:
    """The host's kernel; `exact` is False when the generation is only the nearest one."""
    release = kernel.release if kernel else None
    return {
        "release": kernel.text if kernel else None,
        "generation": release.generation if release else None,
        "rhel": release.rhel if release else None,
        "exact": release.exact if release else None,
        "source": kernel.source if kernel else "none",
    }


def failure_json(one: Diagnosed, *, trace: bool = True) -> dict[str, Any]:
    """One failure; without its call trace and zones when `trace` is False, for findings that must stay small."""
    report, gfp, diagnosis = one.failure.report, one.failure.gfp, one.diagnosis
    found: dict[str, Any] = {
        "time": report.time,
        "monotonic_s": report.monotonic_s,
        "comm": report.comm,
        "pid": report.pid,
        "order": report.order,
        "gfp_mask": f"{report.gfp_mask:#x}",
        "gfp_name": gfp.name,
        "gfp_flags": list(gfp.flags),
        "gfp_printed": report.gfp_text,
        "gfp_layout": gfp.layout,
        "gfp_layout_from": gfp.layout_from,
        "atomic": gfp.atomic,
        "uses_reserve": gfp.uses_reserve,
        "kernel": one.failure.kernel,
        "path": one.path,
        "driver": one.driver,
        "in_interrupt": one.in_interrupt,
        "cause": diagnosis.cause,
        "confidence": diagnosis.confidence,
        "words": [str(text) for text in diagnosis.words],
        "seen_in": [place_json(place) for place in one.failure.seen_in],
        "repeated": report.repeated,
        "signature": one.signature,
    }
    if trace:
        found["call_trace"] = [frame_text(frame) for frame in report.frames[:CALL_TRACE_MOST]]
        found["zones"] = [zone_json(zone) for zone in report.mem_info.zones] if report.mem_info else []
        found["missing"] = list(report.missing)
        found["evidence"] = dict(diagnosis.evidence)
    return found


def group_json(group: Group) -> dict[str, Any]:
    """Failures of one signature: how many, from when to when, and what they share."""
    first, last = group.members[0].failure.report, group.members[-1].failure.report
    return {
        "signature": group.signature,
        "count": group.count,
        "order": first.order,
        "gfp_mask": f"{first.gfp_mask:#x}",
        "gfp_name": group.members[0].failure.gfp.name,
        "atomic": group.members[0].failure.gfp.atomic,
        "comm": list(dict.fromkeys(one.failure.report.comm for one in group.members))[:20],
        "path": group.members[0].path,
        "driver": group.members[0].driver,
        "cause": group.cause,
        "first": first.time or first.monotonic_s,
        "last": last.time or last.monotonic_s,
    }


def slub_json(failures: Failures | None, release: Release | None) -> list[dict[str, Any]]:
    """SLUB's own reports that came without a page allocation failure, one a cache: mostly a memory cgroup's limit."""
    caches: dict[tuple[str | None, int], list[SlubBlock]] = {}
    for block in failures.slub if failures else ():
        caches.setdefault((block.cache, block.gfp_mask), []).append(block)
    found = []
    for (cache, mask), blocks in caches.items():
        gfp = decode(mask, release, blocks[0].gfp_text)
        times = "once" if len(blocks) == 1 else f"{len(blocks)} times"
        words = (
            f"SLUB could not grow cache {cache or '(name not printed)'} {times} (gfp {mask:#x} = {gfp.name}), and no "
            "page allocation failure was printed with it."
        )
        if cache and "(" in cache:
            words += " The cache is that of a memory cgroup: its kernel memory limit was reached, the host had memory."
        else:
            words += " A memory cgroup at its limit of kernel memory looks like this; so does a report that was cut."
        found.append(
            {
                "cache": cache,
                "count": len(blocks),
                "gfp_mask": f"{mask:#x}",
                "atomic": gfp.atomic,
                "words": words,
                "seen_in": [place_json(block.place) for block in blocks[:20]],
            }
        )
    return found


def place_json(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line}


def frame_text(frame: Frame) -> str:
    """`symbol+0xoff/0xlen [module]`, with "? " before an entry that the kernel marks unreliable."""
    text = frame.symbol
    if frame.offset is not None:
        text += f"+{frame.offset:#x}" + (f"/{frame.size:#x}" if frame.size is not None else "")
    if frame.module:
        text += f" [{frame.module}]"
    return text if frame.reliable else f"? {text}"


def zone_json(zone: Zone) -> dict[str, Any]:
    """One zone in pages; `free_area` is [order, count, migratetype letters] a column."""
    return {
        "node": zone.node,
        "zone": zone.name,
        "page_kb": zone.page_kb,
        "free_pages": zone.free_pages,
        "min_pages": zone.min_pages,
        "low_pages": zone.low_pages,
        "high_pages": zone.high_pages,
        "present_pages": zone.present_pages,
        "managed_pages": zone.managed_pages,
        "lowmem_reserve_pages": list(zone.lowmem_reserve_pages),
        "free_area": [[blocks.order, blocks.count, blocks.migratetypes] for blocks in zone.free_area],
    }


def state_json(memory: Memory | None) -> dict[str, Any] | None:
    """The memory state at collection time, None when nothing of it was collected."""
    if memory is None:
        return None
    zones: Iterable[Zone] = memory.state.zones if memory.state else ()
    return {
        "source": memory.state.source if memory.state else None,
        "total_kb": memory.total_kb,
        "settings": dict(memory.settings),
        "zones": [zone_json(zone) for zone in zones if zone.present_pages != 0],
        "missing": list(memory.missing),
    }
