"""Reading ahead gives what reading gives, and leaves no process behind."""
from __future__ import annotations

import errno
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nopage.intake import ahead
from nopage.intake.ahead import read_ahead
from nopage.intake.collect import collect
from nopage.intake.model import Limits, SourceError


@pytest.fixture
def archive(tree: dict[str, bytes], pack: Callable[..., bytes], tmp_path: Path) -> str:
    path = tmp_path / "a.tar"
    path.write_bytes(pack(tree))
    return str(path)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were forked; others of this one may be of other tests."""
    forked: list[int] = []
    fork = os.fork

    def noted() -> int:
        child = fork()
        if child:
            forked.append(child)
        return child

    monkeypatch.setattr(os, "fork", noted)
    return forked


def assert_gone(children: list[int]) -> None:
    for child in children:
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)


def test_the_same_collections(archive: str, children: list[int]) -> None:
    assert list(read_ahead(archive)) == list(collect(archive))
    assert_gone(children)


def test_the_same_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none: cannot be read: No such file"):
        list(read_ahead(str(tmp_path / "none")))


def test_a_reader_that_dies_is_done_without(archive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_items", lambda *_: 1 / 0)
    assert list(read_ahead(archive)) == list(collect(archive))


def test_one_that_is_not_read_to_its_end_is_ended(archive: str, children: list[int]) -> None:
    reading = read_ahead(archive, Limits())
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert_gone(children)


def test_a_vmcore_that_cannot_be_handed_over_is_read_here(shared: Path) -> None:
    path = str(shared / "cores" / "core510.mini.elf.zst")
    assert [one.kind for one in read_ahead(path)] == ["vmcore"]


def test_what_is_handed_over_needs_no_part_of_the_reader(archive: str) -> None:
    code = "import pickle, sys; found = pickle.load(sys.stdin.buffer); print(len(found.streams), *sys.modules)"
    given = pickle.dumps(next(collect(archive)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", code], input=given, capture_output=True, check=True, env=environment)
    count, *loaded = told.stdout.decode().split()
    assert int(count) > 5
    ours = {name for name in loaded if name.startswith("nopage.intake.")}
    assert ours == {"nopage.intake.model", "nopage.intake.lines"}, "read by the one that waits for what it gets"
    assert "stringzilla" not in loaded


@pytest.mark.parametrize("call", ["fork", "pipe"])
def test_without_a_process_to_be_had_it_reads_itself(
    call: str, archive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> int:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    expected = list(collect(archive))
    before = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1})
    monkeypatch.setattr(ahead, "_threads", lambda: 1)
    monkeypatch.setattr(os, call, refused)
    assert list(read_ahead(archive)) == expected
    assert len(os.listdir("/proc/self/fd")) == before
