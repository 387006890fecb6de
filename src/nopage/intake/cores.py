"""Crash dumps in the shape of the other sources: what `nopage.vmcore` reads of one, as streams."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nopage.intake.hosts import coverage
from nopage.intake.model import Collection, SourceError, Stream
from nopage.intake.reader import Reader
from nopage.kernel.frozen import dataclass

if TYPE_CHECKING:
    from nopage.vmcore import CoreFacts


@dataclass(frozen=True, slots=True)
class Core:
    """One crash dump that was read: its streams, and in words what it lacks or what was wrong with it."""

    streams: tuple[Stream, ...]
    warnings: tuple[str, ...]
    complete: bool


def is_core(head: bytes) -> bool:
    """A file that begins with `head` is a crash dump."""
    if head[:4] != b"\x7fELF" and head[:5] not in (b"KDUMP", b"DISKD", b"maked"):
        return False  # told without importing the reader
    from nopage.vmcore import is_core as known

    return known(head)


def core_at(path: str, name: str, vmlinux: str | None = None) -> Core:
    """Read the crash dump in the file at `path`. Raises SourceError."""
    from nopage.intake.unwrap import Unwrapping
    from nopage.vmcore import read_core

    return _core(lambda: read_core(path, vmlinux=vmlinux, opener=Unwrapping()), name)


def core_in(reader: Reader, path: str, name: str, most_bytes: int, vmlinux: str | None = None) -> Core:
    """Read a crash dump that is not in a file of its own: up to `most_bytes` are held in memory. Raises SourceError."""
    from nopage.intake.unwrap import in_memory
    from nopage.vmcore import CoreError, ReadFault, read_core_fd

    def read() -> CoreFacts:
        warnings: list[str] = []
        try:
            with in_memory(reader, most_bytes, warnings) as fd:
                return read_core_fd(fd, path, vmlinux=vmlinux, warnings=warnings)
        except ReadFault as fault:
            raise CoreError(path, str(fault)) from None

    return _core(read, name)


def core_collection(path: str, core: Core) -> Collection:
    """The crash dump as a source of its own."""
    return Collection(path, "vmcore", core.complete, core.warnings, core.streams, coverage(core.streams))


def crash_directory(root: str, name: str, beside: Iterable[Collection], vmlinux: str | None = None) -> Collection:
    """A directory that kdump wrote: its crash dump (split ones together), and what stands `beside` it, as one source.

    The dump's streams are called `name`. Raises SourceError where nothing can be read.
    """
    from nopage.intake.unwrap import Unwrapping
    from nopage.vmcore import read_crash_directory

    streams: list[Stream] = []
    warnings: list[str] = []
    complete = True
    try:
        core = _core(lambda: read_crash_directory(root, vmlinux=vmlinux, opener=Unwrapping()), name)
        # what it took from the texts beside the core stands in their own streams
        streams += [stream for stream in core.streams if stream.spec != "kernel_log" or not _of_text(stream)]
        warnings += core.warnings
        complete = core.complete
    except SourceError as error:
        warnings.append(error.reason)
        complete = False
    for collection in beside:
        streams += collection.streams
        warnings += [warning for warning in collection.warnings if "no sosreport" not in warning]
        complete = complete and collection.complete
    if not streams:
        raise SourceError(root, "; ".join(warnings))
    streams.sort(key=lambda stream: (stream.spec, stream.name))
    return Collection(root, "crashdir", complete, tuple(warnings), tuple(streams), coverage(streams))


def _of_text(log: Stream) -> bool:
    return any(window.file.endswith((".txt", ".log", "dmesg", "backtrace")) for window in log.windows)


def _core(read: Callable[[], CoreFacts], name: str) -> Core:
    from nopage.vmcore import CoreError

    try:
        facts = read()
    except CoreError as error:
        raise SourceError(error.path, error.reason) from error
    streams = [Stream("vmcore", name, mem_info=facts.mem_info)]
    if facts.windows:
        streams.append(Stream("kernel_log", name, windows=facts.windows))
    if facts.release:
        host = facts.hostname or "localhost"
        streams.append(Stream("uname", name, text=f"Linux {host} {facts.release} {facts.arch or ''}".rstrip() + "\n"))
    if facts.hostname:
        streams.append(Stream("hostname", name, text=facts.hostname + "\n"))
    if facts.min_free_kbytes is not None:
        streams.append(Stream("sysctl", name, text=f"vm.min_free_kbytes = {facts.min_free_kbytes}\n"))
    streams.sort(key=lambda stream: (stream.spec, stream.name))
    return Core(tuple(streams), (*facts.warnings, *facts.missing), not facts.warnings)
