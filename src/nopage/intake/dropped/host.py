"""Files that somebody dropped as one host's."""
from __future__ import annotations

from collections.abc import Iterable

from nopage.intake.archive import members_of
from nopage.intake.cores import is_core
from nopage.intake.dropped.kinds import kind_of
from nopage.intake.hosts import coverage, note
from nopage.intake.model import Collection, Limits, SourceError, Stream
from nopage.intake.reader import Budget, Damage, LimitReached, Peeked
from nopage.intake.single import single
from nopage.intake.streams import printable, read_fact
from nopage.intake.unpack import plain_source

NICS_MOST = 64
SKIPPED_TOLD = 3  # of files of which none could be read


class NeedsCommand(SourceError):
    """What was dropped is an archive or a crash dump."""


def one_host(files: Iterable[tuple[str, bytes]], limits: Limits) -> Collection:
    """The files as one host's.

    Raises SourceError where one cannot be read, NeedsCommand for an archive.
    """
    budget = Budget(limits.unpacked_bytes, limits.members, limits.seconds, limits.threads)
    streams: list[Stream] = []
    warnings: list[str] = []
    skipped: list[str] = []
    given = list(files)
    for name, data in given:
        try:
            found, remarks = read(name, data, limits, budget)
        except NeedsCommand:
            raise
        except SourceError as error:
            if len(given) > 1:
                note(skipped, f"{printable(name)}: {error.reason}")
                continue
            raise
        streams += found
        for remark in remarks:
            note(warnings, remark)
    streams = with_interfaces(streams)
    path = given[0][0] if len(given) == 1 else f"{len(given)} files"
    ordered = tuple(sorted(streams, key=lambda stream: (stream.spec, stream.name)))
    if not ordered:
        more = ("; and more of these",) if len(skipped) > SKIPPED_TOLD else ()
        raise SourceError(path, "".join(("; ".join(skipped[:SKIPPED_TOLD]), *more)) or "is empty")
    return Collection(
        printable(path), "log" if len(given) == 1 else "directory", not warnings and not skipped,
        tuple(dict.fromkeys((*warnings, *skipped))), ordered,
        coverage(ordered, skipped=skipped, cut=warnings), budget.deadline,
    )


class Held:
    """A reader of bytes that are all there."""

    def __init__(self, data: bytes, block: int = 256 << 10) -> None:
        self._data, self._at, self._block = data, 0, block

    def read(self) -> bytes:
        """The next block."""
        piece = self._data[self._at : self._at + self._block]
        self._at += len(piece)
        return piece


def read(name: str, data: bytes, limits: Limits, budget: Budget) -> tuple[list[Stream], list[str]]:
    """The streams of one file, and what could not be read of it."""
    try:
        source, _ = plain_source(Peeked(Held(data), 4096), budget, limits.nesting, outermost=True)
        if not source.head:
            raise SourceError(name, "is empty")
        if members_of(source, None, budget) is not None or is_core(source.head):
            raise NeedsCommand(name, "is an archive or a crash dump")
        kind = kind_of(name, source.head)
        if not kind.specs:
            one = single(name, printable(name), source, limits, budget, plain=False)
            return list(one.streams), list(one.warnings)
        taken = read_fact(kind.specs[0], kind.name, source, limits, budget)
    except (Damage, LimitReached) as fault:
        raise SourceError(name, fault.reason) from fault
    first = taken.stream
    if first is None:
        raise SourceError(name, taken.skipped or "is empty")
    streams = [first, *(Stream(spec, kind.name, text=first.text) for spec in kind.specs[1:])]
    return streams, [f"{printable(name)}: {first.cut}"] if first.cut else []


def with_interfaces(streams: list[Stream]) -> list[Stream]:
    """Outputs of ethtool that tell no interface are of the only one that is told, else of one without a name."""
    told = {stream.name.rpartition("_")[2] for stream in streams
            if stream.spec == "ethtool" and not stream.name.endswith("{nic}")}
    only = told.pop() if len(told) == 1 else "nic"
    named: list[Stream] = []
    seen: set[tuple[str, str]] = set()
    for stream in streams:
        name = base = stream.name.replace("{nic}", only)
        for number in range(2, NICS_MOST):
            if (stream.spec, name) not in seen:
                break
            name = f"{base}{number}" if stream.spec == "ethtool" else f"{base} ({number})"
        seen.add((stream.spec, name))
        named.append(stream.named(name))
    return named
