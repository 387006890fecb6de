"""Cores inside .gz, .xz, .bz2 or .zst, or in an archive: unpacked into memory of our own, never onto a disk."""
from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from nopage.intake.reader import Damage, FileReader, LimitReached, Peeked, Reader, size_text
from nopage.intake.unpack import sniff, unpacked
from nopage.vmcore import Opener, ReadFault

MOST_BYTES = 4 << 30
_NESTING = 3
_HOLE = bytes(64 << 10)


class Unwrapping(Opener):
    """Opens cores that are packed too: up to `most_bytes` of one are held in memory."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes

    def head(self, fd: int) -> bytes:
        head = super().head(fd)
        if sniff(head) is None:
            return head
        try:
            return _below_compression(_file_reader(fd)).head
        except Damage as fault:
            raise ReadFault(fault.reason) from None

    @contextmanager
    def opened(self, fd: int, warnings: list[str]) -> Iterator[int]:
        if sniff(super().head(fd)) is None:
            yield fd
            return
        with in_memory(_file_reader(fd), self._most_bytes, warnings) as unpacked_fd:
            yield unpacked_fd


@contextmanager
def in_memory(reader: Reader, most_bytes: int, warnings: list[str]) -> Iterator[int]:
    """A descriptor of an anonymous file with what `reader` holds, below all compression.

    Runs of zeros become holes. Past `most_bytes`, or half of the memory that is free, the rest is left out; a stream
    that is damaged or cut gives what came before. Both are said in `warnings`. ReadFault where it does not even begin.
    """
    if not hasattr(os, "memfd_create"):
        raise ReadFault("unpacking a core needs memfd_create, which this system does not have")
    try:
        source = _below_compression(reader)
    except Damage as fault:
        raise ReadFault(fault.reason) from None
    fd = os.memfd_create("nopage-core", os.MFD_CLOEXEC)
    try:
        _copy(source, fd, min(most_bytes, _spare_bytes()), warnings)
        yield fd
    finally:
        os.close(fd)


def _below_compression(reader: Reader) -> Peeked:
    """The stream that `reader` holds, unpacked as often as it was packed; Damage where it does not even begin."""
    source = Peeked(reader)
    for _ in range(_NESTING):
        form = sniff(source.head)
        if form is None:
            break
        source = Peeked(unpacked(source, form))
    return source


def _file_reader(fd: int) -> Reader:
    """The whole file from its start."""
    os.lseek(fd, 0, os.SEEK_SET)
    return FileReader(lambda size: os.read(fd, size))


def _copy(source: Reader, fd: int, bound: int, warnings: list[str]) -> None:
    """`bound` holds for what takes memory; what reads as zeros takes none, but its length is bounded all the same."""
    length = kept = 0
    try:
        while data := source.read():
            for at in range(0, len(data), len(_HOLE)):
                piece = data[at : at + len(_HOLE)]
                if piece != _HOLE[: len(piece)]:
                    os.pwrite(fd, piece, length)
                    kept += len(piece)
                length += len(piece)
            if kept > bound or length > 64 * bound:
                warnings.append(f"only the first {size_text(length)} of the core were unpacked into memory")
                break
    except (Damage, LimitReached) as fault:
        warnings.append(f"{fault.reason}: what came before is read")
    except OSError as error:
        warnings.append(f"no memory to unpack more than {size_text(length)}: {error.strerror}")
    os.ftruncate(fd, length)


def _spare_bytes() -> int:
    """Half of what the host has free, by /proc/meminfo."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) << 9
    except (OSError, ValueError, IndexError):
        pass
    return 1 << 30
