"""What a crash dump says, and the bounds within which it is read."""
from __future__ import annotations

from collections.abc import Callable

from nopage.kernel.bounds import BOUNDS
from nopage.kernel.facts import MemInfo
from nopage.kernel.frozen import dataclass
from nopage.kernel.window import Window

Progress = Callable[[int, int], None]
"""Called now and then by the search of a whole image with (bytes done, bytes in all)."""


class CoreError(Exception):
    """Nothing of a core could be read; `reason` says why, in one line."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class ReadFault(Exception):
    """Memory that the image does not hold, or a structure of the file that is not where it should be."""


@dataclass(frozen=True, slots=True)
class CoreLimits:
    """Bounds on one core, whatever it claims about itself.

    `log_bytes` of the newest log text are kept, short lines counted for what they cost; `search_bytes` and
    `search_seconds` bound the search of an image that has no log symbols, `search_windows` and `window_bytes` what it
    keeps; `notes_bytes` those of all notes; `damaged_seconds` of processor time may go into compressed
    pages that turn out to be damaged.
    """

    log_bytes: int = 12 << 20
    records: int = 1 << 21
    search_bytes: int = 1 << 40
    search_seconds: float = 900.0
    search_windows: int = 256
    damaged_seconds: float = 10.0
    notes_bytes: int = BOUNDS.core_note_bytes
    window_bytes: int = BOUNDS.core_window_bytes


@dataclass(frozen=True, slots=True)
class CoreFacts:
    """The kernel log and the memory state of one dead kernel.

    `log_layout` names how the log was found: "log_buf" (2.6.32-3.4), "struct log" (3.5-3.10), "printk_log" (3.11-5.9),
    "printk_ringbuffer" (5.10 on), "search" (needles in the raw image), "text" (vmcore-dmesg.txt beside the core) or
    None. `page_kb` is the dead machine's. `missing` lists in words what the core lacks, `warnings` what was wrong.
    """

    path: str
    kind: str
    release: str | None = None
    arch: str | None = None
    hostname: str | None = None
    page_kb: int = 4
    crash_time: int | None = None
    log_layout: str | None = None
    windows: tuple[Window, ...] = ()
    mem_info: MemInfo | None = None
    min_free_kbytes: int | None = None
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
