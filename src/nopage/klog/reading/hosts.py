"""One log of several hosts, as a loghost keeps: their lines mix, and belong to reports of their own."""
from __future__ import annotations

from nopage.kernel.message import Message, say
from nopage.klog.framing import Record


class Hosts:
    """The hosts of one log after the other, by the names in front of their lines."""

    def __init__(self) -> None:
        self._file = ""
        self._first: str | None = None
        self._reported: list[str] = []

    def source_of(self, file: str, record: Record) -> str | None:
        """What tells the record's lines from others: that of the first host's is the CPU or task alone."""
        if file != self._file or self._first is None:
            self._file, self._first, self._reported = file, record.host, []
        return record.source if record.host == self._first else f"{record.source or ''}@{record.host}"

    def told(self, host: str) -> Message | None:
        """Take note of a report's host; the words where it is the second one."""
        if host in self._reported or len(self._reported) > 1:
            return None
        self._reported.append(host)
        if len(self._reported) < 2:
            return None
        return say("log.several_hosts",
                   "{file}: reports of several hosts, such as {first} and {second}, are told as those of one; "
                   "give each host's lines alone", file=self._file, first=self._reported[0], second=host)
