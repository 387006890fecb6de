"""What the intake gives back: collections of named streams; and the limits it works under."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from nopage.kernel.frozen import dataclass
from nopage.kernel.plain import plain
from nopage.kernel.window import Window

if TYPE_CHECKING:
    from nopage.kernel.facts import MemInfo


class SourceError(Exception):
    """Nothing at all could be read of a source. `str()` is one line for a person."""

    def __init__(self, path: str, reason: str) -> None:
        reason = plain(reason)
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class NothingFound(SourceError):
    """The source could be read, and holds nothing that is looked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one source is read at most. Past a limit the result is partial and says so.

    `vmlinux` is no limit: the debuginfo to read crash dumps with. Nor is `threads`: whether a source may be unpacked in
    a thread of its own, which is of no use where all processors have sources of theirs.

    `unpacked_bytes`, `members` and `seconds` hold for the whole source, nested archives included, `fact_bytes` for one
    fact file, `log_bytes` and `log_reports` for what is kept of one log, `host_seconds` for a command of a live host.
    The `kept_` ones hold for one archive or directory: the more logs with storms it has, the less is kept of each.
    `sar_bytes` and `kept_sar_bytes` are what is kept of one text of sar and of all of them.
    `core_bytes` of a crash dump inside an archive or a stream are held in memory, which nothing else needs to be.
    """

    unpacked_bytes: int = 64 << 30
    members: int = 2_000_000
    fact_bytes: int = 4 << 20
    sar_bytes: int = 1 << 20
    log_bytes: int = 6 << 20
    log_reports: int = 1_500
    kept_files: int = 20_000
    kept_hosts: int = 1_000
    kept_fact_bytes: int = 12 << 20
    kept_sar_bytes: int = 8 << 20
    kept_log_bytes: int = 24 << 20
    kept_reports: int = 4_500
    core_bytes: int = 4 << 30
    nesting: int = 4
    seconds: float = 900.0
    host_seconds: float = 30.0
    vmlinux: str | None = None
    threads: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """How often one kind of report was seen in a log: same command, order and mode (as printed)."""

    comm: str
    order: int | None
    mode: str
    seen: int


@dataclass(frozen=True, slots=True)
class StormCount:
    """What a log with more reports than are kept holds: reports and suppressed messages, seen and kept.

    `signatures` are sorted by how often they were seen; those beyond the thousandth kind are in `other`.
    """

    reports_seen: int
    reports_kept: int
    suppressed_seen: int
    suppressed_kept: int
    signatures: tuple[Signature, ...] = ()
    other: int = 0


@dataclass(frozen=True, slots=True)
class Stream:
    """One file (or command's output) of the source, under the spec it feeds.

    Facts carry `text`, logs carry `windows`; that of a log's first report begins up to 40 lines before it. `name` is
    the path inside the source without the report's own top folder. `bytes_read` is the unpacked size, `cut` says in
    words why the stream is not whole (None: it is). `mem_info` is set by the vmcore reader alone. `counted` is set
    where a log held more reports than were kept, `other_events` counts what else it tells by kind (`search.other`).
    `first_time` and `last_time` are the times of the first and last line that bears one, as ISO 8601, or without the
    year where the log prints none.
    """

    spec: str
    name: str
    text: str = ""
    windows: tuple[Window, ...] = ()
    mem_info: MemInfo | None = None
    counted: StormCount | None = None
    bytes_read: int = 0
    cut: str | None = None
    first_time: str | None = None
    last_time: str | None = None
    other_events: Mapping[str, int] = field(default_factory=dict)

    def named(self, name: str) -> Stream:
        """The same stream under another name, its windows too."""
        if name == self.name:
            return self
        return replace(self, name=name, windows=tuple(replace(window, file=name) for window in self.windows))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How complete a collection is.

    `found` are the specs that have a stream; `skipped` files that were recognised but not read, with the reason; `cut`
    files that are only partly there; `timed_out` commands that the collecting tool gave up on; `filtered` is true where
    the collecting tool keeps only some lines of the logs (insights archives). Times as in `Stream`. `other_events` are
    those of all logs, each counted once where logs are copies of each other.
    """

    found: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    timed_out: tuple[str, ...] = ()
    filtered: bool = False
    oldest_log_time: str | None = None
    newest_log_time: str | None = None
    other_events: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    """All that was read of one host.

    `kind` is "sosreport", "insights", "directory", "archive", "log", "vmcore", "crashdir" or "host". `complete` is
    False where the source could not be read wholly; `warnings` say why, one line each. `deadline` is when to stop with
    what is done with it, by time.monotonic(), in whichever process.
    """

    path: str
    kind: str
    complete: bool = True
    warnings: tuple[str, ...] = ()
    streams: tuple[Stream, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    deadline: float | None = field(default=None, compare=False)
