"""How large a page is, and what tells it."""
from __future__ import annotations

import pytest

from nopage.diagnosis.host import PageSize, page_size
from nopage.kernel.facts import Zone
from nopage.kernel.release import parse_release

ARM9, ARM8, ARM64K = "5.14.0-427.el9.aarch64", "4.18.0-553.el8_10.aarch64", "5.14.0-427.el9.aarch64+64k"
PPC, X86 = "5.14.0-427.el9.ppc64le", "2.6.32-358.el6.x86_64"
OTHER = "5.10.0-28-arm64"
MANAGED = (Zone("DMA", managed_pages=32768, present_pages=40000), Zone("Normal", managed_pages=65536))
PRESENT = (Zone("DMA", present_pages=100_000),)


@pytest.mark.parametrize(
    ("printed", "total_kb", "zones", "release", "size"),
    [
        ([64, 4], 98304 * 4, MANAGED, X86, PageSize(64, "report")),
        ([], 98304 * 64, MANAGED, ARM9, PageSize(64, "meminfo")),
        ([], 98304 * 4, MANAGED, ARM8, PageSize(4, "meminfo")),  # rebuilt with other pages
        ([], 98304 * 16, MANAGED, None, PageSize(16, "meminfo")),
        ([], 98304 * 64 - 700, MANAGED, ARM9, PageSize(64, "meminfo")),
        ([], 98304 * 64, MANAGED, X86, PageSize(4, "release")),
        ([], 1 << 20, MANAGED, ARM64K, PageSize(64, "release")),  # a container's meminfo
        ([], 6_100_000, PRESENT, ARM9, PageSize(64, "meminfo")),
        ([], None, (), ARM9, PageSize(4, "release")),
        ([], None, (), ARM8, PageSize(64, "release")),
        ([], None, (), ARM64K, PageSize(64, "release")),
        ([], None, (), PPC, PageSize(64, "release")),
        ([], None, (), OTHER, PageSize(4, "")),
        ([], None, (), None, PageSize(4, "")),
        ([], 0, MANAGED, None, PageSize(4, "")),
    ],
)
def test_page_size(
    printed: list[int], total_kb: int | None, zones: tuple[Zone, ...], release: str | None, size: PageSize
) -> None:
    assert page_size(printed, total_kb, zones, parse_release(release) if release else None) == size
