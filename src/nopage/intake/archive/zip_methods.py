"""How members of a zip archive are packed: decoders that give no more at once than they are asked for.

`zipfile` asks lzma and bzip2 for all at once: 17 kB become 3 GB.
"""
from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from nopage.intake.reader import Windows
from nopage.intake.unpack import SPARE, Window, lzma_window

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14  # APPNOTE.TXT 4.4.5
FAULTS: tuple[type[BaseException], ...] = (zlib.error, OSError, EOFError, ValueError, MemoryError)
STEP = 64 << 10  # most bytes that one call gives, which is what damage may cost


class Inflate:
    """Deflated data, in the shape of Python's other decompressors."""

    def __init__(self) -> None:
        self._inflate: Any = zlib.decompressobj(-15)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return bool(self._inflate.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._inflate.unused_data)

    def decompress(self, data: bytes, most: int) -> bytes:
        out: bytes = self._inflate.decompress(self._inflate.unconsumed_tail + data, most)
        self.needs_input = not self._inflate.unconsumed_tail and len(out) < most
        return out


class Lzma:
    """LZMA data behind the zip's own header (APPNOTE.TXT 5.8): made a .lzma file of, which the library bounds."""

    HEADER = 9  # version, size of the properties (5), properties

    def __init__(self, size: int | None, windows: Windows) -> None:
        self._head = b""
        self._size = (-1 if size is None else size).to_bytes(8, "little", signed=True)
        self._decoder: Any = None
        self._windows = windows
        self._window = Window(0, windows)
        self._given = 0

    @property
    def eof(self) -> bool:
        return self._decoder is not None and bool(self._decoder.eof)

    @property
    def needs_input(self) -> bool:
        return self._decoder is None or bool(self._decoder.needs_input)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._decoder.unused_data)

    def decompress(self, data: bytes, most: int) -> bytes:
        import lzma

        if self._decoder is None:
            self._head += data
            if len(self._head) < self.HEADER:
                return b""
            if self._head[2:4] != b"\x05\0":
                raise ValueError("wrong LZMA properties")
            data = self._head[4:9] + self._size + self._head[9:]
            window = lzma_window(data)
            self._window = Window(window, self._windows)
            self._decoder = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=window + SPARE)
        if not self._window.fill(self._given):
            raise ValueError("takes too much memory to unpack, together with what it stands in")
        try:
            out: bytes = self._decoder.decompress(data, most)
        except lzma.LZMAError as error:
            raise ValueError(str(error)) from error
        self._given += len(out)
        return out


def decoder(method: int, size: int | None, windows: Windows, *, marked: bool) -> Callable[[], Any] | None:
    """What makes a decoder of a member of `size` bytes; None where the method is not read.

    `marked`: its LZMA data end with a mark.
    """
    if method == DEFLATED:
        return Inflate
    if method == BZIP2:
        from bz2 import BZ2Decompressor

        return BZ2Decompressor
    if method == LZMA:
        return lambda: Lzma(None if marked else size, windows)
    return None
