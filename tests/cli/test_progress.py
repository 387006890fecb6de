"""What is shown while sources are read: which, how many of how many, how fast."""
from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

from nopage.cli.progress import AFTER_S, Pace

SECONDS = 60  # far more than it needs


def test_one_source_has_no_counts() -> None:
    assert Pace(1).text("a.tar.xz") == "reading a.tar.xz"
    assert Pace(0).text(None) == "reading this host"


def test_many_sources_have_counts_and_a_pace(tmp_path: Path) -> None:
    now = [0.0]
    pace = Pace(3, lambda: now[0])
    assert pace.text("a") == "0 of 3 read; reading a"
    assert pace.after_s == AFTER_S
    read = tmp_path / "a"
    read.write_bytes(bytes(5_000_000))
    now[0] = 2.0
    pace.add(str(read))
    assert pace.text("b") == "1 of 3 read, 2.5 MB/s; reading b"
    assert pace.after_s == 0.0, "a second after the first, not after each"
    now[0] = 4.0
    pace.add(str(tmp_path))  # a folder: its size is not known
    pace.add(str(tmp_path / "none"))
    assert pace.text("c") == "3 of 3 read, 1.2 MB/s; reading c"


def test_a_terminal_is_told_how_far_it_is(tmp_path: Path) -> None:
    """The second source gives nothing for longer than a second."""
    first, slow = tmp_path / "first.log", tmp_path / "slow.log"
    first.write_text("kernel: swapper: page allocation failure. order:1, mode:0x20\n")
    os.mkfifo(slow)
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "nopage", str(first), str(slow)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "200"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=follower, env=environment) as process:
        os.close(follower)
        told = ""
        try:
            while "1 of 2 read" not in told:
                assert select.select([leader], [], [], SECONDS)[0], told
                told += os.read(leader, 4096).decode(errors="replace")
            slow.write_text("nothing\n")
            process.wait(SECONDS)
        finally:
            process.kill()
            os.close(leader)
    assert "MB/s; reading" in told
