"""The members of one source -> collections, one for each host that it holds."""
from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from nopage.intake.member import FILE, FOLDER, HARDLINK, LINK, Member, normal
from nopage.intake.model import Collection, Coverage, Limits, Stream
from nopage.intake.reader import Budget, Damage, LimitReached, Reader
from nopage.intake.sources import LOG, LOOSE_LOG, META, SOS_NAME, STRONG, classify
from nopage.intake.streams import Taken, printable, read_fact, read_log

ARCHIVE_NAME = re.compile(r"\.(?:tar(?:\.\w{2,4})?|tgz|txz|tbz2?|tzst|zip)$", re.IGNORECASE)
TIMED_OUT = re.compile(r"command '([^'\n]{1,200})' timed out|(?:Plugin|plugin:?) ?'?([\w-]+)'? timed out")
TAILED = re.compile(r"(?:collecting tail of|collected output of) '([^'\n]{1,300})'")

Descend = Callable[[str, Reader], Iterator[Collection]]


@dataclass(slots=True)
class Host:
    """What has been read of one host so far."""

    streams: dict[tuple[str, str], Stream] = field(default_factory=dict)
    loose: dict[str, Stream] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    timed_out: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)


class Gatherer:
    """Takes a source's members in any order; `collections()` then gives what they hold, sorted by top folder."""

    def __init__(self, path: str, kind: str, limits: Limits, budget: Budget, descend: Descend) -> None:
        self._path = path
        self._kind = kind
        self._limits = limits
        self._budget = budget
        self._descend = descend
        self._hosts: dict[str, Host] = {}
        self._loose: dict[str, Stream] = {}
        self._names: set[str] = set()
        self._unsafe = 0
        self.warnings: list[str] = []
        self.complete = True

    def take(self, members: Iterable[Member]) -> Iterator[Collection]:
        """Read the members; gives the collections of archives inside. Ends early, and says why, on any fault."""
        try:
            for member in members:
                self._budget.member()
                yield from self._member(member)
        except (Damage, LimitReached) as fault:
            self.fault(fault.reason)

    def fault(self, reason: str) -> None:
        """The source could not be read wholly."""
        self.complete = False
        self.warnings.append(reason)

    def _member(self, member: Member) -> Iterator[Collection]:
        path = normal(member.path)
        if path is None:
            self._unsafe += 1
            return
        parts = path.split("/", 2)
        if parts[0] in STRONG:
            self._host("").marks.add(parts[0])
        elif len(parts) > 1 and parts[1] in STRONG:
            self._host(parts[0]).marks.add(parts[1])
        if member.kind == FOLDER:
            return
        match = classify(path)
        if member.kind != FILE:
            if match is not None and member.kind in (LINK, HARDLINK):
                base = "" if member.kind == HARDLINK else posixpath.dirname(path)
                self._host(match.top).links[path] = posixpath.normpath(posixpath.join(base, member.target))
            elif match is not None:
                self._host(match.top).skipped.append(f"{printable(match.name)}: is a {member.kind}")
            return
        if ARCHIVE_NAME.search(path) and (path.count("/") < 2 or SOS_NAME.match(posixpath.basename(path))):
            yield from self._descend(path, member.open())
        elif match is not None:
            host = self._host(match.top)
            self._keep(host, match.source.spec, match.source.kind, match.name, path, member.open())
        elif LOOSE_LOG.search(path) and not self._strong(path):
            taken = read_log("kernel_log", printable(path), member.open(), self._limits, self._budget)
            if taken.stream is not None:
                self._loose[path] = taken.stream
            self._raise(taken, path)

    def _keep(self, host: Host, spec: str, kind: str, name: str, path: str, reader: Reader) -> None:
        shown = printable(name)
        read = read_log if kind == LOG else read_fact
        taken = read(spec, shown, reader, self._limits, self._budget)
        if taken.skipped is not None:
            host.skipped.append(f"{shown}: {taken.skipped}")
        if path in self._names:
            self.warnings.append(f"{shown}: stands in the source more than once; the last one counts")
        self._names.add(path)
        stream = taken.stream
        if stream is not None:
            if stream.cut is not None:
                host.cut.append(f"{shown}: {stream.cut}")
            if kind == META:
                host.timed_out += [a or f"plugin {b}" for a, b in TIMED_OUT.findall(stream.text)]
                host.cut += [f"{printable(found)}: only its end was collected" for found in TAILED.findall(stream.text)]
            else:
                host.streams[spec, name] = stream
        self._raise(taken, path)

    def _raise(self, taken: Taken, path: str) -> None:
        """End the source on its own faults; a member's are told and the next member is read."""
        fault = taken.fault
        if isinstance(fault, Damage) and self._kind == "directory":
            self.fault(f"{printable(path)}: {fault.reason}")
        elif fault is not None:
            raise fault
        elif taken.stream is not None and taken.stream.cut is not None:
            self.fault(f"{printable(path)}: {taken.stream.cut}")

    def _host(self, top: str) -> Host:
        host = self._hosts.get(top)
        if host is None:
            host = self._hosts[top] = Host()
        return host

    def _strong(self, path: str) -> bool:
        """The file belongs to a collected host whose logs are known by their names."""
        for top in ("", path.split("/", 1)[0]):
            host = self._hosts.get(top)
            if host is not None and host.marks:
                return True
        return False

    def collections(self) -> list[Collection]:
        """One collection for each host; none where nothing was found."""
        if self._unsafe:
            self.warnings.append(f"{self._unsafe} members whose names lead out of the archive were passed over")
        strong = {top for top, host in self._hosts.items() if host.marks or SOS_NAME.match(posixpath.basename(top))}
        tops = [top for top, host in self._hosts.items() if host.streams and (top in strong or not strong)]
        if not strong and (self._loose or not tops):
            tops = self._loosely(tops)
        tops.sort()
        return [self._collection(top, alone=len(tops) == 1) for top in tops]

    def _loosely(self, tops: list[str]) -> list[str]:
        """No host's own folder was found: everything that was is one collection."""
        one = Host()
        for top in tops:
            host = self._hosts[top]
            for (spec, name), stream in host.streams.items():
                one.streams[spec, posixpath.join(top, name)] = stream
            one.skipped += host.skipped
            one.cut += host.cut
        for path, stream in self._loose.items():
            one.streams["kernel_log", path] = stream
            if stream.cut is not None:
                one.cut.append(f"{stream.name}: {stream.cut}")
        if not one.streams:
            return []
        if not tops:
            self.warnings.append("is no sosreport: only its logs were searched")
        self._hosts = {"": one}
        return [""]

    def _collection(self, top: str, alone: bool) -> Collection:
        host = self._hosts[top]
        names = {posixpath.join(top, stream_name) for _, stream_name in host.streams}
        for link, target in host.links.items():
            if target not in names and link not in names:
                host.skipped.append(f"{printable(link)}: a link to {printable(target)}, which is not in the source")
        streams = tuple(sorted(host.streams.values(), key=lambda stream: (stream.spec, stream.name)))
        kind = self._kind
        if host.marks:
            kind = "insights" if not any(mark.startswith("sos_") for mark in host.marks) else "sosreport"
        elif SOS_NAME.match(posixpath.basename(top)):
            kind = "sosreport"
        times = [time for stream in streams for time in (stream.first_time, stream.last_time) if time]
        dated = [time for time in times if time[:4].isdigit()]
        covered = Coverage(
            found=tuple(sorted({stream.spec for stream in streams})),
            skipped=tuple(sorted(host.skipped)),
            cut=tuple(sorted(host.cut)),
            timed_out=tuple(sorted(set(host.timed_out))),
            filtered=kind == "insights",
            oldest_log_time=min(dated or times, default=None),
            newest_log_time=max(dated or times, default=None),
        )
        return Collection(
            path=self._path if alone else f"{self._path}!{printable(top)}",
            kind=kind,
            complete=self.complete,
            warnings=tuple(dict.fromkeys(self.warnings)),
            streams=streams,
            coverage=covered,
        )
