"""Builders of zones, reports and traces for the diagnosis tests."""
from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from nopage.diagnosis.cause.diagnose import diagnose
from nopage.diagnosis.host.facts import HostFacts
from nopage.diagnosis.remedy.plan import plan_host
from nopage.diagnosis.remedy.problem import failure_problem
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step
from nopage.diagnosis.watermark.marks import with_watermarks
from nopage.kernel.facts import FailureReport, Frame, FreeBlocks, MemInfo, Place, Zone
from nopage.kernel.procfs.zones import free_area
from nopage.kernel.release.parse import Release, parse_release
from nopage.kernel.window import Window
from nopage.klog.reading.log import read_log


def build_zone(
    free: int | None = 0, minimum: int | None = 0, blocks: str = "", *, name: str = "Normal", **more: object
) -> Zone:
    """A zone; `blocks` is the free list by order, "5 0 2UM" is five of order 0 and two of order 2 of types U and M."""
    columns = []
    for order, text in enumerate(blocks.split()):
        count = text.rstrip("UEMRCIH")
        columns.append(FreeBlocks(order, int(count), text[len(count) :]))
    return Zone(name=name, free_pages=free, min_pages=minimum, free_area=tuple(columns), **more)  # type: ignore[arg-type]


def build_trace(text: str, context: str = "task") -> tuple[Frame, ...]:
    """Frames from a text: "? symbol", "symbol [module]"; a word in <> switches the stack."""
    frames = []
    contexts = {"<IRQ>": "irq", "<EOI>": "task", "</IRQ>": "task", "<TASK>": "task", "<SOFTIRQ>": "softirq"}
    for line in text.split(";"):
        words = line.split()
        while words and words[0] in contexts:
            context = contexts[words.pop(0)]
        if not words:
            continue
        reliable = words[0] != "?"
        symbol = words[0] if reliable else words[1]
        symbol, _, offset = symbol.partition("+")
        module = words[-1].strip("[]") if words[-1].startswith("[") else None
        frames.append(Frame(symbol, module, int(offset, 16) if offset else None, reliable=reliable, context=context))
    return tuple(frames)


def build_report(
    order: int = 0, gfp_mask: int = 0x20, *zones: Zone, trace: str = "", comm: str = "swapper", **more: object
) -> FailureReport:
    """A report with these zones; none at all is one without Mem-Info."""
    memory = more.pop("memory", None) or (MemInfo(zones=zones) if zones else None)
    return FailureReport(
        comm=comm, order=order, gfp_mask=gfp_mask, place=Place("messages", 1), header="", frames=build_trace(trace),
        mem_info=memory, **more,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="session")
def zone() -> Callable[..., Zone]:
    return build_zone


@pytest.fixture(scope="session")
def report() -> Callable[..., FailureReport]:
    return build_report


@pytest.fixture(scope="session")
def trace() -> Callable[..., tuple[Frame, ...]]:
    return build_trace


SIZES = {"DMA": 3977, "DMA32": 500000, "Normal": 3600000}
CACHED = {"free": 100, "active_file": 900000, "inactive_file": 900000, "active_anon": 1000000, "inactive_anon": 50000,
          "slab_reclaimable": 50000, "slab_unreclaimable": 50000}
RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll [ixgbe]; net_rx_action"


@pytest.fixture
def situation(report: Callable[..., FailureReport]) -> Callable[..., Situation]:
    """A failure on a 16 GB host with min_free_kbytes 67584, of `order`, with so many pages free in Normal."""

    def build(
        release: str = "3.10.0-1062.el7.x86_64", order: int = 0, mask: int = 0x20, *, free: int = 100,
        blocks: str | None = None, counters: dict[str, int] = CACHED, swap: tuple[int, int] = (4000000, 4194304),
        current: int = 67584, trace: str = RX, state: bool = True, **more: object,
    ) -> Situation:
        known = parse_release(release)
        modern = known is not None and known.generation in ("el7", "el8", "el9", "el10")
        sizes = [Zone(name, 0, managed_pages=pages if modern else None, present_pages=pages)
                 for name, pages in SIZES.items()]
        zones = list(with_watermarks(known, sizes, min_free_kbytes=current))
        zones[2] = replace(zones[2], free_pages=free)
        zones[:2] = [replace(zone, free_pages=0, lowmem_reserve_pages=(0, 0, 0, 0)) for zone in zones[:2]]
        listed = blocks if blocks is not None else str(free)
        zones[2] = replace(zones[2], free_area=free_area(tuple(int(word) for word in listed.split())))
        zones[:2] = [replace(zone, free_area=free_area((0,))) for zone in zones[:2]]
        memory = MemInfo(zones=tuple(zones), counters_pages=counters, swap_free_kb=swap[0], swap_total_kb=swap[1])
        failure = report(order, mask, trace=trace, monotonic_s=5.0, **({"memory": memory} if state else {}))
        network = more.pop("network", None)
        problem = failure_problem(
            "ATOMIC_ALLOCATION_FAILURE", diagnose(failure, release=known), state=failure.mem_info, release=known,
            timeline=more.pop("timeline", None), drops=more.pop("drops", None),  # type: ignore[arg-type]
        )
        host = HostFacts(known, memory, {"min_free_kbytes": current}, total_kb=16415908)
        return Situation(replace(host, **more), problem, network)  # type: ignore[arg-type]

    return build


@pytest.fixture(scope="session")
def steps() -> Callable[[Situation], tuple[Step, ...]]:
    """The steps of the plan for one problem, those for when it comes back behind the others."""

    def build(one: Situation) -> tuple[Step, ...]:
        plan = plan_host(one.host, [one.problem], one.network)
        return (*plan.steps, *plan.later)

    return build


@dataclass(frozen=True)
class Case:
    """One of the shared cases: its kernel, the reports of its dmesg, what is expected of each, in order, its lines."""

    name: str
    release: Release | None
    reports: tuple[FailureReport, ...]
    expected: tuple[dict[str, Any], ...]
    lines: tuple[str, ...]


@pytest.fixture(scope="session")
def shared_cases(shared: Path) -> tuple[Case, ...]:
    expected = json.loads((shared / "cases" / "expected.json").read_text(encoding="utf-8"))
    found = []
    for name, facts in expected.items():
        with tarfile.open(shared / "cases" / f"{name}.tar.xz") as archive:
            for member in archive:
                if member.name.endswith("/sos_commands/kernel/dmesg"):
                    stream = archive.extractfile(member)
                    assert stream is not None
                    lines = stream.read().decode("utf-8", "replace").splitlines()
                    break
        log = read_log([Window("dmesg", 1, 0, lines)], facts["kernel"])
        found.append(Case(name, parse_release(facts["kernel"]), log.reports, tuple(facts["reports"]), tuple(lines)))
    return tuple(found)
