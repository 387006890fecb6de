from __future__ import annotations

import pytest

HEADER = "swapper: page allocation failure. order:3, mode:0x20"


@pytest.mark.parametrize(
    ("line", "function", "count", "exact"),
    [  # KERNEL.md 2.2
        ("printk: 414001 messages suppressed.", "printk", 414001, False),  # RHEL 4, 5
        ("__ratelimit: 93 callbacks suppressed", "__ratelimit", 93, False),  # RHEL 6
        ("__alloc_pages_slowpath: 812 callbacks suppressed", "__alloc_pages_slowpath", 812, True),  # 2.6.33 to 2.6.39
        ("warn_alloc_failed: 23001 callbacks suppressed", "warn_alloc_failed", 23001, True),  # RHEL 7
        ("warn_alloc: 61 callbacks suppressed", "warn_alloc", 61, True),  # RHEL 8 on
    ],
)
def test_suppressed(read, line, function, count, exact):
    (found,) = read([f"Sep 19 02:03:04 host kernel: [8900.000001] {line}"]).suppressed
    assert (found.function, found.count, found.exact) == (function, count, exact)
    assert (found.time, found.monotonic_s, found.place.line) == ("09-19T02:03:04", 8900.000001, 1)


@pytest.mark.parametrize(
    "line",
    [
        "net_ratelimit: 10 callbacks suppressed", "warn_alloc_show_mem: 5 callbacks suppressed",
        "slab_out_of_memory: 7 callbacks suppressed", "nf_conntrack: table full, 3 packets suppressed",
        "nopage_printk: 5 messages suppressed.",
    ],
)  # fmt: skip
def test_other_limits_do_not_count(read, line):
    assert read([line]).suppressed == ()


def syslog(*texts):
    return [f"Oct  6 01:02:3{number} db1 {text}" for number, text in enumerate(texts)]


def test_repeated_headers(read):
    again = ("last message repeated 2 times", "last message repeated 9 times")
    facts = read(syslog(f"kernel: {HEADER}", *again, f"kernel: {HEADER}"))
    assert [report.repeated for report in facts.reports] == [11, 0]


def test_rsyslog_repeats_the_text(read):
    facts = read(syslog(f"kernel: {HEADER}", f"kernel: message repeated 4 times: [{HEADER}]"))
    assert [report.repeated for report in facts.reports] == [4]
    stamped = f"[   1.500000] {HEADER}"
    facts = read(syslog(f"kernel: {stamped}", f"kernel: message repeated 4 times: [ {stamped}]"))
    assert [report.repeated for report in facts.reports] == [4]
    facts = read(syslog("kernel: eth0: up", f"kernel: message repeated 4 times: [ {HEADER}]"))
    assert [report.repeated for report in facts.reports] == [3]


def test_other_repeated_messages(read):
    facts = read(syslog(f"kernel: {HEADER}", "kernel: Call Trace:", "last message repeated 5 times"))
    assert [report.repeated for report in facts.reports] == [0]
    assert read(syslog("kernel: eth0: up", "last message repeated 5 times")).reports == ()
