"""What may be read on behalf of others: below the roots, links resolved; nothing else, and nothing told of it."""
from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from nopage.engine.roots import Roots
from nopage.intake.collect import collect
from nopage.intake.model import SourceError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """root/ and other/ are given, outside/ is not."""
    for name in ("root/in", "root2", "other", "outside"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.log").write_text("kernel: hello\n", encoding="ascii")
    root = tmp_path / "root"
    (root / "link").symlink_to(root / "in" / "a.log")
    (root / "other").symlink_to(tmp_path / "other")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "out.log").symlink_to(tmp_path / "outside" / "a.log")
    (root / "gone").symlink_to(tmp_path / "outside" / "nothing")
    (root / "loop").symlink_to(root / "loop")
    (root / "null").symlink_to("/dev/null")
    (root / "stdin").symlink_to("/proc/self/fd/0")
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.fspath(root / "sock"))
    (tmp_path / "given").symlink_to(root)
    return tmp_path


@pytest.fixture
def roots(tree: Path) -> Roots:
    return Roots([str(tree / "given"), str(tree / "other"), "s3://bucket/in"])


@pytest.mark.parametrize(("asked", "real"), [
    ("{}/root/in/a.log", "{}/root/in/a.log"),
    ("{}/given/in/a.log", "{}/root/in/a.log"),
    ("in/a.log", "{}/root/in/a.log"),
    ("./in//a.log", "{}/root/in/a.log"),
    ("link", "{}/root/in/a.log"),
    ("other/a.log", "{}/other/a.log"),
    ("a.log", "{}/other/a.log"),
    ("{}/root", "{}/root"),
    ("in", "{}/root/in"),
    ("s3://bucket/in/a.tar.xz", "s3://bucket/in/a.tar.xz"),
])
def test_what_may_be_read(asked: str, real: str, tree: Path, roots: Roots) -> None:
    assert roots.resolved(asked.format(tree)) == real.format(tree)


OUTSIDE = "is not below what may be read here"
DEVICE = "is a device, socket or pipe"


@pytest.mark.parametrize(("asked", "words"), [
    ("{}/outside/a.log", OUTSIDE),
    ("{}/outside/nothing", OUTSIDE),  # there or not: the same words
    ("{}/root2/a.log", OUTSIDE),
    ("out", OUTSIDE),
    ("out/a.log", OUTSIDE),
    ("out.log", OUTSIDE),
    ("gone", OUTSIDE),
    ("null", OUTSIDE),
    ("/dev/zero", OUTSIDE),
    ("/etc/passwd", OUTSIDE),
    ("~/a.log", "No such file"),
    ("in/../in/a.log", "'..'"),
    ("{}/root/../outside/a.log", "'..'"),
    ("pipe", DEVICE),
    ("sock", DEVICE),
    ("loop", "cannot be read"),
    ("in/nothing", "No such file"),
    ("in/a.log/b", "cannot be read"),
    ("", "no path"),
    ("a\0b", "no path"),
    ("-", "No such file"),
    ("\ud800", "no path"),
    ("x" * 5000, "too long"),
    ("s3://bucket/input/a", OUTSIDE),
    ("s3://other/a", OUTSIDE),
    ("s3://bucket/in/../a", OUTSIDE),
    ("s3://bucket/in/%2e%2e/a", OUTSIDE),
    ("s3://bucket/in/%252e%252e/a", OUTSIDE),
    ("simplecache::s3://bucket/in/a", OUTSIDE),
    ("s3://bucket/in/a::file:///etc/passwd", OUTSIDE),
    ("file:///etc/passwd", OUTSIDE),
])
def test_what_may_not(asked: str, words: str, tree: Path, roots: Roots) -> None:
    with pytest.raises(SourceError) as told:
        roots.resolved(asked.format(tree))
    assert words in told.value.reason
    assert told.value.reason.isprintable()
    assert str(tree / "outside") not in told.value.reason


def test_links_inside_a_directory_are_not_followed(tree: Path, roots: Roots) -> None:
    (tree / "outside" / "messages").write_text(
        "Feb 14 18:26:56 secret kernel: swapper: page allocation failure. order:1, mode:0x20\n", encoding="ascii"
    )
    inside = tree / "root" / "report"
    (inside / "var" / "log").mkdir(parents=True)
    (inside / "var" / "log" / "messages").symlink_to(tree / "outside" / "messages")
    (inside / "var" / "log" / "dmesg").write_text("Linux version 2.6.32-358.el6.x86_64\n", encoding="ascii")
    (inside / "proc").symlink_to("/proc")
    hosts = list(collect(roots.resolved("report")))
    assert not [stream for host in hosts for stream in host.streams if "secret" in repr(stream)]


@pytest.mark.parametrize("root", ["{}/nothing", "{}/root/in/a.log", "{}/root/loop", "a\0b"])
def test_what_is_no_root(root: str, tree: Path) -> None:
    with pytest.raises(SourceError, match="cannot be a root"):
        Roots([root.format(tree)])
