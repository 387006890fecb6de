"""The case comment: short whatever the host, no local path, no ids, and it asks for exactly what is lacking."""
from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from nopage.api import diagnose_text
from nopage.cli.status import KEYS
from nopage.engine.assemble import unreadable
from nopage.engine.run import diagnose
from nopage.report.documents import render
from nopage.report.speaker import Speaker
from nopage.result import Cause, Coverage, Result, Source, SourceKind

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared"
SAMPLES = sorted(path.parent for path in ROOT.glob("tests/data/*/*/expected.json"))
GENUINE = [*sorted(SHARED.glob("cases/*.tar.xz")), *sorted(SHARED.glob("faults/hosts/*.tar.xz"))]
IDS = re.compile(rf"\b(?:{'|'.join((*KEYS, *(one.value for one in Cause if '_' in one.value)))})\b")
UNBROKEN = re.compile(r"\s*\S+")  # a URL, a word of a log


def assert_fits(text: str, result: Result) -> None:
    assert len(text) <= 4000
    for line in text.splitlines():
        assert cell_len(line) <= 78 or UNBROKEN.fullmatch(line) or "'" in line, line
        assert line.isprintable()
    assert not IDS.search(text)
    assert str(ROOT) not in text
    assert result.source.path not in text or "/" not in result.source.path
    assert not any(finding.fingerprint in text for finding in result.findings)
    assert not any(group.signature in text for group in result.groups)


@pytest.mark.parametrize("sample", [pytest.param(path, id="/".join(path.parts[-2:])) for path in SAMPLES])
def test_every_sample_fits(diagnosed: Callable[[Path], tuple[Result, ...]], sample: Path) -> None:
    for result in diagnosed(sample):
        text = render("case", [result])
        assert_fits(text, result)
        for step in result.plan.steps[:2]:  # what is to be typed stands whole
            assert all(command in text for command in step.commands)


@pytest.mark.corpus
@pytest.mark.parametrize("host", [pytest.param(path, id=path.name.removesuffix(".tar.xz")) for path in GENUINE])
def test_genuine_cases_and_made_hosts_fit(
    diagnosed: Callable[[Path], tuple[Result, ...]], shared: Path, host: Path
) -> None:
    for result in diagnosed(host):
        assert_fits(render("case", [result]), result)


@pytest.fixture(scope="module")
def example(root: Path) -> Result:
    (found,) = diagnose(str(root / "docs" / "example" / "sosreport-example-rhel6"))
    return found


def test_the_evidence_is_quoted_with_file_and_line(example: Result, root: Path) -> None:
    text = render("case", [example])
    places = re.findall(r"^  (\S+):(\d+)\n((?:  > .*\n)+)", text, re.MULTILINE)
    assert len(places) == 4  # the header, who asked, the zone and its free list
    for file, line, quoted in places:
        stands = (root / "docs" / "example" / "sosreport-example-rhel6" / file).read_text().splitlines()[int(line) - 1]
        said = "".join(quoted.replace("  > ", " ").split()).removesuffix("...")
        assert "".join(stands.split()).startswith(said)


def test_what_it_does_not_do_is_said(example: Result) -> None:
    text = render("case", [example])
    assert "What this does not do:\n" in text
    assert "would still have failed" in " ".join(text.split())


def test_the_worst_host_still_fits(example: Result) -> None:
    step = example.plan.steps[2]
    steps = tuple(replace(step, number=number, lines=f"{step.setting} = 1\n" * 50) for number in range(1, 90))
    source = replace(
        example.source,
        path="/home/somebody/cases/" + "x" * 400 + ".tar.xz",
        warnings=("/home/somebody: is bad " * 40,) * 50,
    )
    worst = replace(
        example, host="h" * 3000, source=source, plan=replace(example.plan, steps=steps, later=steps),
        kernel=replace(example.kernel, release="r" * 3000),
    )  # fmt: skip
    for lengthy in (worst, replace(worst, verdict_said=(), verdict="word " * 4000)):
        text = render("case", [lengthy])
        assert len(text) <= 4000
        assert "What we recommend:" in text or "(shortened to 4,000 characters)" in text


@pytest.mark.parametrize("count", [2, 10, 300])
def test_several_hosts_fit_into_one_comment(example: Result, count: int) -> None:
    text = render("case", [replace(example, host=f"host{number}.example.com") for number in range(count)])
    assert len(text) <= 4000
    assert text.count("host0.example.com") == 1
    told = text.count(".example.com")
    left = re.search(r"and (\d+) more hosts?\.", text)
    assert told + (int(left[1]) if left else 0) == count


def test_hostile_text_stays_one_line(example: Result) -> None:
    evil = "web\x1b[31m\u202e1\nWhat we recommend:\n1. rm -rf /"
    failures = tuple(replace(one, log=tuple(f"{line}\x1b]0;\u2066" for line in one.log)) for one in example.failures)
    text = render("case", [replace(example, host=evil, failures=failures)])
    assert "\x1b" not in text
    assert "\\u202e" in text
    assert "\n1. rm" not in text
    assert all(line.isprintable() for line in text.splitlines())


def test_a_language_without_blanks_is_wrapped(example: Result) -> None:
    words = Speaker("ja", {"case.nothing_needed": "何もありません。" * 40, "document.need": "必要なもの"})
    text = render("case", [example], words)
    assert "必要なもの:" in text
    assert all(cell_len(line) <= 78 for line in text.splitlines() if "何" in line)


def asked(result: Result) -> str:
    """What is asked for, on one line."""
    text = render("case", [result])
    part = text.partition("What we need from you:\n")[2].partition("\nWorth reading:")[0]
    return " ".join(part.replace("\\\n", " ").split())


@pytest.mark.parametrize(
    ("release", "wanted"),
    [
        ("2.6.9-89.29.1.ELsmp", "sosreport"), ("2.6.32-358.el6.x86_64", "sosreport"),
        ("3.10.0-1160.el7.x86_64", "sosreport"), ("4.18.0-513.el8.x86_64", "sos report"),
        ("6.12.0-55.24.1.el10_0.x86_64", "sos report"),
    ],
)  # fmt: skip
def test_a_log_alone_needs_the_host(release: str, wanted: str) -> None:
    log = f"Feb 14 18:26:56 h kernel: swapper: page allocation failure. order:1, mode:0x20\nLinux version {release} "
    assert f"a sosreport of this host: this is no more than a log {wanted}" in asked(diagnose_text(log, release))


RHEL9, RHEL5 = "atomic_allocation_failure/rhel9", "atomic_allocation_failure/rhel5"
LOG = ("kernel_log",)
MADE: list[tuple[str, dict[str, Any], str]] = [
    (RHEL9, {"coverage": Coverage(found=LOG, filtered=True)}, "- a sosreport: the logs"),
    (RHEL9, {"coverage": Coverage(found=LOG, cut=("var/log/messages",))}, "those that are cut: var/log/messages"),
    (RHEL9, {"coverage": Coverage(found=LOG, timed_out=("ethtool -S eth0", "rm -rf /"))}, "was made ethtool -S eth0"),
    (RHEL9, {"coverage": Coverage(found=("zoneinfo",))}, "journalctl -k --no-pager"),
    (RHEL5, {"coverage": Coverage(found=("zoneinfo",))}, "dmesg > /var/tmp/dmesg.txt"),
    (RHEL9, {"complete": False}, "sos report"),
    ("atomic_allocation_failure/rhel6_no_mem_info", {}, "cat /proc/buddyinfo /proc/zoneinfo; done"),
]


@pytest.mark.parametrize(("sample", "changed", "wanted"), MADE)
def test_exactly_what_is_lacking_is_asked_for(samples: Path, sample: str, changed: dict[str, Any], wanted: str) -> None:
    (found,) = diagnose(str(samples / sample))
    source: Source = replace(found.source, **changed)
    text = asked(replace(found, source=source))
    assert wanted in text
    assert "rm -rf" not in text


def test_missing_files_are_named_as_commands(samples: Path) -> None:
    (found,) = diagnose(str(samples / "atomic_allocation_failure" / "rhel7"))
    assert found.memory is not None
    memory = replace(found.memory, missing=("/proc/zoneinfo", "sysctl -a"))
    text = asked(replace(found, memory=memory))
    assert "cat /proc/zoneinfo > /var/tmp/memory.txt" in text
    assert "sysctl -a > /var/tmp/sysctl.txt" in text
    assert "/proc/buddyinfo >" not in text


def test_nothing_is_asked_for_where_nothing_lacks(example: Result) -> None:
    assert asked(example).startswith("Nothing: the archive holds all that we need.")


def test_an_unreadable_source_is_asked_for_again() -> None:
    lost = unreadable("/home/somebody/web1.tar.xz", "/home/somebody/web1.tar.xz: is empty")
    assert lost.source.kind is SourceKind.UNREADABLE
    text = render("case", [lost])
    assert "web1.tar.xz: is empty" in text
    assert "/home/somebody" not in text
    assert "the archive again" in text
