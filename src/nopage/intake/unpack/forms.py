"""Decompression by magic, not by name: gzip, xz, lzma, bzip2, zstd; concatenated streams; bounded output.

IsalError, zlib.error, LZMAError, ZstdError and the EOFErrors share no base class: all end as `Damage`.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nopage.intake.reader import Damage, Reader, error_text

OUT = 512 << 10  # most bytes that one call may give

MAGIC = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x5d\x00\x00", "lzma"),
)
ZSTD_SKIPPABLE = tuple(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60))

XZ_MEMORY = 192 << 20  # xz -9 takes 65 MiB; a header may ask for 4 GiB


def sniff(head: bytes) -> str | None:
    """The compression that a stream beginning with `head` is in; None where it is in none."""
    for magic, name in MAGIC:
        if head.startswith(magic):
            if name == "lzma" and not (len(head) > 13 and (head[5:13] == b"\xff" * 8 or head[10:13] == b"\0\0\0")):
                continue
            if name == "bzip2" and not (head[3:4].isdigit() and head[4:10] in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")):
                continue
            return name
    if head.startswith(ZSTD_SKIPPABLE):
        return "zstd"
    return None


def unpacked(upstream: Reader, form: str) -> Reader:
    """A reader of what `upstream` holds, unpacked. Ends with `Damage` (origin: this reader) on any fault."""
    if form == "zstd":
        from nopage.intake.unpack.zstd import ZstdReader

        return ZstdReader(upstream)
    return Unpacked(upstream, form)


class Unpacked:
    """gzip, xz, lzma and bzip2: their decompressor objects share one interface."""

    def __init__(self, upstream: Reader, form: str) -> None:
        self._upstream = upstream
        self.form = form
        self._new, self._errors = _maker(form)
        self._decoder: Any = self._new()
        self._started = False
        self._pending = b""
        self._ended = False
        self.given = 0

    def read(self) -> bytes:
        if self._ended:
            return b""
        while True:
            if self._decoder.eof and not self._next_stream():
                self._ended = True
                return b""
            data, self._pending = self._pending, b""
            if not data and self._decoder.needs_input:
                data = self._upstream.read()
                if not data:
                    self._ended = True
                    raise Damage(f"the {self.form} data ends early, after {self.given} unpacked bytes", self)
            try:
                out: bytes = self._decoder.decompress(data, OUT)
            except self._errors as error:
                self._ended = True
                raise Damage(
                    f"the {self.form} data is damaged after {self.given} unpacked bytes ({error_text(error)})", self
                ) from error
            if out:
                self.given += len(out)
                return out

    def _next_stream(self) -> bool:
        """Go to the stream that follows the ended one; False where there is none."""
        rest: bytes = self._decoder.unused_data
        while True:
            rest = rest.lstrip(b"\0")  # stream padding
            if len(rest) >= 10:
                break
            data = self._upstream.read()
            if not data:
                break
            rest += data
        if not rest or sniff(rest) != self.form:
            return False  # trailing garbage: the tools leave it out too
        self._decoder = self._new()
        self._pending = rest
        return True


def _maker(form: str) -> tuple[Callable[[], Any], tuple[type[BaseException], ...]]:
    """What makes a decompressor of this form, and the errors it raises."""
    common: tuple[type[BaseException], ...] = (EOFError, OSError, ValueError, MemoryError)
    if form == "gzip":
        return _gzip_maker()
    if form == "bzip2":
        import bz2

        return bz2.BZ2Decompressor, common
    import lzma

    kind = lzma.FORMAT_XZ if form == "xz" else lzma.FORMAT_ALONE
    return (lambda: lzma.LZMADecompressor(kind, memlimit=XZ_MEMORY)), (*common, lzma.LZMAError)


def _gzip_maker() -> tuple[Callable[[], Any], tuple[type[BaseException], ...]]:
    from isal import igzip_lib

    faults: Any = igzip_lib.IsalError
    return (
        lambda: igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP),
        (EOFError, OSError, ValueError, MemoryError, faults),
    )
