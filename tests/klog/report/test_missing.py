from __future__ import annotations

import pytest

from nopage.klog.report.missing import CUT, no_mem_info

SUPPRESSED = "no Mem-Info: suppressed by design in interrupt context on x86_64 from RHEL 6.2 to 8.7 (NODES_SHIFT > 8)"
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
        ("4.18.0-425.19.2.el8_7.x86_64", True, None, SUPPRESSED),
        ("4.18.0-477.10.1.el8_8.x86_64", True, None, ENDED),
        ("4.18.0-553.el8_10.x86_64", True, None, ENDED),
        ("4.18.0-553.el8_10.x86_64", True, 0.2, LIMITED),
        ("4.18.0-553.el8_10.x86_64", True, 1.0, ENDED),
        ("4.9.141-tegra", True, 0.2, ENDED),
        ("4.14.213", True, 0.2, LIMITED),
        ("5.14.0-427.el9_4.x86_64", True, 0.2, ENDED),
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


def limited_log(header, mem_info, next_header, kernel="4.18.0-240.el8.x86_64"):
    """A report with its block, from an interrupt, and the next one without; each line stamped as given."""
    return [
        f"{header}swapper/0: page allocation failure: order:0, mode:0x480020(GFP_ATOMIC)",
        f"{header}CPU: 0 PID: 0 Comm: swapper/0 Tainted: G                 ---------r-  - {kernel} #1",
        f"{header}Call Trace:",
        f"{header} <IRQ>",
        f"{header} dump_stack+0x66/0x90",
        f"{header} __alloc_pages_nodemask+0xeb2/0xf10",
        f"{header} </IRQ>",
        f"{mem_info}Mem-Info:",
        f"{mem_info}Node 0 DMA free:100kB min:120kB low:148kB high:180kB",
        f"{next_header}kswapd0: page allocation failure: order:0, mode:0x480020(GFP_ATOMIC)",
        f"{next_header}CPU: 0 PID: 19 Comm: kswapd0 Tainted: G                 ---------r-  - {kernel} #1",
        f"{next_header}Call Trace:",
        f"{next_header} <IRQ>",
        f"{next_header} dump_stack+0x66/0x90",
        f"{next_header} __alloc_pages_nodemask+0xeb2/0xf10",
        f"{next_header} </IRQ>",
        f"{next_header} kthread+0xf7/0x130",
    ]


@pytest.mark.parametrize(
    ("stamps", "why"),
    [
        (("[   10.000000] ", "[   10.600000] ", "[   11.500000] "), LIMITED),  # counted from the block, not the header
        (("[   10.000000] ", "[   10.600000] ", "[   11.700000] "), ENDED),
        (("[   10.000000] ", "[   10.600000] ", "[    3.000000] "), ENDED),  # after a boot
        (("[Wed Nov 25 18:34:44 2026] ", "[Wed Nov 25 18:34:44 2026] ", "[Wed Nov 25 18:34:45 2026] "), LIMITED),
        (("[Wed Nov 25 18:34:44 2026] ", "[Wed Nov 25 18:34:44 2026] ", "[Wed Nov 25 18:34:46 2026] "), ENDED),
        (("Feb 29 18:34:44 h kernel: ", "Feb 29 18:34:44 h kernel: ", "Feb 29 18:34:44 h kernel: "), LIMITED),
        (("Dec 31 23:59:59 h kernel: ", "Dec 31 23:59:59 h kernel: ", "Jan  1 00:00:00 h kernel: "), ENDED),
        (("", "", ""), ENDED),
    ],
)
def test_a_block_a_second_is_counted_by_any_clock(read, stamps, why):
    facts = read(limited_log(*stamps))
    assert [one.mem_info is None for one in facts.reports] == [False, True]
    assert tuple(map(str, facts.reports[1].missing)) == (why,)


def test_a_kernel_that_shows_its_state_in_interrupts_is_not_taken_to_hold_it_back(read):
    """Red Hat builds one name for many configurations: what the log shows counts for more than the release."""
    lines = limited_log("[   10.000000] ", "[   10.600000] ", "[   15.000000] ")
    second = [*lines[9:], "[   15.100000] Mem-Info:", "[   15.100000] Node 0 DMA free:8kB min:120kB low:1kB high:1kB"]
    assert list(map(str, read(lines[9:]).reports[0].missing)) == [SUPPRESSED]
    told = read([*lines[9:], *lines[:9]]).reports[0].missing
    assert list(map(str, told)) == ["no Mem-Info: none stands between the call trace and the next report"]
    assert read(second).reports[0].missing == ()


@pytest.mark.parametrize(
    ("banner", "why"),
    [
        ("Linux version 4.18.0-425.19.2.el8_7.x86_64 (b@h) #1", SUPPRESSED),
        ("Linux version 4.18.0-477.10.1.el8_8.x86_64 (b@h) #1", "no Mem-Info: cut by the end of the log"),
        ("", "no Mem-Info: cut by the end of the log"),
    ],
)
def test_the_boot_banner_names_the_kernel_of_a_report_that_does_not(read, banner, why):
    facts = read(
        [
            f"[    0.000000] {banner}",
            "[   10.000000] demod: page allocation failure: order:0, mode:0x480020(GFP_ATOMIC), nodemask=(null)",
            "[   10.000001] Call Trace:",
            "[   10.000002]  <IRQ>",
            "[   10.000003]  __alloc_pages_nodemask+0xeb2/0xf10",
            "[   10.000004]  </IRQ>",
            "[   10.000005]  kthread+0xf7/0x130",
        ]
    )
    assert list(map(str, facts.reports[0].missing)) == [why]


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
