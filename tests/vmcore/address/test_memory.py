"""Kernel addresses: the container's map, the architecture's rule, the page tables."""
from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest

from nopage.vmcore.address import KernelMemory, VmcoreInfo
from nopage.vmcore.container import Image, Segment
from nopage.vmcore.facts import ReadFault

TOP = (1 << 64) - 1


class Pages(Image):
    """Physical memory as a dictionary of words."""

    def __init__(self, arch: str, words: dict[int, int], word_bytes: int = 8) -> None:
        super().__init__()
        self.kind = "test"
        self.arch = arch
        self.word_bytes = word_bytes
        self.memory = bytearray(1 << 20)
        self.absent: set[int] = set()
        for address, value in words.items():
            self.memory[address : address + word_bytes] = value.to_bytes(word_bytes, "little")

    def read_physical(self, address: int, length: int) -> bytes:
        pages = range(address & ~0xFFF, address + length, 4096)
        if address + length > len(self.memory) or self.absent.intersection(pages):
            raise ReadFault(f"{address:#x} is not there")
        return bytes(self.memory[address : address + length])

    def ranges(self) -> Iterator[tuple[int, int]]:
        yield 0, len(self.memory)


def x86_64(levels: int, leaf: int, address: int, physical: int) -> KernelMemory:
    """Tables at 0x10000, 0x11000... of which the one `leaf` levels from the last maps a large page."""
    words = {}
    shifts = [12 + 9 * level for level in range(levels)][::-1]
    for number, shift in enumerate(shifts[: levels - leaf]):
        table = 0x10000 + 0x1000 * number
        last = number == levels - leaf - 1
        value = (physical & ~((1 << shift) - 1)) | 0x1 | (0x80 if leaf else 0) if last else table + 0x1000 | 0x63
        words[table + (address >> shift & 511) * 8] = value
    info = f"SYMBOL(init_top_pgt)=ffffffff80010000\nNUMBER(phys_base)=0\nNUMBER(pgtable_l5_enabled)={levels - 4}\n"
    return KernelMemory(Pages("x86_64", words), VmcoreInfo(info.encode()))


@pytest.mark.parametrize("levels", [4, 5])
@pytest.mark.parametrize("leaf", [0, 1, 2])
def test_x86_64_page_tables(levels, leaf):
    address = 0xFF95_B2C7_C003_0123 if levels == 5 else 0xFFFF_95B2_C003_0123
    physical = 0x8000_0000 + (address & (1 << 12 + 9 * leaf) - 1) if leaf else 0x7000 + (address & 0xFFF)
    found, run = x86_64(levels, leaf, address, physical).translate(address)
    assert found == physical
    assert 0 < run <= (1 << 12 + 9 * leaf) - (address & 0xFFF)


def test_x86_64_bits_above_the_address_are_flags():
    memory = x86_64(4, 0, 0xFFFF_C000_0000_5008, 0x7008)
    memory.image.memory[0x13000 + 5 * 8 + 7] = 0x80  # no-execute
    assert memory.translate(0xFFFF_C000_0000_5008)[0] == 0x7008


def test_entry_that_is_not_present_falls_back_to_the_direct_map():
    memory = x86_64(4, 0, 0xFFFF_C000_0000_5008, 0x7008)
    assert memory.translate(0xFFFF_8800_0000_9000)[0] == 0x9000
    with pytest.raises(ReadFault, match="not mapped"):
        memory.translate(0xFFFF_EA00_0000_0000)


@pytest.mark.parametrize("pae", [False, True])
def test_i386_page_tables(pae):
    address = 0xD080_3456
    if pae:  # its entries are 8 bytes; the words here are 4, the upper halves 0
        words = {0x10018: 0x11001, 0x11000 + (address >> 21 & 511) * 8: 0x12063}
        words[0x12000 + (address >> 12 & 511) * 8] = 0x7063
    else:
        words = {0x10000 + (address >> 22) * 4: 0x12063, 0x12000 + (address >> 12 & 1023) * 4: 0x7063}
    info = "SYMBOL(swapper_pg_dir)=c0010000\n" + ("CONFIG_X86_PAE=y\n" if pae else "")
    memory = KernelMemory(Pages("i386", words, 4), VmcoreInfo(info.encode()))
    assert memory.translate(0xC000_1234)[0] == 0x1234
    assert memory.translate(address)[0] == 0x7456


@pytest.mark.parametrize(
    ("page", "bits", "tables"),
    [
        (4096, 48, {0: 39, 1: 30, 2: 21, 3: 12}),
        (65536, 48, {0: 42, 1: 29, 2: 16}),
    ],
)
def test_arm64_page_tables(page, bits, tables):
    address = (1 << 64) - (1 << bits - 1) + 0x1234_5678_9000
    per_level = (page.bit_length() - 1) - 3
    words = {}
    for number, shift in tables.items():
        table = 0x10000 * (number + 1)
        width = min(per_level, bits - shift)
        last = number == len(tables) - 1
        words[table + (address >> shift & (1 << width) - 1) * 8] = (0x90000 if last else table + 0x10000) | 3
    info = (
        f"PAGESIZE={page}\nSYMBOL(swapper_pg_dir)=ffff800010010000\nSYMBOL(_stext)=ffff800010000000\n"
        f"NUMBER(kimage_voffset)=0xffff800010000000\nNUMBER(VA_BITS)={bits}\nNUMBER(PHYS_OFFSET)=0x40000000\n"
    )
    memory = KernelMemory(Pages("aarch64", words), VmcoreInfo(info.encode()))
    assert memory.translate(address)[0] == 0x90000 + (address & page - 1)


def test_container_map_goes_before_all():
    image = Pages("x86_64", {})
    image.virtual = [Segment(0xFFFF_FFFF_8000_0000, 0x1000, 0x5000), Segment(0x1000, 0x1000, 0)]
    memory = KernelMemory(image, VmcoreInfo(b"NUMBER(phys_base)=0\n"))
    assert memory.translate(0xFFFF_FFFF_8000_0010) == (0x5010, 0xFF0)
    with pytest.raises(ReadFault):
        memory.translate(0x1000)  # user space


def test_phys_base_by_its_address():
    """Before Linux 4.10 VMCOREINFO tells where phys_base is, and the container maps the kernel."""
    image = Pages("x86_64", {0x100: 0x3000})
    image.virtual = [Segment(0xFFFF_FFFF_8100_0000, 0x1000, 0)]
    memory = KernelMemory(image, VmcoreInfo(b"SYMBOL(phys_base)=ffffffff81000100\n"))
    assert memory.translate(0xFFFF_FFFF_8000_2000)[0] == 0x5000


@pytest.mark.parametrize("address", [-1, 1 << 64, 1 << 70])
def test_addresses_that_are_none(address):
    memory = KernelMemory(Pages("x86_64", {}), VmcoreInfo(b""))
    with pytest.raises(ReadFault):
        memory.read(address, 8)


@pytest.mark.parametrize("length", [-1, 1 << 40, 1 << 63])
def test_lengths_that_are_none(length):
    with pytest.raises(ReadFault, match="not believable"):
        KernelMemory(Pages("x86_64", {}), VmcoreInfo(b"")).read(0xFFFF_8880_0000_0000, length)


def test_read_around_missing_pages():
    image = Pages("x86_64", {})
    image.memory[:] = b"x" * len(image.memory)
    image.absent = {0x2000, 0x3000}
    data, absent = KernelMemory(image, VmcoreInfo(b"")).read_around(0xFFFF_8880_0000_1F00, 0x4000)
    assert absent == 0x2000
    assert data == b"x" * 0x100 + bytes(0x2000) + b"x" * 0x1F00


def test_big_endian_words():
    image = Pages("ppc64", {})
    image.order = ">"
    image.memory[0x100:0x108] = struct.pack(">Q", 7)
    memory = KernelMemory(image, VmcoreInfo(b""))
    assert memory.word(0xC000_0000_0000_0100) == 7
    assert memory.u32(0xC000_0000_0000_0104) == 7
