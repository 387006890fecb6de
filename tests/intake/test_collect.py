"""A source in any wrapping gives the same streams; what is wrong with it is said in one line."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nopage.intake.archive import walk
from nopage.intake.archive.walk import open_regular
from nopage.intake.collect import collect, collect_directory
from nopage.intake.model import Collection, Limits, SourceError

Files = dict[str, bytes]
Pack = Callable[..., bytes]


def plain(collection: Collection) -> dict[str, Any]:
    """All of a collection but where it came from, as JSON has it."""
    facts = asdict(replace(collection, deadline=None))  # the time of day is no part of it
    facts["streams"] = [
        {
            **asdict(stream),
            "windows": [
                [window.file, window.line, window.byte_offset, list(window.lines)] for window in stream.windows
            ],
        }
        for stream in collection.streams
    ]
    del facts["path"], facts["kind"]
    result: dict[str, Any] = json.loads(json.dumps(facts))
    return result


def headers(collection: Collection) -> dict[str, list[int]]:
    """The line of each failure header, by log."""
    return {
        stream.name: [
            window.line + at
            for window in stream.windows
            for at, line in enumerate(window.lines)
            if "page allocation failure" in line
        ]
        for stream in collection.streams
        if stream.spec == "kernel_log"
    }


@pytest.fixture
def expected(tree: Files, unpack: Callable[[Mapping[str, bytes]], Path]) -> Collection:
    """What the unpacked directory gives."""
    return collect_directory(str(unpack(tree)))


def test_a_directory_gives_its_facts_and_the_windows_of_its_logs(expected: Collection, tree: Files) -> None:
    assert expected.kind == "sosreport"
    assert expected.complete
    assert expected.warnings == ()
    facts = {stream.spec: stream.text for stream in expected.streams if stream.text}
    assert facts["sysctl"] == "vm.min_free_kbytes = 67584\n"
    assert facts["buddyinfo"] == tree["proc/buddyinfo"].decode()
    assert headers(expected) == {
        "sos_commands/kernel/dmesg": [1],
        "var/log/messages": [3001],
        "var/log/messages-20240121.bz2": [3001],
        "var/log/messages-20240128.xz": [3001],
        "var/log/messages-20240204.gz": [3001],
    }
    assert [stream.name for stream in expected.streams if stream.spec == "ethtool"] == [
        "sos_commands/networking/ethtool_-S_eth0"
    ]
    assert expected.coverage.oldest_log_time == "2024-02-14T09:00:00"
    assert expected.coverage.newest_log_time == "2024-02-14T09:49:59"


@pytest.mark.parametrize("form", ["none", "gz", "xz", "lzma", "bz2", "zst"])
def test_an_archive_gives_what_its_directory_gives(
    form: str, tree: Files, pack: Pack, packers: Any, expected: Collection, tmp_path: Path
) -> None:
    path = tmp_path / "named like nothing 'it' is.log"
    path.write_bytes(packers[form](pack(tree)))
    (found,) = collect(str(path))
    assert plain(found) == plain(expected)
    assert found.kind == "sosreport"
    assert found.path == str(path)


@pytest.mark.parametrize("top", ["", "./", "./a", "tmp/sosreport-x", "/var/tmp/sosreport-x"])
def test_the_top_folder_may_be_any(top: str, tree: Files, pack: Pack, expected: Collection, tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(pack(tree, top=top))
    (found,) = collect(str(path))
    assert plain(found) == plain(expected)


def test_zip(tree: Files, pack_zip: Any, expected: Collection, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(pack_zip(tree))
    (found,) = collect(str(path))
    assert plain(found) == plain(expected)


@pytest.mark.parametrize("kind", ["tar.gz", "zip", "log"])
def test_standard_input(
    kind: str, tree: Files, pack: Pack, pack_zip: Any, report: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"tar.gz": lambda: gzip.compress(pack(tree)), "zip": lambda: pack_zip(tree), "log": report.encode}[kind]()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(data))))
    (found,) = collect("-")
    assert found.kind == ("log" if kind == "log" else "sosreport")
    assert any(headers(found).values())


def test_a_url_is_read_as_a_stream(tree: Files, pack: Pack, expected: Collection) -> None:
    fsspec = pytest.importorskip("fsspec")
    with fsspec.open("memory://bucket/a.tar.gz", "wb") as file:
        file.write(gzip.compress(pack(tree)))
    (found,) = collect("memory://bucket/a.tar.gz")
    assert plain(found) == plain(expected)
    with pytest.raises(SourceError, match="cannot be opened"):
        list(collect("memory://bucket/none"))
    with pytest.raises(SourceError, match="cannot be opened"):
        list(collect("nosuchscheme://bucket/none"))


def test_a_collection_of_archives_gives_one_result_each(
    tree: Files, pack: Pack, packers: Any, expected: Collection, tmp_path: Path
) -> None:
    inner = {
        f"sosreport-{host}.tar.{form}": packers[form](pack(tree, f"sosreport-{host}"))
        for host, form in (("a", "xz"), ("b", "gz"), ("c", "zst"))
    }
    path = tmp_path / "sos-collector.tar"
    path.write_bytes(pack({**inner, "sos_logs/sos.log": b"\n"}, "sos-collector-x"))
    found = list(collect(str(path)))
    assert [one.path for one in found] == [
        f"{path}!sos-collector-x/sosreport-{host}.tar.{form}" for host, form in (("a", "xz"), ("b", "gz"), ("c", "zst"))
    ]
    assert all(plain(one) == plain(expected) for one in found)


@pytest.mark.parametrize("order", ["before", "behind"])
def test_an_archive_of_parts_inside_a_host_is_no_host(
    tree: Files, pack: Pack, expected: Collection, tmp_path: Path, order: str
) -> None:
    part = {"sys.tgz": gzip.compress(pack({"sys/kernel/mm/transparent_hugepage/enabled": b"[always]\n",
                                           "var/log/messages": b"kernel: nothing\n"}, ""))}
    files = {**part, **tree} if order == "before" else {**tree, **part}
    path = tmp_path / "a.tar"
    path.write_bytes(pack(files))
    (found,) = collect(str(path))
    assert plain(found) == plain(expected)


def test_a_folder_of_archives_gives_one_result_each_and_tells_of_the_broken_one(
    tree: Files, pack: Pack, tmp_path: Path
) -> None:
    (tmp_path / "a.tar").write_bytes(pack(tree))
    (tmp_path / "b.tar.gz").write_bytes(gzip.compress(pack(tree))[:40])
    (tmp_path / "c.tar").write_bytes(pack(tree))
    source = collect(str(tmp_path))
    assert [next(source).path for _ in range(2)] == [str(tmp_path / "a.tar"), str(tmp_path / "c.tar")]
    with pytest.raises(SourceError, match=r"b\.tar\.gz: the gzip data ends early"):
        next(source)


def test_a_folder_of_unpacked_sosreports(
    tree: Files, unpack: Callable[[Mapping[str, bytes]], Path], expected: Collection
) -> None:
    top = unpack(tree)
    other = top.parent / "sosreport-other"
    os.rename(top, other)
    top = unpack(tree)
    found = list(collect(str(top.parent)))
    assert [one.path for one in found] == [str(other), str(top)]
    assert plain(found[0]) == plain(found[1]) == plain(expected)


def test_nesting_is_bounded(tree: Files, pack: Pack, tmp_path: Path) -> None:
    data = pack(tree)
    for level in range(8):
        data = pack({f"sosreport-{level}.tar": data}, "")
    path = tmp_path / "a.tar"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="level 4 of nesting"):
        list(collect(str(path), Limits(nesting=3)))
    assert len(list(collect(str(path), Limits(nesting=10)))) == 1


LAYOUTS = [
    ("sosreport-x/sos_commands/general/dmesg", "sosreport"),  # sos 1.x to 2.x
    ("sosreport-x/sos_commands/kernel/dmesg_--ctime", "sosreport"),
    ("sosreport-x/sos_commands/logs/journalctl_--no-pager_--catalog_--boot", "sosreport"),
    ("sosreport-x/sos_strings/logs/var.log.messages.tailed", "sosreport"),
    ("sosreport-x/var/crash/127.0.0.1-2024-02-10-03:12:01/vmcore-dmesg.txt", "sosreport"),
    ("sosreport-x/var/log/kern.log", "sosreport"),
    ("sosreport-x/var/log/syslog.1", "sosreport"),
    ("insights-host-2024/data/insights_commands/dmesg", "insights"),
    ("insights-host-2024/insights_commands/journalctl_--no-pager", "insights"),
    ("insights-host-2024/data/var/log/messages", "insights"),
    ("host/var/log/dmesg.old", "archive"),
    ("var/log/messages", "archive"),
    ("some/where/else/console.txt", "archive"),
]


@pytest.mark.parametrize(("name", "kind"), LAYOUTS)
def test_layouts(name: str, kind: str, report: str, pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    marks = {"insights": {"insights-host-2024/meta_data/x.json": b"{}"}}
    path.write_bytes(pack({name: report.encode(), **marks.get(kind, {})}, ""))
    (found,) = collect(str(path))
    assert found.kind == kind
    assert list(headers(found).values()) == [[1]]
    assert found.coverage.filtered == (kind == "insights")
    assert next(iter(headers(found))) == (
        name.split("/", 1)[1] if name.split("/")[0] in ("sosreport-x", "insights-host-2024", "host") else name
    )


def test_a_list_of_boots_is_no_log(report: str, pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(
        pack({"sos_commands/logs/journalctl_--list-boots": report.encode(), "proc/meminfo": b"MemTotal: 1 kB\n"})
    )
    (found,) = collect(str(path))
    assert headers(found) == {}


def test_what_the_collecting_tool_left_out_is_told(tree: Files, pack: Pack, tmp_path: Path) -> None:
    log = (
        b"2024-02-14 11:00:00,000 WARNING: [plugin:networking] command 'ethtool -S eth1' timed out after 300s\n"
        b"2024-02-14 11:00:00,000 INFO: [plugin:logs] collecting tail of '/var/log/messages' due to size limit\n"
    )
    path = tmp_path / "a.tar"
    path.write_bytes(pack({**tree, "sos_logs/sos.log": log}))
    (found,) = collect(str(path))
    assert found.coverage.timed_out == ("ethtool -S eth1",)
    assert found.coverage.cut == ("/var/log/messages: only its end was collected",)
    assert found.complete


BAD = [
    (b"", "is empty"),
    (b"\x7fELF\2\1\1" + bytes(9) + b"\3\0" + bytes(100), "is a program"),
    (b"\0\1\2\3" * 5000, "is neither an archive nor a log"),
    (b"\xff\xfe" + random.Random(1).randbytes(9000), "is neither an archive nor a log"),
    (b"\xfe\xff" + random.Random(2).randbytes(9000), "is neither an archive nor a log"),
    (b"\xff\xfe\0\0" + random.Random(3).randbytes(9000), "is neither an archive nor a log"),
    (b"\0\0\xfe\xff" + random.Random(4).randbytes(9000), "is neither an archive nor a log"),
    (b"7z\xbc\xaf\x27\x1c" + bytes(100), "is a 7z archive"),
    (b"-----BEGIN PGP MESSAGE-----\n", "is encrypted"),
    (b"\x1f\x8b\x08\x00", "the gzip data ends early"),
    (b"\xfd7zXZ\x00\x00\x04" + b"garbage" * 9, "the xz data is damaged"),
    (b"\x28\xb5\x2f\xfd" + b"\xff" * 20, "the zstd data"),
    (b"PK\x03\x04" + bytes(100), "the zip archive is damaged"),
]


@pytest.mark.parametrize(("data", "reason"), BAD)
def test_what_cannot_be_read_is_one_clear_line(data: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=reason) as raised:
        list(collect(str(path)))
    assert str(raised.value).startswith(str(path))
    assert "\n" not in str(raised.value)


def test_missing_and_empty_places(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        list(collect(str(tmp_path / "none")))
    with pytest.raises(SourceError, match="holds no log"):
        list(collect(str(tmp_path)))
    with pytest.raises(SourceError, match=r"cannot be read|is a device"):
        list(collect("/dev/null/x"))


def test_an_unreadable_file_is_told_and_the_rest_is_read(
    tree: Files, unpack: Callable[[Mapping[str, bytes]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> int:
        if path.endswith("/var/log/messages"):  # root may read all, so that a mode would not do
            raise PermissionError(13, "Permission denied")
        return open_regular(path)

    monkeypatch.setattr(walk, "open_regular", refuse)
    found = collect_directory(str(unpack(tree)))
    assert not found.complete
    assert found.warnings == ("var/log/messages: cannot be read: Permission denied",)
    assert len(headers(found)["var/log/messages-20240204.gz"]) == 1


def test_a_directory_that_is_no_sosreport_is_searched_and_told(report: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "serial-console.txt").write_text(report)
    (tmp_path / "notes.md").write_text(report)
    (found,) = collect(str(tmp_path))
    assert found.kind == "directory"
    assert found.complete
    assert found.warnings == ("is no sosreport: only its logs were searched",)
    assert headers(found) == {"deep/serial-console.txt": [1]}


@pytest.mark.parametrize("encoding", [
    "utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
])  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("lines", [0, 5000])
def test_a_log_in_any_encoding(encoding: str, end: str, lines: int, report: str, tmp_path: Path) -> None:
    noise = "".join(f"Feb 14 09:00:00 h\xf6st sshd[{at}]: \xe4\xf6\xfc{end}" for at in range(lines))
    text = noise + report.replace("\n", end)
    path = tmp_path / "a.log"
    path.write_bytes(text.encode(encoding))
    (found,) = collect(str(path))
    (window,) = found.streams[0].windows
    shown = list(window.lines)
    at = next(at for at, line in enumerate(shown) if "page allocation failure" in line)
    assert shown[at].lstrip("\ufeff") == report.splitlines()[0]
    assert window.line + at == lines + 1
    raw = path.read_bytes()
    mark = {"utf-16": 2, "utf-32": 4}.get(encoding, 0) if window.byte_offset == 0 else 0
    codec = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding)
    assert (
        raw[window.byte_offset + mark :]
        .decode(codec, "replace")
        .lstrip("\ufeff")
        .startswith(shown[0].lstrip("\ufeff")[:30])
    )


def test_importing_the_door_stays_cheap() -> None:
    code = "import sys; import nopage.intake.collect; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    heavy = {"isal", "zstandard", "lzma", "bz2", "zipfile", "fsspec", "subprocess", "ctypes", "insights", "logging"}
    assert heavy & set(found.stdout.split()) == set()


def test_a_crash_directory_is_its_core_and_the_logs_beside_it(
    shared: Path, report: str, pack: Pack, tmp_path: Path
) -> None:
    zstandard = pytest.importorskip("zstandard")
    packed = (shared / "cores" / "core510.mini.elf.zst").read_bytes()
    (tmp_path / "vmcore").write_bytes(zstandard.ZstdDecompressor().decompressobj().decompress(packed))
    (tmp_path / "vmcore-dmesg.txt").write_text(report)
    (found,) = collect(str(tmp_path))
    assert found.kind == "crashdir"
    assert [stream.name for stream in found.streams if stream.spec == "kernel_log"] == ["vmcore", "vmcore-dmesg.txt"]
    assert next(stream.mem_info for stream in found.streams if stream.spec == "vmcore") is not None
    packed_dir = tmp_path / "crash.tar.gz"
    core = (tmp_path / "vmcore").read_bytes()
    packed_dir.write_bytes(gzip.compress(pack({"vmcore": core, "vmcore-dmesg.txt": report.encode()}, "127.0.0.1"), 1))
    (archived,) = collect(str(packed_dir))
    assert archived.kind == "crashdir"
    assert [stream.spec for stream in archived.streams] == [stream.spec for stream in found.streams]


def test_a_core_in_a_sosreport_is_told_of(tree: Files, unpack: Callable[[Mapping[str, bytes]], Path]) -> None:
    found = collect_directory(str(unpack({**tree, "var/crash/127.0.0.1-2024/vmcore": b"KDUMP   "})))
    assert found.coverage.skipped == (
        "var/crash/127.0.0.1-2024/vmcore: a crash dump is read when its own path is given",
    )
    assert found.complete
