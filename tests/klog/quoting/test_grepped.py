from __future__ import annotations

import pytest

from nopage.klog.quoting.grepped import drop_grep, is_grepped

SYSLOG = "Nov 22 23:51:16 host kernel: Mem-Info:"
ISO = "2026-11-22T23:51:16.000001+00:00 host kernel: Mem-Info:"


def texts(*lines):
    return [text for _, text in drop_grep(enumerate(lines))]


@pytest.mark.parametrize("line", [SYSLOG, f"<4>{SYSLOG}", ISO, "Sun Nov 22 23:51:16 2026 kern.warn kernel: a"])
@pytest.mark.parametrize(
    "prefix",
    ["270:", "270-", "messages:270:", "/var/log/messages-20261122:270:", "/var/log/messages-20261122-270-",
     "var/log/messages:", "messages-", "2:"],
)  # fmt: skip
def test_a_prefix_before_a_time_stamp(prefix, line):
    assert is_grepped(f"\n{prefix}{line}")
    assert texts(prefix + line) == [line]


@pytest.mark.parametrize(
    "line",
    ["lowmem_reserve[]: 0 0 0", "[    1.234567] Mem-Info:", "18:26:56 h kernel: a", "56 pages reserved", " a:1", ""],
)
@pytest.mark.parametrize("prefixes", [("9:", "10:"), ("9-", "10:"), ("dmesg:9:", "dmesg:10:"), ("a/b-9-", "a/b-10-")])
def test_a_prefix_before_other_lines_counts_up(prefixes, line):
    lines = [prefix + line for prefix in prefixes]
    assert is_grepped("\n" + "\n".join(lines))
    assert is_grepped("\n> " + "\n> ".join(lines))
    assert texts(*lines) == [line, line]


@pytest.mark.parametrize(
    "lines",
    [
        ("18:26:56 localhost kernel: a", "19:26:57 localhost kernel: b"),
        ("2014-02-14 18:26:56 h kernel: a", "2015-02-14 18:26:56 h kernel: a"),
        ("2014-02-14T18:26:56+00:00 h kernel: a", "2014-02-14T19:27:56+00:00 h kernel: a"),
        ("02-14 18:26:56.000  1  1 W a: b", "03-14 18:26:56.000  1  1 W a: b"),
        ("06-May-2021 10:00:00 a", "07-May-2021 10:00:00 a"),
        (SYSLOG, SYSLOG),
        ("active_anon:1 inactive_anon:2", " active_file:4"),
        ("CPU    0: hi:    0", "CPU    1: hi:    0"),
        ("[    1.2] a", "kernel: Mem-Info:", "4,12,123,-;a", "RIP: 0010:a+0x1/0x2", "64-bit"),
    ],
)
def test_what_is_not_greps(lines):
    assert not is_grepped("\n" + "\n".join(lines))


def test_the_mark_between_groups_is_no_line():
    assert texts("9:a", "--", "12:b", "wrapped --") == ["a", "", "b", "wrapped --"]


@pytest.mark.parametrize("write", ["{n}:{s}", "{n}-{s}", "messages:{n}:{s}", "> {n}:{s}"])
@pytest.mark.parametrize("stamp", ["Nov 22 23:51:16 host kernel: ", "[    1.234567] ", "23:51:16 host kernel: ", ""])
def test_a_report_that_grep_numbered(read, write, stamp):
    lines = [
        "java: page allocation failure. order:4, mode:0x40d0",
        "Pid: 7, comm: java Not tainted 2.6.32-358.el6.x86_64 #1",
        "Call Trace:",
        " [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0",
        "Mem-Info:",
        "Node 0 DMA per-cpu:",
        "CPU    0: hi:    0, btch:   1 usd:   0",
        "Node 0 DMA free:40kB min:4kB low:8kB high:12kB present:400kB all_unreclaimable? no",
        "lowmem_reserve[]: 0 0 0 0",
        "Node 0 Normal free:80kB min:4kB low:8kB high:12kB present:800kB all_unreclaimable? no",
        "lowmem_reserve[]: 0 0 0",
        "Node 0 DMA: 10*4kB 0*8kB = 40kB",
        "Node 0 Normal: 20*4kB 0*8kB = 80kB",
    ]
    (plain,) = read([stamp + line for line in lines]).reports
    (found,) = read([write.format(n=n, s=stamp + line) for n, line in enumerate(lines, 97)]).reports
    assert (found.comm, found.pid, found.frames, found.mem_info) == (plain.comm, 7, plain.frames, plain.mem_info)
    assert [zone.lowmem_reserve_pages for zone in found.mem_info.zones] == [(0, 0, 0, 0), (0, 0, 0)]
    assert found.missing == plain.missing
    if stamp.startswith("Nov"):
        assert read([f"messages:{stamp}{line}" for line in lines]).reports[0].mem_info == plain.mem_info
