"""A loghost's file: the lines of several hosts mix, each belongs to its own host's report, and that is told."""
from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

import pytest

from nopage.kernel.facts import FailureReport
from nopage.kernel.window import Window
from nopage.klog.reading import read_log

HOSTS = ("web1", "db07.lab.invalid")


def report(at: int) -> list[str]:
    """No two are alike in anything but their kind."""
    return [
        f"task{at}: page allocation failure. order:{at}, mode:0x20",
        f"Pid: {at}, comm: task{at} Not tainted 2.6.32-358.el6.x86_64 #1", "Call Trace:",
        *(f" [<ffffffff8112c127>] ? step_{at}_{number}+0x757/0x8d0" for number in range(12)), "Mem-Info:",
        f"Node 0 DMA free:{40 + 4 * at}kB min:{8 + 4 * at}kB low:56kB high:67kB present:16384kB",
        f"Node 0 Normal free:{4000 + 4 * at}kB min:{800 + 4 * at}kB low:5600kB high:6700kB present:1638400kB",
        f"Node 0 DMA: {at}*4kB 2*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 20kB",
        f"Node 0 Normal: {at}*4kB 9*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 76kB",
    ]  # fmt: skip


WRITTEN: dict[str, Callable[[str, str], str]] = {
    "syslog": lambda host, line: f"Mar  4 05:06:07 {host} kernel: {line}",
    "rsyslog": lambda host, line: f"2031-03-04T05:06:07.402211+01:00 {host} kernel: {line}",
    "RFC 5424": lambda host, line: f"<4>1 2031-03-04T05:06:07Z {host} kernel - - - {line}",
    "journal": lambda host, line: json.dumps({"_HOSTNAME": host, "_TRANSPORT": "kernel", "MESSAGE": line}),
    "Elastic": lambda host, line: json.dumps(
        {"_source": {"@timestamp": "2031-03-04T05:06:07Z", "host": {"name": host}, "message": line}}
    ),
}


def mixed(lines: Sequence[Sequence[str]], seed: int) -> list[str]:
    """The lines of each in their order, those of all in any."""
    dice = random.Random(seed)
    left = [list(one) for one in lines]
    out = []
    while any(left):
        out.append(dice.choice([one for one in left if one]).pop(0))
    return out


def told(reports: Sequence[FailureReport]) -> list[tuple[object, ...]]:
    return sorted(
        (one.comm, one.order, tuple(frame.symbol for frame in one.frames), one.mem_info.zones) for one in reports
    )


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("seed", range(5))
def test_no_line_goes_to_another_hosts_report(form: str, seed: int) -> None:
    logs = [
        [WRITTEN[form](host, line) for at in (number, number + 2) for line in report(at)]
        for number, host in enumerate(HOSTS)
    ]
    expected = [one for log in logs for one in told(read_log([Window("log", 1, 0, log)]).reports)]
    facts = read_log([Window("log", 1, 0, mixed(logs, seed))])
    assert told(facts.reports) == sorted(expected)
    assert len(expected) == 4
    assert [warning.id for warning in facts.warnings] == ["log.several_hosts"]


def test_one_host_with_other_names_in_other_lines_is_one() -> None:
    log = [WRITTEN["syslog"]("localhost", "Linux version 2.6.32-358.el6.x86_64"), *(
        WRITTEN["syslog"]("web1", line) for at in (1, 2) for line in report(at)
    )]  # fmt: skip
    facts = read_log([Window("log", 1, 0, log)])
    assert len(facts.reports) == 2
    assert facts.warnings == ()
