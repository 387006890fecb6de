"""The kernel log of a core by VMCOREINFO alone: picks the layout."""
from __future__ import annotations

from collections.abc import Callable

from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import CoreLimits
from nopage.vmcore.log.char_ring import read_char_ring
from nopage.vmcore.log.parts import CoreLog
from nopage.vmcore.log.records import read_records
from nopage.vmcore.log.ringbuffer import read_ringbuffer

# newest first: the symbol that VMCOREINFO names only where the kernel has the layout, and the layout's reader
_READERS: tuple[tuple[str, Callable[[KernelMemory, CoreLimits, bool], CoreLog]], ...] = (
    ("prb", read_ringbuffer),
    ("log_first_idx", read_records),
    ("log_end", read_char_ring),
)


def read_log(memory: KernelMemory, limits: CoreLimits, *, joined: bool = True) -> CoreLog | None:
    """The log by the newest layout that VMCOREINFO speaks of; None when it names no log at all.

    `joined` puts the pieces of a continued line together as the kernel's own dmesg did up to Linux 4.9; without it
    the lines are vmcore-dmesg's to the byte, each piece with a time of its own. ReadFault when the log's own
    structures are not in the core.
    """
    for symbol, reader in _READERS:
        if symbol in memory.info.symbols:
            return reader(memory, limits, joined)
    return None
