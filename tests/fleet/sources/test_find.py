"""What is found: archives, reports and logs in folders, patterns, lists and storages, each once."""
from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

import fsspec
import pytest

from nopage.fleet.sources import SourcesError, Target, find, listed, name_of, since_ns


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def found(folder: Path, *named: str) -> list[str]:
    return [os.path.relpath(target.path, folder) for target in find(named or [str(folder)])]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.tar.xz", "b.tgz", "c.zip", "d.tar"], ["a.tar.xz", "b.tgz", "c.zip", "d.tar"]),
        (["messages", "messages-20240101.gz", "x/dmesg.txt"], ["messages", "messages-20240101.gz", "x/dmesg.txt"]),
        (["a.tar.xz.md5", "a.tar.xz.part", ".a.tar.xz", "page.html", "photo.jpg"], []),
        (["h/sos_commands/kernel/dmesg", "h/var/log/messages", "z.log"], ["z.log", "h"]),
        (["h/proc/meminfo", "h/etc/hostname"], ["h"]),
        (["crash/vmcore", "crash/vmcore-dmesg.txt"], ["crash"]),
        (["store/nopage-fleet.json", "store/x.log", "y.log"], ["y.log"]),
        (["sosreport-web1"], ["sosreport-web1"]),
        ([".git/x.log"], []),
    ],
)
def test_a_folder_is_walked(tmp_path: Path, names: list[str], expected: list[str]) -> None:
    put(tmp_path, *names)
    assert found(tmp_path) == expected


def test_a_named_file_is_a_source_whatever_its_name(tmp_path: Path) -> None:
    put(tmp_path, "photo.jpg")
    assert found(tmp_path, str(tmp_path / "photo.jpg")) == ["photo.jpg"]


def test_a_source_named_twice_is_there_once(tmp_path: Path) -> None:
    put(tmp_path, "a.log", "b.log")
    assert found(tmp_path, str(tmp_path / "b.log"), str(tmp_path), f"{tmp_path}/*.log") == ["b.log", "a.log"]


def test_patterns(tmp_path: Path) -> None:
    put(tmp_path, "2026/a.tar.xz", "2026/b.tar.gz", "odd[1].log")
    assert found(tmp_path, f"{tmp_path}/**/*.tar.*") == ["2026/a.tar.xz", "2026/b.tar.gz"]
    assert found(tmp_path, str(tmp_path / "odd[1].log")) == ["odd[1].log"]
    (nothing,) = find([f"{tmp_path}/*.nothing"])
    assert nothing.fault == "no file fits this pattern"


def test_links_to_folders_make_no_circle(tmp_path: Path) -> None:
    put(tmp_path, "a/x.log")
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    (tmp_path / "a" / "y.log").symlink_to(tmp_path / "a" / "x.log")
    (tmp_path / "a" / "gone.log").symlink_to(tmp_path / "nothing")
    assert found(tmp_path) == ["a/x.log", "a/y.log"]


@pytest.mark.parametrize("path", ["/no/such/thing.tar.xz", "/dev/null/x", "nul\0.log"])
def test_what_is_not_there_is_a_target_with_a_fault(path: str) -> None:
    (target,) = find([path])
    assert target.fault


def test_version_of_a_file(tmp_path: Path) -> None:
    put(tmp_path, "a.log")
    (target,) = find([str(tmp_path)])
    assert target.size_bytes == 1
    assert target.is_version(1, target.mtime_ns, "")
    assert not target.is_version(2, target.mtime_ns, "")
    assert not target.is_version(1, 0, "")


@pytest.mark.parametrize(("etag", "same"), [("b", False), ("a", True), ("", True)])
def test_version_of_an_object(etag: str, same: bool) -> None:
    assert Target("s3://b/k", "s3://b/k", 1, 5, "a", is_url=True).is_version(1, 5, etag) == same


def test_names_that_are_no_text_stay_apart() -> None:
    names = [name_of(os.fsdecode(name)) for name in (b"/x/\xff", b"/x/\xfe", b"/x/\\xff", b"/x/%FF", b"/x/a\nb")]
    assert names == ["file:///x/%FF", "file:///x/%FE", "/x/\\xff", "/x/%FF", "/x/a\nb"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b"a\nb\n\nc", ["a", "b", "c"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"a\nb\0c\0", ["a\nb", "c"]),
        (b"caf\xe9\n", ["caf\udce9"]),
        (b"", []),
    ],
)
def test_lists(text: bytes, names: list[str]) -> None:
    assert listed(text) == names


def test_a_storage_is_listed_with_versions() -> None:
    root = f"/{uuid.uuid4()}"
    fs = fsspec.filesystem("memory")
    for name in ("a.tar.xz", "deep/b.log", "deep/photo.jpg"):
        fs.pipe_file(f"{root}/{name}", b"xyz")
    whole = list(find([f"memory:/{root}"]))
    assert [target.path for target in whole] == [f"memory://{root}/a.tar.xz", f"memory://{root}/deep/b.log"]
    assert all(target.is_url and target.size_bytes == 3 and target.mtime_ns for target in whole)
    assert [target.path for target in find([f"memory:/{root}/*.tar.xz"])] == [f"memory://{root}/a.tar.xz"]
    assert [target.path for target in find([f"memory:/{root}/deep/photo.jpg"])] == [f"memory://{root}/deep/photo.jpg"]
    (gone,) = find([f"memory:/{root}/nothing.log"])
    assert gone.fault == "is not there"


def test_a_storage_that_nobody_knows_is_told() -> None:
    with pytest.raises(SourcesError, match="cannot be listed"):
        list(find(["nosuch://bucket/x"]))


@pytest.mark.parametrize(("text", "ago_s"), [("30m", 1800), ("12h", 43200), ("7d", 604800), ("2w", 1209600)])
def test_since(text: str, ago_s: int) -> None:
    assert since_ns(text) == pytest.approx(time.time_ns() - ago_s * 10**9, abs=60 * 10**9)


def test_since_a_date() -> None:
    assert since_ns("2026-11-20T00:00:00+00:00") == 1795132800 * 10**9


@pytest.mark.parametrize("text", ["yesterday", "7", "7y", "", "2026-13-01"])
def test_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        since_ns(text)
