from __future__ import annotations

import pytest

from nopage.klog.report.prelude import Prelude, banner_release, is_prelude, read_prelude

# KERNEL.md 2.3
LINES = [
    (
        "Pid: 4, comm: ksoftirqd/0 Tainted: P           ---------------    2.6.32-358.el6.x86_64 #1",
        Prelude("ksoftirqd/0", 4, None, "P", "2.6.32-358.el6.x86_64"),
    ),
    (
        "Pid: 660, comm: perl Tainted: G           --------------- H  2.6.32-573.el6.x86_64 #1",
        Prelude("perl", 660, None, "GH", "2.6.32-573.el6.x86_64"),
    ),
    ("Pid: 0, comm: swapper Not tainted 2.6.24-1-server #1", Prelude("swapper", 0, None, "", "2.6.24-1-server")),
    ("Pid: 0, comm: swapper Not tainted (2.6.27 #1)", Prelude("swapper", 0, None, "", "2.6.27")),
    (
        "CPU: 1 PID: 937 Comm: DOM Worker Kdump: loaded Tainted: P           OE  ------------   "
        "3.10.0-1062.el7.x86_64 #1",
        Prelude("DOM Worker", 937, 1, "POE", "3.10.0-1062.el7.x86_64"),
    ),
    (
        "CPU: 0 PID: 19 Comm: kswapd0 Tainted: G        W        ---------r-  - 4.18.0-240.el8.x86_64 #1",
        Prelude("kswapd0", 19, 0, "GWr", "4.18.0-240.el8.x86_64"),
    ),
    (
        "CPU: 0 PID: 19 Comm: kswapd0 Tainted: G           OE  -------- t - -  4.18.0-240.el8.x86_64 #1",
        Prelude("kswapd0", 19, 0, "GOEt", "4.18.0-240.el8.x86_64"),
    ),
    (
        "CPU: 3 PID: 8 Comm: a Tainted: G        W        -------  --- u 5.14.0-427.42.1.el9_4.x86_64 #1",
        Prelude("a", 8, 3, "GWu", "5.14.0-427.42.1.el9_4.x86_64"),
    ),
    (
        "CPU: 3 PID: 8 Comm: a Tainted: G  ? rt ph   4.18.0-240.el8.x86_64 #1",
        Prelude("a", 8, 3, "Grtph", "4.18.0-240.el8.x86_64"),
    ),
    ("Pid: 0, comm: a Not tainted 2.6.xx-xx-virtual #xx", Prelude("a", 0, None, "", "2.6.xx-xx-virtual")),
    ("CPU: 0 UID: 0 PID: 1 Comm: swapper/0 Not tainted 6.11.0-rc3 #3", Prelude("swapper/0", 1, 0, "", "6.11.0-rc3")),
    ("CPU: 0 PID: 0 Comm: swapper/0 Not tainted 4.6-rc7+ #3", Prelude("swapper/0", 0, 0, "", "4.6-rc7+")),
    ("CPU: 1 PID: 63000 Comm: kworker/9:0 Tainted: G", Prelude("kworker/9:0", 63000, 1, "G", None)),
    ("CPU: 0 PID: 1 Comm: chrome Not", Prelude("chrome", 1, 0, None, None)),
    ("CPU: 0 Not tainted 2.6.32-358.el6.s390x #1", Prelude(None, None, 0, "", "2.6.32-358.el6.s390x")),
    ("Process swapper (pid: 0, task: 0000000000800f10, ksp: 0)", Prelude("swapper", 0, None, None, None)),
]


@pytest.mark.parametrize(("line", "told"), LINES)
def test_prelude(line, told):
    assert is_prelude(line)
    assert read_prelude(line) == told


BARE = Prelude(cpu=3, taint="", release="2.6.32-358.el6.s390x")
PROCESS = Prelude(comm="swapper", pid=0)
BOTH = Prelude("swapper", 0, 3, "", "2.6.32-358.el6.s390x")


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        (BARE, PROCESS, BOTH),
        (PROCESS, BARE, BOTH),
        (BOTH, PROCESS, None),  # says nothing new
        (BOTH, BOTH, None),
        (PROCESS, Prelude(comm="swapper", pid=7), None),
        (BARE, Prelude(comm="swapper", pid=0, cpu=2), None),
        (BARE, Prelude(comm="swapper", pid=0, cpu=3, taint="", release="2.6.32-358.el6.s390x"), None),
    ],
)
def test_two_lines_of_one_dump(first, second, both):
    assert first.joined(second) == both


def test_no_prelude():
    assert read_prelude("CPU    0: hi:  186, btch:  31 usd: 117") is None
    assert read_prelude("Hardware name: Dell Inc.") is None


def test_banner():
    line = "Linux version 2.6.32-358.el6.x86_64 (mockbuild@x) (gcc version 4.4.7 20120313) #1 SMP"
    assert banner_release(line) == "2.6.32-358.el6.x86_64"
    assert banner_release("Linux version") is None
