"""zstd frames fed block by block.

python-zstandard's objects give no bound on the output of one call, or do not tell a cut stream from a whole one. The
frame format (RFC 8878, 3.1.1) is simple enough to find the block borders; its reader then takes what it is given.
"""
from __future__ import annotations

from typing import Any

from nopage.intake.reader import Damage, Reader, error_text

WINDOW = 1 << 27  # what the zstd tool itself takes without --memory
BLOCKS = 4  # blocks handed over at once; one unpacks to 128 KiB at most
OUT = BLOCKS << 17
FRAME = b"\x28\xb5\x2f\xfd"


class ZstdReader:
    def __init__(self, upstream: Reader) -> None:
        import zstandard

        self._decompressor = zstandard.ZstdDecompressor(max_window_size=WINDOW)
        self._faults = (zstandard.ZstdError, MemoryError)
        self._upstream = upstream
        self._have = b""
        self._at = 0  # what stands in _have before this has been taken
        self._frame: Any = None
        self._header = b""  # of the frame, not handed over yet
        self._checksum = False
        self._last = False  # the frame's last block has been handed over
        self._cut = False
        self._ended = False
        self._given = 0

    def read(self) -> bytes:
        """The next unpacked bytes, 512 KiB at most."""
        while not self._ended:
            if self._frame is None and not self._begin():
                self._ended = True
                break
            try:
                out: bytes = self._frame.read(OUT)
            except self._faults as error:
                self._ended = True
                raise Damage(
                    f"the zstd data is damaged after {self._given} unpacked bytes ({error_text(error)})", self
                ) from error
            if out:
                self._given += len(out)
                return out
            if self._cut or not self._last:
                raise self._early()
            self._frame = None
        return b""

    def _early(self) -> Damage:
        self._ended = True
        return Damage(f"the zstd data ends early, after {self._given} unpacked bytes", self)

    def _need(self, size: int) -> bool:
        """Have `size` bytes to take; False where the stream ends before."""
        while len(self._have) - self._at < size:
            data = self._upstream.read()
            if not data:
                return False
            self._have = self._have[self._at :] + data
            self._at = 0
        return True

    def _take(self, size: int) -> bytes:
        if not self._need(size):
            raise self._early()
        start = self._at
        self._at += size
        return self._have[start : self._at]

    def _begin(self) -> bool:
        """Go to the next frame; False where the stream ends, or goes on with something else."""
        if not self._need(4):
            return False
        magic = self._have[self._at : self._at + 4]
        while magic[1:] == b"\x2a\x4d\x18" and magic[0] >> 4 == 5:  # a skippable frame
            length = int.from_bytes(self._take(8)[4:], "little")
            while length:
                step = min(length, 1 << 16)
                self._take(step)
                length -= step
            if not self._need(4):
                return False
            magic = self._have[self._at : self._at + 4]
        if magic != FRAME:
            return False
        header = self._take(5)
        descriptor = header[4]
        single = bool(descriptor & 0x20)
        size = (0 if single else 1) + (0, 1, 2, 4)[descriptor & 3]
        size += (1 if single else 0, 2, 4, 8)[descriptor >> 6]
        self._header = header + self._take(size)
        self._checksum = bool(descriptor & 4)
        self._last = False
        source: Any = _Blocks(self)
        self._frame = self._decompressor.stream_reader(source, read_across_frames=False)
        return True

    def blocks(self) -> bytes:
        """The next few whole blocks of the frame, with its header and check sum; b"" behind the last one."""
        if self._last:
            return b""
        size = 0
        for _ in range(BLOCKS):
            if not self._need(size + 3):
                self._cut = True
                break
            word = int.from_bytes(self._have[self._at + size : self._at + size + 3], "little")
            last = bool(word & 1)
            more = 3 + (1 if (word >> 1) & 3 == 1 else word >> 3) + (4 if last and self._checksum else 0)
            if not self._need(size + more):
                self._cut = True
                break
            size += more
            if last:
                self._last = True
                break
        header, self._header = self._header, b""
        return header + self._take(size) if header else self._take(size)


class _Blocks:
    """What zstandard's reader reads from: one frame."""

    def __init__(self, reader: ZstdReader) -> None:
        self._reader = reader

    def read(self, _size: int) -> bytes:
        return self._reader.blocks()
