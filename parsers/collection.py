"""Where the facts come from: one collected source, whatever runs the rules.

`insights run` gives an extracted archive (or the live host) as an execution context, nopage gives what its own intake
has streamed (`IntakeContext`). Both become the same `Collection`, so both see the same logs: whole, through no line
filter of any plugin and with no limit on size.
"""
from __future__ import annotations

import os
from typing import Any

from insights.core.context import (
    ExecutionContext,
    HostArchiveContext,
    HostContext,
    SerializedArchiveContext,
    SosArchiveContext,
)
from insights.core.exceptions import SkipComponent
from insights.core.plugins import datasource

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


class StreamContent:
    """One stream in the shape that an insights parser is constructed with."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.path = stream.name
        self.relative_path = stream.name

    @property
    def content(self) -> list[str]:
        """The lines; of a log, those of its windows."""
        if self.stream.windows:
            return [line for window in self.stream.windows for line in window.lines]
        return self.stream.text.splitlines()


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


def spec(name: str) -> Any:
    """A datasource of all streams that the intake's SOURCES table files under `name`; skipped when there is none."""

    def streams(broker: Any) -> list[StreamContent]:
        found = [StreamContent(stream) for stream in broker[collection].streams if stream.spec == name]
        if not found:
            raise SkipComponent(f"{name}: not collected")
        return found

    streams.__name__ = streams.__qualname__ = name
    return datasource(collection)(streams)
