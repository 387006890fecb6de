"""What kdump and abrt leave, and cores that are packed or come as a stream."""
from __future__ import annotations

import bz2
import gzip
import lzma

import pytest
import zstandard

from nopage.intake.reader import FileReader
from nopage.intake.vmcore import (
    CoreError,
    CoreLimits,
    is_crash_directory,
    read_core_stream,
    read_crash_directory,
)

TEXT = "[    1.000000] swapper: page allocation failure. order:1, mode:0x20\n[    1.000001] Call Trace:\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "127.0.0.1-2014-02-14-18:30"
    place.mkdir()
    return place


@pytest.fixture
def core_bytes(cores, records):
    return cores.elf_core(cores.make_core("printk_ringbuffer", records[:50]))


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [
        ("", lambda data: data),
        (".gz", gzip.compress),
        (".xz", lzma.compress),
        (".bz2", bz2.compress),
        (".zst", zstandard.compress),
        (".gz.xz", lambda data: lzma.compress(gzip.compress(data))),
    ],
)
def test_packed_cores(folder, read, core_bytes, suffix, pack):
    (folder / f"vmcore{suffix}").write_bytes(pack(core_bytes))
    assert is_crash_directory(str(folder))
    facts = read_crash_directory(str(folder))
    assert facts.log_layout == "printk_ringbuffer"
    assert facts.windows[0].lines == read(core_bytes).windows[0].lines
    assert facts.path == str(folder)
    assert facts.warnings == ()


@pytest.mark.parametrize("kind", [gzip.compress, lzma.compress])
def test_packed_core_that_is_cut(folder, core_bytes, kind):
    packed = kind(core_bytes)
    (folder / "vmcore.packed").write_bytes(packed[: len(packed) * 3 // 4])
    facts = read_crash_directory(str(folder))
    assert any("ends early" in text for text in facts.warnings)


def test_packed_core_that_is_cut_before_its_first_block_ends(folder, core_bytes):
    (folder / "vmcore.zst").write_bytes(zstandard.compress(core_bytes)[:200])
    with pytest.raises(CoreError, match=r"vmcore\.zst: the zstd data ends early"):
        read_crash_directory(str(folder))


def test_packed_core_past_the_limit(folder, core_bytes):
    (folder / "vmcore.gz").write_bytes(gzip.compress(core_bytes))
    facts = read_crash_directory(str(folder), limits=CoreLimits(unwrapped_bytes=20_000))
    assert any("were unpacked into memory" in text for text in facts.warnings)


def test_bomb_of_zeros_takes_no_memory(folder):
    zeros = bytes(1 << 20)
    packer = zstandard.ZstdCompressor().compressobj()
    packed = b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()
    (folder / "vmcore.zst").write_bytes(packed)
    with pytest.raises(CoreError):
        read_crash_directory(str(folder), limits=CoreLimits(unwrapped_bytes=1 << 20))


def test_text_beside_a_core_that_cannot_be_read(folder):
    (folder / "vmcore").write_bytes(b"KDUMP   " + bytes(100))
    (folder / "vmcore-dmesg.txt").write_text(TEXT)
    facts = read_crash_directory(str(folder))
    assert facts.log_layout == "text"
    assert list(facts.windows[0].lines) == TEXT.splitlines()
    assert facts.windows[0].file == "vmcore-dmesg.txt"
    assert any("cut or damaged" in text for text in facts.warnings)


def test_text_beside_a_core_that_names_no_log(folder, cores):
    core = cores.make_core("none", [cores.Record("swapper: page allocation failure. order:1, mode:0x20")])
    (folder / "vmcore").write_bytes(cores.elf_core(core))
    (folder / "vmcore-dmesg.txt").write_text(TEXT)
    facts = read_crash_directory(str(folder))
    assert (facts.log_layout, facts.release) == ("text", "2.6.18-419.el5.x86_64")
    assert not any(text.startswith("the kernel log") for text in facts.missing)


def test_core_goes_before_the_text(folder, core_bytes):
    (folder / "vmcore").write_bytes(core_bytes)
    (folder / "vmcore-dmesg.txt").write_text(TEXT)
    (folder / "kexec-dmesg.log").write_text("[    0.000000] Linux version 5.14.0 (the second kernel)\n")
    assert read_crash_directory(str(folder)).log_layout == "printk_ringbuffer"


def test_abrt_directory(folder):
    for name, text in {"dmesg": TEXT, "backtrace": "BUG: x\n", "kernel": "2.6.32-358.el6.x86_64\n",
                       "architecture": "x86_64\n", "hostname": "web01.example\n"}.items():
        (folder / name).write_text(text)
    facts = read_crash_directory(str(folder))
    assert (facts.release, facts.arch, facts.hostname) == ("2.6.32-358.el6.x86_64", "x86_64", "web01.example")
    assert list(facts.windows[0].lines) == TEXT.splitlines()
    assert facts.missing == ("the core: there is none that can be read",)


@pytest.mark.parametrize("names", [[], ["notes.txt"], ["vmcore"]])
def test_nothing_to_read(folder, names):
    for name in names:
        (folder / name).write_text("hello\n")
    assert not is_crash_directory(str(folder))
    with pytest.raises(CoreError, match="holds neither a core nor a log of one"):
        read_crash_directory(str(folder))


def test_core_from_a_stream(core_bytes, read):
    """A core inside an archive comes block by block."""
    blocks = iter([core_bytes[at : at + 7001] for at in range(0, len(core_bytes), 7001)])
    facts = read_core_stream(FileReader(lambda _size: next(blocks, b"")), "var/crash/vmcore")
    assert facts.path == "var/crash/vmcore"
    assert facts.windows[0].lines == read(core_bytes).windows[0].lines
