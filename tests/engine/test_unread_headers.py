"""A log in which a report's header was lost is not one that was read wholly, unless another report was found."""
from __future__ import annotations

from pathlib import Path

import pytest

import nopage
from nopage.cli.main import main

LOST = "Mar  4 05:06:07 h kernel: [    8.000001] demod: page allocation failure: order:?, mode:lost\n"
TORN = "[    8.000001] demod: page allocation failure: order:3\n[    9.0] usb 1-1: new device\n"
IMPOSSIBLE = "[    8.000001] demod: page allocation failure: order:4711, mode:0x20\n"
SPOKEN = "Subject: a page allocation failure on the gateway\n"
GOOD = "[    7.000001] demod: page allocation failure: order:3, mode:0x4020\n"


@pytest.mark.parametrize(
    ("text", "complete", "failures"),
    [(LOST, False, 0), (TORN, False, 0), (IMPOSSIBLE, False, 0), (SPOKEN, True, 0), (GOOD, True, 1),
     (GOOD + LOST, True, 1), ("nothing\n", True, 0)],
    ids=["unread", "torn", "impossible", "spoken of", "read", "read beside unread", "none"],
)  # fmt: skip
def test_it_is_not_read_wholly(text: str, complete: bool, failures: int) -> None:
    result = nopage.diagnose_text(text)
    assert (result.source.complete, len(result.failures)) == (complete, failures)


@pytest.mark.parametrize(("text", "status"), [(LOST, 3), (SPOKEN, 0), (GOOD, 1), (GOOD + LOST, 1)])
def test_the_status_says_so(
    text: str, status: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    log.write_text(text)
    assert main([str(log)]) == status
    assert ("NOT read wholly" in capfd.readouterr().out) == (status == 3)
