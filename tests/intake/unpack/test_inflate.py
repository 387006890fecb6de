"""The standard library in the place of isal, where there is no build of it: the same bytes, the same damage."""
from __future__ import annotations

import gzip
import random
import sys

import pytest

from nopage.intake.reader import Damage
from nopage.intake.unpack import unpacked
from nopage.intake.unpack.inflate import ZlibInflate, inflate

TEXT = b"".join(b"Feb 14 18:26:56 stor1 kernel: line %d\n" % n for n in range(40_000))
NOISE = random.Random(1).randbytes(300_000)
CORRUPT = bytearray(gzip.compress(TEXT))
CORRUPT[len(CORRUPT) // 2] ^= 0xFF
WRONG_SUM = bytearray(gzip.compress(TEXT))
WRONG_SUM[-8] ^= 1
PACKED = {
    "text": gzip.compress(TEXT),
    "noise": gzip.compress(NOISE),
    "nothing": gzip.compress(b""),
    "two": gzip.compress(TEXT) + gzip.compress(NOISE),
    "many": b"".join(gzip.compress(b"%d\n" % n) for n in range(300)),
    "stored": gzip.compress(NOISE, 0),
    "garbage behind": gzip.compress(TEXT) + b"\0" * 50 + b"garbage",
    "cut": gzip.compress(TEXT)[:5000],
    "corrupt": bytes(CORRUPT),
    "wrong sum": bytes(WRONG_SUM),
}


class Held:
    def __init__(self, data: bytes, step: int) -> None:
        self.parts = [data[at : at + step] for at in range(0, len(data), step)]

    def read(self) -> bytes:
        return self.parts.pop(0) if self.parts else b""


def read(data: bytes, step: int) -> tuple[bytes, bool]:
    """All that is given, and whether it ended with damage."""
    reader, found = unpacked(Held(data, step), "gzip"), b""
    try:
        while piece := reader.read():
            found += piece
    except Damage:
        return found, True
    return found, False


@pytest.mark.parametrize(
    ("name", "step"),
    [(name, step) for name, data in PACKED.items() for step in (7, 4096, 1 << 20) if step > 7 or len(data) < 20_000],
)
def test_it_gives_what_isal_gives(monkeypatch: pytest.MonkeyPatch, name: str, step: int) -> None:
    wanted = read(PACKED[name], step)
    monkeypatch.setitem(sys.modules, "isal", None)
    assert isinstance(inflate()[0], ZlibInflate)
    found = read(PACKED[name], step)
    if name in ("corrupt", "cut"):  # how far a decoder comes into broken data is its own
        assert found[1] is wanted[1] is True
        assert TEXT.startswith(found[0][:100_000])
        assert min(len(found[0]), len(wanted[0])) > 20_000
    else:
        assert found == wanted


def test_no_call_gives_more_than_was_asked_for() -> None:
    decoder = ZlibInflate()
    pieces = [decoder.decompress(gzip.compress(bytes(1 << 20))[10:-8], 1000)]
    while not decoder.eof:
        pieces.append(decoder.decompress(b"", 1000))
    assert max(map(len, pieces)) == 1000
    assert sum(map(len, pieces)) == 1 << 20
