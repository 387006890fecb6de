"""A core as the intake gives every source: named streams."""
from __future__ import annotations

import os

from nopage.intake.model import Collection, Coverage, Stream
from nopage.intake.vmcore.facts import CoreFacts


def core_collection(facts: CoreFacts, kind: str = "vmcore") -> Collection:
    """The streams of a core: its log, its release as uname would print it, its zones, its min_free_kbytes.

    Not complete where anything was damaged; what the kernel of that age does not tell is no fault of the source.
    """
    streams = tuple(_streams(facts))
    found = tuple(dict.fromkeys(stream.spec for stream in streams))
    warnings = (*facts.warnings, *(f"not in the core: {text}" for text in facts.missing))
    return Collection(facts.path, kind, not facts.warnings, warnings, streams, Coverage(found=found))


def _streams(facts: CoreFacts) -> list[Stream]:
    name = os.path.basename(facts.path.rstrip("/")) or facts.path
    streams = []
    if facts.windows:
        size = sum(len(line) + 1 for window in facts.windows for line in window.lines)
        streams.append(Stream("kernel_log", facts.windows[0].file, windows=facts.windows, bytes_read=size))
    if facts.release:
        text = f"Linux {facts.hostname or 'localhost'} {facts.release} {facts.arch or 'unknown'} GNU/Linux\n"
        streams.append(Stream("uname", f"{name} (VMCOREINFO)", text))
    if facts.hostname:
        streams.append(Stream("hostname", f"{name} (utsname)", facts.hostname + "\n"))
    if facts.min_free_kbytes is not None:
        text = f"vm.min_free_kbytes = {facts.min_free_kbytes}\n"
        streams.append(Stream("sysctl", f"{name} (min_free_kbytes)", text))
    if facts.mem_info is not None:
        streams.append(Stream("vmcore", f"{name} (zones)", mem_info=facts.mem_info))
    return streams
