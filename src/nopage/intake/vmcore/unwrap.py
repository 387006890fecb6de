"""Cores inside .gz, .xz, .bz2 or .zst, or in an archive: unpacked into memory of our own, never onto a disk."""
from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from nopage.intake.reader import Damage, FileReader, LimitReached, Peeked, Reader, size_text
from nopage.intake.unpack import sniff, unpacked
from nopage.intake.vmcore.facts import CoreLimits, ReadFault

_NESTING = 3
_HOLE = bytes(64 << 10)


def wrapping(fd: int) -> str | None:
    """The compression a file is in, by its first bytes."""
    return sniff(os.pread(fd, 64, 0))


@contextmanager
def in_memory(reader: Reader, limits: CoreLimits, warnings: list[str]) -> Iterator[int]:
    """A descriptor of an anonymous file with what `reader` holds, below all compression.

    Runs of zeros become holes. Past `limits.unwrapped_bytes`, or half of the memory that is free, the rest is left
    out; a stream that is damaged or cut gives what came before. Both are said in `warnings`.
    """
    if not hasattr(os, "memfd_create"):
        raise ReadFault("unpacking a core needs memfd_create, which this system does not have")
    source = below_compression(reader)
    fd = os.memfd_create("nopage-core", os.MFD_CLOEXEC)
    try:
        _copy(source, fd, min(limits.unwrapped_bytes, _spare_bytes()), warnings)
        yield fd
    finally:
        os.close(fd)


def below_compression(reader: Reader) -> Peeked:
    """The stream that `reader` holds, unpacked as often as it was packed; Damage where it does not even begin."""
    source = Peeked(reader)
    for _ in range(_NESTING):
        form = sniff(source.head)
        if form is None:
            break
        source = Peeked(unpacked(source, form))
    return source


def file_reader(fd: int) -> Reader:
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
