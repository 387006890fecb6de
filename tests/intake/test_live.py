"""The live host: what its commands say, within their time; what is missing is a warning."""
from __future__ import annotations

import stat
import time
from pathlib import Path

import pytest

from nopage.intake import live
from nopage.intake.collect import collect_host
from nopage.intake.model import Limits


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: str) -> Path:
    """A folder of commands that is all of PATH, with a kernel log in `dmesg`."""
    (tmp_path / "log").write_text(report)
    write(tmp_path, "dmesg", f"while read -r line; do echo \"$line\"; done <{tmp_path / 'log'}")
    write(tmp_path, "uname", "echo Linux web01 2.6.32-358.el6.x86_64")
    write(tmp_path, "sysctl", "echo vm.min_free_kbytes = 67584; exit 255")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def write(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_commands_and_files_become_streams(commands: Path) -> None:
    found = collect_host()
    assert found.kind == "host"
    assert found.complete
    texts = {stream.spec: stream.text for stream in found.streams}
    assert texts["uname"] == "Linux web01 2.6.32-358.el6.x86_64\n"
    assert texts["sysctl"] == "vm.min_free_kbytes = 67584\n"
    assert texts["meminfo"].startswith("MemTotal:")
    (log,) = (stream for stream in found.streams if stream.spec == "kernel_log")
    assert "page allocation failure" in log.windows[0].lines[0]
    assert "journalctl -k --no-pager -b all: not installed" in found.warnings


def test_a_command_that_hangs_is_ended(commands: Path) -> None:
    write(commands, "dmesg", "echo first; exec /bin/sleep 60")
    started = time.monotonic()
    found = collect_host(Limits(host_seconds=0.5))
    assert time.monotonic() - started < 20
    assert "dmesg: took longer than 0.5 s" in found.warnings


def test_a_command_without_an_end_is_bounded(commands: Path) -> None:
    write(commands, "dmesg", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done")
    found = collect_host(Limits(host_seconds=1))
    assert "dmesg: took longer than 1 s" in found.warnings


def test_a_host_that_shows_no_log_says_so(commands: Path) -> None:
    write(commands, "dmesg", "echo dmesg: read kernel buffer failed: Operation not permitted >&2; exit 1")
    found = collect_host()
    assert not found.complete
    assert any("run as root" in warning for warning in found.warnings)
    assert "dmesg: refused (status 1)" in found.warnings


def test_every_command_has_a_spec() -> None:
    from nopage.intake.sources import SPECS

    assert {spec for spec, _, _ in live.COMMANDS} <= set(SPECS)
