"""Decompression by magic, not by name: gzip, xz, lzma, bzip2, zstd; concatenated streams; bounded output.

The decoders' errors and the EOFErrors share no base class: all end as `Damage`. What a decoder gave before it is given
out first. A call that fails loses what it had unpacked, so calls ask for little at once, and
the last bytes of a stream, where check sums stand, go in one by one.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nopage.intake.reader import Damage, LimitReached, Reader, Windows
from nopage.intake.unpack.stepwise import Stepwise
from nopage.intake.unpack.window import BZIP2, SPARE, lzma_window, xz_window

# Most bytes that one call of the decoder gives, which is what damage may cost: as much as costs no time, and of a short
# log a sixteenth of what was unpacked.
LEAST_STEP = 4 << 10
STEPS = {"gzip": 128 << 10, "xz": 64 << 10, "lzma": 64 << 10, "bzip2": 4 << 10}
TAIL = 64  # bytes at the end of the packed data that go in one by one
FIRST = 4 << 10  # packed bytes handed to a new decoder: should they hold many short streams, each copies the rest

MAGIC = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x5d\x00\x00", "lzma"),
)
ZSTD_SKIPPABLE = tuple(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60))


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


def unpacked(upstream: Reader, form: str, windows: Windows | None = None) -> Reader:
    """A reader of what `upstream` holds, unpacked. Ends with `Damage` (origin: this reader) on any fault.

    `windows` are those of the source that it stands in.
    """
    windows = windows or Windows()
    if form == "zstd":
        from nopage.intake.unpack.zstd import ZstdReader

        return ZstdReader(upstream, windows)
    return Unpacked(upstream, form, windows)


class Unpacked(Stepwise):
    """gzip, xz, lzma and bzip2: their decompressor objects share one interface."""

    def __init__(self, upstream: Reader, form: str, windows: Windows) -> None:
        super().__init__(windows)
        self.form = form
        self._packed = _Packed(upstream)
        self._new, self._errors = _maker(form)
        self._step = STEPS[form]
        self._decoder: Any = None

    def _ready(self) -> bool:
        return (self._decoder is not None and not self._decoder.needs_input) or self._packed.ready

    def _next(self) -> bytes:
        """What the next call of the decoder gives; b"" too where it gives nothing yet, and at the end."""
        if self._decoder is not None and self._decoder.eof and not self._next_stream():
            self._ended = True
            return b""
        data = b""
        if self._decoder is None or self._decoder.needs_input:
            data = self._packed.take()
            if not data:
                raise self._early()
        if self._decoder is None:
            self._decoder, window = self._new(data)
            self._begins(window)
        most = min(self._step, max(LEAST_STEP, self.given >> 4))
        try:
            out: bytes = self._decoder.decompress(data, most)
        except self._errors as error:
            raise self._damaged(error) from error
        return out

    def _next_stream(self) -> bool:
        """Go to the stream that follows the ended one; False where there is none."""
        self._packed.back(len(self._decoder.unused_data))
        head = self._packed.head()
        if not head or sniff(head) != self.form:
            return False  # trailing garbage: the tools leave it out too
        self._decoder = None
        return True


class _Packed:
    """Packed bytes in pieces that suit the decoder: small ones for a new stream, the last ones one by one."""

    def __init__(self, upstream: Reader) -> None:
        self._upstream = upstream
        self._have = b""
        self._at = 0
        self._ahead: bytes | None = None
        self._fault: Exception | None = None
        self._piece = 1 << 20
        self._last = False  # _have is the end of the packed data

    @property
    def ready(self) -> bool:
        """Something can be taken without reading."""
        return self._at < len(self._have)

    def take(self) -> bytes:
        """The next bytes; b"" at the end. Raises what reading them raised."""
        if self._at >= len(self._have) and not self._fill():
            return b""
        end = min(self._at + self._piece, len(self._have))
        if self._last and end > len(self._have) - TAIL:
            end = max(len(self._have) - TAIL, self._at + 1)
        data = self._have[self._at : end]
        self._at = end
        self._piece = min(self._piece << 2, 1 << 20)
        return data

    def back(self, size: int) -> None:
        """The last `size` bytes have not been used: the ended stream was shorter."""
        self._at -= size

    def head(self) -> bytes:
        """What comes next, behind stream padding, as far as it tells the form; it stays. A new stream begins."""
        self._piece = FIRST
        while True:
            while self._at < len(self._have) and not self._have[self._at]:
                rest = self._have[self._at : self._at + (64 << 10)]
                self._at += len(rest) - len(rest.lstrip(b"\0"))
            if len(self._have) - self._at >= 16:
                break
            rest = self._have[self._at :]
            if not self._fill():
                self._have, self._at = rest, 0
                break
            self._have, self._at = rest + self._have, 0
        return self._have[self._at : self._at + 16]

    def _fill(self) -> bool:
        """Have the next block, and know whether it is the last one."""
        if self._ahead is None:
            self._ahead = self._read()
        if not self._ahead:
            self._have, self._at = b"", 0
            if self._fault is not None:
                raise self._fault
            return False
        self._have, self._at = self._ahead, 0
        self._ahead = self._read()
        self._last = not self._ahead
        return True

    def _read(self) -> bytes:
        if self._fault is not None:
            return b""
        try:
            return self._upstream.read()
        except (Damage, LimitReached) as fault:
            self._fault = fault  # the good bytes before it come first
            return b""


def _maker(form: str) -> tuple[Callable[[bytes], tuple[Any, int]], tuple[type[BaseException], ...]]:
    """What makes a decompressor for data that begin so, with the size of its window; and the errors it raises."""
    common: tuple[type[BaseException], ...] = (EOFError, OSError, ValueError, MemoryError)
    if form == "gzip":
        from nopage.intake.unpack.gzip import GzipDecoder

        return (lambda _: (GzipDecoder(), 0)), (*common, *GzipDecoder().faults)
    if form == "bzip2":
        import bz2

        return (lambda _: (bz2.BZ2Decompressor(), BZIP2)), common
    import lzma

    kind, told = (lzma.FORMAT_XZ, xz_window) if form == "xz" else (lzma.FORMAT_ALONE, lzma_window)

    def made(head: bytes) -> tuple[Any, int]:
        window = told(head)
        return lzma.LZMADecompressor(kind, memlimit=window + SPARE), window

    return made, (*common, lzma.LZMAError)
