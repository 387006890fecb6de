"""Cores that are cut, flipped or lie: a line that says so, what can be read, and never an exception or a hang."""
from __future__ import annotations

import os
import struct
import time

import pytest

from nopage.vmcore import CoreError, CoreLimits, read_core

QUICK = CoreLimits(search_bytes=64 << 20, search_seconds=5.0)
HUGE = str(1 << 63)


def outcome(read, data) -> tuple[str, ...]:
    """What is said of a damaged core: the reason it is refused for, or the warnings and what is missing."""
    try:
        facts = read(data, limits=QUICK)
    except CoreError as error:
        return (error.reason,)
    return facts.warnings or facts.missing


@pytest.mark.parametrize("layout", ["log_buf", "struct log", "printk_log", "printk_ringbuffer", "none"])
@pytest.mark.parametrize("container", ["elf_core", "kdump_core"])
def test_cut_at_every_eighth(cores, read, records, layout, container):
    data = getattr(cores, container)(cores.make_core(layout, records))
    for part in range(1, 8):
        cut = data[: len(data) * part // 8]
        said = outcome(read, cut)
        assert said or layout == "none", f"{part}/8 of the file and no word of it"
        assert not any("\n" in text for text in said)


def test_cut_core_keeps_what_is_there(cores, read, records, printed):
    core = cores.make_core("printk_ringbuffer", records)
    data = cores.elf_core(core)
    ring = data.index(b"line 599")
    facts = read(data[: ring + 3000])
    assert any("the file is cut" in text for text in facts.warnings)
    assert facts.release == core.release


@pytest.mark.parametrize(
    ("layout", "changes", "words"),
    [
        ("printk_ringbuffer", {"SIZE(prb_desc)": HUGE}, "not believable"),
        ("printk_ringbuffer", {"SIZE(prb_desc)": "2"}, "outside their structures"),
        ("printk_ringbuffer", {"OFFSET(prb_desc.text_blk_lpos)": "2000000000"}, "outside their structures"),
        ("printk_ringbuffer", {"SIZE(printk_info)": "0"}, ""),
        ("printk_ringbuffer", {"SYMBOL(prb)": "ffffffffffffffff"}, "cannot be read"),
        ("printk_ringbuffer", {"SYMBOL(prb)": "1000"}, "not mapped"),
        ("printk_ringbuffer", {"OFFSET(prb_data_ring.size_bits)": None}, "VMCOREINFO lacks"),
        ("printk_log", {"SIZE(printk_log)": HUGE}, "not believable"),
        ("printk_log", {"SIZE(printk_log)": "4"}, "fields outside of it"),
        ("printk_log", {"OFFSET(printk_log.len)": "4000"}, "fields outside of it"),
        ("printk_log", {"SYMBOL(log_buf_len)": "ffffffff80000000"}, "cannot be read"),
        ("printk_log", {"OFFSET(printk_log.text_len)": None}, "VMCOREINFO lacks"),
        ("log_buf", {"SYMBOL(log_buf_len)": None}, "VMCOREINFO lacks"),
    ],
)
def test_vmcoreinfo_that_lies(cores, read, records, layout, changes, words):
    facts = read(cores.elf_core(cores.make_core(layout, records, changes=changes)), limits=QUICK)
    assert any(words in text for text in facts.warnings)


@pytest.mark.parametrize("key", ["SIZE(zone)", "OFFSET(pglist_data.node_zones)", "OFFSET(zone.free_area)",
                                 "SIZE(free_area)", "LENGTH(zone.free_area)", "LENGTH(node_data)", "SIZE(list_head)",
                                 "OFFSET(zone.spanned_pages)", "OFFSET(zone.vm_stat)", "NUMBER(NR_FREE_PAGES)"])
@pytest.mark.parametrize("value", ["0", "1", "2147483647", HUGE, "-1", "18446744073709551615"])
def test_zones_of_a_vmcoreinfo_that_lies(cores, read, two_nodes, key, value):
    core = cores.make_core("printk_ringbuffer", [], zones=two_nodes, changes={key: value})
    facts = read(cores.elf_core(core), limits=QUICK)
    for zone in facts.mem_info.zones if facts.mem_info else ():
        assert len(zone.free_area) <= 32
        assert all(block.count >= 0 for block in zone.free_area)


def test_records_that_run_in_a_circle(cores, read):
    """A next index that no record ends at, and a zero header: the second round ends the reading."""
    record = cores.Record("x" * 40, 1_000)
    core = cores.make_core("printk_log", [record] * 20, size=4096)
    place = core.at(int(core.info["SYMBOL(log_next_idx)"], 16))
    core.memory[place : place + 4] = (4095).to_bytes(4, "little")
    start = time.monotonic()
    facts = read(cores.elf_core(core))
    assert time.monotonic() - start < 2
    assert len(facts.windows[0].lines) >= 20
    assert any("circle" in text or "damaged" in text or "outside" in text for text in facts.warnings)


def test_more_records_than_there_is_room_for(cores, read, records, printed):
    core = cores.make_core("printk_ringbuffer", records)
    descriptors = core.at(int(core.info["SYMBOL(prb)"], 16))
    prb = int.from_bytes(core.memory[descriptors : descriptors + 8], "little")
    tail = core.at(prb) + int(core.info["OFFSET(prb_desc_ring.tail_id)"])
    core.memory[tail : tail + 8] = (5).to_bytes(8, "little")
    facts = read(cores.elf_core(core))
    assert list(facts.windows[0].lines) == printed(core.kept)
    assert any("records in room for" in text for text in facts.warnings)


def test_ring_of_an_unbelievable_size(cores, read, records):
    core = cores.make_core("printk_log", records)
    place = core.at(int(core.info["SYMBOL(log_buf_len)"], 16))
    core.memory[place : place + 4] = b"\xff\xff\xff\xff"
    facts = read(cores.elf_core(core), limits=QUICK)
    assert any("log_buf_len is 4294967295: not believable" in text for text in facts.warnings)


def test_other_elf_class_and_byte_order(cores, read, records):
    """A header of the wrong class or order makes nonsense of all that follows: refused or warned, in words."""
    data = bytearray(cores.elf_core(cores.make_core("printk_log", records)))
    for at, value in ((4, 1), (5, 2), (4, 0), (5, 0), (4, 3)):
        wrong = bytearray(data)
        wrong[at] = value
        assert outcome(read, bytes(wrong))


def test_sparse_file_far_larger_than_memory(cores, read, tmp_path, records):
    """A hole of 64 GiB takes no time in the search."""

    core = cores.make_core("none", [cores.Record("swapper: page allocation failure. order:1, mode:0x20")])
    data = bytearray(cores.elf_core(core))
    entry = 64 + 56
    size = 64 << 30
    data[entry + 32 : entry + 48] = size.to_bytes(8, "little") * 2
    path = tmp_path / "vmcore"
    path.write_bytes(data)
    os.truncate(path, size + 8192)
    start = time.monotonic()
    facts = read_core(str(path))
    assert time.monotonic() - start < 5
    assert len(facts.windows) == 1


def test_numbered_runs_of_the_fuzzer(cores, root):
    """The first runs of bench/fuzz_vmcore.py: a longer run of it is `./dev fuzz`."""
    import importlib
    import signal

    fuzz = importlib.import_module("fuzz_vmcore")
    before = signal.signal(signal.SIGALRM, lambda _number, _frame: pytest.fail("a run took over 5 s"))
    try:
        pool = fuzz.seeds()
        ends = [fuzz.run(fuzz.damaged(pool, number), 5.0) for number in range(60)]
    finally:
        signal.signal(signal.SIGALRM, before)
    assert [end for end in ends if end.startswith("fault")] == []


def elf_of(headers: bytes, count: int, behind: bytes = b"") -> bytes:
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    return ident + struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 0, 0, 64, 56, count, 64, 0, 0) + headers + behind


def test_notes_that_lie_of_their_size_are_not_read_wholly(tmp_path):
    one = struct.pack("<IIQQQQQQ", 4, 7, 64, 0, 0, 3 << 20, 3 << 20, 4)
    other = struct.pack("<IIQQQQQQ", 4, 7, 0, 0, 0, 3 << 20, 3 << 20, 4)
    path = tmp_path / "vmcore"
    path.write_bytes(elf_of(one * 3000 + other, 3001, bytes(3 << 20)))
    facts = read_core(str(path))
    assert any("notes of" in text for text in facts.warnings)
    assert any("neither a log nor a release" in text for text in facts.warnings)


def test_notes_beyond_the_file_are_not_read_wholly(tmp_path):
    path = tmp_path / "vmcore"
    path.write_bytes(elf_of(struct.pack("<IIQQQQQQ", 4, 7, 1 << 20, 0, 0, 400, 400, 4), 1))
    assert "the file ends inside its notes" in read_core(str(path)).warnings


def test_unbelievable_segments_are_counted_not_listed(tmp_path):
    segment = struct.pack("<IIQQQQQQ", 1, 7, 0, 0, (1 << 64) - 1, 4096, 4096, 4096)
    path = tmp_path / "vmcore"
    path.write_bytes(elf_of(segment * 5000, 5000))
    facts = read_core(str(path))
    assert "5000 segments in all are not believable" in facts.warnings
    assert len(facts.warnings) < 10
