"""Takes the prefix of the log daemon off a line: time, host, tag, level, caller id. What stays is the kernel's text."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nopage.klog.framing.clock import least_seconds_between
from nopage.klog.framing.layouts import (
    EMBEDDED,
    EMBEDDED_BOOT,
    HOST,
    INNER,
    KERNEL_TAG,
    LAYOUTS,
    PRIORITY,
    PROGRAM,
    SECOND_STAMP,
    TRIED,
    VENDOR,
    Layout,
)


@dataclass(slots=True)
class Record:
    """One line of the log without its prefix.

    `index` is the line's place in its window. `wall` and `boot` are the time stamps as written, `source` tells the CPU
    or task that printed the line, `host` the machine where the log names one. `framed` False: it bears no prefix, so it
    may be the rest of the line before. `kernel` False: a program wrote it.
    """

    index: int
    text: str
    wall: str | None = None
    boot: str | None = None
    source: str | None = None
    framed: bool = False
    kernel: bool = True
    host: str | None = None

    def pause(self, other: Record) -> float:
        """Seconds between the two records, 0 where no clock since boot tells."""
        if self.boot is None or other.boot is None:
            return 0.0
        return abs(float(other.boot) - float(self.boot))

    def least_seconds_since(self, earlier: Record) -> float | None:
        """At least so many seconds lie between; None where no clock tells, or where it was set back, as by a boot."""
        if self.boot is None or earlier.boot is None:
            return least_seconds_between(earlier.wall, self.wall)
        apart = float(self.boot) - float(earlier.boot)
        return apart if apart >= 0 else None

    def part(self, text: str) -> Record:
        """A piece of this record as a record of its own."""
        return replace(self, text=text.strip())


class Framer:
    """Learns the layout of one log while reading it: a log keeps to one, so the last that matched is tried first."""

    __slots__ = ("_groups", "_host", "_layout", "_match", "_named", "_tag")

    def __init__(self) -> None:
        self._tag = "\0"
        self._named: str | None = None  # the host in the tag
        self._use(LAYOUTS[0])

    def _use(self, layout: Layout) -> None:
        self._layout = layout
        self._match = layout.pattern.match
        self._groups = layout.groups
        self._host = layout.host

    def records(self, index: int, line: str) -> Sequence[Record]:
        """The record of a line, or several where newlines were lost."""
        record = self.record(index, line)
        text = record.text
        if "kernel:" not in text and ("[" not in text or EMBEDDED_BOOT.search(text) is None):
            return (record,)
        if text.startswith("message repeated"):  # rsyslog quotes the line, its time stamp included
            return (record,)
        starts = [match.start() for match in EMBEDDED.finditer(text) if match.start()]
        ends = [*starts[1:], len(text)]
        first = record.part(text[: starts[0]]) if starts else record
        return (first, *(self.record(index, text[begin:end]) for begin, end in zip(starts, ends, strict=False)))

    def record(self, index: int, line: str) -> Record:
        """The line as one Record."""
        line = line.strip()
        if not line:
            return Record(index, "")
        if ("kern." in line or "daemon." in line or "user." in line) and PRIORITY.search(line):
            line = PRIORITY.sub("", line).strip()
            if not line:
                return Record(index, "")
        match = self._match(line)
        if match is None or (self._layout is LAYOUTS[0] and " kernel:" in line[:100]):
            match = self._another(line) or match
            if match is None:
                return Record(index, line)
        wall, boot, source, level, facility, usec, text = match.group(*self._groups)
        kernel = True
        host: str | None = None
        if self._host:
            text, kernel, host = self._untagged(text)
        elif level is not None:
            kernel = int(level) < 8
        elif facility is not None:
            kernel = facility == "kern"
        if boot is None and text[:1] in ("[", "<"):
            inner = INNER.match(text)
            if inner is not None:
                boot, source = inner["boot"], inner["caller"] or inner["lone"]
                text = text[inner.end() :].lstrip()
                kernel = True
        if usec is not None:
            usec = usec.zfill(7)
            boot = f"{usec[:-6]}.{usec[-6:]}"
        if source is not None:
            vendor = VENDOR.match(source)
            source = vendor[1] + vendor[2] if vendor else source.replace(" ", "")
        return Record(index, text, wall, boot, source, True, kernel, host)

    def _another(self, line: str) -> re.Match[str] | None:
        """Tries the other layouts."""
        for layout in TRIED.get(line[0], ()):
            match = layout.pattern.match(line)
            if match is not None:
                self._use(layout)
                return match
        return None

    def _untagged(self, text: str) -> tuple[str, bool, str | None]:
        """Without `host kernel: `; False when another program wrote the line; and the host."""
        if text.startswith(self._tag):
            return text[len(self._tag) :].lstrip(), True, self._named
        match = KERNEL_TAG.match(text)
        if match is not None:
            self._tag, self._named = match[0].rstrip(), match["host"]
            return text[match.end() :].lstrip(), True, self._named
        if text[:1] in ("[", "<"):
            return text, True, None
        match = HOST.match(text)
        if match is not None:
            text = text[match.end() :]
        second = SECOND_STAMP.match(text)
        if second is not None and (match := KERNEL_TAG.match(text, second.end())) is not None:
            return text[match.end() :].lstrip(), True, match["host"]
        program = PROGRAM.match(text)
        if program is None:
            return text, True, None
        # `host swapper: page ...` is the kernel's own text in a log without tags, `host app: swapper: page ...` is not
        before, header, _ = text[program.end() :].partition("page alloc")
        return text, "[" not in program[0] and not (header and ": " in before), None
