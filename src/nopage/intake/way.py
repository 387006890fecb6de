"""The way of a source through the intake, from its bytes to its hosts' collections; archives inside archives go it too.

A member's way is one line down: seen by a walk of `archive`, placed by its name in `hosts`, read by `streams` (a log
through `search`), kept in `hosts`. When the last one is kept, what is there is judged.
"""
from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from nopage.intake.archive import Member
from nopage.intake.hosts import ARCHIVE, CORE, FEEDS, LOOSE, Kept, Place, Placer, judged
from nopage.intake.model import Collection, Limits, NothingFound, SourceError
from nopage.intake.reader import Budget, Damage, LimitReached, Metered, Peeked, Reader
from nopage.intake.sources import LOG, LONGEST
from nopage.intake.streams import Taken, printable, read_fact, read_log
from nopage.intake.unpack import plain_source


class Way:
    """Leads sources through, all within one budget; `depth` is how many archives stand around the source."""

    def __init__(self, limits: Limits, budget: Budget, depth: int = 0, around: Kept | None = None) -> None:
        self._limits = limits
        self._budget = budget
        self._depth = depth
        self._around = around  # what is kept of the source that this one stands in

    def stream(self, path: str, name: str, reader: Reader, seekable: Any) -> Iterator[Collection]:
        """The collections in one stream of bytes; `seekable` is the file behind it where it can seek.

        Raises SourceError where there are none.
        """
        for collection in self._stream(path, name, reader, seekable):
            yield replace(collection, deadline=self._budget.deadline)

    def directory(self, root: str) -> Iterator[Collection]:
        """The collections in a directory. Raises SourceError where there are none."""
        for collection in self._directory(root):
            yield replace(collection, deadline=self._budget.deadline)

    def _stream(self, path: str, name: str, reader: Reader, seekable: Any) -> Iterator[Collection]:
        from nopage.intake.archive import members_of

        pump = None
        try:
            outermost = not self._depth
            source, pump = plain_source(Peeked(reader), self._budget, self._limits.nesting, outermost=outermost)
            if pump is not None:
                seekable = None
            if not source.head:
                raise SourceError(path, "is empty")
            members = members_of(source, seekable, self._budget)
            if members is not None:
                yield from self._archive(path, members)
            else:
                from nopage.intake.single import single

                plain = seekable is not None
                yield single(path, name, source, self._limits, self._budget, plain=plain)
        except (Damage, LimitReached) as fault:
            raise SourceError(path, fault.reason) from fault
        finally:
            if pump is not None:
                pump.close()

    def _directory(self, root: str) -> Iterator[Collection]:
        from nopage.intake.archive import walk_directory

        problems: list[str] = []
        kept = Kept(root, "directory", self._limits, windows=self._budget.windows)
        inner = 0
        inside = Way(self._limits, self._budget, self._depth, kept)
        for collection in self._members(kept, walk_directory(os.path.realpath(root), problems), inside):
            inner += 1
            yield collection
        for problem in problems:
            kept.fault(problem)
        if kept.cores and not kept.hosts.whole:
            from nopage.intake.cores import crash_directory

            name = min(kept.cores)
            kept.cores.clear()
            yield crash_directory(root, name, judged(kept), self._limits.vmlinux)
        else:
            yield from _found(kept, inner)

    def _archive(self, path: str, members: Iterable[Member]) -> Iterator[Collection]:
        kept = Kept(path, "archive", self._limits, self._around, self._budget.windows)
        inner = 0
        for collection in self._members(kept, members, Way(self._limits, self._budget, self._depth + 1, kept)):
            inner += 1
            yield collection
        yield from _found(kept, inner)

    def _members(self, kept: Kept, members: Iterable[Member], inside: Way) -> Iterator[Collection]:
        """Fill `kept`, and give the collections of archives among the members, which go the way `inside`.

        Ends early, and says why, on any fault.
        """
        placer = Placer(kept.hosts, directory=kept.is_directory)
        hostless: list[tuple[str, Collection]] = []  # archives that hold no collected host, by their places
        try:
            for member in members:  # seen
                self._budget.member()
                place = placer.place(member)  # placed
                if place is None:
                    continue
                if place.role in (FEEDS, LOOSE):
                    kept.keep(place, self._read(kept, place))  # read, kept
                elif place.role == ARCHIVE:
                    for collection in inside._nested(kept, place):
                        if collection.kind == "archive":
                            hostless.append((place.path, collection))
                        else:
                            yield collection
                elif place.role == CORE:
                    self._core(kept, place)
                else:
                    kept.keep_name(place)
        except (Damage, LimitReached) as fault:
            kept.fault(fault.reason)
        for path, collection in hostless:
            if not kept.hosts.is_inside(path):  # sys.tgz, usr.tgz: parts of the host that they stand in
                yield collection
        if placer.unsafe:
            kept.warn(f"{placer.unsafe} members whose names lead out of the archive were passed over")
        if placer.overlong:
            kept.fault(f"{placer.overlong} members with names of more than {LONGEST} bytes were passed over")

    def _read(self, kept: Kept, place: Place) -> Taken:
        """The text that stands in a placed file, or its windows where it is a log."""
        member, source = place.member, place.source
        reader = member.open()
        if kept.is_directory:
            reader = Metered(reader, self._budget)  # an archive's bytes have been counted already
        name = member.path if place.match is None else place.match.name
        read = read_log if source.kind == LOG else read_fact
        return read(source.spec, printable(name), reader, kept.limits(source), self._budget)

    def _nested(self, kept: Kept, place: Place) -> Iterator[Collection]:
        """The collections of an archive that is a member of another source; one that gives none is passed over."""
        if self._depth >= self._limits.nesting:
            kept.fault(f"is an archive at level {self._depth + 1} of nesting; raise the limit to read it", place.path)
            return
        try:
            path = kept.inside(place.path)
            for collection in self.stream(path, place.path, place.member.open(), None):
                if collection.kind != "log":
                    yield collection
        except NothingFound:
            return
        except SourceError as error:
            kept.fault(error.reason, place.path)

    def _core(self, kept: Kept, place: Place) -> None:
        from nopage.intake.cores import core_in

        try:
            core = core_in(place.member.open(), place.path, printable(place.path), self._limits.core_bytes)
        except SourceError as error:
            kept.fault(error.reason, place.path)
            return
        kept.keep_dump(place.path, core.streams, core.warnings, core.complete)


def _found(kept: Kept, inner: int) -> Iterator[Collection]:
    """What was kept, judged; an error where that is nothing, unless the `inner` archives gave some."""
    collections = judged(kept)
    yield from collections
    why = "; ".join(dict.fromkeys(kept.warnings))
    if not collections and not inner:
        if kept.complete:
            raise NothingFound(kept.path, why or "holds no log and no file of a host")
        raise SourceError(kept.path, why)
    if not collections and not kept.complete:
        raise SourceError(kept.path, why)
