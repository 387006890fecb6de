"""Where the facts come from: one collected source, whatever runs the rules.

`insights run` gives an extracted archive (or the live host) as an execution context, nopage gives what its own intake
has streamed (`IntakeContext`). Both become the same `Collection`, so both see the same logs: whole, through no line
filter of any plugin and with no limit on size.
"""
from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from insights.core.context import (
    ExecutionContext,
    HostArchiveContext,
    HostContext,
    SerializedArchiveContext,
    SosArchiveContext,
)
from insights.core.plugins import datasource
from insights.core.spec_factory import ContentProvider

from nopage.intake.model import Collection, Stream

ARCHIVE_CONTEXTS = (SosArchiveContext, HostArchiveContext, SerializedArchiveContext)


class IntakeContext(ExecutionContext):
    """Holds what nopage's own intake read from one source."""

    def __init__(self, collected: Collection) -> None:
        super().__init__(root=collected.path)
        self.collected = collected


class CrashContext(ExecutionContext):
    """A crash directory (`/var/crash/127.0.0.1-2014-02-14-18:30`) that `insights run` is pointed at.

    Sosreports and insights archives hold such directories too; they stay what they are.
    """

    MARKERS = ("vmcore", "vmcore.flat", "vmcore-dmesg.txt")
    ARCHIVES = ("/sos_commands/", "/insights_commands/", "/meta_data/")

    @classmethod
    def handles(cls, files: list[str]) -> tuple[str | None, type[ExecutionContext] | None]:
        """The directory of the core among `files`, where they are no collected host's."""
        cores = [path for path in files if os.path.basename(path) in cls.MARKERS]
        if not cores or any(marker in path for path in files for marker in cls.ARCHIVES):
            return None, None
        return os.path.dirname(min(cores, key=len)), cls


class StreamContent(ContentProvider):
    """One stream in the shape that an insights parser is constructed with.

    Attributes:
        collected (Stream): the stream; of a log, its windows know their places in the file.
        deadline (float | None): when to stop parsing it, by time.monotonic().
    """

    def __init__(self, stream: Stream, deadline: float | None = None) -> None:
        super().__init__()
        self.collected = stream
        self.deadline = deadline
        self.relative_path = stream.name
        self.root = ""
        self.ds = self.ctx = self.cleaner = None

    @property
    def content(self) -> list[str]:
        """The lines; of a log, those of its windows. Made anew each time: a storm's lines are not held twice."""
        return self.load()

    def load(self) -> list[str]:
        if self.collected.windows:
            return [line for window in self.collected.windows for line in window.lines]
        return self.collected.text.splitlines()

    def _stream(self) -> Iterator[list[str]]:
        yield self.load()


@datasource([IntakeContext, CrashContext, *ARCHIVE_CONTEXTS, HostContext])
def collection(broker: Any) -> Collection:
    """The collected source of this run."""
    if IntakeContext in broker:
        collected: Collection = broker[IntakeContext].collected
        return collected
    from nopage.intake.collect import collect_directory, collect_host  # nopage's own run has read its source already

    for context in (CrashContext, *ARCHIVE_CONTEXTS):
        if context in broker:
            return collect_directory(broker[context].root)
    return collect_host()
