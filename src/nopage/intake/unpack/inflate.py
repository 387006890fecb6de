"""The deflate data of one gzip member: isal's decoder, or zlib's in its shape where there is no build of isal."""
from __future__ import annotations

import zlib
from typing import Any


class ZlibInflate:
    """What `GzipDecoder` uses of isal's decompressor, by the standard library."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=-15)
        self._waiting = b""
        self.crc = 0
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, most: int) -> bytes:
        """The next unpacked bytes, `most` at a time."""
        out = self._inflate.decompress(self._waiting + data, most)
        self._waiting = self._inflate.unconsumed_tail
        self.needs_input = not self._waiting and len(out) < most
        self.crc = zlib.crc32(out, self.crc)
        return out


def inflate() -> tuple[Any, tuple[type[BaseException], ...]]:
    """A new decoder, and the errors that it raises."""
    try:
        from isal import igzip_lib
    except ImportError:
        return ZlibInflate(), (zlib.error,)
    faults: Any = igzip_lib.IsalError
    return igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP_NO_HDR), (faults,)
