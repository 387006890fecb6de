"""zstd frames fed block by block.

python-zstandard gives no bound on the output of one call and does not tell a cut stream from a whole one. The frame
format (RFC 8878, 3.1.1) is simple enough to find the block borders: a block unpacks to 128 KiB at most.
"""
from __future__ import annotations

from typing import Any

from nopage.intake.reader import Damage, Reader, error_text

WINDOW = 1 << 27  # what the zstd tool itself takes without --memory
BLOCKS = 4  # blocks fed in one call: at most 512 KiB out
FRAME = b"\x28\xb5\x2f\xfd"


class ZstdReader:
    def __init__(self, upstream: Reader) -> None:
        import zstandard

        self._zstandard = zstandard
        self._upstream = upstream
        self._have = b""
        self._at = 0  # what stands in _have before this has been taken
        self._decoder: Any = None
        self._checksum = False
        self._last = False
        self._ended = False
        self.given = 0

    def read(self) -> bytes:
        while not self._ended:
            if self._decoder is None:
                if not self._begin():
                    self._ended = True
                    return b""
                continue
            out = self._feed(self._blocks())
            if out:
                self.given += len(out)
                return out
        return b""

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
            self._ended = True
            raise Damage(f"the zstd data ends early, after {self.given} unpacked bytes", self)
        start = self._at
        self._at += size
        return self._have[start : self._at]

    def _begin(self) -> bool:
        """Read the next frame's header; False at the end of the stream."""
        if not self._need(4):
            return False  # nothing, or garbage shorter than a magic
        magic = self._have[self._at : self._at + 4]
        if magic[1:] == b"\x2a\x4d\x18" and magic[0] >> 4 == 5:
            length = int.from_bytes(self._take(8)[4:], "little")
            while length:
                step = min(length, 1 << 16)
                self._take(step)
                length -= step
            return True
        if magic != FRAME:
            return False  # trailing garbage
        header = self._take(5)
        descriptor = header[4]
        single = bool(descriptor & 0x20)
        size = (0 if single else 1) + (0, 1, 2, 4)[descriptor & 3]
        size += (1 if single else 0, 2, 4, 8)[descriptor >> 6]
        header += self._take(size)
        self._checksum = bool(descriptor & 4)
        self._last = False
        self._decoder = self._zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()
        self._feed(header)
        return True

    def _blocks(self) -> bytes:
        """The bytes of the next few blocks, and of the check sum behind the last one."""
        size = 0
        for count in range(BLOCKS):
            if not self._need(size + 3):
                return self._cut(size, count)
            word = int.from_bytes(self._have[self._at + size : self._at + size + 3], "little")
            last = bool(word & 1)
            more = 3 + (1 if (word >> 1) & 3 == 1 else word >> 3) + (4 if last and self._checksum else 0)
            if not self._need(size + more):
                return self._cut(size, count)
            size += more
            if last:
                self._last = True
                break
        return self._take(size)

    def _cut(self, size: int, count: int) -> bytes:
        """The stream ends inside a block: the whole ones before it, where there are any; the next call says so."""
        return self._take(size) if count else self._take(size + (1 << 62))

    def _feed(self, data: bytes) -> bytes:
        try:
            out: bytes = self._decoder.decompress(data)
        except (self._zstandard.ZstdError, MemoryError) as error:
            self._ended = True
            raise Damage(
                f"the zstd data is damaged after {self.given} unpacked bytes ({error_text(error)})", self
            ) from error
        if self._last:
            self._decoder = None
        return out
