"""Read -> kept: what reading a member gave goes to its host, within what may be kept of one source in all."""
from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import replace

from nopage.intake.archive import HARDLINK, LINK, normal
from nopage.intake.hosts.allowance import Allowance
from nopage.intake.hosts.coverage import notes
from nopage.intake.hosts.place import LATER, Place
from nopage.intake.hosts.record import Hosts
from nopage.intake.model import Limits, Stream
from nopage.intake.reader import Damage, Windows
from nopage.intake.sources import LOG, META, SAR, Match, Source, classify
from nopage.intake.streams import Taken, printable
from nopage.kernel.bounds import BOUNDS


class Kept:
    """All that is kept of one source: its hosts' streams, logs outside any host, crash dumps, and remarks.

    `kind` is "archive" or "directory". `complete` is False where the source could not be read wholly; `warnings` say
    why.
    """

    def __init__(
        self, path: str, kind: str, limits: Limits, outer: Kept | None = None, windows: Windows | None = None
    ) -> None:
        self.path = path
        self.kind = kind
        self.hosts = Hosts(limits.kept_hosts)
        self.loose: dict[str, Stream] = {}
        self.dumps: list[Stream] = []  # what was read of crash dumps
        self.cores: list[str] = []  # crash dumps that were not read
        self.warnings: list[str] = []
        self.complete = True
        self._limits = limits
        self._allowance: Allowance = Allowance(
            limits, outer._allowance if outer else None, windows or Windows()
        )
        self._names: set[str] = set()

    @property
    def is_directory(self) -> bool:
        return self.kind == "directory"

    def inside(self, name: str) -> str:
        """The path of what stands in the source under `name`."""
        return f"{self.path}{'/' if self.is_directory else '!'}{name}"

    def limits(self, source: Source) -> Limits:
        """Those to read the next file under."""
        return self._allowance.limits() if source.kind == LOG or source.spec == SAR else self._limits

    def fault(self, reason: str, path: str = "") -> None:
        """The source, or what stands at `path` in it, could not be read wholly."""
        self.complete = False
        self.warn(f"{printable(path)}: {reason}" if path else reason)

    def warn(self, remark: str) -> None:
        """Something that a reader is told of the source."""
        self._allowance.note(self.warnings, remark)

    def keep(self, place: Place, taken: Taken) -> None:
        """What reading a placed file gave. Raises what ends the whole source: Damage, LimitReached."""
        if place.match is not None:
            self._keep_for_host(place.match, place.path, taken)
        elif taken.stream is not None:
            self._allowance.take(taken.stream)
            self.loose[place.path] = taken.stream
        self._tell(taken, place.path)

    def keep_dump(self, path: str, streams: Iterable[Stream], warnings: Iterable[str], complete: bool) -> None:
        """What reading the crash dump at `path` gave."""
        self.dumps += streams
        for warning in warnings:
            self.warn(f"{printable(path)}: {warning}")
        self.complete = self.complete and complete

    def keep_name(self, place: Place) -> None:
        """Of what is not read here its name, for the remark that it was not."""
        if place.role == LATER:
            if len(self.cores) < BOUNDS.remarks:
                self.cores.append(place.path)
            return
        if place.match is None or self._keep_again(place.match, place):
            return
        host, member = self.hosts.at(place.match.top), place.member
        if member.kind not in (LINK, HARDLINK):
            self._allowance.note(host.skipped, f"{printable(place.path)}: is a {member.kind}")
        elif not self._allowance.link(place.path, member.target):
            return
        elif member.kind == LINK:
            folder = posixpath.dirname(place.path)
            host.links[place.path] = posixpath.normpath(posixpath.join(folder, member.target))
        else:
            remark = f"{printable(place.match.name)}: a hard link to {printable(member.target)}, which was not read"
            self._allowance.note(host.skipped, f"{remark}; unpack the archive to have it read")

    def _keep_again(self, match: Match, place: Place) -> bool:
        """A hard link in an archive to a file that is kept is that file under another name, as it is when unpacked."""
        target = normal(place.member.target) if place.member.kind == HARDLINK else None
        other = classify(target) if target and target != place.path else None
        if other is None or other.source.kind != match.source.kind or other.top not in self.hosts.by_top:
            return False
        stream = self.hosts.by_top[other.top].streams.get((other.source.spec, other.name))
        if stream is None:
            return False
        renamed = replace(stream, spec=match.source.spec).named(printable(match.name))
        self._keep_for_host(match, place.path, Taken(renamed))
        return True

    def _keep_for_host(self, match: Match, path: str, taken: Taken) -> None:
        host, name = self.hosts.at(match.top), match.name
        if taken.skipped is not None:
            self._allowance.note(host.skipped, f"{printable(name)}: {taken.skipped}")
        if path in self._names:
            self.warn(f"{printable(path)}: stands in the source more than once; the last one counts")
        self._names.add(path)
        stream = taken.stream
        if stream is None:
            return
        if stream.cut is not None:
            self._allowance.note(host.cut, f"{printable(name)}: {stream.cut}")
        if match.source.kind == META:
            timed_out, tailed = notes(stream.text)
            for command in timed_out:
                self._allowance.note(host.timed_out, command)
            for found in tailed:
                self._allowance.note(host.cut, f"{printable(found)}: only its end was collected")
        else:
            no_room = self._allowance.take(stream)
            if no_room:
                self._allowance.note(host.skipped, f"{printable(name)}: {no_room}")
                if self.complete or no_room not in self.warnings:
                    self.fault(no_room)
                return
            host.streams[match.source.spec, name] = stream

    def _tell(self, taken: Taken, path: str) -> None:
        """End the source on its own faults; a member's are told and the next member is read."""
        fault = taken.fault
        if isinstance(fault, Damage) and self.is_directory:
            self.fault(fault.reason, path)
        elif fault is not None:
            raise fault
        elif taken.stream is not None and taken.stream.cut is not None:
            self.fault(taken.stream.cut, path)
        elif taken.unread and taken.skipped and "/journal/" not in path:  # there stand its keys and indexes
            self.fault(taken.skipped, path)
