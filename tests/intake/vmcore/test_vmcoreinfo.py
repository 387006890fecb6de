"""VMCOREINFO and the notes it stands in."""
from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nopage.intake.vmcore.notes import vmcoreinfo_note
from nopage.intake.vmcore.vmcoreinfo import VmcoreInfo


def test_lines_by_kind():
    info = VmcoreInfo(
        b"OSRELEASE=5.14.0-427.el9.x86_64\nPAGESIZE=65536\nSYMBOL(prb)=ffffffff8ac5bd40\nSIZE(zone)=1472\n"
        b"OFFSET(zone.free_area)=192\nLENGTH(zone.free_area)=11\nNUMBER(phys_base)=-140509184\n"
        b"NUMBER(kimage_voffset)=0xffff800010000000\nKERNELOFFSET=8600000\nCONFIG_X86_PAE=y\nCRASHTIME=1392402600"
    )
    assert info.release == "5.14.0-427.el9.x86_64"
    assert info.page_bytes == 65536
    assert info.symbols == {"prb": 0xFFFFFFFF8AC5BD40}
    assert info.sizes == {"zone": 1472}
    assert info.offsets == {"zone.free_area": 192}
    assert info.lengths == {"zone.free_area": 11}
    assert info.numbers == {"phys_base": -140509184, "kimage_voffset": 0xFFFF800010000000}
    assert info.values["CONFIG_X86_PAE"] == "y"
    assert info.crash_time == 1392402600
    assert info.warnings == []


@pytest.mark.parametrize(
    "line",
    [
        "SIZE(zone)=9223372036854775808",
        "SIZE(zone)=-1",
        "OFFSET(zone.free_area)=18446744073709551615",
        "SYMBOL(prb)=0",
        "SYMBOL(prb)=10000000000000000",
        "LENGTH(node_data)=many",
        "NUMBER(x)=99999999999999999999999999",
    ],
)
def test_lines_that_cannot_be_true(line):
    info = VmcoreInfo(line.encode())
    assert info.symbols == info.sizes == info.offsets == info.lengths == info.numbers == {}
    assert info.warnings == [f"VMCOREINFO says {line}: not believable, left out"]


@pytest.mark.parametrize("size", [b"4095", b"0", b"4096000", b"-4096", b"5000", b"x", b""])
def test_page_size_that_cannot_be_true(size):
    assert VmcoreInfo(b"PAGESIZE=" + size).page_bytes is None


def note(order: str, name: bytes, kind: int, text: bytes, claimed: int | None = None) -> bytes:
    return (
        struct.pack(order + "III", len(name), len(text) if claimed is None else claimed, kind)
        + name.ljust(len(name) + 3 & ~3, b"\0")
        + text.ljust(len(text) + 3 & ~3, b"\0")
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_vmcoreinfo_behind_other_notes(order):
    blob = note(order, b"CORE\0", 1, bytes(336)) + note(order, b"QEMU\0", 0, bytes(440))
    assert vmcoreinfo_note(blob + note(order, b"VMCOREINFO\0", 0, b"OSRELEASE=1\n"), order) == (b"OSRELEASE=1\n", False)


@pytest.mark.parametrize("claimed", [0, 1 << 31, 0xFFFFFFFF])
def test_vmcoreinfo_behind_a_damaged_note(claimed):
    blob = note("<", b"CORE\0", 1, bytes(336), claimed) + note("<", b"VMCOREINFO\0", 0, b"OSRELEASE=1\n")
    assert vmcoreinfo_note(blob, "<")[0].startswith(b"OSRELEASE=1\n")


def test_notes_of_a_process():
    blob = note("<", b"CORE\0", 1, bytes(336)) + note("<", b"CORE\0", 3, bytes(136))
    assert vmcoreinfo_note(blob, "<") == (b"", True)


@given(st.binary(max_size=300), st.sampled_from("<>"))
def test_any_notes(blob, order):
    text, _ = vmcoreinfo_note(blob, order)
    VmcoreInfo(text)


@given(st.binary(max_size=300))
def test_any_text(data):
    info = VmcoreInfo(data)
    assert all(0 < value < 1 << 64 for value in info.symbols.values())
    assert all(0 <= value < 1 << 31 for value in info.sizes.values())
