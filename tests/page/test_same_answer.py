"""The pure road of the page and the command's components say the same, to the letter, of every log there is here."""
from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import nopage
from nopage.page.desk import PASTED, Desk

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
PLACES = ("tests/data/*/*/sosreport/var/log/messages", "src/nopage/page/examples/*/messages",
          "docs/example/*/var/log/messages", "docs/example/*/sos_commands/*/dmesg")
LOGS = sorted(log for place in PLACES for log in ROOT.glob(place))
FORMS = ("case", "sysctl", "ansible")


def same(data: bytes) -> None:
    """Both answers."""
    said = json.loads(Desk().answer([(PASTED, data)]))
    (wanted,) = nopage.diagnose(data, name=PASTED)
    assert said["kind"] == "result"
    assert said["documents"]["json"] == nopage.render(wanted, "json")
    assert said["html"] == nopage.render(wanted, "html")
    assert {form: said["documents"][form] for form in FORMS} == {form: nopage.render(wanted, form) for form in FORMS}


def test_there_are_logs() -> None:
    assert len(LOGS) > 20


@pytest.mark.parametrize("log", LOGS, ids=lambda log: "/".join(log.relative_to(ROOT).parts[-6:]))
def test_of_each_sample(log: Path) -> None:
    same(log.read_bytes())


@pytest.mark.corpus
@pytest.mark.parametrize("log", sorted(SHARED.glob("faults/logs/*.log")) or ["none beside this checkout"],
                         ids=lambda log: Path(log).stem)
def test_of_each_text_that_once_was_misread(shared: Path, log: Path) -> None:
    same(log.read_bytes())


def logs_of(archive: Path) -> Iterator[bytes]:
    """What dmesg printed on the host of a case."""
    with tarfile.open(archive) as opened:
        for member in opened:
            file = opened.extractfile(member) if "dmesg" in Path(member.name).name and member.size else None
            if file is not None:
                yield file.read()


@pytest.mark.corpus
@pytest.mark.parametrize("archive", sorted(SHARED.glob("cases/*.tar.xz")) or ["none beside this checkout"],
                         ids=lambda archive: Path(archive).name)
def test_of_each_case(shared: Path, archive: Path) -> None:
    found = list(logs_of(archive))
    assert found
    for data in found:
        same(data)
