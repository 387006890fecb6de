"""The own header walk reads what the standard library's tar writer writes, in every format, and no less of the rest."""

from __future__ import annotations

import contextlib
import io
import tarfile
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.intake.archive import tar
from nopage.intake.archive.member import FILE, FOLDER, HARDLINK, LINK, OTHER, normal
from nopage.intake.reader import Damage

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=300).filter(
    lambda name: not name.endswith("/")
)
KINDS = {
    tarfile.REGTYPE: FILE,
    tarfile.DIRTYPE: FOLDER,
    tarfile.SYMTYPE: LINK,
    tarfile.LNKTYPE: HARDLINK,
    tarfile.FIFOTYPE: OTHER,
}


class Pieces:
    """A reader that gives bytes in pieces of odd sizes."""

    def __init__(self, data: bytes, cuts: list[int]) -> None:
        borders = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
        self._pieces = [data[start:end] for start, end in pairwise(borders)]

    def read(self) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


def walked(data: bytes, cuts: list[int] | None = None) -> list[tuple[str, str, bytes, str]]:
    found = []
    for member in tar.walk_tar(Pieces(data, cuts or [])):
        reader = member.open()
        parts = []
        while part := reader.read():
            parts.append(part)
        found.append((member.path.rstrip("/"), member.kind, b"".join(parts), member.target))
    return found


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(NAMES, st.sampled_from(sorted(KINDS)), st.binary(max_size=1500), NAMES), max_size=6),
    st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]),
    st.lists(st.integers(0, 1 << 16), max_size=6),
)
def test_what_the_standard_library_writes_is_read(
    files: list[tuple[str, bytes, bytes, str]], form: int, cuts: list[int]
) -> None:
    out = io.BytesIO()
    wanted = []
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, kind, data, target in files:
            info = tarfile.TarInfo(name)
            info.type = kind
            data = data if kind == tarfile.REGTYPE else b""
            info.size = len(data)
            info.linkname = target if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            archive.addfile(info, io.BytesIO(data))
            wanted.append((name.rstrip("/"), KINDS[kind], data, info.linkname))
    assert walked(out.getvalue(), cuts) == wanted


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=4000), st.integers(0, 1 << 16), st.integers(1, 255))
def test_any_bytes_end_and_raise_nothing_but_damage(noise: bytes, place: int, flip: int) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in ("a", "b" * 150, "c\u00e9"):
            info = tarfile.TarInfo(name)
            info.size = len(noise)
            archive.addfile(info, io.BytesIO(noise))
    good = bytearray(out.getvalue())
    good[place % len(good)] ^= flip
    for data in (noise, bytes(good), bytes(good[: place % len(good)])):
        with contextlib.suppress(Damage):
            walked(data)


def header(**fields: bytes) -> bytes:
    """A ustar header with some fields as given."""
    block = bytearray(tarfile.TarInfo("a").tobuf(tarfile.USTAR_FORMAT))
    places = {"name": (0, 100), "size": (124, 12), "kind": (156, 1), "magic": (257, 8), "prefix": (345, 155)}
    for field, value in fields.items():
        at, length = places[field]
        block[at : at + length] = value.ljust(length, b"\0")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


END = bytes(1024)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (
            header(size=b"\x80" + (5).to_bytes(11, "big")) + b"hello".ljust(512, b"\0") + END,
            [("a", FILE, b"hello", "")],
        ),
        (header(name=b"b", prefix=b"p/q") + END, [("p/q/b", FILE, b"", "")]),
        (header(name=b"b", magic=b"ustar  ", prefix=b"1234") + END, [("b", FILE, b"", "")]),  # GNU: no prefix there
        (header(magic=b"", kind=b"\0") + END, [("a", FILE, b"", "")]),  # v7
        (
            header(kind=b"1", size=b"%011o" % 9) + header(name=b"b") + END,
            [("a", HARDLINK, b"", ""), ("b", FILE, b"", "")],
        ),
    ],
)
def test_old_and_odd_headers(data: bytes, wanted: list[tuple[str, str, bytes, str]]) -> None:
    assert walked(data) == wanted


def test_a_sparse_file_of_the_old_gnu_kind() -> None:
    block = bytearray(header(kind=b"S", magic=b"ustar  ", size=b"%011o" % 4))
    block[482] = 1
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    more = bytes(504) + b"\0" + bytes(7)
    data = bytes(block) + more + b"data".ljust(512, b"\0") + header(name=b"b") + END
    assert walked(data) == [("a", FILE, b"data", ""), ("b", FILE, b"", "")]


@pytest.mark.parametrize("size", [b"\xff" * 12, b"\x80" + b"\xff" * 11, b"nonsense"])
def test_a_size_that_is_none_does_not_stop_the_walk(size: bytes) -> None:
    members = tar.walk_tar(Pieces(header(name=b"x") + header(size=size) + END, []))
    assert next(members).path == "x"
    with contextlib.suppress(Damage):
        assert [member.path for member in members] == []


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("a/b", "a/b"),
        ("./a//b", "a/b"),
        ("/a/b", "a/b"),
        ("a/./b", "a/b"),
        ("../a", None),
        ("a/../b", None),
        ("..", None),
        ("", None),
        ("/", None),
        ("a/..b", "a/..b"),
        ("a/b/", "a/b"),
    ],
)
def test_names_are_made_normal(path: str, wanted: str | None) -> None:
    assert (normal(path) or None) == wanted


class Broken:
    """Blocks of a stream, then the same damage at every further read."""

    def __init__(self, data: bytes, size: int) -> None:
        self._blocks = [data[at : at + size] for at in range(0, len(data), size)]

    def read(self) -> bytes:
        if not self._blocks:
            raise Damage("the gzip data ends early")
        return self._blocks.pop(0)


@pytest.mark.parametrize("size", [512, 4096, 1 << 20])
def test_damage_below_ends_the_walk_whoever_reads_on(size: int) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, length in enumerate((9_000, 9_000, 60_000)):
            info = tarfile.TarInfo(f"a{number}")
            info.size = length
            archive.addfile(info, io.BytesIO(bytes(length)))
    for kept in range(512, 80_000, 512):
        with pytest.raises(Damage, match="the gzip data ends early"):
            _read_on(Broken(out.getvalue()[:kept], size))


def _read_on(reader: Broken) -> None:
    """Tell a member's damage and pass it over, as is done for archives inside."""
    for number, member in enumerate(tar.walk_tar(reader)):
        assert number < 3
        with contextlib.suppress(Damage):
            while member.open().read():
                pass
