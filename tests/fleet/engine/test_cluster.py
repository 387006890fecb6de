"""A Dask cluster: workers that die cost time only, a source that kills its process is recorded once."""
from __future__ import annotations

import importlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import distributed
import pytest

from nopage.fleet.engine import Cluster, EngineError, Job
from nopage.fleet.sources import find

SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def test_a_local_cluster(pile: Callable[..., Path], misbehaving: str) -> None:
    folder = pile("dies.log", "hangs.log", count=30)
    job = Job(importlib.import_module(misbehaving).task, seconds=1.0, grace_s=0.2)
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        engine = Cluster(job, client=client)
        told = [outcome for outcome in engine.run(find([str(folder)])) if outcome is not None]
        engine.close()
    assert len(told) == 32
    assert {os.path.basename(one.target.path): one.hosts[0].row.error for one in told if one.failed} == {
        "dies.log": "ended the process that read it (SIGKILL)",
        "hangs.log": "did not end within 1 s and was ended",
    }


@pytest.fixture
def scheduler(tmp_path: Path, misbehaving: str) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler on loopback and two workers, each a process of its own (without a nanny, to be killed whole)."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    dask = [sys.executable, "-m", "dask"]
    paths = os.pathsep.join([str(tmp_path), *(path for path in sys.path if path)])
    at = {"env": {**os.environ, "PYTHONPATH": paths}, "cwd": tmp_path}
    address = f"tcp://127.0.0.1:{port}"
    common = ["--host", "127.0.0.1", "--no-dashboard"]
    started = [subprocess.Popen([*dask, "scheduler", *common, "--port", str(port)], **SILENT, **at)]  # type: ignore[call-overload]
    worker = [*dask, "worker", address, *common, "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)]
    started += [subprocess.Popen(worker, **SILENT, **at) for _ in range(2)]  # type: ignore[call-overload]
    try:
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_worker_killed_in_mid_scan(
    pile: Callable[..., Path], misbehaving: str, scheduler: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = scheduler
    folder = pile(*(f"slow{number}.log" for number in range(24)))
    engine = Cluster(Job(importlib.import_module(misbehaving).task), address)
    seen: Counter[str] = Counter()
    try:
        both_are_there(engine)
        for outcome in engine.run(find([str(folder)])):
            if outcome is None:
                continue
            assert not outcome.failed, outcome.hosts[0].row.error
            seen[outcome.target.name] += 1
            if len(seen) == 4:
                os.kill(workers[0].pid, signal.SIGKILL)
    finally:
        engine.close()
    assert workers[0].wait(10) == -signal.SIGKILL
    assert len(seen) == 24
    assert set(seen.values()) == {1}


def both_are_there(engine: Any) -> None:
    for _ in range(600):
        if len(engine._client.nthreads()) == 2:
            return
        time.sleep(0.05)
    pytest.fail("the workers did not start")


def test_no_scheduler_is_told(monkeypatch: pytest.MonkeyPatch, misbehaving: str) -> None:
    monkeypatch.setattr("nopage.fleet.engine.cluster.CONNECT_S", 0.2)
    with pytest.raises(EngineError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        Cluster(Job(importlib.import_module(misbehaving).task), "tcp://127.0.0.1:9")
