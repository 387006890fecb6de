"""Command lines that are run for real, each in a process of its own, without starting Python for each."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

# Loads nopage once; each command is a process that begins there and ends as the console script does.
FORKS = """
import json, os, sys
import nopage.cli.diagnose, nopage.engine.run, nopage.report.documents
from nopage.cli.main import run

for number, (arguments, out) in enumerate(json.load(sys.stdin)):
    child = os.fork()
    if child == 0:
        taking, giving = os.pipe()
        os.close(taking)
        err = os.open(f"{sys.argv[1]}/{number}.err", os.O_WRONLY | os.O_CREAT)
        os.dup2(giving if out == "|" else os.open(out, os.O_WRONLY | os.O_CREAT), 1)
        os.dup2(err, 2)
        sys.argv[:] = ["nopage", *arguments]
        run()
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Ended(NamedTuple):
    """A command's status, and what it wrote: `out` is empty where that went elsewhere."""

    status: int
    out: bytes
    err: bytes


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Ended]]:
    """Runs command lines; what they print goes to `out`: a path, or "|", a closed pipe, or by default is given back."""

    def ran(
        lines: Sequence[Sequence[str]], out: str | None = None, environment: Mapping[str, str] | None = None
    ) -> list[Ended]:
        folder = tmp_path_factory.mktemp("commands")
        given = [(line, out or str(folder / f"{number}.out")) for number, line in enumerate(lines)]
        done = subprocess.run(
            [sys.executable, "-c", FORKS, str(folder)], input=json.dumps(given), capture_output=True, text=True,
            check=True, env=environment,
        )  # fmt: skip
        assert done.stderr == ""
        return [
            Ended(int(status), b"" if out else Path(path).read_bytes(), (folder / f"{number}.err").read_bytes())
            for number, (status, (_, path)) in enumerate(zip(done.stdout.split(), given, strict=True))
        ]

    return ran
