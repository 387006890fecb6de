"""zstd frames fed block by block.

python-zstandard's objects give no bound on the output of one call, or do not tell a cut stream from a whole one. The
frame format (RFC 8878, 3.1.1) is simple enough to find the block borders; its decoder then takes one block at a time,
so that a damaged one costs no other, and the check sum by itself.
"""
from __future__ import annotations

from typing import Any

from nopage.intake.reader import Damage, Reader, Windows
from nopage.intake.unpack.stepwise import Stepwise
from nopage.intake.unpack.window import zstd_window
from nopage.kernel.bounds import BOUNDS

FRAME = b"\x28\xb5\x2f\xfd"
BLOCK_HEADER = 3
CHECK_SUM = 4
WHOLE_BLOCK = BLOCK_HEADER + (128 << 10) + CHECK_SUM


class ZstdReader(Stepwise):
    form = "zstd"

    def __init__(self, upstream: Reader, windows: Windows) -> None:
        import zstandard

        super().__init__(windows)
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=BOUNDS.zstd_window_bytes)
        self._faults = (zstandard.ZstdError, MemoryError)
        self._upstream = upstream
        self._have = b""
        self._at = 0  # what stands in _have before this has been taken
        self._frame: Any = None
        self._header = b""  # of the frame, not handed over yet
        self._checksum = False

    def _ready(self) -> bool:
        return len(self._have) - self._at >= WHOLE_BLOCK

    def _next(self) -> bytes:
        """What the next block unpacks to; b"" where that is nothing, and at the end."""
        if self._frame is None and not self._begin():
            self._ended = True
            return b""
        if not self._need(BLOCK_HEADER):
            raise self._early()
        word = int.from_bytes(self._have[self._at : self._at + BLOCK_HEADER], "little")
        data = self._take(BLOCK_HEADER + (1 if (word >> 1) & 3 == 1 else word >> 3))
        frame, header, self._header = self._frame, self._header, b""
        out = self._unpacked(frame, header + data if header else data)
        if word & 1:
            self._frame = None
            try:
                if self._checksum:
                    self._unpacked(frame, self._take(CHECK_SUM))
            except Damage as fault:
                self._fault = fault
                if not out:
                    raise
        return out

    def _unpacked(self, frame: Any, data: bytes) -> bytes:
        try:
            out: bytes = frame.decompress(data)
            return out
        except self._faults as error:
            raise self._damaged(error) from error

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
        self._begins(zstd_window(self._header))
        self._checksum = bool(descriptor & 4)
        self._frame = self._decompressor.decompressobj(read_across_frames=False)
        return True
