"""The bytes of a core file: read at an offset, never mapped, so memory stays flat for any size of image."""
from __future__ import annotations

import errno
import os
import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Protocol

from nopage.kernel.bounds import BOUNDS
from nopage.vmcore.facts import ReadFault

FLAT_SIGNATURE = b"makedumpfile"
_FLAT_HEADER_BYTES = 4096  # makedumpfile.h: MAX_SIZE_MDF_HEADER
_FLAT_BLOCKS = BOUNDS.flat_blocks
_FLAT_REWRITES = 100_000
_FLAT_OVERLAP = 10_000  # blocks that one block covers


class Bytes(Protocol):
    """A file, or something that reads like one."""

    size: int

    def read(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes; fewer where the file ends."""

    def data_ranges(self, offset: int, length: int) -> Iterator[tuple[int, int]]:
        """The (offset, length) parts of a range that are not holes of a sparse file."""


class FileBytes:
    """A regular file by its descriptor, which stays the caller's."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.size = os.fstat(fd).st_size

    def read(self, offset: int, length: int) -> bytes:
        if offset < 0 or length <= 0 or offset >= self.size:
            return b""
        length = min(length, self.size - offset)
        data = self._pread(offset, length)
        while len(data) < length:  # one read gives 2 GiB at most, and network file systems may give less
            more = self._pread(offset + len(data), length - len(data))
            if not more:
                break
            data += more
        return data

    def _pread(self, offset: int, length: int) -> bytes:
        try:
            return os.pread(self.fd, length, offset)
        except OSError as error:
            raise ReadFault(f"the file cannot be read at byte {offset}: {error.strerror}") from None

    def data_ranges(self, offset: int, length: int) -> Iterator[tuple[int, int]]:
        end = min(offset + length, self.size)
        while offset < end:
            start, stop = offset, end
            try:
                start = os.lseek(self.fd, offset, os.SEEK_DATA)
                stop = min(os.lseek(self.fd, start, os.SEEK_HOLE), end)
            except OSError as error:
                if error.errno == errno.ENXIO:  # a hole up to the end
                    return
            if start >= end:
                return
            yield start, stop - start
            offset = max(stop, start + 1)


class FlatBytes:
    """makedumpfile -F: a stream of (offset, size, data) blocks that rebuild the file; later blocks win.

    makedumpfile.h: struct makedumpfile_header and makedumpfile_data_header, always big-endian. Only the block
    headers are read; `warning` says where the stream is cut or damaged.
    """

    def __init__(self, source: Bytes) -> None:
        self._source = source
        # of each block: where it begins in the file that it is of, its length, and where its data stand
        self._starts, self._lengths, self._places = array("q"), array("q"), array("q")
        self.warning: str | None = None
        self._rewrites = 0
        position = _FLAT_HEADER_BYTES
        while True:
            header = source.read(position, 16)
            if len(header) < 16:
                self.warning = "the flattened file ends before its end mark: it is cut"
                break
            offset, length = struct.unpack(">qq", header)
            if (offset, length) == (-1, -1):
                break
            full = len(self._starts) >= _FLAT_BLOCKS or self._rewrites > _FLAT_REWRITES
            if offset < 0 or length <= 0 or offset + length >= 1 << 62 or full:
                self.warning = f"the flattened file is damaged at byte {position}"
                break
            self._put(offset, length, position + 16)
            position += 16 + length
        self.size = self._starts[-1] + self._lengths[-1] if self._starts else 0

    def _put(self, offset: int, length: int, position: int) -> None:
        end = offset + length
        if not self._starts or offset >= self._starts[-1] + self._lengths[-1]:
            self._replace(len(self._starts), len(self._starts), [(offset, length, position)])
            return
        self._rewrites += 1
        first = max(bisect_right(self._starts, offset) - 1, 0)
        last = bisect_left(self._starts, end)
        if last - first > _FLAT_OVERLAP:
            self._rewrites = _FLAT_REWRITES + 1  # no writer goes back over so much
            return
        old = list(zip(self._starts[first:last], self._lengths[first:last], self._places[first:last], strict=True))
        parts: list[tuple[int, int, int]] = []
        for old_offset, old_length, old_position in old:
            if old_offset < offset:
                parts.append((old_offset, min(old_length, offset - old_offset), old_position))
        parts.append((offset, length, position))
        for old_offset, old_length, old_position in old:
            if old_offset + old_length > end:
                begin = max(end, old_offset)
                parts.append((begin, old_offset + old_length - begin, old_position + begin - old_offset))
        self._replace(first, last, parts)

    def _replace(self, first: int, last: int, parts: list[tuple[int, int, int]]) -> None:
        for column, values in zip((self._starts, self._lengths, self._places), zip(*parts, strict=True), strict=True):
            if first == last == len(column):
                column.extend(values)
            else:
                column[first:last] = array("q", values)

    def read(self, offset: int, length: int) -> bytes:
        if offset < 0 or length <= 0 or offset >= self.size:
            return b""
        wanted = min(length, self.size - offset)
        out = bytearray()
        index = max(bisect_right(self._starts, offset) - 1, 0)
        while len(out) < wanted and index < len(self._starts):
            start, part_length, position = self._starts[index], self._lengths[index], self._places[index]
            at = offset + len(out)
            if start > at:  # never written: a hole, which reads as zeros
                out += bytes(min(start - at, wanted - len(out)))
                continue
            if at < start + part_length:
                take = min(start + part_length - at, wanted - len(out))
                data = self._source.read(position + at - start, take)
                out += data
                if len(data) < take:
                    break
            index += 1
        return bytes(out)

    def data_ranges(self, offset: int, length: int) -> Iterator[tuple[int, int]]:
        end = min(offset + length, self.size)
        for index in range(max(bisect_right(self._starts, offset) - 1, 0), len(self._starts)):
            start, part_length = self._starts[index], self._lengths[index]
            if start >= end:
                return
            begin, stop = max(start, offset), min(start + part_length, end)
            if begin < stop:
                yield begin, stop - begin
