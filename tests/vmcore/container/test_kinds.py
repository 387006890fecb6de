"""The files that a core comes in."""
from __future__ import annotations

import struct
import zlib

import cramjam
import lzallright
import pytest
import zstandard

from nopage.vmcore import CoreError, is_core
from nopage.vmcore.container.decompress import LZO, SNAPPY, ZLIB, ZSTD

ELF64 = b"\x7fELF\x02\x01\x01" + bytes(9)


@pytest.mark.parametrize(
    ("head", "core"),
    [
        (ELF64 + b"\x04\x00\x3e\x00", True),
        (b"\x7fELF\x01\x02\x01" + bytes(9) + b"\x00\x04\x00\x14", True),
        (ELF64 + b"\x03\x00\x3e\x00", False),  # a shared object
        (ELF64 + b"\x02\x00\x3e\x00", False),  # a program
        (b"\x7fELF\x09\x01\x01" + bytes(9) + b"\x04\x00", False),
        (b"KDUMP   \x06\x00\x00\x00", True),
        (b"DISKDUMP\x01\x00\x00\x00", True),
        (b"makedumpfile\0\0\0\0" + bytes(8), True),
        (b"makedumpfile says hello", False),
        (b"", False),
        (b"\x7fEL", False),
        (b"Feb 14 10:00:00 host kernel: ", False),
    ],
)
def test_is_core(head, core):
    assert is_core(head) is core


@pytest.mark.parametrize("machine", ["x86_64", "i386", "ppc64", "aarch64", "s390x"])
@pytest.mark.parametrize("layout", ["log_buf", "printk_log", "printk_ringbuffer"])
def test_every_container_gives_the_same(cores, read, records, layout, machine):
    core = cores.make_core(layout, records, machine=cores.MACHINES[machine])
    whole = read(cores.elf_core(core))
    for kind, data in {
        "elf": cores.elf_core(core, pieces=5),
        "kdump": cores.kdump_core(core),
        "flattened kdump": cores.flatten(cores.kdump_core(core)),
        "flattened elf": cores.flatten(cores.elf_core(core), block=777),
    }.items():
        facts = read(data)
        assert facts.kind == kind
        assert facts.windows == whole.windows
        assert (facts.release, facts.arch, facts.hostname) == (whole.release, whole.arch, whole.hostname)
        assert facts.warnings == ()


def test_addresses_without_the_containers_map(cores, read, records):
    """QEMU's dumps name no kernel addresses: phys_base and the architecture's rule do."""
    core = cores.make_core("printk_ringbuffer", records)
    assert read(cores.elf_core(core, mapped=False)).windows == read(cores.elf_core(core)).windows


@pytest.mark.parametrize("layout", ["log_buf", "printk_ringbuffer"])
@pytest.mark.parametrize("machine", ["i386", "ppc"])
def test_32_bit_kernel_in_a_64_bit_file(cores, read, records, layout, machine):
    core = cores.make_core(layout, records, machine=cores.MACHINES[machine])
    facts = read(cores.elf_core(core, wide=True))
    assert facts.windows == read(cores.elf_core(core)).windows
    assert facts.warnings == ()


@pytest.mark.parametrize("version", [3, 4, 5, 6])
def test_header_versions(cores, read, records, version):
    core = cores.make_core("printk_log", records)
    assert read(cores.kdump_core(core, version=version)).windows == read(cores.elf_core(core)).windows


@pytest.mark.parametrize(
    ("pack", "method"),
    [
        (lambda data: zlib.compress(data, 1), ZLIB),
        (lambda data: zstandard.ZstdCompressor().compress(data), ZSTD),
        (lambda data: lzallright.LZOCompressor().compress(data), LZO),
        (lambda data: bytes(cramjam.snappy.compress_raw(data)), SNAPPY),
        (lambda data: data, ZLIB),  # a page that does not shrink is stored as it is
    ],
)
def test_compressed_pages(cores, read, records, pack, method):
    core = cores.make_core("printk_ringbuffer", records)
    assert read(cores.kdump_core(core, pack=pack, method=method)).windows == read(cores.elf_core(core)).windows


def test_pages_that_were_left_out(cores, read, records):
    """makedumpfile -d leaves pages out: what is in the rest is read, what is not is said."""
    core = cores.make_core("printk_ringbuffer", records)
    text_page = core.memory.index(b"line 599") // 4096
    facts = read(cores.kdump_core(core, leave_out=[text_page]))
    assert any("not in the core" in text for text in facts.warnings)
    assert len(facts.windows[0].lines) > 0
    assert not any("line 599" in line for line in facts.windows[0].lines)


def test_split_dump(cores, tmp_path, read, records):
    from nopage.vmcore import read_crash_directory, read_split_core

    core = cores.make_core("printk_ringbuffer", records)
    whole = read(cores.elf_core(core))
    folder = tmp_path / "127.0.0.1-2024-02-14-18:30"
    folder.mkdir()
    paths = [folder / f"vmcore-{number}" for number in (1, 2, 3)]
    for path, part in zip(paths, cores.split_core(core, 3), strict=True):
        path.write_bytes(part)
    facts = read_split_core([str(path) for path in reversed(paths)])
    assert facts.windows[0].lines == whole.windows[0].lines
    assert read_crash_directory(str(folder)).windows[0].lines == whole.windows[0].lines
    alone = read(paths[1].read_bytes())
    assert any("split dump" in text for text in alone.warnings)


def test_flattened_blocks_that_are_written_again(cores, read, records):
    core = cores.make_core("printk_log", records)
    data = cores.kdump_core(core)
    assert read(cores.flatten(data, rewrite=True)).windows == read(data).windows
    cut = read(cores.flatten(data, end=False))
    assert cut.windows == read(data).windows
    assert cut.warnings == ("the flattened file ends before its end mark: it is cut",)


def test_more_segments_than_a_header_counts(cores, read, records):
    """e_phnum 0xffff: the number stands in sh_info of section 0 (elf.5)."""
    core = cores.make_core("printk_log", records)
    data = bytearray(cores.elf_core(core))
    (count,) = struct.unpack_from("<H", data, 56)
    section = bytes(44) + struct.pack("<I", count) + bytes(16)
    struct.pack_into("<Q", data, 40, len(data))
    struct.pack_into("<H", data, 56, 0xFFFF)
    assert read(bytes(data) + section).windows == read(cores.elf_core(core)).windows


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"hello", "neither an ELF core nor a kdump-compressed dump"),
        (ELF64 + b"\x02\x00\x3e\x00" + bytes(44), "an ELF file, but no core"),
        (ELF64 + b"\x04\x00\x3e\x00", "the file ends inside the ELF header"),
        (b"KDUMP   " + bytes(600), "the header of the kdump-compressed dump is cut or damaged"),
        (b"KDUMP   ", "the header of the kdump-compressed dump is cut or damaged"),
        (b"makedumpfile\0\0\0\0" + bytes(8), "the file is empty"),
    ],
)
def test_refused(read, data, reason):
    with pytest.raises(CoreError) as caught:
        read(data)
    assert caught.value.reason == reason


def test_core_of_a_process(cores, read):
    core = cores.make_core("none", [])
    data = cores.elf_core(core, notes=False)
    note = struct.pack("<III", 5, 144, 1)
    assert data.count(note) == 1
    with pytest.raises(CoreError, match="the core of a process, not of a kernel"):
        read(data.replace(note, struct.pack("<III", 5, 144, 3)))


def test_file_that_is_not_there(tmp_path):
    from nopage.vmcore import read_core

    with pytest.raises(CoreError, match="No such file or directory"):
        read_core(str(tmp_path / "vmcore"))
