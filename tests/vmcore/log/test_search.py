"""Images that name no log: searched for reports, and marked as such."""
from __future__ import annotations

from nopage.vmcore import CoreLimits

REPORT = "swapper: page allocation failure. order:1, mode:0x20"


def test_report_and_what_stands_around_it(cores, read):
    written = [cores.Record(f"line {number}", number * 1_000_000) for number in range(90)]
    written[40] = cores.Record(REPORT, 40_000_000)
    facts = read(cores.elf_core(cores.make_core("none", written)))
    assert facts.log_layout == "search"
    (window,) = facts.windows
    assert window.file == "vmcore (found by search)"
    assert list(window.lines) == [f"<4>[    {at / 1000:.6f}] {record.text}" for at, record in enumerate(written)]
    assert facts.release == "2.6.18-419.el5.x86_64"
    assert any(text.startswith("the kernel log as a whole") for text in facts.missing)


def test_the_kernels_own_format_string_is_no_report(cores, read):
    core = cores.make_core("none", [])
    core.put(b"%s: page allocation failure. order:%d, mode:0x%x\n\0")
    facts = read(cores.elf_core(core))
    assert facts.windows == ()
    assert facts.log_layout is None
    assert any(text.endswith("it holds none") for text in facts.missing)


def test_banner_names_the_release(cores, read):
    core = cores.make_core("none", [], changes={"OSRELEASE": None})
    core.put(b"Linux version 2.6.18-419.el5 (mockbuild@host) (gcc version 4.1.2)\n\0")
    assert read(cores.elf_core(core)).release == "2.6.18-419.el5"


def test_vmcoreinfo_that_no_note_holds(cores, read, records, printed, log_lines):
    """QEMU without its vmcoreinfo device: the kernel's own copy of the note lies in memory."""
    core = cores.make_core("printk_ringbuffer", records)
    core.put(b"\x0b\0\0\0\0\x04\0\0\0\0\0\0VMCOREINFO\0\0" + core.vmcoreinfo + b"\0", 4096)
    core.memory += bytes(-len(core.memory) % 4096)
    facts = read(cores.elf_core(core, notes=False, mapped=False))
    assert facts.log_layout == "printk_ringbuffer"
    assert log_lines(facts) == printed(core.kept)
    assert any("found by searching" in text for text in facts.warnings)


def test_log_whose_symbols_lie(cores, read, records):
    """Where the named log cannot be read the image is searched too."""
    written = [*records[:100], cores.Record(REPORT, 1_500_000_000)]
    core = cores.make_core("printk_log", written, changes={"SYMBOL(log_buf)": "ffffffffc0000000"})
    facts = read(cores.elf_core(core))
    assert facts.log_layout == "search"
    assert any(REPORT in line for window in facts.windows for line in window.lines)
    assert any(text.startswith("the kernel log cannot be read") for text in facts.warnings)


def test_reports_across_blocks_and_pages(cores, read):
    """Places that are far apart are windows of their own; one that lies across two blocks is found once."""
    core = cores.make_core("none", [])
    core.memory += bytes((4 << 20) - len(core.memory) - 20)
    core.memory += b"<4>" + REPORT.encode() + b"\n"
    core.memory += bytes(300_000)
    core.memory += b"<4>kthreadd: page allocation failure: order:2, mode:0x4020\n"
    core.memory += bytes(-len(core.memory) % 4096)
    facts = read(cores.elf_core(core))
    assert [list(window.lines) for window in facts.windows] == [
        ["<4>" + REPORT], ["<4>kthreadd: page allocation failure: order:2, mode:0x4020"]
    ]


def test_bounds_and_progress(cores, read):
    core = cores.make_core("none", [])
    for number in range(40):
        core.put(f"<4>task{number}: page allocation failure. order:1, mode:0x20\n".encode().ljust(8192, b"\0"), 4096)
    seen: list[tuple[int, int]] = []
    limits = CoreLimits(search_windows=7)
    facts = read(cores.elf_core(core), limits=limits, progress=lambda done, total: seen.append((done, total)))
    assert len(facts.windows) >= 7
    assert seen
    assert all(done <= total for done, total in seen)


def test_search_of_compressed_pages(cores, read):
    written = [cores.Record(REPORT, 1_000_000)]
    core = cores.make_core("none", written)
    plain = read(cores.elf_core(core))
    assert read(cores.kdump_core(core)).windows == plain.windows
