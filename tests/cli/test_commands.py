"""explain, watermarks and schema, and what they say to wrong questions."""
from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from nopage.cli.complaint import placed
from nopage.cli.main import main
from nopage.cli.options import size_bytes
from nopage.cli.status import KEYS, Seen, status_of
from nopage.kernel.plain import plain
from nopage.rules.knowledge import keys

EXAMPLE = "docs/example/sosreport-example-rhel6"


def test_the_keys_of_the_command_line_are_those_of_the_rules() -> None:
    assert sorted(KEYS) == sorted(keys())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["0x4020", "--kernel", "2.6.32-358.el6.x86_64"], ["GFP_ATOMIC|__GFP_COMP", "down to 3/8 of min", "el6"]),
        (["0xd0", "--kernel", "3.10.0-1160.el7.x86_64"], ["GFP_KERNEL", "it can sleep and reclaim", "down to min"]),
        (["0x480020(GFP_ATOMIC)"], ["GFP_ATOMIC", "__GFP_KSWAPD_RECLAIM"]),
        (["0x800", "--kernel", "5.14.0-570.el9.x86_64"], ["GFP_NOWAIT", "down to min"]),
        (["0x80000020", "--kernel", "2.6.32-358.el6.x86_64"], ["0x80000000", "no flag of this kernel"]),
        (
            ["swapper: page allocation failure. order:1, mode:0x20", "--kernel", "2.6.18-371.el5"],
            ["RHEL 5", "\nDO ", "0x20 = __GFP_HIGH", "down to 3/8 of min", "el5: the numbering of 2.6.18-371.el5"],
        ),
    ],
)
def test_explain(capsys: pytest.CaptureFixture[str], arguments: list[str], words: list[str]) -> None:
    assert main(["explain", *arguments]) == 0
    out = capsys.readouterr().out
    assert [word for word in words if word not in out] == []


@pytest.mark.parametrize(
    "arguments", [["hello"], ["0x20", "--kernel", "windows"], [], ["java invoked oom-killer: gfp_mask=0x201da"]]
)
def test_explain_says_what_it_wants(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(["explain", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err


def test_watermarks_shows_now_and_then(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watermarks", str(root / EXAMPLE), "--min-free-kbytes", "262144"]) == 0
    out = capsys.readouterr().out
    assert "vm.min_free_kbytes = 90112, asked about: 262144" in out
    for word in ("Node 0 Normal", "now", "then", "atomic", "(a)", "(b)", "(c)"):
        assert word in out


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--watermark-scale-factor", "100", "vm.watermark_scale_factor does not exist on this kernel"),
        ("--extra-free-kbytes", "100", "vm.extra_free_kbytes does not exist on this kernel"),
        ("--min-free-kbytes", "99999999999", "more than the memory it is spread over"),
    ],
)
def test_watermarks_refuses_what_the_kernel_would(
    root: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    # the example is RHEL 6.1: extra_free_kbytes came with 6.2, watermark_scale_factor with RHEL 8
    assert main(["watermarks", str(root / EXAMPLE), option, value]) == 2
    assert said in capsys.readouterr().err


def test_watermarks_of_what_holds_no_memory_state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "messages"
    log.write_text("Feb 14 18:26:56 web kernel: eth0: link up\n")
    assert main(["watermarks", str(log)]) == 3
    assert "holds no /proc/zoneinfo" in capsys.readouterr().err


def test_the_schema_is_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def result(complete: bool, *found: str, fault: bool = False) -> Seen:
    return Seen(complete, found, fault)


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ([result(True)], 0),
        ([result(True, "SLEEPING_ALLOCATION_FAILURE")], 0),
        ([result(True, "ATOMIC_ALLOCATION_FAILURE")], 1),
        ([result(True), result(True, "MIN_FREE_KBYTES_TOO_HIGH")], 1),
        ([result(True, "ATOMIC_ALLOCATION_FAILURE"), result(False)], 3),
        ([result(False, "ATOMIC_ALLOCATION_FAILURE")], 3),
        ([result(False, fault=True), result(True, "ATOMIC_ALLOCATION_FAILURE")], 4),
        ([result(True, "ATOMIC_ALLOCATION_FAILURE"), result(False), result(False, fault=True)], 4),
    ],
)
def test_exit_status(results: list[Seen], status: int) -> None:
    assert status_of(results) == status


@pytest.mark.parametrize(("text", "size"), [("1", 1), ("512M", 512 << 20), ("20g", 20 << 30), ("1K", 1024)])
def test_sizes(text: str, size: int) -> None:
    assert size_bytes(text) == size


@pytest.mark.parametrize("text", ["", "0", "many", "-1", "1.5G", "M"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        size_bytes(text)


def test_names_do_not_steer_the_terminal() -> None:
    assert plain("a\x1b[31m\nb") == "a\\x1b[31m\\nb"


@pytest.mark.parametrize(
    ("warning", "line"),
    [
        ("is cut", "/x/a.log: is cut"),
        ("a.log: is cut", "/x/a.log: is cut"),
        ("var/log/messages: is cut", "/x/a.log: var/log/messages: is cut"),
    ],
)
def test_a_warning_names_its_source_once(warning: str, line: str) -> None:
    assert placed(warning, "/x/a.log") == line


def test_watermarks_draws_the_failures_state_and_the_largest_zone_first(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report's own free pages beside the marks, on a narrow screen; the 16 MB of DMA come last."""
    assert main(["watermarks", str(root / EXAMPLE), "--min-free-kbytes", "262144"]) == 0
    lines = capsys.readouterr().out.splitlines()
    drawn = [line for line in lines if "to scale" in line]
    names = ["Node 1 Normal", "Node 0 Normal", "Node 0 DMA32", "Node 0 DMA"]
    assert [line.split(" at the failure:")[0] for line in drawn] == names
    assert "86,760 kB" in lines[lines.index(drawn[1]) + 1], "what was free when it failed"
    place = lines.index(drawn[0])
    assert [line for line in lines[place:] if len(line) > 100] == []
    assert [line for line in lines[place : lines.index(drawn[-1]) + 10] if len(line) > 90] == []
    assert sum("(b) min to low" in line for line in lines) == 1
