"""What an engine is told, and what it gives back."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from nopage.fleet.sources import Target
from nopage.fleet.store import Packed, failed_row
from nopage.kernel.frozen import dataclass


class EngineError(Exception):
    """The engine cannot start, or has gone. `str()` is one line for a person."""


@dataclass(frozen=True, slots=True)
class Job:
    """How each source is scanned: within which time and memory, with which options of its storage.

    `task` does it, in a child: it must be importable there by its name. A source that does not end by itself within
    `seconds`, with what was read until then, is ended `grace_s` later.
    """

    task: Callable[[Target, Job], tuple[Packed, ...]]
    seconds: float = 900.0
    grace_s: float = 5.0
    memory_bytes: int = 1 << 30
    storage: Mapping[str, Any] = field(default_factory=dict)

    @property
    def too_large(self) -> str:
        """Why a source failed that needs more memory."""
        return f"needs more memory than the {self.memory_bytes >> 20} MiB of --memory"

    @property
    def killed_after_s(self) -> float:
        return self.seconds + self.grace_s


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a target: its hosts, or one row that says why there are none. `peak_kb` is its child's, so far."""

    target: Target
    hosts: tuple[Packed, ...]
    peak_kb: int = 0

    @property
    def failed(self) -> bool:
        return any(host.row.error for host in self.hosts)


def stamped(hosts: tuple[Packed, ...], target: Target, duration_s: float, tries: int = 1) -> tuple[Packed, ...]:
    """The rows with what is known of the target and the scan."""
    told = {
        "size_bytes": target.size_bytes,
        "mtime_ns": target.mtime_ns,
        "etag": target.etag,
        "duration_s": round(duration_s, 3),
        "tries": tries,
        "scanned_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return tuple(replace(host, row=replace(host.row, **told)) for host in hosts)


def failed(target: Target, reason: str, duration_s: float, tries: int) -> tuple[Packed, ...]:
    """The one row of a source whose child gave nothing."""
    return stamped((Packed(row=failed_row(target.name, reason)),), target, duration_s, tries)
