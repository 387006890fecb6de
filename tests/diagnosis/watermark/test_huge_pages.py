"""Which kernels can have transparent huge pages (KERNEL.md 3.1)."""
from __future__ import annotations

import pytest

from nopage.diagnosis.watermark.huge_pages import can_have_huge_pages, huge_pages_start_on
from nopage.diagnosis.watermark.provenance import provenance
from nopage.kernel.facts import Zone
from nopage.kernel.release.parse import parse_release


@pytest.mark.parametrize(
    ("release", "zones", "can"),
    [
        ("2.6.32-754.el6.x86_64", ("DMA", "DMA32", "Normal"), True),
        ("2.6.32-754.el6.ppc64", ("DMA",), False),
        ("2.6.32-754.el6.i686", ("DMA", "Normal", "HighMem"), False),
        ("2.6.18-371.el5.x86_64", ("DMA", "DMA32", "Normal"), False),
        ("3.10.0-1062.el7.x86_64", ("DMA", "DMA32", "Normal"), True),
        ("3.10.0-1062.el7.ppc64le", ("DMA",), True),
        ("3.10.0-1062.el7.s390x", ("DMA", "Normal"), True),
        ("4.18.0-553.el8_10.aarch64", ("DMA32", "Normal"), True),
        ("3.10.0-1062.el7", ("DMA", "DMA32", "Normal"), True),
        ("3.10.0-1062.el7", ("DMA", "Normal", "HighMem"), False),
        ("5.10.0-32-686-pae", ("DMA", "Normal", "HighMem"), False),
    ],
)
def test_who_can_have_huge_pages(release: str, zones: tuple[str, ...], can: bool) -> None:
    known = parse_release(release)
    sizes = tuple(Zone(name, 0, present_pages=200000) for name in zones)
    assert can_have_huge_pages(known, sizes) is can
    assert (provenance(known, sizes, 20000).thp_kb is not None) is can
    assert provenance(known, sizes, 20000, thp="never").thp_kb is None


@pytest.mark.parametrize(
    ("release", "managed_kb", "seen", "on"),
    [
        ("3.10.0-1062.el7.x86_64", 512 << 10, False, True),
        ("3.10.0-1062.el7.x86_64", (512 << 10) - 1, True, False),
        ("2.6.18-371.el5.x86_64", 8 << 20, True, False),
        ("", 8 << 20, True, True),
        ("", 8 << 20, False, False),
    ],
)
def test_who_starts_with_them_on(release: str, managed_kb: int, seen: bool, on: bool) -> None:
    sizes = tuple(Zone(name, 0, present_pages=200000) for name in ("DMA", "DMA32", "Normal"))
    assert huge_pages_start_on(parse_release(release), sizes, managed_kb, seen=seen) is on
