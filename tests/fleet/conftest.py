"""What the tests of the fleet share: small sources, rows without what differs from run to run, tasks that misbehave."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

for library in ("pyarrow", "duckdb", "pebble", "distributed"):
    pytest.importorskip(library, reason="pip install 'nopage[fleet]'")

LOG = "Feb 14 18:26:{second:02} host{number} kernel: swapper: page allocation failure. order:{order}, mode:0x20\n"
# A task for children: what a source's name says happens to the process that reads it.
MISBEHAVING = '''
import os, signal, sys, time
from msgspec.structs import replace
from nopage.fleet.engine.task import scan_one

def task(target, job):
    name = os.path.basename(target.path)
    if name.startswith("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("leaves"):
        os._exit(7)
    if name.startswith("hangs"):
        time.sleep(600)
    if name.startswith("raises"):
        raise RuntimeError("no such luck")
    if name.startswith("grows"):
        bytearray(job.memory_bytes * 2)
    if name.startswith("once"):
        with open(target.path + ".tried", "ab") as file:
            file.write(b".")
        if os.path.getsize(target.path + ".tried") == 1:
            os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("tells_"):
        (host,) = scan_one(target, job)
        told = str(os.environ.get(name[6:].removesuffix(".log")))
        return (replace(host, row=replace(host.row, error=told)),)
    if name.startswith("slow"):
        time.sleep(0.2)
    return scan_one(target, job)
'''


@pytest.fixture
def pile(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder of logs with a failure each; names may be given."""

    def make(*names: str, count: int = 0) -> Path:
        folder = tmp_path / "pile"
        folder.mkdir(exist_ok=True)
        for number, name in enumerate([*names, *(f"host{number}.log" for number in range(count))]):
            text = LOG.format(number=number, second=number % 60, order=number % 4)
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return make


@pytest.fixture
def misbehaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a module that children can import, with the task `task`."""
    name = f"misbehaving_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(MISBEHAVING, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    sys.modules.pop(name, None)
