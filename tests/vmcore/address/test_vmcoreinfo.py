"""The lines of VMCOREINFO."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nopage.vmcore.address import VmcoreInfo


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


@given(st.binary(max_size=300))
def test_any_text(data):
    info = VmcoreInfo(data)
    assert all(0 < value < 1 << 64 for value in info.symbols.values())
    assert all(0 <= value < 1 << 31 for value in info.sizes.values())
