"""Damage late in a stream costs nothing of what stands before it: the check sums of every form, and any other byte."""
from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable
from functools import cache

import pytest
import zstandard

from nopage.intake.reader import Damage, FileReader
from nopage.intake.unpack import sniff, unpacked

DICE = random.Random(7)
TEXT = b"".join(b"line %d %s\n" % (at, DICE.randbytes(9).hex().encode()) for at in range(40_000))
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "xz": lzma.compress,
    "xz sha": lambda data: lzma.compress(data, check=lzma.CHECK_SHA256),
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    "bz2": bz2.compress,
    "zst": lambda data: zstandard.ZstdCompressor(write_checksum=True).compress(data),
}
MOST_LOST = {"gz": 128 << 10, "xz": 64 << 10, "xz sha": 64 << 10, "lzma": 64 << 10, "bz2": 900_000, "zst": 128 << 10}


@cache
def packed_text(form: str) -> bytes:
    """TEXT packed, which takes a second where a test takes less."""
    return PACK[form](TEXT)


def given(packed: bytes, block: int = 1 << 18) -> tuple[bytes, str]:
    """All that a stream gives, and the reason why it ended early."""
    source = io.BytesIO(packed)
    form = sniff(packed)
    assert form is not None
    reader = unpacked(FileReader(lambda _size: source.read(block)), form)
    out = b""
    while True:
        try:
            data = reader.read()
        except Damage as fault:
            with pytest.raises(Damage):
                reader.read()  # and so again
            return out, fault.reason
        if not data:
            return out, ""
        out += data


@pytest.mark.parametrize("form", PACK)
@pytest.mark.parametrize("block", [1 << 18, 1000, 7])
def test_a_whole_stream_in_blocks_of_any_size(form: str, block: int) -> None:
    text = TEXT if block > 7 else TEXT[:20_000]
    packed = packed_text(form) if text is TEXT else PACK[form](text)
    assert given(packed, block) == (text, "")


# Where the last check sum stands, from the end of the stream; .lzma has none.
SUMS = {"gz": -8, "gz length": -1, "xz": -28, "xz index": -16, "xz sha": -40, "zst": -1}


@pytest.mark.parametrize("place", SUMS)
def test_a_wrong_check_sum_costs_nothing(place: str) -> None:
    form = place if place in PACK else place.split()[0]
    packed = bytearray(packed_text(form))
    packed[SUMS[place]] ^= 0x10
    out, reason = given(bytes(packed))
    assert out == TEXT
    assert "damaged" in reason


@pytest.mark.parametrize("form", PACK)
@pytest.mark.parametrize("behind", [0, 1, 5, 12, 40, 200])
def test_a_cut_stream_gives_all_that_it_holds(form: str, behind: int) -> None:
    packed = packed_text(form)
    out, reason = given(packed[: len(packed) - 1 - behind])
    assert TEXT.startswith(out)
    assert "ends early" in reason
    assert len(TEXT) - len(out) <= MOST_LOST[form]


@pytest.mark.parametrize("form", PACK)
@pytest.mark.parametrize("share", [0.5, 0.8, 0.99])
def test_any_damage_keeps_what_was_unpacked_before(form: str, share: float) -> None:
    packed = bytearray(packed_text(form))
    at = int(len(packed) * share)
    packed[at : at + 64] = bytes(64)
    out, reason = given(bytes(packed))
    behind = MOST_LOST[form] + (64 << 10)  # what a decoder is behind its input, too
    least = max(int(len(TEXT) * share) - behind, 0)
    assert TEXT.startswith(out[:least])
    assert len(out) >= least
    if form != "lzma":
        assert reason


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_damage_behind_a_whole_stream_keeps_that(pack: Callable[[bytes], bytes]) -> None:
    whole = pack(TEXT)
    broken = bytearray(whole)
    broken[len(broken) // 2] ^= 0xFF
    out, reason = given(whole + bytes(broken))
    assert out.startswith(TEXT)
    assert len(out) > len(TEXT)
    assert "damaged" in reason


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_thousands_of_streams_are_one(pack: Callable[[bytes], bytes]) -> None:
    parts = pack(b"") * 3000 + pack(TEXT) + pack(b"") * 100
    assert given(parts) == (TEXT, "")


def test_header_fields_of_gzip() -> None:
    """RFC 1952: extra field, name, comment and the header's own sum stand before the data."""
    plain = gzip.compress(TEXT, mtime=0)
    head = bytearray(plain[:10])
    head[3] = 0x1E
    fields = b"\x05\x00extra" + b"a name\0" + b"a comment\0" + b"\x12\x34"
    for block in (1 << 18, 1, 3):
        source = io.BytesIO(bytes(head) + fields + plain[10:])
        reader = unpacked(FileReader(lambda _size, source=source, block=block: source.read(block)), "gzip")
        assert b"".join(iter(reader.read, b"")) == TEXT
    with pytest.raises(Damage, match="header"):
        unpacked(FileReader(io.BytesIO(bytes(head) + b"\0\0" + b"n" * (200 << 10)).read), "gzip").read()


def test_what_is_there_does_not_wait_for_a_slow_source() -> None:
    """A pipe that goes on later: what was unpacked of its first part is given at once, as far as one block ahead."""
    packed = gzip.compress(TEXT, mtime=0)
    pieces = [packed[:200_000], packed[200_000:400_000], packed[400_000:], b""]
    taken: list[int] = []

    def read(_size: int) -> bytes:
        taken.append(len(taken))
        return pieces[len(taken) - 1]

    reader = unpacked(FileReader(read), "gzip")
    assert reader.read()
    assert len(taken) == 2
