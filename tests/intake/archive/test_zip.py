"""Zip archives: by their directory, by their local headers where that is cut off, and in streams."""
from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nopage.intake import reader
from nopage.intake.archive import zip as by_directory
from nopage.intake.archive.member import FILE, LINK, Member
from nopage.intake.archive.zip_local import walk_local
from nopage.intake.collect import collect
from nopage.intake.model import Limits
from nopage.intake.reader import Budget, Damage, FileReader
from nopage.kernel.bounds import BOUNDS

Files = Mapping[str, bytes]


def unlimited() -> Budget:
    return Budget(unpacked_bytes=1 << 40, members=1 << 30, seconds=3600)


class Unseekable(io.RawIOBase):
    """What zipfile writes to like to a pipe: the sizes stand behind the data."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += bytes(data)
        return len(data)


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED, zip64: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            with archive.open(name, "w", force_zip64=zip64) as file:
                file.write(data)
    return out.getvalue()


def zipped_to_a_pipe(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = Unseekable()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.data


def local(data: bytes) -> tuple[dict[str, bytes], str]:
    """What the walk by local headers gives: the members' bytes, and the fault that it ends with."""
    found: dict[str, bytes] = {}
    try:
        for member in walk_local(FileReader(io.BytesIO(data).read), unlimited()):
            reader = member.open()
            found[member.path] = b"" if member.kind != FILE else b"".join(iter(reader.read, b""))
    except Damage as fault:
        return found, fault.reason
    return found, ""


FILES = st.dictionaries(
    st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8}){0,2}", fullmatch=True),
    st.one_of(st.binary(max_size=200), st.integers(0, 400_000).map(lambda size: random.Random(size).randbytes(size))),
    max_size=5,
)


@given(FILES, st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]), st.booleans())
def test_local_headers_give_what_was_packed(files: Files, method: int, zip64: bool) -> None:
    found, fault = local(zipped(files, method, zip64))
    assert (found, fault) == ({name: b"" if _is_path(data) else data for name, data in files.items()}, "")


@given(FILES)
def test_sizes_behind_the_data_are_found(files: Files) -> None:
    assert local(zipped_to_a_pipe(files)) == (files, "")


def _is_path(data: bytes) -> bool:
    return 0 < len(data) <= 1024 and all(chr(byte).isalnum() or byte in b"_.+@:/-" for byte in data if byte < 128) and (
        max(data) < 128
    )


@given(FILES, st.integers(0), st.integers(0, 255))
def test_no_damage_is_more_than_damage(files: Files, at: int, byte: int) -> None:
    data = bytearray(zipped_to_a_pipe(files) if at & 1 else zipped(files))
    data[at % len(data)] = byte
    local(bytes(data))
    for member in _members(bytes(data)):
        try:
            list(iter(member.open().read, b""))
        except Damage:
            continue


def _members(data: bytes) -> list[Member]:

    members = []
    try:
        for member in by_directory.walk_zip(FileReader(io.BytesIO(data).read), None, Budget(1 << 30, 1000, 60)):
            members.append(member)
    except Damage:
        pass
    return members


def test_a_link_is_told_by_what_it_holds() -> None:
    info = zipfile.ZipInfo("uname")
    info.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "sos_commands/kernel/uname_-a")
        archive.writestr("text", "one line\n")
    members = list(walk_local(FileReader(io.BytesIO(out.getvalue()).read), unlimited()))
    assert [(one.path, one.kind, one.target) for one in members] == [
        ("uname", LINK, "sos_commands/kernel/uname_-a"),
        ("text", FILE, ""),
    ]


@pytest.mark.parametrize("tenth", range(1, 10))
@pytest.mark.parametrize("pack", [zipped, zipped_to_a_pipe])
def test_what_comes_before_the_cut_is_read(
    pack: Callable[[Files], bytes], tenth: int, tree: Files, tmp_path: Path
) -> None:
    files = {f"sosreport-a/{name}": tree[name] for name in sorted(tree)}
    data = pack(files)
    path = tmp_path / "a.zip"
    path.write_bytes(data[: len(data) * tenth // 10])
    whole = [name for name in files if data.find(name.encode()) + len(name) < len(data) * tenth // 20]
    (found,) = collect(str(path))
    assert not found.complete
    assert any("zip archive" in warning for warning in found.warnings)
    assert {stream.name for stream in found.streams} >= {
        name.partition("/")[2] for name in whole if name.endswith(("dmesg", "buddyinfo", "uname_-a"))
    }


def test_a_long_stream_is_not_held(tree: Files, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = {f"sosreport-a/{name}": data for name, data in tree.items()}
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(files))
    (expected,) = collect(str(path))
    monkeypatch.setattr(reader, "BOUNDS", replace(BOUNDS, zip_held_bytes=4096))
    fifo = tmp_path / "pipe.zip"
    _through_a_pipe(fifo, path)
    (found,) = collect(str(fifo))
    assert found.complete
    assert found.streams == expected.streams


def _through_a_pipe(fifo: Path, path: Path) -> None:
    import os
    import threading

    os.mkfifo(fifo)
    threading.Thread(target=lambda: fifo.write_bytes(path.read_bytes()), daemon=True).start()


@pytest.mark.parametrize("cut", [0, 100])
def test_what_is_unpacked_is_limited(cut: int, tmp_path: Path) -> None:
    data = zipped({"sosreport-a/sos_commands/kernel/dmesg": bytes(64 << 20)})
    path = tmp_path / "bomb.zip"
    path.write_bytes(data[: len(data) - cut])
    (found,) = collect(str(path), Limits(unpacked_bytes=8 << 20))
    assert not found.complete
    assert any("more than 8 MiB unpacked" in warning for warning in found.warnings)


@pytest.mark.parametrize("without_directory", [False, True])
def test_a_damaged_member_costs_no_other(without_directory: bool, tree: Files, tmp_path: Path) -> None:
    files = {f"sosreport-a/{name}": tree[name] for name in sorted(tree)}
    data = bytearray(zipped(files))
    at = data.find(b"sosreport-a/sos_commands/kernel/dmesg") + 200
    data[at] ^= 0xFF
    path = tmp_path / "a.zip"
    path.write_bytes(data[: data.rfind(b"PK\x05\x06")] if without_directory else data)
    (found,) = collect(str(path))
    assert not found.complete
    assert any("sos_commands/kernel/dmesg" in warning and "zip member" in warning for warning in found.warnings)
    assert {"var/log/messages", "sos_commands/kernel/uname_-a", "version.txt"} - {"version.txt"} <= {
        stream.name for stream in found.streams
    }


@pytest.mark.parametrize(
    ("flags", "method", "said"),
    [(1, 8, "is encrypted"),
     (0, 99, "is packed by method 99"), (0, 93, "is packed by method 93"), (0, 14, "is damaged")],
)
def test_what_cannot_be_unpacked_is_said(flags: int, method: int, said: str) -> None:
    name, body = b"a", b"x" * 20
    header = struct.pack("<4sHHHIIIIHH", b"PK\x03\x04", 20, flags, method, 0, 0, len(body), 400, len(name), 0)
    found, fault = local(header + name + body + zipped({"b": b"text of b"}))
    assert said in fault
    assert found == {}
    members = list(walk_local(FileReader(io.BytesIO(header + name + body + zipped({"b": b"t"})).read), unlimited()))
    assert [member.path for member in members] == ["a", "b"]


def test_a_small_member_that_is_a_bomb_is_not_held() -> None:
    data = bytearray(zipped({"a": bytes(32 << 20)}))
    struct.pack_into("<I", data, 22, 100)  # it says that it has 100 bytes
    members = walk_local(FileReader(io.BytesIO(bytes(data)).read), budget := unlimited())
    next(members)
    assert budget.unpacked < 1 << 20


@pytest.mark.parametrize("cut", [0, 30])
def test_a_member_without_a_name_is_passed_over(cut: int, tmp_path: Path) -> None:
    files = {"x": b"text\n", "sosreport-a/sos_commands/kernel/dmesg": b"[    0.000000] Linux version 2.6.32\n"}
    data = bytearray(zipped(files))
    central = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, central + 28, 0)  # the name is a comment of as many bytes now
    struct.pack_into("<H", data, central + 32, 1)
    path = tmp_path / "a.zip"
    path.write_bytes(data[: len(data) - cut])
    (found,) = collect(str(path))
    assert [stream.name for stream in found.streams] == ["sos_commands/kernel/dmesg"]
