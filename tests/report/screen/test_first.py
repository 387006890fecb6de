"""The first screen: at most 24 lines of 80 columns, in the order that a reader asks."""
from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

import nopage
from nopage.report.screen import Line, deciding_test, deciding_zone, deed_said, first_screen, shown_failure, step_note
from nopage.report.speaker import Speaker
from nopage.result import Cause, ContextLine, Plan, Result

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "docs" / "example" / "sosreport-example-rhel6"
SAMPLES = sorted(path.parent for path in ROOT.glob("tests/data/*/*/expected.json"))
SHARED = ROOT.parent / "shared"
GENUINE = [path for kind in ("cases/*.tar.xz", "faults/hosts/*.tar.xz", "faults/logs/*.log", "corpus/*.log")
           for path in sorted(SHARED.glob(kind))]
LABELS = ("DO", "LATER", "DO NOT", "WHY", "BEFORE", "LIMITS", "ALSO", "more:")
MARK = " ..."
Diagnosed = Callable[[Path], tuple[Result, ...]]


def assert_it_is_one_screen(result: Result, width: int) -> None:
    lines = first_screen(result, Speaker(), width)
    assert len(lines) <= 24
    assert [line.text for line in lines if len(line.text) > width] == []
    labels = [next((label for label in sorted(LABELS, key=len, reverse=True) if line.text.startswith(label)), "")
              for line in lines]
    told = [LABELS.index(label) for label in labels if label]
    assert told == sorted(told), labels
    assert lines[-1].text == "more: --why | --log | --links | -v     out: --format html|case|sysctl|ansible"
    assert not any(one.text == two.text == "" for one, two in pairwise(lines)), "two empty lines"
    assert not any(line.text in LABELS for line in lines), "a label with nothing beside it"
    assert_nothing_is_cut_without_a_mark(result, lines)


def assert_nothing_is_cut_without_a_mark(result: Result, lines: list[Line]) -> None:
    """The verdict and commands stand whole; everything else whole, or up to a word with a mark behind it, or not."""
    speak = Speaker()
    texts = [line.text for line in lines]
    told = " ".join(" ".join(text.split()) for text in texts)
    verdict = " ".join((*speak.each(result.verdict_said), *speak.each(result.plan.verdict)))
    assert " ".join(verdict.split())[1:] in told, "the verdict is cut"
    steps = result.plan.steps or result.plan.later
    assert all(any(text.endswith(step.commands[0]) for text in texts) for step in steps[:2] if step.commands)
    first = next(iter(result.findings), None)
    failure = shown_failure(first, result) if first is not None else None
    parts = [
        step_note(step, deed, speak) for step in steps
        if (deed := "" if step.commands else deed_said(step, speak)) in told
        and all(any(text.endswith(command) for text in texts) for command in step.commands[:1])
    ]
    if first is not None and failure is not None:
        parts.append(deciding_test(first, deciding_zone(failure), speak))
    for part in parts:
        whole = " ".join(part.split())[1:]
        begun = " ".join(whole.split()[:4])
        assert begun not in told or whole in told or any(text.endswith(MARK) for text in texts), whole


@pytest.mark.parametrize("sample", [*SAMPLES, EXAMPLE], ids=lambda path: path.name)
@pytest.mark.parametrize("width", [80, 120])
def test_samples_fit(diagnosed: Diagnosed, sample: Path, width: int) -> None:
    (result,) = diagnosed(sample)
    assert_it_is_one_screen(result, width)


@pytest.mark.corpus
@pytest.mark.parametrize("host", [pytest.param(path, id=path.name.removesuffix(".tar.xz")) for path in GENUINE])
def test_genuine_hosts_and_logs_fit(diagnosed: Diagnosed, shared: Path, host: Path) -> None:
    for result in diagnosed(host):
        assert_it_is_one_screen(result, 80)


@pytest.mark.corpus
@pytest.mark.parametrize("host", [pytest.param(path, id=path.name.removesuffix(".tar.xz"))
                                  for path in GENUINE if path.parent.name == "cases"])
def test_the_headline_is_what_decides(shared: Path, host: Path) -> None:
    """Never the 16 MB for ISA devices where another zone failed the same way; and it says what its own numbers say."""
    (result,) = nopage.diagnose(str(host))
    if not result.findings or result.findings[0].cause is Cause.ZONE_EXHAUSTED:
        return
    failure = shown_failure(result.findings[0], result)
    zone = deciding_zone(failure) if failure is not None else None
    if failure is None or zone is None:
        return
    if zone.zone == "DMA" and (zone.managed_pages or zone.present_pages or 0) * zone.page_kb <= 16 * 1024:
        assert {one.zone for one in failure.zones} == {"DMA"}, "another zone failed as well"
    text = " ".join(line.text.strip() for line in first_screen(result, Speaker()))
    assert ("short by" in text) == (failure.evidence.test == "watermark" and (failure.evidence.margin_pages or 0) < 0)


def one_result(path: Path) -> Result:
    (result,) = nopage.diagnose(str(path))
    return result


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
        ("1970-01-01T00:00:09+00:00 h kernel: [    2.5] swapper: page allocation failure. order:1, mode:0x20",
         "2.5 s after boot"),
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


def test_no_span_of_time_over_two_boots(tmp_path: Path) -> None:
    log = tmp_path / "log"
    times = (3640039.2, 3641236.9, 1284098.3, 1284227.6)
    header = "app: page allocation failure: order:4, mode:0xd0"
    log.write_text("".join(f"h kernel: [{time:.6f}] {header}\n" for time in times))
    assert first_screen(one_result(log), Speaker())[1].text == ("in 2 boots, the last 1,284,227.6 s after one")


def test_a_step_that_says_nothing_ends_no_screen(example: Result) -> None:
    """A result that another program wrote may name a step without words or commands."""
    step = replace(example.plan.steps[0], action="", value="", before=None, commands=(), reason=(), effect=(), risk=())
    bare = replace(example, plan=Plan(steps=(step,), later=(step,)))
    assert first_screen(bare, Speaker(), 80)[-1].text.startswith("more:")
