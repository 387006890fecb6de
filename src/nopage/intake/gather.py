"""The members of one source -> collections, one for each host that it holds."""
from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from nopage.intake.coverage import coverage, notes
from nopage.intake.member import FILE, FOLDER, HARDLINK, LINK, Member, normal
from nopage.intake.model import Collection, Limits, SourceError, Stream
from nopage.intake.reader import Budget, Damage, LimitReached, Metered, Reader
from nopage.intake.room import NOTES, Room, note
from nopage.intake.sources import (
    CORE_NAME,
    KERNEL_LOG,
    LOG,
    LOOSE_LOG,
    META,
    SOS_NAME,
    STRONG,
    Match,
    Source,
    classify,
)
from nopage.intake.streams import Taken, printable, read_fact, read_log

LINKS = 5_000  # looked at, of one host
ARCHIVE_NAME = re.compile(r"\.(?:tar(?:\.\w{2,4})?|tgz|txz|tbz2?|tzst|zip)$", re.IGNORECASE)

Descend = Callable[[str, Reader], Iterator[Collection]]


@dataclass(slots=True)
class Host:
    """What has been read of one host so far."""

    streams: dict[tuple[str, str], Stream] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    timed_out: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)


class Gatherer:
    """Takes a source's members in any order; `collections()` then gives what they hold, sorted by top folder."""

    def __init__(
        self, path: str, kind: str, limits: Limits, budget: Budget, descend: Descend, joint: str = "!"
    ) -> None:
        self._path = path
        self._joint = joint
        self._kind = kind
        self._limits = limits
        self._budget = budget
        self._room = Room(limits)
        self._descend = descend
        self._directory = kind == "directory"
        self._hosts: dict[str, Host] = {}
        self._loose: dict[str, Stream] = {}
        self._names: set[str] = set()
        self._unsafe = 0
        self._dumps: list[Stream] = []
        self.cores: list[str] = []
        self.warnings: list[str] = []
        self.complete = True

    def take(self, members: Iterable[Member]) -> Iterator[Collection]:
        """Read the members; gives the collections of archives inside. Ends early, and says why, on any fault."""
        try:
            for member in members:
                self._budget.member()
                archive = self._member(member)
                if archive is not None:
                    yield from self._inner(archive, member)
        except (Damage, LimitReached) as fault:
            self.fault(fault.reason)

    def fault(self, reason: str) -> None:
        """The source could not be read wholly."""
        self.complete = False
        note(self.warnings, reason)

    @property
    def strong(self) -> bool:
        """The source itself, not a folder in it, is a collected host."""
        return "" in self._hosts and bool(self._hosts[""].marks)

    def _inner(self, path: str, member: Member) -> Iterator[Collection]:
        try:
            yield from self._descend(path, member.open())
        except SourceError as error:
            self.fault(f"{printable(path)}: {error.reason}")

    def _member(self, member: Member) -> str | None:
        """Read what there is to read of a member; gives its path where it is an archive, for the caller to enter."""
        path = normal(member.path)
        if path is None:
            self._unsafe += 1
            return None
        parts = path.split("/", 2)
        if parts[0] in STRONG:
            self._host("").marks.add(parts[0])
        elif len(parts) > 1 and parts[1] in STRONG:
            self._host(parts[0]).marks.add(parts[1])
        if member.kind == FOLDER:
            return None
        match = classify(path)
        if member.kind != FILE:
            if match is not None:
                self._no_file(self._host(match.top), path, member)
        elif self._is_archive(path, parts):
            return path
        elif CORE_NAME.match(path, path.rfind("/") + 1):
            self._core(path, parts, member)
        elif match is not None:
            self._keep(match, path, self._read(member, match.source))
        elif not self._collected(parts) and LOOSE_LOG.match(path, path.rfind("/") + 1):
            self._keep_loose(path, self._read(member, KERNEL_LOG))
        return None

    def _is_archive(self, path: str, parts: list[str]) -> bool:
        """The member is an archive that may hold a host of its own.

        Inside a collected host it stands in the top folder, as `sos collect` packs them; else near the top, or it has
        a sosreport's name.
        """
        if "." not in path[-10:] or not ARCHIVE_NAME.search(path, max(0, len(path) - 10)):
            return False
        if self._collected(parts):
            return len(parts) == 1 or (len(parts) == 2 and not self.strong)
        return path.count("/") < 2 or SOS_NAME.match(posixpath.basename(path)) is not None

    def _core(self, path: str, parts: list[str], member: Member) -> None:
        """A crash dump: of a directory the caller reads it, in an archive it is now or never."""
        if self._directory or self._collected(parts):
            if len(self.cores) < NOTES:
                self.cores.append(path)
            return
        from nopage.intake.cores import core_in

        try:
            core = core_in(member.open(), path, printable(path), self._limits.core_bytes)
        except SourceError as error:
            self.fault(f"{printable(path)}: {error.reason}")
            return
        self._dumps += core.streams
        self.warnings += [f"{printable(path)}: {warning}" for warning in core.warnings]
        self.complete = self.complete and core.complete

    def _no_file(self, host: Host, path: str, member: Member) -> None:
        if member.kind in (LINK, HARDLINK):
            base = "" if member.kind == HARDLINK else posixpath.dirname(path)
            if len(host.links) < LINKS:
                host.links[path] = posixpath.normpath(posixpath.join(base, member.target))
        else:
            note(host.skipped, f"{printable(path)}: is a {member.kind}")

    def _read(self, member: Member, source: Source) -> Taken:
        reader = member.open()
        if self._directory:
            reader = Metered(reader, self._budget)  # an archive's bytes have been counted already
        read = read_log if source.kind == LOG else read_fact
        return read(source.spec, printable(member.path), reader, self._room.limits(), self._budget)

    def _keep(self, match: Match, path: str, taken: Taken) -> None:
        host, name = self._host(match.top), match.name
        if taken.skipped is not None:
            note(host.skipped, f"{printable(name)}: {taken.skipped}")
        if path in self._names:
            note(self.warnings, f"{printable(path)}: stands in the source more than once; the last one counts")
        self._names.add(path)
        stream = taken.stream
        if stream is not None:
            if stream.cut is not None:
                note(host.cut, f"{printable(name)}: {stream.cut}")
            if match.source.kind == META:
                timed_out, tailed = notes(stream.text)
                host.timed_out += timed_out[:NOTES]
                for found in tailed:
                    note(host.cut, f"{printable(found)}: only its end was collected")
            else:
                host.streams[match.source.spec, name] = stream.named(printable(name))
                self._room.take(stream)
        self._tell(taken, path)

    def _keep_loose(self, path: str, taken: Taken) -> None:
        if taken.stream is not None:
            self._loose[path] = taken.stream
            self._room.take(taken.stream)
        self._tell(taken, path)

    def _tell(self, taken: Taken, path: str) -> None:
        """End the source on its own faults; a member's are told and the next member is read."""
        fault = taken.fault
        if isinstance(fault, Damage) and self._directory:
            self.fault(f"{printable(path)}: {fault.reason}")
        elif fault is not None:
            raise fault
        elif taken.stream is not None and taken.stream.cut is not None:
            self.fault(f"{printable(path)}: {taken.stream.cut}")

    def _host(self, top: str) -> Host:
        host = self._hosts.get(top)
        if host is None:
            self._room.hosts(len(self._hosts))
            host = self._hosts[top] = Host()
        return host

    def _collected(self, parts: list[str]) -> bool:
        """The file belongs to a collected host, whose logs are known by their names."""
        for top in ("", parts[0]):
            host = self._hosts.get(top)
            if host is not None and host.marks:
                return True
        return False

    def collections(self) -> list[Collection]:
        """One collection for each host; none where nothing was found."""
        if self._unsafe:
            self.warnings.append(f"{self._unsafe} members whose names lead out of the archive were passed over")
        strong = {top for top, host in self._hosts.items() if host.marks or SOS_NAME.match(posixpath.basename(top))}
        tops = [top for top in self._hosts if self._counts(top, strong)]
        if not strong and (self._loose or self._dumps or not tops):
            tops = self._as_one(tops)
        tops.sort()
        return [self._collection(top, alone=len(tops) == 1) for top in tops]

    def _counts(self, top: str, strong: set[str]) -> bool:
        """The folder is a host of its own: it looks like a collected one, or like any where none does.

        Beside collected hosts, other files count where their logs have hits; inside one (a container's) they do not.
        """
        streams = self._hosts[top].streams.values()
        if top in strong or not strong:
            return bool(streams)
        return "" not in strong and any(stream.windows for stream in streams)

    def _as_one(self, tops: list[str]) -> list[str]:
        """No host's own folder was found: everything that was is one collection."""
        one = Host()
        for top in tops:
            host = self._hosts[top]
            for (spec, name), stream in host.streams.items():
                path = posixpath.join(top, name)
                one.streams[spec, path] = stream.named(printable(path))
            one.skipped += host.skipped
            one.cut += host.cut
        for path, stream in self._loose.items():
            one.streams["kernel_log", path] = stream
            if stream.cut is not None:
                one.cut.append(f"{stream.name}: {stream.cut}")
        for stream in self._dumps:
            one.streams[stream.spec, stream.name] = stream
            self._kind = "crashdir"
        if not one.streams:
            return []
        if not tops and not self._dumps:
            self.warnings.append("is no sosreport: only its logs were searched")
        self._hosts = {"": one}
        return [""]

    def _collection(self, top: str, alone: bool) -> Collection:
        host = self._hosts[top]
        names = {posixpath.join(top, name) for _, name in host.streams}
        for link, target in host.links.items():
            if target not in names and link not in names:
                note(host.skipped, f"{printable(link)}: a link to {printable(target)}, which is not in the source")
        for core in self.cores:
            if posixpath.join(top, "") == core[: len(posixpath.join(top, ""))]:
                host.skipped.append(f"{printable(core)}: a crash dump is read when its own path is given")
        streams = tuple(sorted(host.streams.values(), key=lambda stream: (stream.spec, stream.name)))
        kind = self._kind
        if host.marks:
            kind = "insights" if not any(mark.startswith("sos_") for mark in host.marks) else "sosreport"
        elif SOS_NAME.match(posixpath.basename(top)):
            kind = "sosreport"
        return Collection(
            path=self._path if alone or not top else f"{self._path}{self._joint}{printable(top)}",
            kind=kind,
            complete=self.complete,
            warnings=tuple(dict.fromkeys(self.warnings)),
            streams=streams,
            coverage=coverage(
                streams,
                skipped=host.skipped,
                cut=host.cut,
                timed_out=host.timed_out,
                filtered=kind == "insights",
            ),
        )
