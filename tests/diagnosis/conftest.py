"""Builders of zones, reports and traces for the diagnosis tests."""
from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nopage.kernel.facts import FailureReport, Frame, FreeBlocks, MemInfo, Place, Window, Zone
from nopage.kernel.release import Release, parse_release
from nopage.klog.log import read_log


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


@dataclass(frozen=True)
class Case:
    """One of the shared cases: its kernel, the reports of its dmesg, and what is expected of each, in order."""

    name: str
    release: Release | None
    reports: tuple[FailureReport, ...]
    expected: tuple[dict[str, Any], ...]


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
        found.append(Case(name, parse_release(facts["kernel"]), log.reports, tuple(facts["reports"])))
    return tuple(found)
