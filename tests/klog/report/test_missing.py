from __future__ import annotations

import pytest

from nopage.klog.report.missing import CUT, no_mem_info

SUPPRESSED = "no Mem-Info: suppressed by design in interrupt context on x86_64 from RHEL 6.2 to 8.3 (NODES_SHIFT > 8)"
HEADER_AND_TRACE = "no Mem-Info: kernels before 2.6.9-11.EL print header and call trace only"
LIMITED = "no Mem-Info: show_mem is rate limited to one block a second on this kernel"
ENDED = "no Mem-Info: cut by the end of the log"


@pytest.mark.parametrize(
    ("kernel", "interrupt", "since", "why"),
    [  # KERNEL.md 2.2
        ("2.6.9-5.0.3.EL", False, None, HEADER_AND_TRACE),
        ("2.6.9-89.29.1.EL", False, None, ENDED),
        ("2.6.9", False, None, HEADER_AND_TRACE),
        ("2.6.32-131.el6.x86_64", True, None, ENDED),
        ("2.6.32-220.el6.x86_64", True, None, SUPPRESSED),
        ("2.6.32-754.el6.x86_64", True, None, SUPPRESSED),
        ("2.6.32-754.el6.x86_64", False, None, ENDED),
        ("2.6.32-754.el6.ppc64", True, None, ENDED),
        ("2.6.32-754.el6.i686", True, None, ENDED),
        ("3.10.0-1160.el7.x86_64", True, None, SUPPRESSED),
        ("4.18.0-240.el8.x86_64", True, None, SUPPRESSED),
        ("4.18.0-553.el8_10.x86_64", True, None, ENDED),
        ("4.18.0-553.el8_10.x86_64", True, 0.2, LIMITED),
        ("5.14.0-427.el9_4.x86_64", True, 30.0, ENDED),
        ("2.6.32-25-server", True, None, ENDED),
        (None, True, None, ENDED),
    ],
)
def test_why_there_is_no_mem_info(kernel, interrupt, since, why):
    told = no_mem_info(
        CUT, kernel=kernel, interrupt=interrupt, frames=9, headers_only=False, since_last_mem_info_s=since
    )
    assert str(told) == why


def test_reports_tell(read):
    facts = read(
        [
            "a: page allocation failure. order:1, mode:0x20",
            "b: page allocation failure. order:1, mode:0x20",
            "Pid: 4, comm: b Not tainted 2.6.32-358.el6.x86_64 #1",
            "Call Trace:",
            " <IRQ>  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0",
            "c: page allocation failure. order:1, mode:0x20",
            "Call Trace:",
            " [<c0148f35>] __alloc_pages+0x2d5/0x2e1",
        ]
    )
    assert [tuple(map(str, found.missing)) for found in facts.reports] == [
        (
            "no call trace: only the header line stands in the log",
            "no Mem-Info: only the header line stands in the log",
        ),
        (SUPPRESSED,),
        (ENDED, "the call trace is cut, so whether it ran in an interrupt cannot be told"),
    ]


def test_the_hosts_release_tells_where_the_report_names_none():
    from nopage.kernel.window import Window
    from nopage.klog.reading.log import read_log

    lines = (
        "swapper: page allocation failure. order:1, mode:0x20", "", "Call Trace:",
        " <IRQ>  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0",
    )  # fmt: skip
    facts = read_log([Window("log", 1, 0, lines)], release="2.6.32-358.el6.x86_64")
    assert tuple(map(str, facts.reports[0].missing)) == (SUPPRESSED,)
