"""The four layouts of the kernel log: every record that the ring still holds, in order, and nothing else."""
from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MACHINES = ("x86_64", "i386", "ppc64", "ppc", "aarch64", "s390x")
RECORD_LAYOUTS = ("struct log", "printk_log", "printk_ringbuffer")


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("layout", RECORD_LAYOUTS)
def test_wrapped_ring(cores, read, log_lines, records, printed, layout, machine):
    core = cores.make_core(layout, records, machine=cores.MACHINES[machine])
    assert len(core.kept) < len(records)
    facts = read(cores.elf_core(core))
    assert facts.log_layout == layout
    assert log_lines(facts) == printed(core.kept)
    assert facts.warnings == ()


@pytest.mark.parametrize("machine", MACHINES)
def test_wrapped_ring_of_characters(cores, read, log_lines, records, printed, machine):
    core = cores.make_core("log_buf", records, machine=cores.MACHINES[machine])
    facts = read(cores.elf_core(core))
    lines = log_lines(facts)
    whole = [f"<4>{line}" for line in printed(records)]
    assert facts.log_layout == "log_buf"
    assert lines[1:] == whole[-len(lines) + 1 :]
    assert whole[-len(lines)].endswith(lines[0])  # the oldest line is cut by the ring
    assert sum(len(line) + 1 for line in lines) == 1 << 14


@pytest.mark.parametrize("layout", ["log_buf", *RECORD_LAYOUTS])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_ring_that_never_wrapped(cores, read, log_lines, records, printed, layout, count):
    core = cores.make_core(layout, records[:count])
    facts = read(cores.elf_core(core))
    level = "<4>" if layout == "log_buf" else ""
    assert log_lines(facts) == [level + line for line in printed(records[:count])]


@pytest.mark.parametrize("layout", RECORD_LAYOUTS)
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\ttab and \\ a backslash", ["a\ttab and \\ a backslash"]),
        (b"bell \x07 and \xff", ["bell \\x07 and \\xff"]),
        ("é", ["\\xc3\\xa9"]),
        ("first\n second\n third", ["first", " second", " third"]),
        ("", [""]),
    ],
)
def test_text_is_printed_as_vmcore_dmesg_does(cores, read, log_lines, layout, text, lines):
    facts = read(cores.elf_core(cores.make_core(layout, [cores.Record(text, 1_500_000_999)])))
    assert log_lines(facts) == ["[    1.500000] " + lines[0], *lines[1:]]


@pytest.mark.parametrize("layout", ["struct log", "printk_log"])
def test_dictionaries_are_not_printed(cores, read, log_lines, layout):
    record = cores.Record("eth0: link up", 2_000_000, dictionary=b"SUBSYSTEM=net\0DEVICE=+net:eth0")
    assert log_lines(read(cores.elf_core(cores.make_core(layout, [record, record])))) == [
        "[    0.002000] eth0: link up"
    ] * 2


# kernel/printk.c 3.10, msg_print_text(): NEWLINE 2, PREFIX 4, CONT 8
@pytest.mark.parametrize(
    ("release", "joined"), [("3.10.0-1160.el7.x86_64", True), ("4.9.0-1", True), ("4.18.0-553.el8.x86_64", False)]
)
@pytest.mark.parametrize("order", ["x86_64", "ppc64"])
def test_continued_lines(cores, read, log_lines, release, joined, order):
    pieces = [
        cores.Record("Node 0 DMA: 1*4kB", 1_000_000, flags=4 | 8),
        cores.Record(" 2*8kB", 1_000_100, flags=8),
        cores.Record(" = 20kB", 1_000_200, flags=8 | 2),
        cores.Record("next", 2_000_000, flags=4 | 2),
    ]
    layout = "struct log" if release.startswith("3") else "printk_log"
    core = cores.make_core(layout, pieces, release=release, machine=cores.MACHINES[order])
    first = "[    0.001000] Node 0 DMA: 1*4kB"
    apart = [first, "[    0.001000]  2*8kB", "[    0.001000]  = 20kB"]
    expected = [first + " 2*8kB = 20kB"] if joined else apart
    assert log_lines(read(cores.elf_core(core))) == [*expected, "[    0.002000] next"]


def test_records_without_data_are_empty_lines(cores, read, log_lines):
    record = cores.Record
    core = cores.make_core("printk_ringbuffer", [record("a", 1_000), record(None, 2_000), record("b", 3_000)])
    assert log_lines(read(cores.elf_core(core))) == ["[    0.000001] a", "[    0.000002] ", "[    0.000003] b"]


@pytest.mark.parametrize(("state", "printed"), [(0, False), (1, True), (2, True), (3, False)])
def test_states_of_a_descriptor(cores, read, log_lines, state, printed):
    record = cores.Record
    written = [record("a", 1_000), record("b", 2_000, state=state), record("c", 3_000)]
    core = cores.make_core("printk_ringbuffer", written)
    lines = log_lines(read(cores.elf_core(core)))
    assert ("[    0.000002] b" in lines) is printed
    assert lines[0] == "[    0.000001] a"
    assert lines[-1] == "[    0.000003] c"


@pytest.mark.parametrize("machine", ["x86_64", "ppc"])
def test_blocks_that_end_with_the_ring(cores, read, log_lines, records, printed, machine):
    """The newest kernels leave a block that fits exactly where it is; next % size is 0 then."""
    even = [cores.Record("y" * 56, number) for number in range(700)]
    for batch in (records, even):
        core = cores.make_core("printk_ringbuffer", batch, machine=cores.MACHINES[machine], exact_fit=True)
        assert log_lines(read(cores.elf_core(core))) == printed(core.kept)


def test_only_the_newest_text_is_kept(cores, read, records, printed):
    from nopage.vmcore import CoreLimits

    for layout in RECORD_LAYOUTS:
        core = cores.make_core(layout, records)
        facts = read(cores.elf_core(core), limits=CoreLimits(log_bytes=2000))
        lines = list(facts.windows[0].lines)
        assert lines == printed(core.kept)[-len(lines) :]
        assert 1500 < sum(len(line) + 1 for line in lines) <= 2000
        assert any("oldest" in text for text in facts.warnings)


def test_facts_of_a_core(cores, read, records):
    facts = read(cores.elf_core(cores.make_core("printk_ringbuffer", records, release="5.14.0-427.el9.x86_64")))
    assert facts.release == "5.14.0-427.el9.x86_64"
    assert (facts.arch, facts.page_kb, facts.hostname) == ("x86_64", 4, "crashed.example")
    assert facts.crash_time == 1392402600
    window = facts.windows[0]
    assert (window.file, window.line, window.byte_offset) == ("vmcore (kernel log)", 1, 0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=120), max_size=150),
    layout=st.sampled_from(RECORD_LAYOUTS),
    machine=st.sampled_from(MACHINES),
    size=st.sampled_from([1 << 11, 1 << 12, 1 << 13]),
)
def test_any_records(cores, read, log_lines, printed, texts, layout, machine, size):
    written = [cores.Record(text, number * 1_000_003) for number, text in enumerate(texts)]
    core = cores.make_core(layout, written, machine=cores.MACHINES[machine], size=size)
    assert log_lines(read(cores.elf_core(core))) == printed(core.kept)
