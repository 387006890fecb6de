"""Cores that are packed, or that come as a stream."""
from __future__ import annotations

import bz2
import gzip
import lzma

import pytest
import zstandard

from nopage.intake.cores import core_in
from nopage.intake.model import SourceError
from nopage.intake.reader import FileReader
from nopage.intake.unwrap import Unwrapping
from nopage.vmcore import CoreError, is_crash_directory, read_core, read_crash_directory


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "127.0.0.1-2014-02-14-18:30"
    place.mkdir()
    return place


@pytest.fixture(scope="module")
def core_bytes(cores):
    records = [cores.Record(f"line {number} " + "x" * (number * 7 % 90), number * 12_345_678) for number in range(50)]
    return cores.elf_core(cores.make_core("printk_ringbuffer", records))


@pytest.fixture
def log(core_bytes, tmp_path):
    """The lines of the core as it is."""
    path = tmp_path / "plain"
    path.write_bytes(core_bytes)
    return read_core(str(path)).windows[0].lines


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
def test_packed_cores(folder, core_bytes, log, suffix, pack):
    (folder / f"vmcore{suffix}").write_bytes(pack(core_bytes))
    assert is_crash_directory(str(folder), Unwrapping())
    facts = read_crash_directory(str(folder), opener=Unwrapping())
    assert facts.log_layout == "printk_ringbuffer"
    assert facts.windows[0].lines == log
    assert facts.path == str(folder)
    assert facts.warnings == ()


@pytest.mark.parametrize("kind", [gzip.compress, lzma.compress])
def test_packed_core_that_is_cut(folder, core_bytes, kind):
    packed = kind(core_bytes)
    (folder / "vmcore.packed").write_bytes(packed[: len(packed) * 3 // 4])
    facts = read_crash_directory(str(folder), opener=Unwrapping())
    assert any("ends early" in text for text in facts.warnings)


def test_packed_core_that_is_cut_before_its_first_block_ends(folder, core_bytes):
    (folder / "vmcore.zst").write_bytes(zstandard.compress(core_bytes)[:200])
    with pytest.raises(CoreError, match=r"vmcore\.zst: the zstd data ends early"):
        read_crash_directory(str(folder), opener=Unwrapping())


def test_packed_core_past_the_limit(folder, core_bytes):
    (folder / "vmcore.gz").write_bytes(gzip.compress(core_bytes))
    facts = read_crash_directory(str(folder), opener=Unwrapping(20_000))
    assert any("were unpacked into memory" in text for text in facts.warnings)


def test_bomb_of_zeros_takes_no_memory(folder):
    zeros = bytes(1 << 20)
    packer = zstandard.ZstdCompressor().compressobj()
    packed = b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()
    (folder / "vmcore.zst").write_bytes(packed)
    with pytest.raises(CoreError):
        read_crash_directory(str(folder), opener=Unwrapping(1 << 20))


def test_no_compression_is_known_below_the_intake(folder, core_bytes):
    (folder / "vmcore.gz").write_bytes(gzip.compress(core_bytes))
    assert not is_crash_directory(str(folder))
    with pytest.raises(CoreError, match="neither an ELF core nor a kdump-compressed dump"):
        read_core(str(folder / "vmcore.gz"))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_core_from_a_stream(core_bytes, log, pack):
    """A core inside an archive comes block by block."""
    data = pack(core_bytes)
    blocks = iter([data[at : at + 7001] for at in range(0, len(data), 7001)])
    core = core_in(FileReader(lambda _size: next(blocks, b"")), "var/crash/vmcore", "vmcore", 4 << 30)
    assert core.complete
    assert next(stream for stream in core.streams if stream.spec == "kernel_log").windows[0].lines == log


def test_core_from_a_stream_past_the_limit(core_bytes):
    blocks = iter([core_bytes])
    core = core_in(FileReader(lambda _size: next(blocks, b"")), "var/crash/vmcore", "vmcore", 20_000)
    assert not core.complete
    assert any("were unpacked into memory" in text for text in core.warnings)


def test_core_from_a_stream_that_does_not_begin(core_bytes):
    blocks = iter([zstandard.compress(core_bytes)[:200]])
    with pytest.raises(SourceError, match="var/crash/vmcore: the zstd data ends early"):
        core_in(FileReader(lambda _size: next(blocks, b"")), "var/crash/vmcore", "vmcore", 4 << 30)
