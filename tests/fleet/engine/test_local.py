"""Children here: each source costs itself alone, whatever it does to the process that reads it."""
from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from nopage.fleet.engine import Job, Local, Outcome, scan_one
from nopage.fleet.sources import Target, find


def outcomes(job: Job, targets: Iterable[Target], workers: int = 2) -> dict[str, Outcome]:
    engine = Local(job, workers)
    try:
        told = [outcome for outcome in engine.run(iter(targets)) if outcome is not None]
    finally:
        engine.close()
    assert len(told) == len({outcome.target.name for outcome in told}), "each source once"
    return {os.path.basename(outcome.target.path): outcome for outcome in told}


def test_sources_that_end_hang_fill_or_break_their_process(pile: Callable[..., Path], misbehaving: str) -> None:
    folder = pile("dies.log", "leaves.log", "hangs.log", "raises.log", "grows.log", "once.log", count=12)
    job = Job(importlib.import_module(misbehaving).task, seconds=1.0, grace_s=0.2, memory_bytes=512 << 20)
    told = outcomes(job, find([str(folder)]), workers=4)
    failed = {name: (outcome.hosts[0].row.error, outcome.hosts[0].row.tries) for name, outcome in told.items()
              if outcome.failed}
    assert len(told) == 18
    assert failed.pop("raises.log")[0].startswith("internal error: RuntimeError: no such luck")
    assert failed == {
        "dies.log": ("ended the process that read it (SIGKILL)", 2),
        "leaves.log": ("ended the process that read it (status 7)", 2),
        "hangs.log": ("did not end within 1 s and was ended", 2),
        "grows.log": ("needs more memory than the 512 MiB of --memory", 2),
    }
    assert told["once.log"].hosts[0].row.tries == 2
    assert not told["once.log"].failed


def test_every_kind_of_bad_source_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "empty.log").touch()
    (tmp_path / "corrupt.tar.xz").write_bytes(b"\xfd7zXZ\0" + bytes(range(256)) * 40)
    (tmp_path / "zeros.tar").write_bytes(bytes(10240))
    (tmp_path / "folder").mkdir()
    with open(tmp_path / "huge.log", "wb") as file:
        file.truncate(8 << 40)
    vanished = Target(str(tmp_path / "vanished.log"), "vanished", 1, 1)
    targets = [*find([str(tmp_path)]), vanished, *find(["/proc/self/mem", str(tmp_path / "nothing")])]
    told = outcomes(Job(scan_one, seconds=1.0), targets)
    said = {name: outcome.hosts[0].row.error for name, outcome in told.items()}
    assert all(len(outcome.hosts) == 1 for outcome in told.values())
    assert said["empty.log"] == "is empty"
    assert said["vanished.log"] == said["nothing"] == "cannot be read: No such file or directory"
    assert said["mem"] == "cannot be read at byte 0: Input/output error"
    assert said["corrupt.tar.xz"]
    assert not told["huge.log"].hosts[0].row.complete


def test_names_of_any_kind_are_opened(pile: Callable[..., Path]) -> None:
    folder = pile("with\nnewline.log", "with'quote\".log", os.fsdecode(b"latin \xe9.log"), " .log")
    told = outcomes(Job(scan_one), find([str(folder)]))
    assert len(told) == 4
    assert {outcome.hosts[0].row.reports for outcome in told.values()} == {1}


def test_a_pile_inside_an_archive_gives_a_row_a_host(samples: Path, tmp_path: Path) -> None:
    import tarfile

    hosts = sorted(samples.glob("*/rhel*/sosreport"))[:2]
    with tarfile.open(tmp_path / "two.tar.gz", "w:gz") as out:
        for number, host in enumerate(hosts):
            out.add(host, f"sosreport-host{number}")
    (outcome,) = outcomes(Job(scan_one), find([str(tmp_path)])).values()
    assert len(outcome.hosts) == 2
    assert len({host.row.host for host in outcome.hosts}) == 2
    assert len({host.row.member for host in outcome.hosts}) == 2


STORAGE = '''
import io, os, time, fsspec
from fsspec.implementations.memory import MemoryFileSystem
from nopage.fleet.engine.task import scan_one

class Troubled(MemoryFileSystem):
    protocol = "troubled"
    cachable = False
    def __init__(self, counts="", **options):
        super().__init__(**options)
        self.counts = counts
    def _open(self, path, mode="rb", **options):
        name = path.rpartition("/")[2]
        with open(os.path.join(self.counts, name), "ab") as file:
            file.write(b".")
        tries = os.path.getsize(os.path.join(self.counts, name))
        if name.startswith("error") or (name.startswith("flaky") and tries == 1):
            raise RuntimeError("503 Slow Down")
        if name.startswith("slow"):
            time.sleep(600)
        return io.BytesIO(b"host1 kernel: swapper: page allocation failure. order:1, mode:0x20\\n")

fsspec.register_implementation("troubled", Troubled, clobber=True)
task = scan_one
def run(target, job):
    return scan_one(target, job)
'''


def test_a_storage_with_errors_and_a_slow_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = f"storage_{tmp_path.name}"
    (tmp_path / f"{module}.py").write_text(STORAGE, encoding="utf-8")
    (tmp_path / "counts").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    urls = [f"troubled://bucket/{name}.log" for name in ("good", "flaky", "error", "slow")]
    storage = {"counts": str(tmp_path / "counts")}
    job = Job(importlib.import_module(module).run, seconds=1.0, grace_s=0.2, storage=storage)
    told = outcomes(job, [Target(url, url, is_url=True) for url in urls])
    rows = {name: outcome.hosts[0].row for name, outcome in told.items()}
    assert rows["good.log"].error == ""
    assert {name: row.tries for name, row in rows.items()} == {
        "good.log": 1, "flaky.log": 2, "error.log": 2, "slow.log": 2
    }
    assert rows["error.log"].error == "cannot be opened: 503 Slow Down"
    assert rows["slow.log"].error.startswith("did not end within")
