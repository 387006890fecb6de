"""What decoders keep of what they gave: told by their headers, and bounded for all that are open together."""
from __future__ import annotations

import lzma
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import zstandard

from nopage.intake.collect import collect
from nopage.intake.reader import Damage, Windows
from nopage.intake.unpack import unpacked
from nopage.intake.unpack.window import lzma_window, xz_window, zstd_window
from nopage.kernel.bounds import BOUNDS

KIB, MIB = 1 << 10, 1 << 20


class Pieces:
    def __init__(self, data: bytes) -> None:
        self._left = iter([data[at : at + 65536] for at in range(0, len(data), 65536)])

    def read(self) -> bytes:
        return next(self._left, b"")


@pytest.mark.parametrize("size", [4 * KIB, 6 * KIB, 8 * MIB, 48 * MIB, 64 * MIB])
@pytest.mark.parametrize("before", [[], [{"id": lzma.FILTER_X86}], [{"id": lzma.FILTER_DELTA, "dist": 4}]])
def test_xz(size: int, before: list[dict[str, int]]) -> None:
    filters = [*before, {"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": size}]
    assert xz_window(lzma.compress(b"text", filters=filters)) == size


@pytest.mark.parametrize("head", [b"", b"\xfd7zXZ\0", b"\xfd7zXZ\0\0\4\0\0\0\0\0\0", b"\xff" * 2000])
def test_what_a_header_does_not_tell_is_the_most(head: bytes) -> None:
    assert xz_window(head) == BOUNDS.unpacking_bytes


def test_lzma() -> None:
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 0, "dict_size": 2 * MIB}]
    assert lzma_window(lzma.compress(b"text", lzma.FORMAT_ALONE, filters=filters)) == 2 * MIB
    assert lzma_window(b"\x5d\xff\xff\xff\xff") == BOUNDS.unpacking_bytes


@pytest.mark.parametrize("level", [1, 12, 19, 22])
@pytest.mark.parametrize("size", [3, 300, 70_000, 3 * MIB])
@pytest.mark.parametrize("told", [True, False])
def test_zstd(level: int, size: int, told: bool) -> None:
    if told:
        packed = zstandard.ZstdCompressor(level).compress(bytes(size))
    else:
        packer = zstandard.ZstdCompressor(level).compressobj()
        packed = packer.compress(bytes(size)) + packer.flush()
    parameters = zstandard.get_frame_parameters(packed)
    header = packed[: zstandard.frame_header_size(packed)]
    assert zstd_window(header) == parameters.window_size


def test_past_the_bound_what_was_unpacked_is_given_and_the_rest_refused() -> None:
    size = BOUNDS.unpacking_bytes
    packer = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=27, compression_level=1)
    ).compressobj()
    packed = b"".join([packer.compress(bytes(MIB)) for _ in range((size >> 20) + 8)]) + packer.flush()
    reader: Any = unpacked(Pieces(packed), "zstd", windows := Windows())
    with pytest.raises(Damage, match="too much memory"):
        list(iter(reader.read, b""))
    assert size <= reader.given <= size + MIB
    assert windows.held == 0
    with pytest.raises(Damage, match="too much memory"):
        reader.read()


def test_one_that_ended_or_was_left_gives_its_window_back() -> None:
    packed = lzma.compress(bytes(3 * MIB), preset=0)
    reader = unpacked(Pieces(packed * 2), "xz", windows := Windows())
    most = 0
    while reader.read():
        most = max(most, windows.held)
    assert 0 < most <= MIB  # that of preset 0, 256 KiB
    assert windows.held == 0
    left = unpacked(Pieces(packed), "xz", windows)
    left.read()
    left.read()
    assert windows.held > 0
    del left
    assert windows.held == 0


def test_damage_gives_the_window_back() -> None:
    packed = bytearray(lzma.compress(bytes(3 * MIB), preset=6))
    packed[len(packed) // 2] ^= 255
    reader = unpacked(Pieces(bytes(packed)), "xz", windows := Windows())
    with pytest.raises(Damage):
        list(iter(reader.read, b""))
    assert windows.held == 0


def test_windows_in_windows_end_in_one_line(hostile: ModuleType, tmp_path: Path) -> None:
    path = hostile.KINDS["zstd_windows"](tmp_path, 1.0)
    (found,) = collect(str(path))
    assert not found.complete
    assert "too much memory" in found.warnings[0]
    assert any(stream.windows for stream in found.streams)
