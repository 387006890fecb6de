"""The compressed pages of a kdump: zlib, zstd, LZO1X and snappy, each by its library, imported when a dump needs it."""
from __future__ import annotations

import time
import zlib
from collections.abc import Callable

from nopage.vmcore.facts import ReadFault

ZLIB, LZO, SNAPPY, ZSTD = 0x1, 0x2, 0x4, 0x20  # makedumpfile diskdump_mod.h: DUMP_DH_COMPRESSED_*
METHODS = ZLIB | LZO | SNAPPY | ZSTD

Unpack = Callable[[bytes, int], bytes]
"""(compressed page, bytes of a page) -> at most that many bytes, but for LZO; ValueError or MemoryError on damage."""


class Unpacker:
    """Unpacks the pages of one dump, `page_bytes` each.

    `damaged_seconds` of processor time may go into pages that are damaged. It is LZO that needs the bound: its library
    takes the size of the output for a hint, and a page made for it unpacks to 255 times what it takes in the file.
    """

    def __init__(self, page_bytes: int, damaged_seconds: float) -> None:
        self._page_bytes = page_bytes
        self._left = damaged_seconds
        self._unpack: dict[int, Unpack] = {}

    def page(self, data: bytes, flags: int) -> bytes:
        """The bytes of a page by the flags of its descriptor; ReadFault where they do not unpack to a page."""
        method = next(method for method in _MAKERS if flags & method)
        unpack = self._unpack.get(method) or self._unpack.setdefault(method, _made(method))
        size = self._page_bytes
        if len(data) > size:  # a page that does not shrink is stored as it is
            raise ReadFault(f"a compressed page is damaged: it takes {len(data)} of {size} bytes")
        if self._left <= 0:
            raise ReadFault("a compressed page is not read: too many before it were damaged")
        start = time.thread_time()
        try:
            out = unpack(data, size)
        except (ValueError, MemoryError) as error:
            self._left -= time.thread_time() - start
            raise ReadFault(f"a compressed page is damaged: {error}") from None
        if len(out) != size:
            self._left -= time.thread_time() - start
            raise ReadFault(f"a compressed page is damaged: it unpacks to {len(out)} of {size} bytes")
        return out


def _made(method: int) -> Unpack:
    name, make = _MAKERS[method]
    try:
        return make()
    except ImportError:
        raise ReadFault(f"the dump is compressed with {name}, whose library is not installed") from None


def _zlib() -> Unpack:
    def unpack(data: bytes, size: int) -> bytes:
        try:
            return zlib.decompressobj().decompress(data, size + 1)
        except zlib.error as error:
            raise ValueError(str(error)) from None

    return unpack


def _lzo() -> Unpack:
    from lzallright import LZOCompressor, LZOError

    decompress = LZOCompressor.decompress

    def unpack(data: bytes, size: int) -> bytes:
        try:
            return decompress(data, size)
        except LZOError:
            raise ValueError("no LZO data") from None

    return unpack


def _snappy() -> Unpack:
    from cramjam import DecompressionError, snappy

    decompress = snappy.decompress_raw_into

    def unpack(data: bytes, size: int) -> bytes:
        out = bytearray(size)
        try:
            length = decompress(data, out)  # refuses data that claims more than `out` holds
        except DecompressionError as error:
            raise ValueError(str(error)) from None
        return bytes(out) if length == size else bytes(out[:length])

    return unpack


def _zstd() -> Unpack:
    from zstandard import ZstdDecompressor, ZstdError, frame_content_size

    decompress = ZstdDecompressor(max_window_size=1 << 24).decompress

    def unpack(data: bytes, size: int) -> bytes:
        try:
            if frame_content_size(data) not in (-1, size):  # -1: it does not say; what it says goes before the bound
                raise ValueError("it claims another size")
            return decompress(data, max_output_size=size)
        except ZstdError as error:
            raise ValueError(str(error)) from None

    return unpack


_MAKERS: dict[int, tuple[str, Callable[[], Unpack]]] = {
    ZLIB: ("zlib", _zlib),
    LZO: ("LZO", _lzo),
    SNAPPY: ("snappy", _snappy),
    ZSTD: ("zstd", _zstd),
}
