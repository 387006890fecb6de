from __future__ import annotations

import itertools
from random import Random

import pytest

EL7 = "3.10.0-1160.el7.ppc64"  # prints Mem-Info in interrupts too


def report(comm, order, symbol, *, pid=1, node=0, titled=True):
    """A short report whose call trace names `symbol`, with a Mem-Info of node `node`."""
    lines = [f"{comm}: page allocation failure: order:{order}, mode:0x20"]
    if titled:
        lines += [
            f"CPU: {pid} PID: {pid} Comm: {comm} Not tainted {EL7} #1",
            "Hardware name: Box",
            "Call Trace:",
        ]
    lines += [f"[c000000000001000] [c000000000002000] .{name}+0x10/0x20" for name in ("alloc", symbol, "kthread")]
    lines += [
        "Mem-Info:",
        f"active_anon:{pid} inactive_anon:0 isolated_anon:0",
        f"Node {node} DMA free:640kB min:64kB low:128kB high:192kB present:6400kB managed:6400kB",
        "lowmem_reserve[]: 0 0 0",
        f"Node {node} DMA: 10*64kB 0*128kB = 640kB",
        f"{pid} total pagecache pages",
    ]
    return lines


def told(found):
    return (
        found.comm, found.order, found.pid, tuple(frame.symbol for frame in found.frames),
        found.mem_info and tuple((zone.node, zone.free_pages) for zone in found.mem_info.zones),
        found.mem_info and dict(found.mem_info.counters_pages),
    )  # fmt: skip


def expected(comm, order, symbol, pid, node):
    counters = {"active_anon": pid, "inactive_anon": 0, "isolated_anon": 0, "pagecache": pid}
    return (comm, order, pid, ("alloc", symbol, "kthread"), ((node, 10),), counters)


ONE = ("swapper/1", 2, "tg3_poll", 7, 0)
TWO = ("kworker/u16:3", 0, "ixgbe_poll", 8, 1)


def two():
    first = report(ONE[0], ONE[1], ONE[2], pid=ONE[3], node=ONE[4])
    return first, report(TWO[0], TWO[1], TWO[2], pid=TWO[3], node=TWO[4])


@pytest.mark.parametrize(
    "write",
    [
        lambda cpu, text: f"[   12.345678][{'T7' if cpu else 'C8':>6}] {text}",
        lambda cpu, text: f"<4>[   12.345678] ({cpu})[{cpu + 7}:x]{text}",
        lambda cpu, text: f"[   12.345678s][pid:{cpu + 7},cpu{cpu},x]{text}",
        lambda cpu, text: f"4,{cpu},12345678,-,caller=T{cpu + 7};{text}",
    ],
    ids=["caller id", "vendor", "vendor 2", "kmsg"],
)
def test_ids_tell_two_cpus_apart(read, write):
    first, second = two()
    for seed in range(20):
        random = Random(seed)
        queues = [list(first), list(second)]
        lines = []
        while any(queues):
            cpu = random.randrange(2)
            if queues[cpu]:
                lines.append(write(cpu, queues[cpu].pop(0)))
        found = sorted(map(told, read(lines).reports), key=str)
        assert found == sorted([expected(*ONE), expected(*TWO)], key=str)


def test_header_of_another_cpu_inside_a_report(read):
    """Without ids the new report's lines begin with its own prelude; until then the old one goes on."""
    first, second = two()
    for at in range(2, len(first)):
        lines = [f"[   12.345678] {line}" for line in (*first[:at], second[0], *first[at:], *second[1:])]
        assert [told(found) for found in read(lines).reports] == [expected(*ONE), expected(*TWO)], at


def test_two_headers_then_one_trace(read):
    lines = report("sshd", 0, "do_fault", pid=3)
    facts = read(["cron: page allocation failure: order:0, mode:0x201da", *lines])
    assert [(found.comm, len(found.frames)) for found in facts.reports] == [("cron", 0), ("sshd", 3)]
    assert str(facts.reports[0].missing[0]) == "no call trace: only the header line stands in the log"


def test_the_comm_line_tells_whose_trace_it_is(read):
    first = report("cron", 0, "do_fault", pid=3)
    facts = read([first[0], "sshd: page allocation failure: order:1, mode:0x20", *first[1:]])
    assert [(found.comm, found.pid, len(found.frames)) for found in facts.reports] == [
        ("cron", 3, 3), ("sshd", None, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("comm", ["php-fpm: pool w", "Web Content", "rs:main Q:Reg"])
def test_the_comm_line_tells_how_long_the_comm_is(read, comm):
    header, *rest = report(comm, 0, "b")
    (found,) = read([f"[  1.000001] glued {header}", *rest]).reports
    assert (found.comm, found.pid) == (comm, 1)


def test_lines_mixed_beyond_telling_are_said_so(read):
    first, second = two()
    lines = [line for pair in zip(first, second, strict=True) for line in pair]
    facts = read([f"[   12.345678] {line}" for line in lines])
    assert [(found.comm, found.order) for found in facts.reports] == [("swapper/1", 2), ("kworker/u16:3", 0)]
    assert any("mixed in" in str(text) for found in facts.reports for text in found.missing)


def test_header_torn_into_pieces_by_another_cpu(read):
    """4.9 on prints the header with pr_cont: two CPUs may change places after the order."""
    facts = read(
        [
            "java: page allocation failure: order:0java: page allocation failure: order:3, "
            "mode:0x2080020(GFP_ATOMIC), nodemask=(null)",
            ", mode:0x2200020, nodemask=(null)",
        ]
    )
    assert [(found.comm, found.order, found.gfp_mask, found.gfp_text) for found in facts.reports] == [
        ("java", 0, 0x2200020, None), ("java", 3, 0x2080020, "GFP_ATOMIC"),
    ]  # fmt: skip


def test_header_whose_mode_never_comes(read):
    facts = read(["java: page allocation failure: order:0", "eth0: link up"])
    assert facts.reports == ()
    assert tuple(map(str, facts.warnings)) == (
        "log:1: a header without mode, not counted: java: page allocation failure: order:0",
    )  # fmt: skip


OTHER_EVENTS = [
    "java invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0, oom_score_adj=0",
    "kworker/3:0: page allocation stalls for 10100ms, order:0, mode:0x14000c0(GFP_KERNEL), nodemask=(null)",
    "swapon: vmalloc error: size 8192, vm_struct allocation failed, mode:0xdc0(GFP_KERNEL|__GFP_ZERO), nodemask=(null)",
    "insmod: vmalloc: allocation failure: 0 bytes, mode:0xdc0(GFP_KERNEL|__GFP_ZERO), nodemask=(null)",
    "SysRq : Show Memory",
]


@pytest.mark.parametrize("event", OTHER_EVENTS)
def test_other_events_are_no_reports(read, event):
    assert read([event, *report("a", 0, "b")[1:]]).reports == ()


@pytest.mark.parametrize("event", OTHER_EVENTS)
def test_what_another_event_prints_is_not_the_reports(read, event):
    header_only = "a: page allocation failure: order:1, mode:0x20"
    facts = read([header_only, event, *report("a", 0, "b", pid=9)[1:]])
    (found,) = facts.reports
    assert (found.frames, found.mem_info, found.pid) == ((), None, None)
    whole = report("a", 1, "b", pid=9)
    facts = read([*whole, event, *report("x", 0, "y", pid=10, node=3)[1:]])
    assert [told(found) for found in facts.reports] == [expected("a", 1, "b", 9, 0)]


def test_a_warning_of_another_task(read):
    lines = report("a", 1, "b", pid=9)
    warning = ["WARNING: CPU: 3 PID: 10 at kernel/x.c:1 foo+0x1/0x2", "CPU: 3 PID: 10 Comm: x Not tainted 5.14.0 #1",
               "Call Trace:", " foo+0x1/0x2"]  # fmt: skip
    facts = read([*lines[:4], *lines[4:7], *warning])
    assert [frame.symbol for frame in facts.reports[0].frames] == ["alloc", "b", "kthread"]
    assert facts.releases == (EL7, "5.14.0")


def test_vmalloc_note(read):
    """RHEL 7: the caller's own line comes before the header (KERNEL.md 2.1), and counts as no report."""
    facts = read(
        ["vmalloc: allocation failure: 1048576 bytes", "insmod: page allocation failure: order:0, mode:0xd2", "x"]
    )
    assert [(found.comm, found.note) for found in facts.reports] == [
        ("insmod", "vmalloc: allocation failure: 1048576 bytes")
    ]


def test_the_header_closes_the_report_before(read):
    """RHEL 4 and 5 i386 print neither title nor Comm line."""
    lines = list(
        itertools.chain.from_iterable(report(name, 0, name, titled=False) for name in ("a", "b", "c"))
    )
    facts = read(lines)
    assert [[frame.symbol for frame in found.frames] for found in facts.reports] == [
        ["alloc", name, "kthread"] for name in ("a", "b", "c")
    ]


def test_cpuset_on_a_line_of_its_own(read):
    facts = read(
        [
            "[  1.000001] swapper/70: page allocation failure: order:0, mode:0x480020(GFP_ATOMIC), nodemask=(null)",
            "[  1.000002] swapper/70 cpuset=/ mems_allowed=0-1",
        ]
    )
    (found,) = facts.reports
    assert (found.nodemask, found.cpuset, found.mems_allowed) == ("(null)", "/", "0-1")


def test_prelude_long_after_the_header_is_another_events(read):
    lines = report("swapper/1", 1, "b", pid=9)
    facts = read([f"[    7.000000] {lines[0]}", *(f"[  900.000000] {line}" for line in lines[1:])])
    (found,) = facts.reports
    assert (found.pid, found.frames, found.mem_info) == (None, (), None)


def test_releases_in_order_without_repeats(read):
    facts = read(
        [
            "Linux version 2.6.32-358.el6.x86_64 (mockbuild@x) (gcc version 4.4.7) #1 SMP",
            "Pid: 1, comm: a Not tainted 2.6.32-358.el6.x86_64 #1",
            "Linux version 2.6.32-504.el6.x86_64 (mockbuild@x) (gcc version 4.4.7) #1 SMP",
        ]
    )
    assert facts.releases == ("2.6.32-358.el6.x86_64", "2.6.32-504.el6.x86_64")


def test_lines_that_mail_wrapped(read):
    facts = read(
        [
            "May 21 10:11:12 node3 kernel: [ 4100.100219] smbd: page allocation",
            "failure. order:2, mode:0x4020",
            "May 21 10:11:12 node3 kernel: [ 4100.100223] Pid: 61, comm: smbd Not",
            "tainted 2.6.38.2 #1",
            "May 21 10:11:12 node3 kernel: [ 4100.100224] Call Trace:",
            "May 21 10:11:12 node3 kernel: [ 4100.100225]  [<ffffffffa0111111>]",
            "rx_fill+0x40/0x90",
            "[b44]",
            "May 21 10:11:12 node3 kernel: [ 4100.100226]  [<ffffffff81222222>] ?",
            "b+0x50/0x70",
        ]
    )
    (found,) = facts.reports
    assert (found.comm, found.pid, found.taint, found.kernel) == ("smbd", 61, "", "2.6.38.2")
    assert [(frame.symbol, frame.module, frame.address, frame.reliable) for frame in found.frames] == [
        ("rx_fill", "b44", 0xFFFFFFFFA0111111, True), ("b", None, 0xFFFFFFFF81222222, False),
    ]  # fmt: skip


def test_a_log_that_begins_and_ends_inside_reports(read):
    facts = read(
        [
            "  [<c0142000>] cache_alloc_refill+0x300/0x620",
            "swapper: page allocation failure. order:3, mode:0x20",
            "  [<c0140000>] __alloc_pages+0x30c/0x310",
            "swapper: page alloc",
        ]
    )
    assert [len(found.frames) for found in facts.reports] == [1]
    assert tuple(map(str, facts.warnings)) == (
        "log: the log begins inside a dump whose header is lost", "log: the log ends inside the header of a report",
    )  # fmt: skip


def s390_report(cpu, pid, comm="swapper", *, order=0, lines=("cpu", "process")):
    """dump_stack() of s390 until 3.9 prints two lines before the trace (arch/s390/kernel/traps.c)."""
    prelude = {
        "cpu": f"CPU: {cpu} Not tainted 2.6.32-358.el6.s390x #1",
        "process": f"Process {comm} (pid: {pid}, task: 000000003fa10040, ksp: 000000003fa17e20)",
    }
    return [
        f"{comm}: page allocation failure. order:{order}, mode:0x20",
        *(prelude[line] for line in lines),
        "000000003fa17aa0 000000003fa17a20 0000000000000002 0000000000000000 ",
        "       000000003fa17ac0 000000003fa17a38 000000003fa17a38 00000000004b2c76 ",
        "Call Trace:",
        "([<0000000000105a0e>] show_trace+0xee/0x144)",
        " [<00000000002145e2>] __alloc_pages_nodemask+0x7a2/0x8c0",
        f" [<000003e001a2c6b0>] qeth_alloc_{cpu}+0x64/0x12c [qeth]",
        "Mem-Info:",
        "DMA free:128000kB min:64000kB low:80000kB high:96000kB present:2097152kB all_unreclaimable? no",
        "lowmem_reserve[]: 0 100 100",
    ]


@pytest.mark.parametrize("lines", [("cpu", "process"), ("process", "cpu"), ("cpu",), ("process",)])
def test_both_lines_before_an_s390_trace_are_of_one_report(read, lines):
    found = read(s390_report(3, 17, "my task", lines=lines)).reports
    assert [frame.symbol for frame in found[0].frames] == ["show_trace", "__alloc_pages_nodemask", "qeth_alloc_3"]
    assert found[0].mem_info.zones[0].free_pages == 32000
    assert (found[0].cpu, found[0].kernel) == ((3, "2.6.32-358.el6.s390x") if "cpu" in lines else (None, None))
    assert found[0].pid == (17 if "process" in lines else None)
    assert found[0].missing == ()


def test_s390_reports_in_a_row(read):
    found = read([*s390_report(3, 0), *s390_report(1, 0, order=2), *s390_report(2, 9, "kswapd0")]).reports
    assert [(r.comm, r.order, r.cpu, r.pid, r.frames[-1].symbol, tuple(map(str, r.missing))) for r in found] == [
        ("swapper", 0, 3, 0, "qeth_alloc_3", ()),
        ("swapper", 2, 1, 0, "qeth_alloc_1", ()),
        ("kswapd0", 0, 2, 9, "qeth_alloc_2", ()),
    ]


def test_a_second_dump_of_the_same_task_is_not_the_reports(read):
    lines = s390_report(3, 0)
    found = read([*lines[:7], *lines[1:3], "Call Trace:", " [<0000000000105a0e>] other_event+0x1/0x144"]).reports
    assert [frame.symbol for frame in found[0].frames] == ["show_trace"]
