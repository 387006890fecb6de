"""A task of Dask: the children of a worker live as those of a local scan do."""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

# A worker as a nanny of Dask starts it: a process in whose environment the C library gives back what is freed at once.
WORKER = """
import sys
from nopage.fleet.engine import Job
from nopage.fleet.engine.batch import scan_batch
from nopage.fleet.sources import find
from {module} import task

if __name__ == "__main__":
    for hosts, _peak_kb in scan_batch(tuple(find(sys.argv[1:])), Job(task)):
        print(hosts[0].row.error)
    import os
    print(os.environ["MALLOC_TRIM_THRESHOLD_"])
"""


def test_a_child_keeps_what_it_freed(pile: Callable[..., Path], misbehaving: str, tmp_path: Path) -> None:
    folder = pile("tells_MALLOC_TRIM_THRESHOLD_.log", "tells_NOPAGE_TOLD.log")
    (tmp_path / "worker.py").write_text(WORKER.format(module=misbehaving))
    paths = os.pathsep.join([str(tmp_path), *(path for path in sys.path if path)])
    told = subprocess.run(
        [sys.executable, tmp_path / "worker.py", folder], text=True, capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": paths, "MALLOC_TRIM_THRESHOLD_": "65536", "NOPAGE_TOLD": "here"},
    )  # fmt: skip
    child_trims, child_told, worker_trims = told.stdout.splitlines()
    assert (child_trims, child_told, worker_trims) == ("None", "here", "65536")
