"""Hostile inputs through the whole command: memory of the process tree, time, one line each on standard error."""
from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

PEAK_MB = 120
SECONDS = 60  # far more than any needs; a hang is what it finds
HOSTILE = (Path(__file__).resolve().parents[2] / "bench" / "hostile.py").read_text()
KINDS = [line.split("(")[0].removeprefix("def ") for before, line in zip(
    HOSTILE.splitlines(), HOSTILE.splitlines()[1:], strict=False) if before == "@kind"]
LESS = {"empty_gzip_members": 0.1, "many_hosts": 0.1, "flat_table": 0.1, "ethtool_lines": 0.1, "zip_bzip2": 0.3}
SHARED = (
    "bigorder_storm.log.gz", "cdbomb.zip", "crc.tar.gz", "crc.tar.xz", "facts.tar", "longleaf.tar", "longlinks.tar",
    "lzmabomb.zip", "nodes200.tar.gz", "paf64.log", "slublines.log", "softnet_bigint.tar.gz", "vmnotes",
)


@pytest.fixture
def made(hostile: ModuleType, tmp_path: Path) -> Iterator[Callable[[str, float], Path]]:
    """Makes an input of a kind; folders nested so deeply that Python's own tools cannot remove them are gone after."""
    yield lambda name, factor: hostile.KINDS[name](tmp_path, factor)
    subprocess.run(["rm", "-rf", str(tmp_path / "deep")], check=True)


def check(run: object, *, peak: bool = True) -> None:
    """No traceback, no fault of its own, every line of standard error is one that it means to say."""
    assert run.status in (0, 1, 3), run.err
    assert all(line.startswith("nopage: ") for line in run.err.splitlines())
    assert all(line.isprintable() for line in run.err.splitlines())
    assert "internal error" not in run.err
    assert b'"internal_error": true' not in run.out
    if peak:
        assert run.peak_mb <= PEAK_MB


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_within_memory_and_time(name: str, made: Callable[[str, float], Path], measured: ModuleType) -> None:
    path = made(name, 1.0 if name == "nested_folders" else LESS.get(name, 0.4))
    run = measured.nopage("--format", "json", str(path), most_s=SECONDS)
    check(run)
    assert run.out.startswith(b"{")


def test_the_kinds_are_those_of_the_maker(hostile: ModuleType) -> None:
    assert list(hostile.KINDS) == KINDS
    assert len(KINDS) > 25


@pytest.mark.parametrize("name", SHARED)
def test_each_shared_input(name: str, shared: Path, measured: ModuleType, tmp_path: Path) -> None:
    source = shared / "faults" / "hostile" / name
    if not source.exists():
        packed = source.with_name(name + ".zst")
        if not packed.exists():
            pytest.skip(f"{source}: not there")
        source = tmp_path / name
        import zstandard

        with packed.open("rb") as given, source.open("wb") as out:
            zstandard.ZstdDecompressor(max_window_size=1 << 30).copy_stream(given, out)
    check(measured.nopage("--format", "json", str(source), most_s=SECONDS))


@pytest.mark.parametrize(
    ("kind", "limit"), [("empty_gzip_members", 1), ("slub_lines", 1), ("full_storms", 1)]
)
def test_the_time_limit_holds_for_all_of_it(
    kind: str, limit: float, hostile: ModuleType, measured: ModuleType, tmp_path: Path
) -> None:
    path = hostile.KINDS[kind](tmp_path, 1.0)
    run = measured.nopage("--max-seconds", str(limit), str(path), most_s=SECONDS)
    check(run)
    assert run.seconds < limit + 15  # the least grace, and a busy machine


def test_the_limit_says_what_it_cut(hostile: ModuleType, measured: ModuleType, tmp_path: Path) -> None:
    path = hostile.KINDS["full_storms"](tmp_path, 2.0)
    run = measured.nopage("--max-seconds", "0.5", str(path), most_s=SECONDS)
    assert run.status == 3
    assert "time ran out" in run.err or "took longer than" in run.err


def test_many_remarks_are_some_lines_and_a_count(measured: ModuleType, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("".join(f"p: page allocation failure. order:{at + 100}, mode:0x20\n" for at in range(80)))
    run = measured.nopage(str(log), most_s=SECONDS)
    check(run)
    lines = run.err.splitlines()
    assert len(lines) == 31
    assert lines[-1].endswith("warnings more; --format json has them all")


def test_a_slow_file_hides_no_report_that_was_read(hostile: ModuleType, measured: ModuleType, tmp_path: Path) -> None:
    """What was read when the time was over is parsed and diagnosed."""
    logs = tmp_path / "sosreport-web1-2026"
    (logs / "sos_commands" / "kernel").mkdir(parents=True)
    (logs / "var" / "log").mkdir(parents=True)
    (logs / "sos_commands" / "kernel" / "dmesg").write_text(hostile.REPORT)
    with (logs / "var" / "log" / "messages").open("wb") as endless:
        endless.truncate(1 << 43)
    run = measured.nopage("--max-seconds", "4", "--format", "json", str(logs), most_s=SECONDS)
    check(run)
    assert run.status == 3
    assert [failure["order"] for failure in json.loads(run.out)["failures"]] == [1]


@pytest.mark.parametrize("form", ["text", "html", "markdown", "case", "ansible", "sysctl"])
def test_no_format_lets_anything_steer(form: str, measured: ModuleType, tmp_path: Path) -> None:
    wild = "\x1b]0;x\x07\u202e\u2066\u200f\x9b31m"
    name = "web\u202e\x1b[2J"
    folder = tmp_path / f"sosreport-{name}"
    (folder / "sos_commands" / "kernel").mkdir(parents=True)
    (folder / "sos_commands" / "kernel" / f"dmesg{name}").write_text(
        f"a{wild}b: page allocation failure. order:1, mode:0x20\n"
        f"Pid: 0, comm: a{wild}b Not tainted 2.6.32-358.el6.x86_64 #1{wild}\n"
        f"Call Trace:\n [<ffffffffa0123456>] ? e1000_alloc+0x1b8/0x2a0 [e1000{wild}]\n"
    )
    (folder / "hostname").write_text(f"web{wild}1\n")
    run = measured.nopage("--format", form, *(["-v"] if form == "text" else []), str(folder))
    check(run)
    told = run.out.decode()
    assert not [char for char in told if not char.isprintable() and char not in "\n\t\u00a0\u3000"]
    if form != "html":
        assert "\\u202e" in told or "u202e" in told


def test_names_reach_error_lines_as_codes(measured: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J\u202eb\udcff.tar"
    path.write_bytes(b"")
    run = measured.nopage(str(path))
    assert run.status == 3
    check(run)
    assert "\\x1b[2J\\u202eb" in run.err


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_any_locale(form: str, locale: dict[str, str], measured: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "m\u00e9ssages-\u65e5\u672c"
    path.write_text("w\u00f6rker/\U0001f600: page allocation failure. order:1, mode:0x20\n")
    run = measured.nopage("--format", form, str(path), environment=locale)
    check(run)
    assert run.status == 1


def test_folders_that_are_nested_too_deeply_are_said(made: Callable[[str, float], Path], measured: ModuleType) -> None:
    run = measured.nopage(str(made("nested_folders", 1.0)))
    assert run.status == 3
    assert "nested more than" in run.err


GZIPPED = gzip.compress(b"x: page allocation failure. order:1, mode:0x20\n", mtime=0)


@pytest.mark.parametrize("source", [b"x" * 10, GZIPPED], ids=["text", "gzip"])
def test_standard_input_of_any_kind(source: bytes, measured: ModuleType) -> None:
    check(measured.nopage("-", stdin=source))


def test_insights_says_the_same_of_many_zones(
    hostile: ModuleType, measured: ModuleType, tmp_path: Path, root: Path
) -> None:
    log = hostile.KINDS["nodes"](tmp_path, 1.0)
    top = tmp_path / "sosreport-x"
    (top / "sos_commands" / "kernel").mkdir(parents=True)
    log.rename(top / "sos_commands" / "kernel" / "dmesg")
    own = json.loads(measured.nopage("--format", "json", str(top)).out)
    program = Path(sys.executable).with_name("insights")
    if not program.exists():
        pytest.skip(f"{program}: not installed")
    theirs = subprocess.run(
        [program, "run", "-f", "_json", "-p", "nopage.rules", str(top)], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(root / "src")}, cwd=tmp_path,
    )
    assert "exceeds the size limit" not in theirs.stderr
    reports = {one["key"]: one["details"] for one in json.loads(theirs.stdout)["reports"]}
    assert own["findings"]
    for finding in own["findings"]:
        assert reports[finding["key"]]["summary"] == finding["summary"]
        assert reports[finding["key"]]["why"] == finding["why"]
        assert len(str(reports[finding["key"]])) < 65_535
