from __future__ import annotations

import pytest

from nopage.klog.framing.record import Framer

# line, text, wall time, seconds since boot, who printed it
LINES = [
    ("[    1.783152] swapper/1: page", "swapper/1: page", None, "1.783152", None),
    ("<4>[    1.783152] x", "x", None, "1.783152", None),
    ("[  101.000001][ T3000]  vfs_read+0x10/0x20", "vfs_read+0x10/0x20", None, "101.000001", "[T3000]"),
    ("[  101.000001][    C2] x", "x", None, "101.000001", "[C2]"),
    ("<4>[  9.000001]  [2:   HwBinder:512_2:  877] x", "x", None, "9.000001", "[2:HwBinder:512_2:877]"),
    ("[   12.345678] kernel: x", "x", None, "12.345678", None),
    ("Nov 30 06:07:08 j kernel: [kern.warning] [26.000001] x", "x", "Nov 30 06:07:08", "26.000001", None),
    ("Nov 30 06:07:08 j kernel: [ID 702911 kern.notice] x", "x", "Nov 30 06:07:08", None, None),
    ("2021-05-06T07:08:09Z i-0ab Nov 30 06:07:08 j kernel: x", "x", "2021-05-06T07:08:09Z", None, None),
    ("<4>[ 55.000001] (3)[2000:net_thread][<c0012345>] (a", "[<c0012345>] (a", None, "55.000001", "32000"),
    ("[    1.234567@2] x", "x", None, "1.234567", None),
    ("[    1.231231s][pid:1,cpu0,swapper/0]x", "x", None, "1.231231", "[pid:1,cpu0,swapper/0]"),
    ("[   12.345678] host1 kernel: x", "x", None, "12.345678", None),
    ("[   12.345678 <    0.000010>] x", "x", None, "12.345678", None),
    ("1700000.000001] x", "x", None, "1700000.000001", None),
    ("Feb 14 18:26:56 host1 kernel: x", "x", "Feb 14 18:26:56", None, None),
    ("Feb 14 18:26:56 host1 kernel:", "", "Feb 14 18:26:56", None, None),
    ("Feb 14 2014 18:26:56 host1 kernel: x", "x", "Feb 14 2014 18:26:56", None, None),
    ("Nov 12 15:15:41 kernel: exe: page", "exe: page", "Nov 12 15:15:41", None, None),
    ("Aug  7 08:09:10 web1 kernel: : [6000001.000001] x", "x", "Aug  7 08:09:10", "6000001.000001", None),
    ("Mar 08 09:10:11 [kernel] [1600.000001] x", "x", "Mar 08 09:10:11", "1600.000001", None),
    ("Sep 19 02:03:04 [8900.000001] x", "x", "Sep 19 02:03:04", "8900.000001", None),
    ("Sep 19 02:03:04 10.0.0.7 [8900.000001] x", "x", "Sep 19 02:03:04", "8900.000001", None),
    ("Mar  3 04:05:06 node7 [<c013c854>] a+0x1/0x2", "[<c013c854>] a+0x1/0x2", "Mar  3 04:05:06", None, None),
    ("Mar  3 04:05:06 node7 swapper: page", "swapper: page", "Mar  3 04:05:06", None, None),
    ("Mar  3 04:05:06 swapper: page", "swapper: page", "Mar  3 04:05:06", None, None),
    ("Oct  6 01:02:36 db1 last message repeated", "last message repeated", "Oct  6 01:02:36", None, None),
    ("Nov 30 06:07:08 j kernel: [26000.000001] x [kern.warning]", "x", "Nov 30 06:07:08", "26000.000001", None),
    ("10:11:12 localhost kernel: x", "x", None, None, None),
    ("kernel:swapper: page", "swapper: page", None, None, None),
    ("<c>x", "x", None, None, None),
    ("Feb 14 18:26:56 fe80::1 kernel: [   T12] x", "x", "Feb 14 18:26:56", None, "[T12]"),
    ("kernel : java: page", "java: page", None, None, None),
    ("kernel: <IRQ>  [<f", "<IRQ>  [<f", None, None, None),
    ("2021-05-06T07:08:09.101112+02:00 h1 kernel:[] ? x", "[] ? x", "2021-05-06T07:08:09.101112+02:00", None, None),
    ("2026-11-22T21:58:52,000000+00:00 Linux version", "Linux version", "2026-11-22T21:58:52,000000+00:00", None, None),
    ("<4>1 2021-05-06T07:08:09.1Z h kernel - - - x", "x", "2021-05-06T07:08:09.1Z", None, None),
    ("Thu 2021-05-06 07:08:09 CST h kernel: x", "x", "2021-05-06 07:08:09", None, None),
    ("kern  :warn  : [  88.000001] x", "x", None, "88.000001", None),
    ("kern  :warn  : [Fri Aug 11 16:51:47 2017] x", "x", "Fri Aug 11 16:51:47 2017", None, None),
    ("kern  :warn  : 2017-08-11T16:51:47,000000+00:00 x", "x", "2017-08-11T16:51:47,000000+00:00", None, None),
    ("[Fri Aug 11 16:51:47 2017] x", "x", "Fri Aug 11 16:51:47 2017", None, None),
    ("[五 7月  3 00:00:50 2020] x", "x", "五 7月  3 00:00:50 2020", None, None),
    ("4,1234,55000001,-;x", "x", None, "55.000001", None),
    ("4,1234,82001,-,caller=T12;x", "x", None, "0.082001", "T12"),
    ("[Aug11 16:51] x", "x", None, None, None),
    ("[  +0.000003] x", "x", None, None, None),
    ("[18:26:56] [   12.345678] x", "x", None, "12.345678", None),
    ("[2021-05-06 07:08:09] x", "x", "2021-05-06 07:08:09", None, None),
    ("01-01 00:00:10.123     0     0 W         : x", "x", None, None, None),
    ("/var/log/messages-2014:Feb 14 18:26:56 h kernel: x", "x", "Feb 14 18:26:56", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "text", "wall", "boot", "source"), LINES)
def test_prefixes(line, text, wall, boot, source):
    record = list(Framer().records(0, line))[-1]
    assert (record.text, record.wall, record.boot, record.source) == (text, wall, boot, source)
    assert record.framed
    assert record.kernel


@pytest.mark.parametrize(
    "line",
    ["swapper: page allocation", "active_anon:1 inactive_anon:2", "Call Trace:", "dump_stack+0x19/0x1b", "é"],
)
def test_lines_without_prefix(line):
    record = Framer().record(0, line)
    assert (record.text, record.framed) == (line, False)


@pytest.mark.parametrize(
    "line",
    [
        "Jun  8 17:26:21 node4 myapp[12]: swapper: page allocation failure. order:0, mode:0x20",
        "Jun  8 17:26:21 node4 dockerd: swapper: page allocation failure. order:0, mode:0x20",
        "user  :notice: [   12.345678] systemd[1]: x",
        "<30>[   12.345678] systemd[1]: x",
        "30,1234,55000001,-;systemd[1]: x",
    ],
)
def test_lines_of_programs(line):
    assert not Framer().record(0, line).kernel


def test_a_log_is_learned():
    framer = Framer()
    texts = [
        framer.record(number, f"Feb 14 18:26:56 host1 kernel: line {number}").text for number in range(3)
    ]
    assert texts == ["line 0", "line 1", "line 2"]
    assert framer.record(3, "[   12.345678] dmesg").text == "dmesg"
    assert framer.record(4, "Feb 14 18:26:56 host1 kernel: again").text == "again"


def test_records_that_lost_their_newlines():
    line = (
        "2021-05-06T07:08:09.101113+02:00 h1 kernel: java: page allocation failure. order:0, mode:0x20"
        "2021-05-06T07:08:09.101114+02:00 h1 kernel: Call Trace:"
        "2021-05-06T07:08:09.101115+02:00 h1 kernel:[] ? a+0x1/0x2"
    )
    assert [record.text for record in Framer().records(0, line)] == [
        "java: page allocation failure. order:0, mode:0x20", "Call Trace:", "[] ? a+0x1/0x2",
    ]  # fmt: skip


def test_a_record_glued_into_another():
    records = list(Framer().records(0, "[  101.000002][ T3000]  ? page_[  102.000003][ T3001] kworker/4:0H: page"))
    assert [(record.text, record.source) for record in records] == [
        ("? page_", "[T3000]"), ("kworker/4:0H: page", "[T3001]"),
    ]  # fmt: skip
