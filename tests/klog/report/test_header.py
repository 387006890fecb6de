from __future__ import annotations

import pytest

from nopage.kernel.window import Window
from nopage.klog.reading.log import read_log
from nopage.klog.report.header import find_header, find_mode, may_hold_header, placement

# KERNEL.md 2.1: line, comm, order, mode, printed flags
HEADERS = [
    ("swapper: page allocation failure. order:1, mode:0x20", "swapper", 1, 0x20, None),  # RHEL 4-6
    ("ksoftirqd/0: page allocation failure: order:0, mode:0x204020", "ksoftirqd/0", 0, 0x204020, None),  # RHEL 7
    (
        "swapper/0: page allocation failure: order:0, mode:0x480020(GFP_ATOMIC), nodemask=(null),cpuset=/,"
        "mems_allowed=0-1",
        "swapper/0", 0, 0x480020, "GFP_ATOMIC",
    ),
    ("a: page allocation failure: order:0, mode:0x0(), nodemask=(null)", "a", 0, 0, ""),
    ("a: page allocation failure: order:2, mode:0x2284020(GFP_ATOMIC|__GFP_COMP|0x200000)", "a", 2, 0x2284020,
     "GFP_ATOMIC|__GFP_COMP|0x200000"),
    ("swapper/0: page allocation failure: order:0,mode:0x2080020", "swapper/0", 0, 0x2080020, None),
    ("pdflush: page allocation failure. order:3, mode:0x20.", "pdflush", 3, 0x20, None),
    ("DOM Worker: page allocation failure: order:0, mode:0x20", "DOM Worker", 0, 0x20, None),
    ("CPU 0/KVM: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO)", "CPU 0/KVM", 4,
     0x40DC0, "GFP_KERNEL|__GFP_COMP|__GFP_ZERO"),
    ("rs:main Q:Reg: page allocation failure. order:1, mode:0x20", "rs:main Q:Reg", 1, 0x20, None),
    ("qemu:vm01-virti: page allocation failure: order:9, mode:0xdc2", "qemu:vm01-virti", 9, 0xDC2, None),
    ("-bash: page allocation failure. order:4, mode:0xd0", "-bash", 4, 0xD0, None),
    ("2. swapper: page allocation failure. order:4, mode:0xd0", "swapper", 4, 0xD0, None),
    ("- swapper: page allocation failure. order:4, mode:0xd0", "swapper", 4, 0xD0, None),
    # glued to another line
    ("[ player ][00:01:02]swapper/0: page allocation failure: order:0, mode:0x20", "swapper/0", 0, 0x20, None),
    ("Syncing disk sda(8,1) ... pdflush: page allocation failure. order:3, mode:0x20", "pdflush", 3, 0x20, None),
    ("e1000: eth0: NIC Link is Up swapper: page allocation failure. order:3, mode:0x20", "swapper", 3, 0x20, None),
    # the flag names broken by blanks, the header followed by the next line
    ("a: page allocation failure: order:7, mode:0xcc4(GFP_KERNEL| GFP_DMA32)", "a", 7, 0xCC4, "GFP_KERNEL|GFP_DMA32"),
    ("a: page allocation failure. order:1, mode:0x20Pid: 4, comm: a Not tainted", "a", 1, 0x20, None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "comm", "order", "mode", "flags"), HEADERS)
def test_headers(line, comm, order, mode, flags):
    assert may_hold_header(line)
    found = find_header(line)
    assert found is not None
    _, header = found
    assert (header.comm, header.order, header.mode, header.flags) == (comm, order, mode, flags)
    assert header.damage == ()


@pytest.mark.parametrize(
    "line",
    [
        "I keep seeing page allocation failure messages on this host",
        "page allocation failure. order:1, mode:0x20 is what the log says",
        "a page allocation failure. order:1, mode:0x20 in softirq is harmless",
        "grep 'page allocation failure' /var/log/messages",
        '# grep "swapper: page allocation failure. order:1, mode:0x20" /var/log/messages',
        '$ echo "swapper: page allocation failure. order:1, mode:0x20"',
        "[root@host ~]# dmesg | grep swapper: page allocation failure. order:1, mode:0x20",
        'the message "swapper: page allocation failure. order:1, mode:0x20" is harmless',
        "the message 'swapper: page allocation failure. order:1, mode:0x20' is harmless",
        "`swapper: page allocation failure. order:1, mode:0x20` says so",
        "Subject: swapper: page allocation failure. order:1, mode:0x20",
        "Re: swapper: page allocation failure. order:1, mode:0x20",
        "[Bug 12345] swapper: page allocation failure. order:1, mode:0x20",
        "<alan> swapper: page allocation failure. order:1, mode:0x20",
        "abrt-dump-oops[4242]: swapper: page allocation failure. order:1, mode:0x20",
        "systemd[1]: x.service: swapper: page allocation failure. order:1, mode:0x20",
        "java invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0",
        "a: page allocation stalls for 10100ms, order:0, mode:0x24201ca(GFP_HIGHUSER_MOVABLE|__GFP_COLD)",
        "vmalloc: allocation failure: 1048576 bytes, mode:0x6080c0(GFP_KERNEL|__GFP_ZERO), nodemask=(null)",
        "a: vmalloc error: size 8192, vm_struct allocation failed, mode:0xdc0(GFP_KERNEL|__GFP_ZERO)",
        "swapper: page alloc",
        "the error: page allocation failure: order:1, mode:0x20",
        "<title>swapper: page allocation failure. order:1, mode:0x20 - a forum</title>",
        "I get swapper: page allocation failure. order:1, mode:0x20 all the time",
        "  * System logs messages like swapper: page allocation failure. order:1, mode:0x20",
        "    swapper: page allocation failure. order:1 ...:  3 Time(s)",
        "I was hit by swapper: page allocation failure. order:1, mode:0x20, what now?",
    ],
)
def test_not_headers(line):
    assert find_header(line) is None


def test_header_without_comm_counts_only_in_a_kernel_log():
    line = "page allocation failure: order:0, mode:0x20"
    assert find_header(line) is None
    found = find_header(line, framed=True)
    assert found is not None
    assert found[1].comm == ""
    assert tuple(map(str, found[1].damage)) == ("the comm before 'page allocation failure' is lost",)


@pytest.mark.parametrize(
    ("line", "comm", "order", "mode"),
    [
        ("swapper : page allocation failure. order : 1 , mode : 0x20", "swapper", 1, 0x20),
        ("swapper: page al1ocation fai1ure. order:O, mode:Ox2O", "swapper", 0, 0x20),
        ("swapper/27: page allocation failure: order 0, mode: 0x20", "swapper/27", 0, 0x20),
        ("demod: page allocation failure, order=3 mode=0x4020", "demod", 3, 0x4020),
        ("demod: Page allocation failure (order 3, mode 0x4020)", "demod", 3, 0x4020),
        ("swapper: page allocation failure. order:1, rnode:0x20", "swapper", 1, 0x20),
        ("swapper: page allocation failure: order:0, mode:Ox820", "swapper", 0, 0x820),
        ("swapper: page allocation failure. order;l, mode;0x4O2O", "swapper", 1, 0x4020),
    ],
)
def test_headers_read_from_a_picture(line, comm, order, mode):
    assert may_hold_header(line)
    found = find_header(line)
    assert found is not None
    header = found[1]
    assert (header.comm, header.order, header.mode) == (comm, order, mode)
    assert str(header.damage[0]).startswith("the header was read from damaged text")


@pytest.mark.parametrize("comm", ["kworker/1: 0", "Binder:9343_3", "a: b: c"])
def test_a_comm_may_hold_colons(comm):
    line = f"{comm}: page allocation failure: order:4, mode:0x40dc0"
    found = find_header(line, framed=True)
    assert found is not None
    assert (found[1].comm, found[0]) == (comm, "")


def test_flags_cut_by_the_terminal_are_not_guessed():
    found = find_header("a: page allocation failure: order:1, mode:0x40a20(GFP_ATOMIC|__GFP_C")
    assert found is not None
    assert (found[1].mode, found[1].flags) == (0x40A20, None)
    assert tuple(map(str, found[1].damage)) == ("the flag names of the header are cut",)


def test_mode_torn_from_its_header():
    found = find_header("java: page allocation failure: order:0")
    assert found is not None
    assert found[1].mode is None
    assert find_mode(", mode:0x2080020(GFP_ATOMIC), nodemask=(null)") == (0x2080020, "GFP_ATOMIC", ", nodemask=(null)")


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        (", nodemask=(null),cpuset=/,mems_allowed=0-1", ("(null)", "/", "0-1")),
        (", nodemask=0-1,cpuset=/kubepods/x,mems_allowed=0,4", ("0-1", "/kubepods/x", "0,4")),
        ("swapper/70 cpuset=/ mems_allowed=0-1", (None, "/", "0-1")),
        (", nodemask=(null)", ("(null)", None, None)),
        (", nodemask=(null),cpuset=/,mems0", ("(null)", "/", None)),
        (", nodemask=(null),cpuset=/,mem", ("(null)", "/", None)),
        (", nodemask=(null),cpuset=a,b c,mems_allowed=1", ("(null)", "a,b c", "1")),
        ("x cpuset=no mems here mems_allowed=0-1", (None, "no mems here", "0-1")),
        ("", (None, None, None)),
    ],
)
def test_placement(text, placed):
    assert placement(text) == placed


@pytest.mark.parametrize(
    ("cpuset", "mems"), [("/", "0"), ("/system.slice/My Service.slice", "1"), ("a,b", "0-1,4"), ("a, b:c (d)", "0")]
)
def test_a_cpuset_may_be_named_with_blanks_and_commas(cpuset, mems):
    placed = f"nodemask=(null),cpuset={cpuset},mems_allowed={mems}"
    line = f"x: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL), {placed}"
    found = find_header(f"{line} ")
    assert found is not None
    assert found[1].text == line
    assert placement(found[1].text) == ("(null)", cpuset, mems)


def test_a_cpuset_whose_rest_is_lost_takes_nothing_of_the_next_report():
    line = "x: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/a"
    found = find_header(f"{line} y: page allocation failure: order:1, mode:0x820, cpuset=/,mems_allowed=0")
    assert found is not None
    assert found[1].text == line


@pytest.mark.parametrize(
    "line",
    [
        "swapper: page allocation failure. order:99999999999, mode:0x20",
        "swapper: page allocation failure. order:-1, mode:0x20",
        "swapper: page allocation failure: order:63, mode:0x20",
        "swapper: page allocation failure. order:1, mode:0xffffffffffffffffffff",
    ],
)
def test_numbers_that_no_kernel_prints_are_told_not_counted(line):
    facts = read_log([Window("messages", 7, 0, (f"Feb 14 18:26:56 web kernel: {line}",))])
    assert facts.reports == ()
    assert len(facts.warnings) == 1
    assert str(facts.warnings[0]).startswith("messages:7: no kernel prints such an order or mode")


@pytest.mark.parametrize("count", [1000])
def test_a_line_of_many_headers_is_read_to_its_end(count):
    line = "ksoftirqd/0: page allocation failure. order:1, mode:0x20 " * count
    assert len(read_log([Window("messages", 1, 0, (line,))]).reports) == count
