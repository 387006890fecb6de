"""The installed command, run as users run it: a process of its own."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import nopage

pytestmark = pytest.mark.installed

HEADER = "swapper: page allocation failure. order:1, mode:0x20"


def nopage_command(*arguments: str, stdin: str | bytes | None = None, cwd: Path | None = None) -> tuple[int, str, str]:
    """Run the command that stands beside this Python; returns exit status, stdout, stderr."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("nopage")), *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "120"},
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_version() -> None:
    assert nopage_command("--version") == (0, f"nopage {nopage.__version__}\n", "")


def test_help_shows_examples_and_exit_statuses() -> None:
    status, out, _err = nopage_command("--help")
    assert status == 0
    assert "dmesg | nopage -" in out
    assert "exit status: 0" in out


@pytest.mark.parametrize("arguments", [("--format", "xml"), ("--max-unpacked", "many"), ("explain",), ("schema", "x")])
def test_a_wrong_command_line_is_status_2(arguments: tuple[str, ...]) -> None:
    status, out, err = nopage_command(*arguments)
    assert (status, out) == (2, "")
    assert err
    assert "Traceback" not in err


def test_standard_input() -> None:
    status, out, err = nopage_command("-", stdin=f"{HEADER}\n")
    assert (status, err) == (1, "")
    assert "got none once" in out
    status, out, err = nopage_command("-v", "-", stdin=f"{HEADER}\n")
    assert (status, err) == (1, "")
    assert "ATOMIC_ALLOCATION_FAILURE" in out


def test_piped_text_has_no_escape_codes() -> None:
    hostile = f"\x1b[31mevil\x1b[0m{HEADER}\nPid: 1, comm: a\x1b]0;title\x07b\n"
    _status, out, err = nopage_command("-", stdin=hostile)
    assert "\x1b" not in out + err
    assert "\x07" not in out + err


def test_json_holds_the_schema(samples: Path) -> None:
    _status, schema, _err = nopage_command("schema")
    trees = sorted(path.parent for path in samples.glob("*/*/expected.json"))
    assert trees
    _status, out, err = nopage_command("--format", "json", *map(str, trees))
    assert err == ""
    assert len(out.splitlines()) == len(trees)
    jsonschema.Draft202012Validator.check_schema(json.loads(schema))
    validator = jsonschema.Draft202012Validator(json.loads(schema))
    for line in out.splitlines():
        validator.validate(json.loads(line))


def test_many_sources_are_json_lines_and_one_bad_source_never_stops_the_rest(tmp_path: Path) -> None:
    log = tmp_path / "dmesg"
    log.write_text(f"{HEADER}\n")
    missing = tmp_path / "missing"
    status, out, _err = nopage_command("--format", "json", str(missing), str(log))
    first, second = map(json.loads, out.splitlines())
    assert status == 3
    assert first["source"]["complete"] is False
    assert first["findings"] == []
    assert [finding["key"] for finding in second["findings"]] == ["ATOMIC_ALLOCATION_FAILURE"]


def test_many_sources_are_one_line_each(tmp_path: Path) -> None:
    log = tmp_path / "dmesg"
    log.write_text(f"{HEADER}\n")
    status, out, err = nopage_command(str(log), str(log))
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert [line.startswith(f"{log}: ATOMIC_ALLOCATION_FAILURE") for line in lines] == [True, True] + [False] * (
        len(lines) - 2
    )  # and a table of them all


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing", None, "missing"),
        ("empty", b"", "empty"),
        ("truncated.tar.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xed", "truncated.tar.gz"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    status, out, err = nopage_command(str(path))
    assert status == 3
    assert len(err.splitlines()) == 1
    assert said in err
    assert "Traceback" not in out + err


def test_latin_1_and_nuls_are_read(tmp_path: Path) -> None:
    log = tmp_path / "messages"
    log.write_bytes(b"Feb 14 18:26:56 caf\xe9 app: \xe9\xff\x00\x00\r\n" + HEADER.encode() + b"\r\n\x00\x00\x00")
    status, out, err = nopage_command("--format", "json", str(log))
    assert (status, err) == (1, "")
    assert json.loads(out)["failures"][0]["gfp_mask"] == "0x20"


def test_output_file(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    status, out, _err = nopage_command("--format", "html", "-o", str(report), "-", stdin=f"{HEADER}\n")
    assert (status, out) == (1, "")
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_output_never_overwrites_a_source(tmp_path: Path) -> None:
    log = tmp_path / "dmesg"
    log.write_text(f"{HEADER}\n")
    assert nopage_command(str(log), "-o", str(log))[0] == 2
    assert log.read_text() == f"{HEADER}\n"


def test_fail_on_chooses_what_makes_the_status_1() -> None:
    assert nopage_command("--fail-on", "SLEEPING_ALLOCATION_FAILURE", "-", stdin=f"{HEADER}\n")[0] == 0


def test_a_closed_pipe_is_no_traceback(samples: Path) -> None:
    nopage = Path(sys.executable).with_name("nopage")
    done = subprocess.run(
        ["sh", "-c", f"'{nopage}' --format json '{samples}' | head -c 1"], capture_output=True, check=False
    )
    assert done.stderr == b""


def test_a_device_that_never_ends_is_refused() -> None:
    status, out, err = nopage_command("--format", "json", "/dev/zero")
    assert status == 3
    assert json.loads(out)["source"]["complete"] is False
    assert "Traceback" not in err


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_change_nothing_else(closed: str, tmp_path: Path) -> None:
    log = tmp_path / "dmesg"
    log.write_text(f"{HEADER}\n")
    command = f"'{Path(sys.executable).with_name('nopage')}' '{log}' --format json"
    done = subprocess.run(["sh", "-c", f"{command} {closed}"], capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr == b""
    if ">&-" not in closed.replace("2>&-", ""):
        assert json.loads(done.stdout)["failures"]
    assert log.read_text() == f"{HEADER}\n"


@pytest.mark.parametrize("wrong", [("--format", "xml"), ("--nonsense",), ("--max-seconds", "0"), ("-o", "/"),
                                   ("--max-seconds", "nan"), ("--max-seconds", "inf"), ("--max-nesting", "33")])
def test_a_reading_that_has_begun_ends_with_a_wrong_command_line(wrong: tuple[str, ...], tmp_path: Path) -> None:
    never_ending = tmp_path / "console.log"
    os.mkfifo(never_ending)
    status, out, err = nopage_command(str(never_ending), *wrong)
    assert (status, out) == (2, "")
    assert "Traceback" not in err
