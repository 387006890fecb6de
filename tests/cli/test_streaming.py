"""Many sources: what is known of the first is shown while the last is still being read."""
from __future__ import annotations

import io
import json
import os
import select
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

HEADER = "swapper: page allocation failure. order:1, mode:0x20\n"
SECONDS = 60  # far more than it needs: what it finds is a wait that never ends


def first_line(process: subprocess.Popen[bytes]) -> str:
    """The first line of standard output; fails where none comes while the last source gives nothing."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], SECONDS)
    assert ready, "nothing is shown before the last source is read"
    return process.stdout.readline().decode()


@pytest.mark.parametrize(("format", "begins"), [("text", "{log}: "), ("jsonl", '{{"nopage"'), ("json", '{{"nopage"')])
def test_the_first_line_comes_before_the_last_source_is_read(tmp_path: Path, format: str, begins: str) -> None:
    log, slow = tmp_path / "first.log", tmp_path / "slow.log"
    log.write_text(f"web1 kernel: {HEADER}")
    os.mkfifo(slow)
    command = [sys.executable, "-m", "nopage", "--format", format, str(log), str(slow)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as process:
        try:
            line = first_line(process)
            assert line.startswith(begins.format(log=log)) or json.loads(line)["source"]["path"] == str(log)
            assert process.poll() is None, "the slow source has not been read"
            slow.write_text(f"web2 kernel: {HEADER}")
            rest = process.stdout.read().decode() if process.stdout else ""
        finally:
            process.kill()
    assert str(slow) in rest


def test_a_folder_of_archives_is_told_one_by_one(tmp_path: Path) -> None:
    """Three archives in a folder: a line each, before the table of them all."""
    folder = tmp_path / "case"
    folder.mkdir()
    for name in ("a", "b"):
        with tarfile.open(folder / f"sosreport-{name}.tar", "w") as archive:
            for path, text in (("proc/sys/kernel/hostname", name), ("var/log/messages", f"{name} kernel: {HEADER}")):
                member = tarfile.TarInfo(f"sosreport-{name}/{path}")
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text.encode()))
    shutil.copy(folder / "sosreport-b.tar", folder / "sosreport-c.tar")
    run = subprocess.run([sys.executable, "-m", "nopage", str(folder)], capture_output=True, check=False, text=True)
    told = [line for line in run.stdout.splitlines() if "sosreport-" in line and ": ATOMIC" in line]
    assert len(told) == 3, run.stdout + run.stderr
    assert run.stdout.index(told[0]) < run.stdout.index("HOST "), "each line before the table"
