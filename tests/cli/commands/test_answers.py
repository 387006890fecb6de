"""explain by name, rules, diff, what is old, and options wherever they stand."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from nopage.cli.commands import EVERY, parser_of
from nopage.cli.completions import first_word, main_parser
from nopage.cli.diagnose import LIMITS, SEVERITIES
from nopage.cli.main import command_meant, main
from nopage.cli.options import size_bytes
from nopage.cli.status import KEYS
from nopage.intake.model import Limits
from nopage.result import Severity
from nopage.result.answers import SCHEMAS, answer_schema
from nopage.rules.knowledge import knowledge

EXAMPLE = "docs/example/sosreport-example-rhel6"


def out_of(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """What a command prints."""
    assert main(arguments) == status
    return capsys.readouterr().out


def test_severities_are_those_of_the_contract() -> None:
    assert [one.value for one in Severity if one is not Severity.NONE] == list(SEVERITIES)


def test_defaults_of_the_limits_are_those_of_the_intake() -> None:
    limits = Limits()
    shown = {name: default for name, (_, _, default, _) in LIMITS.items()}
    assert size_bytes(shown["max-unpacked"]) == limits.unpacked_bytes
    assert int(shown["max-members"]) == limits.members
    assert float(shown["max-seconds"]) == limits.seconds
    assert int(shown["max-nesting"]) == limits.nesting


@pytest.mark.parametrize("name", EVERY)
def test_defaults_stand_in_the_help(name: str) -> None:
    for made in (main_parser(), parser_of(name)):
        text = " ".join(made.format_help().split())
        for action in made._actions:
            if action.option_strings and action.default not in (None, False, [], "==SUPPRESS=="):
                assert f"default: {action.default}" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["GFP_ATOMIC", "--kernel", "8.6"], ["0x480020 = GFP_ATOMIC", "4.18.0-372.el8"]),
        (["GFP_ATOMIC", "--kernel", "el6"], ["0x20 = GFP_ATOMIC"]),
        (["GFP_ATOMIC|__GFP_COMP", "--kernel", "RHEL 6.4"], ["0x4020 = GFP_ATOMIC|__GFP_COMP"]),
        (["GFP_ATOMIC"], ["2.6.32-754.el6   0x20 ", "4.18.0-553.el8   0x480020", "5.14.0-70.el9    0xa20"]),
    ],
)
def test_names_are_explained(capsys: pytest.CaptureFixture[str], arguments: list[str], words: list[str]) -> None:
    out = out_of(capsys, "explain", *arguments)
    assert [word for word in words if word not in out] == []


@pytest.mark.parametrize(
    "arguments", [["GFP_NOSUCH"], ["__GFP_ATOMIC", "--kernel", "6.4"], ["0x20", "--kernel", "RHEL 9.99"]]
)
def test_what_is_no_flag_or_kernel_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(["explain", *arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_a_pasted_report_gives_the_first_screen_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = (root / EXAMPLE / "sos_commands" / "general" / "dmesg").read_text(encoding="utf-8")
    out = out_of(capsys, "explain", report)
    assert len(out.splitlines()) <= 24
    assert out.count("\nDO ") == 1
    assert "__GFP_COMP " not in out


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("mask", ["explain", "0x4020", "--kernel", "el6", "--format", "json"]),
        ("mask", ["explain", "0x8000000000000020", "--kernel", "6.12", "--format", "json"]),
        ("mask", ["--format", "json", "explain", "GFP_KERNEL"]),
        ("rules", ["rules", "--format", "json"]),
        ("rules", ["rules", "MIN_FREE_KBYTES_TOO_LOW", "--format", "json", "--kernel", "6.4"]),
        ("diff", ["diff", EXAMPLE, EXAMPLE, "--format", "json"]),
    ],
)
def test_json_holds_its_schema(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, arguments: list[str]
) -> None:
    monkeypatch.chdir(root)
    main(arguments)
    found = json.loads(capsys.readouterr().out)
    schema = json.loads(out_of(capsys, "schema", name))
    assert schema == answer_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)
    assert found["schema"] == f"nopage-{name}/1"


def test_every_schema_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    for name in SCHEMAS:
        assert json.loads(out_of(capsys, "schema", name))["title"].startswith(f"nopage-{name}/1")


def test_rules_lists_every_finding(capsys: pytest.CaptureFixture[str]) -> None:
    out = out_of(capsys, "rules")
    for key in KEYS:
        assert f"{key} " in out
        assert knowledge(key).title in out


@pytest.mark.parametrize("key", KEYS)
def test_rules_tells_of_one(capsys: pytest.CaptureFixture[str], key: str) -> None:
    known = knowledge(key)
    out = " ".join(out_of(capsys, "rules", key.lower()).split())
    assert known.meaning in out
    for row in known.rows:
        assert row.name in out
        for remedy in row.remedy:
            assert " ".join(remedy.words.split()) in out


def test_rules_of_one_kernel_are_those_of_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(out_of(capsys, "rules", "--kernel", "6.4", "--format", "json"))
    assert found["kernel"] == "2.6.32-358.el6"
    for rule in found["rules"]:
        assert len(rule["releases"]) == 1
        assert "el6" in rule["releases"][0]["generations"]


@pytest.fixture
def two_results(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Path]:
    """The example as JSON, and the same host ten days on with the advised setting and no further failure."""
    text = out_of(capsys, "--format", "json", str(root / EXAMPLE), status=1)
    new = json.loads(text)
    new["source"]["collected_at"] = "2012-02-24T18:40:02"
    new["memory"]["settings"]["min_free_kbytes"] = 180224
    old_path, new_path = tmp_path / "old.json", tmp_path / "new.jsonl"
    old_path.write_text(text, encoding="utf-8")
    new_path.write_text(json.dumps(new) + "\n", encoding="utf-8")
    return old_path, new_path


def test_diff_answers_first_whether_it_worked(
    two_results: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out = out_of(capsys, "diff", *map(str, two_results))
    lines = out.splitlines()
    assert lines[0] == "stor1.example.com"
    assert lines[1].startswith("It ended: 3 failures in 20 minutes before, none in 10 days since")
    assert "vm.min_free_kbytes from 90112 to 180224" in " ".join(lines[:5])
    assert "done" in next(line for line in lines if line.startswith("3  vm.min_free_kbytes"))


def test_diff_reads_archives_beside_results(
    root: Path, two_results: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(out_of(capsys, "diff", str(root / EXAMPLE), str(two_results[1]), "--format", "json"))
    assert [one["outcome"] for one in found["hosts"]] == ["gone"]


@pytest.mark.parametrize(
    ("old", "new", "status"), [("there", "missing", 3), ("missing", "there", 3), ("broken", "there", 2)]
)
def test_diff_of_what_cannot_be_read(
    two_results: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, status: int
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"schema":"nopage/1","source":17}', encoding="utf-8")
    paths = {"there": two_results[0], "missing": tmp_path / "missing", "broken": broken}
    assert main(["diff", str(paths[old]), str(paths[new])]) == status
    err = capsys.readouterr().err
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["--since", "2012-02-14"], 1),
        (["--since", "2012-02-15"], 0),
        (["--until", "2012-02-14T00:00:00"], 0),
        (["--since", "2012-02-14T18:00+01:00"], 1),
        (["--min-severity", "low"], 1),
        (["--min-severity", "urgent"], 0),
        (["--since", "yesterday"], 2),
        (["--since", "2012-02-15", "--until", "2012-02-14"], 2),
        (["--min-severity", "none"], 2),
    ],
)
def test_what_is_old_does_not_count(
    root: Path, capsys: pytest.CaptureFixture[str], options: list[str], status: int
) -> None:
    assert main([*options, "--format", "json", str(root / EXAMPLE)]) == status
    out = capsys.readouterr().out
    if status != 2 and "--min-severity" not in options:
        (finding,) = json.loads(out)["findings"]  # never hidden
        assert finding["old"] is (status == 0)


def test_what_is_old_is_said_first(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = out_of(capsys, "--since", "2020-01-01", str(root / EXAMPLE))
    assert "Old: no failure lies within the time asked about." in out


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["-v", "explain", "x"], 1),
        (["--format", "json", "explain", "x"], 2),
        (["--format=json", "explain", "x"], 1),
        (["--kernel", "explain", "explain", "x"], 2),
        (["--max-seconds", "5", "-v", "a.tar"], 3),
        (["--", "explain"], 2),
        (["-", "explain"], 0),
        (["--width"], 2),
    ],
)
def test_the_first_word(arguments: list[str], place: int) -> None:
    assert first_word(arguments) == place


@pytest.mark.parametrize(
    "arguments", [["--kernel", "8.6", "explain", "0x480020"], ["explain", "0x480020", "--kernel", "8.6"]]
)
def test_options_before_or_behind_a_command(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert "0x480020 = GFP_ATOMIC" in out_of(capsys, *arguments)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("explian", "explain"), ("Rule", "rules"), ("watermark", "watermarks"), ("dif", "diff"), ("shema", "schema"),
     ("sosreport", None), ("diff.tar", None), ("./dif", None), ("", None), ("messages", None)],
)
def test_a_mistyped_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], word: str, meant: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command_meant(word) == meant
    if meant is not None:
        assert main(["-v", word, "x"]) == 2
        assert f"did you mean 'nopage {meant}'?" in capsys.readouterr().err
        (tmp_path / word).touch()
        assert command_meant(word) is None  # a file of that name is meant


LANGUAGE_WORDS: list[tuple[list[str], str, int]] = [
    ([EXAMPLE], "패킷이 유실되었습니다", 1),
    ([EXAMPLE, "--format", "case"], "안녕하세요", 1),
    ([EXAMPLE, EXAMPLE], "호스트 2대를 읽음", 1),
    (["explain", "0x20", "--kernel", "6.4"], "예비분의 절반을 쓸 수 있음", 0),
    (["explain", "swapper: page allocation failure. order:1, mode:0x20", "--kernel", "6.4"], "커널", 0),
    (["watermarks", EXAMPLE], "호스트를 수집했을 때:", 0),
    (["rules"], "기다릴 수 없는 커널 메모리 요청이 실패함", 0),
    (["rules", "ATOMIC_ALLOCATION_FAILURE", "--kernel", "6.1"], "2.6.32-358 이전의 RHEL 6", 0),
    (["diff", EXAMPLE, EXAMPLE], "같아 그 사이에 아무것도 없습니다", 0),
]


@pytest.mark.parametrize(("arguments", "words", "status"), LANGUAGE_WORDS)
def test_each_command_speaks_a_language(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str, status: int
) -> None:
    assert words in out_of(capsys, *arguments, "--lang", "ko", status=status)
    assert words not in out_of(capsys, *arguments, status=status)


def test_json_is_the_same_in_every_language(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for arguments in ([EXAMPLE], [EXAMPLE, "--brief"], ["rules"], ["explain", "0x20"]):
        told = []
        for more in ([], ["--lang", "ja"]):
            form = [] if "--brief" in arguments else ["--format", "json"]
            main([*arguments, *form, *more])
            told.append(capfdbinary.readouterr().out)
        assert told[0]
        assert told[0] == told[1]


@pytest.mark.parametrize("arguments", [[EXAMPLE], ["rules"], ["explain", "0x20"], ["watermarks"], ["diff", "a", "b"]])
def test_an_unknown_language_is_refused_with_the_choices(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main([*arguments, "--lang", "xx"]) == 2
    assert "choose from 'en', 'ko', 'ja', 'zh'" in capsys.readouterr().err


def test_the_languages_of_the_command_line_are_those_of_the_report() -> None:
    from nopage import api
    from nopage.cli.options import LANGUAGES
    from nopage.report import languages

    assert LANGUAGES == languages.LANGUAGES == api.LANGUAGES


@pytest.mark.parametrize("arguments", [["--version"], [EXAMPLE], [EXAMPLE, "--format", "html"], ["rules"]])
def test_nothing_of_languages_is_imported_unless_one_is_asked_for(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom nopage.cli.main import main\n"
        f"main({arguments})\n"
        "print(*(name for name in sys.modules if name == 'polib' or 'report.languages' in name), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("arguments", [["--format", "json", EXAMPLE], ["--brief", EXAMPLE], ["--width", "80", EXAMPLE]])
def test_options_before_a_source_cost_no_parsers_of_commands(arguments: list[str]) -> None:
    code = f"import sys; from nopage.cli.main import main; main({arguments!r}); " \
        "sys.exit(any(name.startswith('nopage.cli.co') and name != 'nopage.cli.commands' and 'complaint' not in name " \
        "for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
