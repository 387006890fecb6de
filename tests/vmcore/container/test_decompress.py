"""The compressed pages of a kdump: whole ones, damaged ones, and ones made to hurt."""
from __future__ import annotations

import base64
import json
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import cramjam
import lzallright
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from nopage.vmcore import ReadFault
from nopage.vmcore.container.decompress import LZO, SNAPPY, ZLIB, ZSTD, Unpacker

SIZES = (4096, 65536)
PACK: dict[int, Callable[[bytes], bytes]] = {
    ZLIB: lambda data: zlib.compress(data, 1),
    LZO: lambda data: lzallright.LZOCompressor().compress(data),
    SNAPPY: lambda data: bytes(cramjam.snappy.compress_raw(data)),
    ZSTD: lambda data: zstandard.ZstdCompressor().compress(data),
}
NAMES = {ZLIB: "zlib", LZO: "lzo", SNAPPY: "snappy", ZSTD: "zstd"}


def sample_page(size: int) -> bytes:
    """What the vectors were made of, with the libraries' own compressors."""
    text = b"".join(
        b"<4>[%5d.000000] swapper: page allocation failure. order:%d, mode:0x%x\n" % (n, n % 4, 32 << n % 5)
        for n in range(9)
    )
    mixed = text * (size // 1024) + b"A" * (size // 4) + bytes(range(256))
    return (mixed + bytes(n * n * 7 // 3 % 251 for n in range(300)) + bytes(size))[:size]


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=PACK, ids=NAMES.get)
def method(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.mark.parametrize("method", [LZO, SNAPPY], ids=NAMES.get)
def test_pages_that_liblzo2_and_libsnappy_packed(method: int, size: int) -> None:
    vectors = json.loads(Path(__file__).with_name("compressed_pages.json").read_text(encoding="ascii"))
    packed = base64.b85decode(vectors[f"{NAMES[method]}-{size}"])
    assert Unpacker(size, 1.0).page(packed, method) == sample_page(size)


def test_every_method(method: int, size: int) -> None:
    assert Unpacker(size, 1.0).page(PACK[method](sample_page(size)), method) == sample_page(size)


def test_damaged_pages(method: int, size: int) -> None:
    packed = PACK[method](sample_page(size))
    unpacker = Unpacker(size, 10.0)
    for damaged in (packed[: len(packed) // 2], packed[:-9], b"\xff" * 40, b"", b"\0", bytes(size), packed[::-1]):
        with pytest.raises(ReadFault, match="a compressed page is damaged: "):
            unpacker.page(damaged, method)
    assert unpacker.page(packed, method) == sample_page(size)


@pytest.mark.parametrize("other", [0, 1, 4095, 4097, 8192, 1 << 20])
def test_pages_of_another_size(method: int, other: int) -> None:
    packed = PACK[method](bytes(other))
    with pytest.raises(ReadFault, match="damaged"):
        Unpacker(4096, 10.0).page(packed, method)


def outcome(data: bytes, method: int) -> tuple[int, str]:
    """(length of the page, "") or (-1, what is said)."""
    try:
        return len(Unpacker(4096, 10.0).page(data, method)), ""
    except ReadFault as fault:
        return -1, str(fault)


@given(data=st.binary(max_size=400), method=st.sampled_from(sorted(PACK)))
def test_any_bytes(data: bytes, method: int) -> None:
    length, said = outcome(data, method)
    assert length in (-1, 4096)
    assert "\n" not in said


TELLING = st.sampled_from([0, 1, 16, 32, 64, 127, 128, 255])  # bytes that mean something to one of the formats


@given(
    changes=st.lists(st.tuples(st.integers(0, 1 << 16), TELLING), max_size=6),
    cut=st.integers(0, 1 << 16),
    method=st.sampled_from(sorted(PACK)),
)
def test_flipped_and_cut_pages(changes: list[tuple[int, int]], cut: int, method: int) -> None:
    packed = bytearray(PACK[method](sample_page(4096)))
    for at, value in changes:
        packed[at % len(packed)] = value
    length, said = outcome(bytes(packed[: 1 + cut % len(packed)]), method)
    assert length in (-1, 4096)
    assert "\n" not in said


def lzo_bomb(size: int) -> bytes:
    """A page of the file that holds one match with a length of 255 for each of its bytes."""
    return b"\x15abcd\x20" + bytes(size - 12) + b"\x01\0\0\x11\0\0"


def zstd_bomb(size: int) -> bytes:
    """RFC 8878: blocks of one repeated byte, 128 KiB each, in a frame that says its true size, or none."""
    count = (size - 10) // 4
    blocks = (((1 << 17) << 3 | 1 << 1).to_bytes(3, "little") + b"a") * (count - 1)
    blocks += ((1 << 17) << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"a"
    return b"\x28\xb5\x2f\xfd\x80\x38" + (count << 17).to_bytes(4, "little") + blocks


BOMBS: dict[str, tuple[int, Callable[[int], bytes], int]] = {
    # method, page of the file, most bytes that it may take in memory for each byte of a page
    "zlib": (ZLIB, lambda size: zlib.compress(bytes(size * 900))[:size], 4),
    "lzo": (LZO, lzo_bomb, 2 * 3 * 255),
    "snappy, 4 GiB claimed": (SNAPPY, lambda size: b"\xff\xff\xff\xff\x0f\0a" + b"\xfe\x01\0" * 900, 4),
    "snappy, 35 bits claimed": (SNAPPY, lambda size: b"\xff\xff\xff\xff\x7f\0a", 4),
    "snappy, more than claimed": (SNAPPY, lambda size: b"\x80\x20\0a" + b"\xfe\x01\0" * (size // 4), 4),
    "zstd, size said": (ZSTD, zstd_bomb, 4),
    "zstd, 4 GiB claimed": (ZSTD, lambda size: b"\x28\xb5\x2f\xfd\x80\x38\xff\xff\xff\xff\x03\0\x10a", 4),
    "zstd, a window of 2 GiB": (ZSTD, lambda size: b"\x28\xb5\x2f\xfd\0\xa8\x03\0\x10a", 4),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_take_bounded_memory(name: str, size: int) -> None:
    method, make, most = BOMBS[name]
    bomb = make(size)
    assert len(bomb) <= size
    unpacker = Unpacker(size, 10.0)
    tracemalloc.start()
    try:
        with pytest.raises(ReadFault, match="damaged"):
            unpacker.page(bomb, method)
        assert tracemalloc.get_traced_memory()[1] < most * size + (64 << 10)
    finally:
        tracemalloc.stop()


def test_a_page_takes_no_more_room_than_it_has(method: int, size: int) -> None:
    with pytest.raises(ReadFault, match=rf"takes {size + 1} of {size} bytes"):
        Unpacker(size, 10.0).page(bytes(size + 1), method)


def test_damaged_pages_use_up_their_time(size: int) -> None:
    unpacker = Unpacker(size, 1e-9)
    good = PACK[LZO](sample_page(size))
    for _ in range(3):
        assert unpacker.page(good, LZO) == sample_page(size)
    with pytest.raises(ReadFault, match="it unpacks to"):
        unpacker.page(lzo_bomb(size), LZO)
    with pytest.raises(ReadFault, match="too many before it were damaged"):
        unpacker.page(good, LZO)


@pytest.mark.parametrize(("method", "library"), [(LZO, "lzallright"), (SNAPPY, "cramjam"), (ZSTD, "zstandard")])
def test_a_library_that_is_not_there(method: int, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = PACK[method](bytes(4096))
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ReadFault, match="whose library is not installed"):
        Unpacker(4096, 10.0).page(packed, method)


def test_the_libraries_are_imported_when_a_dump_needs_them() -> None:
    code = (
        "import sys, nopage.cli.main, nopage.intake.cores, nopage.vmcore\n"
        "print(sorted({'lzallright', 'cramjam', 'zstandard', 'drgn'} & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
