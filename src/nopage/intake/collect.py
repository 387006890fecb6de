"""The intake's door: a path, URL or '-' -> collections of named streams, one for each host that is found."""
from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator
from typing import Any

from nopage.intake import tar
from nopage.intake.coverage import coverage
from nopage.intake.gather import Gatherer
from nopage.intake.model import Collection, Limits, SourceError, Stream
from nopage.intake.reader import Budget, Damage, FileReader, LimitReached, Metered, Peeked, Reader, error_text
from nopage.intake.unpack import sniff, unpacked

__all__ = [
    "Collection",
    "Limits",
    "SourceError",
    "Stream",
    "collect",
    "collect_directory",
    "collect_file",
    "collect_host",
]


class NothingFound(SourceError):
    """The source could be read, and holds nothing that is looked for."""


URL = re.compile(r"[a-z][a-z0-9+.-]*(?:::|://)", re.IGNORECASE)
ENCRYPTED = (b"-----BEGIN PGP MESSAGE", b"\x8c\x0d\x04", b"\x85\x01\x0c\x03", b"\x85\x02\x0c\x03", b"\x84\x8c\x03")
FOREIGN = (
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF file"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"070701", "a cpio archive"),
    (b"LPKSHHRH", "a binary journal; `journalctl --file` makes it text"),
)


def collect(path: str, limits: Limits | None = None) -> Iterator[Collection]:
    """What can be read of a source: a file or directory, '-' (standard input) or an fsspec URL.

    Gives one collection for each host found; an archive of sosreports gives several. A source that is damaged, or goes
    past a limit, gives what was read, with `complete` False. Raises SourceError where nothing at all can be read.
    """
    limits = limits or Limits()
    budget = Budget(limits.unpacked_bytes, limits.members, limits.seconds)
    work = _Work(limits, budget)
    if "\0" in path:
        raise SourceError(path, "is no path: it holds a NUL")
    if path == "-":
        stdin = getattr(sys.stdin, "buffer", None)
        if stdin is None:  # closed, or replaced by something that holds text
            raise SourceError(path, "standard input gives no bytes here")
        yield from work.stream("-", "-", FileReader(_reads(stdin)), None)
        return
    if URL.match(path) and not os.path.exists(path):
        with _open_url(path) as file:
            seekable = file if file.seekable() else None
            yield from work.stream(path, os.path.basename(path), FileReader(file.read), seekable)
        return
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            yield from _directory(path, limits, budget)
            return
        if stat.S_ISBLK(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode):
            raise SourceError(path, "is a device or socket, no file")
        with open(path, "rb", buffering=0) as plain:
            seekable = plain if stat.S_ISREG(mode) else None
            yield from work.stream(path, os.path.basename(path), FileReader(plain.read), seekable)
    except OSError as error:
        raise SourceError(path, f"cannot be read: {error_text(error)}") from error


def collect_file(file: Any, name: str, limits: Limits | None = None) -> Iterator[Collection]:
    """What can be read of an open binary file, which is left open; `name` is what the results call it.

    Raises SourceError where nothing at all can be read.
    """
    limits = limits or Limits()
    work = _Work(limits, Budget(limits.unpacked_bytes, limits.members, limits.seconds))
    # As a stream, even where it can seek: `name` leads to no file that a crash dump's reader could open by itself.
    yield from work.stream(name, name, FileReader(_reads(file)), None)


def collect_directory(root: str, limits: Limits | None = None) -> Collection:
    """What can be read of an unpacked report: the first host found. Raises SourceError where there is none."""
    limits = limits or Limits()
    budget = Budget(limits.unpacked_bytes, limits.members, limits.seconds)
    return next(_directory(root, limits, budget))


def collect_host(limits: Limits | None = None) -> Collection:
    """The live host: its kernel log and the state of its memory and network."""
    from nopage.intake.host import read_host

    return read_host(limits or Limits())


def _reads(file: Any) -> Any:
    """The read call that gives what is there now: a pipe's reader must not wait for a whole block."""
    return getattr(file, "read1", file.read)


def _open_url(url: str) -> Any:
    try:
        import fsspec
    except ImportError as error:
        raise SourceError(url, "reading a URL needs fsspec: pip install 'nopage[remote]'") from error
    try:
        return fsspec.open(url, "rb").open()
    except Exception as error:  # each file system raises its own kinds
        raise SourceError(url, f"cannot be opened: {error_text(error)}") from error


def _directory(root: str, limits: Limits, budget: Budget) -> Iterator[Collection]:
    from nopage.intake.walk import walk

    problems: list[str] = []
    gatherer = Gatherer(root, "directory", limits, budget, _Work(limits, budget, root, 0, "/").nested, "/")
    inner = 0
    for collection in gatherer.take(walk(os.path.realpath(root), problems)):
        inner += 1
        yield collection
    for problem in problems:
        gatherer.fault(problem)
    if gatherer.cores and not gatherer.strong:
        from nopage.intake.cores import crash_directory

        yield from crash_directory(root, gatherer, limits.vmlinux)
    else:
        yield from _given(root, gatherer, inner)


def _given(path: str, gatherer: Gatherer, inner: int) -> Iterator[Collection]:
    """The gatherer's collections; an error where there are none and no archive inside gave any."""
    collections = gatherer.collections()
    yield from collections
    why = "; ".join(dict.fromkeys(gatherer.warnings))
    if not collections and not inner:
        if gatherer.complete:
            raise NothingFound(path, why or "holds no log and no file of a host")
        raise SourceError(path, why)
    if not collections and not gatherer.complete:
        raise SourceError(path, why)


class _Work:
    """Reads streams of bytes, archives inside archives included, within one budget."""

    def __init__(self, limits: Limits, budget: Budget, path: str = "", depth: int = 0, joint: str = "!") -> None:
        self._limits = limits
        self._budget = budget
        self._path = path
        self._depth = depth
        self._joint = joint

    def stream(self, path: str, name: str, reader: Reader, file: Any) -> Iterator[Collection]:
        """The collections in one stream of bytes; `file` is the file behind it where it can seek.

        Raises SourceError where there are none.
        """
        pump = None
        try:
            source, pump = self._unwrapped(Peeked(reader))
            head = source.head
            if not head:
                raise SourceError(path, "is empty")
            if tar.is_tar(head):
                yield from self._members(path, tar.walk(source))
            elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
                from nopage.intake.zip import walk

                yield from self._members(path, walk(source, file if pump is None else None, self._budget))
            else:
                yield self._single(path, name, source, plain=pump is None and file is not None)
        except (Damage, LimitReached) as fault:
            raise SourceError(path, fault.reason) from fault
        finally:
            if pump is not None:
                pump.close()

    def _unwrapped(self, source: Peeked) -> tuple[Peeked, Any]:
        """The stream below all compression, and the thread that unpacks it."""
        pump = None
        if not self._depth and sniff(source.head) is None:
            return Peeked(Metered(source, self._budget)), pump  # all that is unpacked is counted as it is unpacked
        for _ in range(self._limits.nesting):
            form = sniff(source.head)
            if form is None:
                break
            reader: Reader = unpacked(source, form)
            if pump is None and not self._depth:
                from nopage.intake.pump import Pump

                reader = pump = Pump(reader)
            try:
                source = Peeked(Metered(reader, self._budget))
            except BaseException:
                if pump is not None:
                    pump.close()
                raise
        return source, pump

    def _members(self, path: str, members: Iterator[Any]) -> Iterator[Collection]:
        work = _Work(self._limits, self._budget, path, self._depth + 1)
        gatherer = Gatherer(path, "archive", self._limits, self._budget, work.nested)
        inner = 0
        for collection in gatherer.take(members):
            inner += 1
            yield collection
        yield from _given(path, gatherer, inner)

    def nested(self, name: str, reader: Reader) -> Iterator[Collection]:
        """The collections of an archive that is a member of another one; one that gives none is passed over."""
        if self._depth >= self._limits.nesting:
            raise SourceError(name, f"is an archive at level {self._depth + 1} of nesting; raise the limit to read it")
        try:
            for collection in self.stream(f"{self._path}{self._joint}{name}", name, reader, None):
                if collection.kind != "log":
                    yield collection
        except NothingFound:
            return

    def _single(self, path: str, name: str, source: Peeked, plain: bool) -> Collection:
        """A stream that is no archive: a log, a crash dump, or nothing that can be read."""
        from nopage.intake.cores import core_at, core_collection, core_in, is_core
        from nopage.intake.streams import encoding_of, printable, read_log

        head = source.head
        for magic in ENCRYPTED:
            if head.startswith(magic):
                raise SourceError(path, "is encrypted; decrypt it first, for example with gpg --decrypt")
        for magic, what in FOREIGN:
            if head.startswith(magic):
                raise NothingFound(path, f"is {what}, which is not read here")
        if is_core(head):
            vmlinux = self._limits.vmlinux
            core = (
                core_at(path, name, vmlinux)
                if plain
                else core_in(source, path, name, self._limits.core_bytes, vmlinux)
            )
            return core_collection(path, core)
        if head.startswith(b"\x7fELF"):
            raise NothingFound(path, "is a program, no archive and no log")
        binary = b"\0" in head and encoding_of(head) is None and head.lstrip(b"\0")[:1] < b"\x09"
        taken = read_log("kernel_log", printable(name), source, self._limits, self._budget)
        stream = taken.stream
        if stream is None or (binary and not stream.windows):
            raise NothingFound(path, "is neither an archive nor a log")
        if stream.cut is not None and not stream.bytes_read:
            raise SourceError(path, stream.cut)
        cut = () if stream.cut is None else (stream.cut,)
        return Collection(path, "log", not cut, cut, (stream,), coverage((stream,), cut=cut))
