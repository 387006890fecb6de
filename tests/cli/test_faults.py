"""A fault of nopage itself: one line, status 4, never 1; and what it did not hit is all there."""
from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

import nopage.cli.main
import nopage.engine.assemble
import nopage.engine.run
import nopage.engine.texts
import nopage.intake.collect
import nopage.report.documents
import nopage.report.text
import nopage.result.brief
import nopage.result.schema
import nopage.rules.atomic_allocation_failure
import nopage.rules.findings.atomic
from nopage.cli.diagnose import FORMATS
from nopage.cli.hostfiles import OF_ONE_HOST
from nopage.cli.main import main
from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.engine.faults import fault_words
from nopage.result import Result

HEADER = "swapper: page allocation failure. order:1, mode:0x20\n"
STATUS = 4
BAD = "bad"  # what the source is called that the fault hits
Commands = Callable[..., Any]  # of the fixture
ARGUMENTS = [*(["--format", name] for name in FORMATS), ["--brief"]]


def fault(*_: object, **__: object) -> NoReturn:
    raise KeyError("a field\nthat is\x1b[31m not there")


def faulty(work: Callable[..., Any], is_hit: Callable[..., bool], times: int = 99) -> Callable[..., Any]:
    """The same work, with a fault the first times that it is hit."""
    left = [fault] * times
    return lambda *given, **named: left.pop()() if left and is_hit(*given) else work(*given, **named)


def of_bad(*given: Any, **_: Any) -> bool:
    """One of the arguments is the result, or the source, that is called bad."""
    return any(
        Path(str(one.source.path if isinstance(one, Result) else getattr(one, "path", ""))).name == BAD
        for value in given
        for one in (value if isinstance(value, list | tuple) else [value])
    )


@pytest.fixture
def logs(tmp_path: Path) -> list[str]:
    """Three logs; the second one is called bad."""
    paths = [tmp_path / name for name in ("first", BAD, "third")]
    for path in paths:
        path.write_text(HEADER)
    return [str(path) for path in paths]


def one_line(err: str) -> str:
    (line,) = [line for line in err.splitlines() if "internal error" in line]
    assert "please report" in line
    assert "KeyError" in line
    assert "\x1b" not in err
    assert "Traceback" not in err
    return line


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (nopage.rules.atomic_allocation_failure, "finding"), (Failures, "__init__"), (Kernel, "__init__"),
        (Memory, "__init__"), (nopage.engine.run, "result_of"), (nopage.engine.run, "run_rules"),
        (nopage.intake.collect, "collect"),
    ],
    ids=["rule", "combiner of failures", "combiner of the kernel", "combiner of memory", "result", "rules", "reader"],
)  # fmt: skip
@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda arguments: arguments[-1])
def test_a_fault_behind_the_result(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], samples: Path, module: Any, name: str,
    arguments: list[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(module, name, fault)
    assert main([*arguments, str(samples / "atomic_allocation_failure" / "rhel7")]) == STATUS
    out, err = (text.decode() for text in capfdbinary.readouterr())
    if "json" in arguments[-1] or "brief" in arguments[-1]:
        (result,) = [json.loads(line) for line in (out.splitlines() if arguments[-1] != "json" else [out])]
        assert result["source"]["internal_error"] is True
        assert result["source"]["complete"] is False
        (warning,) = result["source"]["warnings"]  # the runner tells it of every file below the rule too
        assert one_line(warning)
        assert err == ""
    else:
        assert one_line(err).startswith("nopage: ")
        assert len(err.splitlines()) == 1


SHOWING: dict[str, tuple[Any, str]] = {
    "text": (nopage.report.text, "print_line"),
    "json": (nopage.result, "json_pieces"),
    "jsonl": (nopage.result, "json_pieces"),
    "--brief": (nopage.result.brief, "brief"),
    **dict.fromkeys(("html", "markdown", "case"), (nopage.report.documents, "render")),
    **dict.fromkeys(OF_ONE_HOST, (nopage.report.documents, "host_file")),
}


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda arguments: arguments[-1])
@pytest.mark.parametrize("where", ["diagnosing", "showing"])
def test_the_other_sources_are_all_there(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], logs: list[str], arguments: list[str],
    where: str, tmp_path: Path,
) -> None:  # fmt: skip
    module, name = SHOWING[arguments[-1]] if where == "showing" else (nopage.engine.run, "result_of")
    # as JSON an object that says so stands in the bad one's place, which is called the same
    times = 1 if arguments[-1] in ("json", "jsonl", "--brief") else 99
    monkeypatch.setattr(module, name, faulty(getattr(module, name), of_bad, times))
    folder = ["-o", f"{tmp_path}/hosts/"] if arguments[-1] in OF_ONE_HOST else []
    assert main([*arguments, *folder, *logs]) == STATUS
    out, err = (text.decode() for text in capfdbinary.readouterr())
    if "json" in arguments[-1] or "brief" in arguments[-1]:
        objects = [json.loads(line) for line in out.splitlines()]
        assert [one["source"]["path"] for one in objects] == logs
        assert [len(one["findings"]) for one in objects] == [1, 0, 1]
        assert [one["source"]["internal_error"] for one in objects] == [False, True, False]
    else:
        assert one_line(err).startswith(f"nopage: {logs[1]}: ")
    if arguments[-1] == "text":
        found = [line.partition(":")[0] for line in out.splitlines() if ": ATOMIC" in line]
        assert [name for name in found if name in logs] == [logs[0], logs[2]]
    if arguments[-1] in ("markdown", "case"):
        assert ["Read from first." in out, "Read from third." in out] == [True, True]
    if arguments[-1] == "html":
        assert out.count("order 1 (2 contiguous pages") == 2
    if folder:
        made = len(list((tmp_path / "hosts").iterdir()))
        assert made == (2 if where == "showing" else 3)  # a result that says so has nothing to set


def test_it_wins_over_what_was_found_and_what_could_not_be_read(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], logs: list[str]
) -> None:
    monkeypatch.setattr(nopage.engine.run, "result_of", faulty(nopage.engine.run.result_of, of_bad))
    assert main([*logs, "no-such-file"]) == STATUS
    assert main(["no-such-file", *logs]) == STATUS
    assert b"no-such-file" in capfdbinary.readouterr().err


def test_the_other_hosts_of_one_source_are_all_there(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, samples: Path
) -> None:
    import tarfile

    for name in ("one.tar", "two.tar", "three.tar"):
        with tarfile.open(tmp_path / name, "w") as tar:
            tar.add(samples / "atomic_allocation_failure" / "rhel7" / "sosreport", "sosreport-web1-20140214")
    work = nopage.engine.run.result_of
    monkeypatch.setattr(nopage.engine.run, "result_of", faulty(work, lambda one: one.path.endswith("three.tar")))
    assert main(["--format", "jsonl", str(tmp_path)]) == STATUS
    objects = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    told = {Path(one["source"]["path"]).name.rpartition("!")[2]: one["source"]["internal_error"] for one in objects}
    assert told == {"one.tar": False, "two.tar": False, "three.tar": True}


COMMANDS: dict[str, tuple[list[str], Any, str]] = {
    "explain a mask": (["explain", "0x20"], nopage.report.text, "console"),
    "explain a report": (["explain", HEADER], nopage.engine.texts, "result_of_texts"),
    "explain a report whose rule fails": (["explain", HEADER], nopage.rules.findings.atomic, "finding"),
    "schema": (["schema"], nopage.result.schema, "schema"),
    "watermarks": (["watermarks", "docs/example/sosreport-example-rhel6"], Memory, "__init__"),
    "the command line": (["x"], nopage.cli.main, "command"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_it_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], root: Path, command: str
) -> None:
    arguments, module, name = COMMANDS[command]
    monkeypatch.chdir(root)
    monkeypatch.setattr(module, name, fault)
    assert main(arguments) == STATUS
    assert one_line(capfd.readouterr().err).startswith("nopage: ")


def test_it_says_where() -> None:
    with pytest.raises(AttributeError) as ours:
        nopage.engine.assemble.coverage_of(None)  # type: ignore[arg-type]
    assert " (nopage/engine/assemble.py:" in fault_words(ours.value)
    assert "nopage/" not in fault_words(KeyError("raised by nobody"))


@pytest.mark.parametrize("said", ["a\nb", "\x1b[31m", "\u202e", "x" * 9_000, ""])
def test_it_is_one_short_line_whatever_the_fault_says(said: str) -> None:
    line = fault_words(ValueError(said))
    assert line.isprintable()
    assert len(line) < 400


FULL = Path("/dev/full")
FORMS = [*FORMATS, "brief"]


def in_every_form(*arguments: str) -> list[list[str]]:
    return [[*(["--brief"] if form == "brief" else ["--format", form]), *arguments] for form in FORMS]


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize("where", ["by -o", "standard output"])
def test_a_full_disk_is_no_fault_of_nopage(where: str, tmp_path: Path, commands: Commands) -> None:
    log = tmp_path / "log"
    log.write_text(HEADER)
    if where == "by -o":
        ended = commands(in_every_form("-o", str(FULL), str(log)))
    else:
        ended = commands(in_every_form(str(log)), str(FULL))
    for form, (status, _, err) in zip(FORMS, ended, strict=True):
        assert (form, status, err.count(b"\n")) == (form, 3, 1)
        assert b"No space left on device" in err
        assert b"internal error" not in err


def test_a_closed_pipe_is_no_fault_of_nopage(tmp_path: Path, commands: Commands) -> None:
    log = tmp_path / "log"
    log.write_text(HEADER)
    ended = commands(in_every_form(str(log)), "|")  # one that nobody reads
    assert dict(zip(FORMS, ended, strict=True)) == dict.fromkeys(FORMS, (1, b"", b""))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_locale_without_the_characters_is_no_fault(encoding: str, tmp_path: Path, commands: Commands) -> None:
    log = tmp_path / "\u20ac\u00e9"
    log.write_text(HEADER.replace("swapper", "\u20ac\u00e9"))
    ended = commands(in_every_form(str(log)), environment={**os.environ, "PYTHONIOENCODING": encoding})
    assert [(form, status, err) for form, (status, _, err) in zip(FORMS, ended, strict=True)] == [
        (form, 1, b"") for form in FORMS
    ]
    assert all(out for _, out, _ in ended)
