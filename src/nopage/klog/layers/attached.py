"""A log that was packed before it was attached to a mail: what stands around its first report, within bounds."""
from __future__ import annotations

from typing import Final

from nopage.kernel.bounds import BOUNDS

_FORMS: Final = {b"\x1f\x8b\x08": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
_UNPACKED_MOST: Final = 4 << 20  # bytes of one attachment
_BEFORE: Final = 64 << 10  # bytes kept in front of the first report
_KEPT: Final = 1 << 20
_LINES_KEPT: Final = 20_000


class Attachments:
    """Those of one mail; all of them together give no more than one may."""

    def __init__(self) -> None:
        self._left = _LINES_KEPT

    def text(self, raw: bytes) -> bytes:
        """What the attachment holds; anything that is not packed as it is."""
        form = next((form for magic, form in _FORMS.items() if raw.startswith(magic)), None)
        if form is None:
            return raw
        if self._left <= 0:
            return b""
        log = _unpacked(raw, form)
        found = log.find(b"page alloc")
        if found < 0:
            return b""
        begin = max(found - _BEFORE, 0)
        lines = log[begin : begin + _KEPT].split(b"\n", self._left)[: self._left]
        self._left -= len(lines)
        return b"\n".join(lines)


def _unpacked(raw: bytes, form: str) -> bytes:
    import bz2
    import lzma
    import zlib

    try:
        if form == "gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, _UNPACKED_MOST)
        if form == "bzip2":
            return bz2.BZ2Decompressor().decompress(raw, _UNPACKED_MOST)
        return lzma.LZMADecompressor(memlimit=BOUNDS.attached_xz_bytes).decompress(raw, _UNPACKED_MOST)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError):
        return b""
