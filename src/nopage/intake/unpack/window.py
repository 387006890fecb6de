"""What decoders keep of what they gave, to copy from: read off their headers, and bounded for all together.

An archive inside an archive, a packed log in it: each layer has a decoder that is open with the others, and each header
may ask for a window of tens of megabytes. Memory is touched as a window fills, so that is what counts.
"""
from __future__ import annotations

from nopage.intake.reader import Windows
from nopage.kernel.bounds import BOUNDS

XZ_HEADER = 12
LZMA2 = 0x21
BZIP2 = 4 << 20  # bzip2 -9, of which each decoder takes that much
SPARE = 2 << 20  # what an LZMA decoder takes besides its window


class Window:
    """One decoder's, of `size` bytes at most; given back by `close()`, or with the decoder itself."""

    __slots__ = ("_filled", "_size", "_windows")

    def __init__(self, size: int, windows: Windows) -> None:
        self._size = size
        self._filled = 0
        self._windows = windows

    def fill(self, given: int) -> bool:
        """So many bytes were given; False where all windows together take more than they may."""
        if self._filled >= self._size:
            return True
        more = min(given, self._size) - self._filled
        self._filled += more
        return self._windows.add(more)

    def close(self) -> None:
        self._windows.add(-self._filled)
        self._filled = self._size = 0

    def __del__(self) -> None:
        self.close()


def xz_window(head: bytes) -> int:
    """Of a .xz stream that begins with `head` (its format, 3.1 and 5.3.1); the largest allowed where it is not told."""
    end = XZ_HEADER + (head[XZ_HEADER] + 1) * 4 if len(head) > XZ_HEADER else 0
    if XZ_HEADER < end <= len(head):
        at = head.find(bytes((LZMA2, 1)), XZ_HEADER + 2, end)
        bits = head[at + 2] if at >= 0 else 40
        if bits < 40:
            return min((2 | (bits & 1)) << (bits // 2 + 11), BOUNDS.unpacking_bytes)
    return BOUNDS.unpacking_bytes


def lzma_window(head: bytes) -> int:
    """Of .lzma data: the four bytes behind the first."""
    return min(int.from_bytes(head[1:5], "little"), BOUNDS.unpacking_bytes) if len(head) > 4 else BOUNDS.unpacking_bytes


def zstd_window(header: bytes) -> int:
    """Of a zstd frame with this header (RFC 8878, 3.1.1.1)."""
    descriptor = header[4]
    if descriptor & 0x20:  # one segment: as long as what it holds
        size = header[5 + (0, 1, 2, 4)[descriptor & 3] :]
        return int.from_bytes(size, "little") + (256 if len(size) == 2 else 0)
    base = 1 << (10 + (header[5] >> 3))
    return base + (base >> 3) * (header[5] & 7)
