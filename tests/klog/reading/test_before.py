"""What a log says in the minutes before its first failure, and what of it is no line of the log."""
from __future__ import annotations

import pytest

from nopage.kernel.window import Window
from nopage.klog.reading import lines_before
from nopage.klog.reading.log import read_log

HEADER = "swapper: page allocation failure. order:1, mode:0x20"
AT = "Feb 14 18:26:56 web1 kernel: "
BACKUP = "Feb 14 18:25:00 web1 backup[11]: full backup started"
LINK = "Feb 14 18:26:01 web1 kernel: eth0: link up"


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ([BACKUP, LINK], [BACKUP, LINK]),
        # no clock of the log: a mail, a table's header, prose
        (["From: a@example.com", "Subject: failure", "", BACKUP], [BACKUP]),
        (["Date,Host,Service,Message", "please have a look"], []),
        # too old, or of another boot
        (["Feb 14 18:10:00 web1 backup[11]: too old", LINK], [LINK]),
        # what the kernel printed of something else
        ([AT + "mapped:60333 shmem:9022 pagetables:9310 bounce:0", AT + "vmalloc: allocation failure: 0 bytes", LINK],
         [LINK]),
        ([AT + "Modules linked in: mlx4_en", AT + "Code: 48 8b 05 <0f> 0b", AT + "Mem-Info:", BACKUP], [BACKUP]),
        # five at most, programs' first, the newest
        ([f"Feb 14 18:26:0{number} web1 app[1]: step {number}" for number in range(8)],
         [f"Feb 14 18:26:0{number} web1 app[1]: step {number}" for number in range(3, 8)]),
        ([LINK, *(f"Feb 14 18:26:0{number} web1 app[1]: step {number}" for number in range(5))],
         [f"Feb 14 18:26:0{number} web1 app[1]: step {number}" for number in range(5)]),
    ],
)  # fmt: skip
def test_lines_before(before: list[str], told: list[str]) -> None:
    window = Window("messages", 1, 0, (*before, AT + HEADER))
    found = lines_before([window], read_log([window]).reports)
    assert [line.text for line in found] == told
    assert [window.lines[line.place.line - 1] for line in found] == told


def test_a_log_without_times_or_reports_tells_nothing() -> None:
    window = Window("dmesg", 1, 0, ("eth0: link up", HEADER))
    assert lines_before([window], read_log([window]).reports) == ()
    assert lines_before([window], ()) == ()
