"""How large a page of the host is, and what told it (KERNEL.md 8.1)."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nopage.kernel.facts import Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.release import Release

REPORT: Final = "report"
MEMINFO: Final = "meminfo"
RELEASE: Final = "release"
VMCORE: Final = "vmcore"

# arch/*/Kconfig of 2.6.9 to 6.12; the architectures of one page size need no other witness
SIZES_KB: Final[dict[str, tuple[int, ...]]] = {
    "x86_64": (4,), "i386": (4,), "i486": (4,), "i586": (4,), "i686": (4,), "s390": (4,), "s390x": (4,), "armv7l": (4,),
    "aarch64": (4, 16, 64), "arm64": (4, 16, 64), "ppc": (4, 64), "ppc64": (4, 64), "ppc64le": (4, 64),
    "ia64": (4, 8, 16, 64), "loongarch64": (4, 16, 64), "mips64": (4, 16, 64), "riscv64": (4,),
}
ANY_KB: Final = (4, 16, 64)

# Red Hat's own configuration: architecture -> the generations, first and last, whose pages are so large
RED_HAT_KB: Final = (
    ("aarch64", 7, 8, 64),
    ("aarch64", 9, 99, 4),
    ("ppc64", 5, 99, 64),
    ("ppc64le", 7, 99, 64),
    ("ppc64", 4, 4, 4),
    ("ia64", 4, 5, 16),
)
EXACT: Final = 0.005  # MemTotal is the sum of managed pages; memory may come and go between reading the two files
MEMMAP: Final = 0.15  # present pages count what the kernel took for itself before it counted MemTotal


@dataclass(frozen=True, slots=True)
class PageSize:
    """`kb` is the size; `told_by` is "report", "meminfo", "release", "vmcore", or "" with 4 kB where none did."""

    kb: int = 4
    told_by: str = ""


def page_size(
    printed_kb: Iterable[int], total_kb: int | None, zones: Iterable[Zone], release: Release | None
) -> PageSize:
    """From what the host's reports print, else MemTotal over the zones' pages, else the release."""
    for size_kb in printed_kb:
        return PageSize(size_kb, REPORT)
    possible = SIZES_KB.get(release.arch or "", ANY_KB) if release else ANY_KB
    if len(possible) == 1:
        return PageSize(possible[0], RELEASE)
    measured = measured_kb(total_kb, tuple(zones), possible)
    if measured is not None:
        return PageSize(measured, MEMINFO)
    built = built_kb(release)
    return PageSize() if built is None else PageSize(built, RELEASE)


def measured_kb(total_kb: int | None, zones: tuple[Zone, ...], possible: tuple[int, ...]) -> int | None:
    """The one size for which the zones hold MemTotal; None where they contradict it, as a container's meminfo does."""
    managed = sum(zone.managed_pages or 0 for zone in zones)
    pages = managed or sum(zone.present_pages or 0 for zone in zones)
    if not total_kb or not pages:
        return None
    least = 1 - (EXACT if managed else MEMMAP)
    return next((kb for kb in possible if least <= total_kb / (pages * kb) <= 1 + EXACT), None)


def built_kb(release: Release | None) -> int | None:
    """The size that a release was built with, as far as its name tells."""
    if release is None:
        return None
    for flavour in release.flavours:
        if flavour in ("64k", "16k", "4k"):
            return int(flavour[:-1])
    if not release.exact:
        return None
    return next(
        (kb for arch, first, last, kb in RED_HAT_KB if release.arch == arch and first <= release.major <= last), None
    )
