"""The windows of all open decoders together are bounded: each is read off its header and counted as it fills."""
from __future__ import annotations

import gc
import lzma
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import zstandard

from nopage.intake.collect import collect
from nopage.intake.unpack import Window, lzma_window
from nopage.intake.unpack.window import xz_window, zstd_window
from nopage.kernel.bounds import BOUNDS

MB = 1 << 20


@pytest.fixture(autouse=True)
def _none_is_left() -> Iterator[None]:
    before = Window.held()
    yield
    gc.collect()
    assert Window.held() == before


@pytest.mark.parametrize(("preset", "megabytes"), [(0, 0.25), (1, 1), (3, 4), (6, 8), (8, 32), (9, 64)])
def test_of_each_preset_of_xz(preset: int, megabytes: float) -> None:
    assert xz_window(lzma.compress(b"x", preset=preset)) == megabytes * MB
    assert lzma_window(lzma.compress(b"x", format=lzma.FORMAT_ALONE, preset=preset)) == megabytes * MB


@pytest.mark.parametrize("head", [b"", b"\xfd7zXZ\0", b"\xfd7zXZ\0" + bytes(6), b"\xff" * 40, bytes(40)])
def test_a_header_that_does_not_tell_asks_for_all(head: bytes) -> None:
    assert xz_window(head) == BOUNDS.unpacking_bytes
    assert lzma_window(head) in (BOUNDS.unpacking_bytes, 0)


@pytest.mark.parametrize(("log", "bytes_long"), [(10, 1024), (17, 128 << 10), (23, 8 * MB), (27, 128 * MB)])
def test_of_each_window_of_zstd(log: int, bytes_long: int) -> None:
    assert zstd_window(b"\x28\xb5\x2f\xfd\0" + bytes([(log - 10) << 3])) == bytes_long


def test_of_a_zstd_frame_in_one_segment() -> None:
    for size in (100, 300, 70_000):
        packed = zstandard.ZstdCompressor(level=3).compress(bytes(size))
        assert packed[4] & 0x20
        length = 6 + (0, 1, 3, 7)[packed[4] >> 6]
        assert zstd_window(packed[:length]) == size


def test_they_are_counted_together_as_they_fill() -> None:
    windows = [Window(40 * MB), Window(40 * MB)]
    assert all(window.fill(30 * MB) for window in windows)
    assert Window.held() >= 60 * MB
    assert not windows[0].fill(90 * MB) or not windows[1].fill(90 * MB)
    windows[0].close()
    assert windows[1].fill(90 * MB)


def test_windows_in_windows_end_in_one_line(hostile: ModuleType, tmp_path: Path) -> None:
    path = hostile.KINDS["windows_in_windows"](tmp_path, 0.4)
    (found,) = collect(str(path))
    assert not found.complete
    assert "takes too much memory to unpack" in found.warnings[0]
    assert any(stream.windows for stream in found.streams)
