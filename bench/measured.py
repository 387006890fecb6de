"""The command in a process of its own: what it printed, how long it took, and the peak of its whole process tree."""
from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SRC = Path(__file__).resolve().parent.parent / "src"
EVERY_S = 0.01


class Run(NamedTuple):
    status: int
    out: bytes
    err: str
    seconds: float
    peak_mb: int


def nopage(
    *arguments: str, stdin: bytes | None = None, environment: Mapping[str, str] | None = None, most_s: float = 120
) -> Run:
    """Run `nopage` with these arguments. TimeoutError past `most_s`; no process is left behind."""
    settings = {**os.environ, "PYTHONPATH": str(SRC), **(environment or {})}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        given.write(stdin or b"")
        given.seek(0)
        begun = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "nopage", *arguments], stdin=given, stdout=out, stderr=err, env=settings
        )
        peak_kb = 0
        try:
            while process.poll() is None:
                peak_kb = max(peak_kb, sum(map(own_kb, tree(process.pid))))
                if time.monotonic() - begun > most_s:
                    raise TimeoutError(f"nopage {' '.join(arguments)}: took over {most_s} s")
                time.sleep(EVERY_S)
        finally:
            for pid in tree(process.pid) if process.poll() is None else ():
                os.kill(pid, 9)
            process.wait()
        seconds = time.monotonic() - begun
        out.seek(0)
        err.seek(0)
        return Run(process.returncode, out.read(), err.read().decode("utf-8", "replace"), seconds, peak_kb >> 10)


def tree(pid: int) -> Sequence[int]:
    """The process and all that it has started."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += tree(int(child))
    except OSError:
        pass
    return found


def own_kb(pid: int) -> int:
    """The process's share of memory: what several share counts once (Pss)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0
