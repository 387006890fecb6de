"""The first screen: at most 24 lines of 80 columns, in the order that a reader asks."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

import nopage
from nopage.report.screen import Line, first_screen
from nopage.report.speaker import Speaker
from nopage.result import ContextLine, Result

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "docs" / "example" / "sosreport-example-rhel6"
SAMPLES = sorted(path.parent for path in ROOT.glob("tests/data/*/*/expected.json"))
SHARED = ROOT.parent / "shared"
GENUINE = [*sorted(SHARED.glob("cases/*.tar.xz")), *sorted(SHARED.glob("faults/hosts/*.tar.xz"))]
LABELS = ("DO", "LATER", "DO NOT", "WHY", "BEFORE", "LIMITS", "ALSO", "more:")


def lines_of(result: Result, width: int = 80) -> list[Line]:
    return first_screen(result, Speaker(), width)


def assert_it_is_one_screen(lines: list[Line], width: int) -> None:
    assert len(lines) <= 24
    assert [line.text for line in lines if len(line.text) > width] == []
    labels = [next((label for label in sorted(LABELS, key=len, reverse=True) if line.text.startswith(label)), "")
              for line in lines]
    told = [LABELS.index(label) for label in labels if label]
    assert told == sorted(told), labels
    assert lines[-1].text.startswith("more: nopage --why")


@pytest.mark.parametrize("sample", [*SAMPLES, EXAMPLE], ids=lambda path: path.name)
@pytest.mark.parametrize("width", [80, 120])
def test_samples_fit(diagnosed: Callable[[Path], tuple[Result, ...]], sample: Path, width: int) -> None:
    (result,) = diagnosed(sample)
    assert_it_is_one_screen(lines_of(result, width), width)


@pytest.mark.corpus
@pytest.mark.parametrize("host", [pytest.param(path, id=path.name.removesuffix(".tar.xz")) for path in GENUINE])
def test_genuine_hosts_fit(diagnosed: Callable[[Path], tuple[Result, ...]], shared: Path, host: Path) -> None:
    (result,) = diagnosed(host)
    assert_it_is_one_screen(lines_of(result), 80)


@pytest.fixture(scope="module")
def example() -> Result:
    (result,) = nopage.diagnose(str(EXAMPLE))
    return result


def text_of(result: Result) -> str:
    return "\n".join(line.text for line in first_screen(result, Speaker()))


def test_the_example_says_who_when_what_and_what_to_do(example: Result) -> None:
    text = text_of(example)
    head = text.splitlines()
    assert head[0] == "stor1.example.com  RHEL 6.1 (2.6.32-131.21.1.el6.x86_64)"
    assert head[1:3] == ["14 Feb 2012 18:26:56-18:27:20", "12 minutes before the archive was made"]
    assert "Packets were lost: mlx4_en got no memory 3 times" in text
    assert "sysctl -w vm.min_free_kbytes=" in text or "more step" in text
    assert "2*" in text
    assert "backup[19022]: full backup to 192.0.2.200 started" in text
    assert "ATOMIC_ALLOCATION_FAILURE" not in text, "ids are for scripts"


def test_a_command_is_never_broken(example: Result) -> None:
    commands = [command for step in example.plan.steps[:3] for command in step.commands]
    text = text_of(example)
    assert commands
    assert all(command in text for command in commands)


@pytest.mark.parametrize("bad", ["\x1b[31mred", "a\u202eb", "x\ry", "\u2066z"])
def test_what_steers_a_terminal_is_shown_as_its_code(example: Result, bad: str) -> None:
    line = ContextLine(file="messages", line=1, text=bad)
    hostile = replace(example, host=bad, context=(line,))
    for one in first_screen(hostile, Speaker()):
        assert one.text.isprintable(), repr(one.text)


def test_hosts_without_anything_say_so() -> None:
    result = nopage.diagnose_text("nothing of interest")
    text = text_of(result)
    assert result.verdict in " ".join(text.split())
    assert "DO" not in [line.split(" ")[0] for line in text.splitlines()]


@pytest.mark.parametrize(
    ("log", "when"),
    [
        ("swapper: page allocation failure. order:1, mode:0x20", "when is not known"),
        ("[ 12.5] swapper: page allocation failure. order:1, mode:0x20", "12.5 s after boot"),
        ("Feb 14 18:26:56 h kernel: swapper: page allocation failure. order:1, mode:0x20",
         "02-14 18:26:56 (the log names no year)"),
    ],
)
def test_when(log: str, when: str) -> None:
    assert when in text_of(nopage.diagnose_text(log)).splitlines()[0:3].__str__()


def test_other_findings_stand_below_in_two_lines(example: Result) -> None:
    other = replace(example.findings[0], key="MIN_FREE_KBYTES_TOO_LOW", summary="vm.min_free_kbytes is low",
                    summary_said=())
    lines = [line.text for line in first_screen(replace(example, findings=(*example.findings, other)), Speaker())]
    (place,) = [number for number, line in enumerate(lines) if line.startswith("ALSO")]
    assert "MIN_FREE_KBYTES_TOO_LOW: vm.min_free_kbytes is low" in lines[place]
    assert lines[place + 1].startswith("more:")
