"""`-o FILE` becomes the file when the result is whole, and is never what is read."""
from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nopage.cli.main import main
from nopage.cli.output import refusal, written

LOG = "swapper: page allocation failure. order:1, mode:0x20\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "read" / "dmesg"
    path.parent.mkdir()
    path.write_text(LOG)
    return path


def test_it_replaces_the_file_and_keeps_its_mode(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("before")
    out.chmod(0o640)
    assert main(["-o", str(out), str(log)]) == 1
    assert "order 1" in out.read_text()
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "read"]


def test_a_link_stays_a_link(log: Path, tmp_path: Path) -> None:
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to("real")
    assert main(["-o", str(tmp_path / "link"), str(log)]) == 1
    assert (tmp_path / "link").is_symlink()
    assert "order 1" in (tmp_path / "real").read_text()


def test_nothing_is_truncated_before_the_result_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("before")

    def fail() -> None:
        with written(str(out)) as file:
            file.write("half")
            file.flush()
            assert out.read_text() == "before"
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert out.read_text() == "before"
    assert list(tmp_path.iterdir()) == [out]


def test_a_device_is_written_to_as_it_is(log: Path) -> None:
    assert main(["-o", "/dev/null", str(log)]) == 1
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize(
    ("output", "sources", "says"),
    [
        ("read/dmesg", ["read/dmesg"], "is one of the sources"),
        ("read/new", ["read"], "stands inside the source"),
        ("read/dmesg", ["read"], "stands inside the source"),
        ("read/../read/sub/new", ["read"], "stands inside the source"),
        ("link/new", ["read"], "stands inside the source"),
        ("reading", ["read"], ""),
        ("out", ["read", "read/dmesg"], ""),
    ],
)
def test_what_is_read_is_never_written(
    output: str, sources: list[str], says: str, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link").symlink_to("read")
    before = log.read_text()
    paths = [str(tmp_path / source) for source in sources]
    assert says in refusal(str(tmp_path / output), paths)
    status = main(["-o", str(tmp_path / output), *paths])
    assert status == (2 if says else 1)
    assert says in capsys.readouterr().err
    assert log.read_text() == before


def test_the_file_of_standard_input_is_never_written(log: Path, root: Path) -> None:
    with log.open("rb") as given:
        run = subprocess.run(
            [sys.executable, "-m", "nopage", "-o", str(log), "-"], stdin=given, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(root / "src")}, check=False,
        )
    assert run.returncode == 2
    assert "standard input" in run.stderr
    assert log.read_text() == LOG


@pytest.mark.parametrize("wait_s", [0.03, 0.05, 0.08, 0.12, 0.2, 0.4])
def test_an_interrupt_ends_in_one_line_and_leaves_nothing(wait_s: float, tmp_path: Path, root: Path) -> None:
    """The reading never ends, so whenever it comes the process is at work."""
    out = tmp_path / "out"
    out.write_text("before")
    process = subprocess.Popen(
        [sys.executable, "-c", "from nopage.cli.main import run; print('on', flush=True); run()", "-o", str(out), "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "on\n"  # before this the interpreter itself is starting
    time.sleep(wait_s)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert said == "nopage: interrupted\n"
    assert process.returncode == 130
    assert out.read_text() == "before"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("when", ["open", "fchmod", "replace"])
def test_a_signal_at_any_step_leaves_no_file_behind(
    number: signal.Signals, when: str, tmp_path: Path, root: Path
) -> None:
    """The signal comes as soon as the step has been taken, before the next line of Python."""
    out = tmp_path / "out"
    out.write_text("before")
    made = "'.nopage' in str(given[0])" if when == "open" else "True"
    code = (
        f"import os; from nopage.cli.output import written; from nopage.cli.interrupt import end_in_one_line\n"
        f"end_in_one_line(); real = os.{when}\n"
        f"def step(*given):\n"
        f"    told = real(*given)\n"
        f"    if {made}: os.kill(os.getpid(), {int(number)})\n"
        f"    return told\n"
        f"os.{when} = step\n"
        f"with written({str(out)!r}) as file: file.write('after')\n"
        f"print('not ended')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    assert ran.returncode == (130 if number == signal.SIGINT else -number)
    assert ran.stderr == ("nopage: interrupted\n" if number == signal.SIGINT else "")
    assert ran.stdout == ""
    assert out.read_text() == ("after" if when == "replace" else "before")
    assert list(tmp_path.iterdir()) == [out]


def test_little_is_imported_before_an_interrupt_is_handled(root: Path) -> None:
    """What Python starts with is there already; what comes on top is the command's first module and this one."""
    code = (
        "import os, sys, __future__; before = set(sys.modules)\n"
        "from nopage.cli.main import run; import nopage.cli.interrupt\n"
        "print(sorted(set(sys.modules) - before))"
    )
    ran = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    assert ran.stdout == str(
        ["nopage", "nopage.cli", "nopage.cli.interrupt", "nopage.cli.main", "nopage.version"]
    ) + "\n"
