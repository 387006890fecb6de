"""The whole way: scanned, killed at any moment, gone on with; every source is in the store exactly once."""
from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from nopage.fleet.scan import choose
from nopage.fleet.sources import Target
from nopage.fleet.store import Folder, Known, Store, known_of

CHANGING = {"duration_s", "tries", "scanned_at", "result_part", "result_line", "result_offset", "part"}
KILLS = 20
# The command, forked for each run from a process that has loaded all, so that many runs take seconds. Parts are small
# and each source takes a moment, so that a kill meets every stage.
DRIVER = """
import multiprocessing, os, sys, time
from multiprocessing import forkserver
from nopage.cli.main import main
import nopage.cli.commands.fleet.scan
import nopage.fleet.engine.local, nopage.fleet.engine.children, nopage.fleet.engine.child
import nopage.fleet.store.writing as writing, nopage.fleet.store.reading
import pyarrow.dataset, pyarrow.parquet, duckdb, pebble
writing.MOST_ROWS = 4
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["nopage.fleet.engine.loaded"])
forkserver.ensure_running()
forkserver.ForkServer.ensure_running = lambda self: None  # it runs, and is no child of what is forked below
for line in sys.stdin:
    child = os.fork()
    if not child:
        os.setsid()
        os._exit(main(["fleet", "scan", *sys.argv[1:]]))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def rows_of(url: Path) -> dict[tuple[str, str], dict[str, object]]:
    """Every row without what differs from run to run."""
    answer = Store.open(str(url)).ask("SELECT * FROM rows")
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    kept = {(str(row["source"]), str(row["member"])): row for row in rows}
    assert len(kept) == len(rows), "a source is there twice"
    return {key: {name: value for name, value in row.items() if name not in CHANGING} for key, row in kept.items()}


def groups_of(url: Path) -> list[tuple[object, ...]]:
    return sorted(Store.open(str(url)).ask("SELECT * EXCLUDE part FROM groups").rows, key=str)


def nopage(*arguments: object, **how: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nopage", "fleet", *map(str, arguments)]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, capture_output=True, text=True, timeout=60, check=False, **how
    )


def test_killed_at_random_moments_and_gone_on_with(pile: Callable[..., Path], tmp_path: Path) -> None:
    folder = pile("with\nnewline.log", os.fsdecode(b"latin \xe9.log"), count=40)
    (folder / "empty.log").touch()
    assert nopage("scan", folder, "--out", tmp_path / "whole").returncode == 3
    whole, out = rows_of(tmp_path / "whole"), tmp_path / "out"
    assert len(whole) == 43
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(folder), "--out", str(out), "--limit", "9"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1,
    )
    assert driver.stdin is not None
    assert driver.stdout is not None
    chance, killed, took = random.Random(14), 0, 0.3
    try:
        for turn in range(200):
            begun = time.monotonic()
            driver.stdin.write("go\n")
            pid = int(driver.stdout.readline())
            if killed < KILLS:
                time.sleep(chance.uniform(0, took))
                os.kill(pid, signal.SIGKILL)
            status = int(driver.stdout.readline())
            killed += status == -signal.SIGKILL
            if status >= 0:
                took = time.monotonic() - begun
            if not (out / "nopage-fleet.json").exists():
                continue
            done = len(known_of(Folder(str(out))))
            if turn % 4 == 0:
                assert all(whole[key] == row for key, row in rows_of(out).items())
            if done == len(whole) and killed >= KILLS:
                break
            if done == len(whole):  # and not yet killed often enough: from the beginning
                shutil.rmtree(out)
    finally:
        driver.kill()
        driver.wait()
    assert killed >= KILLS
    assert rows_of(out) == whole
    assert groups_of(out) == groups_of(tmp_path / "whole")
    assert sum(1 for _ in Store.open(str(out)).results()) == 42


@pytest.fixture
def hanging(pile: Callable[..., Path], tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path, Path]]:
    """A scan that has done all but a source that never answers: a pipe that nobody writes to."""
    folder, out = pile(count=3), tmp_path / "out"
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "nopage", "fleet", "scan", folder, tmp_path / "pipe", "--out", out]
    process = subprocess.Popen([*map(str, command), "--workers", "2"], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert "4 sources" in process.stderr.readline()
    time.sleep(1.5)
    yield process, folder, out
    process.kill()
    process.wait()


def test_ctrl_c_keeps_what_is_done_and_a_second_scan_is_refused(
    hanging: tuple[subprocess.Popen[str], Path, Path],
) -> None:
    process, folder, out = hanging
    second = nopage("scan", folder, "--out", out)
    assert second.returncode == 3
    assert second.stderr == (
        f"nopage: {out}: process {process.pid} on {os.uname().nodename} writes to it; "
        "wait for its end, or name another folder\n"
    )
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "nopage: stopped: 3 of 4 sources done" in said
    assert "3 kept" in said
    assert "the same command goes on from there" in said
    assert len(rows_of(out)) == 3
    assert "nothing to do: 3 sources" in nopage("scan", folder, "--out", out).stderr


def test_a_source_that_hangs_ends_with_a_scan_that_is_killed(
    hanging: tuple[subprocess.Popen[str], Path, Path],
) -> None:
    process, _, _ = hanging
    below = psutil.Process(process.pid).children(recursive=True)
    assert len(below) >= 3
    process.kill()
    process.wait()
    gone, alive = psutil.wait_procs(below, timeout=20)
    assert alive == [], gone


def test_a_full_disk_is_one_line_and_can_be_gone_on_from(pile: Callable[..., Path], tmp_path: Path) -> None:
    folder, out = pile(count=5), tmp_path / "out"

    def no_large_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))

    full = nopage("scan", folder, "--out", out, preexec_fn=no_large_files)
    assert full.returncode == 3
    lines = full.stderr.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"nopage: {out}: cannot be written: File too large: 5 of 5 sources done")
    assert "0 kept" in lines[1]
    assert rows_of(out) == {}
    assert not list(out.rglob(".writing*"))
    assert nopage("scan", folder, "--out", out).returncode == 1
    assert len(rows_of(out)) == 5


def known(size: int, failed: bool = False) -> Known:
    return Known(size, 100, "", failed)


def target(name: str, size: int = 1, mtime: int = 100) -> Target:
    return Target(name, name, size, mtime)


@pytest.mark.parametrize(
    ("before", "how", "chosen"),
    [
        ({}, {}, "abc"),
        ({"a": known(1)}, {}, "bc"),
        ({"a": known(2)}, {}, "abc"),
        ({"a": known(1, failed=True)}, {}, "bc"),
        ({"a": known(1, failed=True), "b": known(1)}, {"retry_failed": True}, "ac"),
        ({}, {"since_ns": 101}, "c"),
        ({}, {"limit": 2}, "ab"),
        ({"a": known(1)}, {"limit": 1}, "b"),
    ],
)
def test_what_is_chosen(before: dict[str, Known], how: dict[str, int], chosen: str) -> None:
    found = [target("a"), target("b"), target("c", mtime=200)]
    assert "".join(one.name for one in choose(found, before, **how).targets) == chosen  # type: ignore[arg-type]
