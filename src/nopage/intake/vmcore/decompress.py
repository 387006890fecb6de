"""One compressed page of a kdump: zlib, zstd, LZO1X and snappy.

The system's liblzo2 and libsnappy are used where they are; without them plain Python, which is quick enough for a log
(a few hundred pages of 4 to 64 KiB) but not for the search of a whole image.
"""
from __future__ import annotations

import ctypes
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

from nopage.intake.vmcore.facts import ReadFault

ZLIB, LZO, SNAPPY, ZSTD = 0x1, 0x2, 0x4, 0x20  # makedumpfile diskdump_mod.h: DUMP_DH_COMPRESSED_*
METHODS = ZLIB | LZO | SNAPPY | ZSTD


def page(data: bytes, method: int, size: int) -> bytes:
    """The `size` bytes of a page; ReadFault where they do not unpack to that."""
    try:
        out = unpacker(method)(data, size)
    except (zlib.error, IndexError, ValueError, MemoryError) as error:
        raise ReadFault(f"a compressed page is damaged: {error}") from None
    if len(out) != size:
        raise ReadFault(f"a compressed page is damaged: it unpacks to {len(out)} of {size} bytes")
    return out


@cache
def unpacker(method: int) -> Callable[[bytes, int], bytes]:
    """What unpacks the pages of a method: the fastest that is at hand."""
    if method & ZLIB:
        return _zlib
    if method & LZO:
        return _library("liblzo2.so.2", "lzo1x_decompress_safe", _lzo_with) or lzo1x
    if method & SNAPPY:
        return _library("libsnappy.so.1", "snappy_uncompress", _snappy_with) or snappy
    return _zstd


def _library(name: str, function: str, wrap: Callable[[Any], Callable[[bytes, int], bytes]]) -> Any:
    try:
        return wrap(getattr(ctypes.CDLL(name), function))
    except (OSError, AttributeError):
        return None


def _lzo_with(function: Any) -> Callable[[bytes, int], bytes]:
    """int lzo1x_decompress_safe(src, src_len, dst, lzo_uint *dst_len, work): 0 is good, it never writes beyond dst."""
    function.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    function.restype = ctypes.c_int

    def unpack(data: bytes, size: int) -> bytes:
        out, length = ctypes.create_string_buffer(size), ctypes.c_size_t(size)
        if function(data, len(data), out, ctypes.byref(length), None) != 0:
            raise ValueError("no LZO data")
        return out.raw[: length.value]

    return unpack


def _snappy_with(function: Any) -> Callable[[bytes, int], bytes]:
    """int snappy_uncompress(src, src_len, dst, size_t *dst_len): 0 is good, dst has to hold the claimed length."""
    function.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p)
    function.restype = ctypes.c_int

    def unpack(data: bytes, size: int) -> bytes:
        out, length = ctypes.create_string_buffer(size), ctypes.c_size_t(size)
        if function(data, len(data), out, ctypes.byref(length)) != 0:
            raise ValueError("no snappy data")
        return out.raw[: length.value]

    return unpack


def _zlib(data: bytes, size: int) -> bytes:
    return zlib.decompressobj().decompress(data, size + 1)


def _zstd(data: bytes, size: int) -> bytes:
    try:
        import zstandard
    except ImportError:
        raise ReadFault("the dump is compressed with zstd: install zstandard to read it") from None
    try:
        return zstandard.ZstdDecompressor(max_window_size=1 << 24).decompress(data, max_output_size=size)
    except (zstandard.ZstdError, MemoryError) as error:
        raise ValueError(str(error)) from None


def lzo1x(data: bytes, size: int) -> bytes:
    """LZO1X, after Documentation/staging/lzo.rst of the kernel; stops when `size` bytes are exceeded."""
    out = bytearray()
    at = 0
    state = 0  # literals copied by the instruction before: 0..3, or 4 for a long run
    first = data[0]
    if first >= 18:
        run = first - 17
        out += data[1 : 1 + run]
        at = 1 + run
        state = run if run < 4 else 4
    while len(out) <= size:
        code = data[at]
        at += 1
        if code < 16:
            if state == 0:
                length = code + 3
                if code == 0:
                    length, at = _long(data, at, 15 + 3)
                if at + length > len(data):
                    raise ValueError("literals beyond the end")
                out += data[at : at + length]
                at += length
                state = 4
                continue
            length = 2 if state < 4 else 3
            distance = (code >> 2) + (data[at] << 2) + (1 if state < 4 else 2049)
            at += 1
            state = code & 3
        elif code >= 64:
            length = (code >> 5) + 1
            distance = (data[at] << 3) + (code >> 2 & 7) + 1
            at += 1
            state = code & 3
        else:
            mask = 31 if code >= 32 else 7
            length = (code & mask) + 2
            if length == 2:
                length, at = _long(data, at, mask + 2)
            low = data[at] | data[at + 1] << 8
            at += 2
            state = low & 3
            distance = (low >> 2) + 1
            if code < 32:
                distance += (16384 if code & 8 else 0) + 16383
                if distance == 16384:  # the end mark
                    return bytes(out)
        _copy(out, distance, length, size)
        if state:
            out += data[at : at + state]
            at += state
    raise ValueError("more than a page")


def _long(data: bytes, at: int, length: int) -> tuple[int, int]:
    """Zero bytes count 255 each, the first other one ends the length."""
    while data[at] == 0:
        length += 255
        at += 1
    return length + data[at], at + 1


def _copy(out: bytearray, distance: int, length: int, size: int) -> None:
    start = len(out) - distance
    if start < 0 or len(out) + length > size:
        raise ValueError("a match out of bounds")
    if distance >= length:
        out += out[start : start + length]
        return
    piece = bytes(out[start:])
    out += (piece * (length // distance + 1))[:length]


def snappy(data: bytes, size: int) -> bytes:
    """The raw snappy format (google/snappy, format_description.txt)."""
    at = shift = claimed = 0
    while True:
        byte = data[at]
        at += 1
        claimed |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
        if shift > 28:
            raise ValueError("no length")
    if claimed != size:
        raise ValueError(f"a length of {claimed}")
    out = bytearray()
    while at < len(data) and len(out) <= size:
        tag = data[at]
        at += 1
        kind = tag & 3
        if kind == 0:
            length = tag >> 2
            if length >= 60:
                wide = length - 59
                length = int.from_bytes(data[at : at + wide], "little")
                at += wide
            length += 1
            if at + length > len(data):
                raise ValueError("literals beyond the end")
            out += data[at : at + length]
            at += length
            continue
        if kind == 1:
            length, distance = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[at]
            at += 1
        else:
            wide = 2 if kind == 2 else 4
            length, distance = (tag >> 2) + 1, int.from_bytes(data[at : at + wide], "little")
            at += wide
        if distance == 0:
            raise ValueError("a match out of bounds")
        _copy(out, distance, length, size)
    return bytes(out)
